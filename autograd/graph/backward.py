"""The reverse pass: gradients by the chain rule, from the output back to the leaves."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.graph import anomaly
from autograd.graph.many_parents import ByCount
from autograd.graph.node import Mark, Node
from autograd.graph.order import topological_order

_into_nodes, _into_sums = ByCount("{}._grad"), ByCount("sums[{}]")


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
            parents = node._left
            _into_nodes[len(parents)](upstream, parents, node._dleft, None)
        else:
            node._left._grad += upstream * node._dleft


def _start(output: Node) -> list[Node]:
    """Sets the gradients of all computed nodes to zero and returns them in topological order.

    The order is that of `topological_order`, so that `plain_gradients` adds in the same order.

    The gradient itself is the mark of a visited node. A set of visited nodes would take half as
    long as the whole pass.
    """
    entered, done = Mark(), Mark()
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
    for node in order:
        node._grad = 0.0
    return order


def plain_gradients(output: Node, inputs: Sequence[Node]) -> list[float]:
    """∂output/∂input for each of the inputs, as numbers, without touching any `.grad`."""
    if anomaly.watched():
        anomaly.check_reverse(output)
    order = topological_order([output])
    sums: dict[Node, float] = dict.fromkeys(order, 0.0)
    sums[output] = 1.0
    for node in reversed(order):
        left, right = node._left, node._right
        if left is None:
            continue
        upstream = sums[node]
        if right is not None:
            sums[left] += upstream * node._dleft
            sums[right] += upstream * node._dright
        elif type(left) is tuple:
            _into_sums[len(left)](upstream, left, node._dleft, sums)
        else:
            sums[left] += upstream * node._dleft
    return [sums.get(node, 0.0) for node in inputs]


def plain_rows(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[list[float]]:
    """The gradients of several outputs: the graph is put in order once, and walked by places.

    One order serves all outputs, so the last digit may differ from that of each output by itself.
    """
    if anomaly.watched():
        for output in outputs:
            anomaly.check_reverse(output)
    order = topological_order(outputs)
    places = {node: place for place, node in enumerate(order)}
    depends, wanted = bytearray(len(order)), set(inputs)
    edges: list[list[tuple[int, float]]] = []
    for place, node in enumerate(order):
        pairs = [(places[p], d) for p, d in zip(node.parents, node.partials, strict=True)]
        edges.append([(parent, partial) for parent, partial in pairs if depends[parent]])
        depends[place] = node in wanted or bool(edges[place])
    rows = []
    for output in outputs:
        sums: list[float | None] = [None] * (places[output] + 1)
        sums[-1] = 1.0
        for place in range(places[output], -1, -1):
            upstream = sums[place]
            if upstream is not None:
                for parent, partial in edges[place]:
                    before = sums[parent]
                    share = upstream * partial
                    sums[parent] = share if before is None else before + share
        found = [places.get(node, len(sums)) for node in inputs]
        rows.append([(place < len(sums) and sums[place]) or 0.0 for place in found])
    return rows
