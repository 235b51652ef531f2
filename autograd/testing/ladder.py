"""The derivative of a function about which there is doubt: differences over a long ladder of steps.

Steps are halved, over all sizes. Richardson's extrapolation turns neighbouring steps into
estimates; each has an error, of truncation (how far neighbouring estimates are apart) and of
noise (which is measured) over the step. The best estimate counts only if the differences at all
smaller steps agree with it as far as the noise lets them: else there is something at a smaller
scale, a kink say, that the larger steps looked across.

Noise is what scatters at every scale. A function whose values come in steps, or which has such a
step inside, seems smooth between two of them; so noise that is the same over many sizes of steps
is taken to be there at all smaller ones too, if there really is a jump.

Sources: Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from autograd.testing.fit import odd_slope
from autograd.testing.noise import discontinuity, is_single_precision, odd_step, quantum, scatter

Function = Callable[[float], float]

COARSER = 3  # so many steps from one on are looked at for its noise, as it may not show at one
NEAR = 7  # the first of the steps that are small beside x
LEVELS = 46  # how many times a step is halved
COLUMNS = 5  # of the extrapolation
SAFETY = 3.0
RUN = 5  # so many samples, each at four times the step of the one before, show what stays the same
FITTED = 24  # values on each side, where noise has to be averaged out
COARSE = 1e-3  # of the derivative: an error for which that is worth its cost
POLE = 64.0  # times the scatter: a jump that large is of another kind
TRIES = 4  # at finding a jump
SAME = 5.0  # and differ by no more than this factor
ROUNDED = 2.0**-44  # beside 1: a change that may be one of rounding alone
WIDTHS = 8  # so many steps of a function within the largest step are a rounding of its values


@dataclass(frozen=True)
class Estimate:
    """A derivative as differences see it.

    Attributes:
        left: The derivative from the left, nan where there is none.
        right: The derivative from the right.
        error: What it may be off by, estimated.
        scale: The size of the differences, beside which an error is large or small.
        reason: Why there is no estimate; "" if there is one.
        is_still: Whether the function did not change at all.
    """

    left: float
    right: float
    error: float
    scale: float
    reason: str = ""
    is_still: bool = False

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


class Ladder:
    """The differences of a function at x over all steps.

    Args:
        function: The function; nan where it has no value.
        x: Where it is differentiated.
        here: Its value there.
        spacing: How far the numbers that it can be given are apart.
    """

    def __init__(self, function: Function, x: float, here: float, spacing: float) -> None:
        self.function = function
        self.x = x
        self.here = here
        self.spacing = spacing
        self.sides: dict[int, dict[int, float]] = {1: {}, -1: {}}
        self.noise: dict[int, float] = {}
        self.values: dict[float, float] = {0.0: here}
        self.exponents = _exponents(x, spacing)
        for k in self.exponents:
            for sign in (1, -1):
                there = self._at(sign * 2.0**k)
                if math.isfinite(there):
                    self.sides[sign][k] = sign * (there - here) / 2.0**k
        self._measure_noise()

    def _at(self, step: float) -> float:
        """The function's value a step away, nan where it is not finite."""
        if step not in self.values:
            self.values[step] = self.function(self.x + step)
        return self.values[step]

    # --- Noise ------------------------------------------------------------------------------------

    def _measure_noise(self) -> None:
        """Finds for each step what noise does to the difference."""
        found = self._scatters()
        finite = [value for value in self.values.values() if math.isfinite(value)]
        near = [self._at(sign * 2.0**k) for k in self.exponents[NEAR:] for sign in (1, -1)]
        near = [value for value in near if math.isfinite(value)]
        coarse = 2 * quantum(near) if len(set(near)) > 2 else self._only_gap(finite)
        floor = max(3 * self._floor(found), self._step_height(), coarse)
        unit = 2.0**-24 if is_single_precision(finite) else 2.0**-53
        worst = 0.0
        for k in reversed(self.exponents):
            worst = max(worst, *(found.get(coarser, 0.0) for coarser in range(k, k + COARSER)))
            sizes = [abs(self.here)]
            sizes += [abs(self._at(sign * 2.0**k)) for sign in (1, -1) if k in self.sides[sign]]
            noise = max(3 * worst, floor, 4 * unit * max(sizes))
            self.noise[k] = noise / 2.0**k

    def _only_gap(self, values: Sequence[float]) -> float:
        """The least change of a function that hardly ever changes, if it is as small as rounding.

        Numbers of the size of 1 inside would hide what changes by less than their rounding.
        """
        gaps = [b - a for a, b in pairwise(sorted(set(values)))]
        least = min(gaps, default=0.0)
        return 2 * least if least <= ROUNDED * max(abs(self.here), 1.0) else 0.0

    def _scatters(self) -> dict[int, float]:
        """How the function scatters at every other step, on its two sides."""
        found = {}
        for k in self.exponents[3::2]:
            step = odd_step(self.x, 2.0**k, self.spacing)
            samples = [[self._at(sign * j * step) for j in range(1, 7)] for sign in (1, -1)]
            samples = [values for values in samples if all(map(math.isfinite, values))]
            found[k] = scatter(*samples)
        return found

    def _floor(self, found: dict[int, float]) -> float:
        """The noise that is the same at many steps, and so at all of them."""
        steps = list(found)
        runs: dict[float, float] = {}  # the size of the noise, and the largest step of the run
        for i in range(len(steps) - RUN + 1):
            sizes = sorted(found[k] for k in steps[i : i + RUN])
            if sizes[-1] <= SAME * sizes[1]:
                runs.setdefault(sizes[-1], 2.0 ** steps[i])
        for size in sorted(runs, reverse=True)[:TRIES]:
            for step in (runs[size], -runs[size]):
                jump = discontinuity(self.function, self.x + step, self.x + 2 * step, size / SAME)
                if 0.0 < jump < POLE * size:
                    return size
        return 0.0

    def _step_height(self) -> float:
        """The height of the function's steps, if it stands on one and others are close by."""
        edges = []
        for sign, side in self.sides.items():
            still = [*takewhile(lambda k: side.get(k) == 0.0, reversed(self.exponents))]  # noqa: B023
            moved = self.exponents[-len(still) - 1] if len(still) < len(self.exponents) else None
            if not still or moved is None or moved not in side:
                return 0.0
            if 2.0**moved * WIDTHS > 2.0 ** self.exponents[0]:
                return 0.0
            edges.append((sign * 2.0 ** still[-1], sign * 2.0**moved))
        changes = [abs(self._at(b) - self.here) for _, b in edges]
        is_step = all(
            discontinuity(self.function, self.x + a, self.x + b, change / SAME)
            for (a, b), change in zip(edges, changes, strict=True)
        )
        return max(changes) if is_step else 0.0

    # --- The estimate -----------------------------------------------------------------------------

    def estimate(self) -> Estimate:
        """The best estimate that the differences allow."""
        top = [abs(d) for side in self.sides.values() for d in list(side.values())[2:6]]
        scale = max(top, default=0.0)
        both = self._central()
        series = [(self.sides[1], 1), (self.sides[-1], 1), (both, 2)]
        central = self._best(self._candidates(both, 4.0), series)
        if central is not None and central.error > COARSE * abs(central.value):
            fitted = [*self._fits(central.step), central]
            central = self._best(fitted, series)
        right, left = (
            self._best(self._candidates(self.sides[sign], 2.0), [(self.sides[sign], 1)])
            for sign in (1, -1)
        )
        best = central or right or left
        if best is None or (best.error > 0.04 * abs(best.value) and self._grows()):
            return Estimate(math.nan, math.nan, math.inf, scale, self._why_not())
        if right is not None and left is not None:
            error = left.error + right.error
            if abs(left.value - right.value) > error:
                return Estimate(left.value + 0.0, right.value + 0.0, error, scale)
            if central is None or central.error > error:
                middle = (left.value + right.value) / 2
                return Estimate(middle, middle, error, scale)
            return Estimate(central.value, central.value, central.error, scale)
        if not both and best is not central:  # the end of the domain
            return Estimate(best.value, best.value, best.error, scale)
        if central is not None and central.step >= 16 * 2.0 ** min(both):
            return Estimate(central.value, central.value, central.error, scale)
        return Estimate(math.nan, math.nan, math.inf, scale, self._why_not())

    def _central(self) -> dict[int, float]:
        """The differences over both sides."""
        right, left = self.sides[1], self.sides[-1]
        return {k: (right[k] + left[k]) / 2 for k in right if k in left}

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
        self, candidates: Iterable[Candidate], series: Sequence[tuple[dict[int, float], int]]
    ) -> Candidate | None:
        """The candidate of least error with which all smaller steps agree.

        Args:
            candidates: The candidates.
            series: Differences that have to agree with it, and with which power of the step they
                come closer.
        """
        for candidate in sorted(candidates, key=lambda c: c.error):
            if all(self._agrees(candidate, *one) for one in series):
                return candidate
        return None

    def _fits(self, step: float) -> Iterator[Candidate]:
        """Estimates from many values on both sides, in which noise averages out."""
        exponent = round(math.log2(step))
        for k in range(exponent, min(exponent + 5, self.exponents[0] + 1)):
            places = [2.0**k * (j + 1) / FITTED for j in range(FITTED)]
            values = [(self._at(t) - self._at(-t)) / 2 for t in places]
            if k not in self.noise or not all(map(math.isfinite, values)):
                continue
            less, _ = odd_slope(places, values, 3)
            value, gain = odd_slope(places, values, 4)
            error = SAFETY * abs(value - less) + gain * 2.0**k * self.noise[k]
            yield Candidate(value, 2.0**k, error)

    def _candidates(self, differences: dict[int, float], base: float) -> Iterator[Candidate]:
        """Extrapolated estimates from runs of neighbouring steps."""
        column, power = dict(differences), 1.0
        before: dict[int, float] = {}
        amplified = 1.0 if base == 2.0 else 0.5  # two values, over twice the step
        for _ in range(COLUMNS):
            for k, value in column.items():
                if k + 1 in column:
                    apart = max(abs(value - column[k + 1]), abs(value - before.get(k, value)))
                    error = SAFETY * apart + amplified * self.noise[k] + 2.0**-48 * abs(value)
                    if math.isfinite(error):
                        yield Candidate(value, 2.0**k, error)
            power *= base
            before = column
            column = {
                k: (power * fine - column[k + 1]) / (power - 1)
                for k, fine in column.items()
                if k + 1 in column
            }
            amplified *= (power + 1) / (power - 1)

    def _agrees(self, candidate: Candidate, differences: dict[int, float], power: int) -> bool:
        """Whether the differences at all smaller steps agree with a candidate."""
        at = differences.get(round(math.log2(candidate.step)))
        bend = abs(at - candidate.value) if at is not None else 0.0
        for k, difference in differences.items():
            closer = 2.0**k / candidate.step
            if closer < 1.0:
                allowed = 2 / power * self.noise[k] + candidate.error
                if abs(difference - candidate.value) > allowed + 1.5 * bend * closer**power:
                    return False
        return True


def _exponents(x: float, spacing: float) -> list[int]:
    """The exponents of the steps, largest first: from the size of x, and from 1."""
    size = math.frexp(x)[1] - 1 if x else 0
    least = math.frexp(max(math.ulp(x), spacing))[1] + 2 if x or spacing else -1000
    found = {k for top in (size, max(size, 0)) for k in range(top, top - LEVELS, -1)}
    return sorted((k for k in found if k >= least), reverse=True)
