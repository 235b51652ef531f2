"""How much a computed function scatters: by rounding, by steps in its values, wherever they are.

Sources: Moré & Wild, "Estimating computational noise", 2011, for the table of differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

ODD = 1.0863  # no short number
SHORT = 16  # bits, which a number may have by chance
ALIKE = 0.6  # noise is as large in fourth differences as in third ones; an exponential is not


def scatter(*samples: Sequence[float]) -> float:
    """The noise in values at equally spaced points; 0 if they lie on a smooth curve.

    Args:
        samples: Values, at least five of them, one sequence for each stretch.

    Returns:
        The standard deviation of the noise, from third and fourth differences.
    """
    thirds: list[float] = []
    fourths: list[float] = []
    for values in samples:
        row = [value - values[0] for value in values]
        for _ in range(3):
            row = [b - a for a, b in pairwise(row)]
        thirds += row
        fourths += [b - a for a, b in pairwise(row)]
    third, fourth = _root_mean_square(thirds, 3), _root_mean_square(fourths, 4)
    return min(third, fourth) if fourth > ALIKE * third else 0.0


def _root_mean_square(differences: Sequence[float], order: int) -> float:
    """The size of differences of an order, beside that of the values they were taken of."""
    if not differences:
        return 0.0
    largest = max(map(abs, differences))
    if not 0.0 < largest < math.inf:
        return 0.0
    mean = sum((d / largest) ** 2 for d in differences) / len(differences)
    return largest * math.sqrt(mean / math.comb(2 * order, order))


def discontinuity(
    function: Callable[[float], float], near: float, far: float, least: float
) -> float:
    """The size of a jump of a function between two points; 0 if there is none.

    The half in which the function is farther from a straight line is kept until there is no number
    between the ends. Of a continuous function next to nothing is left. Only the change itself would
    not do: a function that falls between jumps upwards changes least where it jumps.

    Args:
        function: The function; nan where it has no value.
        near: One point.
        far: Another one.
        least: The size of a jump that counts.
    """
    at_near, at_far = function(near), function(far)
    middle = near + (far - near) / 2
    at_middle = function(middle)
    for _ in range(80):
        if middle in (near, far):
            break
        first, second = near + (middle - near) / 2, middle + (far - middle) / 2
        at_first, at_second = function(first), function(second)
        before = abs(at_middle - at_first - (at_first - at_near))
        behind = abs(at_far - at_second - (at_second - at_middle))
        if not max(before, behind) > least / 64 and first not in (near, middle):
            return 0.0
        if before > behind:
            far, middle, at_far, at_middle = middle, first, at_middle, at_first
        else:
            near, middle, at_near, at_middle = middle, second, at_middle, at_second
    change = abs(at_far - at_near)
    return change if change > least else 0.0


def odd_step(x: float, step: float, spacing: float) -> float:
    """A step of about that size whose multiples are exact, and that is no power of two.

    After steps of a power of two many a function has the same rounding error everywhere, which
    shows nowhere then.

    Args:
        x: Where the steps start.
        step: The size.
        spacing: How far the numbers that the function can be given are apart.
    """
    least = max(spacing, 4 * math.ulp(x), 4 * math.ulp(step))
    return max(round(ODD * step / least), 1) * least


def is_single_precision(values: Sequence[float]) -> bool:
    """Whether all values are float32 numbers, and not only as they are short, as 0.5 is."""
    mantissas = [math.frexp(value)[0] for value in values]
    return all((m * 2.0**24).is_integer() for m in reversed(mantissas)) and not all(
        (m * 2.0**SHORT).is_integer() for m in mantissas
    )


def quantum(values: Sequence[float]) -> float:
    """The largest power of two of which all values are multiples: they come in such steps."""
    least = math.inf
    for value in values:
        if value:
            mantissa, exponent = math.frexp(value)
            whole = int(mantissa * 2.0**53)
            least = min(least, math.ldexp(float(whole & -whole), exponent - 53))
    return 0.0 if least == math.inf else least
