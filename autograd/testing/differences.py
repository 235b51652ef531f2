"""Derivatives by differences, with an estimate of their error: the reference for a black box.

Steps are halved over a long ladder. Richardson's extrapolation turns neighbouring steps into
estimates; each has an error, of truncation (how far neighbouring estimates are apart) and of
rounding (the noise of the function, which is measured, over the step). The best estimate counts
only if the differences at all smaller steps agree with it as far as their noise lets them: else
there is something at a smaller scale, a kink say, that the larger steps looked across.

Sources: Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982; Moré & Wild, "Estimating
computational noise", 2011.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Function = Callable[[float], float]

LEVELS = 44  # how many times a step is halved
COLUMNS = 5  # of the extrapolation
SAFETY = 4.0


@dataclass(frozen=True)
class Estimate:
    """A derivative as differences see it.

    Attributes:
        left: The derivative from the left, nan where there is none.
        right: The derivative from the right.
        error: What it may be off by, estimated.
        scale: The size of the differences, beside which an error is large or small.
        reason: Why there is no estimate; "" if there is one.
    """

    left: float
    right: float
    error: float
    scale: float
    reason: str = ""

    @property
    def is_kink(self) -> bool:
        """Whether the two sides differ."""
        return self.left != self.right


@dataclass(frozen=True)
class Candidate:
    """An extrapolated estimate, the finest step it used and its error."""

    value: float
    step: float
    error: float


def derivative(function: Function, x: float) -> Estimate:
    """The derivative of a function of one number at x."""
    ladder = _Ladder(function, x)
    if ladder.reason:
        return Estimate(math.nan, math.nan, math.inf, 0.0, ladder.reason)
    return ladder.estimate()


def third_differences(function: Function, x: float, unit: float) -> float:
    """The noise in a function's values at x + unit, x + 2·unit, …, where it is smooth."""
    values = [function(x + j * unit) for j in range(1, 9)]
    row = [value - values[0] for value in values if math.isfinite(value)]
    for _ in range(3):
        row = [b - a for a, b in pairwise(row)]
    return max(map(abs, row), default=0.0) / math.sqrt(20)


