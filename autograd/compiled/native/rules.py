"""The rules of a kind of operations in a large tape, as elementary steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograd.compiled.large.trees import Tree
from autograd.compiled.steps import Steps
from autograd.language.symbols import Symbol
from autograd.table.symbolic import flat_partials

Given = tuple[Sequence[Symbol], Sequence[Symbol]]  # the arguments and the constants of a tree


class Formula:
    """The value and the shares of the operands of a kind, as elementary steps.

    Args:
        tree: The kind.

    Attributes:
        arguments: The operands.
        constants: The constants, by their place in `Tree.constants`.
        value: The value.
        known: The value, which the reverse pass has already.
        upstream: The gradient by the value.
        shares: What each operand gets of it.
        chosen: The local derivatives by operands that get nothing where these are 0; else nothing.
    """

    def __init__(self, tree: Tree) -> None:
        self._steps = steps = Steps()
        self.arguments = [steps.argument(f"x{i}") for i in range(tree.arity)]
        self.constants = [steps.argument(f"c{i}") for i in range(len(tree.constants))]
        self.known, self.upstream = steps.argument("value"), steps.argument("upstream")
        given = self.arguments, self.constants
        self.value = self._value(tree, given)
        self.shares: list[Symbol] = []
        self.chosen: list[Symbol] = []
        self._reverse(tree, given, self.known, self.upstream)

    def _operands(self, tree: Tree, given: Given) -> Iterator[tuple[Any, Given]]:
        """The operands of the last operation, each with what it is computed from."""
        arguments, constants = given
        for child in tree.children:
            if isinstance(child, Tree):
                own = arguments[: child.arity], constants[: len(child.constants)]
                yield self._value(child, own), own
            else:
                own = (arguments[:1], constants[:0]) if child is None else ([], constants[:1])
                yield (own[0] or own[1])[0], own
            arguments, constants = arguments[len(own[0]) :], constants[len(own[1]) :]

    def _terms(self, tree: Tree, given: Given) -> list[Any]:
        """What the rules of the last operation are applied to."""
        operation, settings = tree.entry.operation, tree.entry.settings
        operands = [operand for operand, _ in self._operands(tree, given)]
        if operation.groups:
            return [*operation.grouped(operands), *settings]
        return [*operands, *map(self._steps.symbol, settings)]

    def _value(self, tree: Tree, given: Given) -> Symbol:
        terms = self._terms(tree, given)
        return self._steps.symbol(tree.entry.operation.value(self._steps, *terms))

    def _reverse(self, tree: Tree, given: Given, value: Symbol, upstream: Symbol) -> None:
        """The shares of all operands, in the roundings of the eager engine."""
        operation, steps = tree.entry.operation, self._steps
        partials = operation.partials(steps, *self._terms(tree, given), value)
        flat = [steps.symbol(partial) for partial in flat_partials(operation, partials)]
        for child, (operand, own), partial in zip(
            tree.children, self._operands(tree, given), flat, strict=True
        ):
            if isinstance(child, float):  # nobody asks for its share
                continue
            share = upstream * partial
            if child is None:
                self.shares.append(share)
                if operation.drops_zero:
                    self.chosen.append(partial)
            else:
                self._reverse(child, own, operand, share)
