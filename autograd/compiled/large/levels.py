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

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.large.trees import Tree, Trees
from autograd.compiled.tape import Tape

Integers = NDArray[Any]


class Levels:
    """The groups of a tape.

    Places have new numbers: the inputs, then the constants, then the operations group by group. An
    operation whose result is used once may be taken together with what uses it, as one operation.

    Args:
        tape: The program.
        largest: How many operations are taken together at most.

    Attributes:
        kinds: The kinds of operations. Those of a kind have the same rows, the same settings, and
            as many operands.
        groups: A row for each group: its kind, its first place, how many operations it has, and
            where the operands of the first begin.
        operands: The places of the operands, operation by operation.
        owners: For each of them the place on the tape of the operation that it is an operand of.
        numbers: The numbers of all constants.
        places: The new number of each place of the tape; -1 if it has none.
        size: The number of places.
    """

    def __init__(self, tape: Tape, largest: int = 1) -> None:
        self.tape = tape
        self.orders = [tape.order(output) for output in tape.outputs]
        trees = Trees(tape, self.orders, largest)
        self.kinds: list[Tree] = trees.kinds
        self.numbers = np.array([float(x) for x in trees.numbers])
        self._sort(trees)

    def _sort(self, trees: Trees) -> None:
        """Puts the operations in the order of their levels and kinds."""
        tape, inputs, constants = self.tape, len(self.tape.inputs), len(self.numbers)
        codes, level = np.array(trees.codes, np.int32), np.array(trees.levels, np.int32)
        given, roots = np.array(trees.operands, np.int32), np.array(trees.roots, np.int32)
        # In a group those are neighbours whose results are used as often: a processor that adds up
        # their shares is right then when it guesses how many there are.
        uses = np.bincount(given[given >= 0], minlength=len(tape))[roots]
        order = np.lexsort((uses, codes, level))
        base = inputs + constants
        self.size = base + len(order)
        self.places = np.full(len(tape), -1, np.int32)
        self.places[:inputs] = np.arange(inputs)
        self.places[roots[order]] = np.arange(base, self.size)
        arities = np.array([kind.arity for kind in self.kinds], np.int64)[codes]
        lengths = arities[order]
        self.begins = _starts(lengths)
        where = _ranges(_starts(arities)[order], lengths)
        old = given[where]
        self.owners = np.array(trees.owners, np.int32)[where]
        new = self.places[old]  # of a constant another place, counted from the end
        self.operands = np.where(old < 0, inputs - 1 - old, new).astype(np.int32)
        kind, depth = codes[order], level[order]
        is_first = np.ones(len(order), bool)
        is_first[1:] = (kind[1:] != kind[:-1]) | (depth[1:] != depth[:-1])
        firsts = np.flatnonzero(is_first)
        self.groups = np.empty((len(firsts), 4), np.int32)
        self.groups[:, 0] = kind[firsts]
        self.groups[:, 1] = base + firsts
        self.groups[:, 2] = np.diff(firsts, append=len(order))
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
    # When the eager engine comes to an operation: those that it does not come to are never.
    rank = np.full(len(tape), -1, np.int32)
    order = np.asarray(levels.orders[index], np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    depends = np.zeros(levels.size, bool)
    needed = levels.places >= 0
    depends[levels.places[needed]] = np.frombuffer(tape.depending(tape.wrt), np.uint8)[needed] > 0
    consumer = rank[levels.owners]
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
