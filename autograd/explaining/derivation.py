"""The derivation of a gradient: its paths, or a table of sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograd.explaining.applied import figure, joined
from autograd.explaining.blocks import Block, Equation, Formula, Sentence, Table
from autograd.explaining.lettering import latex_text
from autograd.explaining.networks import path_of
from autograd.explaining.paths import MOST_PATHS, UNCOUNTED, Accumulation, Link, Path
from autograd.explaining.writing import NodeWriter
from autograd.graph.node import Node

FEW_TERMS = 6  # of a sum that are shown
FIRST_ROWS, LAST_ROWS = 24, 8  # of a table, or of values, that are shown
TIMES, PLUS, MINUS = Formula(" · ", r" \cdot "), Formula(" + ", " + "), Formula(" - ", " - ")


class Derivation(NodeWriter):
    """Writes the derivation of ∂output/∂wrt.

    Args:
        between: What lies between the two.
        formulas: As of `NodeWriter`.
    """

    def blocks(self) -> Iterator[Block]:
        """The derivation: the gradient, and how it comes about."""
        output, wrt = self.between.output, self.between.wrt
        yield Equation((self.derivative(output, wrt), figure(self.between.gradients[wrt])), 0)
        yield from self.steps()

    def steps(self, with_values: bool = True) -> Iterator[Block]:
        """How the gradient comes about.

        Args:
            with_values: Whether each node's value stands before its local derivatives.
        """
        between = self.between
        path = path_of(between.wrt.label)
        if path and path != self.name(between.wrt).text:
            parameter = Formula(path, latex_text(path))
            yield Sentence((self.name(between.wrt), " is the parameter ", parameter, "."))
        if between.output is between.wrt:
            yield Sentence(("The derivative of a value by itself is 1.",))
        elif between.paths is None:
            yield from self._table()
        elif len(between.paths) == 1:
            yield from self._one_path(between.paths[0], with_values)
        else:
            yield from self._several_paths(between.paths, with_values)

    def values(self) -> Iterator[Block]:
        """The values of the nodes between, in the order of the forward pass."""
        nodes = self.between.nodes[-2::-1]
        for some in _listed(nodes):
            yield from [some] if isinstance(some, Sentence) else map(self._value, some)

    def _value(self, node: Node) -> Equation:
        return Equation((self.name(node), *self.formulas.value(node), figure(node.data)), 1)

    # --- Paths ------------------------------------------------------------------------------------

    def _one_path(self, path: Path, with_values: bool) -> Iterator[Block]:
        output, wrt = self.between.output, self.between.wrt
        name = self.derivative(output, wrt)
        if len(path.links) > 1:
            parts = ("By the chain rule, along the one path from ", self.name(output), " to ")
            yield Sentence((*parts, self.name(wrt), ":"))
            yield Equation((name, self._chain(path)))
            yield from self._marks([path])
            yield Sentence(("Each local derivative:",))
        else:
            yield Sentence((self.name(output), " is computed from ", self.name(wrt), " itself:"))
        yield from self._local_derivatives([path], with_values)
        if len(path.links) > 1:
            yield Sentence(("Their product:",))
            yield Equation((name, _product(path.partials), figure(self.between.gradients[wrt])))

    def _several_paths(self, paths: Sequence[Path], with_values: bool) -> Iterator[Block]:
        output, wrt = self.between.output, self.between.wrt
        parts = (f"{len(paths)} paths lead from ", self.name(output), " to ", self.name(wrt))
        yield Sentence((*parts, "; by the chain rule the gradient is the sum over them:"))
        for number, path in enumerate(paths, 1):
            yield Equation((_label(number), self._chain(path)))
        yield from self._marks(paths)
        yield Sentence(("Each local derivative:",))
        yield from self._local_derivatives(paths, with_values)
        yield Sentence(("The product along each path:",))
        for number, path in enumerate(paths, 1):
            yield Equation((_label(number), _product(path.partials), figure(path.product)))
        yield Sentence(("Their sum:",))
        total = _sum([path.product for path in paths])
        gradient = figure(self.between.gradients[wrt])
        yield Equation((self.derivative(output, wrt), total, gradient))

    def _chain(self, path: Path) -> Formula:
        return joined(TIMES, [self.local_name(link) for link in path.links])

    def _marks(self, paths: Iterable[Path]) -> Iterator[Block]:
        """What the numbers at names of operands mean, if there are such."""
        for link in (link for path in paths for link in path.links):
            if self.mark(link).text:
                parent = self.name(link.parent)
                marked = parent.joined(self.mark(link), Formula("", ""))
                parts = (marked, " is ", parent, f" as operand number {link.position + 1} of ")
                yield Sentence((*parts, self.name(link.node), ", its other operands held fixed."))
                return

    def _local_derivatives(self, paths: Iterable[Path], with_values: bool) -> Iterator[Block]:
        """The local derivatives that the paths need, each node's after its value."""
        links: dict[Node, dict[int, Link]] = {}
        for path in paths:
            for link in path.links:
                links.setdefault(link.node, {})[link.position] = link
        for node in filter(links.__contains__, self.between.nodes):
            if with_values:
                yield self._value(node)
            for link in links[node].values():
                yield from self.local_derivative(link)

    # --- A table ----------------------------------------------------------------------------------

    def _table(self) -> Iterator[Block]:
        between = self.between
        output, wrt = self.name(between.output), self.name(between.wrt)
        count: list[str | Formula] = [f"{between.count:,}"]
        if between.count >= UNCOUNTED:
            count = ["more than ", Formula("10^30", "10^{30}")]
        lead = "path leads" if between.count == 1 else "paths lead"
        too = "too long" if between.count <= MOST_PATHS else "too many"
        rule = "that of a node is the sum, over what was computed from it, of gradient · ∂/∂node."
        parts = (*count, f" {lead} from ", output, " to ", wrt, f", {too} to list. So the ")
        yield Sentence((*parts, "gradients are added up node by node, from ", output, f": {rule}"))
        for some in _listed(between.nodes[1:]):
            yield some if isinstance(some, Sentence) else self._rows(some)

    def _rows(self, nodes: Sequence[Node]) -> Table:
        rows = [self._row(accumulation) for accumulation in self.between.accumulations(nodes)]
        return Table(("gradient", "sum", "with numbers", "is"), tuple(rows))

    def _row(self, accumulation: Accumulation) -> tuple[Formula, ...]:
        output, shown = self.between.output, accumulation.terms[:FEW_TERMS]
        names = []
        for link, _ in shown:
            local = self.local_name(link)
            upstream = self.derivative(output, link.node)
            names.append(local if link.node is output else upstream.joined(TIMES, local))
        numbers = [
            _factor(upstream).joined(TIMES, _factor(link.partial)) for link, upstream in shown
        ]
        rest = len(accumulation.terms) - len(shown)
        more = [Formula(f"({rest:,} more)", rf"\mathrm{{({rest}\ more)}}")] if rest else []
        gradient = figure(accumulation.gradient)
        name = self.derivative(output, accumulation.node)
        return name, joined(PLUS, names + more), joined(PLUS, numbers + more), gradient


def _listed(nodes: Sequence[Node]) -> Iterator[Sequence[Node] | Sentence]:
    """All nodes, or if they are many the first and the last, and what is between in words."""
    left_out = len(nodes) - FIRST_ROWS - LAST_ROWS
    if left_out <= 0:
        yield nodes
        return
    yield nodes[:FIRST_ROWS]
    yield Sentence((f"… and so on for {left_out:,} nodes; at the end:",))
    yield nodes[-LAST_ROWS:]


def _factor(x: float) -> Formula:
    """A number among others, in parentheses if it is negative."""
    written = figure(x)
    if not written.text.startswith("-"):
        return written
    return Formula(f"({written.text})", rf"\left({written.latex}\right)", is_number=True)


def _product(numbers: Sequence[float]) -> Formula:
    return joined(TIMES, [_factor(x) for x in numbers])


def _sum(numbers: Sequence[float]) -> Formula:
    """Numbers added up; what is negative is subtracted."""
    first, *rest = numbers
    total = figure(first)
    for x in rest:
        total = total.joined(MINUS if x < 0 else PLUS, figure(abs(x)))
    return total


def _label(number: int) -> Formula:
    return Formula(f"path {number}", rf"\mathrm{{path\ {number}}}")
