"""A gradient that a checker has to judge: written as text, so that every library can run it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np


@dataclass(frozen=True)
class Case:
    """A function, a point, and a claimed gradient that is right or wrong.

    Attributes:
        name: What it is about.
        function: The function of `variables`, as text.
        gradient: The claimed partials, as text of a tuple.
        point: Where it is checked.
        right: Whether the claim is right.
        dtype: In what the function is given its numbers and computes: "float64"; "float32", whose
            code also runs in float64; or "float32 only", which converts whatever it is given.
        plain_only: Whether the function cannot be recorded.
    """

    name: str
    function: str
    gradient: str
    point: tuple[float, ...]
    right: bool
    dtype: str = "float64"
    plain_only: bool = False

    @property
    def variables(self) -> str:
        """The names of the inputs."""
        return ", ".join("xyz"[: len(self.point)])

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The point in its type."""
        return self.point if self.dtype == "float64" else tuple(map(np.float32, self.point))

    def read(self, text: str, namespace: dict[str, Any]) -> Callable[..., Any]:
        """A text of this case as a function, in the vocabulary of some library."""
        function: Callable[..., Any] = eval(f"lambda {self.variables}: {text}", dict(namespace))
        return function

    def plain(self, text: str) -> Callable[..., Any]:
        """A text of this case as plain code: of `math`, or of NumPy in float32."""
        if self.dtype == "float64":
            return self.read(text, PLAIN)
        function = self.read(text, NUMPY)

        def run(*inputs: Any) -> Any:
            with np.errstate(all="ignore"):
                if self.dtype == "float32 only":
                    return _narrowed(function(*map(np.float32, inputs)))
                return function(*inputs)

        return run

    def truth(self) -> bool:
        """Whether the claim is right, from one-sided differences with a hundred digits.

        The claimed formula is computed with as many digits, so that it is judged and not its
        rounding. At a kink whatever is between the derivatives of the two sides is right.
        """
        with mpmath.workdps(150):
            point = [mpmath.mpf(float(x)) for x in self.inputs]
            function, gradient = (self.read(t, EXACT) for t in (self.function, self.gradient))
            return all(
                _is_between(claim, *(_one_sided(function, point, i, sign) for sign in (-1, 1)))
                for i, claim in enumerate(gradient(*point))
            )


def _one_sided(function: Callable[..., Any], point: list[Any], index: int, sign: int) -> Any:
    """The derivative from one side, by Richardson's extrapolation of two tiny steps."""
    here = function(*point)

    def quotient(step: Any) -> Any:
        moved = [x + sign * step if i == index else x for i, x in enumerate(point)]
        return sign * (function(*moved) - here) / step

    step = mpmath.mpf(10) ** -50 * (abs(point[index]) or 1)
    return 2 * quotient(step / 2) - quotient(step)


def _is_between(claim: Any, left: Any, right: Any) -> bool:
    error = mpmath.mpf(10) ** -30 * max(abs(left), abs(right), mpmath.mpf(10) ** -60)
    return bool(min(left, right) - error <= claim <= max(left, right) + error)


def _narrowed(result: Any) -> Any:
    return tuple(map(np.float32, result)) if isinstance(result, tuple) else np.float32(result)


def _sigmoid(exp: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: 1 / (1 + exp(-x))


NAMES = (
    "sin", "cos", "tan", "exp", "log", "log1p", "expm1", "sqrt", "tanh", "sinh", "cosh", "hypot",
    "atan2", "atan", "asin",
)  # fmt: skip
PLAIN: dict[str, Any] = {
    **{name: getattr(math, name) for name in NAMES},
    "sigmoid": _sigmoid(math.exp), "abs": abs, "maximum": max, "minimum": min, "round": round,
    "choose": lambda condition, x, y: x if condition else y,
}  # fmt: skip
NUMPY: dict[str, Any] = {
    **{name: getattr(np, name) for name in NAMES if hasattr(np, name)},
    "atan2": np.arctan2, "atan": np.arctan, "asin": np.arcsin, "sigmoid": _sigmoid(np.exp),
    "abs": np.abs, "maximum": np.maximum, "minimum": np.minimum, "round": np.round,
    "choose": np.where,
}  # fmt: skip
EXACT: dict[str, Any] = {
    **{name: getattr(mpmath, name) for name in NAMES if hasattr(mpmath, name)},
    "sigmoid": _sigmoid(mpmath.exp), "abs": abs, "maximum": max, "minimum": min,
    "round": lambda x, _: x,  # a rounded result stands for the one before it
    "choose": PLAIN["choose"],
}  # fmt: skip
