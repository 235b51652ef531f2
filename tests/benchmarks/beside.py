"""This engine beside another revision, in one process: `python -m tests.benchmarks.beside REV`.

The packages of both are loaded under the same names, and each task runs with those of its own. A
ratio is the other revision's time by this one's: 1.1 is a tenth faster, 0.9 a tenth slower.
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.benchmarks.measure import collector, medians, table

ROOT = Path(__file__).parents[2]
OWN = ("autograd", "nn")
ROUNDS, REPEATS = 21, 5

Task = Callable[[], Any]


class World:
    """The packages of one checkout.

    Args:
        root: Its folder.
    """

    def __init__(self, root: Path) -> None:
        self.modules: dict[str, ModuleType] = {}
        self.root = str(root)
        with self.active():
            self.autograd = importlib.import_module("autograd")
            self.nn = importlib.import_module("nn")
        assert str(self.autograd.__file__).startswith(self.root)

    @contextmanager
    def active(self) -> Iterator[None]:
        """What is imported in the block, now or later, is of this checkout."""
        others = {name: module for name, module in sys.modules.items() if _is_own(name)}
        _replace(self.modules)
        sys.path.insert(0, self.root)
        try:
            yield
        finally:
            sys.path.remove(self.root)
            self.modules = {n: m for n, m in sys.modules.items() if _is_own(n)}
            _replace(others)

    def run(self, task: Task) -> Task:
        """The task in this world."""

        def active() -> Any:
            with self.active():
                return task()

        return active


def _is_own(name: str) -> bool:
    return name.partition(".")[0] in OWN


def _replace(modules: dict[str, ModuleType]) -> None:
    for name in [name for name in sys.modules if _is_own(name)]:
        del sys.modules[name]
    sys.modules.update(modules)


def tasks(autograd: Any, nn: Any) -> dict[str, Task]:
    """What is timed, by name; each takes some milliseconds."""
    import numpy as np

    value_class = autograd.Value
    xs = [[0.1 * i, 1 - 0.05 * i] for i in range(20)]
    nodes = [[value_class(x) for x in row] for row in xs]
    model = nn.MLP(2, [16, 16, 1], activation="relu", rng=0)

    def operators() -> None:
        w = [value_class(0.1 * i) for i in range(20)]
        total = value_class(0.0)
        for _ in range(40):
            for a, b in pairwise(w):
                total = total + (a * b - b / 3.0) ** 2 + (a * 0.5).tanh() + b.exp().relu()
        total.backward()

    def network() -> None:
        loss = autograd.sum([model(row) for row in nodes])
        loss.backward()

    def hessian() -> None:
        autograd.hessian(lambda v: autograd.sum([autograd.tanh(x * x) * v[0] for x in v]))(
            xs[3] * 4
        )

    leaves = [value_class(0.1 * i) for i in range(12)]
    small = nn.MLP(2, [4, 1], activation="sigmoid", rng=0)
    recorded = autograd.mse(small(leaves[:2]), [0.3])
    inputs = [*leaves[:2], *small.parameters()]
    program = autograd.compile(recorded, inputs)
    numbers = [x.data for x in inputs]
    lanes = [np.linspace(0.0, 1.0, 100), np.linspace(1.0, 0.0, 100)]
    many = [np.linspace(0.0, 1.0, 100_000), np.linspace(1.0, 0.0, 100_000)]

    def on_floats() -> None:
        for _ in range(1000):
            program(*numbers)

    def on_lanes() -> None:
        for _ in range(50):
            program(*lanes, *numbers[2:])

    def on_many_lanes() -> None:
        program(*many, *numbers[2:])

    def compiled() -> None:
        fresh = autograd.compile(recorded, inputs)
        fresh(*numbers)
        fresh(*lanes, *numbers[2:])

    return {
        "operators, forward + backward": operators,
        "network of nn, forward + backward": network,
        "hessian": hessian,
        "program on floats": on_floats,
        "program on 100 lanes": on_lanes,
        "program on 100,000 lanes": on_many_lanes,
        "compile, first results": compiled,
    }


def main(revision: str) -> None:
    """Prints a table of ratios; of each the median of a few whole comparisons."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["git", "archive", revision, "autograd", "nn"]
        archive = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "-xf", "-", "-C", folder], input=archive.stdout, check=True)
        worlds = {"now": World(ROOT), "before": World(Path(folder))}
        named = {name: {} for name in worlds}
        for name, world in worlds.items():
            with world.active():
                named[name] = tasks(world.autograd, world.nn)
        rows = []
        for task in named["now"]:
            runs = {name: world.run(named[name][task]) for name, world in worlds.items()}
            with collector(False):
                found = [medians(runs, ROUNDS) for _ in range(REPEATS)]
            ratio = statistics.median(times["before"] / times["now"] for times in found)
            middle = {name: statistics.median(times[name] for times in found) for name in worlds}
            cells = [f"{middle[name] * 1e3:.2f}" for name in ("before", "now")]
            rows.append([task, *cells, f"{ratio:.2f}"])
        table(f"Beside {revision}", ["task", "before, ms", "now, ms", "ratio"], rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
