"""Optimisers: how parameters follow their gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value


class SGD:
    """Gradient descent: each step subtracts the learning rate times the gradient.

    Args:
        parameters: The values to change.
        lr: The learning rate, a positive number.

    Raises:
        TypeError: If a parameter is not a `Value`.
        ValueError: If the learning rate is not positive and finite, or there is no parameter.

    Example:
        >>> from autograd import Value
        >>> from nn import SGD
        >>> w = Value.parameter(1.0)
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> w.data
        0.8

    Source: Robbins & Monro, "A stochastic approximation method", 1951.
    """

    def __init__(self, parameters: Iterable[Value], lr: float) -> None:
        self.parameters = list(parameters)
        self.lr = lr
        if not self.parameters:
            raise ValueError("SGD: there are no parameters; give model.parameters()")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(
                    f"SGD: expected Values as parameters, got {type(parameter).__name__} "
                    f"{parameter!r}; give model.parameters()"
                )
        if not (isinstance(lr, int | float) and 0 < lr < math.inf):
            raise ValueError(f"SGD: the learning rate must be a positive number, got {lr!r}")

    def step(self) -> None:
        """Changes every parameter against its gradient."""
        for parameter in self.parameters:
            parameter.data -= self.lr * parameter.grad

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to zero."""
        for parameter in self.parameters:
            parameter.zero_grad()
