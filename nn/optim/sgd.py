"""SGD: gradient descent, with momentum if wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value
from nn import checks
from nn.optim.optimiser import Optimiser, Update, decayed


class SGD(Optimiser):
    """Gradient descent: each step subtracts the learning rate times the gradient.

    With momentum μ a step follows the velocity v ← μ·v + gradient in place of the gradient; with
    `nesterov` it follows gradient + μ·v. With weight decay λ the gradient is gradient +
    λ·parameter. All of this is as in PyTorch.

    Args:
        parameters: The leaves to change; one that is given twice counts once.
        lr: The learning rate, a positive number.
        momentum: The share μ of the velocity that a step keeps, a number from 0 on.
        nesterov: Whether a step looks ahead along the velocity; it needs momentum.
        weight_decay: The factor λ of each parameter that is added to its gradient, a number from
            0 on.

    Raises:
        TypeError: If a parameter is not a `Value`, or nesterov neither True nor False.
        ValueError: If the learning rate is not positive and finite, momentum or weight decay is
            negative, there is no parameter, or one of them was computed.

    Example:
        >>> from autograd import Value
        >>> from nn import SGD
        >>> w = Value.parameter(1.0)
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> w.data
        0.8

    Source: Robbins & Monro, "A stochastic approximation method", 1951; Sutskever, Martens, Dahl &
    Hinton, "On the importance of initialization and momentum in deep learning", 2013.
    """

    settings = ("momentum", "nesterov", "weight_decay")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.configure(momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)

    def configure(self, **settings: Any) -> None:
        """Checks and sets momentum, nesterov and weight decay."""
        self.momentum = checks.from_zero(settings["momentum"], "SGD: momentum")
        self.weight_decay = checks.from_zero(settings["weight_decay"], "SGD: weight_decay")
        nesterov = checks.flag(settings["nesterov"], "SGD: nesterov")
        if nesterov and self.momentum == 0.0:
            raise ValueError("SGD: nesterov=True needs a momentum above 0, such as momentum=0.9")
        self.nesterov = nesterov

    def check_buffers(self) -> None:
        """Raises ValueError unless there is no buffer or, after a step, a velocity."""
        if self.buffers:
            self._require_buffers("velocity")

    def update(self, numbers: Sequence[float], gradients: Sequence[float]) -> Update:
        """The step of this class; see `Optimiser.update`."""
        lr, momentum = self._lr, self.momentum
        buffers: dict[str, list[float]] = {}
        gradients = decayed(numbers, gradients, self.weight_decay)
        if momentum:
            before = self.buffer("velocity")
            velocity = [momentum * v + g for v, g in zip(before, gradients, strict=True)]
            buffers["velocity"] = velocity
            if self.nesterov:
                pairs = zip(velocity, gradients, strict=True)
                gradients = [g + momentum * v for v, g in pairs]
            else:
                gradients = velocity
        new = [p - lr * g for p, g in zip(numbers, gradients, strict=True)]
        return Update(new, buffers, self.steps + 1)
