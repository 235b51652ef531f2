"""Alternating runs in one process, their medians, and tables of ratios."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def collector(enabled: bool):
    """Python's garbage collector on or off, for the time of the block."""
    before = gc.isenabled()
    gc.collect()
    (gc.enable if enabled else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if before else gc.disable)()


def medians(runs: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median time of each of the runs in seconds, taken in turns.

    What a run returns is dropped before the next, outside its time.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            result = run()
            times[name].append(time.perf_counter() - start)
            del result
            gc.collect()
    return {name: statistics.median(measured) for name, measured in times.items()}


def allocated(run: Callable[[], Any]) -> tuple[int, Any]:
    """The bytes that are alive after the run because of it, and what it returned."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    result = run()
    size = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return size, result


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table, first column to the left and the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(columns, *rows, strict=True)]
    print(f"\n{title}\n")
    for cells in (columns, *rows):
        first, *rest = (
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        print("  " + "  ".join([first, *rest]))
