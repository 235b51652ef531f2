"""Functions that compute and record, generated from the rows of the derivative table.

Running a rule for every operation would take microseconds. So each row's formula is read once, and
written out as the plain float code that a person would write for this one operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograd.eager.elementwise import Elementwise
from autograd.eager.variadic import selecting_function, variadic_function
from autograd.graph.node import Node
from autograd.table import Operation


def function_of(operation: Operation, value_class: type[Node]) -> Callable[..., Any]:
    """The public function of an operation: on numbers a number, else a recorded `Value`."""
    if operation.drops_zero:
        function = selecting_function(operation, value_class)
    elif operation.groups:
        function = variadic_function(operation, value_class)
    else:
        function = Elementwise(operation, value_class).function()
    return _public(function, operation)


def operators_of(operation: Operation, value_class: type[Node]) -> dict[str, Callable[..., Any]]:
    """The special methods of an operation that has an operator."""
    writer, name = Elementwise(operation, value_class), operation.name
    if len(operation.arguments) == 1:
        methods = {f"__{name}__": writer.function()}
    else:
        methods = {f"__{name}__": writer.operator(), f"__r{name}__": writer.reflected_operator()}
    return {name: _public(method, operation) for name, method in methods.items()}


def _public(function: Any, operation: Operation) -> Callable[..., Any]:
    """The function as users meet it in `help` and tracebacks."""
    function.__module__ = "autograd"
    function.__doc__ = "\n".join(_documentation(operation))
    public: Callable[..., Any] = function
    return public


def _documentation(operation: Operation) -> Iterator[str]:
    """The docstring that a row gives its function."""
    yield f"{operation.meaning}."
    if operation.convention:
        yield f"\nWhere it has no derivative: {operation.convention}."
    yield "\nArgs:"
    many = [name for name in operation.groups if name not in operation.single]
    if operation.groups:
        for name in operation.groups:
            if name in operation.single:
                yield f"    {name}: A `Value` or a number, or None for none."
            else:
                least = ", at least one" * bool(operation.at_least)
                same = f", as many as {many[0]}" * (name != many[0])
                yield f"    {name}: `Value`s or numbers{least}{same}."
    else:
        for name, interval in zip(operation.arguments, operation.domain, strict=True):
            yield f"    {name}: A `Value` or a number; differentiable on {interval}."
    kind = "An integer" if operation.groups else "A plain number"
    for name, default in operation.settings:
        yield f"    {name}: {kind}{f', {default} by default' if default else ''}."
    yield "\nReturns:"
    yield "    A `Value` if an argument is one, else a float."
    yield "\nRaises:"
    yield "    TypeError: If an argument is neither a `Value` nor a number."
    if operation.groups:
        yield "    ValueError: If there are too few operands, or not as many in each group."
