"""How a node is written in a derivation: its name, its value, its local derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from autograd.explaining.applied import Applied, close, figure
from autograd.explaining.blocks import Block, Equation, Formula, Remark
from autograd.explaining.lettering import latex_name, latex_text
from autograd.explaining.naming import Names
from autograd.explaining.networks import names_of
from autograd.explaining.notation import SUPERSCRIPTS
from autograd.explaining.paths import Between, Link
from autograd.graph.neurons import structure_of
from autograd.graph.node import Node
from autograd.language import floats
from autograd.table import Operation


class NodeWriter:
    """Writes the nodes of a graph and the edges between them.

    Args:
        between: What lies between an output and a node.
        names: What the nodes are called; None for the names that they have now.
    """

    def __init__(self, between: Between, names: Names | None = None) -> None:
        self.between = between
        if names is None:
            names = names_of(structure_of(between.order, [between.output]))
        self.names = names
        self._applied: dict[Node, Applied] = {}
        self._marked: dict[tuple[Node, int], bool] = {}

    def name(self, node: Node) -> Formula:
        """What a node is called; in LaTeX w_5 shows its underscore if there is a w5 as well."""
        name = self.names[node]
        latex = latex_name(name)
        if self._shortest.get(latex, name) != name:
            latex = latex_text(name)
        return Formula(name, latex)

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

    def derivative(self, node: Node, by: Node) -> Formula:
        """∂node/∂by."""
        a, b = self.name(node), self.name(by)
        latex = rf"\frac{{\partial {a.latex}}}{{\partial {b.latex}}}"
        return Formula(f"∂{a.text}/∂{b.text}", latex)

    def local_name(self, link: Link) -> Formula:
        """∂node/∂parent by one operand, which is marked if the node depends on it elsewhere too."""
        name, parent, mark = self.name(link.node), self.name(link.parent), self.mark(link)
        below = f"{parent.latex}{mark.latex}"
        latex = rf"\frac{{\partial {name.latex}}}{{\partial {below}}}"
        return Formula(f"∂{name.text}/∂{parent.text}{mark.text}", latex)

    def mark(self, link: Link) -> Formula:
        """The number of the operand, if the whole derivative by the parent has other parts."""
        key = link.node, link.position
        if key not in self._marked:
            others = [x for x in self.between.links(link.node) if x.position != link.position]
            same = any(other.parent is link.parent for other in others)
            if self.between.paths is not None:
                same = same or any(self._depends(x.parent, link.parent) for x in others)
            self._marked[key] = same
        number = link.position + 1
        if not self._marked[key]:
            return Formula("", "")
        return Formula(f"⁽{str(number).translate(SUPERSCRIPTS)}⁾", f"^{{({number})}}")

    def _depends(self, node: Node, other: Node) -> bool:
        """Whether a node between depends on another one."""
        seen, stack = set(), [node]
        while stack:
            node = stack.pop()
            if node is other:
                return True
            if node not in seen:
                seen.add(node)
                stack += [link.parent for link in self.between.links(node)]
        return False

    def applied(self, node: Node) -> Iterator[Formula]:
        """The operation of a node applied to its operands, and how it is computed."""
        return self._apply(node).value()

    def local_derivative(self, link: Link) -> Iterator[Block]:
        """∂node/∂parent: the formula of the derivative table, with numbers, and what that is."""
        sides = [self.local_name(link)]
        named, with_numbers = self._apply(link.node).partial(link.position, link.partial)
        if named is not None:
            sides += [named] if with_numbers is None else [named, with_numbers]
        yield Equation((*sides, figure(link.partial)), 2)
        if with_numbers is None:
            yield Remark(self._reason(link.node))

    def _apply(self, node: Node) -> Applied:
        if node not in self._applied:
            self._applied[node] = Applied(node, self.name, lambda node: node.data)
        return self._applied[node]

    def _reason(self, node: Node) -> str:
        """Why the formula of a local derivative does not give it in numbers."""
        operation = node._op
        assert isinstance(operation, Operation)
        applied_to, settings = node.applied_to
        data: list[Any] = [x.data if isinstance(x, Node) else x for x in applied_to]
        operands = operation.grouped(data) if operation.groups else data
        value = operation.value(floats, *operands, *settings)
        if not close(value, node.data):
            return "as recorded: the data of an operand has been changed since"
        if operation.convention:
            return f"by convention: {operation.convention}"
        return "the formula loses its digits here; the engine computes it by an equal one"
