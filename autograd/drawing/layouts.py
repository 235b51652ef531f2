"""Layouts: the same picture for paper, for a screen, and for a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from autograd.drawing.repeating import columns_of
from autograd.drawing.shapes import Picture, Shape
from autograd.lettering import DASH


@dataclass(frozen=True)
class Layout:
    """How much of a picture is written, and how it lies.

    Attributes:
        name: What the page calls it.
        has_numbers: Whether arrows have their numbers, and the picture its caption.
        is_terse: Whether shapes show numbers in four digits, without saying which they are.
        in_a_row: How many shapes may lie beside each other, from top to bottom; inf for a picture
            that lies as its depth asks for.
    """

    name: str
    has_numbers: bool = True
    is_terse: bool = False
    in_a_row: float = inf


FULL = Layout("full")
COMPACT = Layout("compact", has_numbers=False)
NARROW = Layout("narrow", has_numbers=False, is_terse=True, in_a_row=4)


def rows_of(picture: Picture, most: float) -> Mapping[str, int]:
    """In which row each shape lies: what is computed in one, the leaves beside it or in rows below.

    Args:
        picture: The picture.
        most: How many shapes may be in a row, as far as leaves can make way.
    """
    columns = columns_of(picture.shapes, picture.arrows)
    computed: dict[int, list[str]] = {}
    leaves: dict[int, list[str]] = {}
    heads = {arrow.head for arrow in picture.arrows}
    for shape in picture.shapes:
        kind = computed if shape.name in heads else leaves
        kind.setdefault(columns[shape.name], []).append(shape.name)
    rows: dict[str, int] = {}
    row = 0
    for column in sorted({*columns.values()}):
        place = 0
        for name in computed.get(column, []):
            rows[name] = row
            place += 1
        for name in leaves.get(column, []):
            if place >= most:
                row, place = row + 1, 0
            rows[name] = row
            place += 1
        row += 1
    return rows


def facts_of(shape: Shape, layout: Layout) -> Sequence[str]:
    """The facts of a shape as the layout has them."""
    if not layout.is_terse or shape.face is None:
        return shape.facts
    return [_terse(fact) for fact in shape.facts]


def _terse(fact: str) -> str:
    """A number without its word, in four significant digits; what is no number as it is."""
    word, _, written = fact.partition(" ")
    if word not in ("data", "grad") or written == DASH:
        return written if written == DASH else fact
    sign = "+" if written.startswith("+") else ""
    return f"{float(written):{sign}.4g}"
