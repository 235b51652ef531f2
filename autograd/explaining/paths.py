"""How a gradient comes about: the paths from the output to a node, and the sums on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from autograd.graph.node import Node
from autograd.graph.order import topological_order

MOST_PATHS, MOST_LINKS = 8, 120  # that a person reads one by one
UNCOUNTED = 10**30  # paths are not counted beyond


@dataclass(frozen=True, eq=False)
class Link:
    """An edge of the graph, as the chain rule goes along it.

    Attributes:
        node: The node that was computed.
        parent: The node that it was computed from.
        position: Which of the node's parents that is.
        partial: The local derivative ∂node/∂parent.
    """

    node: Node
    parent: Node
    position: int
    partial: float


@dataclass(frozen=True, eq=False)
class Path:
    """Links that lead from the output to a node.

    Attributes:
        links: The links, the first from the output.
    """

    links: tuple[Link, ...]

    @property
    def nodes(self) -> list[Node]:
        """The nodes along it, the output first."""
        return [*(link.node for link in self.links), self.links[-1].parent]

    @property
    def partials(self) -> list[float]:
        """The local derivatives along it."""
        return [link.partial for link in self.links]

    @property
    def product(self) -> float:
        """What the path contributes to the gradient."""
        return prod(self.partials)


@dataclass(frozen=True, eq=False)
class Accumulation:
    """The gradient of one node as a sum over the nodes that were computed from it.

    Attributes:
        node: The node.
        gradient: ∂output/∂node.
        terms: For each use of the node the link, and the gradient of what was computed.
    """

    node: Node
    gradient: float
    terms: tuple[tuple[Link, float], ...]


class Between:
    """The part of a graph that lies between an output and a node that it depends on.

    Args:
        output: The output.
        wrt: The node.

    Attributes:
        order: All nodes that the output depends on, in topological order.
        nodes: Those that lie between, the two included, in the order of the reverse pass.
        count: How many paths there are, or `UNCOUNTED` if there are more.
    """

    def __init__(self, output: Node, wrt: Node) -> None:
        self.output, self.wrt = output, wrt
        self.order = topological_order([output])
        counts = {wrt: 1}
        for node in self.order:
            found = sum(counts.get(parent, 0) for parent in node.parents)
            if found and node is not wrt:
                counts[node] = min(found, UNCOUNTED)
        self.nodes = [node for node in reversed(self.order) if node in counts]
        self.depends = wrt in self.nodes[-1:]
        self.count = counts.get(output, 0)

    @cached_property
    def gradients(self) -> dict[Node, float]:
        """∂output/∂node of each node between, added up in the order of the reverse pass."""
        gradients = dict.fromkeys(self.nodes, 0.0)
        gradients[self.output] = 1.0
        for node in self.nodes:
            if node is self.wrt:
                continue
            upstream = gradients[node]
            for parent, partial in zip(node.parents, node.partials, strict=True):
                if parent in gradients:
                    gradients[parent] += upstream * partial
        return gradients

    def links(self, node: Node) -> list[Link]:
        """The links from a node to parents that lie between."""
        pairs = zip(node.parents, node.partials, strict=True)
        return [
            Link(node, parent, position, partial)
            for position, (parent, partial) in enumerate(pairs)
            if parent in self.gradients and node is not self.wrt
        ]

    @cached_property
    def paths(self) -> list[Path] | None:
        """All paths, in the order of the reverse pass; None if they are too many to be read."""
        if self.count > MOST_PATHS or self.output is self.wrt:
            return None
        paths: list[Path] = []
        stack: list[tuple[Node, tuple[Link, ...]]] = [(self.output, ())]
        links = 0
        while stack:
            node, taken = stack.pop()
            while node is not self.wrt:
                first, *others = self.links(node)
                stack += [(link.parent, (*taken, link)) for link in reversed(others)]
                taken, node = (*taken, first), first.parent
                if len(taken) + links > MOST_LINKS:
                    return None
            links += len(taken)
            paths.append(Path(taken))
        return paths

    def accumulations(self, nodes: Sequence[Node]) -> list[Accumulation]:
        """The sums that are the gradients of some nodes."""
        terms: dict[Node, list[tuple[Link, float]]] = {node: [] for node in nodes}
        for node in self.nodes:
            if terms.keys().isdisjoint(node.parents) or node is self.wrt:
                continue
            for link in self.links(node):
                if link.parent in terms:
                    terms[link.parent].append((link, self.gradients[node]))
        return [Accumulation(n, self.gradients[n], tuple(found)) for n, found in terms.items()]
