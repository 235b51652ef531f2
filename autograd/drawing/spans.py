"""How far the edges of a picture reach: from rank to rank, or across many."""

from __future__ import annotations

from collections.abc import Hashable, Iterable


def crossed(edges: Iterable[tuple[Hashable, Hashable]]) -> int:
    """How many ranks edges cross, all together, in a layout that keeps them short.

    Graphviz gives an edge a point in each rank that it crosses; its time grows with more than the
    square of their number, and a reader follows such an edge past all that is between.

    Args:
        edges: Tail and head of each. The heads come in topological order.
    """
    edges = list(edges)
    ranks: dict[Hashable, int] = {}
    for tail, head in edges:
        ranks[head] = max(ranks.get(head, 0), ranks.get(tail, 0) + 1)
    # What nothing leads to stands right before the first that it leads to.
    heads = {head for _, head in edges}
    for tail, head in edges:
        if tail not in heads:
            ranks[tail] = min(ranks.get(tail, ranks[head]), ranks[head] - 1)
    return sum(ranks[head] - ranks[tail] - 1 for tail, head in edges)
