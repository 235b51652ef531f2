"""Gradients that a checker has to judge: written as text, so that every library can run them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A function, a point, and a claimed gradient that is right or wrong.

    Attributes:
        name: What it is about.
        function: The function of `variables`, as text.
        gradient: The claimed partials, as text of a tuple.
        point: Where it is checked.
        right: Whether the claim is right.
    """

    name: str
    function: str
    gradient: str
    point: tuple[float, ...]
    right: bool

    @property
    def variables(self) -> str:
        """The names of the inputs."""
        return ", ".join("xyz"[: len(self.point)])

    def read(self, text: str, namespace: dict[str, Any]) -> Callable[..., Any]:
        """A text of this case as a function, in the vocabulary of some library."""
        function: Callable[..., Any] = eval(f"lambda {self.variables}: {text}", dict(namespace))
        return function


def sigmoid(x: float) -> float:
    """1/(1 + exp(-x))."""
    return 1 / (1 + math.exp(-x))


PLAIN: dict[str, Any] = {
    **{name: getattr(math, name) for name in (
        "sin", "cos", "tan", "exp", "log", "log1p", "expm1", "sqrt", "tanh", "sinh", "cosh",
        "hypot", "atan2", "atan", "asin",
    )},
    "sigmoid": sigmoid, "abs": abs, "maximum": max, "minimum": min,
    "choose": lambda condition, x, y: x if condition else y,
}  # fmt: skip

