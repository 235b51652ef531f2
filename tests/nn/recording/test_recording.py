"""Recordings: each frame is the network at its step, with the loss and gradient there."""

import base64
import json
import re

import numpy as np
import pytest

import nn
from autograd import Value, gradients
from nn.recording import page
from nn.recording.tiles import tiles_of

X = np.array([[0.0, 0.2], [1.0, -0.5], [-0.3, 0.9], [0.4, 0.4]])
Y = np.array([1, -1, 1, -1])


def trained(every=1, model=None, loss=nn.hinge, **more):
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0) if model is None else model
    recording = nn.Recording(model, every, data=(X, Y))
    options = {"epochs": 6, "rng": 0, "progress": False} | more
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(model, (X, Y), loss, optimiser, callback=recording, **options)
    return model, recording, history


def data_of(html: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])


@pytest.mark.parametrize("compiled", [True, False])
def test_a_frame_is_the_network_at_its_step_with_loss_and_gradient_there(compiled) -> None:
    model, recording, history = trained(compiled=compiled)
    assert [frame.step for frame in recording.frames] == list(range(6))
    assert [frame.epoch for frame in recording.frames] == list(range(6))
    assert list(recording.losses.values()) == history.losses
    for frame in recording.frames:
        for parameter, number in zip(model.parameters(), frame.parameters, strict=True):
            parameter.data = number
        pairs = zip(X.tolist(), Y.tolist(), strict=True)
        loss = sum((nn.hinge(model(x), y) for x, y in pairs), Value(0.0)) / len(X)
        assert frame.loss == pytest.approx(loss.data, rel=1e-12)
        assert frame.gradient == pytest.approx(gradients(loss, model.parameters()), rel=1e-9)


def test_only_every_nth_step_is_a_frame_and_the_page_ends_with_the_present_network() -> None:
    model, recording, _ = trained(every=4)
    assert [frame.step for frame in recording.frames] == [0, 4]
    assert len(recording.losses) == 6
    shown = data_of(recording.page().html)
    assert [frame["step"] for frame in shown["frames"]] == [0, 4, 6]
    last = shown["frames"][-1]
    assert last["loss"] is None
    assert last["parameters"] == pytest.approx([p.data for p in model.parameters()], rel=1e-3)


def test_parameters_that_are_frozen_have_no_gradient() -> None:
    model = nn.MLP(2, [3, 1], rng=0)
    recording = nn.Recording(model)
    first = model.layers[0].neurons[0].weights
    optimiser = nn.SGD(first, lr=0.1)
    nn.fit(model, (X, Y), nn.hinge, optimiser, epochs=1, callback=recording, progress=False)
    assert [g is None for g in recording.frames[0].gradient].count(False) == len(first)


def test_a_step_that_is_computed_again_replaces_its_frame() -> None:
    model = nn.MLP(2, [1], rng=0)
    recording = nn.Recording(model)
    zeros = [0.0] * len(model.parameters())
    for number, loss in ((0, 3.0), (1, 2.0), (1, 2.5)):
        recording(nn.Step(number, 0, loss, model.parameters(), zeros))
    assert [(f.step, f.loss) for f in recording.frames] == [(0, 3.0), (1, 2.5)]
    assert recording.losses == {0: 3.0, 1: 2.5}


def test_a_callback_that_raises_leaves_the_network_as_it_was_before_that_step() -> None:
    model = nn.MLP(2, [1], rng=0)
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    seen = []

    def callback(step):
        seen.append([p.data for p in step.parameters])
        if step.number == 2:
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        nn.fit(model, (X, Y), nn.hinge, optimiser, epochs=5, callback=callback, progress=False)
    assert [p.data for p in model.parameters()] == seen[2]
    assert optimiser.steps == 2


def test_tiles_hold_every_parameter_once() -> None:
    model = nn.MLP(2, [3, 2], rng=0)
    tiles = tiles_of(model)
    assert [tile.title for tile in tiles] == ["layer 1: 2 → 3 relu", "layer 2: 3 → 2 linear"]
    assert [(len(t.cells), len(t.cells[0])) for t in tiles] == [(3, 3), (2, 4)]
    places = [place for tile in tiles for row in tile.cells for place in row]
    assert sorted(places) == list(range(len(model.parameters())))
    names = dict(enumerate(name for name, _ in model.named_parameters()))
    named = [name for tile in tiles for row in tile.names for name in row]
    assert named == [names[place] for place in places]


