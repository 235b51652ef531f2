"""`fit`: training from the first step to the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograd import Value
from nn import checks
from nn.module import Module, modes_kept
from nn.optim.optimiser import Optimiser
from nn.optim.schedules import Schedule
from nn.training.batches import Batches
from nn.training.changes import Changes
from nn.training.history import History
from nn.training.loop import Limits, Loop, rate_from
from nn.training.step import Step

if TYPE_CHECKING:
    import numpy as np

Data = tuple[Sequence[Any], Sequence[Any]]


def fit(
    model: Module,
    data: Data | Batches,
    loss: Callable[[Any, Any], Value],
    optimiser: Optimiser,
    *,
    epochs: int | None = None,
    max_steps: int | None = None,
    batch_size: int | None = None,
    rng: np.random.Generator | int | None = None,
    penalty: Callable[[Any], Value] | None = None,
    schedule: Schedule | None = None,
    schedule_by: str = "epoch",
    tolerance: float | None = None,
    validation: Data | None = None,
    patience: int | None = None,
    compiled: bool | None = None,
    progress: bool = True,
    history: History | None = None,
    callback: Callable[[Step], object] | None = None,
) -> History:
    """Trains a model on data.

    Every step changes the parameters to make the mean loss of a batch, plus the penalty, smaller.
    A compiled program computes the steps, to the numbers of the eager engine up to rounding. A
    model or a loss that branches on a number cannot be compiled and is trained eagerly. Ctrl-C ends
    training between two steps, and the history is returned as usual. All parts saved, loaded and
    trained for the steps that are left, the numbers are those of a training without the break.

    Args:
        model: The network, a `Module` that is called with a row of inputs.
        data: A pair (inputs, targets), with a row of numbers and a target for each sample (see
            `Batches`); or `Batches`, which count epochs and shuffle on from one call to the next.
        loss: The loss of one sample: a function of the model's output and the target. The target
            is a number or a row of numbers for `half_sse` and `mse`, -1 or 1 for `hinge`, and an
            integer, the index of the right class, for `cross_entropy`.
        optimiser: The optimiser, whose parameters are trained; all others of the model are frozen.
        epochs: The most times to go through the data; what is left of an epoch that was cut short
            is one. This or `max_steps` has to be given.
        max_steps: The most steps to make.
        batch_size: The number of samples in a step; None for all of them.
        rng: What draws the order of the samples: a seed or a NumPy generator; None for another
            order at every run.
        penalty: A function of the model that is added to the loss once a step, such as
            `lambda model: l2_penalty(model, 1e-4)`.
        schedule: A function that gives the learning rate, such as `cosine_annealing_lr(0.1, 50)`.
        schedule_by: When the schedule is asked: at every "epoch", with the number of the epoch, or
            at every "step", with the number of steps that the optimiser has made; both from 0.
        tolerance: Training ends when the loss has fallen by less than this, a number from 0, since
            the last step; with mini-batches, when the mean loss has since the last epoch.
        validation: A pair like `data`, whose loss is measured after every epoch in evaluation mode.
        patience: Training ends after this many epochs without a new lowest validation loss. With
            patience the parameters of the lowest validation loss are put back whenever training
            ends.
        compiled: None for a compiled program where one can be made, True to raise an error where
            none can, False for eager steps.
        progress: Whether to show a bar, which needs tqdm and a terminal.
        history: The history to continue; None for a new one. A training that was cut short goes on
            where it was.
        callback: A function that is called with each `Step` before it is made, such as an
            `nn.Recording`; what it returns is not used.

    Returns:
        The history; its `stopped` says why training ended. All gradients are zero afterwards, and
        the model is in the mode, training or evaluation, in which it was before.

    Raises:
        TypeError: If an argument is of a wrong kind.
        ValueError: If inputs, targets and model do not fit together, or a number is out of its
            range. Nothing is changed then.

    Example:
        >>> import nn
        >>> model = nn.MLP.from_weights([[[0.0]]], [0.0])
        >>> optimiser = nn.SGD(model.parameters(), lr=0.1)
        >>> data = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
        >>> nn.fit(model, data, nn.mse, optimiser, max_steps=2000, tolerance=1e-12).stopped
        'converged at step 194 with loss 7.42017e-12'
        >>> [round(p.data, 3) for p in model.parameters()]
        [2.0, 1.0]

    Source: The stopping rule, a loss that falls by less than `tolerance`, is that of tutorials.
    """
    from nn.training.objective import Objective
    from nn.training.stepping import evaluation_for, step_for

    if not isinstance(model, Module) or not callable(model):
        kind = type(model).__name__
        without = " without __call__" if isinstance(model, Module) else ""
        raise TypeError(
            f"fit: expected a Module as the model, such as nn.MLP(2, [3, 1]), got a {kind}{without}"
        )
    if not isinstance(optimiser, Optimiser):
        raise TypeError(
            f"fit: expected an optimiser such as nn.SGD(model.parameters(), lr=0.1), "
            f"got {optimiser!r}"
        )
    functions = {"loss": loss, "penalty": penalty, "schedule": schedule, "callback": callback}
    for name, given in functions.items():
        if not callable(given) and (given is not None or name == "loss"):
            raise TypeError(f"fit: {name} must be a function, got {given!r}; {_HINTS[name]}")
    if schedule_by not in ("epoch", "step"):
        raise ValueError(f"fit: schedule_by is 'epoch' or 'step', got {schedule_by!r}")
    if epochs is None and max_steps is None:
        raise ValueError("fit: give epochs or max_steps, so that training ends")
    if history is not None and not isinstance(history, History):
        raise TypeError(f"fit: expected an nn.History to go on with, got {history!r}")
    if patience is not None and validation is None:
        raise ValueError("fit: patience needs validation data to judge by; give validation=(x, y)")
    if compiled is not None:
        compiled = checks.flag(compiled, "fit: compiled", "True, False or None")
    progress = checks.flag(progress, "fit: progress")
    limits = Limits(
        None if epochs is None else checks.count(epochs, "fit: epochs", least=0),
        None if max_steps is None else checks.count(max_steps, "fit: max_steps", least=0),
        None if tolerance is None else checks.real(tolerance, "fit: tolerance", "a number from 0"),
        None if patience is None else checks.count(patience, "fit: patience"),
    )
    if isinstance(data, Batches):
        if batch_size is not None or rng is not None:
            raise ValueError("fit: batch_size and rng belong to the Batches that are given as data")
        batches = data
    else:
        batches = Batches(data, batch_size, rng)
        if history is not None and history.unfinished is not None:
            _skip_what_was_done(batches, history, has_seed=hasattr(rng, "__index__"))
    history = History() if history is None else history
    parameters = optimiser.parameters
    objective = Objective(model, parameters, batches, loss, penalty)
    objective.check()
    held_out = None
    if validation is not None:
        try:
            held_out = Objective(model, parameters, Batches(validation), loss)
            held_out.check()
        except (TypeError, ValueError) as error:
            error.add_note("in the validation data")
            raise
    with modes_kept(model):
        try:
            evaluation = None
            if held_out is not None:
                model.eval()
                evaluation = evaluation_for(held_out, compiled)
            model.train()
            step = step_for(objective, compiled)
            rate = rate_from(schedule, schedule_by == "step", batches, optimiser)
            changes = Changes(model, optimiser, batches, history, patience is not None)
            loop = Loop(changes, step, evaluation, limits, rate, callback)
            with _bar(limits, len(batches), progress) as bar:
                loop.run(bar)
        finally:
            model.zero_grad()
            optimiser.zero_grad()
    return history


def _skip_what_was_done(batches: Batches, history: History, has_seed: bool) -> None:
    """Goes on after the epochs of an unfinished history, and within one if its order is known."""
    steps = len(history.losses) - (history.epochs[-1] if history.epochs else 0)
    known = (has_seed or not batches.shuffle) and steps <= len(batches)
    batches.skip(len(history.epochs), steps if known else 0)


_HINTS = {
    "loss": "give one such as nn.mse",
    "penalty": "give one such as lambda model: nn.l2_penalty(model, 1e-4)",
    "schedule": "give one such as nn.step_lr(0.1, step_size=10)",
    "callback": "give one such as nn.Recording(model)",
}


class _NoBar:
    """A progress bar that shows nothing."""

    disable = True

    def update(self) -> None:
        """Does nothing."""

    def __enter__(self) -> _NoBar:
        return self

    def __exit__(self, *exception: object) -> None:
        """Does nothing."""


def _bar(limits: Limits, batches: int, shown: bool) -> Any:
    """A progress bar, if tqdm is installed and the output is a terminal."""
    try:
        from tqdm import tqdm
    except ImportError:
        return _NoBar()
    totals = [limits.epochs and limits.epochs * batches, limits.steps]
    total = min(total for total in totals if total is not None)
    return tqdm(total=total, disable=None if shown else True, unit="step", leave=False)
