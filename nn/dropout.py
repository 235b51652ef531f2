"""Dropout: while a network trains, units are left out at random."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value
from nn import checks, generators
from nn.module import Module

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Dropout(Module):
    """Sets each input to 0 with probability p, and multiplies the others by 1/(1 - p).

    In evaluation mode it changes nothing; see `Module.train` and `Module.eval`.

    Args:
        p: The probability with which an input is dropped, from 0 to below 1.
        rng: What draws the masks: a seed, or a NumPy generator, of which a child is used; None for
            other masks at every run.

    Raises:
        TypeError: If `rng` is neither a seed nor a generator.
        ValueError: If p is not from 0 to below 1, or the seed is negative.

    Example:
        >>> from autograd import Value
        >>> from nn import Dropout
        >>> dropout = Dropout(0.5, rng=0)
        >>> [x.data for x in dropout([Value(1.0), Value(2.0), Value(3.0)])]
        [2.0, 0.0, 0.0]
        >>> [x.data for x in dropout.eval()([Value(1.0), Value(2.0), Value(3.0)])]
        [1.0, 2.0, 3.0]

    Source: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov, "Dropout: a simple way to
    prevent neural networks from overfitting", 2014; inverted, as in PyTorch.
    """

    def __init__(self, p: float = 0.5, rng: np.random.Generator | int | None = None) -> None:
        self.p = checks.real(p, "Dropout: p", "a number from 0 to below 1", 0.0, 1.0)
        self._generator = generators.own_generator(rng)

    def __call__(self, inputs: Iterable[Value]) -> list[Value]:
        """The inputs times a mask that is newly drawn; in evaluation mode the inputs themselves.

        Args:
            inputs: The Values to drop some of.

        Returns:
            A `Value` for each input.
        """
        inputs = list(inputs)
        if not self.training or self.p == 0.0:
            return inputs
        return [x * factor for x, factor in zip(inputs, self.mask(len(inputs)), strict=True)]

    def mask(self, size: int) -> Sequence[Any]:
        """The next mask: a factor, 0 or 1/(1 - p), for each of `size` inputs."""
        factors: list[float] = self.masks(1, size)[0].tolist()
        return factors

    def masks(self, samples: int, size: int) -> NDArray[np.float64]:
        """The next masks for several samples, the same ones that `mask` would give one by one.

        Args:
            samples: The number of samples.
            size: The number of inputs.

        Returns:
            The factors, an array of shape (samples, size).
        """
        drawn = self._generator.random((samples, size))
        return (drawn >= self.p).astype(float) * (1.0 / (1.0 - self.p))

    def get_extra_state(self) -> dict[str, Any]:
        """The probability and the state of the generator, which `state_dict` has in it."""
        return {"p": self.p, "generator": generators.state_of(self._generator)}

    def set_extra_state(self, state: Any) -> None:
        """Continues with the masks that followed a state.

        Args:
            state: What `get_extra_state` returned.

        Raises:
            ValueError: If it is not a state of a Dropout with the same p; nothing is changed then.
        """
        state = checks.state(state, "Dropout", {"p", "generator"})
        if state["p"] != self.p:
            raise ValueError(f"Dropout: the state is of p={state['p']!r}, this one has p={self.p}")
        self._generator = generators.restored(state["generator"], "Dropout")

    def __repr__(self) -> str:
        return f"Dropout(p={self.p})"