class Own(nn.Module):
    """A model of a layer, of which some neurons have no bias, and a factor."""

    def __init__(self) -> None:
        neurons = [nn.Neuron([0.5, 0.25], 1.0), nn.Neuron([1.0, -1.0])]
        self.layer = nn.Layer(neurons)
        self.factor = Value.parameter(2.0)

    def __call__(self, x):
        first, second = self.layer(x)
        return self.factor * first * second


def test_tiles_of_other_models_have_holes_and_a_row_for_the_rest() -> None:
    layer, rest = tiles_of(Own())
    assert [[place is None for place in row] for row in layer.cells] == [
        [False, False, False],
        [False, False, True],
    ]
    assert (rest.title, rest.names) == ("other parameters", [["factor"]])


def test_the_plane_is_the_model_at_each_point_of_the_grid() -> None:
    model, recording, _ = trained(every=10)
    shown = data_of(recording.page().html)
    plane, side = shown["plane"], page.COUNT
    cells = np.frombuffer(base64.b64decode(plane["frames"][-1]), np.uint8).reshape(side, side)
    box = plane["bounds"]
    xs = np.linspace(box["left"], box["right"], side)
    ys = np.linspace(box["top"], box["bottom"], side)
    for row, column in [(0, 0), (5, 40), (20, 20), (47, 3), (47, 47)]:
        score = model([xs[column], ys[row]]).data
        assert (cells[row, column] > 127) == (score > 0)
    assert plane["classes"] == [1, 0, 1, 0]


def test_the_plane_of_several_outputs_is_the_largest_of_them() -> None:
    model = nn.MLP(2, [3], rng=1)
    recording = nn.Recording(model, data=(X, [0, 1, 2, 1]))
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    data = (X, [0, 1, 2, 1])
    nn.fit(model, data, nn.cross_entropy, optimiser, epochs=2, callback=recording, progress=False)
    plane = data_of(recording.page().html)["plane"]
    cells = np.frombuffer(base64.b64decode(plane["frames"][-1]), np.uint8)
    corner = [plane["bounds"]["left"], plane["bounds"]["top"]]
    assert cells[0] == np.argmax([output.data for output in model(corner)])
    assert plane["classes"] == [0, 1, 2, 1]


def test_a_model_that_cannot_be_recorded_has_no_plane_and_the_page_says_why() -> None:
    class Branching(nn.Module):
        def __init__(self) -> None:
            self.w = Value.parameter(1.0)

        def __call__(self, x):
            return self.w * x[0] if x[0] > x[1] else self.w * x[1]

    _, recording, _ = trained(model=Branching(), compiled=False)
    shown = data_of(recording.page().html)
    assert shown["plane"] is None
    (note,) = shown["notes"]
    assert note.startswith("there is no picture of the plane, as the model does not run")
    assert "autograd.where" in note


def test_a_long_recording_is_thinned_to_its_first_and_last_frames_and_some_between() -> None:
    _, recording, _ = trained(epochs=page.MOST * 2, loss=nn.mse)
    shown = data_of(recording.page().html)
    steps = [frame["step"] for frame in shown["frames"]]
    assert len(steps) == page.MOST
    assert (steps[0], steps[-1]) == (0, page.MOST * 2)
    assert steps == sorted(set(steps))
    assert shown["notes"] == ["200 of 401 recorded steps are shown"]


