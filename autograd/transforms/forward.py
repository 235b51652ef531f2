"""The forward sweep: how fast outputs change as the inputs move in one direction."""

from __future__ import annotations

from collections.abc import Container, Sequence

from autograd.transforms import vocabulary
from autograd.transforms.partials import Number, recorded_partials
from autograd.transforms.reverse import depending, drops, times
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
    order, depends = depending(outputs, inputs)
    tangents = dict(zip(inputs, direction, strict=True))
    for node in order:
        if node in depends and node not in tangents:
            tangent = 0.0
            for parent, partial in zip(node.parents, node.partials, strict=True):
                if parent in depends:
                    tangent += partial * tangents[parent]
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
    order, depends = depending(outputs, inputs, without)
    tangents = dict(zip(inputs, direction, strict=True))
    for node in order:
        if node not in depends or node in tangents:
            continue
        parents = node.parents
        places = [place for place, parent in enumerate(parents) if parent in depends]
        tangent: Number = 0.0
        for place, partial in zip(places, recorded_partials(node, places), strict=True):
            moved = times(partial, tangents[parents[place]])
            dropped = drops(node) and vocabulary.equal(partial, 0.0)
            tangent = tangent + vocabulary.where(dropped, 0.0, moved)
        tangents[node] = tangent
    return [tangents.get(output, 0.0) for output in outputs]
