"""At which node a function begins to differ from what another library makes of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from autograd import Value, gradients, hessian, value_and_grad
from autograd.compiled.tape import Entry, Tape
from autograd.compiled.taping import tape_of_function
from autograd.language import floats
from autograd.table import TABLE
from autograd.testing import known
from autograd.testing.calling import name_of
from autograd.testing.disagreements import Disagreement
from autograd.testing.known import GRADIENT, SECOND, VALUE
from autograd.testing.operands import called
from autograd.testing.peers import Peer

ROUNDING = 1e-8  # of the size of what is added up: half of the digits of a float


class Compared:
    """The function on this engine: its tape, and its numbers at the point.

    Attributes:
        numbers: The point.
        tape: The function.
        value: The result.
        gradient: Its first derivatives.
        hessian: Its second derivatives.
        nodes: A node for each place of the tape.
    """

    def __init__(self, function: Callable[..., Any], numbers: Sequence[float]) -> None:
        self.numbers = list(numbers)
        self.tape = tape_of_function(function, len(self.numbers), None)
        if not self.tape.single:
            raise TypeError(
                f"compare: {name_of(function)} returns several results; give a function of one"
            )
        at: Any = self.numbers
        self.value, self.gradient = value_and_grad(lambda v: function(*v))(at)
        self.hessian = hessian(lambda v: function(*v))(at)
        self.nodes = self._replayed()
        replayed = self.nodes[self.tape.outputs[0]].data
        if not alike(replayed, self.value, abs(self.value)):
            raise ValueError(
                f"compare: {name_of(function)} leaves the graph: what is recorded for every input "
                f"gives {replayed!r} at the point, the function itself {self.value!r}; it has to "
                "compute the same each time, by operations on Values alone"
            )

    def _replayed(self) -> list[Value]:
        """A node for each place of the tape, at the point."""
        nodes = [Value(x, label) for x, label in zip(self.numbers, self.tape.inputs, strict=True)]
        for entry in self.tape.entries:
            given = [nodes[x] if type(x) is int else x for x in entry.operands]
            nodes.append(_applied(entry, given))
        return nodes

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(node): place for place, node in enumerate(self.nodes)}

    def _edges(self, place: int) -> Iterator[tuple[int, float]]:
        """The parents of a place, with the size of the local derivatives by them if finite."""
        node = self.nodes[place]
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if math.isfinite(partial):
                yield self._places[id(parent)], abs(partial)

    @cached_property
    def sizes(self) -> list[float]:
        """For each place the sum of the sizes of the paths from it to the output.

        Where paths cancel, rounding is relative to this.
        """
        output = self.tape.outputs[0]
        sizes = [0.0] * len(self.nodes)
        sizes[output] = 1.0
        for place in reversed(range(len(self.tape.inputs), output + 1)):
            for parent, partial in self._edges(place):
                sizes[parent] += sizes[place] * partial
        return sizes

    @cached_property
    def value_size(self) -> float:
        """The largest of what is added up to the value."""
        terms = (abs(s * n.data) for s, n in zip(self.sizes, self.nodes, strict=True))
        return max(filter(math.isfinite, terms), default=0.0)

    @cached_property
    def second_size(self) -> float:
        """The sizes of all that is added up to the second derivatives, over all inputs."""
        inputs = len(self.tape.inputs)
        moved = [1.0] * inputs + [0.0] * len(self.tape.entries)
        size = 0.0
        for place, entry in depended_on(self):
            moved[place] = sum(moved[parent] * partial for parent, partial in self._edges(place))
            function, at, places = applied(entry, self)
            curved = hessian(function)(at)
            size += self.sizes[place] * sum(
                abs(x) * moved[i] * moved[j]
                for i, row in zip(places, curved, strict=True)
                for j, x in zip(places, row, strict=True)
                if math.isfinite(x)
            )
        return size


def alike(ours: float, theirs: float, size: float) -> bool:
    if ours == theirs or (math.isnan(ours) and math.isnan(theirs)):
        return True
    return abs(ours - theirs) <= ROUNDING * max(abs(ours), abs(theirs), size) < math.inf


def located(found: Disagreement, subject: Compared, peer: Peer) -> Disagreement:
    """The same, with the first node that differs on the numbers that this engine has there."""
    kinds = (VALUE, GRADIENT, SECOND)
    for what in (found.what, *kinds[: kinds.index(found.what)]):
        for place, entry in depended_on(subject):
            because = _difference(entry, subject, peer, what)
            if because:
                fixed = any(type(x) is not int for x in entry.operands)
                numbers = _numbers(entry, subject)
                row = known.row_of(entry.operation.name, numbers, what, fixed)
                return _blamed(found, subject, place, entry, row, because)
    return _composed(found, subject)


def depended_on(subject: Compared) -> list[tuple[int, Entry]]:
    """The operations that the output is made of, in order."""
    places = subject.tape.order(subject.tape.outputs[0])
    entries = [(place, subject.tape.entry(place)) for place in sorted(places)]
    return [(place, entry) for place, entry in entries if entry is not None]


def applied(entry: Entry, subject: Compared) -> tuple[Callable[[Any], Value], Any, list[int]]:
    """One operation as a function of the operands that are nodes, their numbers, their places."""
    places = [x for x in entry.operands if type(x) is int]

    def function(values: Sequence[Any]) -> Value:
        rest = iter(values)
        return _applied(entry, [next(rest) if type(x) is int else x for x in entry.operands])

    return function, [subject.nodes[x].data for x in places], places


def _difference(entry: Entry, subject: Compared, peer: Peer, what: str) -> str:
    """What the two have for one operation alone, if that differs; else ""."""
    function, at, _ = applied(entry, subject)
    theirs: list[float]
    node = peer.node(entry)
    if what == VALUE:
        ours, theirs = [function([Value(x) for x in at]).data], [peer.value(node, at)]
    elif entry.operation.name not in TABLE:  # a comparison, which has no derivative
        return ""
    elif what == GRADIENT:
        ours, theirs = value_and_grad(function)(at)[1], peer.gradient(node, at)
    else:
        ours = [x for row in hessian(function)(at) for x in row]
        theirs = [x for row in peer.hessian(node, at) for x in row]
    largest = max((abs(x) for x in ours if math.isfinite(x)), default=0.0)
    if all(alike(x, y, largest) for x, y in zip(ours, theirs, strict=True)):
        return ""
    own = {VALUE: "its value", GRADIENT: "its derivatives", SECOND: "its second derivatives"}[what]
    return f"{own}: {_row(ours)} here, {_row(theirs)} in {peer.name}"


def _row(numbers: Sequence[float]) -> str:
    return ", ".join(f"{x:.6g}" for x in numbers)


def _numbers(entry: Entry, subject: Compared) -> list[float]:
    operands = [subject.nodes[x].data if type(x) is int else float(x) for x in entry.operands]
    return [*operands, *(float(x) for x in entry.settings)]


def _applied(entry: Entry, given: Sequence[Any]) -> Value:
    if entry.operation.name in TABLE:
        node = called(entry.operation, given, entry.settings)
    else:  # a comparison, which no public function records
        numbers = [x.data if isinstance(x, Value) else x for x in given]
        node = entry.operation.value(floats, *numbers)
    return node if isinstance(node, Value) else Value(node)


def _composed(found: Disagreement, subject: Compared) -> Disagreement:
    """Where no operation differs: an infinite derivative times 0, or the square of a norm."""
    output = subject.nodes[subject.tape.outputs[0]]
    adjoints = gradients(output, subject.nodes)
    for place, entry in reversed(depended_on(subject)):
        node = subject.nodes[place]
        steep = not all(map(math.isfinite, node.partials))
        if adjoints[place] == 0 and steep:
            chosen = any(
                other.operation.drops_zero and place in other.operands
                for _, other in depended_on(subject)
            )
            row = known.TIMES_ZERO
            if chosen:
                row = known.UNTAKEN_NAN if math.isnan(node.data) else known.UNTAKEN
            because = f"its derivatives, {_row(node.partials)}, are multiplied by 0"
            return _blamed(found, subject, place, entry, row, because)
    for place, entry in depended_on(subject):
        if entry.operation.is_norm and subject.nodes[place].data == 0 and found.what == SECOND:
            because = "a norm at its kink, in a function that is smooth there"
            return _blamed(found, subject, place, entry, known.SQUARED_NORM, because)
    return found


def _blamed(
    found: Disagreement, subject: Compared, place: int, entry: Entry, row: str, because: str
) -> Disagreement:
    operands = [
        f"{_label(subject.tape, x)} = {subject.nodes[x].data:g}" if type(x) is int else f"{x:g}"
        for x in entry.operands
    ]
    listed = ", ".join([*operands, *map(repr, entry.settings)])
    node = f"{_label(subject.tape, place)} = {entry.operation.name}({listed})"
    return Disagreement(
        found.library, found.what, found.by, found.ours, found.theirs,
        node, entry.operation.name, row, because,
    )  # fmt: skip


def _label(tape: Tape, place: int) -> str:
    """The node's label; without one v1, v2, … in the order of the operations."""
    entry = tape.entry(place)
    if entry is None:
        return tape.inputs[place]
    return entry.label or f"v{place - len(tape.inputs) + 1}"
