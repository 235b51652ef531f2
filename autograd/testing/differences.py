"""Derivatives by differences, with an estimate of their error: the reference for a black box.

A few differences are enough where a function is smooth and of little noise: then those at two
steps are one series in the step. What they are checked for: that nothing is left of a kink, which
would show in the even part, and that they agree with one another, and with the claim or with a far
smaller step. Where there is doubt, the whole ladder of steps is climbed.

Source: Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", 1982.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd.testing.ladder import Estimate, Ladder
from autograd.testing.noise import is_single_precision

__all__ = ["Estimate", "derivative"]

Function = Callable[[float], float]

STEP = -9  # the exponent of the larger step, beside the size of x
SMALLER = 2.0**-12  # how much smaller the far smaller step is
BEND = 2.0**-9  # of a difference: more than it may change by when its step is halved
REST = 2.0**-6  # what is left of that change after extrapolation, and far less as a rule
FINE = 2.0**-20  # of a derivative: the error up to which there is no doubt
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
    for step in _steps(x, spacing):
        found = _quick(value, x, here, step, claimed, others)
        if found is not None:
            return found
    return Ladder(value, x, here, spacing).estimate()


def _steps(x: float, spacing: float) -> list[float]:
    """The steps to begin with: of the size of 1, as weights and logits are, and of that of x."""
    size = math.frexp(x)[1] if x else 0
    exponents = dict.fromkeys((min(max(size, -4), 1) + STEP, size + STEP))
    return [2.0**k for k in exponents if 2.0**k >= 2.0**12 * max(spacing, math.ulp(x))]


def _quick(
    value: Function, x: float, here: float, step: float, claimed: float, others: float
) -> Estimate | None:
    """The derivative from steps of one size; None where that leaves any doubt."""
    ahead, behind = value(x + step), value(x - step)
    near_ahead, near_behind = value(x + step / 2), value(x - step / 2)
    sizes = abs(ahead) + abs(behind) + abs(near_ahead) + abs(near_behind)
    if not math.isfinite(sizes):
        return None
    if ahead == behind == near_ahead == near_behind == here:
        far = max(abs(x), 1.0) / 4
        if value(x + far) == value(x - far) == here:
            unit = 2.0**-23 if is_single_precision([here]) else 2.0**-52
            return Estimate(0.0, 0.0, unit * abs(here) / far, 0.0, is_still=True)
        return None
    rounding = 2.0**-52 * max(sizes / 4, abs(here))
    wide, close = (ahead - behind) / (2 * step), (near_ahead - near_behind) / step
    best = close + (close - wide) / 3
    change = abs(close - wide)
    bend = ahead - here - (here - behind)  # twice the even part
    kink = 4 * (near_ahead - here - (here - near_behind)) - bend
    size = max(abs(best), abs(bend) / step)
    if change > BEND * size + 8 * rounding / step:
        return None
    if abs(kink) > 16 * rounding + BEND * (abs(bend) + change * step):
        return None
    error = REST * change + 4 * rounding / step + 2.0**-50 * abs(best)
    fine = max(FINE * abs(best), BESIDE * others)
    if abs(claimed - best) <= error <= fine:
        return Estimate(best, best, error, size)
    if math.isfinite(claimed):
        fine = max(fine, CLEAR * abs(claimed - best))
    return _closer(
        value, x, here, step, (wide, close, fine), (ahead, behind, near_ahead, near_behind)
    )


def _closer(
    value: Function,
    x: float,
    here: float,
    step: float,
    known: tuple[float, float, float],
    values: tuple[float, ...],
) -> Estimate | None:
    """The derivative where the claim is another, with more steps; None if in doubt."""
    wide, close, fine = known
    tiny = step * SMALLER
    quarter_ahead, quarter_behind = value(x + step / 4), value(x - step / 4)
    tiny_ahead, tiny_behind = value(x + tiny), value(x - tiny)
    if not math.isfinite(quarter_ahead + quarter_behind + tiny_ahead + tiny_behind):
        return None
    largest = max(map(abs, (here, *values)))
    unit = 2.0**-52
    closest = (quarter_ahead - quarter_behind) / (step / 2)
    first, second = close + (close - wide) / 3, closest + (closest - close) / 3
    best = second + (second - first) / 15
    if is_single_precision(
        (here, quarter_ahead, quarter_behind, tiny_ahead, tiny_behind, *values)
    ) and abs(first - second) > 2.0**-40 * abs(best):
        unit = 2.0**-23
    rounding = 2 * unit * largest
    error = abs(first - second) / 4 + 8 * rounding / step + 2.0**-50 * abs(best)
    bend = abs(quarter_ahead + quarter_behind - 2 * here) * (4 * tiny / step)
    left = max(abs(difference - best * tiny)
               for difference in (tiny_ahead - here, here - tiny_behind))  # fmt: skip
    if left > 16 * rounding + error * tiny + bend:
        return None
    error += 16 * left / step
    if 2 * error > fine:
        return None
    return Estimate(best, best, 2 * error, abs(best))
