"""An operation applied to its operands, with their names and with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from math import isclose, isnan

from autograd.explaining.blocks import Formula
from autograd.explaining.lettering import latex_text
from autograd.explaining.notation import (
    CASES,
    LatexNotation,
    Notation,
    evaluated,
    latex_number,
    textbook_row,
)
from autograd.explaining.simplifying import simplified
from autograd.graph.node import Node
from autograd.language.symbols import Symbol, steps_of
from autograd.lettering import decimal
from autograd.table import Operation

LONGEST = 160  # characters of a formula that is shown
FEW_OPERANDS = 12  # that are listed where an operation is shown


class Applied:
    """How a node is computed, and its local derivatives.

    Args:
        node: A computed node.
        name: What a node is called.
        data: The number of a node.
    """

    def __init__(
        self, node: Node, name: Callable[[Node], Formula], data: Callable[[Node], float]
    ) -> None:
        operation = node._op
        assert isinstance(operation, Operation)
        self._operation = operation
        operands, settings = node.applied_to
        self._row = row = textbook_row(operation, len(operands), settings)
        self._operands = [name(x) if isinstance(x, Node) else figure(x) for x in node.operands]
        numbers = [data(x) if isinstance(x, Node) else x for x in node.operands]
        self._value = data(node)
        self._names = dict(zip(row.arguments, self._operands, strict=False))
        self._names[row.value] = name(node)
        self._numbers = dict(zip(row.arguments, numbers, strict=False))
        self._numbers[row.value] = self._value
        self._constants = {
            symbol: x
            for symbol, x in zip(row.arguments, node.operands, strict=False)
            if not isinstance(x, Node)
        }
        self._places = [i for i, x in enumerate(node.operands) if isinstance(x, Node)]

    @cached_property
    def _computed(self) -> Symbol | None:
        """How the value is computed, simplified; None if that is by cases."""
        computed = self._row.computed
        if computed is None:
            return None
        simple = simplified(computed, self._constants)
        return computed if simple.head == "constant" else simple

    def value(self) -> Iterator[Formula]:
        """The operation of the operands, then how that is computed, by names and by numbers."""
        yield from self.by_names()
        computed = self._computed
        if computed is None or len(_written(computed, self._names).text) > LONGEST:
            return
        with_numbers = _with_numbers(computed, self._numbers, self._value)
        if with_numbers is not None:
            yield with_numbers

    def by_names(self) -> Iterator[Formula]:
        """The operation of the operands, then how that is computed, which hold for any numbers."""
        if self._operation.is_function:
            yield _call(self._operation.name, self._operands)
        if self._computed is not None:
            formula = _written(self._computed, self._names)
            if len(formula.text) <= LONGEST:
                yield formula

    def is_by_cases(self, position: int) -> bool:
        """Whether the local derivative by a parent has other formulas at other numbers."""
        partial = self._row.partials[self._places[position]]
        return any(step.head in CASES for step in steps_of([partial]))

    def partial(self, position: int, result: float) -> tuple[Formula | None, Formula | None]:
        """The local derivative by a parent, by names and by numbers.

        Args:
            position: Which of the node's parents.
            result: What the engine has recorded.

        Returns:
            The formula, None if it is too long; and with numbers, None if these do not give the
            result.
        """
        symbol = simplified(self._row.partials[self._places[position]], self._constants)
        named = _written(symbol, self._names, self._numbers)
        with_numbers = _with_numbers(symbol, self._numbers, result)
        return named if len(named.text) <= LONGEST else None, with_numbers


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


def figure(x: float, written: Callable[[float], str] = decimal) -> Formula:
    """A number."""
    text = written(x)
    return Formula(text, latex_number(text), is_number=True)


def close(x: float, y: float) -> bool:
    """Whether two numbers are the same in the digits that are written."""
    return isclose(x, y, rel_tol=2e-6) or (isnan(x) and isnan(y))


def _with_numbers(symbol: Symbol, numbers: Mapping[Symbol, float], result: float) -> Formula | None:
    """A formula with numbers, with as many digits as it takes to be true; None if none are."""
    for written in (decimal, repr):
        shown = {s: figure(x, written) for s, x in numbers.items()}
        if close(evaluated(symbol, {s: float(f.text) for s, f in shown.items()}), result):
            return replace(_written(symbol, shown, numbers), is_number=True)
    return None


def joined(sign: Formula, formulas: Sequence[Formula]) -> Formula:
    """Formulas with a sign between them."""
    return Formula(
        sign.text.join(formula.text for formula in formulas),
        sign.latex.join(formula.latex for formula in formulas),
        all(formula.is_number for formula in formulas),
    )