def test_the_page_of_a_network_of_tutorials_size_is_small(tmp_path) -> None:
    model = nn.MLP(2, [16, 16, 1], rng=0)
    _, recording, _ = trained(every=2, model=model, epochs=100)
    recording.save(tmp_path / "training.html")
    text = (tmp_path / "training.html").read_text(encoding="utf-8")
    assert len(text) < 600_000
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: nn.Recording("model"), TypeError, "Recording: expected a Module, such as "),
        (lambda: nn.Recording(Own(), every=0), ValueError, "Recording: every"),
        (
            lambda: nn.Recording(Own(), every=1.5),
            TypeError,
            "Recording: every: expected a positive",
        ),
        (
            lambda: nn.Recording(Own(), data=([[1.0]], [1])),
            ValueError,
            r"Recording: expected data with two inputs and one target for each sample, got inputs "
            r"of shape \(1, 1\) and targets of shape \(1,\)",
        ),
        (lambda: nn.Recording(Own(), threshold="half"), ValueError, "Recording: threshold must be"),
        (lambda: nn.Recording(Own()).page(), ValueError, "nothing was recorded; give it to nn.fit"),
        (lambda: nn.Recording(Own()).save("a.png"), ValueError, "a name that ends in .html, got"),
        (
            lambda: nn.plot_decision_boundary(print, (X, Y)),
            TypeError,
            "plot_decision_boundary: expected a Module",
        ),
        (
            lambda: nn.plot_decision_boundary(Own(), (X, X)),
            ValueError,
            "plot_decision_boundary: expected data with two inputs and one target",
        ),
    ],
)
def test_what_is_refused(make, error, said) -> None:
    with pytest.raises(error, match=said):
        make()


def test_a_recording_of_another_model_is_refused() -> None:
    model, other = nn.MLP(2, [1], rng=0), nn.MLP(2, [1], rng=0)
    before, recording = other.weights(), nn.Recording(model)
    optimiser = nn.SGD(other.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="another model is trained than the one that it was made"):
        nn.fit(other, (X, Y), nn.hinge, optimiser, epochs=1, callback=recording)
    assert not recording.losses
    assert other.weights() == before


def test_a_callback_is_a_function() -> None:
    model = nn.MLP(2, [1], rng=0)
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    said = r"fit: callback must be a function, got 3; give one such as nn.Recording\(model\)"
    with pytest.raises(TypeError, match=said):
        nn.fit(model, (X, Y), nn.hinge, optimiser, epochs=1, callback=3)


def test_the_decision_boundary_is_where_the_output_is_the_threshold() -> None:
    model = nn.MLP.from_weights([[[1.0, 0.0]]], [-0.5])  # the output is x1 - 0.5
    axes = nn.plot_decision_boundary(model, (X, Y), threshold=0.0)
    (line,) = [c for c in axes.collections if type(c).__name__ == "QuadContourSet"]
    xs = np.concatenate([path.vertices[:, 0] for path in line.get_paths()])
    assert np.abs(xs - 0.5).max() < 0.01
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x1", "x2")


def colours_of(axes) -> tuple[np.ndarray, np.ndarray]:
    """The colours of the points, and those of the plane at the points, as red, green and blue."""
    axes.figure.canvas.draw()
    (points,) = [c for c in axes.collections if type(c).__name__ == "PathCollection"]
    (image,) = axes.images
    left, right, bottom, top = image.get_extent()
    numbers = np.asarray(image.get_array())
    rows, columns = numbers.shape
    x, y = points.get_offsets().T
    column = ((x - left) / (right - left) * columns).astype(int)
    row = ((top - y) / (top - bottom) * rows).astype(int)
    return points.get_facecolors()[:, :3], image.to_rgba(numbers, bytes=False)[row, column, :3]


def test_points_of_either_class_are_told_apart_and_from_the_plane() -> None:
    model = nn.MLP.from_weights([[[1.0, 0.0]]], [0.0])
    inputs = [[-1.0, 0.0], [1.0, 0.5]]
    own, _ = colours_of(nn.plot_decision_boundary(model, (inputs, [-1, 1])))
    assert np.abs(own[0] - own[1]).max() > 0.4
    for color in own:  # neither black nor white
        assert 0.15 < color.mean() < 0.85


def test_a_right_point_has_the_colour_of_its_part_of_the_plane_with_any_number_of_classes() -> None:
    classes = 12
    angles = 2 * np.pi * np.arange(classes) / classes
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    model = nn.MLP.from_weights(
        [directions.tolist()]
    )  # the largest output is the nearest direction
    axes = nn.plot_decision_boundary(model, (directions.tolist(), list(range(classes))))
    own, plane = colours_of(axes)
    assert np.allclose(own, plane, atol=0.01)
    assert len(np.unique(own.round(3), axis=0)) == 10
