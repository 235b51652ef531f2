"""What a drawing says of the nodes: their labels and numbers as they were when it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from autograd.drawing.staleness import outdated
from autograd.graph.node import Node


class Facts(NamedTuple):
    """What can change in a node after it was drawn; `gradient` is None before any backward pass."""

    label: str
    data: float
    gradient: float | None


class Reading:
    """The facts of a graph's nodes.

    A picture is rendered, and a page made, when it is asked for: a training step in between does
    not change what it says.

    Args:
        facts: The facts.
        outdated: The nodes whose operands had been changed since they were computed.
    """

    def __init__(self, facts: Mapping[Node, Facts], outdated: Sequence[Node] = ()) -> None:
        self._facts = facts
        self.outdated = outdated

    def of(self, node: Node) -> Facts:
        """The facts of a node."""
        return self._facts[node]

    def with_gradients(self, gradients: Mapping[Node, float] | None) -> Reading:
        """The same labels and numbers with other gradients; None for a graph without."""
        return Reading(
            {
                node: facts._replace(gradient=None if gradients is None else gradients[node])
                for node, facts in self._facts.items()
            },
            self.outdated,
        )

    def with_labels(self, labelled: Callable[[Node], str]) -> Reading:
        """The same numbers with other labels."""
        return Reading(
            {node: facts._replace(label=labelled(node)) for node, facts in self._facts.items()},
            self.outdated,
        )


def reading_of(order: Sequence[Node]) -> Reading:
    """The facts of the nodes as they are now."""
    facts = {
        node: Facts(node.label, node.data, node.grad if node.has_gradient else None)
        for node in order
    }
    return Reading(facts, outdated(order, lambda node: facts[node].data))
