"""What happened in training."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import Any

from nn import checks


class History:
    """The losses of a training, step by step; it shows itself as a plot in a notebook.

    Attributes:
        losses: The loss at each step, before the step was made: the mean over its batch with the
            penalty.
        lrs: The learning rate of each step.
        epochs: After how many steps each epoch was complete.
        validation: The loss of the validation data after each epoch, nan where there were none;
            empty if there never were.
        stopped: Why training ended, as a sentence.
        compiled: Whether a compiled program computed the steps.

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

    @property
    def epoch_losses(self) -> list[float]:
        """The mean of the losses of each epoch's steps."""
        bounds = zip([0, *self.epochs], self.epochs, strict=False)
        return [sum(self.losses[low:high]) / (high - low) for low, high in bounds]

    def end_step(self, step: int, loss: float, lr: float) -> None:
        """Notes a step; to do so twice notes it once.

        Args:
            step: Its number, from 0.
            loss: The loss before the step.
            lr: Its learning rate.
        """
        self.losses[step:] = [loss]
        missing = [math.nan] * (step - len(self.lrs))
        self.lrs[step - len(missing) :] = [*missing, lr]

    def end_epoch(self, epoch: int, steps: int, validation: float | None) -> None:
        """Notes the end of an epoch; to do so twice notes it once.

        Args:
            epoch: Its number, from 0.
            steps: How many steps there were until then.
            validation: The loss of the validation data, if there are any.
        """
        self.epochs[epoch:] = [steps]
        if validation is not None or self.validation:
            missing = [math.nan] * (epoch - len(self.validation))
            own = math.nan if validation is None else validation
            self.validation[epoch - len(missing) :] = [*missing, own]

    def plot(self, axes: Any = None) -> Any:
        """Draws the losses over the steps, on a logarithmic scale where they are positive.

        Args:
            axes: Where to draw, of matplotlib; None for a new figure.

        Returns:
            The axes.

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
        """All that it knows."""
        return {key: list(v) if isinstance(v, list) else v for key, v in vars(self).items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on from a state.

        Raises:
            ValueError: If it is no state of a history; nothing is changed then.
        """
        own = vars(self)
        state = checks.state(state, "History", set(own))
        for key, entry in state.items():
            if type(entry) is not type(own[key]):
                raise ValueError(f"History: {key} in the state is no {type(own[key]).__name__}")
            kind = int if key == "epochs" else int | float
            if isinstance(entry, list) and not all(
                isinstance(number, kind) and not isinstance(number, bool) for number in entry
            ):
                raise ValueError(f"History: {key} in the state is no list of numbers")
        _check_counts(**{key: state[key] for key in ("losses", "lrs", "epochs", "validation")})
        own.update({key: list(v) if isinstance(v, list) else v for key, v in state.items()})

    def __repr__(self) -> str:
        if not self.losses:
            return "History(0 steps)"
        text = f"{len(self.losses):,} steps, loss {self.losses[0]:.6g} → {self.losses[-1]:.6g}"
        if self.validation:
            text += f", validation {self.validation[-1]:.6g}"
        return f"History({text}{'; ' + self.stopped if self.stopped else ''})"


def _check_counts(
    losses: list[float], lrs: list[float], epochs: list[int], validation: list[float]
) -> None:
    """Raises ValueError unless there was a step in each epoch, and a loss for each step.

    A loop of one's own may note less: no learning rates, no epochs, no validation.
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
