"""Large graphs, evaluated again with their gradient, beside the peers that compile expressions.

    python -m tests.benchmarks.graphs

A graph is a function of its inputs and of what an engine calls relu and tanh. Every engine records
the same operations. A peer that takes more than some minutes for a graph is left out there.
"""

from __future__ import annotations

import gc
import importlib.util
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiled.large.sweep import Sweep
from autograd.compiled.native.compiler import is_available
from autograd.compiled.native.interpreted import Interpreter
from autograd.compiled.taping import tape_of_graph
from autograd.graph.order import topological_order
from tests.benchmarks.measure import medians, table
from tests.benchmarks.moons import ALPHA, SIZES, X, Y, weights


class Engine(NamedTuple):
    """What a graph is written with."""

    relu: Callable[[Any], Any]
    tanh: Callable[[Any], Any]


def moons(parameters: Sequence[Any], engine: Engine) -> Any:
    """micrograd's network on 100 points, with operators."""
    losses = []
    for point, label in zip(X, Y, strict=True):
        values: list[Any] = list(point)
        start = 0
        for index, size in enumerate(SIZES):
            nets = []
            for _ in range(size):
                row = parameters[start : start + len(values) + 1]
                start += len(row)
                total = row[-1]
                for w, x in zip(row, values, strict=False):
                    total = total + w * x
                nets.append(total)
            values = nets if index == len(SIZES) - 1 else [engine.relu(net) for net in nets]
        losses.append(engine.relu(1 + -label * values[0]))
    return added(losses) * (1.0 / len(losses)) + ALPHA * added([p * p for p in parameters])


def mixed(inputs: Sequence[Any], engine: Engine, count: int = 55_000) -> Any:
    """Operations on earlier results, recent ones more often; what nobody uses is added up."""
    source = random.Random(0)
    nodes = list(inputs)
    unused = dict.fromkeys(range(len(nodes)))
    while len(nodes) < count:
        i, j = (int(len(nodes) * source.random() ** 0.5) for _ in range(2))
        kind = source.randrange(8)
        x, y = nodes[i], nodes[j]
        if kind == 0:
            nodes.append(engine.tanh(x))
        else:
            nodes.append(x * y if kind < 3 else x + y if kind < 6 else x - y)
            unused.pop(j, None)
        nodes[-1] = nodes[-1] * 0.5  # keeps the numbers small
        unused.pop(i, None)
        unused[len(nodes) - 1] = None
    return added([nodes[index] * 0.001 for index in unused])


def chain(inputs: Sequence[Any], engine: Engine, length: int) -> Any:
    """One operation after the other."""
    x, w = inputs
    y = x
    for _ in range(length // 2):
        y = y * w + 0.001
    return y


def added(terms: Sequence[Any]) -> Any:
    """The sum, one term after the other."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def numbers_of(name: str) -> list[float]:
    """The inputs of a graph."""
    if name == "moons":
        return [p for layer in weights() for row, bias in layer for p in [*row, bias]]
    return (
        np.random.default_rng(0).uniform(-1, 1, 100).tolist() if name == "mixed" else [0.5, 0.999]
    )


Graph = Callable[[Sequence[Any], Engine], Any]
GRAPHS: dict[str, tuple[str, Graph]] = {
    "moons": ("moons", moons),
    "mixed, 100,000 nodes": ("mixed", mixed),
    "chain, 10,000 nodes": ("chain", lambda inputs, engine: chain(inputs, engine, 10_000)),
    "chain, 1,000,000 nodes": ("chain", lambda inputs, engine: chain(inputs, engine, 1_000_000)),
}
# What takes minutes, or more memory than there is: ddx-ad's compiler, in a chain.
LEFT_OUT = {
    ("ddx-ad compiled", "chain, 1,000,000 nodes"),
    ("ddx-ad compiled", "mixed, 100,000 nodes"),
}


def casadi_run(casadi: Any, graph: Graph, numbers: Sequence[float]) -> Callable[[], Any]:
    """The graph as a function of CasADi's virtual machine."""
    symbols = casadi.SX.sym("x", len(numbers))
    engine = Engine(lambda x: casadi.fmax(x, 0.0), casadi.tanh)
    output = graph([symbols[i] for i in range(len(numbers))], engine)
    function = casadi.Function("f", [symbols], [output, casadi.gradient(output, symbols)])
    point = casadi.DM(numbers)
    return lambda: function(point)


def ddx_run(ddx: Any, graph: Graph, numbers: Sequence[float]) -> Callable[[], Any]:
    """The graph as ddx-ad's machine code, in buffers."""

    def model() -> Any:
        symbols = [ddx.var(f"x{i}") for i in range(len(numbers))]
        return graph(symbols, Engine(lambda x: ddx.max(x, 0.0), ddx.tanh))

    call = ddx.equation(model).compile().buffer(np.array(numbers))

    def run() -> Any:
        call()
        return call.value, call.jacobian

    return run


def later_runs() -> None:
    """Nanoseconds a node of a run after the first, with and without LLVM, and of the peers.

    In turns with the others each finds the processor's caches full of what is not its own; in a row
    it finds what it left there.
    """
    engine = Engine(autograd.relu, autograd.tanh)
    for title, (name, graph) in GRAPHS.items():
        numbers = numbers_of(name)
        leaves = [Value(x) for x in numbers]
        output = graph(leaves, engine)
        nodes = len(topological_order([output]))
        tape = tape_of_graph(output, leaves, None)
        ways: dict[str, Any] = {"program without LLVM": Sweep(tape)}
        if is_available(asked=False):
            ways = {"program": Interpreter(tape)} | ways
        runs = {way: lambda run=run, numbers=numbers: run(*numbers) for way, run in ways.items()}
        expected = np.hstack([output.data, autograd.gradients(output, leaves)])
        del output, leaves, tape
        for module, peer, make in (
            ("casadi", "CasADi", casadi_run),
            ("ddx", "ddx-ad compiled", ddx_run),
        ):
            if importlib.util.find_spec(module) and (peer, title) not in LEFT_OUT:
                runs[peer] = make(importlib.import_module(module), graph, numbers)
        for way, run in runs.items():
            found = np.hstack([np.ravel(np.asarray(part)) for part in run()])
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-12), way
        ours = next(iter(runs))
        rows = [[way] for way in runs]
        for taken in (medians(runs, 15), in_a_row(runs)):
            for row in rows:
                seconds = taken[row[0]]
                row += [f"{seconds / nodes * 1e9:.1f}", f"{seconds / taken[ours]:.2f}"]
        columns = ["", "in turns, ns a node", "× program", "in a row, ns a node", "× program"]
        table(f"{title}: {nodes:,} nodes, later runs", columns, rows)
        gc.collect()


