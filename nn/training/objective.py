"""The objective: the function of the parameters that training makes small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value
from nn.module import Module, modes_kept
from nn.training.batches import Batches

TRIED = 1000  # the most targets that the loss is tried with; there are fewer classes than that


@dataclass
class Objective:
    """The mean loss of the samples plus the penalty.

    Attributes:
        model: The network, a function of a row of inputs.
        parameters: The parameters that are trained; all others of the model are frozen.
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
        """Tries the model on one sample, and the loss on that output with each target of the data.

        A target that does not fit, such as a class that the model does not have, is found in this
        way before the first step.

        Raises:
            TypeError: If the loss or the penalty returns something else than a `Value`.
            ValueError: If neither depends on a parameter of the optimiser.
        """
        terms: list[Value] = []
        with modes_kept(self.model):
            self.model.eval()
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
        self._check_dependence(terms)

    def _check_dependence(self, terms: Sequence[Value]) -> None:
        """Raises unless a parameter of the optimiser is in a term or in the model.

        If the model was built anew after the optimiser was made, training would change nothing that
        the model uses, and nobody would notice.
        """
        unknown = set(self.parameters).isdisjoint(self.model.parameters())
        if unknown and not any(first_used(self.parameters, term) is not None for term in terms):
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


def first_used(wanted: Iterable[Value], output: Value) -> Value | None:
    """One of the wanted nodes from which an output is computed; None if it is from none of them."""
    ids = {id(node) for node in wanted}
    seen: set[int] = set()
    stack = [output]
    while stack:
        node = stack.pop()
        if id(node) in ids:
            return node
        if id(node) not in seen:
            seen.add(id(node))
            stack.extend(node.parents)
    return None
