"""How long the first calls of an operation take on ragged data, whose lengths are all new.

    python -m tests.benchmarks.lengths

Milliseconds of the processor that a call takes, forward and backward, over 200 lengths: the first
of each length, the later ones, and all of a hundred, among which is the one that writes code for
its length.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd import Value
from tests.benchmarks.measure import table

LENGTHS = range(2, 202)
CALLS = 100
OPERATIONS: dict[str, Callable[[Sequence[Value]], Any]] = {
    "sum": autograd.sum,
    "dot": lambda values: autograd.dot(values, values),
    "prod": autograd.prod,
    "logsumexp": autograd.logsumexp,
}


def milliseconds(run: Callable[[], Any]) -> float:
    """How long the processor works for a run."""
    start = time.process_time()
    run()
    return 1e3 * (time.process_time() - start)


def main() -> None:
    """Prints the table."""
    rows = []
    for name, operation in OPERATIONS.items():
        calls: list[list[float]] = []
        for length in LENGTHS:
            values = [Value(1.0 + 0.001 * i) for i in range(length)]
            run = lambda values=values, operation=operation: operation(values).backward()  # noqa: E731
            calls.append([milliseconds(run) for _ in range(CALLS)])
        first = statistics.mean(taken[0] for taken in calls)
        later = statistics.mean(statistics.median(taken[CALLS // 2 :]) for taken in calls)
        every = statistics.mean(map(statistics.mean, calls))
        rows.append(
            [
                name,
                f"{first:.2f}",
                f"{max(t[0] for t in calls):.2f}",
                f"{later:.2f}",
                f"{every:.2f}",
            ]
        )
    columns = ["ms a call", "first", "slowest first", "later", f"all of {CALLS}"]
    table(f"{len(LENGTHS)} lengths, {LENGTHS[0]} to {LENGTHS[-1]}", columns, rows)


if __name__ == "__main__":
    main()
