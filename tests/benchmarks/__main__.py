"""Speed and memory beside those peers that are installed: `python -m tests.benchmarks`.

Ratios are of medians of alternating runs in one process; single times move with the machine.
"""

from __future__ import annotations

import importlib.util
from typing import Any

from autograd import Value
from autograd.graph.order import topological_order
from tests.benchmarks import graphs, programs
from tests.benchmarks.measure import allocated, collector, medians, table
from tests.benchmarks.moons import (
    MicrogradNetwork,
    MicrogradTraining,
    OurNetwork,
    ScalarProgram,
    Training,
    check_same,
    check_same_training,
)

ROUNDS = 15


def moons() -> None:
    """The moons step, as operators and through `nn`, with the collector on and off."""
    pairs: dict[str, tuple[Any, Any]] = {"operators": (ScalarProgram(Value), None)}
    pairs["nn"] = (OurNetwork(), None)
    if importlib.util.find_spec("micrograd"):
        engine = importlib.import_module("micrograd.engine")
        network = importlib.import_module("micrograd.nn")
        pairs["operators"] = (pairs["operators"][0], ScalarProgram(engine.Value))
        pairs["nn"] = (pairs["nn"][0], MicrogradNetwork(network))
        for ours, theirs in pairs.values():
            check_same(ours, theirs)
    else:
        print("micrograd is not installed (pip install micrograd): no ratios")
    rows = []
    for enabled, state in ((True, "on"), (False, "off")):
        with collector(enabled):
            for name, (ours, theirs) in pairs.items():
                runs = {"ours": ours.step} | ({"theirs": theirs.step} if theirs else {})
                taken = medians(runs, ROUNDS)
                peer = taken.get("theirs")
                rows.append(
                    [
                        name,
                        state,
                        f"{taken['ours'] * 1e3:.1f}",
                        f"{peer * 1e3:.1f}" if peer else "—",
                        f"{peer / taken['ours']:.1f}" if peer else "—",
                    ]
                )
    columns = ["moons step, forward + backward", "collector", "ours ms", "micrograd ms", "ratio"]
    table("MLP 2-16-16-1 on 100 points", columns, rows)


def training() -> None:
    """A training step on the moons, and a whole training: eager and compiled."""
    ours = {"eager": Training(compiled=False), "compiled": Training(compiled=True)}
    runs: dict[str, Any] = {name: each.step for name, each in ours.items()}
    if importlib.util.find_spec("micrograd"):
        theirs = importlib.import_module("micrograd.nn")
        for each in ours.values():
            check_same_training(each, MicrogradTraining(theirs))
        runs["micrograd"] = MicrogradTraining(theirs).step
    taken = medians(runs, ROUNDS)
    steps = 100
    for name, each in ours.items():
        taken[f"{name}, fit of {steps} steps, each"] = (
            medians({"": lambda each=each: each.fit(steps)}, 3)[""] / steps
        )
    peer = taken.pop("micrograd", None)
    rows = [
        [name, f"{time * 1e3:.2f}", f"{peer / time:.0f}" if peer else "—"]
        for name, time in taken.items()
    ]
    if peer:
        rows.append(["micrograd", f"{peer * 1e3:.2f}", "1"])
    columns = ["gradient of hinge and L2, SGD", "ms", "× micrograd"]
    table("A training step: MLP 2-16-16-1 on 100 points", columns, rows)


def memory() -> None:
    """Bytes a node of the moons graph, after the forward pass and after the backward pass."""
    program = ScalarProgram(Value)
    size, loss = allocated(program.forward)
    nodes = len(topological_order([loss]))
    grown, _ = allocated(loss.backward)
    table(
        "Memory of the operators' graph",
        ["after", "nodes", "bytes a node"],
        [
            ["forward", f"{nodes:,}", f"{size / nodes:.0f}"],
            ["backward", f"{nodes:,}", f"{(size + grown) / nodes:.0f}"],
        ],
    )


def growth() -> None:
    """Time a node of one deep chain and of one wide graph, small and large."""

    def chain(length: int) -> Value:
        y = x = Value(1.0)
        for _ in range(length // 2):
            y = y * 0.999 + x
        y.backward()
        return y

    def rows_of(length: int) -> Value:
        xs = [Value(float(i)) for i in range(100)]
        total = Value(0.0)
        for i in range(length // 2):
            total = total + xs[i % 100] * xs[(7 * i) % 100]
        total.backward()
        return total

    rows = []
    for name, build in (("chain", chain), ("wide", rows_of)):
        for enabled, state in ((True, "on"), (False, "off")):
            with collector(enabled):
                small = medians({"": lambda build=build: build(10_000)}, 40)[""] / 10_000
                large = medians({"": lambda build=build: build(1_000_000)}, 5)[""] / 1_000_000
            rows.append(
                [name, state, f"{small * 1e9:.0f}", f"{large * 1e9:.0f}", f"{large / small:.2f}"]
            )
    columns = ["graph", "collector", "ns a node, 10,000", "ns a node, 1,000,000", "ratio"]
    table("Growth, forward + backward", columns, rows)


if __name__ == "__main__":
    moons()
    training()
    memory()
    growth()
    programs.main()
    graphs.main()
