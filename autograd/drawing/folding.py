"""Which nodes are drawn as one shape, so that a large graph can still be read."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from math import ceil, inf

from autograd.graph.neurons import Neuron, Structure
from autograd.graph.node import Node

READABLE = 150  # nodes in one picture
READABLE_EDGES = 1000  # with numbers on them
FEW = 8  # nodes of one sort that stay apart where the rest is folded
STRETCHES = 20  # shapes for the layers of a network that is deeper than a picture is wide


@dataclass(eq=False)
class Group:
    """Nodes that are drawn as one shape.

    Attributes:
        kind: "input", "parameter", "constant" or "operation"; of folded nodes also "neuron",
            "layer" or "output".
        nodes: The nodes, in topological order, but for the parameters of neurons.
        cluster: The layer within which the shape is drawn, 0 for none.
        folded: Whether the shape stands for its nodes together, and not for a single node.
        neurons: The neurons among the nodes.
    """

    kind: str
    nodes: list[Node] = field(default_factory=list)
    cluster: int = 0
    folded: bool = False
    neurons: list[Neuron] = field(default_factory=list)


@dataclass(frozen=True)
class Folding:
    """Groups in topological order.

    Attributes:
        groups: What is drawn as one shape each.
        few: How many plain numbers beside one node stay apart; more are one shape.
        unfolded: How many shapes there would be if nothing were folded.
    """

    groups: list[Group]
    few: float
    unfolded: int


def folding_of(structure: Structure, fold: bool) -> Folding:
    """The most detailed groups that can be read; if not `fold`, each node by itself."""
    size = _size(structure)
    if not fold or size <= READABLE:
        folding = Folding(_unfolded(structure), inf, size)
        if not fold or _readable(folding):
            return folding
    for layers, few in _steps(structure):
        folding = Folding(_folded(structure, layers, few), few, size)
        if _readable(folding):
            break
    return folding


def by_neurons(structure: Structure) -> Folding:
    """Each neuron as one shape."""
    return Folding(_folded(structure, 0, inf), inf, _size(structure))


def by_layers(structure: Structure, opened: Container[int] = ()) -> Folding:
    """Each layer as one shape, but for the opened ones: of these, each node by itself."""
    return Folding(_folded(structure, 1, FEW, opened), inf, _size(structure))


def _size(structure: Structure) -> int:
    """How many shapes there are if nothing is folded."""
    return len(structure.order) + sum(map(constants, structure.order))


def _steps(structure: Structure) -> Iterator[tuple[int, float]]:
    """From detailed to coarse: how many layers are a shape, and how many of a sort stay apart."""
    if structure.neurons:
        yield 0, inf  # a shape for each neuron
        yield 1, inf
    yield 1, FEW
    yield 1, 1
    yield ceil(structure.layers / STRETCHES), 1


def _readable(folding: Folding) -> bool:
    """Whether there are not too many shapes, plain numbers among them, or numbers on edges."""
    shapes = len(folding.groups)
    if shapes > READABLE:
        return False
    alone = {group.nodes[0] for group in folding.groups if not group.folded}
    for count in map(constants, alone):
        shapes += 1 if count > folding.few else count
    edges = sum(parent in alone for node in alone for parent in node.parents)
    return shapes <= READABLE and edges <= READABLE_EDGES


def constants(node: Node) -> int:
    """How many operands are plain numbers: they are drawn, too."""
    return len(node.operands) - len(node.parents)


def _unfolded(structure: Structure) -> list[Group]:
    """Each node by itself; neurons in their layers, with the parameters outside, as inputs are."""
    neurons = structure.neurons
    return [
        Group(_kind(node), [node], neurons[node].layer if node in neurons else 0)
        for node in structure.order
    ]


def _folded(
    structure: Structure, layers: int, few: float, opened: Container[int] = ()
) -> list[Group]:
    """Groups of whole neurons, or of so many layers; of other nodes if more than a few are alike.

    The neurons of opened layers, and their parameters, are not folded.

    No group depends on a later one, unless it is one of outputs.
    """
    groups: dict[object, Group] = {}
    outputs, neurons = structure.outputs, structure.neurons
    apart = {n for n in neurons.values() if n.layer in opened}
    shown = {parameter for neuron in apart for parameter in neuron.parameters}
    single: list[Group] = []
    for node in structure.order:
        neuron = neurons.get(node)
        if neuron in apart or node in shown:
            single.append(Group(_kind(node), [node], neuron.layer if neuron else 0))
            continue
        if node in structure.within:
            continue
        depth = structure.depth[node]
        key: object
        if neuron is not None and layers == 0:
            kind, key = "neuron", neuron
        elif neuron is not None or (layers > 1 and depth and node not in outputs):
            kind, key = "layer", ("layer", (depth - 1) // layers)
        else:
            kind = "output" if node in outputs else _kind(node)
            key = depth if kind == "operation" else kind
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group(kind, cluster=depth if kind == "neuron" else 0)
        group.nodes.append(node)
        if neuron is not None and node is neuron.net:
            group.neurons.append(neuron)
    index = {node: position for position, node in enumerate(structure.order)}
    result = single
    for group in groups.values():
        if group.neurons or len(group.nodes) > few:
            group.folded = True
            result.append(group)
        else:
            result += [Group(_kind(node), [node]) for node in group.nodes]
    return sorted(result, key=lambda group: index[group.nodes[0]])


def _kind(node: Node) -> str:
    return node.op if node.is_leaf else "operation"
