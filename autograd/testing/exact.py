"""The functions of the vocabulary in high precision, by mpmath."""

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
    if name in STEPS:
        return STEPS[name](x) if context.isfinite(x) else x
    if name == "exp2":
        return context.power(2, x)
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


def remainder(x: Real, y: Real) -> tuple[Real, Real]:
    """floor(x / y) and x - floor(x / y)·y; nan where y is 0 or one of them is infinite."""
    if not (y and context.isfinite(x) and context.isfinite(y)):
        return NAN, NAN
    with context.workprec(BITS + 2200):  # the quotient of two floats has up to 2098 bits
        quotient = context.floor(x / y)
        return quotient, x - quotient * y


STEPS = {
    "stop_gradient": lambda x: x,
    "floor": context.floor,
    "ceil": context.ceil,
    "trunc": lambda x: context.ceil(x) if x < 0 else context.floor(x),
    "round": context.nint,
}
ENDS = {
    "exp": (mpf(0), INF),
    "exp2": (mpf(0), INF),
    "expm1": (mpf(-1), INF),
    "sinh": (-INF, INF),
    "cosh": (INF, INF),
}
