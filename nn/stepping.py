"""The loss of a batch and its gradient: eagerly, sample by sample, or by a compiled program."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd
from autograd import Value
from nn.batches import Batches
from nn.dropout import Dropout
from nn.module import Module

CHECKED = 8  # samples on which a program is held to the eager loss before it is used

Gradient = Sequence[float]


@dataclass
class Objective:
    """What is to become small.

    Attributes:
        model: The network.
        parameters: What to differentiate by; other parameters are frozen.
        data: The samples.
        loss: The loss of one sample: a function of the model's output and the target.
        penalty: A function of the model that is added to the mean loss, or None.
    """

    model: Module
    parameters: Sequence[Value]
    data: Batches
    loss: Callable[[Any, Any], Value]
    penalty: Callable[[Any], Value] | None = None

    def check(self) -> None:
        """Tries the model on one sample, and the loss with each target that there is.

        So a target that does not fit, such as a class that is none, is found before the first step.

        Raises:
            TypeError: If the loss or the penalty is no `Value`.
        """
        modes = [(module, module.training) for _, module in self.model.named_modules()]
        self.model.eval()
        try:
            model: Any = self.model
            output = model(self.data.inputs[0].tolist())
            targets, first = np.unique(self.data.targets, axis=0, return_index=True)
            for target, sample in zip(targets.tolist(), first.tolist(), strict=True):
                try:
                    _required(self.loss(output, target), "loss", "the output and the target")
                except (TypeError, ValueError) as error:
                    error.add_note(f"with the output of sample 0 and the target of sample {sample}")
                    raise
            if self.penalty is not None:
                _required(self.penalty(self.model), "penalty", "the model")
        finally:
            for module, mode in modes:
                module.training = mode


class EagerStep:
    """Records the graph of every sample.

    Args:
        objective: What is to become small.
    """

    compiled = False

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        leaves = (*objective.parameters, *objective.model.parameters())
        self._leaves = list({id(leaf): leaf for leaf in leaves}.values())
        self._inputs = objective.data.inputs.tolist()
        self._targets = objective.data.targets.tolist()

    def __call__(self, numbers: Sequence[float], index: NDArray[np.intp]) -> tuple[float, Gradient]:
        """The mean loss of these samples with the penalty, and its gradient.

        Args:
            numbers: The data that the parameters have.
            index: Which samples.
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
        """The mean loss of all samples, without the penalty."""
        objective = self.objective
        model: Any = objective.model
        pairs = zip(self._inputs, self._targets, strict=True)
        losses = [objective.loss(model(x), y).data for x, y in pairs]
        return sum(losses) / len(losses)


