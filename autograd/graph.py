"""Walks over a recorded graph, none of them recursive."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TypeVar

from autograd.node import Node

N = TypeVar("N", bound=Node)


def topological_order(outputs: Iterable[N], without: Container[int] = ()) -> list[N]:
    """The nodes that the outputs depend on, themselves included, each after its parents.

    The order depends on the graph only: parents are visited from left to right. Nodes whose id is
    in `without`, and what only they depend on, are left out.
    """
    order: list[N] = []
    seen: set[N] = set()
    finished: set[N] = set()
    for output in outputs:
        stack = [output]
        while stack:
            node = stack.pop()
            if node in finished or id(node) in without:
                continue
            if node in seen:  # all its parents are in the order now
                finished.add(node)
                order.append(node)
                continue
            seen.add(node)
            stack.append(node)
            stack.extend(parent for parent in reversed(node.parents) if parent not in finished)
    return order
