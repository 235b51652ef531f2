"""Random tests for as long as one likes: `python -m tests.fuzz [--minutes N] [--seed S]`.

Each kind of case is a module here with a function `case(seed)`. It returns None, or the text of a
short program that shows what went wrong, already minimised.

    python -m tests.fuzz                         a minute of all kinds
    python -m tests.fuzz --kinds differential    one kind
    python -m tests.fuzz --planted               how long it takes to find a fault in each pass
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

from tests.fuzz.planted import FAULTS, planted

HERE = Path(__file__).parent
KINDS = sorted(path.stem for path in HERE.glob("*.py") if "\ndef case(" in path.read_text("utf-8"))


def run(kinds: list[str], seconds: float, first: int) -> tuple[Counter[str], list[str]]:
    """Runs cases of each kind in turn, each for an equal share of the time.

    Args:
        kinds: The names of the modules.
        seconds: How long, in all.
        first: The first seed.

    Returns:
        How many cases of each kind were run, and the programs that show failures.
    """
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for kind in kinds:
        case = importlib.import_module(f"tests.fuzz.{kind}").case
        end = time.monotonic() + seconds / len(kinds)
        for seed in itertools.count(first):
            if time.monotonic() > end:
                break
            counts[kind] += 1
            try:
                failure = case(seed)
            except Exception as error:
                again = f"from tests.fuzz import {kind}\n\n{kind}.case({seed})"
                failure = f"{again}  # {type(error).__name__}: {str(error)[:80]}\n"
            if failure is not None:
                failures.append(f"# {kind}, seed {seed}\n{failure}")
                print(failures[-1], flush=True)
    return counts, failures


def find_planted(minutes: float, first: int) -> int:
    """Plants one fault after the other and prints after how many graphs each is found."""
    from tests.fuzz.differential import drawn_from, wrong

    missed = 0
    for name in FAULTS:
        begun = time.monotonic()
        for seed in itertools.count(first):
            graph, call = drawn_from(seed)
            with planted(name):
                found = wrong(graph, call) is not None
            found = found and wrong(graph, call) is None  # else it fails without the fault, too
            if found or time.monotonic() - begun > 60 * minutes:
                break
        missed += not found
        after = f"after {seed - first + 1:,} graphs, {time.monotonic() - begun:.1f} s"
        print(f"{name:40} {'found' if found else 'NOT FOUND'} {after}", flush=True)
    return missed


def main() -> int:
    """Returns 1 if anything failed."""
    parser = argparse.ArgumentParser(description="Random tests of the engine.")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long (1)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--planted", action="store_true", help="find planted faults")
    options = parser.parse_args()
    if options.planted:
        return int(find_planted(options.minutes, options.seed) > 0)
    warnings.simplefilter("ignore")  # random numbers may well overflow
    counts, failures = run(options.kinds, 60 * options.minutes, options.seed)
    for kind in options.kinds:
        print(f"{kind:16} {counts[kind]:8,} cases")
    print(f"{len(failures)} failures")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
