"""Threads that share programs, leaves and tables: every number is the one of a single thread."""

from __future__ import annotations

import contextlib
import random
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

import autograd
from autograd import Value
from autograd.operators import Operators
from autograd.table import TABLE
from tests.fuzz.minimising import smallest
from tests.fuzz.small_graphs import function_of, small_graph, text_of
from tests.programs import Program

THREADS = 6
ROUNDS = 4


def case(seed: int) -> str | None:
    """Runs tasks in threads at once; None, or a program that shows which gave another result."""
    rng = random.Random(seed)
    graph = small_graph(rng, 8)
    names = rng.sample(list(TASKS), rng.randint(1, 3))
    failure = wrong(graph, names, seed)
    if failure is None:
        return None
    for name in names:  # minimised: a task alone, if that is wrong as well
        if wrong(graph, [name], seed) is not None:
            names = [name]
    graph = smallest(graph, lambda smaller: wrong(smaller, names, seed))
    return (
        "import autograd\nfrom tests.fuzz import threads\n"
        f"{text_of(graph)}\n"
        f"print(threads.of_function(f, {graph.inputs!r}, {names!r}, {seed}))  # {failure}\n"
    )


def wrong(graph: Program, names: list[str], seed: int) -> str | None:
    """Which of some tasks gives in threads at once what it does not give alone."""
    return of_function(function_of(graph), graph.inputs, names, seed)


def of_function(
    function: Callable[..., Any], inputs: tuple[float, ...], names: list[str], seed: int
) -> str | None:
    """The same for any function of Values."""
    tasks = {name: TASKS[name](function, inputs, seed) for name in names}
    expected = {name: _result(task) for name, task in tasks.items()}
    found: list[tuple[str, str]] = []
    barrier = threading.Barrier(THREADS)

    def work(number: int) -> None:
        barrier.wait()
        for step in range(ROUNDS):
            name = names[(number + step) % len(names)]
            found.append((name, _result(tasks[name])))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            if thread.is_alive():
                return f"{names}: a thread hangs"
    finally:
        sys.setswitchinterval(before)
    for name, result in found:
        if result != expected[name]:
            return f"{name}: {result:.150} in a thread, {expected[name]:.150} alone"
    if len(found) != THREADS * ROUNDS:
        return f"{names}: a thread ended early"
    return None


def _result(task: Callable[[], Any]) -> str:
    try:
        return repr(task())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# --- Tasks, each of which can be done at once by several threads ----------------------------------

Function = Callable[..., Any]


def on_floats(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """A shared program, run on floats."""
    program = autograd.compile(function, len(inputs))
    return lambda: program(*inputs)


def on_arrays(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """A shared program, run on arrays, in blocks that are used again."""
    program = autograd.compile(function, len(inputs))
    rng = np.random.default_rng(seed)
    lanes = [rng.normal(x, 0.1, 300) for x in inputs]

    def run() -> Any:
        values, gradients = program(*lanes)
        return values.tolist(), [np.asarray(g).tolist() for g in gradients]

    return run


def by_executor(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """A shared program whose blocks an executor runs, of more than one block."""
    program = autograd.compile(function, len(inputs))
    rng = np.random.default_rng(seed)
    lanes = [rng.normal(x, 0.1, 20_000) for x in inputs]

    def run() -> Any:
        with ThreadPoolExecutor(2) as executor:
            values, gradients = program(*lanes, executor=executor)
        return values.sum(), [float(np.sum(g)) for g in gradients]

    return run


def first_results(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """One program, whose code is made when it is first run, and that in all threads."""
    program = autograd.compile(function, len(inputs))
    fresh = [program.using("numpy") for _ in range(THREADS * ROUNDS)]
    lanes = [np.linspace(x, x + 1, 5) for x in inputs]

    def run() -> Any:
        values, gradients = (fresh.pop() if fresh else program)(*lanes)
        return values.tolist(), [np.asarray(g).tolist() for g in gradients]

    return run


def shared_leaves(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """Graphs on the same leaves, each thread its own, with gradients as numbers."""
    leaves = [Value(x) for x in inputs]
    return lambda: autograd.gradients(function(*leaves), leaves)


def shared_graph(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """The gradients of one recorded graph."""
    leaves = [Value(x) for x in inputs]
    output = function(*leaves)
    return lambda: autograd.gradients(output, leaves)


def recorded(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """Functions of gradients, each recorded anew."""
    return lambda: autograd.hessian(lambda v: function(*v))(list(inputs))


def compiling(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """Programs that are made at the same time."""
    return lambda: autograd.compile(function, len(inputs))(*inputs)


def new_lengths(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """Sums of many, for which code of a new length is generated."""
    size = 5 + seed % 290
    leaves = [Value(0.01 * i + x) for i in range(size) for x in inputs[:1]]

    def run() -> Any:
        for name in ("sum", "logsumexp", "dot", "prod"):
            groups = [leaves] * len(TABLE[name].groups)
            node = getattr(autograd, name)(*groups)
            yield node.data, autograd.gradients(node, leaves[:3])

    return lambda: list(run())


def anomalies(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """A context that concerns its own thread only."""

    def run() -> Any:
        seen = []
        with autograd.detect_anomaly(), contextlib.suppress(autograd.AnomalyError):
            seen.append((Value(2.0) * 3.0).data)
            autograd.log(Value(-1.0))
            seen.append("no error")
        return seen, autograd.log(Value(-1.0)).data

    return run


_registering = threading.Lock()


def registering(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    """Operations that come and go, one at a time, while others compute."""

    def run() -> Any:
        with _registering:
            name = "cubed_in_a_thread"
            cubed = autograd.operation(name, lambda m, x: x * x * x, lambda m, x, y: 3.0 * x * x)
            x = Value(2.0)
            result = cubed(x).data, autograd.gradients(cubed(x), [x])
            autograd.extension.remove(name)  # type: ignore[attr-defined]
            return result, name in TABLE or hasattr(Operators, name)

    return run


TASKS: dict[str, Callable[[Function, tuple[float, ...], int], Callable[[], Any]]] = {
    task.__name__: task
    for task in (
        on_floats, on_arrays, by_executor, first_results, shared_leaves, shared_graph, recorded,
        compiling, new_lengths, anomalies, registering,
    )
}  # fmt: skip
