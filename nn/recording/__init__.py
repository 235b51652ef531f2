"""A recorder of training, and the page on which one watches it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.files import write_whole
from nn import checks
from nn.module import Module
from nn.training.step import Step

if TYPE_CHECKING:
    from autograd.document import Page


class Frame(NamedTuple):
    """The network at one step.

    Attributes:
        step: How many steps were made before.
        epoch: How many epochs were complete before; None after the last step.
        loss: The loss of the batch of the step that comes; None after the last.
        parameters: The number of each parameter of the model.
        gradient: The derivative of that loss by each; None for a frozen parameter, and for all
            after the last step.
    """

    step: int
    epoch: int | None
    loss: float | None
    parameters: list[float]
    gradient: list[float | None]


class Recording:
    """Records a training, to be watched: give it to `fit` as `callback`.

    The page shows each layer as a tile of weights and a tile of gradients, the loss, and with
    `data` of two inputs how the network divides the plane, at every recorded step.

    Args:
        model: The network that is trained.
        every: How many steps there are from one frame to the next, a positive integer.
        data: A pair (inputs, targets) as of `fit`, shown in the plane; None for no such picture.
        threshold: Where one class of a single output ends and the other begins: 0 for a score or
            a logit, 0.5 for a probability.

    Attributes:
        frames: A `Frame` for each recorded step.
        losses: The loss of every step, by its number.

    Raises:
        TypeError: If `model` is no `Module`, or another argument is of a wrong kind.
        ValueError: If `every` is not positive, or the data do not have two inputs.

    Example:
        >>> import nn
        >>> model = nn.MLP(1, [1], rng=0)
        >>> recording = nn.Recording(model, every=2)
        >>> data = [[0.0], [1.0]], [1.0, 3.0]
        >>> optimiser = nn.SGD(model.parameters(), lr=0.1)
        >>> history = nn.fit(model, data, nn.mse, optimiser, epochs=4, callback=recording)
        >>> [frame.step for frame in recording.frames], len(recording.losses)
        ([0, 2], 4)

    Source: tiles of weights beside a decision boundary are those of the TensorFlow Playground by
    Smilkov, Carter, Sculley, Viégas & Wattenberg, 2017.
    """

    def __init__(
        self,
        model: Module,
        every: int = 1,
        data: tuple[Sequence[Any], Sequence[Any]] | None = None,
        threshold: float = 0.0,
    ) -> None:
        if not isinstance(model, Module):
            raise TypeError(
                f"Recording: expected a Module, such as nn.MLP(2, [3, 1]), got {model!r:.60}"
            )
        self.model = model
        self.every = checks.count(every, "Recording: every")
        self.threshold = checks.real(
            threshold, "Recording: threshold", "a finite number", -math.inf
        )
        self.points: tuple[list[list[float]], list[Any]] | None = None
        if data is not None:
            from nn.recording.plane import points_of

            self.points = points_of(data, "Recording")
        self.frames: list[Frame] = []
        self.losses: dict[int, float] = {}

    def __call__(self, step: Step) -> None:
        """Records a step; one that is computed again, as after Ctrl-C, replaces its frame.

        Args:
            step: What `fit` is about to do.

        Raises:
            ValueError: If none of the parameters that are trained is one of the model.
        """
        slopes = {id(p): g for p, g in zip(step.parameters, step.gradient, strict=True)}
        parameters = self.model.parameters()
        if slopes.keys().isdisjoint(map(id, parameters)):
            raise ValueError(
                "Recording: another model is trained than the one that it was made for; write "
                "nn.Recording(model) with the model that is given to fit"
            )
        self.losses[step.number] = step.loss
        if step.number % self.every:
            return
        while self.frames and self.frames[-1].step >= step.number:
            self.frames.pop()
        numbers = [parameter.data for parameter in parameters]
        gradient = [slopes.get(id(parameter)) for parameter in parameters]
        self.frames.append(Frame(step.number, step.epoch, step.loss, numbers, gradient))

    def page(self) -> Page:
        """The page, which a notebook shows; its last frame is the network as it is now.

        Returns:
            The page; its `html` is one file that loads nothing.

        Raises:
            ValueError: If nothing was recorded, or the model now has other parameters.
        """
        from nn.recording.page import page_of

        return page_of(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the page to a file.

        Args:
            path: Where, such as "training.html".

        Raises:
            ValueError: If the name does not end in .html; as of `page`.
            OSError: If it cannot be written.
        """
        if not str(path).endswith(".html"):
            raise ValueError(f"Recording.save: expected a name that ends in .html, got {path!r}")
        write_whole(path, self.page().html.encode())

    def __repr__(self) -> str:
        return f"Recording({len(self.losses)} steps, {len(self.frames)} frames)"
