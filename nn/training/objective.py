"""What training makes small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value
from nn.module import Module
from nn.training.batches import Batches

TRIED = 1000  # targets that the loss is tried with; classes are fewer


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
        """Tries the model on one sample, and the loss with the targets that there are.

        So a target that does not fit, such as a class that is none, is found before the first step.

        Raises:
            TypeError: If the loss or the penalty is no `Value`.
            ValueError: If neither depends on what the optimiser changes.
        """
        terms: list[Value] = []
        modes = [(module, module.training) for _, module in self.model.named_modules()]
        self.model.eval()
        try:
            model: Any = self.model
            output = model(self.data.inputs[0].tolist())
            targets, first = np.unique(self.data.targets, axis=0, return_index=True)
            pairs = zip(targets[:TRIED].tolist(), first[:TRIED].tolist(), strict=True)
            for target, sample in pairs:
                try:
                    terms.append(
                        _required(self.loss(output, target), "loss", "the output and the target")
                    )
                except (TypeError, ValueError) as error:
                    error.add_note(f"with the output of sample 0 and the target of sample {sample}")
                    raise
            if self.penalty is not None:
                terms.append(_required(self.penalty(self.model), "penalty", "the model"))
        finally:
            for module, mode in modes:
                module.training = mode
        self._check_dependence(terms)

    def _check_dependence(self, terms: Sequence[Value]) -> None:
        """Raises unless a parameter occurs in a term, or is one of the model's.

        The optimiser of a model that was built anew since would train nothing, and say nothing.
        """
        wanted = set(self.parameters)
        if wanted.isdisjoint(self.model.parameters()) and not any(
            _occurs(wanted, t) for t in terms
        ):
            raise ValueError(
                "fit: the loss depends on no parameter of the optimiser; make the optimiser of "
                "model.parameters() of this model"
            )


def _required(given: Any, name: str, of: str) -> Value:
    if not isinstance(given, Value):
        raise TypeError(
            f"{name}: expected a function of {of} that returns a Value, it returned "
            f"{type(given).__name__} {given!r:.60}"
        )
    return given


def _occurs(wanted: set[Value], term: Value) -> bool:
    """Whether a term is computed from one of these."""
    seen: set[Value] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node in wanted:
            return True
        if node not in seen:
            seen.add(node)
            stack.extend(node.parents)
    return False
