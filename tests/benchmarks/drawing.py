"""Times of drawings of a leaf that is used at many steps: `python -m tests.benchmarks.drawing`.

Each graph is drawn as it is now, and as it was before leaves were drawn again beside their uses.
Times are of Graphviz, in seconds, the median of three; what takes longer than `LIMIT` is given up.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from unittest import mock

from autograd import Value
from autograd.drawing import dot, draw, render, repeating
from autograd.drawing.render import rendered
from tests.benchmarks.measure import table
from tests.drawn import FAMILIES

SIZES = (25, 50, 75, 100, 150)
LIMIT = 60.0  # seconds


@contextmanager
def as_before() -> Iterator[None]:
    """Pictures as they were: every node once, from left to right."""
    with mock.patch.object(repeating, "LONG", inf), mock.patch.object(dot, "DEEP", inf):
        yield


def seconds(source: str, rounds: int) -> str:
    """How long Graphviz takes."""
    times = []
    with mock.patch.object(render, "LONGEST", LIMIT):
        for _ in range(rounds):
            start = time.perf_counter()
            try:
                rendered(source, "svg")
            except RuntimeError:
                return f"> {LIMIT:g}"
            times.append(time.perf_counter() - start)
            if times[0] > 1:
                break
    return f"{statistics.median(times):.2f}"


def pair(output: Value) -> tuple[str, str]:
    """How long the drawing of an output took before, and takes now."""
    output.backward()
    with as_before():
        before = draw(output).source
    return seconds(before, 3), seconds(draw(output).source, 3)


def main() -> None:
    """Prints a row for each family: before and now, for each number of nodes."""
    rows = []
    for name, family in FAMILIES.items():
        pairs = [pair(family(size)) for size in SIZES]
        rows.append([name, "before", *(before for before, _ in pairs)])
        rows.append(["", "now", *(now for _, now in pairs)])
    table("Seconds that a drawing takes", ["family", "", *map(str, SIZES)], rows)


if __name__ == "__main__":
    main()
