"""Optimisers: how parameters follow their gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograd import Value


class SGD:
    """Gradient descent: each step subtracts the learning rate times the gradient.

    Args:
        parameters: The leaves to change; one that is given twice counts once.
        lr: The learning rate, a positive number.

    Raises:
        TypeError: If a parameter is not a `Value`.
        ValueError: If the learning rate is not positive and finite, there is no parameter, or one
            of them was computed.

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
        remedy = "give model.parameters()"
        if not isinstance(parameters, Iterable):
            raise TypeError(f"SGD: expected a list of parameters, got {parameters!r}; {remedy}")
        self.parameters = list({id(parameter): parameter for parameter in parameters}.values())
        if not self.parameters:
            raise ValueError(f"SGD: there are no parameters; {remedy}")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(
                    f"SGD: expected Values as parameters, got {type(parameter).__name__} "
                    f"{parameter!r}; {remedy}"
                )
            if not parameter.is_leaf:
                raise ValueError(f"SGD: {parameter!r} is computed and no leaf; {remedy}")
        self.lr = lr

    @property
    def lr(self) -> float:
        """The learning rate."""
        return self._lr

    @lr.setter
    def lr(self, given: float) -> None:
        if isinstance(given, str) or not hasattr(given, "__float__") or not 0 < given < math.inf:
            raise ValueError(f"SGD: the learning rate must be a positive number, got {given!r}")
        self._lr = float(given)

    def step(self) -> None:
        """Changes every parameter against its gradient."""
        for parameter in self.parameters:
            parameter.data -= self._lr * parameter.grad

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to zero."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def __repr__(self) -> str:
        return f"SGD({len(self.parameters)} parameters, lr={self._lr!r})"
