"""micrograd's demonstration: two moons, an MLP 2-16-16-1, hinge loss and L2, gradient descent.

The network is trained on 100 points as there; judged on 1,000 others; its boundary drawn.

Source: https://github.com/karpathy/micrograd/blob/master/demo.ipynb
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from sklearn.datasets import make_moons

import autograd
from examples.report import Data, judge, save_plot
from nn import MLP, SGD, fit, hinge, l2_penalty

STEPS, ASKED = 100, 0.98


def moons(samples: int, seed: int) -> Data:
    """Points of two interleaving half circles with noise, and their classes, -1 and 1."""
    x, y = make_moons(samples, noise=0.1, random_state=seed)
    return x, 2 * y - 1


def scores(model: MLP, x: Any, y: Any) -> Any:
    """The network's output at many points (x, y), by a program that is compiled from it."""
    program = autograd.compile(lambda x, y: model([x, y]), wrt=())
    return program(x, y)[0]


def main() -> int:
    """Trains, judges and draws; returns 1 if too few points are right."""
    training, held_out = moons(100, 1337), moons(1000, 1)
    model = MLP(2, [16, 16, 1], activation="relu", init="he", rng=1337)
    history = fit(
        model,
        training,
        hinge,
        SGD(model.parameters(), lr=1.0),
        max_steps=STEPS,
        schedule=lambda step: 1.0 - 0.9 * step / STEPS,
        penalty=lambda model: l2_penalty(model.parameters(), 1e-4),
    )
    print(model, history, sep="\n")
    predicted = np.where(scores(model, *held_out[0].T) > 0, 1, -1)
    right = judge("moons, held out", predicted.tolist(), held_out[1].tolist(), ASKED)

    def plot(loss: Any, boundary: Any) -> None:
        history.plot(loss)
        xs, ys = np.meshgrid(np.linspace(-1.75, 2.75, 180), np.linspace(-1.25, 1.75, 120))
        z = scores(model, xs, ys)
        boundary.contourf(xs, ys, z, levels=[-np.inf, 0, np.inf], colors=["#fbd5cf", "#cfdcfb"])
        boundary.contour(xs, ys, z, levels=[-1, 0, 1], colors="0.4", linestyles=["--", "-", "--"])
        for label, colour in ((-1, "#c0392b"), (1, "#2c4fb0")):
            points = training[0][training[1] == label]
            boundary.scatter(*points.T, c=colour, s=18, label=f"class {label}")
        boundary.set(
            xlabel="$x_1$", ylabel="$x_2$", title="boundary, and margins of the hinge loss"
        )
        boundary.legend(loc="upper right")

    save_plot("moons", plot, columns=2)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
