"""Local derivatives as Values: a row's rule, run once more so that its result has a gradient."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd.graph import every_input
from autograd.language.emitting import FunctionText
from autograd.language.writing import Style, Writer, tuple_of
from autograd.table.row import Operation, kept_with_row
from autograd.table.symbolic import SymbolicRow, flat_partials
from autograd.transforms import vocabulary
from autograd.value import Value

Number = Value | float


def _of_values(text: FunctionText, head: str) -> str:
    """What a step is called on Values: the function of the vocabulary."""
    if head == "largest":
        return text.use(_largest, "largest")
    return f"{text.use(vocabulary, 'm')}.{head}"


def _largest(*values: Number) -> Number:
    largest: Number = vocabulary.largest(values)
    return largest


# At one point `where` is Python's conditional: the arm that is not taken is not even computed.
AT_A_POINT = Style(_of_values)
FOR_EVERY_INPUT = Style(_of_values, frozenset({"where", "both", "either", "equal"}))


def recorded_partials(node: Value, places: Sequence[int]) -> Sequence[Number]:
    """The local derivatives of a computed node by some of its parents.

    Args:
        node: The node.
        places: Which of its parents.

    Returns:
        A number where the derivative does not depend on the operands, else a `Value`.

    Raises:
        ValueError: If a parent's data was changed since the node was recorded, so that its
            derivatives belong to another point than its value.
    """
    operation: Any = node._op
    operands, settings = node.applied_to
    at = [i for i, operand in enumerate(operands) if isinstance(operand, Value)]
    chosen = tuple([at[place] for place in places])
    try:
        partials = _by_rule(operation, operands, settings, node, chosen)
    except (ArithmeticError, ValueError):  # plain numbers, on which Python raises
        nodes = [x if isinstance(x, Value) else Value(x) for x in operands]
        numbers = settings if operation.groups else [Value(x) for x in settings]
        partials = _by_rule(operation, nodes, numbers, node, chosen)
    if not every_input.active():
        _require_unchanged(node, places, partials)
    return partials


def _by_rule(
    operation: Operation,
    operands: Sequence[Any],
    settings: Sequence[Any],
    node: Value,
    chosen: tuple[int, ...],
) -> Sequence[Number]:
    if not operation.groups:
        function = _elementwise(operation, chosen, every_input.active())
        partials: Sequence[Number] = function(*operands, *settings, node)
        return partials
    groups = operation.grouped(operands)
    result = operation.partials(vocabulary, *groups, *settings, node)
    flat = flat_partials(operation, result)
    return [flat[i] for i in chosen]


@kept_with_row
def _elementwise(
    operation: Operation, chosen: tuple[int, ...], every_input: bool
) -> Callable[..., Sequence[Number]]:
    """The local derivatives that are wanted, and nothing else, as a function of the operands."""
    formula = SymbolicRow(operation)
    text = FunctionText(f"partials_of_{operation.name}_by_{'_'.join(map(str, chosen))}")
    settings = [name for name, _ in operation.settings]
    symbols = [formula.trace.argument(name) for name in (*formula.arguments, *settings)]
    known = {symbol: text.parameter(symbol.arguments[0]) for symbol in symbols}
    value = text.parameter("value")
    if formula.value.head != "constant":
        known[formula.value] = value
    wanted = [formula.partials[i] for i in chosen]
    writer = Writer(text, FOR_EVERY_INPUT if every_input else AT_A_POINT, wanted, known)
    results = [writer.expression(partial) for partial in wanted]
    text.lines.append(f"return {tuple_of(results)}")
    function: Callable[..., Sequence[Number]] = text.compiled()
    return function


def _require_unchanged(node: Value, places: Sequence[int], partials: Sequence[Number]) -> None:
    """Raises if a local derivative is not the one that was recorded."""
    recorded = node.partials
    for place, partial in zip(places, partials, strict=True):
        now = partial._data if isinstance(partial, Value) else partial
        before = recorded[place]
        if now == before or math.isclose(now, before, rel_tol=1e-9):
            continue
        if now == now or before == before:  # else both are nan
            parent = node.parents[place]
            name = repr(parent.label) if parent.label else f"operand {place} of {node.op!r}"
            raise ValueError(
                f"gradients: the data of {name}, or of another operand of {node.op!r}, was changed "
                "after it was recorded, so the recorded derivatives cannot be differentiated; "
                "compute the output again"
            )
