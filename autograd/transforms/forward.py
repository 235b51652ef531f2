"""The forward sweep: how fast outputs change as the inputs move in one direction."""

from __future__ import annotations

import sys
from collections.abc import Container, Sequence
from math import inf
from typing import Any

from autograd.graph import constancy
from autograd.transforms import vocabulary
from autograd.transforms.partials import Number, recorded_partials
from autograd.transforms.reverse import depending, drops, times
from autograd.transforms.scaled import scaled_partials
from autograd.value import Value


def plain_tangents(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    direction: Sequence[float],
) -> list[float]:
    """The derivative of each output along the direction, as numbers.

    Args:
        outputs: What is differentiated.
        inputs: The nodes that move.
        direction: How fast each of them moves.
    """
    tangents = moving(inputs, direction)
    order, depends = depending(outputs, tangents)
    for node in order:
        if node in depends and node not in tangents:
            tangent = 0.0
            for place, (parent, partial) in enumerate(
                zip(node.parents, node.partials, strict=True)
            ):
                if parent not in depends:
                    continue
                moved = tangents[parent]
                if is_lost(partial, moved):
                    tangent += float(scaled_partials(node)[place] * moved)
                else:
                    tangent += partial * moved
            tangents[node] = tangent
    return [tangents.get(output, 0.0) for output in outputs]


def recorded_tangents(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    direction: Sequence[Number],
    without: Container[int] = (),
) -> list[Number]:
    """The same in Values, so that it can be differentiated.

    Args:
        outputs: As for `plain_tangents`.
        inputs: As for `plain_tangents`.
        direction: As for `plain_tangents`; Values or numbers.
        without: As for `recorded_gradients`.
    """
    constancy.note()
    tangents = moving(inputs, direction)
    order, depends = depending(outputs, tangents, without)
    still: set[Value] = set()  # what depends on inputs through dropped edges only
    for node in order:
        if node not in depends or node in tangents:
            continue
        parents = node.parents
        places = [
            i for i, parent in enumerate(parents) if parent in depends and parent not in still
        ]
        tangent: Number = 0.0
        carries, dropping = False, drops(node)
        for place, partial in zip(places, recorded_partials(node, places), strict=True):
            if dropping and not isinstance(partial, Value) and partial == 0.0:
                continue
            carries = True
            moved = times(partial, tangents[parents[place]])
            dropped = dropping and vocabulary.equal(partial, 0.0)
            tangent = tangent + vocabulary.where(dropped, 0.0, moved)
        if carries:
            tangents[node] = tangent
        else:
            still.add(node)
    return [tangents.get(output, 0.0) for output in outputs]


def moving(inputs: Sequence[Value], direction: Sequence[Any]) -> dict[Value, Any]:
    """The inputs that move, and how fast: what does not adds nothing, even to an infinite slope."""
    pairs = zip(inputs, direction, strict=True)
    return {x: speed for x, speed in pairs if isinstance(speed, Value) or speed != 0.0}


def is_lost(partial: float, moved: float) -> bool:
    """Whether a local derivative is out of range where its product with a tangent may not be."""
    if partial == 0.0:
        return abs(moved) > 2.0**52
    if abs(partial) < sys.float_info.min:
        return abs(moved) > 1.0
    return abs(partial) == inf and 0.0 < abs(moved) < 1.0
