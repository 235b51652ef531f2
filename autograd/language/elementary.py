"""The elementary functions of `m`: one table, which every interpreter of the language reads.

A rule of the derivative table is written with Python's operators and with these functions, as in
`m.where(x > 0, m.exp(-x), 1.0)`. To add a function add a row here and, in `floats.py`, the function
on floats.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Any

from autograd.language import floats

# How tightly each construct of Python binds; what binds less is put in parentheses.
CONDITIONAL, OR, AND, COMPARISON, SUM, PRODUCT, NEGATIVE, ATOM = range(8)

Derivative = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class Elementary:
    """One elementary function.

    Attributes:
        name: Its name in rules and as the head of a symbol; of an operator its sign.
        on_floats: The function on floats, which never raises.
        plain: What careful plain code on floats calls, as "math.exp"; "" for a construct.
        numpy: What NumPy and libraries like it call it; "" if NumPy has no such function.
        derivative: `derivative(m, x, y)`, its derivative as a textbook has it, where y is the
            value; None of what takes several arguments. It is there to check rules by, on numbers
            of high precision, so it may cancel.
        construct: Its form in Python where it is no call, with a place for each argument.
        binding: How tightly that binds.
        inner: For each argument how tightly it has to bind.
        commutes: Whether its two arguments may change places.
    """

    name: str
    on_floats: Callable[..., Any]
    plain: str = ""
    numpy: str = ""
    derivative: Derivative | None = None
    construct: str = ""
    binding: int = ATOM
    inner: tuple[int, ...] = ()
    commutes: bool = False


ELEMENTARY: dict[str, Elementary] = {}
CONSTANTS = (
    "pi",
    "log2_e",
    "log10_e",
    "sqrt_half",
    "sqrt_half_rest",
    "two_over_sqrt_pi",
    "inverse_sqrt_two_pi",
)


def infix(
    sign: str, on_floats: Callable[..., Any], numpy: str, binding: int, commutes: bool = False
) -> None:
    """Adds an operator that stands between its two arguments."""
    construct, inner = f"{{}} {sign} {{}}", (binding, binding + 1)
    ELEMENTARY[sign] = Elementary(
        sign, on_floats, "", numpy, None, construct, binding, inner, commutes
    )


def construct(name: str, form: str, numpy: str, binding: int, *inner: int) -> None:
    """Adds what Python has a construct for."""
    on_floats = getattr(floats, name, operator.neg)  # a negative is written -x in rules
    ELEMENTARY[name] = Elementary(name, on_floats, "", numpy, None, form, binding, inner)


def function(
    name: str, numpy: str, derivative: Derivative | None = None, plain: str = "math.{}"
) -> None:
    """Adds a function that is called."""
    on_floats = max if plain == "max" else getattr(floats, name)  # as a step it is of several terms
    ELEMENTARY[name] = Elementary(name, on_floats, plain.format(name), numpy, derivative)


# fmt: off
infix("+", operator.add, "add", SUM, commutes=True)
infix("-", operator.sub, "subtract", SUM)
infix("*", operator.mul, "multiply", PRODUCT, commutes=True)
infix("/", floats.divide, "divide", PRODUCT)
infix("%", floats.remainder, "remainder", PRODUCT)
infix("//", floats.floor_divide, "floor_divide", PRODUCT)
infix("<", operator.lt, "less", COMPARISON)
infix("<=", operator.le, "less_equal", COMPARISON)
infix(">", operator.gt, "greater", COMPARISON)
infix(">=", operator.ge, "greater_equal", COMPARISON)

construct("negative", "-{}", "negative", NEGATIVE, NEGATIVE)
construct("equal", "{} == {}", "equal", COMPARISON, SUM, SUM)
construct("both", "{} and {}", "logical_and", AND, AND, COMPARISON)
construct("either", "{} or {}", "logical_or", OR, OR, AND)
construct("where", "{1} if {0} else {2}", "where", CONDITIONAL, OR, OR, CONDITIONAL)

#        name     NumPy's    derivative by x, with the value y
function("exp",   "exp",     lambda m, x, y: y)
function("exp2",  "exp2",    lambda m, x, y: y / m.log2_e)
function("expm1", "expm1",   lambda m, x, y: m.exp(x))
function("log",   "log",     lambda m, x, y: m.where(x >= 0, 1 / x, nan))
function("log1p", "log1p",   lambda m, x, y: m.where(x >= -1, 1 / (1 + x), nan))
function("log2",  "log2",    lambda m, x, y: m.where(x >= 0, m.log2_e / x, nan))
function("log10", "log10",   lambda m, x, y: m.where(x >= 0, m.log10_e / x, nan))
function("sqrt",  "sqrt",    lambda m, x, y: 1 / (2 * y))
function("cbrt",  "cbrt",    lambda m, x, y: 1 / (3 * y * y), plain="floats.{}")
function("sin",   "sin",     lambda m, x, y: m.cos(x))
function("cos",   "cos",     lambda m, x, y: -m.sin(x))
function("tan",   "tan",     lambda m, x, y: 1 + y * y)
function("asin",  "arcsin",  lambda m, x, y: 1 / m.sqrt((1 - x) * (1 + x)))
function("acos",  "arccos",  lambda m, x, y: -1 / m.sqrt((1 - x) * (1 + x)))
function("atan",  "arctan",  lambda m, x, y: 1 / (1 + x * x))
function("sinh",  "sinh",    lambda m, x, y: m.cosh(x))
function("cosh",  "cosh",    lambda m, x, y: m.sinh(x))
function("tanh",  "tanh",    lambda m, x, y: 1 / (m.cosh(x) * m.cosh(x)))
function("asinh", "arcsinh", lambda m, x, y: 1 / m.sqrt(1 + x * x))
function("acosh", "arccosh", lambda m, x, y: 1 / (m.sqrt(x - 1) * m.sqrt(x + 1)))
function("atanh", "arctanh", lambda m, x, y: m.where(m.abs(x) <= 1, 1 / ((1 - x) * (1 + x)), nan))
function("erf",   "",        lambda m, x, y: m.two_over_sqrt_pi * m.exp(-x * x))
function("erfc",  "",        lambda m, x, y: -m.two_over_sqrt_pi * m.exp(-x * x))
function("floor", "floor",   lambda m, x, y: 0.0, plain="floats.{}")
function("ceil",  "ceil",    lambda m, x, y: 0.0, plain="floats.{}")
function("trunc", "trunc",   lambda m, x, y: 0.0, plain="floats.{}")
function("round", "rint",    lambda m, x, y: 0.0, plain="floats.{}")
function("stop_gradient", "positive", lambda m, x, y: 0.0, plain="floats.{}")
function("abs",   "absolute", plain="math.fabs")
function("pow",   "power")
function("hypot", "hypot")
function("atan2", "arctan2")
function("largest", "maximum", plain="max")
function("product_error", "", plain="floats.{}")
# fmt: on

# What rules write as a function of `m`; the others they write as Python does.
FUNCTIONS = frozenset(name for name in ELEMENTARY if hasattr(floats, name))