class CompiledStep:
    """Records the loss of one sample once, and runs it over the samples of a batch together.

    The inputs of the program are the parameters, the masks of each `Dropout`, the entries of the
    sample and of its target. A copy of the model is recorded in which Values that stand for these
    have taken the place of the parameters and of the Dropouts.

    Args:
        objective: What is to become small.
        gradient: Whether the gradient is wanted.

    Raises:
        ValueError: If the program does not give what the eager loss is.
        Exception: Whatever recording the model or the loss raises.
    """

    compiled = True

    def __init__(self, objective: Objective, gradient: bool = True) -> None:
        self.objective = objective
        known = {id(p): p for p in (*objective.parameters, *objective.model.parameters())}
        self._parameters = list(known.values())
        self._own = len(objective.parameters)
        modules = [module for _, module in objective.model.named_modules()]
        self._dropouts = [m for m in modules if isinstance(m, Dropout) and m.training and m.p]
        self._masks = [0] * len(self._dropouts)
        data = objective.data
        self._width = data.inputs.shape[1]
        # As columns, so that a batch of each is a row that is taken by its indices.
        self._table = np.column_stack([data.inputs, data.targets.astype(float)]).T.copy()
        self._masks = self._counted()
        wrt = range(self._own if gradient else 0)
        width = len(self._parameters) + sum(self._masks) + len(self._table)
        self._program = autograd.compile(self._recorded, width, wrt)
        self._penalty = None
        if objective.penalty is not None and gradient:
            self._penalty = autograd.compile(self._recorded_penalty, len(self._parameters), wrt)
        self._check()

    def __call__(self, numbers: Sequence[float], index: NDArray[np.intp]) -> tuple[float, Gradient]:
        """As `EagerStep.__call__`."""
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
        """As `EagerStep.loss`."""
        count = len(self.objective.data.inputs)
        index = np.arange(count)
        losses, _ = self._run(self._numbers(numbers), self._drawn(count), index)
        return float(losses.sum()) / count

    def _numbers(self, numbers: Sequence[float]) -> list[float]:
        """The numbers of the parameters, then those of the frozen ones."""
        return [*numbers, *[parameter.data for parameter in self._parameters[self._own :]]]

    def _drawn(self, samples: int) -> list[NDArray[np.float64]]:
        """The masks of so many samples, a row for each input of the program."""
        pairs = zip(self._dropouts, self._masks, strict=True)
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

    def _counted(self) -> list[int]:
        """How many factors each Dropout needs for a sample."""
        counts = [0] * len(self._dropouts)

        def counting(place: int) -> Iterator[float]:
            while True:
                counts[place] += 1
                yield 1.0

        stand_ins = {id(p): p for p in self._parameters}
        model: Any = self._copy(stand_ins, [counting(i) for i in range(len(counts))])
        model(self.objective.data.inputs[0].tolist())
        return counts

    def _copy(
        self, stand_ins: Mapping[int, Value], masks: Sequence[Iterator[Value | float]]
    ) -> Module:
        """The model with others in place of its parameters and masks."""
        memo: dict[int, Any] = dict(stand_ins)
        for dropout, factors in zip(self._dropouts, masks, strict=True):
            memo[id(dropout)] = _Given(factors)
        model = copy.deepcopy(self.objective.model, memo)
        for _, module in model.named_modules():
            module._stand_ins = frozenset(map(id, stand_ins.values()))
        return model

    def _recorded(self, *given: Value) -> Value:
        """The loss of one sample, of all inputs of the program."""
        values = iter(given)
        stand_ins = {id(p): next(values) for p in self._parameters}
        masks = [iter(list(islice(values, size))) for size in self._masks]
        model: Any = self._copy(stand_ins, masks)
        output = model(list(islice(values, self._width)))
        target: Any = list(values)
        if self.objective.data.targets.ndim == 1:
            (target,) = target
        loss = self.objective.loss(output, target)
        self._check_leaves(loss)
        return loss

    def _recorded_penalty(self, *given: Value) -> Value:
        """The penalty, of the parameters."""
        stand_ins = {id(p): value for p, value in zip(self._parameters, given, strict=True)}
        penalty = self.objective.penalty
        assert penalty is not None
        term = penalty(self._copy(stand_ins, [iter(()) for _ in self._dropouts]))
        self._check_leaves(term)
        return term

    def _check_leaves(self, output: Value) -> None:
        """Raises if a parameter is used from elsewhere than from the model that is given."""
        parameters = {id(p) for p in self._parameters[: self._own]}
        seen: set[int] = set()
        stack = [output]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if id(node) in parameters:
                raise ValueError(
                    f"parameter {node.label or node!r} is used from outside the model, so that a "
                    "program would not follow it; make it an attribute of the model"
                )
            stack += node.parents

    def _check(self) -> None:
        """Holds the program to the eager loss on some samples.

        A function that looks at `.data` is recorded wrongly, and nothing else would tell.
        """
        index = np.arange(min(CHECKED, len(self.objective.data.inputs)))
        numbers = self._numbers([p.data for p in self.objective.parameters])
        masks = [np.ones(len(index)) for _ in range(sum(self._masks))]
        losses, _ = self._run(numbers, masks, index)
        for sample, loss in zip(index.tolist(), losses.tolist(), strict=True):
            entries = [1.0] * len(masks) + self._table[:, sample].tolist()
            eager = self._recorded(*map(Value, [*numbers, *entries])).data
            if not abs(loss - eager) <= 1e-9 * max(1.0, abs(eager)) and loss == loss:
                raise ValueError(
                    f"the compiled loss of sample {sample} is {loss!r}, the eager one {eager!r}; a "
                    "function that looks at .data cannot be compiled"
                )


class _Given(Dropout):
    """A Dropout with factors that are given."""

    def __init__(self, factors: Iterator[Value | float]) -> None:
        self.p = 0.5  # any that drops: the factors are made already
        self._factors = factors

    def mask(self, size: int) -> Sequence[Value | float]:
        return list(islice(self._factors, size))


def step_for(objective: Objective, compiled: bool | None) -> EagerStep | CompiledStep:
    """The way to take steps: compiled if it can be, or as `compiled` says.

    Raises:
        Exception: If it has to be compiled and cannot be, what recording it raised.
    """
    return _made(objective, compiled, gradient=True)


def evaluation_for(objective: Objective, compiled: bool | None) -> EagerStep | CompiledStep:
    """The same for the loss alone."""
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


def _zero(parameters: Iterable[Value]) -> None:
    for parameter in parameters:
        parameter.zero_grad()


def _required(given: Any, name: str, of: str) -> None:
    if not isinstance(given, Value):
        raise TypeError(
            f"{name}: expected a function of {of} that returns a Value, it returned "
            f"{type(given).__name__} {given!r:.60}"
        )
