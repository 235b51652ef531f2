"""Operations by their rows: called on flat operands, whatever they are."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import autograd
from autograd import Value
from autograd.language.symbols import Symbol
from autograd.table import TABLE, Operation
from autograd.table.symbolic import SymbolicRow
from autograd.testing.differences import derivative

COMPARISONS = ("<", "<=", ">", ">=", "equal", "abs", "largest")


def operation_named(given: Any) -> Operation:
    """The row of an operation that is given as itself, by its name, or as its function.

    Raises:
        LookupError: If there is none.
    """
    if isinstance(given, Operation):
        return given
    name = given if isinstance(given, str) else getattr(given, "__name__", repr(given))
    if name not in TABLE:
        raise LookupError(f"no operation named {name!r} is registered; see autograd.operation")
    return TABLE[name]


def function_of(operation: Operation) -> Callable[..., Any]:
    """What a user calls: an operator or a public function."""
    home: Any = autograd if operation.is_function else operator
    function: Callable[..., Any] = getattr(home, operation.name)
    return function


def called(operation: Operation, operands: Sequence[Any], settings: Sequence[Any] = ()) -> Any:
    """The operation on flat operands: a number if none is a `Value`."""
    arguments: list[Any] = list(operands)
    if operation.symbol and not any(isinstance(x, Value) for x in operands):
        node: Value = function_of(operation)(Value(arguments[0]), *arguments[1:])
        return node.data  # Python's own operators on floats raise
    if operation.groups:
        arguments = list(operation.grouped(operands))
        for i, name in enumerate(operation.groups):
            if name in operation.single:
                arguments[i] = arguments[i][0] if arguments[i] else None
    return function_of(operation)(*arguments, *settings)


def operation_of(node: Value) -> Operation:
    """The row of the table that a computed node comes from."""
    operation = node._op
    assert isinstance(operation, Operation)
    return operation


def operands_and_settings(node: Value) -> tuple[list[Any], list[Any]]:
    """What the operation was applied to: Values and numbers, and its settings."""
    operands, settings = node.applied_to
    return list(operands), list(settings)


def seams(operation: Operation) -> list[float]:
    """The numbers that the operation's rules compare with: where kinks are, and formulas meet."""
    if operation.groups:
        return []
    found: set[float] = set()
    formula = SymbolicRow(operation)
    stack: list[tuple[Any, bool]] = [(s, False) for s in (formula.value, *formula.partials)]
    seen: set[tuple[int, bool]] = set()
    while stack:
        symbol, compared = stack.pop()
        if not isinstance(symbol, Symbol) or (id(symbol), compared) in seen:
            continue
        seen.add((id(symbol), compared))
        if symbol.head == "constant" and compared:
            found.add(float(symbol.arguments[0]))
        elif symbol.head not in ("argument", "constant"):
            if symbol.head in ("abs", "largest"):
                found.add(0.0)
            stack += [(s, symbol.head in COMPARISONS) for s in symbol.arguments]
    return sorted(x for x in found if abs(x) < 1e300)


def wrong_by_differences(order: Sequence[Value]) -> Iterator[tuple[Value, int, float, float]]:
    """The local derivatives that differences say are wrong, where there is no mpmath."""
    for node in order:
        if node.is_leaf:
            continue
        applied_to, settings = node.applied_to
        numbers = [x.data if isinstance(x, Value) else x for x in applied_to]
        places = [i for i, x in enumerate(applied_to) if isinstance(x, Value)]
        for place, claimed in zip(places, node.partials, strict=True):

            def function(x: float, place: int = place, node: Value = node) -> float:
                operands: list[Any] = [*numbers[:place], x, *numbers[place + 1 :]]  # noqa: B023
                return float(called(TABLE[node.op], operands, settings))  # noqa: B023

            estimate = derivative(function, numbers[place])
            low, high = sorted((estimate.left, estimate.right))
            off = max(low - claimed, claimed - high)
            if not estimate.reason and off > 4 * estimate.error + 1e-12 * abs(claimed):
                yield node, place, claimed, min(max(claimed, low), high)
