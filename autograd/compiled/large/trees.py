"""Operations taken together: trees of those whose results are used once.

Of what is between the operations of a tree nothing is stored and nothing is looked up.
"""

from __future__ import annotations

import contextlib
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from autograd.compiled.tape import Entry, Tape

MOST = 32  # kinds of trees; with more smaller ones are made
OFTEN = 16  # a constant is part of a tree where one of so many operations has it as an operand


class Tree:
    """A kind of operations, taken together.

    Args:
        entry: The last of them.
        children: For each of its operands the tree that computes it, or a constant; None for a
            place.
    """

    def __init__(self, entry: Entry, children: tuple[Tree | float | None, ...]) -> None:
        self.entry, self.children = entry, children

    @cached_property
    def arity(self) -> int:
        """How many places all of it has as operands."""
        return sum(arity_of(child) for child in self.children)

    @cached_property
    def constants(self) -> list[float]:
        """The constants in it, in order."""
        found: list[float] = []
        for child in self.children:
            if isinstance(child, float):
                found.append(child)
            elif child is not None:
                found += child.constants
        return found


def arity_of(child: Tree | float | None) -> int:
    """How many places a child of a tree has as operands."""
    if isinstance(child, Tree):
        return child.arity
    return int(child is None)


class _Part(NamedTuple):
    """What is known of a tree that may become part of another."""

    code: int
    size: int
    operands: tuple[int, ...]
    owners: tuple[int, ...]


class _TooManyError(Exception):
    """There are more kinds of trees than are wanted."""


class Trees:
    """The trees of a tape.

    Args:
        tape: The program.
        orders: For each output the places that it depends on.
        largest: How many operations a tree has at most.

    Attributes:
        kinds: The kinds of trees.
        numbers: The constants, in the order of their places -1, -2, …
        roots: The place of each tree.
        codes: The kind of each.
        levels: The level of each, which is above those of its operands.
        operands: The places of all operands, tree by tree.
        owners: The places of the operations that they are operands of.
    """

    def __init__(self, tape: Tape, orders: Sequence[Sequence[int]], largest: int) -> None:
        self._tape = tape
        self._needed = np.zeros(len(tape), bool)
        for order in orders:
            self._needed[order] = True
        self.numbers: dict[Any, int] = {}
        if largest > 1 and any(entry.operation.drops_zero for entry in tape.entries):
            largest = 1  # an operand that is not chosen gets nothing, which has to be looked for
        single = self._used_once() if largest > 1 else None
        sizes = [largest]
        while sizes[-1] > 1:
            sizes.append(sizes[-1] // 2)
        attempts: list[tuple[int, frozenset[float]]] = [(size, frozenset()) for size in sizes]
        if largest > 1 and (frequent := self._frequent()):
            attempts = [(size, frequent) for size in sizes[:-1]] + attempts
        for size, constants in attempts:
            with contextlib.suppress(_TooManyError):
                self._make(size, single, constants)
                return
        raise AssertionError("single operations are not too many")

    def _frequent(self) -> frozenset[float]:
        """The constants that occur often; never 0, as -0 is another."""
        counts = Counter(
            x for entry in self._tape.entries for x in entry.operands if type(x) is not int
        )
        least = len(self._tape.entries) / OFTEN
        return frozenset(x for x, count in counts.items() if count >= least and x != 0)

    def _used_once(self) -> bytearray:
        """For each place whether it is computed, and one operand of one operation only."""
        tape = self._tape
        uses = [0] * len(tape)
        inputs = len(tape.inputs)
        for place, entry in enumerate(tape.entries, inputs):
            if self._needed[place]:
                for x in entry.operands:
                    if type(x) is int:
                        uses[x] += 1
        for output in tape.outputs:
            uses[output] += 2
        return bytearray(place >= inputs and count == 1 for place, count in enumerate(uses))

    def _make(self, largest: int, single: bytearray | None, frequent: frozenset[float]) -> None:
        tape, inputs = self._tape, len(self._tape.inputs)
        self.kinds: list[Tree] = []
        self._known: dict[Any, int] = {}
        self.roots, self.codes, self.levels = array("i"), array("i"), array("i")
        self.operands, self.owners = array("i"), array("i")
        self._level = array("i", bytes(4 * len(tape)))
        needed, numbers = self._needed.tobytes(), self.numbers
        parts: dict[int, _Part] = {}  # trees that may become part of another
        for place, entry in enumerate(tape.entries, inputs):
            if not needed[place]:
                continue
            operation, given, settings, _ = entry
            places = []
            for x in given:
                if type(x) is not int:  # constants are known by their digits, as 0 is not -0
                    x = -1 - numbers.setdefault(x or repr(x), len(numbers))
                places.append(x)
            key = operation, len(places), repr(settings) if settings else ""
            if single is None:
                self._add(place, self._kind(key, entry, ()), places, [place] * len(places))
                continue
            size = 1
            children: list[Any] = []
            operands: list[int] = []
            owners: list[int] = []
            for x, number in zip(places, given, strict=True):
                if x < 0 and number in frequent:
                    children.append((number,))
                    continue
                part = parts.pop(x, None)
                if part is not None and size + part.size <= largest:
                    size += part.size
                    children.append(part.code)
                    operands += part.operands
                    owners += part.owners
                    continue
                if part is not None:
                    self._add(x, part.code, part.operands, part.owners)
                children.append(-1)
                operands.append(x)
                owners.append(place)
            code = self._kind((key, *children), entry, children)
            if single[place]:
                parts[place] = _Part(code, size, tuple(operands), tuple(owners))
            else:
                self._add(place, code, operands, owners)

    def _kind(self, key: Any, entry: Entry, children: Sequence[int | tuple[float]]) -> int:
        """The number of a kind; a child is one, or -1 for a place, or a constant in a tuple."""
        code = self._known.get(key)
        if code is None:
            if len(self._known) >= MOST and any(child != -1 for child in children):
                raise _TooManyError
            code = self._known[key] = len(self.kinds)
            trees = tuple(
                float(*child)
                if isinstance(child, tuple)
                else (None if child < 0 else self.kinds[child])
                for child in children
            )
            self.kinds.append(Tree(entry, trees or (None,) * len(entry.operands)))
        return code

    def _add(self, place: int, code: int, operands: Sequence[int], owners: Sequence[int]) -> None:
        """Adds a tree."""
        level = self._level
        above = 1 + max((level[x] for x in operands if x >= 0), default=0)
        level[place] = above
        self.roots.append(place)
        self.codes.append(code)
        self.levels.append(above)
        self.operands.extend(operands)
        self.owners.extend(owners)
