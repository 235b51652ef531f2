"""The reverse pass in Values: a gradient that has a gradient itself."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, Literal, overload

from autograd.errors import shown
from autograd.graph import anomaly, constancy
from autograd.graph.accumulation import Edge, accumulate
from autograd.graph.backward import plain_gradients
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from autograd.transforms import vocabulary
from autograd.transforms.norms import through_origin, without_factor
from autograd.transforms.partials import Number, recorded_partials
from autograd.value import Value


@overload
def gradients(
    output: Value, inputs: Iterable[Value], create_graph: Literal[False] = False
) -> list[float]: ...
@overload
def gradients(
    output: Value, inputs: Iterable[Value], create_graph: Literal[True]
) -> list[Value]: ...
@overload
def gradients(
    output: Value, inputs: Iterable[Value], create_graph: bool
) -> list[float] | list[Value]: ...
def gradients(
    output: Value, inputs: Iterable[Value], create_graph: bool = False
) -> list[float] | list[Value]:
    """∂output/∂input for each of the inputs, without touching any `.grad`.

    Args:
        output: The node to differentiate.
        inputs: The nodes to differentiate by; leaves or not.
        create_graph: Whether the gradient is recorded, so that it can be differentiated again. It
            is the one at the recorded point: what was computed before a change of `data` is
            refused.

    Returns:
        A number for each input, in order; 0 for one that the output does not depend on. With
        `create_graph` each is a `Value`.

    Raises:
        TypeError: If the output or an input is not a `Value`.
        ValueError: If `create_graph` is set, and data was changed since it was recorded.

    Example:
        >>> from autograd import Value, gradients
        >>> x = Value(3.0)
        >>> gradients(x**3, [x])
        [27.0]
        >>> (slope,) = gradients(x**3, [x], create_graph=True)
        >>> gradients(slope, [x])
        [18.0]
    """
    if not isinstance(inputs, Iterable):
        raise TypeError(
            f"gradients: expected a list of inputs, got {shown(inputs)}; write "
            "gradients(output, [x])"
        )
    inputs = list(inputs)
    for node in (output, *inputs):
        if not isinstance(node, Node):
            raise TypeError(
                f"gradients: expected a Value, got {shown(node)}; write gradients(output, [x, y])"
            )
    return recorded_gradients(output, inputs) if create_graph else plain_gradients(output, inputs)


def recorded_gradients(
    output: Value, inputs: Sequence[Value], without: Container[int] = ()
) -> list[Value]:
    """∂output/∂input for each of the inputs, as Values.

    Args:
        output: The node to differentiate.
        inputs: The nodes to differentiate by.
        without: Ids of nodes that are, with all that only they depend on, no part of the graph.
    """
    if anomaly.watched():
        anomaly.check_reverse(output)
    with anomaly.unchecked():
        return _recorded_gradients(output, inputs, without)


def _recorded_gradients(
    output: Value, inputs: Sequence[Value], without: Container[int]
) -> list[Value]:
    constancy.note()
    order, depends = depending([output], inputs, without)
    sums: dict[Value, Number] = {output: 1.0}

    def edges(node: Value, upstream: Number) -> Iterator[Edge[Value]]:
        parents = node.parents
        places = [place for place, parent in enumerate(parents) if parent in depends]
        if not places:
            return
        quotient, dropping = without_factor(upstream, node), drops(node)
        for place, partial in zip(places, recorded_partials(node, places), strict=True):
            zero = dropping and vocabulary.equal(partial, 0.0)
            if zero is not True:
                share = times(upstream, partial)
                if quotient is not None:
                    share = through_origin(node, quotient, parents[place], share)
                yield parents[place], share, zero

    accumulate(vocabulary, order, sums, edges)
    return [as_value(sums.get(node, 0.0)) for node in inputs]


def depending(
    outputs: Iterable[Value], inputs: Iterable[Value], without: Container[int] = ()
) -> tuple[list[Value], set[Value]]:
    """The nodes of the outputs' graph in topological order, and which of them the inputs reach."""
    depends = set(inputs)
    order = topological_order(outputs, without)
    for node in order:
        if not depends.isdisjoint(node.parents):
            depends.add(node)
    return order, depends


def drops(node: Value) -> bool:
    """Whether an edge of the node carries nothing where its local derivative is zero."""
    operation: Any = node._op
    dropped: bool = operation.drops_zero
    return dropped


def times(x: Number, y: Number) -> Number:
    """x·y, without a node for a multiplication by one."""
    for factor, other in ((x, y), (y, x)):
        if type(factor) is float and factor in (1.0, -1.0):
            return other if factor == 1.0 else -other
    return x * y


def as_value(given: Number) -> Value:
    """The node itself, or a leaf with that number."""
    return given if isinstance(given, Value) else Value(given)
