"""A row of the derivative table run on symbols: its value and its derivatives as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.language.symbols import Trace
from autograd.table.row import Operation


class SymbolicRow:
    """The value and the local derivatives of an operation as symbols.

    Args:
        operation: The row to read.
        sizes: How many operands each group of a variadic operation has; () for others.
        settings: The settings of a variadic operation, which are part of its form.

    Attributes:
        arguments: The names of the differentiable arguments, flat.
        value: The symbol of the value.
        partials: The symbols of the local derivatives, in the order of `arguments`.
    """

    def __init__(
        self, operation: Operation, sizes: Sequence[int] = (), settings: Sequence[Any] = ()
    ) -> None:
        self.trace = Trace()
        if operation.groups:
            named = zip(operation.groups, sizes, strict=True)
            groups = [[f"{name}_{i}" for i in range(size)] for name, size in named]
            self.arguments = tuple(name for group in groups for name in group)
            terms: list[Any] = [[self.trace.argument(n) for n in group] for group in groups]
            terms += settings
        else:
            self.arguments = operation.arguments
            names = [*self.arguments, *(name for name, _ in operation.settings)]
            terms = [self.trace.argument(name) for name in names]
        self.value = self.trace.symbol(operation.value(self.trace, *terms))
        partials = flat_partials(operation, operation.partials(self.trace, *terms, self.value))
        self.partials = [self.trace.symbol(partial) for partial in partials]


def flat_partials(operation: Operation, partials: Any) -> list[Any]:
    """What the rule for the local derivatives returned as one list, an entry an operand."""
    if operation.groups:
        return [partial for group in partials for partial in group]
    return list(partials) if isinstance(partials, tuple) else [partials]
