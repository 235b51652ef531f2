"""The lines that build a node, in every generated function that records."""

from __future__ import annotations

from autograd.graph.node import NO_GRADIENT, Node
from autograd.language.emitting import FunctionText
from autograd.table.row import Operation


def node_lines(
    text: FunctionText, operation: Operation, value_class: type[Node], node: str, **fields: str
) -> list[str]:
    """Lines that build a node and return it.

    Args:
        text: The function.
        operation: The row that the node comes from.
        value_class: The class of nodes.
        node: The variable for it.
        fields: The texts of what is in its slots, as `Node` has them.
    """
    common = {
        "grad": text.use(NO_GRADIENT, "NO_GRADIENT"),
        "op": text.use(operation, "operation"),
        "label": "''",
    }
    slots = {"data": fields.pop("data")} | common | fields
    return [
        f"{node} = {text.use(object.__new__, 'new')}({text.use(value_class, 'Value')})",
        *(f"{node}._{slot} = {given}" for slot, given in slots.items()),
        f"return {node}",
    ]
