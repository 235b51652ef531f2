"""How much a computed function scatters: by rounding, by steps in its values, wherever they are.

Sources: Moré & Wild, "Estimating computational noise", 2011, for the table of differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

ALIKE = 0.4  # noise is as large in fourth differences as in third ones; a smooth function is not


def scatter(*samples: Sequence[float]) -> float:
    """The noise in values at equally spaced points; 0 if they lie on a smooth curve.

    Args:
        samples: Values, at least six of them, one sequence for each stretch.

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


def discontinuity(function: Callable[[float], float], near: float, far: float) -> float:
    """A jump of a function between two points: what is left of the change when they meet.

    The half in which the function changes more is kept until there is no number between. Of a
    continuous function next to nothing is left.

    Args:
        function: The function; nan where it has no value.
        near: One point.
        far: Another one.

    Returns:
        The size of the jump; nan if there is none as the function has no value there.
    """
    at_near, at_far = function(near), function(far)
    for _ in range(80):
        middle = near + (far - near) / 2
        if middle in (near, far):
            break
        at_middle = function(middle)
        if abs(at_middle - at_near) > abs(at_far - at_middle):
            far, at_far = middle, at_middle
        else:
            near, at_near = middle, at_middle
        if at_near == at_far:
            return 0.0
    return abs(at_far - at_near)


def is_single_precision(values: Sequence[float]) -> bool:
    """Whether all values are float32 numbers, as results of float32 code are."""
    return all((math.frexp(value)[0] * 2.0**24).is_integer() for value in values)
