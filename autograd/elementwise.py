"""Functions and operators of one or two operands, written out from a row's formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.errors import as_number, number
from autograd.node import NO_GRADIENT, Node
from autograd.source import PLAIN, Writer, compile_text, guarded_function
from autograd.symbols import Formula
from autograd.table import Operation

RAISED = "except (ArithmeticError, ValueError):  # what IEEE 754 says instead"


class Elementwise:
    """Writes the functions of an operation of one or two arguments."""

    def __init__(self, operation: Operation, value_class: type[Node]) -> None:
        self.operation = operation
        self.formula = Formula(operation)
        self.settings = [name for name, _ in operation.settings]
        guarded = None

        def guard(*numbers: float) -> tuple[float, tuple[float, ...]]:
            """The guarded form, compiled when it is first needed."""
            nonlocal guarded
            if guarded is None:
                guarded = guarded_function(self.formula, operation.name, self.settings)
            value, partials = guarded(*numbers)
            return value, partials

        self.namespace = {
            "Value": value_class,
            "new": object.__new__,
            "NO_GRADIENT": NO_GRADIENT,
            "operation": operation,
            "number": number,
            "as_number": as_number,
            "guard": guard,
        }

    def function(self) -> Callable[..., Any]:
        """`name(x, settings)` or `name(x, y)`; each argument a `Value` or a number."""
        x, *rest = self.formula.arguments
        defaults = [
            name if default is None else f"{name}={default}"
            for name, default in self.operation.settings
        ]
        lines = [f"def {self.operation.name}({', '.join([x, *rest, *defaults])}):"]
        for name in self.settings:
            lines += [f"    {name} = number({name}, '{self.operation.name}: {name}')"]
        lines += [f"    if isinstance({x}, Value):", f"        {x}_data = {x}._data"]
        if rest:
            (y,) = rest
            lines += [f"        if isinstance({y}, Value):", f"            {y}_data = {y}._data"]
            lines += self._record(12, x, y)
            lines += self._convert(8, y) + self._record(8, x, None, f"{y}_data")
            lines += [f"    if isinstance({y}, Value):", *self._convert(8, x)]
            lines += [f"        {y}_data = {y}._data"]
            lines += self._record(8, y, None, f"({x}_data, None)")
            lines += self._convert(4, x) + self._convert(4, y)
        else:
            constants = f"(None, {', '.join(self.settings)})" if self.settings else "None"
            lines += self._record(8, x, None, constants) + self._convert(4, x)
        lines += [*self._compute(4, []), "    return value"]
        return self._compiled(lines, self.operation.name)

    def operator(self) -> Callable[..., Any]:
        """`__name__(x, y)`: x is a `Value`; NotImplemented if y is no number."""
        x, y = self.formula.arguments
        lines = [f"def __{self.operation.name}__({x}, {y}):", f"    {x}_data = {x}._data"]
        lines += [f"    if isinstance({y}, Value):", f"        {y}_data = {y}._data"]
        lines += self._record(8, x, y)
        lines += self._convert_or_give_up(y) + self._record(4, x, None, f"{y}_data")
        return self._compiled(lines, f"__{self.operation.name}__")

    def reflected_operator(self) -> Callable[..., Any]:
        """`__rname__(y, x)`: y is a `Value` and x is not."""
        x, y = self.formula.arguments
        lines = [f"def __r{self.operation.name}__({y}, {x}):", f"    {y}_data = {y}._data"]
        lines += self._convert_or_give_up(x) + self._record(4, y, None, f"({x}_data, None)")
        return self._compiled(lines, f"__r{self.operation.name}__")

    def _convert(self, indent: int, name: str) -> list[str]:
        operation = self.operation.name
        given = ["x" if argument == name else "…" for argument in self.formula.arguments]
        call = f"{operation}({', '.join(given)})"
        return [" " * indent + f"{name}_data = number({name}, '{operation}', '{call}')"]

    def _convert_or_give_up(self, name: str) -> list[str]:
        return [
            f"    {name}_data = {name} if type({name}) is float else as_number({name})",
            f"    if {name}_data is None:",
            "        return NotImplemented",
        ]

    def _compute(self, indent: int, wanted: Sequence[str]) -> list[str]:
        """Lines for `value` and the local derivatives `d_x` by the wanted arguments."""
        trace, arguments = self.formula.trace, self.formula.arguments
        partials = dict(zip(arguments, self.formula.partials, strict=True))
        names = {trace.argument(a): f"{a}_data" for a in arguments}
        names |= {trace.argument(s): s for s in self.settings}
        outputs = [self.formula.value, *(partials[a] for a in wanted)]
        writer = Writer(outputs, PLAIN, names)
        writer.assign(self.formula.value, "value")
        for argument in wanted:
            writer.assign(partials[argument], f"d_{argument}")
        if not any(mark in line for line in writer.lines for mark in ("math.", "ieee.", " / ")):
            return [" " * indent + line for line in writer.lines]  # sums and products do not raise
        targets = ", ".join(f"d_{a}" if a in wanted else "_" for a in arguments)
        numbers = ", ".join([*(f"{a}_data" for a in arguments), *self.settings])
        lines = [
            "try:",
            *("    " + line for line in writer.lines),
            RAISED,
            f"    value, ({targets},) = guard({numbers})",
        ]
        return [" " * indent + line for line in lines]

    def _record(self, indent: int, left: str, right: str | None, constants: str = "") -> list[str]:
        """Lines that compute, build the node and return it."""
        lines = [
            "node = new(Value)",
            "node._data = value",
            "node._grad = NO_GRADIENT",
            "node._op = operation",
            "node._label = ''",
            f"node._left = {left}",
            f"node._right = {right}",
            f"node._dleft = d_{left}",
            f"node._dright = {constants or f'd_{right}'}",
            "return node",
        ]
        wanted = [left] if right is None else [left, right]
        return self._compute(indent, wanted) + [" " * indent + line for line in lines]

    def _compiled(self, lines: list[str], name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = compile_text("\n".join(lines) + "\n", name, self.namespace)
        return function
