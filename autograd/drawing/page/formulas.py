"""Local derivatives in the names of a node's own operands, where a short formula says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograd.lettering import number
from autograd.node import Node
from autograd.source import Style, Writer
from autograd.symbols import Formula, Symbol
from autograd.table import Operation

LONGEST = 90  # characters of a formula that is shown
MOST_OPERANDS = 64  # more, and to write the formulas out takes longer than to draw the picture
READ = Style(lambda name: name, {}, constants="")


def local_derivatives(node: Node, names: Mapping[Node, str]) -> list[str]:
    """A formula for each local derivative, in the order of the node's parents; "" if it is long.

    Args:
        node: A computed node.
        names: What it and its operands are called.
    """
    operation = node._op
    assert isinstance(operation, Operation)
    if len(node.operands) > MOST_OPERANDS:
        return [""] * len(node.parents)
    count = len(node.operands) - len(operation.settings)
    operands, settings = node.operands[:count], node.operands[count:]
    sizes = [len(group) for group in operation.grouped(operands)] if operation.groups else []
    formula = Formula(operation, sizes, settings if operation.groups else ())
    known = {
        formula.trace.argument(argument): _name(operand, names)
        for argument, operand in zip(formula.arguments, operands, strict=True)
    }
    if not operation.groups:
        for (setting, _), given in zip(operation.settings, settings, strict=True):
            known[formula.trace.argument(setting)] = _name(given, names)
    known.setdefault(formula.value, _quoted(names[node]))
    recorded = zip(operands, formula.partials, strict=True)
    return [_written(partial, known) for operand, partial in recorded if isinstance(operand, Node)]


def _written(partial: Symbol, known: dict[Symbol, str]) -> str:
    writer = Writer([partial], READ, dict(known))
    text = writer.expression(partial)
    if writer.lines:
        text += ", where " + ", ".join(writer.lines)
    return text if len(text) <= LONGEST else ""


def _name(operand: Any, names: Mapping[Node, str]) -> str:
    if isinstance(operand, Node):
        return _quoted(names[operand])
    return f"({number(operand)})" if operand < 0 else number(operand)


def _quoted(name: str) -> str:
    """The name, in quotes if it could be read as something else in a formula."""
    return name if re.fullmatch(r"[\w.'\[\]₀-₉]+", name) else f"“{name}”"
