"""Penalties: terms of the loss that keep weights small, as regularisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import autograd
from autograd import Value
from nn import checks
from nn.module import Module, weights_of


def l1_penalty(of: Module | Iterable[Value], strength: float) -> Value:
    """strength · Σ |weight|, which drives weights to 0.

    Args:
        of: A module, whose biases do not count (see `Module.bias_names`), or the parameters that
            count.
        strength: The factor of the term, a positive number; the larger, the smaller the weights
            that training finds.

    Returns:
        The term to add to the loss; `nn.fit` takes `penalty=lambda model: l1_penalty(model, 0.01)`.

    Raises:
        TypeError: If `of` is neither a module nor a list of parameters.
        ValueError: If there is no weight, or the strength is not positive.

    Example:
        >>> from nn import MLP, l1_penalty
        >>> l1_penalty(MLP.from_weights([[[3.0, -1.0]]], [10.0]), strength=0.5).data
        2.0

    Source: Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
    """
    return _penalty("l1_penalty", of, strength, lambda w: autograd.sum([abs(entry) for entry in w]))


def l2_penalty(of: Module | Iterable[Value], strength: float) -> Value:
    """strength · Σ weight², which keeps weights small.

    Args:
        of: A module, whose biases do not count (see `Module.bias_names`), or the parameters that
            count.
        strength: The factor of the term, a positive number; the larger, the smaller the weights
            that training finds.

    Returns:
        The term to add to the loss; `nn.fit` takes `penalty=lambda model: l2_penalty(model, 0.01)`.

    Raises:
        TypeError: If `of` is neither a module nor a list of parameters.
        ValueError: If there is no weight, or the strength is not positive.

    Example:
        >>> from nn import MLP, l2_penalty
        >>> l2_penalty(MLP.from_weights([[[3.0, -1.0]]], [10.0]), strength=0.5).data
        5.0

    Source: Krogh & Hertz, "A simple weight decay can improve generalization", 1992.
    """
    return _penalty("l2_penalty", of, strength, lambda w: autograd.dot(w, w))


def _penalty(
    name: str, of: Module | Iterable[Value], strength: float, size: Callable[[list[Value]], Value]
) -> Value:
    """The strength times the size of the parameters that count; biases of a module do not."""
    if isinstance(of, Module):
        weights = weights_of(of)
    elif isinstance(of, Iterable):
        weights = list(of)
    else:
        raise TypeError(f"{name}: expected a model or a list of parameters, got {of!r}")
    if not weights:
        raise ValueError(f"{name}: there is no weight; give a model or a list of parameters")
    for weight in weights:
        if not isinstance(weight, Value):
            raise TypeError(f"{name}: expected a list of parameters, got {weight!r:.60} in it")
    return checks.positive(strength, f"{name}: strength") * size(weights)