S = "(1 / (1 + exp(-x)))"
# fmt: off
WRONG = [
    Case("sin′·(1 + 9e-4)", "sin(x)", "(cos(x) * (1 + 9e-4),)", (1.0,), False),
    Case("sin′·(1 + 1e-6)", "sin(x)", "(cos(x) * (1 + 1e-6),)", (1.0,), False),
    Case("sigmoid′ ≡ 0 at 15", "sigmoid(x)", "(0.0 * x,)", (15.0,), False),
    Case("product rule, error orthogonal to (1, 1)", "x * y", "(y + 0.1, x - 0.1)", (2.0, 3.0), False),
    Case("product rule, error orthogonal to (1, -1)", "x * y", "(y + 0.1, x + 0.1)", (2.0, 3.0), False),
    Case("zero gradient of a function of size 1e-7", "1e-7 * sin(x)", "(0.0 * x,)", (1.0,), False),
    Case("zero gradient of exp at -20", "exp(x)", "(0.0 * x,)", (-20.0,), False),
    Case("zero gradient of 1e-12·x²", "1e-12 * x * x", "(0.0 * x,)", (1.0,), False),
    Case("tanh′ of the input, 1 - x²", "tanh(x)", "(1 - x * x,)", (0.1,), False),
    Case("exp′ as of a power", "exp(x)", "(x * exp(x - 1),)", (2.5,), False),
    Case("log′·(1 + 1e-5) at 1e-5", "log(x)", "((1 + 1e-5) / x,)", (1e-5,), False),
    Case("√′ without ½", "sqrt(x)", "(1 / sqrt(x),)", (2.0,), False),
    Case("quotient, sign", "x / y", "(1 / y, x / (y * y))", (1.0, 3.0), False),
    Case("difference, arguments swapped", "x - y", "(-1.0 + 0 * x, 1.0 + 0 * x)", (1.0, 3.0), False),
    Case("atan2, arguments swapped", "atan2(y, x)", "(x / (x*x + y*y), -y / (x*x + y*y))", (1.0, 3.0), False),
    Case("relu′ = 1 at -1e-7", "maximum(x, 0.0)", "(1.0 + 0 * x,)", (-1e-7,), False),
    Case("relu′ = 0 at 1e-7", "maximum(x, 0.0)", "(0.0 * x,)", (1e-7,), False),
    Case("relu′ = ½ at 1e-7", "maximum(x, 0.0)", "(0.5 + 0 * x,)", (1e-7,), False),
    Case("leaky relu′ = 1 below 0, as published", "choose(x > 0, x, 0.01 * x)", "(1.0 + 0 * x,)", (-2.0,), False),
    Case("x², off by 1e-7 at 1e9", "x * x", "(2 * x * (1 + 1e-7),)", (1e9,), False),
    Case("x³ at 0, off by 1e-8", "x * x * x", "(1e-8 + 3 * x * x,)", (0.0,), False),
    Case("cos′ without its sign", "cos(x)", "(sin(x),)", (1.0,), False),
    Case("cos′ without its sign, at 1e-6", "cos(x)", "(sin(x),)", (1e-6,), False),
    Case("silu′ without the product rule", f"x * {S}", f"({S},)", (0.5,), False),
    Case("softplus′ as tanh", "log(1 + exp(x))", "(tanh(x),)", (1.0,), False),
    Case("softplus′ off by 1e-6 at 30", "log(1 + exp(x))", "(1.000001 + 0 * x,)", (30.0,), False),
    Case("bell curve without the 2", "exp(-x * x)", "(-x * exp(-x * x),)", (5.0,), False),
    Case("mean without 1/n", "(x + y + z) / 3", "(1.0 + 0 * x, 1.0 + 0 * x, 1.0 + 0 * x)", (1.0, 2.0, 3.0), False),
    Case("squared error without the 2", "(x - y) * (x - y)", "(x - y, y - x)", (1.0, 3.0), False),
    Case("norm, not normalised", "hypot(x, y)", "(x, y)", (0.6, 0.81), False),
    Case("cross entropy without - 1", "log(exp(x) + exp(y)) - x",
         "(exp(x) / (exp(x) + exp(y)), exp(y) / (exp(x) + exp(y)))", (1.0, 2.0), False),
    Case("log-sum-exp, not normalised", "log(exp(x) + exp(y))", "(exp(x), exp(y))", (-1.0, -0.5), False),
    Case("max, the other branch", "maximum(x, y)", "(1.0 + 0 * x, 0.0 * x)", (1.0, 2.0), False),
    Case("max, a tie that is none", "maximum(x, y)", "(0.5 + 0 * x, 0.5 + 0 * x)", (1.0, 1.0 + 1e-7), False),
    Case("|x| at 0, outside of [-1, 1]", "abs(x)", "(1.5 + 0 * x,)", (0.0,), False),
    Case("|x| at -1e-7 as at a kink", "abs(x)", "(0.0 * x,)", (-1e-7,), False),
    Case("shifted sine at 1e4", "sin(x)", "(cos(x + 1e-3),)", (1e4,), False),
    Case("1/x without the square, at 1.001", "1 / x", "(-1 / x,)", (1.001,), False),
    Case("a small partial is dropped", "x + 1e-6 * y", "(1.0 + 0 * x, 0.0 * x)", (1.0, 2.0), False),
    Case("a small factor is dropped", "x * y", "(0.0 * x, x)", (2.0, 1e-9), False),
    Case("inner derivative is missing", "sin(3 * x)", "(cos(3 * x),)", (0.4,), False),
    Case("fast sine·(1 + 1e-4)", "sin(1000 * x) / 1000", "(cos(1000 * x) * (1 + 1e-4),)", (0.3,), False),
    Case("power, exponent not lowered", "x ** 2.5", "(2.5 * x ** 2.5,)", (1.01,), False),
    Case("power by its exponent without log", "x ** y", "(y * x ** (y - 1), x ** y)", (2.0, 3.0), False),
    Case("tan′ not squared", "tan(x)", "(1 / cos(x),)", (0.2,), False),
    Case("x·x as one edge", "x * x", "(x,)", (3.0,), False),
    Case("steep tanh ≡ 0 at 0", "tanh(1000 * x)", "(0.0 * x,)", (0.0,), False),
    Case("lost beside an offset of 1e8", "1e8 + x", "(0.0 * x,)", (1.0,), False),
    Case("exp(20·x)·(1 + 1e-5)", "exp(20 * x)", "(20 * exp(20 * x) * (1 + 1e-5),)", (1.0,), False),
    Case("∂E/∂w5 of tutorial T2, in small", "(sigmoid(x * y) - 0.95) * (sigmoid(x * y) - 0.95) / 2",
         "((sigmoid(x*y) - 0.95) * x*y * (1 - x*y) * y, (sigmoid(x*y) - 0.95) * x*y * (1 - x*y) * x)", (0.5, 0.6), False),
]
RIGHT = [
    Case("log at 1e-5", "log(x)", "(1 / x,)", (1e-5,), True),
    Case("log at 1e-300", "log(x)", "(1 / x,)", (1e-300,), True),
    Case("x² at 1e9", "x * x", "(2 * x,)", (1e9,), True),
    Case("x² at 1e-9", "x * x", "(2 * x,)", (1e-9,), True),
    Case("relu at 1e-7", "maximum(x, 0.0)", "(1.0 + 0 * x,)", (1e-7,), True),
    Case("relu at -1e-7", "maximum(x, 0.0)", "(0.0 * x,)", (-1e-7,), True),
    Case("relu at 0: 0", "maximum(x, 0.0)", "(0.0 * x,)", (0.0,), True),
    Case("relu at 0: 1", "maximum(x, 0.0)", "(1.0 + 0 * x,)", (0.0,), True),
    Case("x³ at 0", "x * x * x", "(3 * x * x,)", (0.0,), True),
    Case("|x| at 0", "abs(x)", "(0.0 * x,)", (0.0,), True),
    Case("|x| at 0: -1", "abs(x)", "(-1.0 + 0 * x,)", (0.0,), True),
    Case("max(x, x)", "maximum(x, x)", "(1.0 + 0 * x,)", (2.0,), True),
    Case("max at a tie, ½ each", "maximum(x, y)", "(0.5 + 0 * x, 0.5 + 0 * x)", (2.0, 2.0), True),
    Case("max at a tie, all to one", "maximum(x, y)", "(1.0 + 0 * x, 0.0 * x)", (2.0, 2.0), True),
    Case("leaky relu at 0: 0.01", "choose(x > 0, x, 0.01 * x)", "(0.01 + 0 * x,)", (0.0,), True),
    Case("leaky relu below 0", "choose(x > 0, x, 0.01 * x)", "(0.01 + 0 * x,)", (-3.0,), True),
    Case("sigmoid at 15", "sigmoid(x)", "(sigmoid(x) * (1 - sigmoid(x)),)", (15.0,), True),
    Case("sigmoid at -30", "sigmoid(x)", "(sigmoid(x) * (1 - sigmoid(x)),)", (-30.0,), True),
    Case("sin", "sin(x)", "(cos(x),)", (1.0,), True),
    Case("sin at 1e6", "sin(x)", "(cos(x),)", (1e6,), True),
    Case("sin at a maximum", "sin(x)", "(cos(x),)", (math.pi / 2,), True),
    Case("a function of size 1e-7", "1e-7 * sin(x)", "(1e-7 * cos(x),)", (1.0,), True),
    Case("a function of size 1e-30", "1e-30 * sin(x)", "(1e-30 * cos(x),)", (1.0,), True),
    Case("a function of size 1e30", "1e30 * sin(x)", "(1e30 * cos(x),)", (1.0,), True),
    Case("exp at 50", "exp(x)", "(exp(x),)", (50.0,), True),
    Case("exp at 700", "exp(x)", "(exp(x),)", (700.0,), True),
    Case("exp at -50", "exp(x)", "(exp(x),)", (-50.0,), True),
    Case("1/x at 1e-6", "1 / x", "(-1 / (x * x),)", (1e-6,), True),
    Case("1/x at 1e6", "1 / x", "(-1 / (x * x),)", (1e6,), True),
    Case("√ at 1e-8", "sqrt(x)", "(0.5 / sqrt(x),)", (1e-8,), True),
    Case("tan near its pole", "tan(x)", "(1 + tan(x) * tan(x),)", (1.57,), True),
    Case("product", "x * y", "(y, x)", (2.0, 3.0), True),
    Case("product of 1e6 and 1e-6", "x * y", "(y, x)", (1e6, 1e-6), True),
    Case("quotient", "x / y", "(1 / y, -x / (y * y))", (1.0, 3.0), True),
    Case("norm", "hypot(x, y)", "(x / hypot(x, y), y / hypot(x, y))", (3.0, 4.0), True),
    Case("norm at the origin: 0", "hypot(x, y)", "(0.0 * x, 0.0 * x)", (0.0, 0.0), True),
    Case("cross entropy", "log(exp(x) + exp(y)) - x",
         "(exp(x) / (exp(x) + exp(y)) - 1, exp(y) / (exp(x) + exp(y)))", (1.0, 2.0), True),
    Case("cos at 1e-6", "cos(x)", "(-sin(x),)", (1e-6,), True),
    Case("cos at 0", "cos(x)", "(-sin(x),)", (0.0,), True),
    Case("1 - cos, which cancels, at 1e-3", "1 - cos(x)", "(sin(x),)", (1e-3,), True),
    Case("(x - 1)⁷ at 1", "(x - 1) ** 7", "(7 * (x - 1) ** 6,)", (1.0,), True),
    Case("fast sine", "sin(1000 * x) / 1000", "(cos(1000 * x),)", (0.3,), True),
    Case("steep tanh at 0", "tanh(1000 * x)", "(1000 / cosh(1000 * x) ** 2,)", (0.0,), True),
    Case("beside an offset of 1e8", "1e8 + x", "(1.0 + 0 * x,)", (1.0,), True),
    Case("softplus at 30", "log(1 + exp(x))", "(1 / (1 + exp(-x)),)", (30.0,), True),
    Case("bell curve at 5", "exp(-x * x)", "(-2 * x * exp(-x * x),)", (5.0,), True),
    Case("power by both", "x ** y", "(y * x ** (y - 1), x ** y * log(x))", (2.0, 3.5), True),
    Case("Huber at its seam", "choose(abs(x) <= 1, 0.5 * x * x, abs(x) - 0.5)", "(1.0 + 0 * x,)", (1.0,), True),
    Case("a small partial", "x + 1e-6 * y", "(1.0 + 0 * x, 1e-6 + 0 * x)", (1.0, 2.0), True),
    Case("no dependence on y", "x * x + 0 * y", "(2 * x, 0.0 * x)", (1.0, 2.0), True),
    Case("asin near its end", "asin(x)", "(1 / sqrt((1 - x) * (1 + x)),)", (0.999999,), True),
]
# fmt: on
CASES = [*WRONG, *RIGHT]
