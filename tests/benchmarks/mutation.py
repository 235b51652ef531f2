"""Plants faults in every row of the derivative table and counts who notices.

    python -m tests.benchmarks.mutation              whom the checker blames
    python -m tests.benchmarks.mutation --suite      and whether the tests notice; minutes

A fault is a sign, a factor 1 + 1e-6, two arguments swapped, an argument dropped, or a branch
taken the wrong way round. One that changes no local derivative anywhere is none, and is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import math
import multiprocessing
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import hypothesis

import autograd
from autograd import Value
from autograd.eager import function_of
from autograd.functions import publish
from autograd.table import TABLE, Operation
from autograd.table.symbolic import SymbolicRow
from autograd.testing import OperationError, check_operation, gradient_report
from autograd.testing.operands import seams

POINTS = 400
Wrapped = Callable[[Operation, Any], Any]


@dataclass(frozen=True)
class Fault:
    """One planted fault: of which row, of which kind, by which argument or which branch."""

    row: str
    kind: str
    index: int = 0

    def planted(self) -> Operation:
        """The row with the fault."""
        row = TABLE[self.row]
        return dataclasses.replace(row, partials=self._rule(row))

    def _rule(self, row: Operation) -> Callable[..., Any]:
        def branch(m: Any, *rest: Any) -> Any:
            return row.partials(_Crossed(m, self.index), *rest)

        def changed(m: Any, *rest: Any) -> Any:
            partials = row.partials(m, *rest)
            parts = list(partials) if isinstance(partials, tuple) else [partials]
            if self.kind == "swap":
                parts[0], parts[1] = parts[1], parts[0]
            else:
                parts[self.index] = _altered(parts[self.index], ALTERED[self.kind])
            return tuple(parts) if isinstance(partials, tuple) else parts[0]

        return branch if self.kind == "branch" else changed


ALTERED: dict[str, Callable[[Any], Any]] = {
    "sign": lambda d: -d,
    "factor": lambda d: d * (1 + 1e-6),
    "drop": lambda d: d * 0.0,
}


def _altered(part: Any, change: Callable[[Any], Any]) -> Any:
    return [change(d) for d in part] if isinstance(part, list) else change(part)


class _Crossed:
    """A vocabulary in which one `where` takes the other branch."""

    def __init__(self, m: Any, index: int) -> None:
        self.m, self.index, self.count = m, index, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.m, name)

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        crossed = self.count == self.index
        self.count += 1
        return self.m.where(condition, y, x) if crossed else self.m.where(condition, x, y)


def faults() -> Iterator[Fault]:
    """All faults that change something."""
    for name, row in TABLE.items():
        count = len(row.arguments)
        found = [Fault(name, kind, i) for kind in ALTERED for i in range(count)]
        if count > 1 and not row.single:
            found.append(Fault(name, "swap"))
        found += [Fault(name, "branch", i) for i in range(_branches(row))]
        yield from filter(changes_something, found)


def _branches(row: Operation) -> int:
    """How many branches the rule for the local derivatives has."""
    crossed: list[_Crossed] = []

    def counted(m: Any, *rest: Any) -> Any:
        crossed.append(_Crossed(m, -1))
        return row.partials(crossed[-1], *rest)

    sizes = [1 if name in row.single else 2 for name in row.groups]
    SymbolicRow(dataclasses.replace(row, partials=counted), sizes, [0 for _ in row.settings])
    return crossed[-1].count


def applied(function: Callable[..., Any], row: Operation, operands: Sequence[Any],
            settings: Sequence[Any]) -> Value:  # fmt: skip
    """A function of the row's kind on flat operands."""
    given: list[Any] = row.grouped(operands) if row.groups else list(operands)
    for i, name in enumerate(row.groups):
        if name in row.single:
            given[i] = given[i][0]
    node: Value = function(*given, *settings)
    return node


def changes_something(fault: Fault) -> bool:
    """Whether some local derivative differs by more than rounding."""
    row = TABLE[fault.row]
    functions = [function_of(row, Value), function_of(fault.planted(), Value)]
    for operands, settings in points(row, POINTS):
        right, wrong = (
            applied(function, row, [Value(x) for x in operands], settings).partials
            for function in functions
        )
        if len(right) != len(wrong):
            return True
        for x, y in zip(right, wrong, strict=True):
            if math.isfinite(x) and not abs(x - y) <= 1e-9 * abs(x) + 1e-300:
                return True
    return False


