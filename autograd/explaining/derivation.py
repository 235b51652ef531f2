"""The derivation of a gradient, written from a recorded graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isclose

from autograd.explaining.blocks import Block, Equation, Formula, Sentence, Table
from autograd.explaining.naming import Names
from autograd.explaining.notation import (
    LatexNotation,
    Notation,
    Reading,
    evaluated,
    latex_name,
    latex_number,
    latex_text,
    read,
)
from autograd.explaining.paths import MOST_PATHS, UNCOUNTED, Accumulation, Between, Link, Path
from autograd.lettering import decimal
from autograd.node import Node
from autograd.symbols import Symbol
from autograd.table import Operation

LONGEST = 160  # characters of a formula that is shown
FEW_OPERANDS = 12  # that are listed where an operation is shown
FEW_TERMS = 6  # of a sum that are shown
FIRST_ROWS, LAST_ROWS = 24, 8  # of a table that are shown
TIMES, PLUS, MINUS = Formula(" · ", r" \cdot "), Formula(" + ", " + "), Formula(" - ", " - ")


class Derivation:
    """Writes the derivation of ∂output/∂wrt.

    Args:
        between: What lies between the two.
    """

    def __init__(self, between: Between) -> None:
        self.between = between
        self.names = Names(between.order)
        self._readings: dict[Node, Reading] = {}

    def blocks(self) -> Iterator[Block]:
        """The derivation."""
        between = self.between
        output, wrt = between.output, between.wrt
        gradient = _number(between.gradients[wrt])
        yield Equation((self._derivative(output, wrt), gradient), 0)
        if output is wrt:
            yield Sentence(("The derivative of a value by itself is 1.",))
        elif between.paths is None:
            yield from self._table()
        elif len(between.paths) == 1:
            yield from self._one_path(between.paths[0])
        else:
            yield from self._several_paths(between.paths)

    # --- Paths ------------------------------------------------------------------------------------

    def _one_path(self, path: Path) -> Iterator[Block]:
        output, wrt = self.between.output, self.between.wrt
        name = self._derivative(output, wrt)
        if len(path.links) > 1:
            parts = ("By the chain rule, along the one path from ", self._name(output), " to ")
            yield Sentence((*parts, self._name(wrt), ":"))
            yield Equation((name, self._chain(path)))
            yield Sentence(("Each local derivative:",))
        else:
            yield Sentence((self._name(output), " is computed from ", self._name(wrt), " itself:"))
        yield from self._local_derivatives([path])
        if len(path.links) > 1:
            yield Sentence(("Their product:",))
            yield Equation((name, _product(path.partials), _number(self.between.gradients[wrt])))

    def _several_paths(self, paths: Sequence[Path]) -> Iterator[Block]:
        output, wrt = self.between.output, self.between.wrt
        parts = (f"{len(paths)} paths lead from ", self._name(output), " to ", self._name(wrt))
        yield Sentence((*parts, "; by the chain rule the gradient is the sum over them:"))
        for number, path in enumerate(paths, 1):
            yield Equation((_label(number), self._chain(path)))
        yield Sentence(("Each local derivative:",))
        yield from self._local_derivatives(paths)
        yield Sentence(("The product along each path:",))
        for number, path in enumerate(paths, 1):
            yield Equation((_label(number), _product(path.partials), _number(path.product)))
        yield Sentence(("Their sum:",))
        total = _sum([path.product for path in paths])
        gradient = _number(self.between.gradients[wrt])
        yield Equation((self._derivative(output, wrt), total, gradient))

    def _chain(self, path: Path) -> Formula:
        return _joined(TIMES, [self._derivative(link.node, link.parent) for link in path.links])

    def _local_derivatives(self, paths: Iterable[Path]) -> Iterator[Block]:
        """Each node on the paths with the local derivatives that they need."""
        links: dict[Node, dict[int, Link]] = {}
        for path in paths:
            for link in path.links:
                links.setdefault(link.node, {})[link.position] = link
        for node in filter(links.__contains__, self.between.nodes):
            yield Equation((self._name(node), *self._applied(node), _number(node.data)), 1)
            for link in links[node].values():
                yield self._local_derivative(link)

    # --- A table ----------------------------------------------------------------------------------

    def _table(self) -> Iterator[Block]:
        between = self.between
        output, wrt = self._name(between.output), self._name(between.wrt)
        count = f"{between.count:,}" if between.count < UNCOUNTED else "more than 10^30"
        lead = "path leads" if between.count == 1 else "paths lead"
        too = "too long" if between.count <= MOST_PATHS else "too many"
        rule = "that of a node is the sum, over what was computed from it, of gradient · ∂/∂node."
        parts = (f"{count} {lead} from ", output, " to ", wrt, f", {too} to list. So the ")
        yield Sentence((*parts, "gradients are added up node by node, from ", output, f": {rule}"))
        nodes = between.nodes[1:]
        left_out = len(nodes) - FIRST_ROWS - LAST_ROWS
        if left_out <= 0:
            yield self._rows(nodes)
            return
        yield self._rows(nodes[:FIRST_ROWS])
        yield Sentence((f"… and so on for {left_out:,} nodes; at the end:",))
        yield self._rows(nodes[-LAST_ROWS:])

    def _rows(self, nodes: Sequence[Node]) -> Table:
        rows = [self._row(accumulation) for accumulation in self.between.accumulations(nodes)]
        return Table(("gradient", "sum", "with numbers", "is"), tuple(rows))

    def _row(self, accumulation: Accumulation) -> tuple[Formula, ...]:
        output, shown = self.between.output, accumulation.terms[:FEW_TERMS]
        names = []
        for link, _ in shown:
            local = self._derivative(link.node, link.parent)
            upstream = self._derivative(output, link.node)
            names.append(local if link.node is output else upstream.joined(TIMES, local))
        numbers = [
            _factor(upstream).joined(TIMES, _factor(link.partial)) for link, upstream in shown
        ]
        rest = len(accumulation.terms) - len(shown)
        more = [Formula(f"({rest:,} more)", rf"\mathrm{{({rest}\ more)}}")] if rest else []
        gradient = _number(accumulation.gradient)
        name = self._derivative(output, accumulation.node)
        return name, _joined(PLUS, names + more), _joined(PLUS, numbers + more), gradient

    # --- One node ---------------------------------------------------------------------------------

    def _name(self, node: Node) -> Formula:
        name = self.names[node]
        return Formula(name, latex_name(name))

    def _derivative(self, node: Node, by: Node) -> Formula:
        """∂node/∂by."""
        a, b = self._name(node), self._name(by)
        latex = rf"\frac{{\partial {a.latex}}}{{\partial {b.latex}}}"
        return Formula(f"∂{a.text}/∂{b.text}", latex)

    def _operand(self, operand: Node | float) -> Formula:
        return self._name(operand) if isinstance(operand, Node) else _number(operand)

    def _applied(self, node: Node) -> Iterator[Formula]:
        """The operation of a node applied to its operands, and how it is computed."""
        operation = node._op
        assert isinstance(operation, Operation)
        if operation.is_function:
            yield _call(operation.name, [self._operand(operand) for operand in node.operands])
        reading, names = self._reading(node), self._symbols(node)
        if reading.computed is None:
            return
        formula = _written(reading.computed, names)
        numbers = self._numbers(node)
        if len(formula.text) > LONGEST:
            return
        yield formula
        if isclose(evaluated(reading.computed, numbers), node.data, rel_tol=1e-6, abs_tol=1e-12):
            yield _written(reading.computed, {s: _number(x) for s, x in numbers.items()})

    def _local_derivative(self, link: Link) -> Equation:
        """∂node/∂parent: the formula of the derivative table, with numbers, and what that is."""
        sides = [self._derivative(link.node, link.parent), *self._formulas(link)]
        return Equation((*sides, _number(link.partial)), 2)

    def _formulas(self, link: Link) -> Iterator[Formula]:
        node = link.node
        reading, names = self._reading(node), self._symbols(node)
        place = [i for i, x in enumerate(node.operands) if isinstance(x, Node)][link.position]
        partial = reading.partials[place]
        numbers = self._numbers(node)
        named = _written(partial, names, numbers)
        if len(named.text) > LONGEST:
            return
        yield named
        # The numbers of operands may have been changed since; then they are not what was used.
        if isclose(evaluated(partial, numbers), link.partial, rel_tol=1e-6, abs_tol=1e-12):
            yield _written(partial, {s: _number(x) for s, x in numbers.items()}, numbers)

    def _reading(self, node: Node) -> Reading:
        operation = node._op
        assert isinstance(operation, Operation)
        if node not in self._readings:
            count = len(node.operands) - len(operation.settings)
            self._readings[node] = read(operation, count, node.operands[count:])
        return self._readings[node]

    def _numbers(self, node: Node) -> dict[Symbol, float]:
        """The numbers that the symbols of a node's reading have now."""
        reading = self._reading(node)
        numbers = dict(zip(reading.arguments, map(_data, node.operands), strict=False))
        return numbers | {reading.value: node.data}

    def _symbols(self, node: Node) -> dict[Symbol, Formula]:
        """What the symbols of a node's reading are called."""
        reading = self._reading(node)
        names = dict(zip(reading.arguments, map(self._operand, node.operands), strict=False))
        return names | {reading.value: self._name(node)}


