"""Quotients, roots and powers whose derivatives stay in the floats, over a vocabulary `m`.

A local derivative is differentiated again and again. So it is written that each further derivative
has one more small or large factor, and none that leaves the floats before the result does.
"""

from __future__ import annotations

from math import inf
from typing import Any


def over_square(m: Any, x: Any, y: Any, z: Any) -> Any:
    """x/y² as z/y with z = x/y: so each derivative of it has y in one more quotient, and never y².

    Where z lost digits, as it is subnormal, and z/y is not, they come from a multiple of x.
    """
    slope = z / y
    lossy = m.both(m.abs(y) < 1, m.abs(z) > 0)
    again = m.where(lossy, x * 2.0**600 / y / y * 2.0**-600, slope)
    return m.where(m.abs(z) > 1e-290, slope, again)


def over_square_of_hypot(m: Any, x: Any, y: Any) -> Any:
    """x/(x² + y²), by the ratio of the smaller to the larger."""
    ratio = m.where(m.abs(x) < m.abs(y), x / y, y / x)
    lossy = m.both(m.abs(y) < 1, m.both(m.abs(ratio) < 1e-290, m.abs(ratio) > 0))
    k = m.where(lossy, 2.0**600, 1.0)
    small = x * k / y / (1 + ratio * ratio) / y / k
    return m.where(m.abs(x) < m.abs(y), small, 1 / (1 + ratio * ratio) / x)


def over_hypot(m: Any, x: Any, y: Any, h: Any) -> Any:
    """x/√(x² + y²), by the ratio of the smaller to the larger; 0 at the origin.

    The derivative of x/h would be 1/h - x²/h³, which cancels where y is small.
    """
    k = m.where(h > 1e-290, 1.0, 2.0**600)  # 1/(k·y) is a float also where 1/y is none
    ratio = m.where(m.abs(x) < m.abs(y), k * x / m.abs(k * y), k * y / (k * x))
    top = m.where(m.abs(x) < m.abs(y), ratio, m.where(x < 0, -1.0, 1.0))
    return m.where(m.equal(h, 0.0), 0.0, top / m.sqrt(1 + ratio * ratio))


def over_root(m: Any, x: Any) -> Any:
    """1/√(1 - x²), by (1 - x)(1 + x) where 1 - x² cancels; near 0 the derivative of that does."""
    near = 1 / m.sqrt((1 - x) * (1 + x))
    return m.where(m.abs(x) < 0.5, 1 / m.sqrt(1 - x * x), near)


def over_difference(m: Any, x: Any) -> Any:
    """1/(1 - x²) likewise."""
    return m.where(m.abs(x) < 0.5, 1 / (1 - x * x), 1 / ((1 - x) * (1 + x)))


def root(m: Any, x: Any) -> Any:
    """√x for x ≥ 0: 0 at 0, and there infinitely steep."""
    return m.sqrt(m.where(x >= 0, x, 0.0))


def has_all_digits(m: Any, x: Any) -> Any:
    """Whether x is neither subnormal nor infinite."""
    return m.both(m.abs(x) > 1e-290, m.abs(x) < inf)


def power_by_base(m: Any, x: Any, p: Any, y: Any) -> Any:
    """p·x^(p-1) where p - 1 is exact, else p·y/x, whose derivatives are then sums of like signs.

    Of p·y/x they are not where p is a small number such as 3: p·(p - 1) is a difference of p·p and
    p. Of p·x^(p-1) they are the like of itself, also where x^(p-1) is out of range. Only for a
    large p the product with p is back in range; then the roots of x^p are multiplied.
    """
    lower = m.pow(x, p - 1)
    straight = p * lower
    size = m.abs(x)
    # What occurs once is computed only where it is needed, so the root is written in two ways.
    rooted = m.both(m.pow(size, 0.5 * p) > 1e-290, m.pow(size, p * 0.5) < inf)
    rooted = m.both(m.abs(p) > 7, rooted)
    in_range = m.where(has_all_digits(m, lower), 1.0, m.where(rooted, 0.0, 1.0)) > 0
    exact = m.both(m.both(m.equal((p - 1) + 1, p), m.abs(p) < 1e15), in_range)
    slope = m.where(exact, straight, by_roots(m, x, p, y))
    slope = m.where(m.equal(x, 0.0), power_by_base_at_0(m, x, p, straight), slope)
    return m.where(m.equal(p, 0.0), power_by_base_at_power_0(m, x, p, y), slope)


