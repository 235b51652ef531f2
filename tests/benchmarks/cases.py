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
WRONG = [Case(*row, right=False) for row in (
    ("sin′·(1 + 9e-4)", "sin(x)", "(cos(x) * (1 + 9e-4),)", (1.0,)),
    ("sin′·(1 + 1e-6)", "sin(x)", "(cos(x) * (1 + 1e-6),)", (1.0,)),
    ("sigmoid′ ≡ 0 at 15", "sigmoid(x)", "(0.0,)", (15.0,)),
    ("product rule, error orthogonal to (1, 1)", "x * y", "(y + 0.1, x - 0.1)", (2.0, 3.0)),
    ("product rule, error orthogonal to (1, -1)", "x * y", "(y + 0.1, x + 0.1)", (2.0, 3.0)),
    ("zero gradient of a function of size 1e-7", "1e-7 * sin(x)", "(0.0,)", (1.0,)),
    ("zero gradient of exp at -20", "exp(x)", "(0.0,)", (-20.0,)),
    ("zero gradient of 1e-12·x²", "1e-12 * x * x", "(0.0,)", (1.0,)),
    ("tanh′ of the input, 1 - x²", "tanh(x)", "(1 - x * x,)", (0.1,)),
    ("exp′ as of a power", "exp(x)", "(x * exp(x - 1),)", (2.5,)),
    ("log′·(1 + 1e-5) at 1e-5", "log(x)", "((1 + 1e-5) / x,)", (1e-5,)),
    ("√′ without ½", "sqrt(x)", "(1 / sqrt(x),)", (2.0,)),
    ("quotient, sign", "x / y", "(1 / y, x / (y * y))", (1.0, 3.0)),
    ("difference, arguments swapped", "x - y", "(-1.0, 1.0)", (1.0, 3.0)),
    ("atan2, arguments swapped", "atan2(y, x)", "(x / (x*x + y*y), -y / (x*x + y*y))", (1.0, 3.0)),
    ("relu′ = 1 at -1e-7", "maximum(x, 0.0)", "(1.0,)", (-1e-7,)),
    ("relu′ = 0 at 1e-7", "maximum(x, 0.0)", "(0.0,)", (1e-7,)),
    ("relu′ = ½ at 1e-7", "maximum(x, 0.0)", "(0.5,)", (1e-7,)),
    ("leaky relu′ = 1 below 0, as published", "choose(x > 0, x, 0.01 * x)", "(1.0,)", (-2.0,)),
    ("x², off by 1e-7 at 1e9", "x * x", "(2 * x * (1 + 1e-7),)", (1e9,)),
    ("x³ at 0, off by 1e-8", "x * x * x", "(1e-8 + 3 * x * x,)", (0.0,)),
    ("cos′ without its sign", "cos(x)", "(sin(x),)", (1.0,)),
    ("cos′ without its sign, at 1e-6", "cos(x)", "(sin(x),)", (1e-6,)),
    ("silu′ without the product rule", f"x * {S}", f"({S},)", (0.5,)),
    ("softplus′ as tanh", "log(1 + exp(x))", "(tanh(x),)", (1.0,)),
    ("softplus′ off by 1e-6 at 30", "log(1 + exp(x))", "(1.000001,)", (30.0,)),
    ("bell curve without the 2", "exp(-x * x)", "(-x * exp(-x * x),)", (5.0,)),
    ("mean without 1/n", "(x + y + z) / 3", "(1.0, 1.0, 1.0)", (1.0, 2.0, 3.0)),
    ("squared error without the 2", "(x - y) * (x - y)", "(x - y, y - x)", (1.0, 3.0)),
    ("norm, not normalised", "hypot(x, y)", "(x, y)", (0.6, 0.81)),
    ("cross entropy without - 1", "log(exp(x) + exp(y)) - x",
     "(exp(x) / (exp(x) + exp(y)), exp(y) / (exp(x) + exp(y)))", (1.0, 2.0)),
    ("log-sum-exp, not normalised", "log(exp(x) + exp(y))", "(exp(x), exp(y))", (-1.0, -0.5)),
    ("max, the other branch", "maximum(x, y)", "(1.0, 0.0)", (1.0, 2.0)),
    ("max, a tie that is none", "maximum(x, y)", "(0.5, 0.5)", (1.0, 1.0 + 1e-7)),
    ("|x| at 0, outside of [-1, 1]", "abs(x)", "(1.5,)", (0.0,)),
    ("|x| at -1e-7 as at a kink", "abs(x)", "(0.0,)", (-1e-7,)),
    ("shifted sine at 1e4", "sin(x)", "(cos(x + 1e-3),)", (1e4,)),
    ("1/x without the square, at 1.001", "1 / x", "(-1 / x,)", (1.001,)),
    ("a small partial is dropped", "x + 1e-6 * y", "(1.0, 0.0)", (1.0, 2.0)),
    ("a small factor is dropped", "x * y", "(0.0, x)", (2.0, 1e-9)),
    ("inner derivative is missing", "sin(3 * x)", "(cos(3 * x),)", (0.4,)),
    ("fast sine·(1 + 1e-4)", "sin(1000 * x) / 1000", "(cos(1000 * x) * (1 + 1e-4),)", (0.3,)),
    ("power, exponent not lowered", "x ** 2.5", "(2.5 * x ** 2.5,)", (1.01,)),
    ("power by its exponent without log", "x ** y", "(y * x ** (y - 1), x ** y)", (2.0, 3.0)),
    ("tan′ not squared", "tan(x)", "(1 / cos(x),)", (0.2,)),
    ("x·x as one edge", "x * x", "(x,)", (3.0,)),
    ("steep tanh ≡ 0 at 0", "tanh(1000 * x)", "(0.0,)", (0.0,)),
    ("lost beside an offset of 1e8", "1e8 + x", "(0.0,)", (1.0,)),
    ("exp(20·x)·(1 + 1e-5)", "exp(20 * x)", "(20 * exp(20 * x) * (1 + 1e-5),)", (1.0,)),
    ("∂E/∂w5 of tutorial T2, in small", "(sigmoid(x * y) - 0.95) * (sigmoid(x * y) - 0.95) / 2",
     "((sigmoid(x * y) - 0.95) * x * y * (1 - x * y) * y, "
     "(sigmoid(x * y) - 0.95) * x * y * (1 - x * y) * x)", (0.5, 0.6)),
)]
RIGHT = [Case(*row, right=True) for row in (
    ("log at 1e-5", "log(x)", "(1 / x,)", (1e-5,)),
    ("log at 1e-300", "log(x)", "(1 / x,)", (1e-300,)),
    ("x² at 1e9", "x * x", "(2 * x,)", (1e9,)),
    ("x² at 1e-9", "x * x", "(2 * x,)", (1e-9,)),
    ("relu at 1e-7", "maximum(x, 0.0)", "(1.0,)", (1e-7,)),
    ("relu at -1e-7", "maximum(x, 0.0)", "(0.0,)", (-1e-7,)),
    ("relu at 0: 0", "maximum(x, 0.0)", "(0.0,)", (0.0,)),
    ("relu at 0: 1", "maximum(x, 0.0)", "(1.0,)", (0.0,)),
    ("x³ at 0", "x * x * x", "(3 * x * x,)", (0.0,)),
    ("|x| at 0", "abs(x)", "(0.0,)", (0.0,)),
    ("|x| at 0: -1", "abs(x)", "(-1.0,)", (0.0,)),
    ("max(x, x)", "maximum(x, x)", "(1.0,)", (2.0,)),
    ("max at a tie, ½ each", "maximum(x, y)", "(0.5, 0.5)", (2.0, 2.0)),
    ("max at a tie, all to one", "maximum(x, y)", "(1.0, 0.0)", (2.0, 2.0)),
    ("leaky relu at 0: 0.01", "choose(x > 0, x, 0.01 * x)", "(0.01,)", (0.0,)),
    ("leaky relu below 0", "choose(x > 0, x, 0.01 * x)", "(0.01,)", (-3.0,)),
    ("sigmoid at 15", "sigmoid(x)", "(sigmoid(x) * (1 - sigmoid(x)),)", (15.0,)),
    ("sigmoid at -30", "sigmoid(x)", "(sigmoid(x) * (1 - sigmoid(x)),)", (-30.0,)),
    ("sin", "sin(x)", "(cos(x),)", (1.0,)),
    ("sin at 1e6", "sin(x)", "(cos(x),)", (1e6,)),
    ("sin at a maximum", "sin(x)", "(cos(x),)", (math.pi / 2,)),
    ("a function of size 1e-7", "1e-7 * sin(x)", "(1e-7 * cos(x),)", (1.0,)),
    ("a function of size 1e-30", "1e-30 * sin(x)", "(1e-30 * cos(x),)", (1.0,)),
    ("a function of size 1e30", "1e30 * sin(x)", "(1e30 * cos(x),)", (1.0,)),
    ("exp at 50", "exp(x)", "(exp(x),)", (50.0,)),
    ("exp at 700", "exp(x)", "(exp(x),)", (700.0,)),
    ("exp at -50", "exp(x)", "(exp(x),)", (-50.0,)),
    ("1/x at 1e-6", "1 / x", "(-1 / (x * x),)", (1e-6,)),
    ("1/x at 1e6", "1 / x", "(-1 / (x * x),)", (1e6,)),
    ("√ at 1e-8", "sqrt(x)", "(0.5 / sqrt(x),)", (1e-8,)),
    ("tan near its pole", "tan(x)", "(1 + tan(x) * tan(x),)", (1.57,)),
    ("product", "x * y", "(y, x)", (2.0, 3.0)),
    ("product of 1e6 and 1e-6", "x * y", "(y, x)", (1e6, 1e-6)),
    ("quotient", "x / y", "(1 / y, -x / (y * y))", (1.0, 3.0)),
    ("norm", "hypot(x, y)", "(x / hypot(x, y), y / hypot(x, y))", (3.0, 4.0)),
    ("norm at the origin: 0", "hypot(x, y)", "(0.0, 0.0)", (0.0, 0.0)),
    ("cross entropy", "log(exp(x) + exp(y)) - x",
     "(exp(x) / (exp(x) + exp(y)) - 1, exp(y) / (exp(x) + exp(y)))", (1.0, 2.0)),
    ("cos at 1e-6", "cos(x)", "(-sin(x),)", (1e-6,)),
    ("cos at 0", "cos(x)", "(-sin(x),)", (0.0,)),
    ("1 - cos, which cancels, at 1e-3", "1 - cos(x)", "(sin(x),)", (1e-3,)),
    ("(x - 1)⁷ at 1", "(x - 1) ** 7", "(7 * (x - 1) ** 6,)", (1.0,)),
    ("fast sine", "sin(1000 * x) / 1000", "(cos(1000 * x),)", (0.3,)),
    ("steep tanh at 0", "tanh(1000 * x)", "(1000 / cosh(1000 * x) ** 2,)", (0.0,)),
    ("beside an offset of 1e8", "1e8 + x", "(1.0,)", (1.0,)),
    ("softplus at 30", "log(1 + exp(x))", "(1 / (1 + exp(-x)),)", (30.0,)),
    ("bell curve at 5", "exp(-x * x)", "(-2 * x * exp(-x * x),)", (5.0,)),
    ("power by both", "x ** y", "(y * x ** (y - 1), x ** y * log(x))", (2.0, 3.5)),
    ("Huber at its seam", "choose(abs(x) <= 1, 0.5 * x * x, abs(x) - 0.5)", "(1.0,)", (1.0,)),
    ("a small partial", "x + 1e-6 * y", "(1.0, 1e-6)", (1.0, 2.0)),
    ("no dependence on y", "x * x + 0 * y", "(2 * x, 0.0)", (1.0, 2.0)),
    ("asin near its end", "asin(x)", "(1 / sqrt((1 - x) * (1 + x)),)", (0.999999,)),
)]
# fmt: on
CASES = [*WRONG, *RIGHT]
