"""Copies and pickles of graphs, at any depth, with what is shared staying shared."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, TypeVar

from autograd.graph.node import NO_GRADIENT, Node
from autograd.graph.order import topological_order

N = TypeVar("N", bound=Node)

FIELDS = ("_data", "_grad", "_op", "_label", "_left", "_right", "_dleft", "_dright")


def copied(node: N, copies: dict[int, Any]) -> N:
    """A copy of one node; a parent whose id is in `copies` is replaced by its copy."""
    copy = object.__new__(type(node))
    copy._data, copy._grad = node._data, node._grad
    copy._op, copy._label = node._op, node._label
    copy._dleft, copy._dright = node._dleft, node._dright
    left, right = node._left, node._right
    if isinstance(left, tuple):
        copy._left = tuple(copies.get(id(parent), parent) for parent in left)
    else:
        copy._left = copies.get(id(left), left)
    copy._right = copies.get(id(right), right)
    _add_attributes(copy, vars(node) if hasattr(node, "__dict__") else None)
    return copy


def _add_attributes(node: Node, attributes: dict[str, Any] | None) -> None:
    """Gives a node of a user's subclass the attributes that the subclass added."""
    if attributes:
        vars(node).update(attributes)


def deep_copied(node: N, memo: dict[int, Any]) -> N:
    """A copy of the node and of all that it depends on, but for what `memo` has copies of."""
    for ancestor in topological_order([node], without=memo):
        memo[id(ancestor)] = copied(ancestor, memo)
    result: N = memo[id(node)]
    return result


# A pickler follows references by recursion. So a node is preceded by a list of its ancestors,
# parents first: when the pickler comes to a node, it has met the node's parents already. While
# that list is being written, its entries must not bring lists of their own.
_writing = threading.local()


class _Ancestors:
    """Pickles as the list of a node's ancestors, in topological order."""

    def __init__(self, node: Node) -> None:
        self.nodes = topological_order([node])[:-1]

    def _each(self) -> Iterator[Node]:
        _writing.now = True
        try:
            yield from self.nodes
        finally:
            _writing.now = False

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._each()


def reduced(node: Node) -> tuple[Any, ...]:
    """What `pickle` writes for a node."""
    ancestors = None if node.is_leaf or getattr(_writing, "now", False) else _Ancestors(node)
    fields = [getattr(node, field) for field in FIELDS]
    if not node.has_gradient:
        fields[FIELDS.index("_grad")] = None
    return _restored, (ancestors, type(node), getattr(node, "__dict__", None), *fields)


def _restored(
    ancestors: object, kind: type[Node], attributes: dict[str, Any] | None, *fields: Any
) -> Node:
    node = object.__new__(kind)
    _add_attributes(node, attributes)
    for field, content in zip(FIELDS, fields, strict=True):
        setattr(node, field, content)
    if node._grad is None:
        node._grad = NO_GRADIENT
    return node