def power_by_base_at_power_0(m: Any, x: Any, p: Any, y: Any) -> Any:
    """p·x^(p-1) at p = 0, which is 0. By p its derivative is 1/x, or nan where there is none.

    For a smaller x it is just 0, as p times a power of 1/x, of which there is one more in each
    derivative, would be 0 times inf.
    """
    edge = m.where(m.both(x >= 0, x <= inf), 0.0, m.atan2(p, 0.0))
    return m.where(m.both(m.abs(x) > 1e-40, m.abs(x) < inf), p / x * y + 0.0, edge)


def power_by_base_at_0(m: Any, x: Any, p: Any, straight: Any) -> Any:
    """p·x^(p-1) at x = 0, so written that its derivative by p is the limit: -inf for 0 < p ≤ 1."""
    at_1 = m.where(m.equal(p, 1.0), 1 - root(m, p - 1), straight)
    return m.where(m.both(p >= 0, p < 1), m.pow(x + 0.0, p - 1), at_1)


def by_roots(m: Any, x: Any, p: Any, y: Any) -> Any:
    """p·x^p/x, by way of the root of x^p where that is out of range."""
    size = m.abs(x)
    small = m.both(p > 0, p < 4)  # p - 1 is exact, wherever y is out of range
    half, again = roots(m, size, m.where(small, p - 1, p))
    one = m.where(x < 0, -1.0, 1.0)
    beyond = (
        m.pow(one, p) * m.where(x >= 0, 1.0, -1.0) * (half / m.where(small, 1.0, size) * p * again)
    )
    fits = m.both(has_all_digits(m, y), m.abs(p * y) < inf)
    return m.where(fits, p * y / x, beyond)


def power_by_exponent(m: Any, x: Any, p: Any, y: Any) -> Any:
    """y·log(x), by way of the root of y where y is out of range."""
    half, again = roots(m, x, p)
    small = m.log(x * 2.0**100) - 100 / m.log2_e  # its derivative is a float where 1/x is none
    log = m.where(m.abs(x) < 1e-300, small, m.log(x))
    slope = m.where(has_all_digits(m, y), y * log, half * log * again)
    ends = m.where(m.equal(x, inf), power_by_exponent_at_inf(m, x, p), slope)
    return m.where(m.equal(x, 0.0), power_by_exponent_at_0(m, x, p, y), ends)


def power_by_exponent_at_0(m: Any, x: Any, p: Any, y: Any) -> Any:
    """y·log(x) at x = 0; for p > 0 it vanishes there as the power of x does that is next to p."""
    vanishing = 0.0 - m.pow(x + 0.0, p * (1 - 2.0**-52))
    return m.where(p > 0, vanishing, m.where(m.equal(p, 0.0), 0.0, y * m.log(x)))


def power_by_exponent_at_inf(m: Any, x: Any, p: Any) -> Any:
    """y·log(x) at x = inf: it grows as the power of x does that is next to p."""
    return m.where(m.equal(p, 0.0), m.log(x), m.pow(x, p * (1 + 2.0**-52)))


def roots(m: Any, x: Any, p: Any) -> tuple[Any, Any]:
    """√(x^p) as two different expressions.

    An expression that occurs once is written inside the arm of `where` that needs it, and so it is
    computed only there. One that occurs twice would be computed before, for nothing.
    """
    return m.pow(x, p / 2), m.pow(x, p * 0.5)
