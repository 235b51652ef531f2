"""Local derivatives in the names of a node's own operands, where a short formula says them."""

from __future__ import annotations

from autograd.drawing.reading import Reading
from autograd.explaining.naming import Names
from autograd.explaining.notation import Notation, evaluated, read
from autograd.lettering import decimal
from autograd.node import Node
from autograd.symbols import Symbol
from autograd.table import Operation

LONGEST = 90  # characters of a formula that is shown
MOST_OPERANDS = 64  # more, and to write the formulas out takes longer than to draw the picture


def local_derivatives(node: Node, names: Names, reading: Reading) -> list[str]:
    """A formula for each local derivative, in the order of the node's parents; "" if it is long.

    Args:
        node: A computed node.
        names: What it and its operands are called.
        reading: Their numbers, by which the arm that was taken is known.
    """
    operation = node._op
    assert isinstance(operation, Operation)
    if len(node.operands) > MOST_OPERANDS:
        return [""] * len(node.parents)
    count = len(node.operands) - len(operation.settings)
    formulas = read(operation, count, node.operands[count:])
    known = dict(zip(formulas.arguments, node.operands, strict=False)) | {formulas.value: node}
    numbers = {s: reading.of(x).data if isinstance(x, Node) else x for s, x in known.items()}
    shown = {s: names[x] if isinstance(x, Node) else decimal(x) for s, x in known.items()}

    def holds(condition: Symbol) -> bool:
        return bool(evaluated(condition, numbers))

    notation = Notation(shown, holds)
    pairs = zip(node.operands[:count], formulas.partials, strict=True)
    texts = [notation.written(partial) for operand, partial in pairs if isinstance(operand, Node)]
    return [text if len(text) <= LONGEST else "" for text in texts]
