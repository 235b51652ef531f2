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
        self._sort(Trees(tape, self.orders, largest))

    def _sort(self, trees: Trees) -> None:
        """Puts the operations in the order of their levels and kinds; nobody else has the trees.

        There may be millions of operations, so that what is used no more is let go.
        """
        self.kinds: list[Tree] = trees.kinds
        self.numbers = np.array([float(x) for x in trees.numbers])
        tape, inputs, constants = self.tape, len(self.tape.inputs), len(self.numbers)
        codes, level = np.asarray(trees.codes), np.asarray(trees.levels)
        given, roots = np.asarray(trees.operands), np.asarray(trees.roots)
        # In a group those are neighbours whose results are used as often: a processor that adds up
        # their shares is right then when it guesses how many there are.
        order = np.lexsort((_uses(given, len(tape))[roots], codes, level)).astype(np.int32)
        base = inputs + constants
        self.size = base + len(order)
        self.places = np.full(len(tape), -1, np.int32)
        self.places[:inputs] = np.arange(inputs)
        self.places[roots[order]] = np.arange(base, self.size, dtype=np.int32)
        arities = np.array([kind.arity for kind in self.kinds], np.int32)[codes]
        lengths = arities[order]
        self.begins = _starts(lengths)
        where = _ranges(_starts(arities)[order], lengths)
        self.owners = np.asarray(trees.owners)[where]
        self.operands = given[where]
        del trees, given, roots, arities, lengths, where
        is_constant = self.operands < 0
        theirs = self.operands[is_constant]
        self.operands = self.places[self.operands]
        self.operands[is_constant] = inputs - 1 - theirs
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
    reached = np.asarray(levels.orders[index], np.int32)
    rank[reached] = np.arange(len(reached), dtype=np.int32)
    depends = np.zeros(levels.size, bool)
    needed = levels.places >= 0
    depends[levels.places[needed]] = np.frombuffer(tape.depending(tape.wrt), np.uint8)[needed] > 0
    consumer = rank[levels.owners]
    edges = np.flatnonzero((consumer >= 0) & depends[levels.operands]).astype(np.int32)
    consumer, operands = consumer[edges], levels.operands[edges]
    # Shares are added in the order in which the reverse pass comes to their operations.
    order = np.lexsort((-consumer, operands)).astype(np.int32)
    output = levels.places[tape.outputs[index]]
    has_seed = bool(depends[output])
    del rank, reached, depends, consumer  # there may be a great many of each
    edges, operands = edges[order], operands[order]
    del order
    slot = np.arange(len(edges), dtype=np.int32)
    slot[operands >= output] += has_seed  # the output's first slot is its seed
    slots = np.full(len(levels.operands), len(edges) + has_seed, np.int32)
    slots[edges] = slot
    del edges, slot
    counts = _uses(operands, levels.size)
    counts[output] += has_seed
    begins = _starts(counts)
    seed = int(begins[output])
    return Reverse(begins, slots, seed if has_seed else -1, len(operands) + has_seed)


def _starts(lengths: Integers) -> Integers:
    """Where each of neighbours of these lengths begins, and where the last ends."""
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, dtype=np.int32, out=starts[1:])
    return starts


def _ranges(starts: Integers, lengths: Integers) -> Integers:
    """All integers of ranges, one range after the other."""
    ranges = np.repeat(starts - _starts(lengths)[:-1], lengths)
    ranges += np.arange(len(ranges), dtype=np.int32)
    return ranges


def _uses(operands: Integers, places: int) -> Integers:
    """How often each place is an operand."""
    return np.bincount(operands[operands >= 0], minlength=places).astype(np.int32)


def results(tape: Tape, outputs: Sequence[float], gradients: Sequence[Any]) -> Any:
    """Outputs and gradients as a program's function returns them."""
    pairs = tuple(outputs), tuple(map(tuple, gradients))
    return (pairs[0][0], pairs[1][0]) if tape.single else pairs
