"""The loop of `fit`: steps and epochs, and what ends them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from nn import checks
from nn.optim.optimiser import Optimiser
from nn.optim.schedules import Schedule
from nn.training.batches import Batches
from nn.training.changes import Changes
from nn.training.diagnosis import cause_of
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

    Args:
        changes: What training changes.
        step: The loss of a batch and its gradient.
        evaluation: The loss of the validation data; None without such data.
        limits: What ends training.
        rate: The learning rate when an epoch begins (True) or a step (False); see `rate_from`.
        callback: A function that is called with each step before it is made, or None.
    """

    def __init__(
        self,
        changes: Changes,
        step: EagerStep | CompiledStep,
        evaluation: EagerStep | CompiledStep | None,
        limits: Limits,
        rate: Callable[[bool], float | None],
        callback: Callable[[Step], object] | None = None,
    ) -> None:
        self.changes, self.step, self.evaluation = changes, step, evaluation
        self.limits, self.rate, self.callback = limits, rate, callback
        self.optimiser, self.batches = changes.optimiser, changes.batches
        self.history = changes.history
        self._made = 0

    def run(self, bar: Any) -> None:
        """Trains until something ends training; the history then says what did.

        Args:
            bar: A progress bar with the methods of tqdm's.
        """
        try:
            self.changes.begin(self.step.compiled)
            self._until_stopped(bar)
        except KeyboardInterrupt:
            self._interrupted()
        except BaseException:
            self.changes.complete()
            if not self.history.stopped:
                self.changes.end("", is_over=False)
            raise

    def _interrupted(self) -> None:
        """Ends training between two steps, however often Ctrl-C is pressed meanwhile."""
        while True:
            try:
                self.changes.complete()
                if not self.history.stopped:
                    stopped = f"interrupted after {_steps(len(self.history.losses))}"
                    self.changes.end(stopped, is_over=False)
                return
            except KeyboardInterrupt:
                continue

    def _until_stopped(self, bar: Any) -> None:
        limits, changes = self.limits, self.changes
        begun = 0
        while not self.history.stopped:
            if self._made == limits.steps and not self.batches.under_way:
                changes.end(f"made {_steps(self._made)}", is_over=False)
            elif self._patience_ran_out():
                changes.end(
                    f"no better validation loss for {limits.patience} epochs than "
                    f"{changes.best.loss:.6g} after epoch {changes.best.epoch + 1}",
                    is_over=True,
                )
            elif begun == limits.epochs:
                changes.end(f"went through the data {_times(begun)}", is_over=False)
            else:
                begun += 1
                self._epoch(bar)

    def _epoch(self, bar: Any) -> None:
        """Trains for one epoch, or what is left of it, or until something ends training."""
        history, optimiser, changes = self.history, self.optimiser, self.changes
        self._set_rate(epoch_begins=True)
        for index, place in self.batches.rest():
            if self._made == self.limits.steps:
                changes.end(f"made {_steps(self._made)}", is_over=False)
                return
            self._set_rate(epoch_begins=False)
            changes.begin_step()
            value, gradient = self.step(changes.numbers, index)
            position = len(history.losses)
            if place[1] == len(self.batches.inputs) and self._converged(value):
                stopped = f"converged at step {position} with loss {value:.6g}"
                changes.end(stopped, is_over=True, loss=value)
                return
            update = optimiser.update(changes.numbers, gradient)
            if not math.isfinite(value) or not math.isfinite(sum(update.numbers)):
                self._diverge(value, position, index.tolist())
                return
            if self.callback is not None:
                told = Step(position, len(history.epochs), value, optimiser.parameters, gradient)
                changes.as_before_the_step(partial(self.callback, told))
            changes.take(update, value, place)
            self._made += 1
            bar.update()
        self._end_epoch(bar)

    def _set_rate(self, epoch_begins: bool) -> None:
        rate = self.rate(epoch_begins)
        if rate is not None:
            self.optimiser.lr = rate
            # A schedule is the user's code and may have changed parameters.
            self.changes.numbers = [parameter.data for parameter in self.optimiser.parameters]

    def _converged(self, value: float) -> bool:
        """Whether the mean loss has fallen by less than the tolerance since the last epoch."""
        if self.limits.tolerance is None:
            return False
        losses = [*self.history.losses[self.changes.first :], value]
        return self.changes.last_mean - sum(losses) / len(losses) < self.limits.tolerance

    def _patience_ran_out(self) -> bool:
        """Whether the last epochs, as many as `patience` says, had no better validation loss."""
        if self.limits.patience is None:
            return False
        return len(self.history.epochs) > self.changes.best.epoch + self.limits.patience

    def _diverge(self, value: float, position: int, index: Sequence[int]) -> None:
        what = "the loss is" if not math.isfinite(value) else "the gradient is not finite, the loss"
        cause = cause_of(self.step.objective, index)
        remedy = "try a smaller learning rate"
        if cause is not None:
            remedy = (
                f"{cause}; give a loss and a model that are finite there, such as a loss that "
                "takes logits"
            )
        stopped = f"diverged: {what} {value:.6g} at step {position}; {remedy}"
        self.changes.end(stopped, is_over=True)
        warnings.warn(f"fit: {stopped}", RuntimeWarning, stacklevel=6)

    def _end_epoch(self, bar: Any) -> None:
        """Evaluates the model on the validation data, if there are any, and ends the epoch."""
        loss = None
        if self.evaluation is not None:
            loss = self.evaluation.loss(self.changes.numbers)
        self.changes.end_epoch(loss)
        if not bar.disable:
            shown = f"loss {self.history.losses[-1]:.4g}"
            bar.set_postfix_str(shown if loss is None else f"{shown}, validation {loss:.4g}")


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
        given = schedule(optimiser.steps if by_step else batches.current)
        return checks.from_zero(given, "fit: what the schedule returns")

    return rate


def _steps(count: int) -> str:
    return f"{count:,} step" if count == 1 else f"{count:,} steps"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
