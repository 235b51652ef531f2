"""How a node is written in a derivation: its name, its value, its local derivatives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd.explaining.applied import close, figure
from autograd.explaining.blocks import Block, Equation, Formula, Remark
from autograd.explaining.formulas import NodeFormulas
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
        formulas: Those of the nodes; None for the names that they have now.
    """

    def __init__(self, between: Between, formulas: NodeFormulas | None = None) -> None:
        self.between = between
        if formulas is None:
            formulas = NodeFormulas(names_of(structure_of(between.order, [between.output])))
        self.formulas = formulas
        self._marked: dict[tuple[Node, int], bool] = {}

    def name(self, node: Node) -> Formula:
        """What a node is called."""
        return self.formulas.name(node)

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

    def local_derivative(self, link: Link) -> Iterator[Block]:
        """∂node/∂parent: the formula of the derivative table, with numbers, and what that is."""
        sides = [self.local_name(link)]
        named, with_numbers = self.formulas.partial(link.node, link.position)
        if named is not None:
            sides += [named] if with_numbers is None else [named, with_numbers]
        yield Equation((*sides, figure(link.partial)), 2)
        if with_numbers is None:
            yield Remark(self._reason(link.node))

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
