"""Whether what was recorded is the function: run again close by, it has to be the same graph.

A function that computes with `.data`, or branches on its inputs, records another graph for another
point. Then the recorded graph says nothing of how the function changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.testing.entries import Unusable
from autograd.testing.subject import Recording, Subject

# Distances at which a function is run again, largest first, relative to the point.
DISTANCES = (2.0**-8, 2.0**-20, 2.0**-32, 2.0**-44, 2.0**-50)


@dataclass(frozen=True)
class Stability:
    """What runs close by have shown.

    Attributes:
        branches: Whether the function records another graph however close the point is.
        moved: The numbers that are no inputs and yet follow them: of which node, which operand.
    """

    branches: bool
    moved: tuple[tuple[Value, int], ...]

    @property
    def is_stable(self) -> bool:
        """Whether the recorded graph is the function."""
        return not self.branches and not self.moved


def stability(
    subject: Subject, recording: Recording, matters: Callable[[Value, int], bool]
) -> Stability:
    """Runs the function close by, on both sides.

    Args:
        subject: The function.
        recording: Its graph at the point.
        matters: Whether the value of a node changes with a plain operand of that index.
    """
    runs = [_close_by(subject, recording, sign) for sign in (1, -1)]
    branches = None in runs
    if branches:  # perhaps because of one input only: what do the others do?
        runs = [_close_by(subject, recording, 1, i) for i in range(len(subject.numbers))]
    moved = {place: None for run in runs if run is not None for place in changed(recording, run)}
    real = [(node, i) for node, i in moved if node.is_leaf or matters(node, i)]
    return Stability(branches, tuple(real))


def _close_by(
    subject: Subject, recording: Recording, sign: int, only: int | None = None
) -> Recording | None:
    """A recording of the same shape, as far away as possible; None if there is none."""
    shape = recording.shape()
    for distance in DISTANCES:
        numbers = neighbour(subject.numbers, sign * distance)
        if only is not None:
            here = subject.numbers
            numbers = [*here[:only], numbers[only], *here[only + 1 :]]
        try:
            other = subject.record(numbers)
        except Unusable:  # outside of the function's domain, or another graph: closer
            continue
        if other.shape() == shape:
            return other
    return None


def neighbour(numbers: Sequence[float], distance: float) -> list[float]:
    """A point close by, farther by each input, so that ties are broken."""
    count = len(numbers)
    return [
        x + (abs(x) if abs(x) > 1e-300 else 1.0) * distance * (1 + i / count)
        for i, x in enumerate(numbers)
    ]


def changed(first: Recording, second: Recording) -> Iterator[tuple[Value, int]]:
    """The plain numbers that differ between two recordings of one shape."""
    here: Sequence[Any] = list(first.constants())
    there: Sequence[Any] = list(second.constants())
    if len(here) != len(there):
        return
    for (node, i, x), (_, _, y) in zip(here, there, strict=True):
        if x != y and not (x != x and y != y):
            yield node, i
