"""Nothing leaks: what is done again and again leaves no memory and no generated text behind."""

from __future__ import annotations

import gc
import linecache
import random
import sys
from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

import autograd
import nn
from autograd import Value
from autograd.table import TABLE
from tests.fuzz.minimising import smallest
from tests.fuzz.small_graphs import function_of, small_graph, text_of
from tests.interruptions import drawn as drawn_training
from tests.interruptions import parts, train
from tests.programs import Program

BLOCKS = 0.6  # what is left behind each time is a block of memory at least
WARM, REPEATS, STRETCHES = 18, 12, 40  # warm: more than the engine's caches hold


def case(seed: int) -> str | None:
    """Does something again and again; None, or a program that shows what it leaves behind."""
    rng = random.Random(seed)
    graph = small_graph(rng, 8)
    names = list(TASKS)
    name = names[seed % len(names)]
    failure = wrong(graph, name, seed)
    if failure is None:
        return None
    graph = smallest(graph, lambda smaller: wrong(smaller, name, seed))
    return (
        "import autograd\nfrom tests.fuzz import memory\n"
        f"{text_of(graph)}\n"
        f"print(memory.left(f, {graph.inputs!r}, {name!r}, {seed}))  # {failure}\n"
    )


def wrong(graph: Program, name: str, seed: int) -> str | None:
    """What doing something again and again leaves behind, in words; None if it is nothing."""
    blocks, texts = left(function_of(graph), graph.inputs, name, seed)
    if texts > 0:
        return f"{name} leaves {texts:.1f} generated texts each time"
    return f"{name} leaves {blocks:.1f} blocks of memory each time" if blocks >= BLOCKS else None


def left(
    function: Callable[..., Any], inputs: tuple[float, ...], name: str, seed: int
) -> tuple[float, float]:
    """The blocks of memory and the generated texts that each repetition leaves behind.

    Caches of Python and of libraries fill up: what counts is the best of several stretches, and the
    first that leaves nothing is enough.
    """
    task = TASKS[name](function, inputs, seed)
    for _ in range(WARM):
        task()
    best = inf, inf
    for stretch in range(STRETCHES):
        before = _state()
        for _ in range(REPEATS):
            task()
        after = _state()
        found = [(now - then) / REPEATS for now, then in zip(after, before, strict=True)]
        best = min(best[0], found[0]), min(best[1], found[1])
        if (best[1] <= 0 and best[0] < BLOCKS) or (best[1] > 0 and stretch > 4):
            break
    return best


def _state() -> tuple[int, int]:
    gc.collect()
    generated = sum(file.startswith("<autograd ") for file in linecache.cache)
    return sys.getallocatedblocks(), generated


# --- What is done again and again -----------------------------------------------------------------

Function = Callable[..., Any]


def graphs(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    leaves = [Value(x) for x in inputs]

    def run() -> None:
        function(*leaves).backward()
        for leaf in leaves:
            leaf.zero_grad()

    return run


def programs(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    lanes = [np.linspace(x, x + 1.0, 7) for x in inputs]

    def run() -> None:
        program = autograd.compile(function, len(inputs))
        program(*inputs)
        program(*lanes)
        program(*[lane.astype(np.float32) for lane in lanes])
        assert program.source

    return run


def one_program(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    program = autograd.compile(function, len(inputs))
    rng = np.random.default_rng(seed)

    def run() -> None:
        program(*inputs)
        size = int(rng.integers(1, 50))
        program(*[rng.normal(x, 0.1, size) for x in inputs])

    return run


def derivatives(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    numbers = list(inputs)

    def run() -> None:
        autograd.grad(lambda v: function(*v))(numbers)
        autograd.hessian(lambda v: function(*v))(numbers)
        autograd.jvp(lambda v: function(*v), [numbers], [[1.0] * len(numbers)])

    return run


def pictures(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    def run() -> None:
        leaves = [Value(x, label=f"x{i}") for i, x in enumerate(inputs)]
        output = function(*leaves)
        output.backward()
        assert autograd.draw(output).source
        assert str(autograd.explain(output, leaves[0]))

    return run


def operations(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    def run() -> None:
        own = autograd.operation("cubed_again", lambda m, x: x * x * x, lambda m, x, y: 3.0 * x * x)
        try:
            own(function(*map(Value, inputs))).backward()
            autograd.compile(lambda x: own(x) * x)(2.0)
        finally:
            autograd.extension.remove("cubed_again")  # type: ignore[attr-defined]
        assert "cubed_again" not in TABLE

    return run


def trainings(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    kind = drawn_training(random.Random(seed))

    def run() -> None:
        made = parts(kind)
        train(kind, made)
        twin = parts(kind, 1)
        for name, part in made.items():
            twin[name].load_state_dict(part.state_dict())

    return run


def steps(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    model = nn.MLP(2, [3, 1], rng=0, dropout=0.2)
    optimiser = nn.Adam(model.parameters())
    batches = nn.Batches(([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], [1, -1, 1]), 2, rng=0)

    def run() -> None:
        nn.fit(model, batches, nn.hinge, optimiser, max_steps=5, compiled=bool(seed % 2),
               progress=False)  # fmt: skip

    return run


def anomalies(function: Function, inputs: tuple[float, ...], seed: int) -> Callable[[], Any]:
    def run() -> None:
        try:
            with autograd.detect_anomaly():
                function(*map(Value, inputs)).backward()
                autograd.log(Value(-1.0))
        except autograd.AnomalyError:
            pass

    return run


TASKS: dict[str, Callable[[Function, tuple[float, ...], int], Callable[[], Any]]] = {
    task.__name__: task
    for task in (
        graphs, programs, one_program, derivatives, pictures, operations, trainings, steps,
        anomalies,
    )
}  # fmt: skip
