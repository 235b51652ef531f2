"""A picture as the page steps through it: shapes in the order of the passes, arrows with shares."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Container, Mapping
from typing import Any

from autograd.drawing.reading import Reading
from autograd.drawing.shapes import Arrow, Edge, Picture
from autograd.explaining.naming import Names
from autograd.graph.node import Node
from autograd.page.nodes import plain

LISTED = 12  # edges of an arrow that are listed one by one


def order_of(picture: Picture) -> list[int]:
    """The places of the shapes, each after those that it depends on.

    Of the shapes that could come last, the last in the picture does: read backwards, shapes that
    are one node each are in the order of the engine's reverse pass. Outputs that are one shape can
    depend on each other through others; then the last one that is left goes first.
    """
    places = {shape.name: place for place, shape in enumerate(picture.shapes)}
    tails: dict[int, list[int]] = {place: [] for place in places.values()}
    waiting: Counter[int] = Counter()
    ends = [(arrow.tail, arrow.head) for arrow in picture.arrows]
    ends += [(shape.again, shape.name) for shape in picture.shapes if shape.again]
    for start, end in ends:
        tails[places[end]].append(places[start])
        waiting[places[start]] += 1
    left = set(tails)
    free = [-place for place in tails if not waiting[place]]
    heapq.heapify(free)
    order: list[int] = []
    while left:
        place = -heapq.heappop(free) if free else max(left)
        if place not in left:
            continue
        left.remove(place)
        order.append(place)
        for tail in tails[place]:
            waiting[tail] -= 1
            if not waiting[tail]:
                heapq.heappush(free, -tail)
    return order[::-1]


def view_of(
    picture: Picture,
    reading: Reading,
    places: Mapping[Node, int],
    names: Names,
    wanted: Container[Node],
) -> dict[str, Any]:
    """The picture's shapes and arrows, and the order of the passes; see `model.js`."""
    index = {shape.name: place for place, shape in enumerate(picture.shapes)}
    shapes = []
    for shape in picture.shapes:
        entry: dict[str, Any] = {
            "kind": shape.kind,
            "title": " ".join(shape.title) or " ".join(shape.facts),
            "facts": shape.facts,
        }
        if shape.face is not None:
            facts = reading.of(shape.face)
            entry |= {"node": places[shape.face], "data": plain(facts.data)}
            if facts.gradient is not None:
                entry["grad"] = plain(facts.gradient)
        if shape.members:
            entry["members"] = [places[node] for node in shape.members if node in wanted]
        if shape.again:
            entry["again"] = index[shape.again]
        shapes.append(entry)
    return {
        "shapes": shapes,
        "arrows": [
            _arrow(arrow, index, reading, places, names, wanted) for arrow in picture.arrows
        ],
        "order": order_of(picture),
    }


def _arrow(
    arrow: Arrow,
    index: Mapping[str, int],
    reading: Reading,
    places: Mapping[Node, int],
    names: Names,
    wanted: Container[Node],
) -> dict[str, Any]:
    """The ends of an arrow, and upstream and local derivative of its edges."""
    entry: dict[str, Any] = {"tail": index[arrow.tail], "head": index[arrow.head]}
    edges = [(edge, edge.local) for edge in arrow.edges if edge.local is not None]
    if not edges:
        return entry
    entry |= {
        "position": arrow.edges[0].position,
        "count": len(edges),
        "edges": [
            {"node": places[edge.node], "upstream": _gradient(edge.node, reading),
             "local": plain(local)} | _operand(edge, places, names, wanted)
            for edge, local in edges[:LISTED]
        ],
    }  # fmt: skip
    if len(edges) > 1:
        total = 0.0
        for edge, local in edges:
            total += (reading.of(edge.node).gradient or 0.0) * local
        entry["sum"] = plain(total)
    return entry


def _operand(
    edge: Edge, places: Mapping[Node, int], names: Names, wanted: Container[Node]
) -> dict[str, Any]:
    """Which operand an edge leads to; the names of both ends where the page has no record."""
    operand = edge.node.operands[edge.position]
    assert isinstance(operand, Node)
    entry: dict[str, Any] = {"operand": places[operand]}
    if edge.node not in wanted or operand not in wanted:
        entry["names"] = [names[edge.node], names[operand]]
    return entry


def _gradient(node: Node, reading: Reading) -> float | str | None:
    gradient = reading.of(node).gradient
    return None if gradient is None else plain(gradient)
