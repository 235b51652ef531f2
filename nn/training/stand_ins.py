"""A model with Values that stand for its parameters and for the factors of its dropouts.

So its loss can be recorded for every input at once, and is then a function of all of these.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from autograd import Value
from nn.dropout import Dropout
from nn.module import Module


class StandIns:
    """What there is to stand for in a model.

    Args:
        model: The model, in the mode in which it is to be recorded.
        parameters: Those that are trained.

    Attributes:
        parameters: Those that are trained, then those that are frozen.
        dropouts: The Dropouts that drop.
    """

    def __init__(self, model: Module, parameters: Sequence[Value]) -> None:
        self.model = model
        known = {id(p): p for p in (*parameters, *model.parameters())}
        self.parameters = list(known.values())
        self.trained = len(parameters)
        modules = [module for _, module in model.named_modules()]
        self.dropouts = [m for m in modules if isinstance(m, Dropout) and m.training and m.p]

    def model_with(
        self, values: Sequence[Value], factors: Sequence[Iterator[Value | float]]
    ) -> Any:
        """A copy of the model in which these have taken the places.

        Args:
            values: A `Value` for each of the parameters.
            factors: For each Dropout, where it takes its factors from.
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
        """How many factors each Dropout needs for a sample, such as these inputs."""
        counts = [0] * len(self.dropouts)

        def counting(place: int) -> Iterator[float]:
            while True:
                counts[place] += 1
                yield 1.0

        self.model_with(self.parameters, [counting(i) for i in range(len(counts))])(inputs)
        return counts

    def check(self, output: Value) -> None:
        """Raises if a trained parameter itself is in the graph of what was recorded.

        Then it is used from elsewhere than from the model, and a program would not follow it.
        """
        trained = {id(parameter) for parameter in self.parameters[: self.trained]}
        seen: set[int] = set()
        stack = [output]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if id(node) in trained:
                raise ValueError(
                    f"parameter {node.label or node!r} is used from outside the model, so that a "
                    "program would not follow it; make it an attribute of the model"
                )
            stack += node.parents


class _Given(Dropout):
    """A Dropout with factors that are given."""

    def __init__(self, factors: Iterator[Value | float]) -> None:
        self.p = 0.5  # any that drops: the factors are made already
        self._factors = factors

    def mask(self, size: int) -> Sequence[Value | float]:
        return list(islice(self._factors, size))
