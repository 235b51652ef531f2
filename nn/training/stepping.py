"""The loss of a batch and its gradient, computed eagerly or by a compiled program.

`EagerStep` and `CompiledStep` are called alike and give the same numbers, to rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Value
from nn.module import modes_kept
from nn.training.objective import Objective
from nn.training.stand_ins import StandIns

CHECKED = 8  # the samples on which a program is compared with the eager loss before it is used

Gradient = Sequence[float]


class EagerStep:
    """Computes a step eagerly: it records the graph of every sample anew.

    Args:
        objective: The function that training makes small.
    """

    compiled = False

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self._leaves = list(dict.fromkeys([*objective.parameters, *objective.model.parameters()]))
        self._inputs = objective.data.inputs.tolist()
        self._targets = objective.data.targets.tolist()

    def __call__(self, numbers: Sequence[float], index: NDArray[np.intp]) -> tuple[float, Gradient]:
        """The mean loss of some samples plus the penalty, and the gradient of that sum.

        Args:
            numbers: The number of each trained parameter, which is its `data`.
            index: The indices of the samples, an array of shape (batch,).

        Returns:
            The sum, and its derivative with respect to each trained parameter.
        """
        objective = self.objective
        model: Any = objective.model
        _zero(self._leaves)
        losses = []
        for sample in index.tolist():
            loss = objective.loss(model(self._inputs[sample]), self._targets[sample])
            loss.backward()
            losses.append(loss.data)
        gradient = [parameter.grad / len(losses) for parameter in objective.parameters]
        value = sum(losses) / len(losses)
        if objective.penalty is not None:
            _zero(self._leaves)
            penalty = objective.penalty(model)
            penalty.backward()
            value += penalty.data
            pairs = zip(objective.parameters, gradient, strict=True)
            gradient = [own + parameter.grad for parameter, own in pairs]
        return value, gradient

    def loss(self, numbers: Sequence[float]) -> float:
        """The mean loss of all samples, in evaluation mode and without the penalty."""
        objective = self.objective
        model: Any = objective.model
        pairs = zip(self._inputs, self._targets, strict=True)
        with modes_kept(model):
            model.eval()
            losses = [objective.loss(model(x), y).data for x, y in pairs]
        return sum(losses) / len(losses)


class CompiledStep:
    """Computes a step by a program: the loss of one sample is recorded once, and run on a batch.

    The inputs of the program are, in this order, the parameters, the factors of each `Dropout`, the
    entries of the sample and those of its target. The model is recorded with stand-ins in the place
    of its parameters and factors (see `StandIns`).

    Args:
        objective: The function that training makes small.
        gradient: Whether to compute the gradient; without it only `loss` is of use.

    Raises:
        ValueError: If the program gives another loss than the eager engine.
        Exception: Any error that the model or the loss raises while they are recorded.
    """

    compiled = True

    def __init__(self, objective: Objective, gradient: bool = True) -> None:
        self.objective = objective
        self._stand_ins = StandIns(objective.model, objective.parameters)
        data = objective.data
        self._width = data.inputs.shape[1]
        # The table has a row for each column of the data, so that the entries of a batch in one row
        # are the array that an input of the program takes.
        self._table = np.column_stack([data.inputs, data.targets.astype(float)]).T.copy()
        self._masks = self._stand_ins.factors(data.inputs[0].tolist())
        wrt = range(self._stand_ins.trained if gradient else 0)
        parameters = len(self._stand_ins.parameters)
        width = parameters + sum(self._masks) + len(self._table)
        self._program = autograd.compile(self._recorded, width, wrt)
        self._penalty = None
        if objective.penalty is not None and gradient:
            self._penalty = autograd.compile(self._recorded_penalty, parameters, wrt)
        self._check()

    def __call__(self, numbers: Sequence[float], index: NDArray[np.intp]) -> tuple[float, Gradient]:
        """The mean loss of some samples plus the penalty, and its gradient; see `EagerStep`."""
        numbers = self._numbers(numbers)
        count = len(index)
        losses, gradient = self._run(numbers, self._drawn(count), index)
        value = float(losses.sum()) / count
        if self._penalty is None:
            return value, [g / count for g in gradient]
        penalty, slopes = self._penalty(*numbers)
        pairs = zip(gradient, slopes, strict=True)
        return value + penalty, [g / count + slope for g, slope in pairs]

    def loss(self, numbers: Sequence[float]) -> float:
        """The mean loss of all samples, in evaluation mode and without the penalty."""
        count = len(self.objective.data.inputs)
        index = np.arange(count)
        losses, _ = self._run(self._numbers(numbers), self._drawn(count), index)
        return float(losses.sum()) / count

    def _numbers(self, numbers: Sequence[float]) -> list[float]:
        """The numbers of all parameters: the given ones of the trained, then the frozen ones'."""
        frozen = self._stand_ins.parameters[self._stand_ins.trained :]
        return [*numbers, *[parameter.data for parameter in frozen]]

    def _drawn(self, samples: int) -> list[NDArray[np.float64]]:
        """Newly drawn factors for some samples: an array for each such input of the program."""
        pairs = zip(self._stand_ins.dropouts, self._masks, strict=True)
        return [row for dropout, size in pairs for row in dropout.masks(samples, size).T.copy()]

    def _run(
        self,
        numbers: Sequence[float],
        masks: Sequence[NDArray[np.float64]],
        index: NDArray[np.intp],
    ) -> tuple[NDArray[np.float64], Gradient]:
        columns = self._table[:, index]
        if len(index) == 1:
            single = [float(row[0]) for row in (*masks, *columns)]
            value, gradient = self._program(*numbers, *single)
            return np.array([value]), gradient
        losses, gradient = self._program(*numbers, *masks, *columns)
        return losses, gradient

    # --- Recording --------------------------------------------------------------------------------

    def _recorded(self, *given: Value) -> Value:
        """The loss of one sample, as a function of all inputs of the program."""
        values = iter(given)
        parameters = list(islice(values, len(self._stand_ins.parameters)))
        masks = [iter(list(islice(values, size))) for size in self._masks]
        model = self._stand_ins.model_with(parameters, masks)
        output = model(list(islice(values, self._width)))
        target: Any = list(values)
        if self.objective.data.targets.ndim == 1:
            (target,) = target
        loss = self.objective.loss(output, target)
        self._stand_ins.check(loss)
        return loss

    def _recorded_penalty(self, *given: Value) -> Value:
        """The penalty, as a function of the parameters."""
        penalty = self.objective.penalty
        assert penalty is not None
        term = penalty(self._stand_ins.model_with(given, [iter(()) for _ in self._masks]))
        self._stand_ins.check(term)
        return term

    def _check(self) -> None:
        """Compares the programs with the eager loss of some samples and the eager penalty.

        A function that reads `.data` is recorded with that number as a constant. Nothing else than
        this comparison would notice.
        """
        index = np.arange(min(CHECKED, len(self.objective.data.inputs)))
        numbers = self._numbers([p.data for p in self.objective.parameters])
        masks = [np.ones(len(index)) for _ in range(sum(self._masks))]
        losses, _ = self._run(numbers, masks, index)
        for sample, loss in zip(index.tolist(), losses.tolist(), strict=True):
            entries = [1.0] * len(masks) + self._table[:, sample].tolist()
            eager = self._recorded(*map(Value, [*numbers, *entries])).data
            _check_same(f"loss of sample {sample}", loss, eager)
        if self._penalty is not None:
            eager = self._recorded_penalty(*map(Value, numbers)).data
            _check_same("penalty", self._penalty(*numbers)[0], eager)


