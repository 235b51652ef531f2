"""The functions of the vocabulary and their derivatives in high precision, by mpmath.

What is known here is the derivative of each function in the textbook's form; the precision is such
that nothing that cancels there reaches a float.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

BITS = 256
context = mpmath.MPContext()  # of its own, so that nobody's precision is changed
context.prec = BITS
mpf = context.mpf
INF, NAN = context.inf, context.nan
FARTHEST = mpf(2) ** 4000  # exp of more than this is inf to anybody

Real = Any  # mpmath's numbers have no types


def divided(x: Real, y: Real) -> Real:
    """x / y with the infinities of IEEE 754, for +0."""
    if y:
        return x / y
    return NAN if not x or context.isnan(x) else INF if x > 0 else -INF


def power(x: Real, p: Real) -> Real:
    """x^p, real."""
    if x < 0 and p != context.floor(p):
        return NAN
    if x == 0 and p < 0:
        return INF
    if p > FARTHEST or p < -FARTHEST:
        return NAN
    return real(context.power, x, p)


def real(function: Callable[..., Real], *given: Real) -> Real:
    """The result of one of mpmath's functions, nan where it is complex or undefined."""
    try:
        result = function(*given)
    except (ValueError, ZeroDivisionError, OverflowError, context.NoConvergence):
        return NAN
    return NAN if isinstance(result, context.mpc) else result


def elementary(name: str, x: Real) -> Real:
    """One of the vocabulary's functions of one argument."""
    if context.isnan(x):
        return NAN
    if name in ENDS and not -FARTHEST < x < FARTHEST:
        return ENDS[name][x > 0]
    if name == "cbrt":
        return -context.cbrt(-x) if x < 0 else context.cbrt(x)
    if name in ("atanh", "log1p") and x in (1, -1):
        pole = INF if x == 1 else -INF
        return context.log1p(x) if name == "log1p" and x == 1 else pole
    if name in ("erf", "erfc") and abs(x) > 1000:  # e^-1000000 is zero to any float
        tail = mpf(0) if x > 0 else mpf(2)
        return tail if name == "erfc" else 1 - tail
    if name in ("log2", "log10"):
        return real(context.log, x, 2 if name == "log2" else 10) if x else -INF
    return real(getattr(context, name), x)


ENDS = {"exp": (mpf(0), INF), "expm1": (mpf(-1), INF), "sinh": (-INF, INF), "cosh": (INF, INF)}


def bell(x: Real) -> Real:
    """2/√π·exp(-x²)."""
    return 2 / context.sqrt(context.pi) * elementary("exp", -x * x)


def root(x: Real) -> Real:
    """√x, nan below 0."""
    return real(context.sqrt, x)


def over(x: Real) -> Real:
    """1/x."""
    return divided(mpf(1), x)


# The derivative of each function, given x and the value.
DERIVATIVES: dict[str, Callable[[Real, Real], Real]] = {
    "exp": lambda x, y: y,
    "expm1": lambda x, y: elementary("exp", x),
    "log": lambda x, y: over(x) if x >= 0 else NAN,
    "log1p": lambda x, y: over(1 + x) if x >= -1 else NAN,
    "log2": lambda x, y: over(x * context.log(2)) if x >= 0 else NAN,
    "log10": lambda x, y: over(x * context.log(10)) if x >= 0 else NAN,
    "sqrt": lambda x, y: over(2 * y),
    "cbrt": lambda x, y: over(3 * y * y),
    "sin": lambda x, y: context.cos(x),
    "cos": lambda x, y: -context.sin(x),
    "tan": lambda x, y: 1 + y * y,
    "asin": lambda x, y: over(root((1 - x) * (1 + x))),
    "acos": lambda x, y: -over(root((1 - x) * (1 + x))),
    "atan": lambda x, y: over(1 + x * x),
    "sinh": lambda x, y: elementary("cosh", x),
    "cosh": lambda x, y: elementary("sinh", x),
    "tanh": lambda x, y: over(elementary("cosh", x) ** 2),
    "asinh": lambda x, y: over(root(1 + x * x)),
    "acosh": lambda x, y: over(root(x - 1) * root(x + 1)),
    "atanh": lambda x, y: over((1 - x) * (1 + x)) if abs(x) <= 1 else NAN,
    "erf": lambda x, y: bell(x),
    "erfc": lambda x, y: -bell(x),
}
