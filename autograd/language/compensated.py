"""What the rounding of a product leaves out, and what needs it, written over `m`.

Each interpreter that has only the machine's arithmetic runs these: floats, and the steps of
compiled programs.
"""

from __future__ import annotations

from math import inf
from typing import Any

SPLITTER = 134217729.0  # Veltkamp's constant, 2^27 + 1


def product_error(m: Any, x: Any, y: Any) -> Any:
    """x·y minus its rounded product, exactly; 0 where that is not representable."""
    product = x * y
    size = m.abs(product)
    factors = m.both(m.abs(x) < 1e290, m.abs(y) < 1e290)
    fits = m.both(m.both(size > 1e-280, size < 1e300), factors)
    return m.where(fits, lost(x, y, product), 0.0)


def lost(x: Any, y: Any, product: Any) -> Any:
    """x·y minus its rounded product, where neither leaves the range of the floats.

    Source: Dekker, "A floating-point technique for extending the available precision", 1971.
    """
    a, b = split(x)
    c, d = split(y)
    return ((a * c - product) + a * d + b * c) + b * d


def split(x: Any) -> tuple[Any, Any]:
    """x as a sum of two floats of 26 bits each."""
    c = SPLITTER * x
    high = c - (c - x)
    return high, x - high


def cbrt(m: Any, x: Any) -> Any:
    """The real cube root, correct to less than one unit in the last place.

    The power 1/3 is off by some units, and so is the platform's cbrt. One Newton step mends that.
    Its residual y³ - x is computed from products in two words, so that nothing cancels.
    """
    size = m.abs(x)
    small, large = size <= 1e-290, size >= 1e290  # the two words have to stay in range
    scale = m.where(small, 2.0**100, m.where(large, 2.0**-100, 1.0))
    scaled = x * m.where(small, 2.0**300, m.where(large, 2.0**-300, 1.0))
    root = m.pow(m.abs(scaled), 1 / 3)
    y = m.where(scaled < 0, -root, root)
    square = y * y
    cube = square * y
    residual = (cube - scaled) + (lost(square, y, cube) + lost(y, y, square) * y)
    mended = (y - residual / (3.0 * square)) / scale
    return m.where(m.both(size > 0, size < inf), mended, x)
