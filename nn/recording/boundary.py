"""A plot of how a network of two inputs divides their plane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nn import checks
from nn.module import Module

FINE = 150  # points along each side
CLASSES = 10  # that have a colour of their own, in the colours tab10


def plot_decision_boundary(
    model: Module,
    data: tuple[Sequence[Any], Sequence[Any]],
    axes: Any = None,
    threshold: float = 0.0,
) -> Any:
    """Draws how a network of two inputs divides the plane, and the data in it.

    With one output the plane is divided where it is `threshold`; with several, by which is largest.

    Args:
        model: The network.
        data: A pair (inputs, targets), with two inputs and one target for each sample.
        axes: The axes of matplotlib to draw in; None for those of a new figure.
        threshold: 0 for a score or a logit, 0.5 for a probability.

    Returns:
        These axes.

    Raises:
        TypeError: If `model` is no `Module`, or the data are no such pair.
        ValueError: If the data do not have two inputs and one target for each sample.
        ImportError: If matplotlib is not installed.

    Example:
        >>> import nn
        >>> model = nn.MLP(2, [4, 1], activation="tanh", rng=0)
        >>> data = [[0.0, 1.0], [1.0, 0.0]], [1, -1]
        >>> axes = nn.plot_decision_boundary(model, data)
        >>> axes.get_xlabel(), axes.get_ylabel()
        ('x1', 'x2')
    """
    if not isinstance(model, Module):
        raise TypeError(
            "plot_decision_boundary: expected a Module, such as nn.MLP(2, [3, 1]), "
            f"got {model!r:.60}"
        )
    name = "plot_decision_boundary: threshold"
    threshold = checks.real(threshold, name, "a finite number", -math.inf)
    import numpy as np

    from nn.recording.plane import Plane, bounds_of, points_of

    points, targets = points_of(data, "plot_decision_boundary")
    bounds = bounds_of(points)
    plane = Plane(model, bounds, FINE)
    outputs = plane.outputs([parameter.data for parameter in model.parameters()])
    if axes is None:
        from matplotlib import pyplot

        _, axes = pyplot.subplots(layout="constrained")
    extent = tuple(bounds)
    if len(outputs) == 1:
        scores = outputs[0].reshape(FINE, FINE) - threshold
        widest = float(np.abs(scores).max()) or 1.0
        axes.imshow(scores, extent=extent, cmap="RdBu", vmin=-widest, vmax=widest, aspect="auto")
        if scores.min() < 0 < scores.max():
            axes.contour(scores[::-1], levels=[0.0], colors="#222222", extent=extent)
    else:
        classes = outputs.argmax(axis=0).reshape(FINE, FINE) % CLASSES
        last = CLASSES - 1
        axes.imshow(
            classes, extent=extent, cmap="tab10", vmin=0, vmax=last, alpha=0.4, aspect="auto"
        )
    if len(outputs) == 1:  # lighter than the ends of the colours, which are both nearly black
        low, high = min(targets), max(targets)
        margin = (high - low) / 4 or 1.0
        look = {"c": targets, "cmap": "RdBu", "vmin": low - margin, "vmax": high + margin}
    else:
        look = {"c": np.asarray(targets) % CLASSES, "cmap": "tab10", "vmin": 0, "vmax": CLASSES - 1}
    axes.scatter(*np.asarray(points).T, edgecolors="#222222", **look)
    axes.set(xlim=extent[:2], ylim=extent[2:], xlabel="x1", ylabel="x2")
    return axes
