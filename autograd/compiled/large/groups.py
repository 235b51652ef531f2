"""Groups of many operations of one kind, run as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiled.large.arrays import ARRAYS
from autograd.compiled.large.levels import Integers, Levels, Reverse
from autograd.compiled.tape import Entry
from autograd.language import floats
from autograd.table.symbolic import flat_partials

Index = slice | int | Integers


def index(places: Integers) -> Index:
    """The places as the quickest way to find them: a slice, one number for all, or an array."""
    first, count = int(places[0]), len(places)
    if count > 1 and (places == first).all():
        return first
    if np.array_equal(places, np.arange(first, first + count)):
        return slice(first, first + count)
    return places.astype(np.intp)


class Group:
    """Operations of one kind whose results are neighbours.

    Args:
        levels: The program.
        row: Its row in `Levels.groups`.
    """

    def __init__(self, levels: Levels, row: Integers) -> None:
        kind, start, count, offset = map(int, row)
        self.entry: Entry = levels.kinds[kind].entry
        self.operation, self.settings = self.entry.operation, self.entry.settings
        self.range = slice(start, start + count)
        arity = len(self.entry.operands)
        self.span = slice(offset, offset + count * arity)
        self.shape = count, arity
        columns = levels.operands[self.span].reshape(self.shape).T
        self._operands = [index(column) for column in columns]
        # One operation of very many operands is run on floats, as the rule stands.
        self._m: Any = floats if count == 1 else ARRAYS

    def _arguments(self, values: Any) -> list[Any]:
        if self._m is floats:
            found = values[[i.start if type(i) is slice else i for i in self._operands]]
            operands: list[Any] = found.tolist()
        else:
            operands = [values[i] for i in self._operands]
        if self.operation.groups:
            operands = self.operation.grouped(operands)
        return [*operands, *self.settings]

    def forward(self, values: Any) -> None:
        """Computes the values."""
        try:
            values[self.range] = self.operation.value(self._m, *self._arguments(values))
        except (ArithmeticError, ValueError):  # as rules on floats raise where Python does
            self._m = ARRAYS
            self.forward(values)

    def partials(self, values: Any) -> list[Any]:
        """The local derivatives, an array or a number for each operand."""
        own = values[self.range]
        y = float(own[0]) if self._m is floats else own
        try:
            found = self.operation.partials(self._m, *self._arguments(values), y)
        except (ArithmeticError, ValueError):
            self._m = ARRAYS
            return self.partials(values)
        return flat_partials(self.operation, found)


class GroupReverse:
    """The reverse pass through a group, from one output.

    Args:
        group: The group.
        reverse: The reverse pass.
    """

    def __init__(self, group: Group, reverse: Reverse) -> None:
        self.group = group
        begins = reverse.begins[group.range.start : group.range.stop + 1]
        self._own = slice(int(begins[0]), int(begins[-1]))
        counts = np.diff(begins)
        self._owners = None
        if len(counts) != self._own.stop - self._own.start or (counts != 1).any():
            self._owners = np.repeat(np.arange(len(counts)), counts)
        columns = reverse.slots[group.span].reshape(group.shape).T
        self._slots = [
            None if (column == reverse.total).all() else index(column) for column in columns
        ]
        self.is_idle = self._own.start == self._own.stop or not any(
            slot is not None for slot in self._slots
        )

    def run(self, values: Any, shares: Any, empty: Any) -> None:
        """Leaves the operands' shares in their slots.

        Args:
            values: All values.
            shares: The slots.
            empty: For each slot whether it carries nothing; None if that cannot be.
        """
        group, own, owners = self.group, self._own, self._owners
        count, nothing = group.shape[0], None
        upstream = shares[own]
        if empty is not None:
            some = ~empty[own]
            upstream = np.where(some, upstream, 0.0)
            nothing = ~some if owners is None else np.bincount(owners, some, count) == 0
        if owners is not None:  # in their order, one after the other
            upstream = np.bincount(owners, upstream, count)
        for slots, partial in zip(self._slots, group.partials(values), strict=True):
            if slots is None:
                continue
            is_one = type(partial) is float and partial == 1.0
            share = upstream if is_one else upstream * partial
            if nothing is None:
                shares[slots] = share
                continue
            dropped = nothing
            if group.operation.drops_zero:
                dropped = nothing | np.equal(partial, 0.0)
            shares[slots], empty[slots] = np.where(dropped, 0.0, share), dropped
