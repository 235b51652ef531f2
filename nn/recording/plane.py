"""The plane of a model's two inputs: what the model says at each point of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import autograd
from autograd import Value
from nn.module import Module, modes_kept
from nn.training.batches import Batches
from nn.training.stand_ins import StandIns

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARGIN = 0.15  # of the width of the data, on each side


class Bounds(NamedTuple):
    """A rectangle of the plane."""

    left: float
    right: float
    bottom: float
    top: float


def points_of(data: Any, receiver: str) -> tuple[list[list[float]], list[Any]]:
    """The points of the data and their classes.

    Args:
        data: A pair (inputs, targets).
        receiver: Who asks, for messages.

    Raises:
        TypeError: If it is no such pair.
        ValueError: If a sample does not have two inputs, or a target is a row of numbers.
    """
    batches = Batches(data, shuffle=False)
    if batches.inputs.shape[1] != 2 or batches.targets.ndim != 1:
        raise ValueError(
            f"{receiver}: expected data with two inputs and one target for each sample, got inputs "
            f"of shape {batches.inputs.shape} and targets of shape {batches.targets.shape}"
        )
    return batches.inputs.tolist(), batches.targets.tolist()


def bounds_of(points: Sequence[Sequence[float]]) -> Bounds:
    """A rectangle around points, with a margin."""
    columns = np.asarray(points).T
    low, high = columns.min(axis=1), columns.max(axis=1)
    margin = np.where(high > low, (high - low) * MARGIN, 1.0)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return Bounds(left, right, bottom, top)


class Plane:
    """The outputs of a model on a grid of its two inputs, for any parameters.

    Args:
        model: A model of two inputs; it is recorded once, in evaluation mode.
        bounds: The rectangle that the grid covers.
        count: The number of points along each side.

    Raises:
        Exception: Whatever the model raises on two inputs, or while it is recorded.
    """

    def __init__(self, model: Module, bounds: Bounds, count: int) -> None:
        xs = np.linspace(bounds.left, bounds.right, count)
        ys = np.linspace(bounds.top, bounds.bottom, count)  # rows from the top down
        grid = np.meshgrid(xs, ys)
        self._x, self._y = (axis.ravel() for axis in grid)
        with modes_kept(model):
            model.eval()
            stand_ins = StandIns(model, model.parameters())
            outputs = _outputs(model, (0.0, 0.0))
            width = len(stand_ins.parameters) + 2

            def output(place: int) -> Any:
                def recorded(*given: Value) -> Value:
                    copy = stand_ins.model_with(given[:-2], [])
                    result: Value = _outputs(copy, given[-2:])[place]
                    return result

                return recorded

            places = range(len(outputs))
            self._programs = [autograd.compile(output(i), width, wrt=()) for i in places]

    def outputs(self, parameters: Sequence[float]) -> NDArray[np.float64]:
        """The outputs at each point, an array of shape (outputs, points), rows from the top down.

        Args:
            parameters: The number of each parameter of the model.
        """
        results = [program(*parameters, self._x, self._y)[0] for program in self._programs]
        return np.array([np.broadcast_to(result, self._x.shape) for result in results])


def _outputs(model: Any, inputs: Sequence[Any]) -> list[Any]:
    given = model(list(inputs))
    return list(given) if isinstance(given, list | tuple) else [given]
