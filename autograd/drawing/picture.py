"""What a picture shows: shapes, arrows and a caption, all of their text decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from autograd.drawing.folding import Folding, Group
from autograd.drawing.neurons import Neuron, Structure
from autograd.lettering import DASH, counted, number, shown, signed
from autograd.node import Leaf, Node
from autograd.table import Operation

# The shape that an edge comes from, the node that it goes to, and the local derivative if any.
Edge = tuple[str, Node, float | None]

SORTS = 6  # how many operations a folded shape lists by name


@dataclass(frozen=True)
class Shape:
    """A node of the picture.

    Attributes:
        name: n0, n1, … in topological order; the numbers beside n7 are n7c0, n7c1, …
        kind: As of `Group`.
        title: What it is called, a line each.
        facts: Numbers and counts, a line each.
        cluster: The layer within which it is drawn, 0 for none.
        is_output: Whether what was asked for is in it.
        is_ordered: Whether the order of its operands matters to a reader.
    """

    name: str
    kind: str
    title: list[str]
    facts: list[str]
    cluster: int = 0
    is_output: bool = False
    is_ordered: bool = False


@dataclass(frozen=True)
class Arrow:
    """An edge of the picture; `sign` is that of the contribution, None if there is none yet."""

    tail: str
    head: str
    text: str = ""
    sign: int | None = None


@dataclass(frozen=True)
class Picture:
    """All that is drawn."""

    shapes: list[Shape]
    arrows: list[Arrow]
    caption: list[str]


def picture_of(structure: Structure, folding: Folding) -> Picture:
    """The picture of a graph whose nodes have been grouped."""
    groups = folding.groups
    names = {node: f"n{i}" for i, group in enumerate(groups) for node in group.nodes}
    folded = {f"n{i}" for i, group in enumerate(groups) if group.folded}
    shapes: list[Shape] = []
    arrows: list[Arrow] = []
    for i, group in enumerate(groups):
        name = f"n{i}"
        title, facts = _folded_text(group) if group.folded else _node_text(group.nodes[0])
        is_output = not structure.outputs.isdisjoint(group.nodes)
        is_ordered = not group.folded and _takes_two(group.nodes[0])
        shapes.append(Shape(name, group.kind, title, facts, group.cluster, is_output, is_ordered))
        edges = list(_edges(group, name, names))
        if not group.folded:
            numbers = list(_plain_numbers(group.nodes[0], name))
            if len(numbers) > folding.few:
                numbers, edges = _one_shape(numbers, edges)
            shapes += numbers
        arrows += _arrows(edges, name, folded)
    if any(group.kind == "neuron" for group in groups):
        # So many edges run between layers that their numbers would hide the picture.
        arrows = [replace(arrow, text="") for arrow in arrows]
    return Picture(shapes, arrows, list(_caption(structure, folding, arrows)))


def _edges(group: Group, head: str, names: dict[Node, str]) -> Iterator[Edge]:
    """The edges into a group from outside, operand by operand.

    The parameters of a folded neuron are in no shape, and so there are no edges from them. Plain
    numbers within a folded group are not shown.
    """
    for node in group.nodes:
        partials = iter(node.partials)
        for position, operand in enumerate(node.operands):
            if isinstance(operand, Node):
                local, tail = next(partials), names.get(operand, head)
                if tail != head:
                    yield tail, node, local
            elif not group.folded:
                yield f"{head}c{position}", node, None


def _arrows(edges: Iterable[Edge], head: str, folded: set[str]) -> Iterator[Arrow]:
    """An arrow for each edge, or for all edges between two shapes if one of them is folded."""
    parallel: dict[str, list[Edge]] = {}
    for edge in edges:
        parallel.setdefault(edge[0], []).append(edge)
    for tail, several in parallel.items():
        if len(several) > 1 and (tail in folded or head in folded):
            yield Arrow(tail, head, counted(len(several), "edge"))
        else:
            yield from (_arrow(head, *edge) for edge in several)


def _plain_numbers(node: Node, name: str) -> Iterator[Shape]:
    """The plain numbers that a node was computed from."""
    for position, operand in enumerate(node.operands):
        if not isinstance(operand, Node):
            yield Shape(f"{name}c{position}", "constant", [], [number(operand)])


def _one_shape(numbers: list[Shape], edges: list[Edge]) -> tuple[list[Shape], list[Edge]]:
    """One shape, and one edge, in place of many plain numbers beside a node."""
    first = replace(numbers[0], facts=[counted(len(numbers), "plain number")])
    others = {shape.name for shape in numbers[1:]}
    return [first], [edge for edge in edges if edge[0] not in others]


# --- One node -------------------------------------------------------------------------------------


def _node_text(node: Node) -> tuple[list[str], list[str]]:
    label = [shown(node.label)] if node.label else []
    if not node.is_leaf:
        label.append(_operation(node))
    return label, _numbers(node)


def _operation(node: Node) -> str:
    return _name(node._op)


def _name(operation: Operation | Leaf) -> str:
    symbol = operation.symbol if isinstance(operation, Operation) else ""
    return shown(symbol or operation.name)


def _takes_two(node: Node) -> bool:
    """Whether it has a first and a second operand, and no groups of them."""
    operation = node._op
    return isinstance(operation, Operation) and not operation.groups and len(node.operands) > 1


def _numbers(node: Node) -> list[str]:
    gradient = signed(node.grad) if node.has_gradient else DASH
    return [f"data {number(node.data)}", f"grad {gradient}"]


def _arrow(head: str, tail: str, node: Node, local: float | None) -> Arrow:
    """An edge with the local derivative, and the chain rule along it once there are gradients."""
    if local is None:
        return Arrow(tail, head)
    if not node.has_gradient:
        return Arrow(tail, head, number(local))
    contribution = node.grad * local
    text = f"{number(node.grad)} × {number(local)} = {signed(contribution)}"
    return Arrow(tail, head, text, _sign(contribution))


def _sign(x: float) -> int:
    return (x > 0) - (x < 0)


# --- Folded nodes ---------------------------------------------------------------------------------


def _folded_text(group: Group) -> tuple[list[str], list[str]]:
    if group.kind == "neuron":
        return _neuron_text(group.neurons[0])
    if group.kind == "layer":
        return _layer_text(group)
    title = [counted(len(group.nodes), group.kind)]
    if group.kind == "operation":
        return title, _sorts(group.nodes)
    return title, []


def _neuron_text(neuron: Neuron) -> tuple[list[str], list[str]]:
    labels = [shown(node.label) for node in neuron.nodes if node.label]
    operations = " → ".join(map(_operation, neuron.nodes))
    parameters = counted(len(neuron.parameters), "parameter")
    return [*labels[-1:], operations], [parameters, *_numbers(neuron.nodes[-1])]


def _layer_text(group: Group) -> tuple[list[str], list[str]]:
    """Neurons of the same parameters are one neuron that is used on several inputs."""
    layers = [neuron.layer for neuron in group.neurons]
    first, last = min(layers), max(layers)
    title = f"layer {first}" if first == last else f"layers {first:,} to {last:,}"
    uses = Counter(tuple(neuron.parameters) for neuron in group.neurons)
    parameters = {parameter for parameters in uses for parameter in parameters}
    size = f"{counted(len(uses), 'neuron')}, {counted(len(parameters), 'parameter')}"
    facts = [size]
    if len(uses) < len(group.neurons):
        times, rest = divmod(len(group.neurons), len(uses))
        each = f"each used {times:,} times"
        facts.append(each if not rest else f"used {len(group.neurons):,} times in all")
    inside = {node for neuron in group.neurons for node in neuron.nodes}
    others = sum(node not in inside for node in group.nodes)
    if others:
        facts.append(counted(others, "other operation"))
    return [title], facts


def _sorts(nodes: list[Node]) -> list[str]:
    """How often each operation occurs, the most frequent first."""
    counts: Counter[str] = Counter()
    for operation, times in Counter(node._op for node in nodes).items():
        counts[_name(operation)] += times
    sorts = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{count:,} of {operation}" for operation, count in sorts[:SORTS]]
    return lines if len(sorts) <= SORTS else [*lines, f"and {len(sorts) - SORTS:,} sorts more"]


# --- The caption ----------------------------------------------------------------------------------


def _caption(structure: Structure, folding: Folding, arrows: list[Arrow]) -> Iterator[str]:
    """What was folded, and how to read an edge."""
    parts = ""
    folded = Counter(group.kind for group in folding.groups if group.folded)
    if folded:
        sizes = {
            "neuron": folded.pop("neuron", 0),
            "layer": structure.layers if folded.pop("layer", 0) else 0,
            "group": folded.total(),
        }
        parts = " and ".join(counted(size, one) for one, size in sizes.items() if size)
        yield f"folded: {folding.unfolded:,} nodes to {parts}; draw(..., fold=False) draws all"
    if any("×" in arrow.text for arrow in arrows):
        yield "on an edge: gradient of the result × local derivative = contribution to the gradient"
    elif any(arrow.text for arrow in arrows) and not parts:
        yield "on an edge: local derivative; gradients appear after backward()"
    if any(arrow.sign for arrow in arrows):
        yield "blue, solid edge: positive contribution · red, dashed edge: negative"
