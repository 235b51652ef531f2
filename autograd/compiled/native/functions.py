"""Elementary functions over `m`, so written that the lanes of a vector compute them together.

A platform's `exp` is called for one number at a time. These are arithmetic alone, without a branch:
every lane takes the same steps. `m` has here, beside arithmetic, what takes a float apart.
"""

from __future__ import annotations

from functools import cache
from math import factorial, inf, nan
from typing import Any

from autograd.language.symbols import Symbol, Trace

LOG2_E = 1.4426950408889634
# ln 2 in two words; multiples of the first by integers of up to 20 bits are exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
ROUNDING = 1.5 * 2.0**52  # added to a number of up to 51 bits, it leaves no digits after the point


class Vocabulary(Trace):
    """The vocabulary of these formulas, on symbols."""

    def fma(self, x: Any, y: Any, z: Any) -> Symbol:
        """x·y + z, rounded once."""
        return self.step("fma", x, y, z)

    def copysign(self, x: Any, y: Any) -> Symbol:
        """The size of x with the sign of y."""
        return self.step("copysign", x, y)

    def two_to(self, shifted: Any) -> Symbol:
        """2 to the power k, of the number k + `ROUNDING`."""
        return self.step("two_to", shifted)

    def exponent(self, x: Any) -> Symbol:
        """k of x = m·2^k with √½ ≤ m < √2."""
        return self.step("exponent", x)

    def fraction(self, x: Any) -> Symbol:
        """m of x = m·2^k with √½ ≤ m < √2."""
        return self.step("fraction", x)

    def clamped(self, x: Any, low: float, high: float) -> Symbol:
        """x, but at least low and at most high; nan stays nan."""
        return self.where(x < low, low, self.where(x > high, high, x))  # type: ignore[no-any-return]

    def polynomial(self, x: Any, coefficients: Any) -> Any:
        """Σ cᵢ·xⁱ, by Horner's rule."""
        *rest, result = coefficients
        for coefficient in reversed(rest):
            result = self.fma(result, x, coefficient)
        return result


# The Taylor series of (exp(r) - 1 - r)/r² for |r| ≤ ln 2/2; its rest is below 2^-57 of exp(r).
EXP = tuple(1 / factorial(i) for i in range(2, 14))


def reduced(m: Any, x: Any) -> tuple[Any, Any]:
    """k + `ROUNDING` and r of x = k·ln 2 + r, with an integer k and |r| ≤ ln 2/2."""
    shifted = m.fma(x, LOG2_E, ROUNDING)
    k = shifted - ROUNDING
    return shifted, m.fma(-k, LN2_LOW, m.fma(-k, LN2_HIGH, x))


def halves(m: Any, shifted: Any) -> tuple[Any, Any]:
    """Two integers + `ROUNDING` whose sum is k, as 2^k may be no float where 2^k·y is one."""
    k = shifted - ROUNDING
    half = m.fma(k, 0.5, ROUNDING)
    return half, k - (half - ROUNDING) + ROUNDING


def exp(m: Any, x: Any) -> Any:
    """2^k·exp(r)."""
    shifted, r = reduced(m, m.clamped(x, -746.0, 710.0))
    half, rest = halves(m, shifted)
    value = m.fma(r * r, m.polynomial(r, EXP), r) + 1.0
    return value * m.two_to(half) * m.two_to(rest)


def expm1(m: Any, x: Any) -> Any:
    """2^k·(exp(r) - 1) + (2^k - 1); -0 and subnormal numbers are as they were."""
    shifted, r = reduced(m, m.clamped(x, -40.0, 710.0))
    half, rest = halves(m, shifted)
    small, power = m.fma(r * r, m.polynomial(r, EXP), r), m.two_to(half)
    inverse = m.two_to(2 * ROUNDING - rest)  # 2^-rest
    value = m.fma(small, power, power - inverse) * m.two_to(rest)
    return m.where(m.abs(x) < 2.0**-54, x, value)


def tanh(m: Any, x: Any) -> Any:
    """-t/(2 + t) with t = exp(-2|x|) - 1."""
    t = m.expm1(m.abs(x) * -2.0)
    return m.copysign(t / (t + 2.0), x)


# The coefficients of (log((1 + s)/(1 - s)) - 2s)/s by s², from fdlibm's e_log.c (Sun Microsystems,
# 1993); the rest is below 2^-58.
LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)


def log_of_parts(m: Any, k: Any, f: Any, lost: Any) -> Any:
    """k·ln 2 + log(1 + f) + lost, for √½ ≤ 1 + f < √2 and what is lost in it, as fdlibm adds it."""
    s = f / (f + 2.0)
    z = s * s
    half = f * f * 0.5
    rest = s * (half + z * m.polynomial(z, LOG)) + (k * LN2_LOW + lost)
    return k * LN2_HIGH - ((half - rest) - f)


def log(m: Any, x: Any) -> Any:
    """The logarithm; subnormal numbers are made larger first."""
    small = x < 2.0**-1022
    scaled = m.where(small, x * 2.0**54, x)
    k = m.exponent(scaled) - m.where(small, 54.0, 0.0)
    value = log_of_parts(m, k, m.fraction(scaled) - 1.0, 0.0)
    outside = m.where(x < 0.0, nan, m.where(m.equal(x, 0.0), -inf, x))  # inf and nan stay
    return m.where(m.both(x > 0.0, x < inf), value, outside)


def log1p(m: Any, x: Any) -> Any:
    """log(u) + lost/u, with u = 1 + x, which is rounded, and what was lost in that."""
    u = x + 1.0
    lost = m.where(x < 1.0, x - (u - 1.0), 1.0 - (u - x)) / u
    value = log_of_parts(m, m.exponent(u), m.fraction(u) - 1.0, lost)
    outside = m.where(x < -1.0, nan, m.where(m.equal(x, -1.0), -inf, x))
    inside = m.both(m.both(x > -1.0, x < inf), m.abs(x) > 2.0**-54)
    return m.where(inside, value, outside)


FORMULAS = {"exp": exp, "expm1": expm1, "tanh": tanh, "log": log, "log1p": log1p}


@cache
def formula(head: str) -> tuple[list[Symbol], Symbol]:
    """The argument and the result of a function as symbols."""
    trace = Vocabulary()
    x = trace.argument("x")
    return [x], FORMULAS[head](trace, x)
