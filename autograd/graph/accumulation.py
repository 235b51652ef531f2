"""Reverse accumulation over a given order, in any interpreter of the language `m`.

`backward.py` has it once more, written out for floats in nodes, where every nanosecond counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from autograd.graph.node import Node

Place = TypeVar("Place", bound=Hashable)
N = TypeVar("N", bound=Node)

# The operand that an edge leads to, its share of the gradient, and whether the edge carries nothing
# as the operand was not chosen.
Edge = tuple[Place, Any, Any]


def accumulate(
    m: Any,
    order: Sequence[Place],
    sums: dict[Place, Any],
    edges: Callable[[Place, Any], Iterable[Edge[Place]]],
) -> None:
    """Adds to each operand's gradient its shares: upstream gradients times local derivatives.

    An edge to an operand that was not chosen carries nothing, not even a nan. Where that is so for
    all edges to a place, it is so for the edges from there.

    Args:
        m: The language on the numbers in question.
        order: The places, each after its operands.
        sums: The gradients, at first those of the outputs; all others are added to it.
        edges: `edges(place, upstream)`, the edges from a place to its operands, given the gradient
            of the place.
    """
    unused: dict[Place, Any] = {}  # where nothing comes to a place, if that may be so
    for place in reversed(order):
        if place not in sums:
            continue
        nothing = unused.get(place, False)
        for operand, share, zero in edges(place, sums[place]):
            dropped = zero if nothing is False else m.either(nothing, zero)
            if dropped is True:
                continue
            if dropped is not False:
                share = m.where(dropped, 0.0, share)
            if operand in sums:
                sums[operand] = sums[operand] + share
                before = unused.get(operand, False)
                dropped = before is not False and dropped is not False and m.both(before, dropped)
            else:
                sums[operand] = share
            unused[operand] = dropped


def recorded_edges(node: N, upstream: Any) -> Iterator[Edge[N]]:
    """The edges of a node, by the local derivatives that were recorded."""
    for parent, partial in zip(node.parents, node.partials, strict=True):
        yield parent, upstream * partial, False
