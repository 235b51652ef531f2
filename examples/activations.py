"""T1's three activations beside their derivatives, which are taken from the engine.

The notebook's derivative of the leaky ReLU takes the function's *output* and returns 1 wherever
that is not zero: wrong for every negative input, where it is 0.01.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

import autograd
from autograd import Value
from examples.report import save_plot

POINTS = np.arange(-5.0, 5.0, 0.1)


def hyperbolic_tangent(x: Value) -> Value:
    """tanh as the notebook writes it."""
    return 2 / (1 + autograd.exp(-2 * x)) - 1


ACTIVATIONS: dict[str, Callable[[Value], Value]] = {
    "sigmoid": autograd.sigmoid,
    "tanh": hyperbolic_tangent,
    "leaky ReLU": autograd.leaky_relu,
}


def curve(activation: Callable[[Value], Value]) -> tuple[list[float], list[float]]:
    """The function and its derivative at all points."""
    values, slopes = [], []
    for point in POINTS:
        x = Value(point)
        y = activation(x)
        y.backward()
        values.append(y.data)
        slopes.append(x.grad)
    return values, slopes


def published_leaky_slope(output: float) -> float:
    """The notebook's derivative of the leaky ReLU, of the function's output."""
    return 0.01 if output == 0 else 1.0


def main() -> int:
    """Prints where the published derivative is wrong, and draws the three activations."""
    values, slopes = curve(autograd.leaky_relu)
    wrong = [
        x
        for x, value, slope in zip(POINTS, values, slopes, strict=True)
        if published_leaky_slope(value) != slope
    ]
    print(f"leaky ReLU: the published derivative is wrong at {len(wrong)} of {len(POINTS)} points,")
    print(f"all those from {wrong[0]:.1f} to {wrong[-1]:.1f}: it says 1, the derivative is 0.01")

    def plot(*columns: Any) -> None:
        for axes, (name, activation) in zip(columns, ACTIVATIONS.items(), strict=True):
            values, slopes = curve(activation)
            axes.plot(POINTS, values, label=name)
            axes.plot(POINTS, slopes, label="derivative")
            if name == "leaky ReLU":
                published = [published_leaky_slope(value) for value in values]
                axes.plot(POINTS, published, ":", label="published derivative")
            axes.set(xlabel="x")
            axes.legend()

    save_plot("activations", plot, columns=len(ACTIVATIONS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
