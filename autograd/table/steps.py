"""Expressions of rows that jump or are periodic, written over a vocabulary `m`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import cos, factorial, nan, pi, sin
from typing import Any

# sin(z)/z = Σ (-1)^k z^(2k)/(2k + 1)!, and its derivative over z.
SINC = [(-1) ** k / factorial(2 * k + 1) for k in range(14)]
SINC_SLOPE = [2 * k * SINC[k] for k in range(1, 14)]


def flat(m: Any, x: Any) -> Any:
    """The derivative of a step function: 0, at its steps too; nan where x is nan."""
    return m.where(m.equal(x, x), 0.0, nan)


def flat_quotient(m: Any, y: Any, z: Any) -> Any:
    """The derivatives of floor(x / y): 0; nan where that is nan, and at y = 0."""
    return m.where(m.both(m.equal(z, z), m.either(y > 0, y < 0)), 0.0, nan)


def remainder_slopes(m: Any, x: Any, y: Any, z: Any) -> tuple[Any, Any]:
    """The derivatives of z = x - floor(x / y)·y, 1 and -floor(x / y); nan where z is nan."""
    known = m.equal(z, z)
    return m.where(known, 1.0, nan), m.where(known, -(x // y), nan)


def exp2_slope(m: Any, x: Any, y: Any) -> Any:
    """2^x·log(2); above 1000, where 2^x may overflow and this does not, by way of 2^(x - 1)."""
    return m.where(x > 1000, m.exp2(x - 1) * (2 / m.log2_e), y / m.log2_e)


def cosine_of_half_turns(m: Any, r: Any) -> Any:
    """cos(π·r) for |r| ≤ ½; near its zeros by the sine, of a difference that is exact."""
    return m.where(m.abs(r) < 0.25, m.cos(m.pi * r), m.sin(m.pi * (0.5 - m.abs(r))))


def half_turns(m: Any, x: Any) -> tuple[Any, Any]:
    """x less the nearest integer n, and (-1)^n."""
    n = m.round(x)
    return x - n, 1 - 2 * (n % 2)


def sinc(m: Any, x: Any) -> Any:
    """sin(π·x)/(π·x), by its series for |x| < ½."""
    r, sign = half_turns(m, x)
    beyond = sign * m.sin(m.pi * r) / (m.pi * x)
    return m.where(m.abs(x) < 0.5, series(m.pi * x * (m.pi * x), SINC), beyond)


def sinc_slope(m: Any, x: Any, y: Any) -> Any:
    """(cos(π·x) - sinc(x))/x, by the series for |x| < ½, where these cancel."""
    r, sign = half_turns(m, x)
    beyond = (sign * cosine_of_half_turns(m, r) - y) / x
    return m.where(
        m.abs(x) < 0.5, m.pi * m.pi * x * series(m.pi * x * (m.pi * x), SINC_SLOPE), beyond
    )


def series(x: Any, coefficients: Sequence[float]) -> Any:
    """Σ coefficient·x^k, by Horner's rule."""
    return reduce(lambda whole, c: whole * x + c, reversed(coefficients[:-1]), coefficients[-1])


def sinc_slope_size(x: float) -> float:
    """The sizes of the terms that make up the derivative beyond ½."""
    return (abs(cos(pi * x)) + abs(sin(pi * x) / (pi * x))) / abs(x) if abs(x) > 0.5 else 0.0
