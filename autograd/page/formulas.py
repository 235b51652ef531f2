"""How a node was computed and its local derivatives, in the names of its own operands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograd.drawing.reading import Reading
from autograd.explaining.applied import LONGEST, Applied
from autograd.explaining.blocks import Formula
from autograd.explaining.naming import Names
from autograd.graph.node import Node

MOST_OPERANDS = 64  # more, and to write the formulas out takes longer than to draw the picture


@dataclass(frozen=True)
class Formulas:
    """Formulas of one node that are equal to each other, by names and then by numbers.

    Attributes:
        value: For the value; none if they are long.
        partials: For each local derivative, in the order of the node's parents.
        lasting: How many of the first formulas hold for any numbers of the operands: of those for
            the value, and of those for each local derivative.
    """

    value: list[str]
    partials: list[list[str]]
    lasting: tuple[int, list[int]]


def formulas_of(node: Node, names: Names, reading: Reading) -> Formulas:
    """The formulas of a node, as `explain` writes them.

    Args:
        node: A computed node.
        names: What it and its operands are called.
        reading: Their numbers, by which the arm that was taken is known.
    """
    if len(node.operands) > MOST_OPERANDS:
        return Formulas([], [[] for _ in node.parents], (0, [0 for _ in node.parents]))

    def name(node: Node) -> Formula:
        return Formula(names[node], "")

    applied = Applied(node, name, lambda node: reading.of(node).data)
    partials = [applied.partial(i, partial) for i, partial in enumerate(node.partials)]
    one_for_all = [not applied.is_by_cases(i) for i in range(len(partials))]
    lasting = [
        len(_short([named])) if one else 0
        for (named, _), one in zip(partials, one_for_all, strict=True)
    ]
    return Formulas(
        _short(applied.value()),
        [_short(partial) for partial in partials],
        (len(_short(applied.by_names())), lasting),
    )


def _short(formulas: Iterable[Formula | None]) -> list[str]:
    """The texts, each once; none from the first on that is too long."""
    texts: list[str] = []
    for formula in formulas:
        if formula is None or len(formula.text) > LONGEST:
            break
        if formula.text not in texts:
            texts.append(formula.text)
    return texts
