"""Names that a person would choose, for the nodes of a network that have no label of a person's.

Weights are w[i][j] and biases b[i], i the neuron and j its input, both from 0; with a number of the
layer, w2[i][j], where there are several. The neurons of a hidden layer are h1, h2, …, or h2[0] in
the second of several; those of the last layer o1, o2, …; what goes into an activation is net_h1.
Inputs are x1, x2, … All are in the order in which the next layer takes them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from autograd.explaining.naming import Names
from autograd.graph.neurons import Neuron, Structure
from autograd.graph.node import INPUT, Node
from autograd.table import Operation

# Where a parameter is in a model, such as layers.0.neurons.1.weights.0: what a program writes.
PATH = re.compile(r"(?:[A-Za-z_]+\.\d+\.){2,}\w+(?:\.\d+)?")


def names_of(structure: Structure, labels: Sequence[str] | None = None) -> Names:
    """The names of a graph's nodes, wherever they are shown.

    Args:
        structure: The graph.
        labels: The labels of its nodes, in topological order; None for those that they have now.
    """
    order = structure.order
    given = [node.label for node in order] if labels is None else labels
    return Names(order, chosen_labels(structure, given))


def chosen_labels(structure: Structure, labels: Sequence[str]) -> list[str]:
    """The labels, and for nodes without one, or with a path, the name that a person would choose.

    Args:
        structure: The graph.
        labels: The labels of its nodes, in topological order.
    """
    taken = set(labels)
    names = _Names(structure, taken).names
    return [
        names.get(node, label) if not label or path_of(label) else label
        for node, label in zip(structure.order, labels, strict=True)
    ]


def path_of(label: str) -> str:
    """The label, if it is a parameter's path in a model; else ""."""
    return label if PATH.fullmatch(label) else ""


class _Names:
    """The names of the nodes of the network in a graph.

    Args:
        structure: The graph.
        taken: Names that are labels of nodes.
    """

    def __init__(self, structure: Structure, taken: Container[str]) -> None:
        self.names: dict[Node, str] = {}
        self._taken = taken
        self._layers = structure.layers
        places = _places(structure)
        for neuron in dict.fromkeys(structure.neurons.values()):
            self._name(neuron, places[tuple(neuron.parameters)])

    def _name(self, neuron: Neuron, place: int) -> None:
        layer = neuron.layer
        if layer == self._layers:
            name = f"o{place + 1}"
        elif self._layers == 2:
            name = f"h{place + 1}"
        else:
            name = f"h{layer}[{place}]"
        if neuron.activation is not None:
            self._give(neuron.activation, name)
            name = f"net_{name}"
        self._give(neuron.net, name)
        number = str(layer) if self._layers > 1 else ""
        for position, parameter in _parameters(neuron.net):
            within = f"[{place}]" if position is None else f"[{place}][{position}]"
            self._give(parameter, f"{'b' if position is None else 'w'}{number}{within}")
        inputs = dict.fromkeys(node for node in neuron.net.parents if node._op is INPUT)
        for position, node in enumerate(inputs if layer == 1 else ()):
            self._give(node, f"x{position + 1}")

    def _give(self, node: Node, name: str) -> None:
        """Names a node, unless it has a name or a label is the same."""
        if name not in self._taken:
            self.names.setdefault(node, name)


def _parameters(net: Node) -> Iterator[tuple[int | None, Node]]:
    """The weights of a net with their places, and its bias without one."""
    operation = net._op
    assert isinstance(operation, Operation)
    of_net = set(net.parents)
    groups = operation.grouped(net.applied_to[0])
    for name, group in zip(operation.groups, groups, strict=True):
        for position, operand in enumerate(group):
            if operand in of_net and operand._op.name == "parameter":
                yield (None if name in operation.single else position), operand


def _places(structure: Structure) -> dict[tuple[Node, ...], int]:
    """The place of each neuron in its layer, as the first node that uses the layer takes it."""
    ends = {neuron.nodes[-1]: neuron for neuron in structure.neurons.values()}
    counts: dict[int, int] = {}
    places: dict[tuple[Node, ...], int] = {}
    users = (parent for node in structure.order for parent in node.parents if parent in ends)
    for node in (*users, *ends):
        neuron = ends[node]
        key = tuple(neuron.parameters)
        if key not in places:
            places[key] = counts.get(neuron.layer, 0)
            counts[neuron.layer] = places[key] + 1
    return places
