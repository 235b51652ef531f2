"""Adam: steps whose length is about the same for every parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from autograd import Value
from nn import checks
from nn.optim.optimiser import Optimiser, Update, decayed


class Adam(Optimiser):
    """Adam: a step is `lr` times the mean gradient over the root of the mean squared gradient.

    Both means are running ones, of each parameter by itself, in which earlier gradients count less.

    Args:
        parameters: The leaves to change; one that is given twice counts once.
        lr: The learning rate, a positive number: about the size of a parameter's first steps.
        betas: The shares of the mean gradient and of the mean squared gradient that a step keeps,
            two numbers from 0 to below 1.
        eps: A positive number that is added to the root, so that it is never zero.
        weight_decay: The factor of each parameter that is added to its gradient, a number from 0
            on.

    Raises:
        TypeError: If a parameter is not a `Value`.
        ValueError: If a number is out of its range, there is no parameter, or one of them was
            computed.

    Example:
        >>> from autograd import Value
        >>> from nn import Adam
        >>> w = Value.parameter(1.0)
        >>> optimiser = Adam([w], lr=0.1)
        >>> (1000 * w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        0.9

    Source: Kingma & Ba, "Adam: a method for stochastic optimization", 2015; the order of the
    operations is PyTorch's.
    """

    settings = ("betas", "eps", "weight_decay")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.configure(betas=betas, eps=eps, weight_decay=weight_decay)

    def configure(self, **settings: Any) -> None:
        """Checks and sets betas, eps and weight decay."""
        betas = settings["betas"]
        if not isinstance(betas, Sequence) or isinstance(betas, str) or len(betas) != 2:
            raise ValueError(f"Adam: betas must be two numbers, got {betas!r}")
        expected = "numbers from 0 to below 1"
        first, second = (checks.real(beta, "Adam: betas", expected, 0.0, 1.0) for beta in betas)
        self.betas = (first, second)
        self.eps = checks.positive(settings["eps"], "Adam: eps")
        self.weight_decay = checks.from_zero(settings["weight_decay"], "Adam: weight_decay")

    def check_buffers(self) -> None:
        """Raises ValueError unless there are, after a step, the means that a step leaves."""
        self._require_buffers("mean", "mean_square")
        if any(number < 0.0 for number in self.buffer("mean_square")):
            raise ValueError("Adam: 'mean_square' in the state has a number below 0")

    def update(self, numbers: Sequence[float], gradients: Sequence[float]) -> Update:
        """The step of this class; see `Optimiser.update`."""
        steps = self.steps + 1
        beta1, beta2 = self.betas
        eps = self.eps
        gradients = decayed(numbers, gradients, self.weight_decay)
        rate1, rate2 = 1 - beta1, 1 - beta2
        # PyTorch's lerp starts from the end that is nearer to the result, and so does this.
        pairs = zip(self.buffer("mean"), gradients, strict=True)
        if rate1 < 0.5:
            mean = [m + rate1 * (g - m) for m, g in pairs]
        else:
            mean = [g - (g - m) * (1 - rate1) for m, g in pairs]
        squares = zip(self.buffer("mean_square"), gradients, strict=True)
        mean_square = [v * beta2 + rate2 * g * g for v, g in squares]
        step_size = self._lr / (1 - beta1**steps)
        scale = (1 - beta2**steps) ** 0.5
        moments = zip(numbers, mean, mean_square, strict=True)
        new = [p - step_size * m / (math.sqrt(v) / scale + eps) for p, m, v in moments]
        return Update(new, {"mean": mean, "mean_square": mean_square}, steps)
