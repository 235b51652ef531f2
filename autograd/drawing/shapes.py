"""The parts of a picture: shapes, arrows, and the edges of the graph that an arrow stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd.graph.node import Node

MANY_ARROWS = 1_000  # which take half a second


class Edge(NamedTuple):
    """From an operand to the node that uses it.

    Attributes:
        tail: The name of the shape that it comes from.
        node: The node that it goes to.
        position: The place of the operand among those of the node.
        local: The local derivative; None from a plain number.
    """

    tail: str
    node: Node
    position: int
    local: float | None


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
        face: The node whose numbers it shows; None if it shows none.
        members: If it is folded, the nodes that it stands for.
        is_labelled: Whether its title is a label.
        again: The name of the shape that this one is drawn again from; "" for most.
    """

    name: str
    kind: str
    title: list[str]
    facts: list[str]
    cluster: int = 0
    is_output: bool = False
    is_ordered: bool = False
    face: Node | None = None
    members: Sequence[Node] = ()
    is_labelled: bool = False
    again: str = ""


@dataclass(frozen=True)
class Arrow:
    """An edge of the picture, or several edges that it stands for.

    `sign` is that of the contribution, None if there is none yet.
    """

    tail: str
    head: str
    text: str = ""
    sign: int | None = None
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class Picture:
    """All that is drawn, and in how many columns."""

    shapes: list[Shape]
    arrows: list[Arrow]
    caption: list[str]
    columns: int

    @property
    def is_hurried(self) -> bool:
        """Whether there are so many arrows that Graphviz would take long to untangle them."""
        return len(self.arrows) > MANY_ARROWS
