"""Functions and operators of one or two operands, written out from a row's formula."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

from autograd.arguments import as_number, number
from autograd.eager.building import node_lines
from autograd.eager.evaluation import evaluation
from autograd.graph.node import Node
from autograd.language import floats
from autograd.language.emitting import FunctionText, literal
from autograd.language.writing import GUARDED, PLAIN, Writer, tuple_of
from autograd.table.row import Operation
from autograd.table.symbolic import SymbolicRow


class Elementwise:
    """Writes the functions of an operation of one or two arguments."""

    def __init__(self, operation: Operation, value_class: type[Node]) -> None:
        self.operation = operation
        self.value_class = value_class
        self.formula = SymbolicRow(operation)
        self.settings = dict(operation.settings)
        guarded = None

        def guard(*numbers: float) -> tuple[float, tuple[float, ...]]:
            """The guarded form, compiled when it is first needed."""
            nonlocal guarded
            if guarded is None:
                name = f"guarded_{operation.name}"
                guarded = evaluation(self.formula, GUARDED, name, dict.fromkeys(self.settings))
            value, partials = guarded(*numbers)
            _clear_flags()
            return value, partials

        self.guard = guard

    def function(self) -> Callable[..., Any]:
        """`name(x, settings)` or `name(x, y)`; each argument a `Value` or a number."""
        name, arguments = self.operation.name, self.formula.arguments
        defaults = [None if d is None else literal(d) for d in self.settings.values()]
        text = FunctionText(
            name, [*arguments, *self.settings], [*[None] * len(arguments), *defaults]
        )
        body = _Body(self, text, arguments)
        for setting in self.settings:
            body.add(0, f"{setting} = {text.use(number)}({setting}, '{name}: {setting}')")
        x, *rest = arguments
        body.add(0, f"if {body.is_value(x)}:", f"    {body.take(x)}")
        if rest:
            (y,) = rest
            body.add(4, f"if {body.is_value(y)}:", f"    {body.take(y)}")
            body.record(8, x, y)
            body.convert(4, y)
            body.record(4, x, None, body.data[y])
            body.add(0, f"if {body.is_value(y)}:")
            body.convert(4, x)
            body.add(4, body.take(y))
            body.record(4, y, None, f"({body.data[x]}, None)")
            body.convert(0, x)
            body.convert(0, y)
        else:
            constants = f"(None, {', '.join(self.settings)})" if self.settings else "None"
            body.record(4, x, None, constants)
            body.convert(0, x)
        body.compute(0, [])
        body.add(0, f"return {body.value}")
        return body.compiled()

    def operator(self) -> Callable[..., Any]:
        """`__name__(x, y)`: x is a `Value`; NotImplemented if y is no number."""
        x, y = self.formula.arguments
        body = _Body(self, FunctionText(f"__{self.operation.name}__", [x, y]), [x, y])
        body.add(0, body.take(x), f"if {body.is_value(y)}:", f"    {body.take(y)}")
        body.record(4, x, y)
        body.convert_or_give_up(y)
        body.record(0, x, None, body.data[y])
        return body.compiled()

    def reflected_operator(self) -> Callable[..., Any]:
        """`__rname__(y, x)`: y is a `Value` and x is not."""
        x, y = self.formula.arguments
        body = _Body(self, FunctionText(f"__r{self.operation.name}__", [y, x]), [y, x])
        body.add(0, body.take(y))
        body.convert_or_give_up(x)
        body.record(0, y, None, f"({body.data[x]}, None)")
        return body.compiled()


class _Body:
    """The body of one of these functions, while it is written.

    Args:
        row: The operation.
        text: The function.
        arguments: Its operands.

    Attributes:
        data: For each operand the variable with its number.
        slopes: For each operand the variable with the local derivative by it.
        value: The variable with the value.
        unused: The variable for what is not wanted.
    """

    def __init__(self, row: Elementwise, text: FunctionText, arguments: Sequence[str]) -> None:
        self.row, self.text = row, text
        self.data = {a: text.variable(f"{a}_data") for a in arguments}
        self.slopes = {a: text.variable(f"d_{a}") for a in arguments}
        self.value, self.node = text.variable("value"), text.variable("node")
        self.unused = text.variable("_")
        self.value_class = text.use(row.value_class, "Value")

    def add(self, indent: int, *lines: str) -> None:
        """Adds lines."""
        self.text.lines += [" " * indent + line for line in lines]

    def compiled(self) -> Callable[..., Any]:
        """The function."""
        function: Callable[..., Any] = self.text.compiled()
        return function

    def is_value(self, name: str) -> str:
        """The question whether an operand is a `Value`."""
        return f"{self.text.use(isinstance)}({name}, {self.value_class})"

    def take(self, name: str) -> str:
        """The line that takes the number out of a `Value`."""
        return f"{self.data[name]} = {name}._data"

    def convert(self, indent: int, name: str) -> None:
        """A line that makes a number of what is no `Value`, or raises."""
        operation = self.row.operation.name
        given = ["x" if argument == name else "…" for argument in self.row.formula.arguments]
        call = f"{operation}({', '.join(given)})"
        number_ = self.text.use(number)
        self.add(indent, f"{self.data[name]} = {number_}({name}, '{operation}', '{call}')")

    def convert_or_give_up(self, name: str) -> None:
        """Lines that make a number of what is no `Value`, or leave it to the other operand."""
        use, data = self.text.use, self.data[name]
        is_float = f"{use(type)}({name}) is {use(float)}"
        self.add(
            0,
            f"{data} = {name} if {is_float} else {use(as_number)}({name})",
            f"if {data} is None:",
            f"    return {use(NotImplemented, 'NotImplemented')}",
        )

    def compute(self, indent: int, wanted: Sequence[str]) -> None:
        """Lines for the value and the local derivatives by the wanted arguments."""
        text, formula, use = self.text, self.row.formula, self.text.use
        partials = dict(zip(formula.arguments, formula.partials, strict=True))
        known = {formula.trace.argument(a): self.data[a] for a in formula.arguments}
        known |= {formula.trace.argument(s): s for s in self.row.settings}
        before, text.lines = text.lines, []
        writer = Writer(text, PLAIN, [formula.value, *(partials[a] for a in wanted)], known)
        writer.assign(formula.value, self.value)
        for argument in wanted:
            writer.assign(partials[argument], self.slopes[argument])
        computed, text.lines = text.lines, before
        marks = [f"{use(math)}.", f"{use(floats, 'floats')}.", " / ", " % ", " // "]
        if not any(mark in line for line in computed for mark in marks):
            self.add(indent, *computed)  # sums and products do not raise
            return
        slopes = [self.slopes[a] if a in wanted else self.unused for a in formula.arguments]
        numbers = ", ".join([*(self.data[a] for a in formula.arguments), *self.row.settings])
        self.add(indent, "try:")
        self.add(indent + 4, *computed)
        raised = f"({use(ArithmeticError)}, {use(ValueError)})"
        self.add(
            indent,
            f"except {raised}:  # what IEEE 754 says instead",
            f"    {self.value}, {tuple_of(slopes)} = {use(self.row.guard)}({numbers})",
        )

    def record(self, indent: int, left: str, right: str | None, constants: str = "") -> None:
        """Lines that compute, build the node and return it."""
        self.compute(indent, [left] if right is None else [left, right])
        lines = node_lines(
            self.text,
            self.row.operation,
            self.row.value_class,
            self.node,
            data=self.value,
            left=left,
            right=f"{right}",
            dleft=self.slopes[left],
            dright=constants or self.slopes[right or left],
        )
        self.add(indent, *lines)


def _clear_flags() -> None:
    """Clears the flags of the processor that tell of a division by zero, an overflow and the like.

    NumPy looks at them after it has called an operator for each entry of an array of Values, and
    would warn of 0**0.5, whose value is 0. Each of its functions clears them at its start.
    """
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.add(0.0, 0.0)
