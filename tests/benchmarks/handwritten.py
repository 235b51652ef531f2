"""Networks with a backward pass as people write it in NumPy, and mistakes as they make them.

The true gradient is not from that backward pass: it is the complex-step derivative of the loss,
which has no rounding to speak of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Arrays = list[Any]
ACTIVATIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any, Any], Any]]] = {
    # Of the sum z; and the derivative, of z and the activation a, as the tutorials write it.
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "relu": (lambda z: np.where(z.real > 0, z, 0 * z), lambda z, a: (z > 0).astype(z.dtype)),
    "softplus": (lambda z: np.log(1 + np.exp(z)), lambda z, a: 1 / (1 + np.exp(-z))),
}


@dataclass(frozen=True)
class Network:
    """A network, its data and its loss.

    Attributes:
        activation: The name of the hidden layers' activation.
        classifies: Whether the loss is softmax cross entropy; else the squared error.
        inputs: Its samples, one a row.
        targets: One-hot rows, or numbers.
        parameters: Weights and biases in turn, a pair for each layer.
    """

    activation: str
    classifies: bool
    inputs: Any
    targets: Any
    parameters: Arrays

    def loss(self, *parameters: Any) -> Any:
        """The mean loss over the samples."""
        return self._loss(self._forward(parameters)[-1][1])

    def _forward(self, parameters: Sequence[Any]) -> list[tuple[Any, Any]]:
        """Sum and activation of each layer, the samples first."""
        act = ACTIVATIONS[self.activation][0]
        inputs = self.inputs.astype(np.result_type(parameters[0], np.float32))
        layers = [(inputs, inputs)]
        for i in range(0, len(parameters), 2):
            z = layers[-1][1] @ parameters[i] + parameters[i + 1]
            layers.append((z, act(z) if i + 2 < len(parameters) else z))
        return layers

    def _loss(self, outputs: Any) -> Any:
        n = len(self.inputs)
        if not self.classifies:
            return ((outputs - self.targets) ** 2).sum() / n
        shifted = outputs - outputs.real.max(axis=1, keepdims=True)
        log_total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return -(self.targets * (shifted - log_total)).sum() / n

    def gradient(self, *parameters: Any, mistake: str = "") -> Arrays:
        """The gradient by backpropagation, with a mistake if one is named."""
        layers = self._forward(parameters)
        outputs, n = layers[-1][1], len(self.inputs)
        if self.classifies:
            exps = np.exp(outputs - outputs.max(axis=1, keepdims=True))
            shares = exps / exps.sum(axis=1, keepdims=True)
            delta = (shares - (0 if mistake == "not less one-hot" else self.targets)) / n
        else:
            delta = (1 if mistake == "2 of the square" else 2) * (outputs - self.targets) / n
        if mistake == "missing 1/N":
            delta = delta * n
        if mistake == "sign":
            delta = -delta
        slope = ACTIVATIONS[self.activation][1]
        found: Arrays = []
        for i in range(len(parameters) - 2, -1, -2):
            before, after = layers[i // 2]
            by_bias = delta[0] if mistake == "missing sum" else delta.sum(axis=0)
            found = [after.T @ delta, by_bias, *found]
            if i:
                weights = parameters[i]
                is_square = weights.shape[0] == weights.shape[1]
                as_it_is = mistake == "weights not transposed" and is_square
                delta = delta @ (weights if as_it_is else weights.T)
                if mistake == "derivative of the sum":
                    delta = delta * slope(before, before)
                elif mistake != "activation's derivative":
                    delta = delta * slope(before, after)
        if mistake == "transposed":
            found[2] = found[2].T
        if mistake == "factor":
            found[0] = 1.1 * found[0]
        if mistake == "one layer missing":
            found[0] = 0 * found[0]
        return found

    def exact(self) -> Arrays:
        """The gradient in double precision by complex steps."""
        wide = [a.astype(float) for a in self.parameters]
        found = []
        for place, array in enumerate(wide):
            slopes = np.empty(array.size)
            for i in range(array.size):
                moved = [a.astype(complex) for a in wide]
                moved[place].reshape(-1)[i] += 1e-30j
                slopes[i] = self.loss(*moved).imag / 1e-30
            found.append(slopes.reshape(array.shape))
        return found


MISTAKES = (
    "sign", "factor", "transposed", "weights not transposed", "missing sum", "missing 1/N",
    "activation's derivative", "derivative of the sum", "the loss's derivative",
    "one layer missing",
)  # fmt: skip


def drawn(rng: Any, scale: float) -> Network:
    """A random network whose loss and gradient are finite in float32."""
    while True:
        network = _drawn(rng, scale)
        with np.errstate(all="ignore"):
            found = [network.loss(*network.parameters), *network.gradient(*network.parameters)]
        if all(np.isfinite(numbers).all() for numbers in found):
            return network


def _drawn(rng: Any, scale: float) -> Network:
    """A random network; its middle layers are square, so that a transpose fits."""
    width = int(rng.integers(2, 5))
    sizes = [int(rng.integers(1, 5)), *[width] * int(rng.integers(2, 4)), int(rng.integers(2, 4))]
    batch = int(rng.integers(1, 65))
    parameters: Arrays = []
    for i, o in pairwise(sizes):
        parameters += [scale * rng.normal(size=(i, o)), scale * rng.normal(size=o)]
    classifies = bool(rng.integers(2))
    targets = rng.normal(size=(batch, sizes[-1]))
    if classifies:
        targets = np.eye(sizes[-1])[rng.integers(sizes[-1], size=batch)]
    return Network(
        str(rng.choice(list(ACTIVATIONS))),
        classifies,
        rng.normal(size=(batch, sizes[0])).astype(np.float32),
        targets.astype(np.float32),
        [a.astype(np.float32) for a in parameters],
    )


def mistaken(network: Network, mistake: str) -> str:
    """The name of the mistake for this network: the loss's derivative depends on the loss."""
    if mistake == "the loss's derivative":
        return "not less one-hot" if network.classifies else "2 of the square"
    return mistake


def deviation(network: Network, found: Arrays) -> float:
    """The largest error of a gradient, relative to the largest of the exact one's entries."""
    exact = network.exact()
    largest = max(float(np.abs(a).max()) for a in exact)
    return max(float(np.abs(f - e).max()) for f, e in zip(found, exact, strict=True)) / largest
