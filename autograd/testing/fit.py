"""The slope of noisy values by least squares: where one difference says little, many say more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul


def odd_slope(places: Sequence[float], values: Sequence[float], terms: int) -> tuple[float, float]:
    """The slope at 0 of the odd polynomial that is nearest to some values.

    Args:
        places: Where they are, all positive.
        values: The values.
        terms: How many powers it has: of 2, t and t³.

    Returns:
        The slope, and how much larger than the standard deviation of the values its own is.
    """
    powers = [[t ** (2 * i + 1) for t in places] for i in range(terms)]
    directions: list[list[float]] = []
    for vector in reversed(powers):  # the slope's own power is last: what no other one explains
        for other in directions:
            vector = _less(vector, other)
        directions.append(vector)
    own = directions[-1]
    size = _dot(own, own)
    return _dot(own, values) / size, 1 / math.sqrt(size)


def _less(vector: Sequence[float], other: Sequence[float]) -> list[float]:
    """A vector without what is along another one."""
    share = _dot(vector, other) / _dot(other, other)
    return [x - share * y for x, y in zip(vector, other, strict=True)]


def _dot(x: Sequence[float], y: Sequence[float]) -> float:
    return math.fsum(map(mul, x, y))
