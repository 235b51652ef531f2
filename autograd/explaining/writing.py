"""How a node is written in a derivation: its name, its value, its local derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isclose, isnan
from typing import Any

from autograd import ieee
from autograd.explaining.blocks import Block, Equation, Formula, Remark
from autograd.explaining.naming import Names
from autograd.explaining.notation import (
    SUPERSCRIPTS,
    LatexNotation,
    Notation,
    Reading,
    evaluated,
    latex_name,
    latex_number,
    latex_text,
    read,
)
from autograd.explaining.paths import Between, Link
from autograd.lettering import decimal
from autograd.node import Node
from autograd.symbols import Symbol
from autograd.table import Operation

LONGEST = 160  # characters of a formula that is shown
FEW_OPERANDS = 12  # that are listed where an operation is shown


class NodeWriter:
    """Writes the nodes of a graph and the edges between them.

    Args:
        between: What lies between an output and a node.
    """

    def __init__(self, between: Between) -> None:
        self.between = between
        self.names = Names(between.order)
        self._readings: dict[Node, Reading] = {}
        self._marked: dict[tuple[Node, int], bool] = {}

    def name(self, node: Node) -> Formula:
        """What a node is called; in LaTeX w_5 shows its underscore if there is a w5 as well."""
        name = self.names[node]
        latex, other = latex_name(name), name.replace("_", "", 1)
        if other != name and other in self.names and latex_name(other) == latex:
            latex = latex_text(name)
        return Formula(name, latex)

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

    def _operand(self, operand: Node | float) -> Formula:
        return self.name(operand) if isinstance(operand, Node) else figure(operand)

    def applied(self, node: Node) -> Iterator[Formula]:
        """The operation of a node applied to its operands, and how it is computed."""
        operation = node._op
        assert isinstance(operation, Operation)
        if operation.is_function:
            yield _call(operation.name, [self._operand(operand) for operand in node.operands])
        reading, names = self._reading(node), self._symbols(node)
        if reading.computed is None:
            return
        formula = _written(reading.computed, names)
        if len(formula.text) > LONGEST:
            return
        yield formula
        with_numbers = _with_numbers(reading.computed, self._numbers(node), node.data)
        if with_numbers is not None:
            yield with_numbers

    def local_derivative(self, link: Link) -> Iterator[Block]:
        """∂node/∂parent: the formula of the derivative table, with numbers, and what that is."""
        node, sides = link.node, [self.local_name(link)]
        reading, numbers = self._reading(node), self._numbers(node)
        place = [i for i, x in enumerate(node.operands) if isinstance(x, Node)][link.position]
        partial = reading.partials[place]
        named = _written(partial, self._symbols(node), numbers)
        with_numbers = _with_numbers(partial, numbers, link.partial)
        if len(named.text) <= LONGEST:
            sides += [named] if with_numbers is None else [named, with_numbers]
        yield Equation((*sides, figure(link.partial)), 2)
        if with_numbers is None:
            yield Remark(self._reason(node))

    def _reason(self, node: Node) -> str:
        """Why the formula of a local derivative does not give it in numbers."""
        operation = node._op
        assert isinstance(operation, Operation)
        count = len(node.operands) - len(operation.settings)
        data: list[Any] = [_data(operand) for operand in node.operands]
        operands = operation.grouped(data[:count]) if operation.groups else data[:count]
        value = operation.value(ieee, *operands, *node.operands[count:])
        if not _close(value, node.data):
            return "as recorded: the data of an operand has been changed since"
        if operation.convention:
            return f"by convention: {operation.convention}"
        return "the formula loses its digits here; the engine computes it by an equal one"

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
        return names | {reading.value: self.name(node)}


def _call(name: str, operands: Sequence[Formula]) -> Formula:
    """A function of its operands; of many, of the first and the last."""
    listed = [*operands]
    if len(operands) > FEW_OPERANDS:
        listed = [*operands[: FEW_OPERANDS - 1], Formula("…", r"\ldots"), operands[-1]]
    inner = joined(Formula(", ", ",\\ "), listed)
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


def figure(x: float, written: Callable[[float], str] = decimal) -> Formula:
    """A number."""
    text = written(x)
    return Formula(text, latex_number(text))


def _close(x: float, y: float) -> bool:
    return isclose(x, y, rel_tol=2e-6) or (isnan(x) and isnan(y))


def _with_numbers(symbol: Symbol, numbers: Mapping[Symbol, float], result: float) -> Formula | None:
    """A formula with numbers, with as many digits as it takes to be true; None if none are."""
    for written in (decimal, repr):
        shown = {s: figure(x, written) for s, x in numbers.items()}
        if _close(evaluated(symbol, {s: float(f.text) for s, f in shown.items()}), result):
            return _written(symbol, shown, numbers)
    return None


def joined(sign: Formula, formulas: Sequence[Formula]) -> Formula:
    """Formulas with a sign between them."""
    return Formula(
        sign.text.join(formula.text for formula in formulas),
        sign.latex.join(formula.latex for formula in formulas),
    )
