"""Looks for failures at random: `python -m tests.fuzz [--minutes N] [--seed S] [KIND …]`.

Each kind is a module here with a function `case(seed)`, which returns None or a program of a few
lines that shows what went wrong, minimised. The kinds share the time; the same seed gives the same
cases, in the same order, as far as the time goes. The exit code is 1 if a case failed.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
import warnings
from collections.abc import Callable
from typing import NamedTuple

import tests.fuzz
from tests.benchmarks.measure import table

Case = Callable[[int], str | None]


class Found(NamedTuple):
    """What the cases of one kind came to."""

    cases: int
    failures: int
    seconds: float
    slowest: float


def kinds() -> dict[str, Case]:
    """The kinds of cases, by the names of their modules."""
    found = {}
    for module in pkgutil.iter_modules(tests.fuzz.__path__):
        if not module.name.startswith(("__", "test_")):
            case = getattr(importlib.import_module(f"tests.fuzz.{module.name}"), "case", None)
            if case is not None:
                found[module.name] = case
    return found


def searched(name: str, case: Case, seconds: float, seed: int) -> Found:
    """Runs cases for some time, one at least, and prints each failure."""
    start, slowest, cases, failures = time.perf_counter(), 0.0, 0, 0
    while not cases or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        failure = case(seed + cases)
        slowest = max(slowest, time.perf_counter() - before)
        if failure is not None:
            failures += 1
            print(f"\n# {name}, seed {seed + cases}\n{failure}", flush=True)
        cases += 1
    return Found(cases, failures, time.perf_counter() - start, slowest)


def main(arguments: list[str]) -> int:
    """Runs the kinds of cases that are asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for all kinds together")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first case")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(kinds()))
    given = parser.parse_args(arguments)
    chosen = {
        name: case for name, case in kinds().items() if name in given.kinds or not given.kinds
    }
    unknown = sorted(set(given.kinds) - set(chosen))
    if unknown:
        parser.error(f"there is no kind {unknown[0]!r}; choose of {', '.join(kinds())}")
    warnings.simplefilter("ignore")  # of numbers that are too large, which random ones may be
    found = {
        name: searched(name, case, 60 * given.minutes / len(chosen), given.seed)
        for name, case in chosen.items()
    }
    rows = [
        [name, f"{each.cases:,}", str(each.failures), f"{each.seconds:.0f}", f"{each.slowest:.1f}"]
        for name, each in found.items()
    ]
    table(f"From seed {given.seed}", ["kind", "cases", "failures", "s", "slowest, s"], rows)
    return int(any(each.failures for each in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
