"""The page of a recording: one file, in which a slider goes through the training."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.document import Page, document
from nn.recording.plane import Plane, bounds_of
from nn.recording.tiles import tiles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nn.recording import Frame, Recording

MOST = 200  # frames of a page; of more, these are taken evenly
COUNT = 48  # points along each side of the plane
POINTS = 1000  # points of the data that the page shows
DIGITS = 4  # of a number on the page


def page_of(recording: Recording) -> Page:
    """The page of a recording; see `Recording.page`."""
    frames = _frames(recording)
    kept = _evenly(frames, MOST)
    tiles = tiles_of(recording.model)
    data: dict[str, Any] = {
        "title": f"Training of {recording.model!r}",
        "tiles": [tile._asdict() for tile in tiles],
        "frames": [
            {
                "step": frame.step,
                "epoch": frame.epoch,
                "loss": _rounded(frame.loss),
                "parameters": [_rounded(number) for number in frame.parameters],
                "gradient": [_rounded(number) for number in frame.gradient],
            }
            for frame in kept
        ],
        "losses": [[step, _rounded(loss)] for step, loss in sorted(recording.losses.items())],
        "plane": None,
        "notes": [],
    }
    if len(kept) < len(frames):
        data["notes"].append(f"{len(kept)} of {len(frames):,} recorded steps are shown")
    if recording.points is not None:
        _add_plane(data, recording, kept)
    parts = {name: _asset(name) for name in ("recording.html", "recording.css", "recording.js")}
    html, css, script = parts.values()
    return Page(document(html, css, script, data, {}), "Training, watched")


def _frames(recording: Recording) -> list[Frame]:
    """The recorded frames and the network as it is now."""
    from nn.recording import Frame

    numbers = [parameter.data for parameter in recording.model.parameters()]
    if not recording.frames:
        raise ValueError("Recording: nothing was recorded; give it to nn.fit(..., callback=) first")
    last = recording.frames[-1]
    if len(last.parameters) != len(numbers):
        raise ValueError(
            f"Recording: the model has {len(numbers)} parameters now and had "
            f"{len(last.parameters)} when it was recorded"
        )
    if numbers == last.parameters:
        return list(recording.frames)
    step = max(recording.losses) + 1
    return [*recording.frames, Frame(step, None, None, numbers, [None] * len(numbers))]


def _evenly(frames: Sequence[Frame], most: int) -> list[Frame]:
    if len(frames) <= most:
        return list(frames)
    return [frames[round(i * (len(frames) - 1) / (most - 1))] for i in range(most)]


def _add_plane(data: dict[str, Any], recording: Recording, frames: Sequence[Frame]) -> None:
    assert recording.points is not None
    points, targets = recording.points
    bounds = bounds_of(points)
    try:
        plane = Plane(recording.model, bounds, COUNT)
    except (TypeError, ValueError) as error:
        data["notes"].append(
            f"there is no picture of the plane, as the model does not run: {error}"
        )
        return
    shown = range(0, len(points), -(-len(points) // POINTS))
    if len(shown) < len(points):
        data["notes"].append(f"{len(shown):,} of {len(points):,} points of the data are shown")
    pictures = [plane.outputs(frame.parameters) for frame in frames]
    several = len(pictures[0]) > 1
    middle = (min(targets) + max(targets)) / 2
    data["plane"] = {
        "count": COUNT,
        "bounds": bounds._asdict(),
        "several": several,
        "outputs": [f"output {i}" for i in range(len(pictures[0]))],
        "threshold": recording.threshold,
        "points": [[*map(_rounded, points[i])] for i in shown],
        "classes": [int(targets[i]) if several else int(targets[i] > middle) for i in shown],
        "frames": [_bytes(outputs, recording.threshold) for outputs in pictures],
    }


def _bytes(outputs: NDArray[np.float64], threshold: float) -> str:
    """A byte for each point, as base64: the largest output, or 128 and more above the threshold.

    How far a byte is from there says how far the output is, beside the farthest of the picture.
    """
    if len(outputs) > 1:
        cells = outputs.argmax(axis=0)
    else:
        scores = np.nan_to_num(outputs[0] - threshold)
        farthest = float(np.abs(scores).max()) or 1.0
        cells = np.where(scores > 0, 128, 127) + np.trunc(scores / farthest * 127)
    return base64.b64encode(cells.astype(np.uint8).tobytes()).decode()


def _rounded(number: float | None) -> float | None:
    """A number with as many digits as the page needs; None where it is not finite."""
    if number is None or not math.isfinite(number):
        return None
    return float(f"{number:.{DIGITS}g}")


def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")
