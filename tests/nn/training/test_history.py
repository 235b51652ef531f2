"""The history, its plot and its state."""

import json
import math
import re
import sys
from xml.etree import ElementTree

import pytest

import nn
from nn import History


def history_of_two_epochs() -> History:
    history = History()
    history.losses += [4.0, 2.0, 1.0, 0.5]
    history.lrs += [0.1] * 4
    history.end_epoch(0, 2, 3.0)
    history.end_epoch(1, 4, 1.0)
    return history


def test_means_of_epochs() -> None:
    assert history_of_two_epochs().epoch_losses == [3.0, 0.75]


def test_to_note_the_end_of_an_epoch_twice_notes_it_once() -> None:
    history = history_of_two_epochs()
    history.end_epoch(1, 4, 1.0)
    assert (history.epochs, history.validation) == ([2, 4], [3.0, 1.0])


def test_epochs_without_validation_are_nan_among_others() -> None:
    history = History()
    history.end_epoch(0, 1, None)
    assert history.validation == []
    history.end_epoch(1, 2, 0.5)
    history.end_epoch(2, 3, None)
    assert str(history.validation) == "[nan, 0.5, nan]"


def test_it_plots_its_losses() -> None:
    history = history_of_two_epochs()
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert history.plot(axes) is axes
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines) == ["loss", "epoch's mean", "validation"]
    assert lines["loss"].get_ydata().tolist() == history.losses
    assert lines["epoch's mean"].get_xdata() == pytest.approx([1, 3])
    assert lines["validation"].get_ydata() == pytest.approx([3.0, 1.0])
    assert axes.get_yscale() == "log"
    history.losses.append(-1.0)
    assert history.plot(Figure().subplots()).get_yscale() == "linear"


def test_it_makes_a_figure_of_its_own() -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    axes = history_of_two_epochs().plot()
    assert axes.get_xlabel() == "step"
    pyplot.close(axes.figure)


@pytest.mark.parametrize("history", [History(), history_of_two_epochs()], ids=["empty", "full"])
def test_a_notebook_shows_the_plot(history) -> None:
    assert ElementTree.fromstring(history._repr_svg_()).tag.endswith("svg")


def test_without_matplotlib_a_notebook_shows_the_text(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert history_of_two_epochs()._repr_svg_() is None


def left(**changes):
    """What a training leaves that patience would have ended."""
    best = {"loss": 0.5, "epoch": 1, "numbers": [1.0, 2.0]}
    return {"best": best | changes, "numbers": [2.0, 3.0]}


def test_states() -> None:
    history = history_of_two_epochs()
    history.stopped, history.unfinished = "made 4 steps", left()
    twin = History()
    twin.load_state_dict(json.loads(json.dumps(history.state_dict())))
    assert vars(twin) == vars(history)
    twin.losses.append(0.25)
    twin.unfinished["best"]["numbers"].append(0.25)
    assert len(history.losses) == 4
    assert history.unfinished == left()


@pytest.mark.parametrize(
    "changes",
    [
        {"lrs": [], "epochs": [], "validation": []},
        {"losses": [math.nan, math.inf, 1, -2.5]},
        {"epochs": [1, 3]},  # training was stopped within the third epoch
        {"validation": [math.nan, 1.0]},
    ],
    ids=str,
)
def test_states_of_a_loop_of_ones_own(changes) -> None:
    state = history_of_two_epochs().state_dict() | changes
    twin = History()
    twin.load_state_dict(json.loads(json.dumps(state)))
    assert str(twin.state_dict()) == str(state)
    assert len(twin.epoch_losses) == len(twin.epochs)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (None, "History: expected a state with ['compiled', 'epochs', 'losses', 'lrs', 'stopped'"),
        ({"x": 1}, "History: expected a state with ['compiled', 'epochs', 'losses', 'lrs', 'stop"),
        ({"losses": 3}, "History: losses in the state is no list"),
        ({"losses": ["a"] * 4}, "History: losses in the state is no list of numbers"),
        ({"lrs": [True] * 4}, "History: lrs in the state is no list of numbers"),
        ({"epochs": [2.0, 4.0]}, "History: epochs in the state is no list of numbers"),
        ({"stopped": 3}, "History: stopped in the state is no str"),
        ({"compiled": 1}, "History: compiled in the state is no bool"),
        ({"lrs": [0.1] * 3}, "History: in the state there are 4 losses but 3 learning rates"),
        ({"epochs": [2, 2]}, "History: in the state the epochs are no rising numbers of steps, up"),
        ({"epochs": [0, 4]}, "the epochs are no rising numbers of steps, up to the 4 that there"),
        ({"epochs": [-1, 4]}, "the epochs are no rising numbers of steps, up to the 4 that there"),
        ({"epochs": [2, 5]}, "the epochs are no rising numbers of steps, up to the 4 that there"),
        ({"validation": [1.0]}, "History: in the state there are 2 epochs but 1 validation losses"),
        ({"unfinished": 3}, "History: unfinished: expected a state with ['best', 'numbers'], got "),
        (
            {"unfinished": {"best": 1, "numbers": None}},
            "History: unfinished, best: expected a stat",
        ),
        ({"unfinished": {"best": None, "numbers": [1]}}, "History: unfinished: [1] is no list of"),
        ({"unfinished": left(epoch=3)}, "History: unfinished: the best is of epoch 3, of 2 epochs"),
        ({"unfinished": left(loss="a")}, "History: unfinished: the loss or the epoch of the best"),
        ({"unfinished": left(numbers=["a"])}, "History: unfinished: ['a'] is no list of numbers"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(changes, message) -> None:
    history = history_of_two_epochs()
    before = history.state_dict()
    with pytest.raises(ValueError, match=re.escape(message)):
        history.load_state_dict(None if changes is None else before | changes)
    assert history.state_dict() == before


def test_to_note_a_step_twice_notes_it_once() -> None:
    history = History()
    for step in (0, 0, 1):
        history.end_step(step, 1.0 / (step + 1), 0.5)
    assert (history.losses, history.lrs) == ([1.0, 0.5], [0.5, 0.5])


def test_steps_whose_rate_nobody_noted_have_nan() -> None:
    history = History()
    history.losses += [3.0, 2.0]
    history.end_step(2, 1.0, 0.5)
    assert (history.losses, str(history.lrs)) == ([3.0, 2.0, 1.0], "[nan, nan, 0.5]")


def test_it_shows_itself() -> None:
    history = history_of_two_epochs()
    history.stopped = "made 4 steps"
    assert repr(history) == "History(4 steps, loss 4 → 0.5, validation 1; made 4 steps)"
    assert repr(nn.History()) == "History(0 steps)"
