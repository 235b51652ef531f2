"""The tape: a graph as a flat list of operations, which every way to run a program reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd.table import Operation


class Entry(NamedTuple):
    """One operation on a tape.

    Attributes:
        operation: The row of the derivative table.
        operands: For each operand its place on the tape, an integer, or its number, a float.
        settings: The settings of the operation.
        label: The label of the node it was.
    """

    operation: Operation
    operands: tuple[int | float, ...]
    settings: tuple[Any, ...]
    label: str


@dataclass(frozen=True)
class Tape:
    """A program as data. A back end makes a function of it.

    The places 0, 1, … are those of the inputs, followed by those of the entries; an entry comes
    after the places that it is applied to.

    Attributes:
        inputs: The labels of the inputs.
        entries: The operations.
        outputs: The places of the outputs.
        wrt: Which of the inputs get a gradient.
        single: Whether the output was given by itself and not in a list.

    Source: the list of Wengert, "A simple automatic derivative evaluation program", 1964.
    """

    inputs: tuple[str, ...]
    entries: tuple[Entry, ...]
    outputs: tuple[int, ...]
    wrt: tuple[int, ...]
    single: bool

    def __len__(self) -> int:
        return len(self.inputs) + len(self.entries)

    def entry(self, place: int) -> Entry | None:
        """The entry of a place; None of an input."""
        return None if place < len(self.inputs) else self.entries[place - len(self.inputs)]

    def parents(self, place: int) -> Sequence[int]:
        """The places that a place is computed from."""
        entry = self.entry(place)
        return () if entry is None else [x for x in entry.operands if type(x) is int]

    def order(self, output: int) -> list[int]:
        """The places that an output depends on, in the order of `topological_order`."""
        order: list[int] = []
        seen, finished = bytearray(len(self)), bytearray(len(self))
        stack = [output]
        while stack:
            place = stack.pop()
            if finished[place]:
                continue
            if seen[place]:
                finished[place] = 1
                order.append(place)
                continue
            seen[place] = 1
            stack.append(place)
            stack.extend(p for p in reversed(self.parents(place)) if not finished[p])
        return order

    def depending(self, inputs: Sequence[int]) -> bytearray:
        """For each place whether it depends on one of these inputs."""
        depends = bytearray(len(self))
        for place in inputs:
            depends[place] = 1
        for place in range(len(self.inputs), len(self)):
            depends[place] = any(depends[parent] for parent in self.parents(place))
        return depends
