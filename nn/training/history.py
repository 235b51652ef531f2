"""The history of a training: its losses, learning rates and epochs."""

from __future__ import annotations

import copy
import io
import math
from itertools import pairwise
from typing import Any

from nn import checks


class History:
    """The losses of a training, step by step; in a notebook it is shown as a plot.

    Attributes:
        losses: The loss before each step: the mean over the samples of its batch, plus the penalty.
        lrs: The learning rate of each step.
        epochs: For each epoch, the number of steps that were made when it was complete.
        validation: For each epoch, the loss of the validation data after it, nan where there were
            no such data. The list is empty if there never were.
        stopped: A sentence that says why training ended.
        compiled: Whether a compiled program computed the steps.
        unfinished: With what `fit` goes on after a break, besides the other parts; None if training
            came to its own end, or none began. A dictionary: "best" has the lowest validation loss,
            its epoch and its parameters, or None without patience; "numbers" has the last
            parameters where those of the lowest validation loss were put back, or None.

    Example:
        >>> from nn import History
        >>> history = History()
        >>> history.losses.extend([1.0, 0.5])
        >>> history
        History(2 steps, loss 1 → 0.5)
    """

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.lrs: list[float] = []
        self.epochs: list[int] = []
        self.validation: list[float] = []
        self.stopped = ""
        self.compiled = False
        self.unfinished: dict[str, Any] | None = None

    @property
    def epoch_losses(self) -> list[float]:
        """For each epoch, the mean of the losses of its steps."""
        bounds = zip([0, *self.epochs], self.epochs, strict=False)
        return [sum(self.losses[low:high]) / (high - low) for low, high in bounds]

    def end_step(self, step: int, loss: float, lr: float) -> None:
        """Notes a step; noting the same step again replaces it.

        Args:
            step: The number of the step, from 0.
            loss: The loss before the step.
            lr: The learning rate of the step.
        """
        self.losses[step:] = [loss]
        missing = [math.nan] * (step - len(self.lrs))
        self.lrs[step - len(missing) :] = [*missing, lr]

    def end_epoch(self, epoch: int, steps: int, validation: float | None) -> None:
        """Notes the end of an epoch; noting the same epoch again replaces it.

        Args:
            epoch: The number of the epoch, from 0.
            steps: The number of steps since training began.
            validation: The loss of the validation data; None if there are none.
        """
        self.epochs[epoch:] = [steps]
        if validation is not None or self.validation:
            missing = [math.nan] * (epoch - len(self.validation))
            own = math.nan if validation is None else validation
            self.validation[epoch - len(missing) :] = [*missing, own]

    def plot(self, axes: Any = None) -> Any:
        """Draws the losses over the steps, on a logarithmic scale where they are positive.

        Args:
            axes: The axes of matplotlib to draw in; None for those of a new figure.

        Returns:
            These axes.

        Raises:
            ImportError: If matplotlib is not installed.
        """
        if axes is None:
            from matplotlib import pyplot

            _, axes = pyplot.subplots(layout="constrained")
        batched = len(self.epochs) > 1 and self.epochs[0] > 1
        axes.plot(self.losses, alpha=0.35 if batched else 1.0, label="loss", color="C0")
        if batched:
            axes.plot([n - 1 for n in self.epochs], self.epoch_losses, "C0", label="epoch's mean")
        if self.validation:
            axes.plot([n - 1 for n in self.epochs], self.validation, "C1", label="validation")
        if all(loss > 0 or math.isnan(loss) for loss in [*self.losses, *self.validation]):
            axes.set_yscale("log")
        axes.set(xlabel="step", ylabel="loss")
        axes.legend()
        return axes

    def _repr_svg_(self) -> str | None:
        try:
            from matplotlib.figure import Figure
        except ImportError:
            return None
        figure = Figure(figsize=(6, 4), layout="constrained")
        self.plot(figure.subplots())
        written = io.StringIO()
        figure.savefig(written, format="svg")
        return written.getvalue()

    def state_dict(self) -> dict[str, Any]:
        """The attributes by name.

        Returns:
            A new dictionary, for `load_state_dict`; `nn.save` writes it to a file.
        """
        return {key: copy.deepcopy(entry) for key, entry in vars(self).items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continues the history of a state.

        Args:
            state: What `state_dict` returned.

        Raises:
            ValueError: If it is not a state of a history; nothing is changed then.
        """
        own = vars(self)
        state = checks.state(state, "History", set(own))
        for key, entry in state.items():
            if key == "unfinished":
                continue
            if type(entry) is not type(own[key]):
                raise ValueError(f"History: {key} in the state is no {type(own[key]).__name__}")
            kind = int if key == "epochs" else int | float
            if isinstance(entry, list) and not all(
                isinstance(number, kind) and not isinstance(number, bool) for number in entry
            ):
                raise ValueError(f"History: {key} in the state is no list of numbers")
        _check_counts(**{key: state[key] for key in ("losses", "lrs", "epochs", "validation")})
        _check_unfinished(state["unfinished"], len(state["epochs"]))
        own.update({key: copy.deepcopy(entry) for key, entry in state.items()})

    def __repr__(self) -> str:
        if not self.losses:
            return "History(0 steps)"
        text = f"{len(self.losses):,} steps, loss {self.losses[0]:.6g} → {self.losses[-1]:.6g}"
        if self.validation:
            text += f", validation {self.validation[-1]:.6g}"
        return f"History({text}{'; ' + self.stopped if self.stopped else ''})"


def _check_unfinished(given: Any, epochs: int) -> None:
    """Raises ValueError unless it is what an unfinished training leaves after so many epochs."""
    if given is None:
        return
    name = "History: unfinished"
    best = checks.state(given, name, {"best", "numbers"})["best"]
    rows = [] if given["numbers"] is None else [given["numbers"]]
    if best is not None:
        checks.state(best, f"{name}, best", {"loss", "epoch", "numbers"})
        rows.append(best["numbers"])
        if type(best["loss"]) is not float or type(best["epoch"]) is not int:
            raise ValueError(f"{name}: the loss or the epoch of the best is no number")
        if not 0 <= best["epoch"] <= epochs:
            raise ValueError(f"{name}: the best is of epoch {best['epoch']}, of {epochs} epochs")
    for row in rows:
        if not isinstance(row, list) or any(type(number) is not float for number in row):
            raise ValueError(f"{name}: {row!r:.60} is no list of numbers")


def _check_counts(
    losses: list[float], lrs: list[float], epochs: list[int], validation: list[float]
) -> None:
    """Raises ValueError unless every epoch has a step and every step has a loss.

    A user's own training loop may leave out learning rates, epochs or validation.
    """
    if len(lrs) not in (0, len(losses)):
        raise ValueError(
            f"History: in the state there are {len(losses)} losses but {len(lrs)} learning rates"
        )
    if any(later <= sooner for sooner, later in pairwise([0, *epochs, len(losses) + 1])):
        raise ValueError(
            "History: in the state the epochs are no rising numbers of steps, up to the "
            f"{len(losses)} that there are losses of"
        )
    if len(validation) not in (0, len(epochs)):
        raise ValueError(
            f"History: in the state there are {len(epochs)} epochs but {len(validation)} "
            "validation losses"
        )
