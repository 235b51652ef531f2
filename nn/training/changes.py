"""What training changes, each change as a whole: a step, the end of an epoch, the end of training.

Ctrl-C may come at any moment. A change that it cuts short is completed; what a step has drawn at
random, if the step is not made, is put back. So training can be saved, loaded and gone on with from
any moment, to the numbers that it would have had without the break.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from nn.mlp import MLP
from nn.module import Module
from nn.optim.optimiser import Optimiser, Update
from nn.training.batches import Batches
from nn.training.history import History

# No step changes these; that of an MLP is its architecture.
CONSTANT = (Module.get_extra_state, MLP.get_extra_state)

States = list[tuple[Module, Any]]


class Best(NamedTuple):
    """The lowest validation loss.

    Attributes:
        loss: The loss; inf before there is one.
        epoch: After which epoch it was measured, from 0 on; before, the first epoch to come.
        numbers: The parameters with that loss.
    """

    loss: float
    epoch: int
    numbers: list[float]


class Changes:
    """The changes of one call of `fit`, and what they change.

    A change is a function that, called again, changes nothing more; so one that is cut short is
    completed by calling it once more.

    Args:
        model: The network; the extra states of its modules, such as the generator of a `Dropout`,
            are put back where a step is not made.
        optimiser: What changes the parameters.
        batches: The samples.
        history: Where losses, learning rates and epochs are noted; an unfinished one is gone on
            with.
        keeps_best: Whether the parameters of the lowest validation loss are put back at the end.

    Attributes:
        numbers: The parameters.
        best: The lowest validation loss, with the parameters.
        first: The number of the first step of the epoch under way, or else of the next.
        last_mean: The mean loss of the last epoch; inf if there was none.
    """

    def __init__(
        self,
        model: Module,
        optimiser: Optimiser,
        batches: Batches,
        history: History,
        keeps_best: bool,
    ) -> None:
        self.optimiser, self.batches, self.history = optimiser, batches, history
        self._keeps_best = keeps_best
        self._unfinished: Callable[[], None] | None = None
        self._before: States = []  # the extra states of modules, while a step is computed
        self._stateful = [
            module
            for _, module in model.named_modules()
            if type(module).get_extra_state not in CONSTANT
        ]
        self.numbers = [parameter.data for parameter in optimiser.parameters]
        self.best = Best(math.inf, len(history.epochs), self.numbers)
        self.first, self.last_mean = len(history.losses), math.inf
        if history.unfinished is not None:
            self._go_on(**history.unfinished)

    def _go_on(self, best: dict[str, Any] | None, numbers: list[float] | None) -> None:
        if self.history.epochs:
            self.last_mean = self.history.epoch_losses[-1]
        self.first = self.history.epochs[-1] if self.history.epochs else 0
        if best is not None and (numbers is None or best["numbers"] == self.numbers):
            self.best = Best(**best)
            # The last ones, unless somebody has changed the best ones that were put back.
            self.numbers = numbers or self.numbers

    def whole(self, change: Callable[[], None]) -> None:
        """Makes a change, which `complete` completes if it is cut short."""
        self._unfinished = change
        change()
        self._unfinished = None

    def complete(self) -> None:
        """Completes the change that was cut short, if one was."""
        if self._unfinished is not None:
            self._unfinished()
            self._unfinished = None

    # --- The changes ------------------------------------------------------------------------------

    def begin(self, compiled: bool) -> None:
        """Begins training, or goes on."""
        self.whole(partial(self._begin, compiled))

    def _begin(self, compiled: bool) -> None:
        self.history.compiled, self.history.stopped = compiled, ""
        self._set(self.numbers)
        self.history.unfinished = self._left(None)

    def begin_step(self) -> None:
        """Remembers the states that a step may change while it is computed."""
        self._before = self._states()

    def take(self, update: Update, loss: float, place: tuple[int, int]) -> None:
        """Makes a step.

        Args:
            update: What the optimiser changes.
            loss: The loss before the step.
            place: The batch, as `Batches.rest` says it.
        """
        self.whole(partial(self._take, update, (len(self.history.losses), loss), place))

    def _take(self, update: Update, noted: tuple[int, float], place: tuple[int, int]) -> None:
        self.optimiser.apply(update)
        self.numbers = update.numbers
        self.batches.take(*place)
        self.history.end_step(*noted, self.optimiser.lr)
        self._before = []

    def end_epoch(self, validation: float | None) -> None:
        """Ends an epoch, with its validation loss if there is one."""
        steps, losses = len(self.history.losses), self.history.losses[self.first :]
        mean = sum(losses) / len(losses) if losses else self.last_mean
        self.whole(partial(self._end_epoch, len(self.history.epochs), steps, mean, validation))

    def _end_epoch(self, epoch: int, steps: int, mean: float, validation: float | None) -> None:
        self.history.end_epoch(epoch, steps, validation)
        if validation is not None and validation < self.best.loss:
            self.best = Best(validation, epoch, self.numbers)
        self.batches.end_epoch()
        self.first, self.last_mean = steps, mean
        self.history.unfinished = self._left(None)

    def end(self, stopped: str, is_over: bool, loss: float | None = None) -> None:
        """Ends training.

        Args:
            stopped: Why.
            is_over: Whether it came to its own end, so that nothing is left to go on with.
            loss: A loss to be noted after which there is no step.
        """
        noted = None if loss is None else (len(self.history.losses), loss)
        self.whole(partial(self._end, stopped, is_over, noted))

    def _end(self, stopped: str, is_over: bool, noted: tuple[int, float] | None) -> None:
        if noted is not None:
            self.history.end_step(*noted, self.optimiser.lr)
        _put_back(self._before)
        left = None
        if self._keeps_best and self.best.loss < math.inf:
            left = self.numbers
            self._set(self.best.numbers)
        self.history.unfinished = None if is_over else self._left(left)
        self.history.stopped = stopped

    def _left(self, numbers: list[float] | None) -> dict[str, Any]:
        """What is left to go on with."""
        return {"best": self.best._asdict() if self._keeps_best else None, "numbers": numbers}

    def _set(self, numbers: list[float]) -> None:
        for parameter, number in zip(self.optimiser.parameters, numbers, strict=True):
            parameter.data = number

    # --- States of modules ------------------------------------------------------------------------

    def _states(self) -> States:
        return [(module, module.get_extra_state()) for module in self._stateful]

    def as_before_the_step(self, run: Callable[[], object]) -> None:
        """Runs a function to which the modules are as before the step, so that it may save them."""
        after = self._states()
        _put_back(self._before)
        run()
        _put_back(after)


def _put_back(states: States) -> None:
    for module, state in states:
        if state is not None:
            module.set_extra_state(state)
