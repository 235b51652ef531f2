"""The reverse pass: gradients by the chain rule, from the output back to the leaves."""

from __future__ import annotations

from collections.abc import Container, Sequence

from autograd import anomaly
from autograd.graph import topological_order
from autograd.node import Node


def backward(output: Node) -> None:
    """Fills `.grad` of every node that `output` depends on with ∂output/∂node.

    Leaves add the new gradient to what they have; all other nodes start from zero.
    """
    if output.is_leaf:
        output._grad += 1.0
        return
    if anomaly.watched():
        anomaly.check_reverse(output)
    order = _start(output)
    output._grad = 1.0
    for node in reversed(order):
        upstream = node._grad
        right = node._right
        if right is not None:
            node._left._grad += upstream * node._dleft
            right._grad += upstream * node._dright
        elif type(node._left) is tuple:
            for parent, partial in zip(node._left, node._dleft, strict=True):
                parent._grad += upstream * partial
        else:
            node._left._grad += upstream * node._dleft


def _start(output: Node) -> list[Node]:
    """Sets the gradients of all computed nodes to zero and returns them in topological order.

    The order is that of `topological_order`, so that every way to a gradient adds in one order.

    The gradient itself is the mark of a visited node: two zeros that are objects of their own. A
    set of visited nodes would take half as long as the whole pass.
    """
    entered, done = float("0"), float("0")
    order: list[Node] = []
    stack = [output]
    pop, push, finish = stack.pop, stack.append, order.append
    while stack:
        node = pop()
        mark = node._grad
        if mark is done:
            continue
        if mark is entered:  # its parents are done
            node._grad = done
            finish(node)
            continue
        node._grad = entered
        push(node)
        left, right = node._left, node._right
        if right is not None:
            if right._left is not None and right._grad is not done:
                push(right)
            if left._left is not None and left._grad is not done:
                push(left)
        elif type(left) is tuple:
            for parent in reversed(left):
                if parent._left is not None and parent._grad is not done:
                    push(parent)
        elif left._left is not None and left._grad is not done:
            push(left)
    return order


def plain_gradients(
    output: Node, inputs: Sequence[Node], without: Container[int] = ()
) -> list[float]:
    """∂output/∂input for each of the inputs, as numbers, without touching any `.grad`.

    Nodes whose id is in `without`, and what only they depend on, are no part of the graph.
    """
    if anomaly.watched():
        anomaly.check_reverse(output)
    result = dict.fromkeys(topological_order([output], without), 0.0)
    order = list(result)
    result[output] = 1.0
    for node in reversed(order):
        upstream = result[node]
        for parent, partial in zip(node.parents, node.partials, strict=True):
            result[parent] = result.get(parent, 0.0) + upstream * partial
    return [result.get(node, 0.0) for node in inputs]
