"""Derivatives by differences, with an estimate of their error: the reference for a black box.

A few differences are enough where a function is smooth and of little noise: then those at two
steps are one series in the step. What they are checked for: that nothing is left of a kink, which
would show in the even part, and that they agree with one another, and with the claim or with a far
smaller step. Where there is doubt, the whole ladder of steps is climbed.

Source: Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autograd.testing.ladder import Estimate, Ladder
from autograd.testing.noise import is_single_precision, odd_step, quantum

__all__ = ["Estimate", "derivative"]

Function = Callable[[float], float]

STEP = -9  # the exponent of the larger step, beside the size of x
SMALLER = 2.0**-12  # how much smaller the far smaller step is
BEND = 2.0**-9  # of a difference: more than it may change by when its step is halved
REST = 2.0**-6  # what is left of that change after extrapolation, and far less as a rule
FINE = 2.0**-20  # of a derivative: the error up to which there is no doubt
CLOSE = 16.0  # times an error: a claim that is off by so little asks for a better one
CLEAR = 2.0**-10  # of how far the claim is off: the error that is none beside it
BESIDE = 2.0**-23  # of the other derivatives: the error that is none where this one is tiny


def derivative(
    function: Function,
    x: float,
    here: float | None = None,
    claimed: float = math.nan,
    others: float = 0.0,
    spacing: float = 0.0,
) -> Estimate:
    """The derivative of a function of one number at x.

    Args:
        function: The function; where it raises an arithmetic error or a `ValueError` it has no
            value.
        x: Where it is differentiated.
        here: Its value there, if it is known.
        claimed: What the derivative is said to be. Where it is no more is asked.
        others: The size of derivatives by other inputs, if an error far below it is none.
        spacing: How far the numbers that the function can be given are apart, if that is more than
            that of floats.
    """

    def value(x: float) -> float:
        try:
            found = float(function(x))
        except (ArithmeticError, ValueError):
            return math.nan
        return found if math.isfinite(found) else math.nan

    here = value(x) if here is None else here
    if not math.isfinite(here):
        reason = "the function has no finite value here"
        return Estimate(math.nan, math.nan, math.inf, 0.0, reason)
    near = _Near(value, x, here, spacing)
    for step in _steps(x, spacing):
        found = near.estimate(step, claimed, others)
        if found is not None:
            return found
    return Ladder(value, x, here, spacing).estimate()


def _steps(x: float, spacing: float) -> list[float]:
    """The steps to begin with: of the size of 1, as weights and logits are, and of that of x."""
    size = math.frexp(x)[1] if x else 0
    exponents = dict.fromkeys((min(max(size, -4), 1) + STEP, size + STEP))
    return [2.0**k for k in exponents if 2.0**k >= 2.0**12 * max(spacing, math.ulp(x))]


@dataclass(frozen=True)
class _Near:
    """Few differences of a function at x.

    Attributes:
        function: The function; nan where it has no value.
        x: Where it is differentiated.
        here: Its value there.
        spacing: How far the numbers that it can be given are apart.
    """

    function: Function
    x: float
    here: float
    spacing: float

    def estimate(self, step: float, claimed: float, others: float) -> Estimate | None:
        """The derivative from steps of one size; None where that leaves any doubt."""
        x, here = self.x, self.here
        ahead, behind = self.function(x + step), self.function(x - step)
        half_ahead, half_behind = self.function(x + step / 2), self.function(x - step / 2)
        sizes = abs(ahead) + abs(behind) + abs(half_ahead) + abs(half_behind)
        if not math.isfinite(sizes):
            return None
        if ahead == behind == half_ahead == half_behind == here:
            return self._still()
        rounding = 2.0**-52 * max(sizes / 4, abs(here))
        wide, half = (ahead - behind) / (2 * step), (half_ahead - half_behind) / step
        best, change = half + (half - wide) / 3, abs(half - wide)
        bend = ahead - here - (here - behind)  # twice the even part
        kink = 4 * (half_ahead - here - (here - half_behind)) - bend
        size = max(abs(best), abs(bend) / step)
        if change > BEND * size + 8 * rounding / step:
            return None
        if abs(kink) > 16 * rounding + BEND * (abs(bend) + change * step):
            return None
        error = REST * change + 4 * rounding / step + 2.0**-50 * abs(best)
        fine = max(FINE * abs(best), BESIDE * others)
        if abs(claimed - best) <= error <= fine:
            return Estimate(best, best, error, size)
        off = abs(claimed - best)
        values = [here, ahead, behind, half_ahead, half_behind]
        found = self._closer(step, wide, half, values, CLEAR * off)
        if found is None:
            return None
        if off <= found.error <= fine or found.error <= CLEAR * off:
            return found
        return found if found.error <= fine and not off <= CLOSE * found.error else None

    def _still(self) -> Estimate | None:
        """The derivative of a function that does not change over small steps."""
        # Numbers of the size of 1 inside would hide what changes by less than their rounding.
        unit = 2.0**-23 if is_single_precision([self.here]) else 2.0**-52
        hidden = unit * max(abs(self.here), 1.0)
        for far in (max(abs(self.x), 1.0) / 4, max(abs(self.x), 1.0) / 16):
            changes = [abs(self.function(self.x + step) - self.here) for step in (far, -far)]
            if changes == [0.0, 0.0]:
                return Estimate(0.0, 0.0, hidden / far, 0.0, is_still=True)
            if not max(changes) > 16 * hidden:  # a slope may have no more than begun to show
                return None
        return None

    def _closer(
        self, step: float, wide: float, half: float, values: Sequence[float], enough: float
    ) -> Estimate | None:
        """The derivative from more steps, with an error that does not lean on the claim.

        Args:
            step: The largest step.
            wide: The difference over it.
            half: The difference over half of it.
            values: The values so far: here, and at these steps ahead and behind.
            enough: The error below which no more is asked.
        """
        x, here = self.x, values[0]
        tiny = odd_step(x, step * SMALLER, self.spacing)
        tiny_ahead, tiny_behind = self.function(x + tiny), self.function(x - tiny)
        if not math.isfinite(tiny_ahead + tiny_behind):
            return None
        first = half + (half - wide) / 3
        known = [*values, tiny_ahead, tiny_behind]
        rounding = max(2.0**-51 * max(map(abs, known)), 2 * quantum(known))
        if abs(half - wide) > 2.0**-40 * abs(first) and is_single_precision(known):
            rounding = max(rounding, 2.0**-22 * max(map(abs, known)))
        bend = abs(values[3] + values[4] - 2 * here) * (2 * tiny / step)
        changes = (tiny_ahead - here, here - tiny_behind)
        left = max(max(abs(change - first * tiny) for change in changes) - bend, 0.0)
        error = 4 * REST * abs(half - wide) + 8 * rounding / step + 2.0**-50 * abs(first)
        if left > 16 * rounding + error * tiny:
            return None
        if error + 16 * left / step <= enough:
            return Estimate(first, first, error + 16 * left / step, abs(first))
        ahead, behind = self.function(x + step / 4), self.function(x - step / 4)
        if not math.isfinite(ahead + behind):
            return None
        quarter = (ahead - behind) / (step / 2)
        second = quarter + (quarter - half) / 3
        best = second + (second - first) / 15
        # What is left of each of these where it should be nothing is a sample of the noise.
        sides = ((values[1], values[2]), (values[3], values[4]), (ahead, behind))
        evens = [above - here - (here - below) for above, below in sides]
        kinks = [4 * fine - coarse for coarse, fine in pairwise(evens)]
        noise = max(left, abs(kinks[1] - kinks[0] / 16) / 8, abs(first - second) * step / 4)
        error = abs(first - second) + 8 * rounding / step + 2.0**-50 * abs(best)
        return Estimate(best, best, 2 * error + 16 * noise / step, abs(best))
