"""micrograd's moons step: an MLP 2-16-16-1 on 100 points, hinge loss and L2, forward and backward.

Two programs: the same scalar program written with operators on either library's `Value`, and the
network through each library's `nn`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from nn.training.objective import Objective
from nn.training.stepping import step_for

SIZES = [16, 16, 1]
ALPHA = 1e-4
LR = 0.01


def points(count: int = 100) -> tuple[list[list[float]], list[int]]:
    """Two interleaving half circles with noise, and their classes, -1 and 1."""
    rng = np.random.default_rng(1337)
    half = count // 2
    angles = np.linspace(0, math.pi, half)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.stack([1 - np.cos(angles), 0.5 - np.sin(angles)], axis=1)
    data = np.concatenate([upper, lower]) + rng.normal(0, 0.1, (2 * half, 2))
    return data.tolist(), [-1] * half + [1] * half


X, Y = points()


def weights() -> list[list[tuple[list[float], float]]]:
    """For each layer, for each neuron its weights and its bias."""
    rng = np.random.default_rng(0)
    layers = zip([2, *SIZES], SIZES, strict=False)
    return [[(rng.uniform(-1, 1, n).tolist(), 0.0) for _ in range(m)] for n, m in layers]


class ScalarProgram:
    """The network written with operators, neuron by neuron as micrograd's own `nn` does it."""

    def __init__(self, value: Callable[[float], Any]) -> None:
        self.value = value
        self.layers = [
            [([value(w) for w in row], value(bias)) for row, bias in layer] for layer in weights()
        ]
        self.parameters = [p for layer in self.layers for row, b in layer for p in [*row, b]]

    def forward(self) -> Any:
        """The loss."""
        losses = []
        for point, label in zip(X, Y, strict=True):
            values = [self.value(x) for x in point]
            for index, layer in enumerate(self.layers):
                nets = [
                    sum((w * x for w, x in zip(row, values, strict=True)), bias)
                    for row, bias in layer
                ]
                values = nets if index == len(SIZES) - 1 else [net.relu() for net in nets]
            losses.append((1 + -label * values[0]).relu())
        data_loss = sum(losses) * (1.0 / len(losses))
        return data_loss + ALPHA * sum(p * p for p in self.parameters)

    def step(self) -> Any:
        """Forward and backward."""
        for parameter in self.parameters:
            parameter.grad = 0.0
        loss = self.forward()
        loss.backward()
        return loss


class OurNetwork:
    """The network through our `nn`."""

    def __init__(self) -> None:
        self.model = nn.MLP(2, SIZES, activation="relu", rng=0)
        self.parameters = self.model.parameters()
        flat = [p for layer in weights() for row, bias in layer for p in [*row, bias]]
        for parameter, number in zip(self.parameters, flat, strict=True):
            parameter.data = number

    def step(self) -> Any:
        """Forward and backward."""
        self.model.zero_grad()
        scores = [self.model(x) for x in X]
        loss = nn.hinge(scores, Y) + ALPHA * autograd.dot(self.parameters, self.parameters)
        loss.backward()
        return loss


class MicrogradNetwork:
    """The network through micrograd's `nn`, as its own demonstration has it."""

    def __init__(self, micrograd_nn: Any) -> None:
        self.model = micrograd_nn.MLP(2, SIZES)
        self.parameters = self.model.parameters()
        flat = [p for layer in weights() for row, bias in layer for p in [*row, bias]]
        for parameter, number in zip(self.parameters, flat, strict=True):
            parameter.data = number

    def step(self) -> Any:
        """Forward and backward."""
        self.model.zero_grad()
        scores = [self.model(x) for x in X]
        losses = [(1 + -y * score).relu() for y, score in zip(Y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        loss = data_loss + ALPHA * sum(p * p for p in self.parameters)
        loss.backward()
        return loss


class Training:
    """A step of `nn.fit` on the points: the gradient of loss and penalty, and its descent."""

    def __init__(self, compiled: bool) -> None:
        self.model = OurNetwork().model
        self.optimiser = nn.SGD(self.model.parameters(), lr=LR)
        self.arguments = {
            "penalty": lambda model: nn.l2_penalty(model.parameters(), ALPHA),
            "compiled": compiled,
            "progress": False,
        }
        self.points = np.arange(len(X))
        objective = Objective(
            self.model,
            self.optimiser.parameters,
            nn.Batches((X, Y)),
            nn.hinge,
            self.arguments["penalty"],
        )
        self.gradient = step_for(objective, compiled)
        self.numbers = [parameter.data for parameter in self.optimiser.parameters]

    def step(self) -> float:
        """One step, as `nn.fit` takes it; returns the loss before it."""
        loss, gradient = self.gradient(self.numbers, self.points)
        update = self.optimiser.update(self.numbers, gradient)
        self.optimiser.apply(update)
        self.numbers = update.numbers
        return loss

    def fit(self, steps: int) -> Any:
        """A whole training, with whatever it takes to begin."""
        return nn.fit(
            self.model, (X, Y), nn.hinge, self.optimiser, max_steps=steps, **self.arguments
        )


class MicrogradTraining:
    """The same step as micrograd's own demonstration takes it."""

    def __init__(self, micrograd_nn: Any) -> None:
        self.network = MicrogradNetwork(micrograd_nn)
        self.parameters = self.network.parameters

    def step(self) -> float:
        """One step; returns the loss before it."""
        loss = self.network.step()
        for parameter in self.parameters:
            parameter.data -= LR * parameter.grad
        return loss.data


def check_same_training(ours: Training, theirs: MicrogradTraining) -> None:
    """Raises unless the losses of three steps and the parameters after them agree."""
    for _ in range(3):
        assert ours.step() == pytest.approx(theirs.step(), rel=1e-9)
    for p, q in zip(ours.optimiser.parameters, theirs.parameters, strict=True):
        assert p.data == pytest.approx(q.data, rel=1e-9, abs=1e-12)


def check_same(ours: Any, theirs: Any) -> None:
    """Raises unless both programs give the same loss and the same gradient."""
    assert ours.step().data == pytest.approx(theirs.step().data, rel=1e-12)
    for p, q in zip(ours.parameters, theirs.parameters, strict=True):
        assert p.grad == pytest.approx(q.grad, rel=1e-9, abs=1e-12)
