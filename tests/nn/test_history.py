"""The history, its plot and its state."""

import json
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


def test_states() -> None:
    history = history_of_two_epochs()
    history.stopped = "made 4 steps"
    twin = History()
    twin.load_state_dict(json.loads(json.dumps(history.state_dict())))
    assert vars(twin) == vars(history)
    twin.losses.append(0.25)
    assert len(history.losses) == 4
    for spoiled in (
        None,
        {},
        {**history.state_dict(), "losses": 3},
        {**history.state_dict(), "x": 1},
    ):
        with pytest.raises(ValueError, match="History: expected a state with"):
            twin.load_state_dict(spoiled)
    with pytest.raises(ValueError, match="History: expected a state with"):
        twin.load_state_dict({**history.state_dict(), "losses": ["a"]})
    assert len(twin.losses) == 5


def test_it_shows_itself() -> None:
    history = history_of_two_epochs()
    history.stopped = "made 4 steps"
    assert repr(history) == "History(4 steps, loss 4 → 0.5, validation 1; made 4 steps)"
    assert repr(nn.History()) == "History(0 steps)"
