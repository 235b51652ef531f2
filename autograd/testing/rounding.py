"""What rounding can do to claimed numbers: a formula written by hand may cancel, too.

Where the claims are a function, it is run next to the point: what its results scatter by is its
rounding. Where they are numbers, each may be what is left of numbers of the function's size.

Source: Moré & Wild, "Estimating computational noise", 2011.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from autograd.testing.entries import Unusable
from autograd.testing.noise import discontinuity, quantum, scatter
from autograd.testing.subject import Subject

# Of neighbours, beside the size of an input. A plateau may be of any width, and at a distance at
# which the results lie on a line by chance nothing scatters: so there are several.
DISTANCES = (2.0**-47, 2.0**-37, 2.0**-27, 2.0**-20, 2.0**-13, 2.0**-10, 2.0**-7)
APART = 128  # how many times farther the next ones are; scatter that grows as much is none
CLOSE = 2.0**-27  # a distance at which a gradient is hardly ever another one
PLACES = (range(1, 6), range(-5, 0))  # on both sides, as a gradient may jump at the point itself
SWING = 2.0**-12  # of a number: scatter that farther away is taken for rounding in any case
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
        self._known: dict[float, list[list[tuple[float, ...]]]] = {}

    @property
    def is_measured(self) -> bool:
        """Whether there is a function to be run elsewhere."""
        return callable(self.claimed)

    def of(self, index: int, off: float) -> float:
        """How far one claimed number may be off by rounding.

        Args:
            index: Which one.
            off: How far it is off. What would explain no quarter of that is not looked for.
        """
        number = float(self.numbers[index])
        if not math.isfinite(number):
            return 0.0
        if self.is_measured:
            return LARGEST * self._measured(index, off / (4 * LARGEST))
        at = max(1.0, abs(self.subject.numbers[index]))
        return CANCELLED * self.unit * max(abs(self.value) / at, self.largest)

    @property
    def unit(self) -> float:
        """The unit roundoff of the claims."""
        return max(2.0**-53, self.subject.claim_unit)

    @cached_property
    def largest(self) -> float:
        """The size of the largest claim: numbers of that size are added up to the others."""
        return max((abs(x) for x in map(float, self.numbers) if math.isfinite(x)), default=0.0)

    def unseen(self, index: int) -> float:
        """The derivative below which the function itself does not change but by rounding."""
        at = max(1.0, abs(self.subject.numbers[index]))
        return 4 * CANCELLED * 2.0**-53 * abs(self.value) / at

    def cancelled(self, index: int) -> float:
        """What may be left, or lost, where a formula of the function's size cancels."""
        at = abs(self.subject.numbers[index]) or 1.0
        return CANCELLED * self.unit * max(abs(self.value) / at, self.largest)

    def _measured(self, index: int, least: float) -> float:
        """How a claimed number scatters where all inputs are moved a little, if by so much."""
        far = [columns[index] for columns in self._columns(DISTANCES[-1])]
        if far and not max(map(_third_difference, far)) > least:
            return 0.0  # noise that large would show here, on top of all else
        swing = max(self.cancelled(index), SWING * abs(float(self.numbers[index])))
        is_real, largest, closer, repeats = True, 0.0, 0.0, True
        for distance in DISTANCES:
            samples = [columns[index] for columns in self._columns(distance)]
            if not samples:
                continue
            size, most = 0.0, math.inf
            if any(max(values) - min(values) > least for values in samples):
                size = scatter(*samples)
                # Farther away a gradient may jump; but not so that all values come in such steps.
                if distance > CLOSE and quantum(list(chain(*samples))) < size:
                    most = swing
            if size > largest and min(size, most) > max(least, largest):
                is_real = repeats or (is_real and closer > size / APART)
                if is_real or self._jumps(index, distance, size / APART):
                    is_real, largest = True, min(size, most)
            closer = size
            repeats = any(any(map(operator.eq, values, values[1:])) for values in samples)
        return largest

    def _jumps(self, index: int, distance: float, least: float) -> bool:
        """Whether a claimed number jumps: one that swings fast only seems to scatter."""

        def function(place: float) -> float:
            row = self._row(place * distance)
            return math.nan if row is None else row[index]

        return any(
            discontinuity(function, float(places[0]), float(places[-1]), least) > 0.0
            for places in PLACES
        )

    def _columns(self, distance: float) -> list[list[tuple[float, ...]]]:
        """Each claimed number at neighbours on a line, on those of both sides that have any."""
        if distance not in self._known:
            sides = [[self._row(place * distance) for place in places] for places in PLACES]
            whole = [[row for row in rows if row is not None] for rows in sides if None not in rows]
            self._known[distance] = [list(zip(*rows, strict=True)) for rows in whole]
        return self._known[distance]

    def _row(self, distance: float) -> list[float] | None:
        """The claims where all inputs are moved by a part of themselves; None if there are none."""
        numbers = self.subject.numbers
        count = len(numbers)
        point = [x + (abs(x) or 1.0) * distance * (1 + i / count) for i, x in enumerate(numbers)]
        try:
            row = [float(x) for x in self.subject.claimed_by(self.claimed, point)]
        except Unusable:
            return None
        return row if all(map(math.isfinite, row)) else None


def _third_difference(values: Sequence[float]) -> float:
    """The larger of the third differences of five values; of noise it is several times as large."""
    a, b, c, d, e = values
    return max(abs(d - a - 3 * (c - b)), abs(e - b - 3 * (d - c)))
