"""Second derivatives by differences of values, where no recorded graph is the function.

Source: Fornberg, "Generation of finite difference formulas on arbitrarily spaced grids", 1988.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence

from autograd.testing.ladder import Candidate, Estimate, Ladder
from autograd.testing.results import Raised
from autograd.testing.subject import Subject


class Curvature(Ladder):
    """The second differences of a function at x over all steps, as a ladder of its own."""

    def __init__(
        self, function: Callable[[float], float], x: float, here: float, spacing: float
    ) -> None:
        super().__init__(function, x, here, spacing)
        for sign in (1, -1):
            self.sides[sign] = {
                k: (self._at(sign * 2.0**k * 2) - 2 * self._at(sign * 2.0**k) + here) / 4.0**k
                for k in self.sides[sign]
                if math.isfinite(self._at(sign * 2.0**k * 2))
            }
        # A value twice, and two more; over the step once more.
        self.noise = {k: 4 * noise / 2.0**k for k, noise in self.noise.items()}

    def estimate(self) -> Estimate:
        """The best estimate; none where the first derivative jumps, and both sides may agree."""
        found = super().estimate()
        central = self._central()
        apart = {
            k: abs(value - found.left) - found.error - 2 * self.noise[k]
            for k, value in central.items()
            if k < self.exponents[4]
        }
        pairs = [(apart[k], apart[k + 1]) for k in apart if k + 1 in apart]
        if sum(near > 1.5 * far > 0.0 for near, far in pairs) > 3:
            reason = "the first derivative jumps here, so there is no second one"
            return dataclasses.replace(found, reason=reason)
        return found

    def _central(self) -> dict[int, float]:
        """The differences over both sides, which are of one step less than those of one side."""
        found = {}
        for k in self.exponents:
            value = (self._at(2.0**k) - self.here - (self.here - self._at(-(2.0**k)))) / 4.0**k
            if math.isfinite(value):
                found[k] = value
        return found

    def _fits(self, step: float) -> Iterator[Candidate]:
        """None: least squares are for first derivatives."""
        return iter(())


def second_differences(subject: Subject, value: float, recorded: bool) -> list[list[Estimate]]:
    """The second derivatives by each pair of inputs, a row for each input.

    Those by two inputs follow from those along the sum and the difference of their directions.

    Args:
        subject: The function.
        value: Its value at the point.
        recorded: Whether it runs on nodes.
    """
    count = len(subject.numbers)
    rows = [[Estimate(0.0, 0.0, 0.0, 0.0)] * count for _ in range(count)]
    for i in range(count):
        rows[i][i] = _along(subject, value, recorded, {i: 1.0})
        for j in range(i):
            ahead = _along(subject, value, recorded, {i: 1.0, j: 1.0})
            aside = _along(subject, value, recorded, {i: 1.0, j: -1.0})
            rows[i][j] = rows[j][i] = _quarter(ahead, aside)
    return rows


def _along(subject: Subject, value: float, recorded: bool, direction: dict[int, float]) -> Estimate:
    """The second derivative along a direction."""
    numbers = subject.numbers
    largest = max((numbers[i] for i in direction), key=abs)

    def function(x: float) -> float:
        moved: Sequence[float] = [
            number + (x - largest) * direction[i] if i in direction else number
            for i, number in enumerate(numbers)
        ]
        try:
            found = subject.evaluated(moved, recorded)
        except (Raised, ArithmeticError, ValueError):
            return math.nan
        return found if math.isfinite(found) else math.nan

    spacing = max(subject.spacing(i) for i in direction)
    return Curvature(function, largest, value, spacing).estimate()


def _quarter(ahead: Estimate, aside: Estimate) -> Estimate:
    """A quarter of what two second derivatives differ by."""
    if ahead.reason or aside.reason:
        return ahead if ahead.reason else aside
    if ahead.is_kink or aside.is_kink:
        return ahead if ahead.is_kink else aside
    value = (ahead.left - aside.left) / 4
    return dataclasses.replace(
        ahead,
        left=value,
        right=value,
        error=(ahead.error + aside.error) / 4,
        scale=max(ahead.scale, aside.scale) / 4,
    )