def _call(name: str, operands: Sequence[Formula]) -> Formula:
    """A function of its operands; of many, of the first and the last."""
    listed = [*operands]
    if len(operands) > FEW_OPERANDS:
        listed = [*operands[: FEW_OPERANDS - 1], Formula("…", r"\ldots"), operands[-1]]
    inner = _joined(Formula(", ", ",\\ "), listed)
    return Formula(f"{name}({inner.text})", rf"{latex_text(name)}\left({inner.latex}\right)")


def _written(
    symbol: Symbol,
    names: Mapping[Symbol, Formula],
    numbers: Mapping[Symbol, float] | None = None,
) -> Formula:
    """A symbol in both notations; if the numbers are known, without arms that are not taken."""

    def holds(condition: Symbol) -> bool:
        return bool(evaluated(condition, numbers or {}))

    decide = None if numbers is None else holds
    plain = Notation({s: f.text for s, f in names.items()}, decide)
    latex = LatexNotation({s: f.latex for s, f in names.items()}, decide)
    return Formula(plain.written(symbol), latex.written(symbol))


def _data(operand: Node | float) -> float:
    return operand.data if isinstance(operand, Node) else operand


def _number(x: float) -> Formula:
    text = decimal(x)
    return Formula(text, latex_number(text))


def _factor(x: float) -> Formula:
    """A number among others, in parentheses if it is negative."""
    number = _number(x)
    if not number.text.startswith("-"):
        return number
    return Formula(f"({number.text})", rf"\left({number.latex}\right)")


def _product(numbers: Sequence[float]) -> Formula:
    return _joined(TIMES, [_factor(x) for x in numbers])


def _sum(numbers: Sequence[float]) -> Formula:
    """Numbers added up; what is negative is subtracted."""
    first, *rest = numbers
    total = _number(first)
    for x in rest:
        total = total.joined(MINUS if x < 0 else PLUS, _number(abs(x)))
    return total


def _joined(sign: Formula, formulas: Sequence[Formula]) -> Formula:
    return Formula(
        sign.text.join(formula.text for formula in formulas),
        sign.latex.join(formula.latex for formula in formulas),
    )


def _label(number: int) -> Formula:
    return Formula(f"path {number}", rf"\mathrm{{path\ {number}}}")
