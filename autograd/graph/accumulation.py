"""Reverse accumulation over a given order, in any interpreter of the language `m`.

`backward.py` has it once more, written out for floats in nodes, where every nanosecond counts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from autograd.graph.node import Node

Place = TypeVar("Place", bound=Hashable)
N = TypeVar("N", bound=Node)

# The operand that an edge leads to, the local derivative, and whether an edge whose derivative is
# zero carries nothing.
Edge = tuple[Place, Any, bool]


def accumulate(
    m: Any,
    order: Sequence[Place],
    sums: dict[Place, Any],
    edges: Callable[[Place], Iterable[Edge[Place]]],
    times: Callable[[Any, Any], Any] = operator.mul,
) -> None:
    """Adds to each operand's gradient the upstream gradients times the local derivatives.

    An edge to an operand that was not chosen carries nothing, not even a nan. Where that is so for
    all edges to a place, it is so for the edges from there.

    Args:
        m: The language on the numbers in question.
        order: The places, each after its operands.
        sums: The gradients, at first those of the outputs; all others are added to it.
        edges: The edges from a place to its operands. They are asked for when the gradient of the
            place is known.
        times: The product of an upstream gradient and a local derivative.
    """
    unused: dict[Place, Any] = {}  # where nothing comes to a place, if that may be so
    for place in reversed(order):
        if place not in sums:
            continue
        upstream, nothing = sums[place], unused.get(place, False)
        for operand, partial, drops_zero in edges(place):
            dropped = m.either(nothing, m.equal(partial, 0.0)) if drops_zero else nothing
            if dropped is True:
                continue
            share = times(upstream, partial)
            if dropped is not False:
                share = m.where(dropped, 0.0, share)
            if operand in sums:
                sums[operand] = sums[operand] + share
                before = unused.get(operand, False)
                dropped = before is not False and dropped is not False and m.both(before, dropped)
            else:
                sums[operand] = share
            unused[operand] = dropped


def recorded_edges(node: N) -> Iterator[Edge[N]]:
    """The edges of a node with the local derivatives that were recorded."""
    for parent, partial in zip(node.parents, node.partials, strict=True):
        yield parent, partial, False
