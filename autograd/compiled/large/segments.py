"""Segments: operations that wait for each other, run by loops over plain floats.

A loop is written for the pattern in which the kinds of operations come again and again, as in a
recurrence; where there is no such pattern, it asks each operation for its kind.
"""

from __future__ import annotations

from itertools import pairwise, repeat
from typing import Any

import numpy as np

from autograd.compiled.large.levels import Integers, Levels, Reverse
from autograd.compiled.large.loops import Loops, Phase

LONGEST = 12  # operations of a pattern
LARGEST = 16_384  # operations of a segment, whose numbers are Python's while it runs
FEWEST = 48  # operations for which a loop of their own pays

# What a column is kept as: a range, one number for all, or an array, which is a list while it runs.
Column = range | int | Integers


class Segment:
    """Neighbouring operations.

    Args:
        levels: The program.
        loops: The functions of its loops.
        groups: Their rows in `Levels.groups`.
    """

    def __init__(self, levels: Levels, loops: Loops, groups: Integers) -> None:
        counts = groups[:, 2]
        self.loops = loops
        self.codes = np.repeat(groups[:, 0], counts)
        start, self.count = int(groups[0, 1]), int(counts.sum())
        self.range = slice(start, start + self.count)
        begins = levels.begins[start - levels.base : start - levels.base + self.count + 1]
        self.span = slice(int(begins[0]), int(begins[-1]))
        self.begins = begins - begins[0]
        operands = levels.operands[self.span]
        # Its numbers are a list: those from outside, then its own.
        is_outside = operands < start
        self.outside, places = np.unique(operands[is_outside], return_inverse=True)
        self.operands = (operands - (start - len(self.outside))).astype(np.int32)
        self.operands[is_outside] = places
        self.period = _period(self.codes)
        if self.period and self.count % self.period:
            self.period = 0
        self.fixed: list[int] = []  # the places of operands that are the same every time
        self.columns: list[list[Column | None]] = []  # those of the others, for each phase
        for phase in range(self.period):
            columns: list[Column | None] = []
            for entries in self.of_phase(self.operands, phase):
                is_fixed = entries[0] < len(self.outside) and (entries == entries[0]).all()
                columns.append(None if is_fixed else kept(entries))
                if is_fixed:
                    self.fixed.append(int(entries[0]))
            self.columns.append(columns)

    def of_phase(self, entries: Integers, phase: int) -> list[Integers]:
        """The entries of the operands of one phase of the pattern, operand by operand."""
        rows = self.begins[phase : self.count : self.period]
        arity = int(self.begins[phase + 1] - self.begins[phase])
        return [entries[rows + k] for k in range(arity)]

    def tuples(self, entries: Integers) -> list[tuple[int, ...]]:
        """The entries of the operands of each operation."""
        flat, begins = entries.tolist(), self.begins.tolist()
        return [tuple(flat[a:b]) for a, b in pairwise(begins)]

    def phase(self, number: int, many: bool, shares: tuple[bool, ...]) -> Phase:
        """A phase of the pattern."""
        fixed = tuple(column is None for column in self.columns[number])
        return Phase(int(self.codes[number]), fixed, many, shares)

    def numbers(self, values: Any) -> list[float]:
        """The numbers from outside."""
        found: list[float] = values[self.outside].tolist()
        return found

    def forward(self, values: Any) -> None:
        """Computes the values."""
        outside = self.numbers(values)
        if self.period:
            pattern = tuple(
                self.phase(number, False, (False,) * len(columns))
                for number, columns in enumerate(self.columns)
            )
            turns = self.count // self.period
            columns = [c for each in self.columns for c in each if c is not None]
            listed = [used(column, turns) for column in columns] or [range(turns)]
            numbers = self.loops.run(False, pattern, outside, self.fixed, listed)
        else:
            asked = [self.codes.tolist(), self.tuples(self.operands)]
            numbers = self.loops.run(False, frozenset(asked[0]), outside, asked)
        values[self.range] = numbers[len(outside) :]


