"""Activations: the functions that neurons apply to their sums, by name."""

from __future__ import annotations

from collections.abc import Callable

import autograd
from autograd import Value
from nn.checks import named

Activation = Callable[[Value], Value]


def linear(x: Value) -> Value:
    """The input itself, unchanged."""
    return x


ACTIVATIONS: dict[str, Activation] = {
    "linear": linear,
    "elu": autograd.elu,
    "gelu": autograd.gelu,
    "leaky_relu": autograd.leaky_relu,
    "relu": autograd.relu,
    "sigmoid": autograd.sigmoid,
    "silu": autograd.silu,
    "softplus": autograd.softplus,
    "tanh": autograd.tanh,
}


def activation_named(given: str | Activation, argument: str = "activation") -> Activation:
    """The activation that a name stands for; a function that is given is returned as it is.

    Args:
        given: The name or the function.
        argument: What the caller calls it, for messages.

    Raises:
        ValueError: If no activation has that name.
        TypeError: If it is neither a name nor a function.
    """
    return named(given, ACTIVATIONS, "activation", argument)
