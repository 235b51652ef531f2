"""Walks over a recorded graph, none of them recursive."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import filterfalse
from typing import Any, TypeVar

from autograd.graph.node import Node

N = TypeVar("N", bound=Node)


def topological_order(outputs: Iterable[N], without: Container[int] = ()) -> list[N]:
    """The nodes that the outputs depend on, themselves included, each after its parents.

    The order depends on the graph only: parents are visited from left to right. Nodes whose id is
    in `without`, and what only they depend on, are left out.
    """
    order: list[N] = []
    finished: set[N] = set()
    is_finished = finished.__contains__
    path: list[N | None] = [None]  # the nodes whose parents are being visited
    for output in outputs:
        stack: list[Any] = [output]
        pop, push = stack.pop, stack.append
        while stack:
            node = pop()
            left, right = node._left, node._right
            if node is path[-1]:  # all its parents are in the order now
                path.pop()
            elif node in finished or id(node) in without:
                continue
            elif left is not None:
                path.append(node)
                push(node)
                if right is not None:
                    push(right)
                    push(left)
                elif type(left) is tuple:
                    stack.extend(filterfalse(is_finished, reversed(left)))
                else:
                    push(left)
                continue
            finished.add(node)
            order.append(node)
    return order