def in_a_row(runs: Mapping[str, Callable[[], Any]]) -> dict[str, float]:
    """The median time of each of the runs in seconds, of runs one after the other."""
    taken = {}
    for way, run in runs.items():
        times = []
        while len(times) < 5 or (sum(times) < 0.2 and len(times) < 1000):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        taken[way] = statistics.median(times)
    return taken


def starts() -> None:
    """Seconds and memory to compile and run graphs of growing size, with and without LLVM.

    Each is measured in a process of its own, as memory that a process once had it keeps.
    """
    rows = []
    for nodes in (1_000, 10_000, 100_000, 1_000_000):
        for way in ["program", "without LLVM"] if is_available(asked=False) else ["without LLVM"]:
            row = [f"{nodes:,}", way]
            for shape in SHAPES:
                run = [sys.executable, "-m", "tests.benchmarks.graphs", str(nodes), way, shape]
                row += subprocess.run(
                    run, check=True, capture_output=True, text=True
                ).stdout.split()
            rows.append(row)
    columns = ["first, s", "MB", "later, ns a node"]
    columns = ["nodes", "", *columns, *(f"{SHAPES[1]}: {columns[0]}", *columns[1:])]
    table("Graphs of growing size", columns, rows)


RESET = Path("/proc/self/clear_refs")
SHAPES = ("sum of tanh of products", "chain")


def start(nodes: int, way: str, shape: str) -> None:
    """Prints seconds and MB to compile and first run a graph, and nanoseconds a node after that."""
    x = [Value(0.01 * i) for i in range(1, 101)]
    if shape == "chain":
        x = x[:2]
        output = chain(x, Engine(autograd.relu, autograd.tanh), nodes)
    else:
        output = added([autograd.tanh(x[i % 100] * x[7 * i % 100]) for i in range(nodes // 3)])
    numbers = [leaf.data for leaf in x]
    gc.collect()
    if RESET.exists():
        RESET.write_text("5")  # what it had at most is what it has now
    before = memory("VmRSS")
    begin = time.perf_counter()
    if way == "program":
        run: Any = autograd.compile(output, x)
    else:
        run = Sweep(tape_of_graph(output, x, None))
    run(*numbers)
    first = time.perf_counter() - begin
    grown = memory("VmHWM") - before
    later = medians({"": lambda: run(*numbers)}, 5)[""]
    print(f"{first:.2f} {grown:.0f} {later / nodes * 1e9:.0f}")


def memory(name: str) -> float:
    """The memory in MB that this process has ("VmRSS"), or had at most ("VmHWM").

    What Python knows, the latter alone, may be of the process that started this one.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(x for x in status.read_text().splitlines() if x.startswith(name))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Both."""
    later_runs()
    starts()


if __name__ == "__main__":
    if sys.argv[1:]:
        start(int(sys.argv[1]), *sys.argv[2:])
    else:
        main()
