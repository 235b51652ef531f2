"""The sweep: a large tape in levels, groups as arrays and what is narrow as loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiled.large.groups import Group, GroupReverse
from autograd.compiled.large.levels import Levels, results
from autograd.compiled.large.loops import Loops
from autograd.compiled.large.segments import Segment, SegmentReverse, cut
from autograd.compiled.tape import Tape

WIDE = 24  # operations from which on arrays are faster than a loop
MOST_OPERANDS = 64  # of an operation that a loop has code for


class Sweep:
    """Runs a tape on one sample.

    Args:
        tape: The program.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        levels = Levels(tape)
        self._size, self._numbers = levels.size, levels.numbers
        self._dropping = any(kind.entry.operation.drops_zero for kind in levels.kinds)
        self._parts = _parts(levels, Loops([kind.entry for kind in levels.kinds], self._dropping))
        self._outputs = levels.places[list(tape.outputs)]
        wanted = levels.places[list(tape.wrt)]
        self._passes = []
        for number in range(len(tape.outputs)):
            reverse = levels.reverse(number)
            steps: list[Any] = [
                GroupReverse(part, reverse)
                if isinstance(part, Group)
                else SegmentReverse(part, reverse)
                for part in reversed(self._parts)
            ]
            steps = [step for step in steps if not step.is_idle]
            end = int(reverse.begins[len(tape.inputs)])  # inputs are the first places
            owners = np.repeat(
                np.arange(len(tape.inputs)), np.diff(reverse.begins)[: len(tape.inputs)]
            )
            self._passes.append((steps, reverse.seed, reverse.total, end, owners))
        self._wanted = wanted

    def __call__(self, *numbers: float) -> Any:
        """The outputs and their gradients, as a program's function returns them."""
        inputs = len(self._tape.inputs)
        values = np.empty(self._size)
        values[:inputs] = numbers
        values[inputs : inputs + len(self._numbers)] = self._numbers
        with np.errstate(all="ignore"):
            for part in self._parts:
                part.forward(values)
            gradients = [self._reverse(values, *each) for each in self._passes]
        return results(self._tape, values[self._outputs].tolist(), gradients)

    def _reverse(
        self, values: Any, steps: Any, seed: int, total: int, end: int, owners: Any
    ) -> list[float]:
        """The reverse pass from one output."""
        if seed < 0:  # it depends on none of the inputs that are wanted
            return [0.0] * len(self._wanted)
        shares = np.zeros(total + 1)
        empty = np.zeros(total + 1, bool) if self._dropping else None
        shares[seed] = 1.0
        for step in steps:
            step.run(values, shares, empty)
        sums = np.bincount(owners, shares[:end], len(self._tape.inputs))
        return [float(sums[place]) if place >= 0 else 0.0 for place in self._wanted.tolist()]


def _parts(levels: Levels, loops: Loops) -> list[Group | Segment]:
    """The groups in order, neighbouring narrow ones taken together."""
    counts = levels.groups[:, 2]
    arities = np.array([kind.arity for kind in levels.kinds])[levels.groups[:, 0]]
    alone = (counts >= WIDE) | (arities > MOST_OPERANDS)
    parts: list[Group | Segment] = []
    edges = np.flatnonzero(np.diff(alone, prepend=not alone[0] if len(alone) else True) | alone)
    for first, last in zip(edges, [*edges[1:], len(alone)], strict=True):
        if alone[first]:
            parts.append(Group(levels, levels.groups[first]))
            continue
        low = first
        while low < last:
            high = cut(levels.groups[low:last]) + low
            parts.append(Segment(levels, loops, levels.groups[low:high]))
            low = high
    return parts
