"""What rounding can do to claimed numbers: a formula written by hand may cancel, too.

Where the claims are a function, it is run next to the point: what its results scatter by is its
rounding. Where they are numbers, only they can be looked at: one that ends in zeros is the
difference of two larger ones, or simply short, such as 0.5.

Source: Moré & Wild, "Estimating computational noise", 2011.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from autograd.testing.entries import Unusable
from autograd.testing.noise import scatter
from autograd.testing.subject import Subject

# Of neighbours, beside the size of an input. A plateau may be of any width, and at a distance at
# which the results lie on a line by chance nothing scatters: so there are several.
DISTANCES = (2.0**-47, 2.0**-31, 2.0**-23, 2.0**-17, 2.0**-12, 2.0**-7)
PLACES = range(-3, 4)
LARGEST = 6.0  # standard deviations: more than a result is off by as a rule
CANCELLED = 64.0  # units of the function's size: what cancelling may leave


class Rounding:
    """How far each claimed number may be off by rounding.

    Args:
        subject: The function.
        claimed: What was claimed as a whole.
        numbers: The claimed numbers.
        value: The function's value.
    """

    def __init__(
        self, subject: Subject, claimed: Any, numbers: Sequence[float], value: float
    ) -> None:
        self.subject = subject
        self.claimed = claimed
        self.numbers = numbers
        self.value = value

    @property
    def is_measured(self) -> bool:
        """Whether there is a function to be run elsewhere."""
        return callable(self.claimed)

    def of(self, index: int) -> float:
        """How far one claimed number may be off by rounding."""
        if self.is_measured:
            return LARGEST * self._measured[index]
        number = float(self.numbers[index])
        if not math.isfinite(number) or number == 0.0:
            return 0.0
        last = _last_bit(number)
        return min(2 * last, self.cancelled(index)) if last > 8 * math.ulp(number) else 0.0

    def cancelled(self, index: int) -> float:
        """What may be left, or lost, where a formula of the function's size cancels."""
        unit = max(2.0**-53, self.subject.claim_unit)
        at = abs(self.subject.numbers[index]) or 1.0
        return CANCELLED * unit * max(abs(self.value) / min(1.0, at), abs(self.numbers[index]))

    @cached_property
    def _measured(self) -> list[float]:
        """How each claimed number scatters where all inputs are moved a little."""
        found = [0.0] * len(self.numbers)
        for distance in DISTANCES:
            rows = self._rows(distance)
            if rows is not None:
                found = [
                    max(most, scatter(values))
                    for most, values in zip(found, zip(*rows, strict=True), strict=True)
                ]
        return found

    def _rows(self, distance: float) -> list[Sequence[float]] | None:
        """The claims at neighbours on a line; None if there are none at some of them."""
        numbers, count = self.subject.numbers, len(self.subject.numbers)
        steps = [(abs(x) or 1.0) * distance * (1 + i / count) for i, x in enumerate(numbers)]
        rows: list[Sequence[float]] = []
        for place in PLACES:
            point = [x + place * step for x, step in zip(numbers, steps, strict=True)]
            try:
                row = [float(x) for x in self.subject.claimed_by(self.claimed, point)]
            except Unusable:
                return None
            if not all(map(math.isfinite, row)):
                return None
            rows.append(row)
        return rows


def _last_bit(number: float) -> float:
    """The value of the lowest bit of a number that is set."""
    numerator, denominator = number.as_integer_ratio()
    return (numerator & -numerator) / denominator
