"""Graphs that the tests of drawings draw."""

from __future__ import annotations

from itertools import pairwise

import autograd
from autograd import Value


def neuron(name: str, weights: list[Value], inputs: list[Value], bias: Value) -> Value:
    net = autograd.dot(weights, inputs, bias)
    out: Value = net.sigmoid()
    net.label, out.label = f"net_{name}", f"out_{name}"
    return out


def tutorial() -> Value:
    """The network of Matt Mazur's "A Step by Step Backpropagation Example"."""
    numbers = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55]
    w = [Value.parameter(x, label=f"w{i}") for i, x in enumerate(numbers, 1)]
    b1, b2 = Value.parameter(0.35, label="b1"), Value.parameter(0.60, label="b2")
    x = [Value(0.05, label="x1"), Value(0.10, label="x2")]
    targets = [Value(0.01, label="y1"), Value(0.99, label="y2")]
    h = [neuron("h1", w[0:2], x, b1), neuron("h2", w[2:4], x, b1)]
    o = [neuron("o1", w[4:6], h, b2), neuron("o2", w[6:8], h, b2)]
    loss: Value = autograd.half_sse(o, targets)
    loss.label = "E"
    return loss


def network(sizes: list[int], samples: int = 1) -> Value:
    """A dense network with tanh, and its loss; the same parameters for each sample."""
    layers = [
        [([Value.parameter(0.1) for _ in range(a)], Value.parameter(0.2)) for _ in range(b)]
        for a, b in pairwise(sizes)
    ]
    predictions = []
    for _ in range(samples):
        xs = [Value(1.0) for _ in range(sizes[0])]
        for layer in layers:
            xs = [autograd.dot(weights, xs, bias).tanh() for weights, bias in layer]
        predictions += xs
    loss: Value = autograd.mse(predictions, [0.5] * len(predictions))
    return loss


def chain(length: int) -> Value:
    node = Value(1.0, label="x")
    for _ in range(length):
        node = node.tanh()
    return node
