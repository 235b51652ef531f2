"""`m` on Python floats: elementary functions that follow IEEE 754 and never raise.

Python's ``math`` raises where IEEE 754 has an answer: ``math.log(0.0)``, ``math.exp(710.0)``,
``1.0 / 0.0``. The functions here give that answer (-inf, inf, inf), as NumPy does. Eager code runs
on plain ``math`` and comes here only when that raised.
"""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable, Sequence
from math import inf, nan

from autograd.language import compensated

Function = Callable[[float], float]
_FLOATS = sys.modules[__name__]

pi = math.pi
log2_e = 1.4426950408889634
log10_e = 0.4342944819032518
sqrt_half = 0.7071067811865476
sqrt_half_rest = -4.833646656726457e-17  # √½ is the sum of these two, to 106 bits
two_over_sqrt_pi = 2 / math.sqrt(math.pi)
inverse_sqrt_two_pi = 0.3989422804014327


def divide(x: float, y: float) -> float:
    """x / y with the infinities and nan of IEEE 754."""
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0.0 or x != x:
            return nan
        return math.copysign(inf, x) * math.copysign(1.0, y)


def pow(x: float, y: float) -> float:
    """x to the power y, real: nan and not complex for a negative x and a fractional y."""
    try:
        return math.pow(x, y)
    except OverflowError:
        return -inf if x < 0.0 and y % 2.0 == 1.0 else inf
    except ValueError:
        if x == 0.0:  # a pole, as y < 0
            return math.copysign(inf, x) if y % 2.0 == 1.0 else inf
        return nan


def cbrt(x: float) -> float:
    """The real cube root, correct to less than one unit in the last place."""
    return x if x == 0.0 else compensated.cbrt(_FLOATS, x)


def product_error(x: float, y: float) -> float:
    """x·y minus its rounded product, exactly; 0 where that is not representable."""
    return compensated.product_error(_FLOATS, x, y)  # type: ignore[no-any-return]


def where(condition: bool, x: float, y: float) -> float:
    """x where the condition holds, else y; both are already computed."""
    return x if condition else y


def both(first: bool, second: bool) -> bool:
    """Whether both conditions hold."""
    return first and second


def either(first: bool, second: bool) -> bool:
    """Whether at least one of the conditions holds."""
    return first or second


def equal(x: float, y: float) -> bool:
    """Whether x == y; nan equals nothing."""
    return x == y


def remainder(x: float, y: float) -> float:
    """x - floor(x / y)·y, with the sign of y, as Python's and NumPy's %; nan for y = 0."""
    try:
        return x % y
    except ZeroDivisionError:
        return nan


def floor_divide(x: float, y: float) -> float:
    """floor(x / y), as Python's and NumPy's //; x / y for y = 0."""
    try:
        return x // y
    except ZeroDivisionError:
        return divide(x, y)


def floor(x: float) -> float:
    """The largest integer that is not above x."""
    return _integer(math.floor, x)


def ceil(x: float) -> float:
    """The smallest integer that is not below x."""
    return _integer(math.ceil, x)


def trunc(x: float) -> float:
    """The integer part of x."""
    return _integer(math.trunc, x)


def round(x: float) -> float:
    """The integer nearest to x; the even one of two that are equally near."""
    return _integer(builtins.round, x)


def _integer(function: Callable[[float], int], x: float) -> float:
    """`function(x)` as a float with the sign of x; from 2^52 on every float is an integer."""
    return math.copysign(float(function(x)), x) if -(2.0**52) < x < 2.0**52 else x


def stop_gradient(x: float) -> float:
    """x itself, which derivatives take for a constant."""
    return x


def largest(values: Sequence[float]) -> float:
    """The largest of the values."""
    return max(values)


def _guard(function: Function, beyond: Callable[[float], float]) -> Function:
    """`function`, with `beyond(x)` where it raises."""

    def guarded(x: float) -> float:
        try:
            return function(x)
        except (ValueError, OverflowError):
            return beyond(x)

    guarded.__name__ = guarded.__qualname__ = function.__name__
    return guarded


def _undefined(_: float) -> float:
    return nan


def _pole(at: float, limit: float) -> Function:
    """What a function is where `math` raises: `limit` at its pole `at`, nan elsewhere."""
    return lambda x: limit if x == at else nan


exp = _guard(math.exp, lambda _: inf)
exp2 = _guard(math.exp2, lambda _: inf)
expm1 = _guard(math.expm1, lambda _: inf)
log = _guard(math.log, _pole(0.0, -inf))
log2 = _guard(math.log2, _pole(0.0, -inf))
log10 = _guard(math.log10, _pole(0.0, -inf))
log1p = _guard(math.log1p, _pole(-1.0, -inf))
sqrt = _guard(math.sqrt, _undefined)
sin = _guard(math.sin, _undefined)
cos = _guard(math.cos, _undefined)
tan = _guard(math.tan, _undefined)
asin = _guard(math.asin, _undefined)
acos = _guard(math.acos, _undefined)
atan = math.atan
atan2 = math.atan2
hypot = math.hypot
sinh = _guard(math.sinh, lambda x: math.copysign(inf, x))
cosh = _guard(math.cosh, lambda _: inf)
tanh = math.tanh
asinh = math.asinh
acosh = _guard(math.acosh, _undefined)
atanh = _guard(math.atanh, lambda x: math.copysign(inf, x) if abs(x) == 1.0 else nan)
erf = math.erf
erfc = math.erfc
abs = math.fabs
