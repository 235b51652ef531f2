"""Neurons and layers, read off the graph: by its shape alone, so no operation is named here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd.graph.node import PARAMETER, Node
from autograd.table import Operation


@dataclass(frozen=True, eq=False)
class Neuron:
    """One operation over weights and inputs, and the activation that follows it.

    Attributes:
        net: The node over many operands, at least one of them a parameter.
        activation: The function of one argument through which `net` goes, if there is one.
        layer: 1 for a neuron of inputs, else one more than the last layer that it depends on.
    """

    net: Node
    activation: Node | None
    layer: int

    @property
    def nodes(self) -> list[Node]:
        """The net and the activation."""
        return [self.net] if self.activation is None else [self.net, self.activation]

    @property
    def parameters(self) -> list[Node]:
        """The parameters, each once, in order."""
        return list(dict.fromkeys(p for p in self.net.parents if p._op is PARAMETER))


@dataclass(eq=False)
class Structure:
    """What the nodes of a graph are to each other.

    Attributes:
        order: All nodes, each after its parents.
        outputs: The nodes that were asked for.
        neurons: The neuron of each net and of each activation.
        depth: The last layer that a node belongs to or depends on; 0 before the first.
        within: The parameters that only neurons use: folded, they are part of these.
    """

    order: Sequence[Node]
    outputs: frozenset[Node]
    neurons: dict[Node, Neuron] = field(default_factory=dict)
    depth: dict[Node, int] = field(default_factory=dict)
    within: set[Node] = field(default_factory=set)

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return max((neuron.layer for neuron in self.neurons.values()), default=0)


def structure_of(order: Sequence[Node], outputs: Sequence[Node]) -> Structure:
    """Finds the neurons and layers among nodes in topological order."""
    structure = Structure(order, frozenset(outputs))
    depth, within = structure.depth, structure.within
    nets: dict[Node, list[Node]] = {}  # and who uses them
    elsewhere = set(outputs)
    for node in order:
        parents = node.parents
        is_net = _is_net(node, parents)
        below = max([depth[parent] for parent in parents], default=0)
        depth[node] = below + is_net
        if is_net:
            nets[node] = []
        for parent in parents:
            if parent in nets:
                nets[parent].append(node)
            elif parent._op is not PARAMETER:
                continue
            elif is_net:
                within.add(parent)
            else:
                elsewhere.add(parent)
    within -= elsewhere
    arity: Counter[Operation] = Counter()
    for net, users in nets.items():
        activation = users[0] if len(users) == 1 and _is_activation(users[0], arity) else None
        neuron = Neuron(net, activation, depth[net])
        structure.neurons.update(dict.fromkeys(neuron.nodes, neuron))
    return structure


def _is_net(node: Node, parents: Sequence[Node]) -> bool:
    operation = node._op
    return (
        isinstance(operation, Operation)
        and bool(operation.groups)
        and any(parent._op is PARAMETER for parent in parents)
    )


def _is_activation(node: Node, arity: Counter[Operation]) -> bool:
    """Whether the node is a function of one argument; a number beside it would be another one."""
    operation = node._op
    if not isinstance(operation, Operation) or operation.groups:
        return False
    if operation not in arity:  # looked up once: asking an operation reads a signature
        arity[operation] = len(operation.arguments)
    return arity[operation] == 1
