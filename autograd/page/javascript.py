"""Rows of the derivative table as functions in JavaScript, by which the page computes anew.

The text comes from the row itself, through the one writer; `arithmetic.js` has the functions that
it calls, as `m.exp(x)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.graph.node import Node
from autograd.language.elementary import ELEMENTARY
from autograd.language.emitting import FunctionText
from autograd.language.symbols import steps_of
from autograd.language.writing import Style, Writer
from autograd.table import Operation
from autograd.table.symbolic import SymbolicRow

_EXPONENTIALS = ("exp", "expm1", "log", "log1p", "log2", "log10")
_ROOTS = ("sqrt", "cbrt", "hypot", "abs")
_CIRCLE = ("sin", "cos", "tan", "asin", "acos", "atan", "atan2")
_HYPERBOLA = ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")
_STEPS = ("floor", "ceil", "trunc")
IN_MATH = frozenset((*_EXPONENTIALS, *_ROOTS, *_CIRCLE, *_HYPERBOLA, *_STEPS))  # of JavaScript
# What arithmetic.js adds: constructs of Python, and functions that Math has not or has otherwise.
ADDED = frozenset(
    [
        *("where", "both", "either", "equal", "negative"),
        *("pow", "largest", "erf", "erfc", "product_error"),
        *("exp2", "round", "remainder", "floor_divide", "stop_gradient"),
    ]
)
# What Python has a construct for, and JavaScript none, or one that means something else.
_CALLED = frozenset(
    head
    for head, form in ELEMENTARY.items()
    if form.construct and (head.isidentifier() or head in ("%", "//"))
)


def _name(head: str) -> str:
    return head if head.isidentifier() else ELEMENTARY[head].on_floats.__name__


_STYLE = Style(
    lambda text, head: f"m.{_name(head)}",
    _CALLED,
    lambda text, name: {"inf": "Infinity", "nan": "NaN"}[name],
)


class ScriptText(FunctionText):
    """The text of one function in JavaScript, while it is written."""

    def __init__(self, parameters: Sequence[str]) -> None:
        super().__init__("", parameters, taken=["m"])
        self.variables: list[str] = []

    def temporary(self) -> str:
        """A variable for a step on the way."""
        self.variables.append(super().temporary())
        return self.variables[-1]

    def variable(self, stem: str) -> str:
        """A variable of the function."""
        self.variables.append(super().variable(stem))
        return self.variables[-1]

    def __str__(self) -> str:
        declared = [f"let {', '.join(self.variables)}"] if self.variables else []
        body = ";".join([*declared, *self.lines])
        return f"({','.join(self._parameters)})=>{{{body}}}"


class Forms:
    """The operations of a graph as functions in JavaScript, each form once.

    A form is an operation, how many operands it has and, of a variadic one, its settings.

    Attributes:
        texts: The functions, each of the operands and settings of a node to its value and the list
            of its local derivatives.
    """

    MOST_OPERANDS = 64  # of a node that the page computes; the text grows with them

    def __init__(self) -> None:
        self._places: dict[tuple[Any, ...], int | None] = {}
        self.texts: list[str] = []

    def place(self, node: Node) -> int | None:
        """The place of a computed node's form in `texts`; None if the page cannot compute it.

        Args:
            node: A computed node.
        """
        operation = node._op
        assert isinstance(operation, Operation)
        operands, settings = node.applied_to
        key: tuple[Any, ...] = (operation, len(operands))
        if operation.groups:
            key += (settings,)
        if key not in self._places:
            text = _script(operation, len(operands), settings)
            self._places[key] = None if text is None else len(self.texts)
            if text is not None:
                self.texts.append(text)
        return self._places[key]


def _script(operation: Operation, count: int, settings: Sequence[Any]) -> str | None:
    """The text of a form; None for a row that the page cannot compute.

    That is one of very many operands, and one that calls a function which `arithmetic.js` does not
    have.
    """
    if count > Forms.MOST_OPERANDS:
        return None
    if operation.groups:
        sizes = [len(group) for group in operation.grouped(range(count))]
        row = SymbolicRow(operation, sizes, settings)
        free: list[str] = []
    else:
        row = SymbolicRow(operation)
        free = [name for name, _ in operation.settings]
    outputs = [row.value, *row.partials]
    for step in steps_of(outputs):
        is_written = ELEMENTARY[step.head].construct and step.head not in _CALLED
        if not is_written and _name(step.head) not in IN_MATH | ADDED:
            return None
    arguments = [*row.arguments, *free]
    text = ScriptText([f"x{place}" for place in range(len(arguments))])
    known = {row.trace.argument(name): f"x{place}" for place, name in enumerate(arguments)}
    writer = Writer(text, _STYLE, outputs, known)
    value = text.variable("y")
    writer.assign(row.value, value)
    partials = [writer.expression(partial) for partial in row.partials]
    text.lines.append(f"return[{value},[{','.join(partials)}]]")
    return str(text)
