"""What nodes are called in a derivation: each by a name of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from autograd.graph.node import Node
from autograd.lettering import shown

# A word, also with accents, as \theta is written in LaTeX, or with an index in braces.
WORD = re.compile(r"\\?\w[\w.'\[\]\u0300-\u036f\u20d7]*(?:\{[\w,]+\})?")


class Names:
    """The names of a graph's nodes.

    A label is the name of its node. A label that several nodes have is followed by #1, #2, …; nodes
    without one are v1, v2, …, both in topological order. What could be read as a formula is quoted.

    Args:
        order: The nodes in topological order.
        labels: Their labels, "" for a node without one.
    """

    def __init__(self, order: Sequence[Node], labels: Sequence[str]) -> None:
        counts = Counter(labels)
        taken = set(counts)
        given: Counter[str] = Counter()
        self._names: dict[Node, str] = {}
        self._unquoted: dict[Node, str] = {}
        unnamed = 0
        for node, label in zip(order, labels, strict=True):
            if not label:
                unnamed += 1
                while f"v{unnamed}" in taken:
                    unnamed += 1
                self._names[node] = f"v{unnamed}"
                continue
            number = ""
            if counts[label] > 1:
                given[label] += 1
                number = f"#{given[label]}"
            name = shown(label)
            self._unquoted[node] = f"{name}{number}"
            self._names[node] = f"{name if WORD.fullmatch(name) else f'“{name}”'}{number}"
        self._taken = set(self._names.values())

    def __getitem__(self, node: Node) -> str:
        return self._names[node]

    def unquoted(self, node: Node) -> str:
        """The name without quotes, for where it stands alone."""
        return self._unquoted.get(node, self._names[node])

    def beside_operation(self, node: Node) -> str:
        """The name where the operation is there, too: a node without a label needs none."""
        return self._unquoted.get(node, "")

    @property
    def labelled(self) -> Iterable[str]:
        """The names of the nodes that have a label."""
        return (self._names[node] for node in self._unquoted)

    def __contains__(self, name: str) -> bool:
        """Whether a node is called so."""
        return name in self._taken
