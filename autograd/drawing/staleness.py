"""Numbers that were changed after their use, so that results no longer follow from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isnan
from typing import Any

from autograd.eager.evaluation import evaluation
from autograd.eager.variadic import evaluated
from autograd.graph.node import Node
from autograd.language.writing import GUARDED
from autograd.table import Operation
from autograd.table.row import kept_with_row
from autograd.table.symbolic import SymbolicRow


def outdated(order: Iterable[Node], data: Callable[[Node], float]) -> list[Node]:
    """The computed nodes whose value or local derivatives no longer follow from their operands.

    A training step sets the data of parameters; what was computed from them before stays as it was
    recorded.

    Args:
        order: Nodes in topological order.
        data: The number of a node.
    """
    return [node for node in order if not node.is_leaf and not _follows(node, data)]


def _follows(node: Node, data: Callable[[Node], float]) -> bool:
    """Whether the row of the node's operation gives what was recorded, to the last bit."""
    operation = node._op
    assert isinstance(operation, Operation)
    operands, settings = node.applied_to
    numbers = [data(x) if isinstance(x, Node) else x for x in operands]
    value: float
    partials: Sequence[float]
    if operation.groups:
        value, partials = evaluated(operation, operation.grouped(numbers), settings)
    else:
        value, partials = _function(operation)(*numbers, *settings)
    by_nodes = [p for p, x in zip(partials, operands, strict=True) if isinstance(x, Node)]
    return _same(value, data(node)) and all(map(_same, by_nodes, node.partials))


@kept_with_row
def _function(operation: Operation) -> Any:
    """The value and the local derivatives of an operation as a function that never raises."""
    settings = dict.fromkeys(name for name, _ in operation.settings)
    return evaluation(SymbolicRow(operation), GUARDED, "guarded", settings)


def _same(x: float, y: float) -> bool:
    return x == y or (isnan(x) and isnan(y))
