"""Derivatives of every order of every operation, exactly: `tests/exact.py`, differenced.

A derivative of order n is a central difference of the exact first derivative, in so many bits that
neither the step nor the roundings show in a float.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from mpmath import mp, mpf

from autograd import Value, gradients
from autograd.table import Operation
from tests.accuracy import Arguments, function_of
from tests.exact import AGREEMENT, EXACT, FARTHEST

Index = tuple[int, ...]  # which operand by which, flat: (0, 0, 1) is by the first twice

STEP = 150  # a step is 2^-150 of the operand, or of 1 where that is less
DIGITS = 150  # bits of a derivative that are right
BEYOND = mp.exp(FARTHEST - 1)
NOTHING = mpf(2) ** -1200  # as good as zero, as the least float is 2^-1074


def flat(arguments: Arguments) -> list[float]:
    """The operands of all groups in one list."""
    return [x for a in arguments for x in (a if isinstance(a, list) else [a])]


def rebuilt(arguments: Arguments, entries: Iterator[Any]) -> list[Any]:
    """Other operands in the groups of these."""
    return [[next(entries) for _ in a] if isinstance(a, list) else next(entries) for a in arguments]


def exact_derivative(
    name: str, arguments: Arguments, settings: Sequence[Any], index: Index
) -> Any | None:
    """One derivative of an operation; None where there is none, or no exact form."""
    return _in_bits_enough(name, arguments, settings, index, STEP, 0.0)


def is_settled(
    name: str, arguments: Arguments, settings: Sequence[Any], index: Index, truth: Any
) -> bool:
    """Whether smaller steps to one side give the same: not at a kink, nor where it is just 0."""
    again = _in_bits_enough(name, arguments, settings, index, STEP + 20, 0.25)
    return again is not None and bool(abs(again - truth) <= AGREEMENT * abs(truth))


def _in_bits_enough(
    name: str,
    arguments: Arguments,
    settings: Sequence[Any],
    index: Index,
    step: int,
    aside: float,
) -> Any | None:
    """The difference with steps of 2^-step, so precise that roundings do not show."""
    times = Counter(index[1:])
    xs = flat(arguments)
    exponents = {place: step - min(0, math.frexp(xs[place])[1]) for place in times}
    shrinks = sum(times[place] * exponents[place] for place in times)
    bits = 1400 + shrinks
    while True:
        with mp.workprec(bits):
            found = _difference(name, arguments, settings, index, exponents, aside)
            if found is None:
                return None
            whole, largest = found
            noise = largest * mpf(2) ** (shrinks + 20 - bits)
            if abs(whole) > noise * mpf(2) ** DIGITS:
                return whole
            if noise < NOTHING:
                return mpf(0)
        bits *= 2


def _difference(
    name: str,
    arguments: Arguments,
    settings: Sequence[Any],
    index: Index,
    exponents: dict[int, int],
    aside: float,
) -> tuple[Any, Any] | None:
    """The difference, central but for so many steps, and the largest number that it is of."""
    given = [mpf(x) for x in flat(arguments)]
    times = Counter(index[1:])
    whole = largest = mpf(0)
    for taken in product(*(range(n + 1) for n in times.values())):
        moved, weight = list(given), 1
        for (place, n), k in zip(times.items(), taken, strict=True):
            moved[place] += (mpf(n) / 2 - k + aside) * mpf(2) ** -exponents[place]
            weight *= (-1) ** k * math.comb(n, k)
        slope = EXACT[name].partials(*rebuilt(arguments, iter(moved)), *settings)[index[0]]
        if not isinstance(slope, mpf) or abs(slope) >= BEYOND:
            return None  # a convention, outside the domain, or farther than exact results go
        whole += weight * slope
        largest = max(largest, abs(slope))
    return whole * mpf(2) ** sum(times[place] * exponents[place] for place in times), largest


def engines_derivatives(
    row: Operation, arguments: Arguments, settings: Sequence[Any], index: Index
) -> list[float]:
    """The derivatives by the first operand of the index, by the first two, and so on."""
    leaves = [Value(x) for x in flat(arguments)]
    given = rebuilt(arguments, iter(leaves))
    for i, group in enumerate(row.groups):
        if group in row.single:
            given[i] = given[i][0] if given[i] else None
    node = function_of(row)(*given, *settings)
    found = []
    for place in index:
        (node,) = gradients(node, [leaves[place]], create_graph=True)
        found.append(node.data)
    return found