def step_for(objective: Objective, compiled: bool | None) -> EagerStep | CompiledStep:
    """A step with gradients for an objective.

    Args:
        objective: The function that training makes small.
        compiled: True for a program, False for eager steps, None for a program where one can be
            made.

    Raises:
        Exception: If `compiled` is True and no program can be made: the error of recording.
    """
    return _made(objective, compiled, gradient=True)


def evaluation_for(objective: Objective, compiled: bool | None) -> EagerStep | CompiledStep:
    """A step that computes losses only; its arguments and errors are those of `step_for`."""
    return _made(objective, compiled, gradient=False)


def _made(objective: Objective, compiled: bool | None, gradient: bool) -> EagerStep | CompiledStep:
    if compiled is not False:
        try:
            return CompiledStep(objective, gradient)
        except Exception as error:
            if compiled:
                error.add_note("fit: with compiled=None it trains without a program where it must")
                raise
    return EagerStep(objective)


def _check_same(name: str, compiled: float, eager: float) -> None:
    """Raises ValueError unless two numbers agree to rounding, or both are nan."""
    both_nan = compiled != compiled and eager != eager
    close = abs(compiled - eager) <= 1e-9 * max(1.0, abs(eager))
    if not (close or compiled == eager or both_nan):
        raise ValueError(
            f"the compiled {name} is {compiled!r}, the eager one {eager!r}; a function that looks "
            "at .data cannot be compiled"
        )


def _zero(parameters: Iterable[Value]) -> None:
    for parameter in parameters:
        parameter.zero_grad()
