"""Graphs that the tests of drawings draw."""

from __future__ import annotations

from collections.abc import Callable
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


# --- Families of graphs in which one leaf is used at each of many steps ---------------------------


def repeated_sum(nodes: int) -> Value:
    """s = s + x."""
    x = total = Value(0.5, label="x")
    for _ in range(nodes - 1):
        total = total + x
    return total


def recurrence(nodes: int) -> Value:
    """h = tanh(w·h + u·x) at each time, with the same w and u."""
    w, u = Value.parameter(0.9, label="w"), Value.parameter(0.4, label="u")
    h = Value(0.1, label="h0")
    for time in range((nodes - 3) // 5):
        h = autograd.tanh(w * h + u * Value(0.2, label=f"x{time + 1}"))
    return h


def horner(nodes: int) -> Value:
    """p = p·x + a, a coefficient at each step."""
    x, p = Value(0.5, label="x"), Value.parameter(1.0, label="a0")
    for step in range((nodes - 2) // 3):
        p = p * x + Value.parameter(0.3, label=f"a{step + 1}")
    return p


def descent(nodes: int) -> Value:
    """w = w - rate·(w - a), gradient descent through time."""
    rate, a, w = Value(0.1, label="rate"), Value(3.0, label="a"), Value.parameter(1.0, label="w0")
    for _ in range((nodes - 3) // 3):
        w = w - rate * (w - a)
    return w


FAMILIES: dict[str, Callable[[int], Value]] = {
    "s = s + x": repeated_sum,
    "recurrence": recurrence,
    "Horner": horner,
    "descent": descent,
}