class _Ladder:
    """The differences of a function at x over all steps."""

    def __init__(self, function: Function, x: float) -> None:
        self.function = function
        self.x = x
        self.reason = ""
        here = self._at(x)
        if here is None:
            self.reason = "the function has no finite value here"
            return
        self.here = here
        self.sides: dict[int, dict[int, float]] = {1: {}, -1: {}}
        self.noise: dict[int, float] = {}
        floor = self._floor()
        for k in _exponents(x):
            step = 2.0**k
            for sign in (1, -1):
                there = self._at(x + sign * step)
                if there is not None:
                    self.sides[sign][k] = sign * (there - here) / step
                    rounding = 2 * math.ulp(max(abs(there), abs(here)))
                    self.noise[k] = max(self.noise.get(k, 0.0), (floor + rounding) / step)

    def _at(self, x: float) -> float | None:
        """The function's value, None where it is not finite."""
        try:
            value = float(self.function(x))
        except (ArithmeticError, ValueError):
            return None
        return value if math.isfinite(value) else None

    def _value(self, x: float) -> float:
        value = self._at(x)
        return math.nan if value is None else value

    def _floor(self) -> float:
        """The function's rounding noise, from its third differences over close neighbours."""
        near = abs(self.x) if self.x else 1.0
        found = [
            third_differences(self._value, self.x, sign * unit)
            for unit in (
                3 * math.ulp(self.x or 2.0**-8),
                1.37 * 2.0**-42 * near,
                1.19 * 2.0**-34 * near,
            )
            for sign in (1, -1)
        ]
        return 3 * max(*found, self._quantum())

    def _quantum(self) -> float:
        """The height of the function's steps, if all its values are rounded to few digits."""
        size = max(abs(self.x), 2.0**-8)
        for sign in (1, -1):
            widths = [sign * size * 2.0**-k for k in range(48, 14, -2)]
            moved = [w for w in widths if self._at(self.x + w) not in (None, self.here)]
            if not moved or moved[0] == widths[0]:
                continue
            first = moved[0]
            sample = [self._at(self.x + first * (1 + j / 8)) for j in range(32)]
            levels = sorted({value for value in sample if value is not None})
            if 1 < len(levels) < 16:
                return max(b - a for a, b in pairwise(levels))
        return 0.0

    def estimate(self) -> Estimate:
        """The best estimate that the differences allow."""
        top = [abs(d) for side in self.sides.values() for d in list(side.values())[:4]]
        scale = max(top, default=0.0)
        both = {
            k: (self.sides[1][k] + self.sides[-1][k]) / 2
            for k in self.sides[1]
            if k in self.sides[-1]
        }
        central = self._best(both, 4.0, (1, -1))
        right, left = (self._best(self.sides[sign], 2.0, (sign,)) for sign in (1, -1))
        best = central or right or left
        if best is None or (best.error > 0.01 * abs(best.value) and self._grows()):
            return Estimate(math.nan, math.nan, math.inf, scale, self._why_not())
        if right is not None and left is not None:
            error = SAFETY * (left.error + right.error)
            if abs(left.value - right.value) > error:
                return Estimate(left.value + 0.0, right.value + 0.0, error, scale)
            if central is None or central.error > left.error + right.error:
                middle = (left.value + right.value) / 2
                return Estimate(middle, middle, error, scale)
            return Estimate(central.value, central.value, SAFETY * central.error, scale)
        if not both and best is not central:  # the end of the domain
            return Estimate(best.value, best.value, SAFETY * best.error, scale)
        if central is not None and central.step >= 16 * 2.0 ** min(both):
            return Estimate(central.value, central.value, SAFETY * central.error, scale)
        return Estimate(math.nan, math.nan, math.inf, scale, self._why_not())

    def _grows(self) -> bool:
        """Whether the differences on some side grow with every halving of the step."""
        for side in self.sides.values():
            sizes = [abs(d) for d in list(side.values())[-12:]]
            if len(sizes) > 6 and all(b > 1.15 * a > 0 for a, b in pairwise(sizes)):
                return True
        return False

    def _why_not(self) -> str:
        """What the differences look like where no estimate can be trusted."""
        if self._grows():
            return "the differences grow without bound: a jump or a vertical tangent"
        if not any(self.sides.values()):
            return "the function is not finite on either side"
        return "the differences at different steps disagree: noisy, or not differentiable"

    def _best(
        self, differences: dict[int, float], base: float, signs: Sequence[int]
    ) -> Candidate | None:
        """The candidate of least error with which all smaller steps agree."""
        found = sorted(self._candidates(differences, base), key=lambda c: c.error)
        for candidate in found:
            if all(self._agrees(candidate, sign) for sign in signs):
                return candidate
        return None

    def _candidates(self, differences: dict[int, float], base: float) -> Iterator[Candidate]:
        """Extrapolated estimates from runs of neighbouring steps."""
        column, power = dict(differences), 1.0
        amplified = 1.0
        for _ in range(COLUMNS):
            for k, value in column.items():
                if k + 1 in column:
                    apart = abs(value - column[k + 1])
                    error = apart + amplified * self.noise[k] + 2.0**-50 * abs(value)
                    if math.isfinite(error):
                        yield Candidate(value, 2.0**k, error)
            power *= base
            column = {
                k: (power * fine - column[k + 1]) / (power - 1)
                for k, fine in column.items()
                if k + 1 in column
            }
            amplified *= (power + 1) / (power - 1)

    def _agrees(self, candidate: Candidate, sign: int) -> bool:
        """Whether the differences on one side, at all smaller steps, agree with a candidate."""
        side = self.sides[sign]
        at = side.get(round(math.log2(candidate.step)))
        bend = abs(at - candidate.value) if at is not None else 0.0
        for k, difference in side.items():
            step = 2.0**k
            if step < candidate.step:
                allowed = 2 * self.noise[k] + SAFETY * candidate.error
                if abs(difference - candidate.value) > allowed + 1.5 * bend * step / candidate.step:
                    return False
        return True


def _exponents(x: float) -> list[int]:
    """The exponents of the steps, largest first: from a quarter of x, and from a quarter of 1."""
    size = math.frexp(x)[1] - 3 if x else -3
    least = math.frexp(math.ulp(x))[1] + 2 if x else -1000
    found = {k for top in (size, max(size, -3)) for k in range(top, top - LEVELS, -1)}
    return sorted((k for k in found if k >= least), reverse=True)