class SegmentReverse:
    """The reverse pass through a segment, from one output.

    Args:
        segment: The segment.
        reverse: The reverse pass.
    """

    def __init__(self, segment: Segment, reverse: Reverse) -> None:
        self.segment = segment
        begins = reverse.begins[segment.range.start : segment.range.stop + 1]
        low, high = int(begins[0]), int(begins[-1])
        self._own = slice(low, high)
        # Its slots are a list: its own, then those elsewhere, then one that nobody reads.
        slots = reverse.slots[segment.span]
        is_lost = slots == reverse.total
        is_outside = ((slots < low) | (slots >= high)) & ~is_lost
        self._outside = slots[is_outside].astype(np.intp)
        local = slots - low
        local[is_outside] = np.arange(high - low, high - low + len(self._outside))
        local[is_lost] = high - low + len(self._outside)
        self._slots = local.astype(np.int32)
        self._begins = (begins - low).astype(np.int32)
        self.is_idle = low == high or bool(is_lost.all())
        if segment.period and not self.is_idle:
            self._pattern, self._columns = self._periodic()

    def _periodic(self) -> tuple[tuple[Phase, ...], list[Column]]:
        """The pattern, and the columns that its loop takes, the last phase first."""
        segment = self.segment
        period, count = segment.period, segment.count
        lost = self._own.stop - self._own.start + len(self._outside)
        phases: list[Phase] = []
        columns: list[Column] = []
        for number in reversed(range(period)):
            first, last = self._begins[number:-1:period], self._begins[number + 1 :: period]
            many = bool((last - first != 1).any())
            entries = segment.of_phase(self._slots, number)
            shares = tuple(bool((column != lost).any()) for column in entries)
            phases.insert(0, segment.phase(number, many, shares))
            columns += [_reversed(c) for c in segment.columns[number] if c is not None]
            columns.append(range(len(segment.outside) + count - period + number, 0, -period))
            columns.append(kept(first[::-1]))
            if many or segment.loops.dropping:
                columns.append(kept(last[::-1]))
            columns += [
                kept(column[::-1]) for column, is_one in zip(entries, shares, strict=True) if is_one
            ]
        return tuple(phases), columns

    def run(self, values: Any, shares: Any, empty: Any) -> None:
        """As `GroupReverse.run`."""
        segment, own = self.segment, self._own
        numbers = segment.numbers(values) + values[segment.range].tolist()
        slots: list[Any] = shares[own].tolist()
        if empty is not None:
            slots = [None if e else s for s, e in zip(slots, empty[own].tolist(), strict=True)]
        slots += [0.0] * (len(self._outside) + 1)
        if segment.period:
            turns = segment.count // segment.period
            columns: list[Any] = [used(column, turns) for column in self._columns]
            segment.loops.run(True, self._pattern, numbers, slots, segment.fixed, columns)
        else:
            codes, begins = segment.codes[::-1].tolist(), self._begins[::-1].tolist()
            places = range(len(numbers) - 1, len(numbers) - 1 - segment.count, -1)
            operands, outs = segment.tuples(segment.operands), segment.tuples(self._slots)
            columns = [codes, operands[::-1], places, begins[1:], begins[:-1], outs[::-1]]
            segment.loops.run(True, frozenset(codes), numbers, slots, columns)
        found = slots[own.stop - own.start : -1]
        if empty is not None:
            empty[self._outside] = [share is None for share in found]
            found = [0.0 if share is None else share for share in found]
        shares[self._outside] = found


def kept(entries: Integers) -> Column:
    """A column as it is kept."""
    first = int(entries[0])
    step = int(entries[1]) - first if len(entries) > 1 else 1
    end = first + step * len(entries)
    if step == 0:
        return first if (entries == first).all() else entries
    return (
        range(first, end, step) if np.array_equal(entries, np.arange(first, end, step)) else entries
    )


def used(column: Column, count: int) -> Any:
    """A column as a loop takes it."""
    if isinstance(column, int):
        return repeat(column, count)
    return column if isinstance(column, range) else column.tolist()


def _reversed(column: Column) -> Column:
    return column if isinstance(column, int) else column[::-1]


def cut(groups: Integers) -> int:
    """How many of the groups are a segment: as many as have one pattern, and not too many."""
    ends = np.cumsum(groups[:, 2])
    count = max(1, int(np.searchsorted(ends, LARGEST, side="right")))
    ends = ends[:count]
    period = _period(np.repeat(groups[:count, 0], groups[:count, 2]))
    if not period:
        return count
    whole = np.flatnonzero(ends % period == 0)  # of turns
    return int(whole[-1]) + 1 if len(whole) and ends[whole[-1]] >= FEWEST else count


def _period(codes: Integers) -> int:
    """After how many operations the kinds come again, up to the end; 0 if they do not."""
    if len(codes) >= FEWEST:
        for period in range(1, LONGEST + 1):
            if (codes[period:] == codes[:-period]).all():
                return period
    return 0
