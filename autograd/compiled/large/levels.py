"""A tape in levels: operations that do not wait for each other, those of a kind side by side.

A large program is run not operation by operation but group by group. A group has operations of one
kind that depend on none of each other; their results are neighbours, so a loop runs over them.

The reverse pass has a slot for each edge. An operation leaves its operands' shares in their slots,
and a place adds up its own slots. They are in the order in which the eager engine adds, so the sums
are those of the eager engine bit for bit, in whatever order groups are run.

Source: batching by depth, Neubig, Goldberg & Dyer, "On-the-fly operation batching in dynamic
computation graphs", 2017.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.tape import Entry, Tape

Integers = NDArray[Any]


class Levels:
    """The groups of a tape.

    Places have new numbers: the inputs, then the constants, then the operations group by group.

    Args:
        tape: The program.

    Attributes:
        kinds: For each kind of operation one of them. Those of a kind have the same row, the same
            settings, and as many operands.
        groups: A row for each group: its kind, its first place, how many operations it has, and
            where the operands of the first begin.
        operands: The places of the operands, operation by operation.
        numbers: The numbers of all constants.
        places: The new number of each place of the tape.
        size: The number of places.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        inputs = len(tape.inputs)
        self.orders = [tape.order(output) for output in tape.outputs]
        kinds: dict[Any, int] = {}
        self.kinds: list[Entry] = []
        slots: dict[Any, int] = {}
        level, codes, flat = array("i", bytes(4 * inputs)), array("i"), array("i")
        add, note = flat.append, level.append
        for entry in tape.entries:
            operation, operands, settings, _ = entry
            key = operation, len(operands), repr(settings) if settings else ""
            code = kinds.get(key)
            if code is None:
                code = kinds[key] = len(kinds)
                self.kinds.append(entry)
            codes.append(code)
            deepest = 0
            for x in operands:
                if type(x) is int:
                    add(x)
                    if level[x] > deepest:
                        deepest = level[x]
                else:  # constants are known by their digits, as 0 is not -0
                    add(-1 - slots.setdefault(x or repr(x), len(slots)))
            note(deepest + 1)
        self.numbers = np.array([float(x) for x in slots])
        self._sort(np.array(codes, np.int32), np.array(level, np.int32)[inputs:], np.array(flat))

    def _sort(self, codes: Integers, level: Integers, flat: Integers) -> None:
        """Puts the operations that outputs depend on in the order of their levels and kinds."""
        tape, inputs, constants = self.tape, len(self.tape.inputs), len(self.numbers)
        needed = np.zeros(len(tape), bool)
        for order in self.orders:
            needed[order] = True
        chosen = np.flatnonzero(needed[inputs:])
        chosen = chosen[np.lexsort((codes[chosen], level[chosen]))]
        base = inputs + constants
        self.size = base + len(chosen)
        self.places = np.full(len(tape), -1, np.int32)
        self.places[:inputs] = np.arange(inputs)
        self.places[inputs + chosen] = np.arange(base, self.size)
        arities = np.array([len(kind.operands) for kind in self.kinds], np.int64)[codes]
        lengths = arities[chosen]
        self.begins = _starts(lengths)
        where = _ranges(_starts(arities)[chosen], lengths)
        old = flat[where]
        new = self.places[old]  # of a constant another place, counted from the end
        self.operands = np.where(old < 0, inputs - 1 - old, new).astype(np.int32)
        kind, depth = codes[chosen], level[chosen]
        is_first = np.ones(len(chosen), bool)
        is_first[1:] = (kind[1:] != kind[:-1]) | (depth[1:] != depth[:-1])
        firsts = np.flatnonzero(is_first)
        self.groups = np.empty((len(firsts), 4), np.int32)
        self.groups[:, 0] = kind[firsts]
        self.groups[:, 1] = base + firsts
        self.groups[:, 2] = np.diff(firsts, append=len(chosen))
        self.groups[:, 3] = self.begins[firsts]

    @property
    def base(self) -> int:
        """The place of the first operation."""
        return len(self.tape.inputs) + len(self.numbers)

    def reverse(self, index: int) -> Reverse:
        """The reverse pass from one of the outputs."""
        return _reverse(self, index)


class Reverse(NamedTuple):
    """The reverse pass from one output.

    Attributes:
        begins: For each place its first slot; one number more for the end of the last.
        slots: For each entry of `Levels.operands` the slot of its share; where the operand gets
            none, the slot after the last, which nobody reads.
        seed: The slot of the output that is 1; -1 where the output depends on no input.
        total: The number of slots.
    """

    begins: Integers
    slots: Integers
    seed: int
    total: int


def _reverse(levels: Levels, index: int) -> Reverse:
    tape = levels.tape
    base = levels.base
    lengths = np.diff(levels.begins)
    # When the eager engine comes to an operation: those that it does not come to are never.
    rank = np.full(levels.size, -1, np.int32)
    order = np.asarray(levels.orders[index], np.int32)
    rank[levels.places[order]] = np.arange(len(order), dtype=np.int32)
    depends = np.zeros(levels.size, bool)
    needed = levels.places >= 0
    depends[levels.places[needed]] = np.frombuffer(tape.depending(tape.wrt), np.uint8)[needed] > 0
    rank[~depends] = -1
    consumer = np.repeat(rank[base:], lengths)
    edges = np.flatnonzero((consumer >= 0) & depends[levels.operands])
    # Shares are added in the order in which the reverse pass comes to their operations.
    edges = edges[np.argsort(-consumer[edges], kind="stable")]
    edges = edges[np.argsort(levels.operands[edges], kind="stable")]
    output = levels.places[tape.outputs[index]]
    has_seed = bool(depends[output])
    counts = np.bincount(levels.operands[edges], minlength=levels.size)
    counts[output] += has_seed
    begins = _starts(counts).astype(np.int32)
    seed = int(begins[output])
    slot = np.arange(len(edges))
    slot[levels.operands[edges] >= output] += has_seed  # the output's first slot is its seed
    slots = np.full(len(levels.operands), len(edges) + has_seed, np.int32)
    slots[edges] = slot
    return Reverse(begins, slots, seed if has_seed else -1, len(edges) + has_seed)


def _starts(lengths: Integers) -> Integers:
    """Where each of neighbours of these lengths begins, and where the last ends."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _ranges(starts: Integers, lengths: Integers) -> Integers:
    """All integers of ranges, one range after the other."""
    shift = np.repeat(starts - _starts(lengths)[:-1], lengths)
    return shift + np.arange(len(shift))


def results(tape: Tape, outputs: Sequence[float], gradients: Sequence[Any]) -> Any:
    """Outputs and gradients as a program's function returns them."""
    pairs = tuple(outputs), tuple(map(tuple, gradients))
    return (pairs[0][0], pairs[1][0]) if tape.single else pairs
