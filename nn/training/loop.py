"""The loop of `fit`: steps and epochs, and what ends them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from nn import checks
from nn.optim.optimiser import Optimiser, Update
from nn.optim.schedules import Schedule
from nn.training.batches import Batches
from nn.training.diagnosis import cause_of
from nn.training.history import History
from nn.training.step import Step

if TYPE_CHECKING:
    from nn.training.stepping import CompiledStep, EagerStep


class Limits(NamedTuple):
    """What ends training; a limit that is None never does.

    Attributes:
        epochs: The most epochs.
        steps: The most steps.
        tolerance: Training ends when the loss falls by less than this.
        patience: Training ends after this many epochs without a better validation loss.
    """

    epochs: int | None
    steps: int | None
    tolerance: float | None
    patience: int | None


class Loop:
    """The loop of one call of `fit`, whose arguments were checked before.

    Parameters, optimiser and history change together, in functions that `_whole` calls. To call one
    of these again changes nothing more; so a change that Ctrl-C cuts short is completed by calling
    it once more.

    Args:
        batches: The samples.
        optimiser: What changes the parameters.
        step: The loss of a batch and its gradient.
        evaluation: The loss of the validation data; None without such data.
        limits: What ends training.
        rate: The learning rate when an epoch begins (True) or a step (False); see `rate_from`.
        history: Where losses, learning rates and epochs are noted.
        callback: A function that is called with each step before it is made, or None.
    """

    def __init__(
        self,
        batches: Batches,
        optimiser: Optimiser,
        step: EagerStep | CompiledStep,
        evaluation: EagerStep | CompiledStep | None,
        limits: Limits,
        rate: Callable[[bool], float | None],
        history: History,
        callback: Callable[[Step], object] | None = None,
    ) -> None:
        self.batches, self.optimiser = batches, optimiser
        self.step, self.evaluation, self.limits = step, evaluation, limits
        self.rate, self.history, self.callback = rate, history, callback
        self.numbers = [parameter.data for parameter in optimiser.parameters]
        self._made = 0
        self._last_mean = math.inf
        self._best: tuple[float, int, list[float]] = (math.inf, len(history.epochs), self.numbers)
        self._unfinished: Callable[[], None] | None = None
        history.compiled = step.compiled
        history.stopped = ""

    def run(self, bar: Any) -> None:
        """Trains until something ends training; the history then says what did.

        Args:
            bar: A progress bar with the methods of tqdm's.
        """
        try:
            self._until_stopped(bar)
            self._put_best_back()
        except KeyboardInterrupt:
            if self._unfinished is not None:
                self._unfinished()
            self._put_best_back()
            self.history.stopped = f"interrupted after {_steps(len(self.history.losses))}"
        except BaseException:
            self._put_best_back()
            raise

    def _until_stopped(self, bar: Any) -> None:
        history, limits = self.history, self.limits
        begun = 0
        while not history.stopped:
            begun += 1
            self._epoch(bar)
            if not history.stopped and begun == limits.epochs:
                history.stopped = f"went through the data {_times(begun)}"

    def _epoch(self, bar: Any) -> None:
        """Trains for one epoch, or until something ends training within it."""
        history, optimiser, limits = self.history, self.optimiser, self.limits
        self._set_rate(epoch_begins=True)
        first, count = len(history.losses), len(self.batches)
        for batch, index in enumerate(self.batches.indices(), 1):
            self._set_rate(epoch_begins=False)
            value, gradient = self.step(self.numbers, index)
            position = len(history.losses)
            if batch == count and self._converged(first, value):
                self._whole(partial(self._note, position, value))
                history.stopped = f"converged at step {position} with loss {value:.6g}"
                return
            update = optimiser.update(self.numbers, gradient)
            if not math.isfinite(value) or not math.isfinite(sum(update.numbers)):
                self._diverge(value, position, index.tolist())
                return
            if self.callback is not None:
                parameters = optimiser.parameters
                self.callback(Step(position, len(history.epochs), value, parameters, gradient))
            self._whole(partial(self._take, update, position, value))
            self._made += 1
            bar.update()
            if self._made == limits.steps:
                history.stopped = f"made {_steps(self._made)}"
                if batch < count:
                    return
        self._end_epoch(bar)

    def _set_rate(self, epoch_begins: bool) -> None:
        rate = self.rate(epoch_begins)
        if rate is not None:
            self.optimiser.lr = rate
            # A schedule is the user's code and may have changed parameters.
            self.numbers = [parameter.data for parameter in self.optimiser.parameters]

    def _converged(self, first: int, value: float) -> bool:
        """Whether the mean loss has fallen by less than the tolerance since the last epoch."""
        if self.limits.tolerance is None:
            return False
        losses = [*self.history.losses[first:], value]
        mean = sum(losses) / len(losses)
        fallen, self._last_mean = self._last_mean - mean, mean
        return fallen < self.limits.tolerance

    def _diverge(self, value: float, position: int, index: Sequence[int]) -> None:
        what = "the loss is" if not math.isfinite(value) else "the gradient is not finite, the loss"
        cause = cause_of(self.step.objective, index)
        remedy = "try a smaller learning rate"
        if cause is not None:
            remedy = (
                f"{cause}; give a loss and a model that are finite there, such as a loss that "
                "takes logits"
            )
        self.history.stopped = f"diverged: {what} {value:.6g} at step {position}; {remedy}"
        warnings.warn(f"fit: {self.history.stopped}", RuntimeWarning, stacklevel=6)

    def _end_epoch(self, bar: Any) -> None:
        """Evaluates the model on the validation data, and ends training if patience has run out."""
        history, patience = self.history, self.limits.patience
        steps, epoch = len(history.losses), len(history.epochs)
        loss = None
        if self.evaluation is not None:
            loss = self.evaluation.loss(self.numbers)
        self._whole(partial(self._note_epoch, epoch, steps, loss))
        if not bar.disable:
            shown = f"loss {history.losses[-1]:.4g}"
            bar.set_postfix_str(shown if loss is None else f"{shown}, validation {loss:.4g}")
        if loss is None or patience is None:
            return
        if epoch - self._best[1] >= patience and not history.stopped:
            history.stopped = (
                f"no better validation loss for {patience} epochs than {self._best[0]:.6g} after "
                f"epoch {self._best[1] + 1}"
            )

    # --- Changes that are made as a whole ---------------------------------------------------------

    def _whole(self, change: Callable[[], None]) -> None:
        self._unfinished = change
        change()
        self._unfinished = None

    def _take(self, update: Update, position: int, value: float) -> None:
        """Makes a step."""
        self.optimiser.apply(update)
        self.numbers = update.numbers
        self._note(position, value)

    def _note_epoch(self, epoch: int, steps: int, loss: float | None) -> None:
        self.history.end_epoch(epoch, steps, loss)
        if loss is not None and loss < self._best[0]:
            self._best = (loss, epoch, self.numbers)

    def _put_best_back(self) -> None:
        """With patience, gives the parameters the numbers that had the best validation loss."""
        if self.limits.patience is not None and self._best[0] < math.inf:
            for parameter, number in zip(self.optimiser.parameters, self._best[2], strict=True):
                parameter.data = number

    def _note(self, position: int, value: float) -> None:
        self.history.end_step(position, value, self.optimiser.lr)


def rate_from(
    schedule: Schedule | None, by_step: bool, batches: Batches, optimiser: Optimiser
) -> Callable[[bool], float | None]:
    """A function that asks the schedule for the learning rate.

    Args:
        schedule: The schedule; None to leave the rate as it is.
        by_step: Whether the schedule is asked at every step, and not at every epoch.
        batches: They know the number of the epoch.
        optimiser: It knows the number of the step.

    Returns:
        A function of True where an epoch begins and of False where a step does; it returns the
        learning rate, or None where the rate stays.
    """

    def rate(epoch_begins: bool) -> float | None:
        if schedule is None or epoch_begins == by_step:
            return None
        given = schedule(optimiser.steps if by_step else batches.epoch)
        return checks.from_zero(given, "fit: what the schedule returns")

    return rate


def _steps(count: int) -> str:
    return f"{count:,} step" if count == 1 else f"{count:,} steps"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
