"""The formulas of a graph's nodes: each is written once, whatever is derived in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from autograd.explaining.applied import Applied
from autograd.explaining.blocks import Formula
from autograd.explaining.lettering import latex_name, latex_text
from autograd.explaining.naming import Names
from autograd.graph.node import Node


class NodeFormulas:
    """Writes names, values and local derivatives of nodes.

    Args:
        names: What the nodes are called.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self._names: dict[Node, Formula] = {}
        self._applied: dict[Node, Applied] = {}
        self._values: dict[Node, Sequence[Formula]] = {}
        self._partials: dict[tuple[Node, int], tuple[Formula | None, Formula | None]] = {}

    def name(self, node: Node) -> Formula:
        """What a node is called; in LaTeX w_5 shows its underscore if there is a w5 as well."""
        if node not in self._names:
            name = self.names[node]
            latex = latex_name(name)
            if self._shortest.get(latex, name) != name:
                latex = latex_text(name)
            self._names[node] = Formula(name, latex)
        return self._names[node]

    @cached_property
    def _shortest(self) -> dict[str, str]:
        """For the LaTeX of each label the shortest name that is written so."""
        shortest: dict[str, str] = {}
        for name in self.names.labelled:
            latex = latex_name(name)
            unlabelled = latex.replace("_{", "").removesuffix("}")  # v1, which has no label
            names = [name, *([unlabelled] if unlabelled in self.names else [])]
            shortest[latex] = min([*names, shortest.get(latex, name)], key=lambda n: (len(n), n))
        return shortest

    def value(self, node: Node) -> Sequence[Formula]:
        """The operation of a node applied to its operands, and how it is computed."""
        if node not in self._values:
            self._values[node] = list(self._apply(node).value())
        return self._values[node]

    def partial(self, node: Node, position: int) -> tuple[Formula | None, Formula | None]:
        """The local derivative by a parent, by names and by numbers; see `Applied.partial`."""
        key = node, position
        if key not in self._partials:
            self._partials[key] = self._apply(node).partial(position, node.partials[position])
        return self._partials[key]

    def _apply(self, node: Node) -> Applied:
        if node not in self._applied:
            self._applied[node] = Applied(node, self.name, lambda node: node.data)
        return self._applied[node]
