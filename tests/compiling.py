"""Random programs recorded for `autograd.compile`, and how exact their gradients can be."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from hypothesis import assume

from autograd import Value
from autograd.graph import topological_order
from tests.programs import ENGINE, Program


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
