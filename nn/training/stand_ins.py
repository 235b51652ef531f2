"""Stand-ins: copies of a model in which other Values take the place of its parameters.

The loss of such a copy is recorded as a function of all its stand-ins: of one for each parameter,
and of one for each factor that a `Dropout` multiplies by. A compiled program of that function takes
new parameters and new dropout factors at every call, though it was recorded only once.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from autograd import Value
from nn.dropout import Dropout
from nn.module import Module
from nn.training.objective import first_used


class StandIns:
    """The parts of a model that stand-ins replace: its parameters and its active Dropouts.

    Args:
        model: The model, in the mode in which it will be recorded.
        parameters: The parameters that are trained.

    Attributes:
        parameters: All parameters of the model, first the trained ones and then the frozen ones.
        trained: The number of trained parameters.
        dropouts: Every `Dropout` of the model that is in training mode and whose p is not 0.
    """

    def __init__(self, model: Module, parameters: Sequence[Value]) -> None:
        self.model = model
        self.parameters = list(dict.fromkeys([*parameters, *model.parameters()]))
        self.trained = len(parameters)
        modules = [module for _, module in model.named_modules()]
        self.dropouts = [m for m in modules if isinstance(m, Dropout) and m.training and m.p]

    def model_with(
        self, values: Sequence[Value], factors: Sequence[Iterator[Value | float]]
    ) -> Any:
        """A copy of the model that computes with stand-ins.

        Args:
            values: A `Value` in the place of each of the parameters.
            factors: For each `Dropout`, an iterator that gives the factors of its inputs.
        """
        memo: dict[int, Any] = {
            id(parameter): value for parameter, value in zip(self.parameters, values, strict=True)
        }
        for dropout, own in zip(self.dropouts, factors, strict=True):
            memo[id(dropout)] = _Given(own)
        model = copy.deepcopy(self.model, memo)
        for _, module in model.named_modules():
            module._stand_ins = frozenset(map(id, values))
        return model

    def factors(self, inputs: Sequence[float]) -> list[int]:
        """The number of factors that each `Dropout` needs for one sample.

        Args:
            inputs: The inputs of any sample.
        """
        counts = [0] * len(self.dropouts)

        def counting(place: int) -> Iterator[float]:
            while True:
                counts[place] += 1
                yield 1.0

        self.model_with(self.parameters, [counting(i) for i in range(len(counts))])(inputs)
        return counts

    def check(self, output: Value) -> None:
        """Raises ValueError if an output was computed from a trained parameter, not its stand-in.

        A function that reaches a parameter from outside the model does that. In a program the
        parameter would be a constant, and training would not change it.
        """
        node = first_used(self.parameters[: self.trained], output)
        if node is not None:
            raise ValueError(
                f"parameter {node.label or node!r} is used from outside the model, so that a "
                "program would not follow it; make it an attribute of the model"
            )


class _Given(Dropout):
    """A Dropout whose factors are stand-ins."""

    def __init__(self, factors: Iterator[Value | float]) -> None:
        self.p = 0.5  # any number above 0 would do, as the factors come from elsewhere
        self._factors = factors

    def mask(self, size: int) -> Sequence[Value | float]:
        return list(islice(self._factors, size))
