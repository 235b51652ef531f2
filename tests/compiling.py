"""Random programs recorded for `autograd.compile`, and how exact their gradients can be."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from typing import Any

from hypothesis import assume

import autograd
from autograd import Value
from autograd.graph.order import topological_order
from autograd.table import TABLE
from tests.programs import ENGINE, Program

# Operations whose node has no edge to its operand: `compile` refuses a recorded graph with one, and
# takes the function.
WITHOUT_EDGE = ("stop_gradient",)


def recorded(program: Program, numbers: Sequence[float]) -> tuple[list[Value], Value]:
    """The inputs that the output depends on, and the output."""
    inputs = [Value(x) for x in numbers]
    output = program.run(ENGINE, inputs)[-1]
    used = set(topological_order([output]))
    inputs = [x for x in inputs if x in used]
    assume(inputs)
    return inputs, output


def used(program: Program) -> list[int]:
    """The places of the inputs that the output depends on."""
    inputs = [Value(x) for x in program.inputs]
    graph = set(topological_order([program.run(ENGINE, inputs)[-1]]))
    return [i for i, x in enumerate(inputs) if x in graph]


def every_operation(names: Collection[str] = tuple(TABLE)) -> tuple[list[Value], Value]:
    """A graph with each of the operations, inside its domain and away from kinks."""
    inputs = x, y, z = [Value(0.3), Value(0.7), Value(1.6)]
    terms = []
    for name in names:
        if name in WITHOUT_EDGE:
            continue
        operation = TABLE[name]
        function = ENGINE[name]
        if operation.groups:
            groups: list[Any] = [[x, y, z * y]] * len(operation.groups)
            if len(operation.groups) == 2:
                groups[1] = [y, z, x + z]
            if operation.single:
                groups = [[x, y], [z, x], y]
            settings: tuple[float, ...] = (1,) * len(operation.settings)
            terms.append(function(*groups, *settings))
            continue
        settings = (0.1, 3.0)[: len(operation.settings)]
        operands = [z if interval.low == 1.0 else x for interval in operation.domain]
        if len(operands) > 1:
            operands[1] = y
        terms.append(function(*operands[: len(operation.arguments)], *settings))
    return inputs, autograd.sum([autograd.sin(term) for term in terms])


def sizes(output: Value, inputs: Sequence[Value]) -> list[float]:
    """The gradients with every term made positive: what rounding errors are relative to."""
    order = topological_order([output])
    found = dict.fromkeys(order, 0.0)
    found[output] = 1.0
    for node in reversed(order):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            found[parent] += found[node] * abs(partial)
    return [found[x] for x in inputs]


def bits(numbers: Sequence[float]) -> bytes:
    """The floats as bytes, in which 0 is not -0."""
    return struct.pack(f"{len(numbers)}d", *numbers)
