"""What the page needs to compute anew when its reader changes a number."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.explaining.notation import evaluated
from autograd.graph.node import Node
from autograd.language.symbols import Symbol
from autograd.lettering import shown
from autograd.page.javascript import Forms
from autograd.table import Operation
from autograd.table.symbolic import SymbolicRow


@dataclass
class Live:
    """How the page computes anew.

    Attributes:
        forms: JavaScript functions; each computed node's record has the place of its own.
        still: Why the page cannot, "" if it can.
        choices: The places of nodes that took one of their operands by a condition that the graph
            does not have: they go on taking it.
    """

    forms: list[str] = field(default_factory=list)
    still: str = ""
    choices: list[int] = field(default_factory=list)


def make_live(
    order: Sequence[Node], wanted: Container[Node], records: dict[int, dict[str, Any]]
) -> Live:
    """Gives each computed node's record the place of its form.

    Args:
        order: All nodes, in topological order.
        wanted: Those that the page has.
        records: The record of each of these, by its place.
    """
    forms, choices = Forms(), []
    for place, node in enumerate(order):
        if node not in wanted:
            return Live(still="the page has not every node of so large a graph")
        if node.is_leaf:
            continue
        form = forms.place(node)
        operation = node._op
        assert isinstance(operation, Operation)
        name = shown(operation.symbol or operation.name)
        if form is None:
            return Live(still=f"the page cannot compute {name} anew{_too_many(node)}")
        if operation.drops_zero:
            if not _is_choice(node, operation):
                return Live(
                    still=f"{name} has no edge to what it was computed from, so the page does not "
                    "know what other numbers would make of it"
                )
            choices.append(place)
        records[place]["form"] = form
    return Live(forms.texts, "", choices)


def _too_many(node: Node) -> str:
    count = len(node.operands)
    return f" with {count:,} operands" if count > Forms.MOST_OPERANDS else ""


def _is_choice(node: Node, operation: Operation) -> bool:
    """Whether operands that may have been left out of the graph only decided which other is taken.

    Those are the operands without an edge by which the derivative is 0: there are none for them. By
    a plain number that is taken, the derivative would not be 0.
    """
    row = SymbolicRow(operation)
    operands, settings = node.applied_to
    names = [*row.arguments, *(name for name, _ in operation.settings)]
    numbers = {
        row.trace.argument(name): x.data if isinstance(x, Node) else x
        for name, x in zip(names, [*operands, *settings], strict=True)
    }
    left_out = {
        row.trace.argument(name)
        for name, x, partial in zip(row.arguments, operands, row.partials, strict=True)
        if not isinstance(x, Node) and evaluated(partial, numbers) == 0
    }
    return left_out.isdisjoint(_taken(row.value, numbers))


def _taken(symbol: Symbol, numbers: dict[Symbol, float]) -> Iterator[Symbol]:
    """The steps and arguments that a value is made of, once its conditions are decided."""
    stack = [symbol]
    while stack:
        symbol = stack.pop()
        yield symbol
        if symbol.head == "where":
            condition, first, second = symbol.arguments
            stack.append(first if evaluated(condition, numbers) else second)
        elif symbol.head not in ("argument", "constant"):
            stack.extend(symbol.arguments)
