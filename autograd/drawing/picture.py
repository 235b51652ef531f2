"""What a picture shows: shapes, arrows and a caption, all of their text decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograd.drawing.folding import Folding, Group
from autograd.drawing.reading import Reading
from autograd.drawing.repeating import repeated, repeated_line
from autograd.drawing.shapes import Arrow, Edge, Picture, Shape
from autograd.graph.neurons import Structure
from autograd.graph.node import Leaf, Node
from autograd.lettering import DASH, DIGITS, counted, number, shown, signed
from autograd.table import Operation

SORTS = 6  # how many operations a folded shape lists by name
OUTDATED = 4  # how many nodes with changed operands a caption lists by name


def picture_of(
    structure: Structure, folding: Folding, reading: Reading, digits: int = DIGITS
) -> Picture:
    """The picture of a graph whose nodes have been grouped; numbers have so many digits."""
    groups = folding.groups
    names = {node: f"n{i}" for i, group in enumerate(groups) for node in group.nodes}
    folded = {f"n{i}" for i, group in enumerate(groups) if group.folded}
    outdated = frozenset(reading.outdated)
    shapes: list[Shape] = []
    arrows: list[Arrow] = []
    for i, group in enumerate(groups):
        name = f"n{i}"
        face = _face(group)
        title, facts = _title(group, reading), _counts(group)
        if not outdated.isdisjoint(group.nodes):
            facts = [*facts, "operands changed"]
        if face is not None:
            facts = [*facts, *_numbers(face, reading, digits)]
        is_output = not structure.outputs.isdisjoint(group.nodes)
        is_ordered = not group.folded and _takes_two(group.nodes[0])
        members = _members(group, names) if group.folded else ()
        is_labelled = face is not None and bool(reading.of(face).label)
        shapes.append(
            Shape(
                name, group.kind, title, facts, group.cluster,
                is_output, is_ordered, face, members, is_labelled,
            )
        )  # fmt: skip
        edges = list(_edges(group, name, names))
        if not group.folded:
            numbers = list(_plain_numbers(group.nodes[0], name, digits))
            if len(numbers) > folding.few:
                numbers, edges = _one_shape(numbers, edges)
            shapes += numbers
        arrows += _arrows(edges, name, folded, reading, digits)
    if any(group.kind == "neuron" for group in groups):
        # So many edges run between layers that their numbers would hide the picture.
        arrows = [replace(arrow, text="") for arrow in arrows]
    with_copies = repeated(shapes, arrows)
    caption = [*outdated_lines(reading), *_caption(structure, folding, arrows)]
    if with_copies.times:
        caption.append(repeated_line(with_copies.times))
    picture = Picture(with_copies.shapes, with_copies.arrows, caption, with_copies.columns)
    if picture.is_hurried:
        caption.append(
            f"{len(arrows):,} arrows are untangled in fewer rounds, so more of them may cross"
        )
    return picture


def _members(group: Group, names: dict[Node, str]) -> list[Node]:
    """The nodes of a folded group, and the parameters of its neurons that have no shape."""
    inside = (p for neuron in group.neurons for p in neuron.parameters if p not in names)
    return list(dict.fromkeys([*inside, *group.nodes]))


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
                    yield Edge(tail, node, position, local)
            elif not group.folded:
                yield Edge(f"{head}c{position}", node, position, None)


def _arrows(
    edges: Iterable[Edge], head: str, folded: set[str], reading: Reading, digits: int
) -> Iterator[Arrow]:
    """An arrow for each edge, or for all edges between two shapes if one of them is folded."""
    parallel: dict[str, list[Edge]] = {}
    for edge in edges:
        parallel.setdefault(edge.tail, []).append(edge)
    for tail, several in parallel.items():
        if len(several) > 1 and (tail in folded or head in folded):
            yield Arrow(tail, head, counted(len(several), "edge"), edges=tuple(several))
        else:
            yield from (_arrow(head, edge, reading, digits) for edge in several)


def _plain_numbers(node: Node, name: str, digits: int) -> Iterator[Shape]:
    """The plain numbers that a node was computed from."""
    for position, operand in enumerate(node.operands):
        if not isinstance(operand, Node):
            yield Shape(f"{name}c{position}", "constant", [], [number(operand, digits)])


def _one_shape(numbers: list[Shape], edges: list[Edge]) -> tuple[list[Shape], list[Edge]]:
    """One shape, and one edge, in place of many plain numbers beside a node."""
    first = replace(numbers[0], facts=[counted(len(numbers), "plain number")])
    others = {shape.name for shape in numbers[1:]}
    return [first], [edge for edge in edges if edge.tail not in others]


# --- One node -------------------------------------------------------------------------------------


def _face(group: Group) -> Node | None:
    """The node whose numbers a shape shows: a neuron those of its activation."""
    if not group.folded or group.kind == "neuron":
        return group.nodes[-1]
    return None


def _operation(node: Node) -> str:
    return _name(node._op)


def _name(operation: Operation | Leaf) -> str:
    symbol = operation.symbol if isinstance(operation, Operation) else ""
    return shown(symbol or operation.name)


def _takes_two(node: Node) -> bool:
    """Whether it has a first and a second operand, and no groups of them."""
    operation = node._op
    return isinstance(operation, Operation) and not operation.groups and len(node.operands) > 1


def _numbers(node: Node, reading: Reading, digits: int) -> list[str]:
    _, data, gradient = reading.of(node)
    grad = DASH if gradient is None else signed(gradient, digits)
    return [f"data {number(data, digits)}", f"grad {grad}"]


def _arrow(head: str, edge: Edge, reading: Reading, digits: int) -> Arrow:
    """An edge with the local derivative, and the chain rule along it once there are gradients."""
    local, upstream = edge.local, reading.of(edge.node).gradient
    if local is None:
        return Arrow(edge.tail, head, edges=(edge,))
    if upstream is None:
        return Arrow(edge.tail, head, number(local, digits), edges=(edge,))
    contribution = upstream * local
    factors = f"{number(upstream, digits)} × {number(local, digits)}"
    text = f"{factors} = {signed(contribution, digits)}"
    return Arrow(edge.tail, head, text, _sign(contribution), (edge,))


def _sign(x: float) -> int:
    return (x > 0) - (x < 0)


# --- Folded nodes ---------------------------------------------------------------------------------


def _title(group: Group, reading: Reading) -> list[str]:
    if group.folded and group.kind == "layer":
        layers = [neuron.layer for neuron in group.neurons]
        first, last = min(layers), max(layers)
        return [f"layer {first}" if first == last else f"layers {first:,} to {last:,}"]
    if group.folded and group.kind != "neuron":
        return [counted(len(group.nodes), group.kind)]
    labels = [shown(label) for node in group.nodes if (label := reading.of(node).label)]
    operations = " → ".join(_operation(node) for node in group.nodes if not node.is_leaf)
    return [*labels[-1:], *([operations] if operations else [])]


def _counts(group: Group) -> list[str]:
    """How much a folded shape stands for."""
    if not group.folded:
        return []
    if group.kind == "neuron":
        return [counted(len(group.neurons[0].parameters), "parameter")]
    if group.kind == "layer":
        return _layer_counts(group)
    return _sorts(group.nodes) if group.kind == "operation" else []


def _layer_counts(group: Group) -> list[str]:
    """Neurons of the same parameters are one neuron that is used on several inputs."""
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
    return facts


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


def outdated_lines(reading: Reading) -> list[str]:
    """What was changed after the forward pass, if anything was: the picture is of two moments."""
    nodes = reading.outdated
    if not nodes:
        return []
    names = [shown(reading.of(node).label) or _operation(node) for node in nodes[:OUTDATED]]
    rest = len(nodes) - len(names)
    listed = ", ".join(names) + (f" and {counted(rest, 'node')} more" if rest else "")
    return [
        f"changed after the forward pass: operands of {listed}",
        "values, derivatives and gradients are from before the change; compute the output again",
    ]