def points(row: Operation, count: int) -> Iterator[tuple[list[float], list[Any]]]:
    """Operands inside the domain, of many sizes, and settings; the same in every run."""
    source = random.Random(row.name)
    special = [x * f for x in seams(row) for f in (1, -1, 2, -2, 0.5, -0.5)]
    for _ in range(count):
        size = source.randint(2, 4)
        settings: list[Any] = [d if d is not None else 0.5 * i - 1
                               for i, (_, d) in enumerate(row.settings)]  # fmt: skip
        if row.groups:
            total = size * (len(row.groups) - len(row.single)) + len(row.single)
            numbers = [source.uniform(-3, 3) for _ in range(total)]
            yield numbers, [source.randrange(size) for _ in settings]
            continue
        numbers = []
        for interval in row.domain:
            while True:
                x = source.choice([
                    source.uniform(-3, 3), source.uniform(-3, 3), source.uniform(-800, 800),
                    source.choice(special) if special else 0.5,
                    source.choice((-1, 1)) * 10.0 ** source.uniform(-200, 200), 0.0,
                ])  # fmt: skip
                if x in interval and math.isfinite(x):
                    numbers.append(x)
                    break
        if len(numbers) > 1 and numbers[0] in row.domain[1] and source.random() < 0.2:
            numbers[1] = numbers[0]
        yield numbers, settings


# --- Whom the checker blames ----------------------------------------------------------------------


def blamed(fault: Fault) -> str:
    """The operation that the checker blames first, at the first point where it sees a fault."""
    row = fault.planted()
    function = function_of(row, Value)
    for operands, settings in points(row, POINTS):

        def inside(*values: Value) -> Value:
            node = applied(function, row, values, settings)  # noqa: B023
            return autograd.tanh(1e-3 * node) + node * 0.5

        report = gradient_report(inside, *operands, lines=False)
        if report.verdict == "wrong" and report.blame:
            names = {blame.operation for blame in report.blame}
            return report.blame[0].operation if len(names) == 1 else ", ".join(sorted(names))
    return ""


# --- Whether the tests notice ---------------------------------------------------------------------


def noticed(fault: Fault) -> bool:
    """Whether a test fails with the fault planted: the row's own, or another of the engine's."""
    for run in (_row_test, _other_tests):
        child = multiprocessing.get_context("fork").Process(target=_planted, args=(fault, run))
        child.start()
        child.join()
        if child.exitcode == 1:
            return True
        print(f"  {fault}: not by {run.__name__}", flush=True)
    return False


def _row_test(fault: Fault) -> bool:
    """Whether `tests/autograd/testing/test_table.py` fails for the row; it is not shrunk."""
    same_examples = hypothesis.settings(
        derandomize=True, deadline=None, phases=[hypothesis.Phase.generate]
    )
    try:
        check_operation(fault.row, settings=same_examples)
    except OperationError:
        return True
    return False


def _other_tests(_: Fault) -> bool:
    """Whether one of the engine's other tests fails."""
    import pytest

    # In this process, as other ones have no fault in them.
    tests = ["-n0", "tests/autograd", "--ignore=tests/autograd/testing"]
    tests += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]) == 1


def _planted(fault: Fault, run: Callable[[Fault], bool]) -> None:
    """Plants the fault in this process, runs the tests, and exits with 1 if one fails."""
    row = TABLE[fault.row] = fault.planted()
    function = publish(row)
    for module in (autograd, autograd.functions):
        if hasattr(module, fault.row):
            setattr(module, fault.row, function)
    code = 2
    with contextlib.suppress(Exception):
        code = int(run(fault))
    os._exit(code)


def main() -> None:
    """Prints the score, and every fault that nobody noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", default=list(TABLE))
    parser.add_argument("--suite", action="store_true", help="run the tests on every fault")
    options = parser.parse_args()
    planted = [fault for fault in faults() if fault.row in options.rows]
    kinds = Counter(fault.kind for fault in planted)
    print(f"{len(planted)} faults in {len({f.row for f in planted})} rows:",
          ", ".join(f"{count} {kind}" for kind, count in kinds.items()))  # fmt: skip
    named, caught = 0, 0
    for i, fault in enumerate(planted, 1):
        found = blamed(fault)
        named += found == fault.row
        if found != fault.row:
            print(f"  {fault}: blamed {found or 'nothing'}", flush=True)
        if options.suite:
            seen = noticed(fault)
            caught += seen
            if not seen:
                print(f"  {fault}: no test fails")
        print(f"\r{i} of {len(planted)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"blame names the row: {named} of {len(planted)}, {named / len(planted):.1%}")
    if options.suite:
        print(f"the tests catch: {caught} of {len(planted)}, {caught / len(planted):.1%}")


if __name__ == "__main__":
    main()
