"""What the page needs to compute anew when its reader changes a number."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from autograd.graph.node import Node
from autograd.lettering import shown
from autograd.page.javascript import Forms


def make_live(
    order: Sequence[Node], wanted: Container[Node], records: dict[int, dict[str, Any]]
) -> tuple[list[str], str]:
    """Gives each computed node's record the place of its form.

    Args:
        order: All nodes, in topological order.
        wanted: Those that the page has.
        records: The record of each of these, by its place.

    Returns:
        The forms as JavaScript functions, and why the page cannot compute, "" if it can.
    """
    forms = Forms()
    for place, node in enumerate(order):
        if node not in wanted:
            return [], "the page has not every node of so large a graph"
        if node.is_leaf:
            continue
        form = forms.place(node)
        if form is None:
            return [], f"the page cannot compute {shown(node.op)} anew"
        records[place]["form"] = form
    return forms.texts, ""
