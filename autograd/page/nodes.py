"""What the page knows of each node: its numbers, its operands, its local derivatives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

from autograd.drawing.reading import Reading
from autograd.explaining.blocks import as_text
from autograd.explaining.derivation import Derivation
from autograd.explaining.formulas import NodeFormulas
from autograd.explaining.naming import Names
from autograd.explaining.networks import names_of, path_of
from autograd.explaining.paths import Between
from autograd.graph.accumulation import accumulate, recorded_edges
from autograd.graph.neurons import Structure
from autograd.graph.node import Node
from autograd.language import floats
from autograd.lettering import shown
from autograd.page.comparison import EPSILON, differs
from autograd.page.formulas import formulas_of
from autograd.table import Operation

PANEL = 44  # characters of a line in the panel
MOST_LISTED = 64  # operands of a node that are listed where the whole graph is not in the page
MOST_DERIVED = 150  # nodes of a graph in whose page the whole derivation of each is written


def reverse_accumulation(order: Sequence[Node], outputs: Sequence[Node]) -> dict[Node, float]:
    """The gradient of the sum of the outputs by each node, added up as `backward` does.

    A node's `.grad` may be of several passes, or of another output; the page steps through one
    pass from what it shows.
    """
    gradients = dict.fromkeys(order, 0.0)
    gradients.update(dict.fromkeys(outputs, 1.0))
    accumulate(floats, order, gradients, recorded_edges)
    return gradients


@dataclass(frozen=True)
class Graph:
    """All nodes, and what is known of them.

    Attributes:
        order: The nodes in topological order.
        reading: Their names and numbers, with the gradients of one pass from the outputs. A picture
            that shows the names agrees with the panels beside it, also for nodes without a label.
        recorded: Their labels and numbers, with `.grad` as it was.
        names: What they are called.
        places: Where they are in the order: what stands for a node in the page.
        outputs: What was drawn.
    """

    order: Sequence[Node]
    reading: Reading
    recorded: Reading
    names: Names
    places: Mapping[Node, int]
    outputs: Sequence[Node]


def graph_of(structure: Structure, outputs: Sequence[Node], recorded: Reading) -> Graph:
    """The graph as the page shows it: without gradients unless `backward` came to the outputs."""
    order = structure.order
    reached = all(recorded.of(output).gradient is not None for output in outputs)
    gradients = reverse_accumulation(order, outputs) if reached else None
    places = {node: place for place, node in enumerate(order)}
    labels = [recorded.of(node).label for node in order]
    names = names_of(structure, labels)
    reading = recorded.with_gradients(gradients).with_labels(names.unquoted)
    return Graph(order, reading, recorded, names, places, outputs)


def derivation_of(graph: Graph, outputs: Sequence[Node]) -> Callable[[Node], str] | None:
    """What derives the gradient of a node as text; None for a large graph, or if data has changed.

    Args:
        graph: The graph.
        outputs: What was drawn; a derivation is of one output.
    """
    unchanged = all(graph.recorded.of(node).data == node.data for node in graph.order)
    if len(graph.order) > MOST_DERIVED or len(outputs) > 1 or not unchanged:
        return None
    (output,) = outputs
    formulas = NodeFormulas(graph.names)  # which all derivations share
    return lambda node: as_text(Derivation(Between(output, node), formulas).blocks(), PANEL)


def records_of(
    graph: Graph, wanted: Container[Node], explained: Callable[[Node], str] | None = None
) -> dict[int, dict[str, Any]]:
    """A record for each wanted node, by its place; `model.js` says how they are read.

    Args:
        graph: The graph.
        wanted: The nodes.
        explained: The derivation of a node's gradient as text, shown as it is.
    """
    outdated = frozenset(graph.recorded.outdated)
    uses = Counter(parent for node in graph.order for parent in node.parents if parent in wanted)
    records = {}
    for place, node in enumerate(graph.order):
        if node not in wanted:
            continue
        _, data, gradient = graph.reading.of(node)
        record: dict[str, Any] = {
            "name": graph.names[node],
            "op": shown(node.op),
            "data": plain(data),
            "uses": uses[node],
        }
        path = path_of(graph.recorded.of(node).label)
        if path and path != graph.names[node]:
            record["label"] = path
        if gradient is not None:
            record["grad"] = plain(gradient)
            other = graph.recorded.of(node).gradient
            if other is None or (other + 0.0 != gradient and not isnan(other + gradient)):
                record["recorded"] = None if other is None else plain(other)
        if not node.is_leaf:
            record |= _operation_record(node, graph, wanted)
        if node in outdated:
            record["outdated"] = True
        if explained is not None:
            record["text"] = explained(node)
        records[place] = record
    return records


def _operation_record(node: Node, graph: Graph, wanted: Container[Node]) -> dict[str, Any]:
    """How the node came about; an operand without a record of its own has its name here."""
    partials, formulas = node.partials, formulas_of(node, graph.names, graph.recorded)
    operands: list[dict[str, Any]] = []
    edge, (lasting, lasting_partials) = 0, formulas.lasting
    for operand in node.operands:
        if not isinstance(operand, Node):
            operands.append({"value": plain(operand)})
            continue
        entry: dict[str, Any] = {"node": graph.places[operand], "local": plain(partials[edge])}
        if formulas.partials[edge]:
            entry["formulas"] = formulas.partials[edge]
            if lasting_partials[edge]:
                entry["lasting"] = lasting_partials[edge]
        if operand not in wanted:
            entry |= {"name": graph.names[operand], "value": plain(graph.reading.of(operand).data)}
            if len(operands) >= MOST_LISTED:
                break
        operands.append(entry)
        edge += 1
    operation = node._op
    assert isinstance(operation, Operation)
    return {
        "symbol": shown(operation.symbol or operation.name),
        "meaning": shown(operation.meaning),
        "formulas": formulas.value,
        "lasting": lasting,
        "operands": operands,
        "rest": len(node.operands) - len(operands),
    }


def claims_record(graph: Graph, claims: Mapping[Node, float]) -> list[dict[str, Any]]:
    """Each claimed gradient beside the engine's, in topological order."""
    sizes = dict.fromkeys(claims, 0.0)  # of the contributions, before they cancel
    for node in graph.order:
        upstream = graph.reading.of(node).gradient or 0.0
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if parent in sizes:
                sizes[parent] += abs(upstream * partial)
    along = _sizes_of_paths(graph)
    largest = max(along.values())
    result = []
    for node in sorted(claims, key=graph.places.__getitem__):
        engine = graph.reading.of(node).gradient
        assert engine is not None
        claimed = claims[node]
        # What is exactly 0 for one may be left over from roundings anywhere for the other.
        least = EPSILON * (largest if 0 in (engine, claimed) else along[node])
        result.append(
            {
                "node": graph.places[node],
                "claimed": plain(claimed),
                "difference": plain(claimed - engine),
                "differs": differs(engine, claimed, sizes[node], least),
            }
        )
    return result


def _sizes_of_paths(graph: Graph) -> dict[Node, float]:
    """For each node the sum of the sizes of all paths to it; 0 where that is beyond the floats."""
    sizes = dict.fromkeys(graph.order, 0.0)
    sizes.update(dict.fromkeys(graph.outputs, 1.0))
    for node in reversed(graph.order):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            sizes[parent] += sizes[node] * abs(partial)
    return {node: size if isfinite(size) else 0.0 for node, size in sizes.items()}


def plain(x: float) -> float | str:
    """The number as JSON has it; infinities and nan as text."""
    return x if isfinite(x) else repr(x)
