"""The backward pass as pictures, one for each step, for slides and films.

All are laid out alike: what is not known yet has blanks of the same width in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from autograd.drawing.dot import dot_text
from autograd.drawing.shapes import Arrow, Picture, Shape
from autograd.lettering import DASH
from autograd.page.steps import order_of

GRADIENT = "grad "  # how the line of a shape begins that has its gradient
BLANK = "\u00a0"
BOLD = "penwidth=3.5"  # of the arrow that is stepped


def frames_of(picture: Picture) -> Iterator[str]:
    """The DOT text of each step: the values, the seed, each arrow backwards, all gradients.

    Args:
        picture: The graph after `backward`.
    """
    order = [picture.shapes[place] for place in order_of(picture)]
    into: dict[str, list[int]] = {}
    for place, arrow in enumerate(picture.arrows):
        into.setdefault(arrow.head, []).append(place)
    steps = [place for shape in reversed(order) for place in into.get(shape.name, ())]
    own = {shape.name: shape.again or shape.name for shape in picture.shapes}
    left: dict[str, int] = {}  # arrows from a shape that are not stepped yet
    for arrow in picture.arrows:
        left[own[arrow.tail]] = left.get(own[arrow.tail], 0) + 1
    outputs = {shape.name for shape in picture.shapes if shape.is_output}
    yield _frame(picture, set(), set())
    known = {name for name in outputs if not left.get(name)}
    yield _frame(picture, known, set())
    stepped: set[int] = set()
    for place in steps:
        tail = own[picture.arrows[place].tail]
        stepped.add(place)
        left[tail] -= 1
        if not left[tail]:
            known.add(tail)
        if _is_step(picture.arrows[place]):
            shown = {shape.name for shape in picture.shapes if own[shape.name] in known}
            yield _frame(picture, shown, stepped, place)
    yield dot_text(picture)


def count_of(picture: Picture) -> int:
    """How many pictures `frames_of` makes."""
    return 3 + sum(map(_is_step, picture.arrows))


def _is_step(arrow: Arrow) -> bool:
    """Whether something is passed back along it, as nothing is to a plain number."""
    return bool(arrow.edges) and arrow.edges[0].local is not None


def _frame(picture: Picture, known: set[str], stepped: set[int], lit: int | None = None) -> str:
    """The picture with the gradients of some shapes, and the numbers on some arrows."""
    shapes = [s if s.name in known else _without_gradient(s) for s in picture.shapes]
    arrows = [a if i in stepped else _unlit(a) for i, a in enumerate(picture.arrows)]
    text = dot_text(replace(picture, shapes=shapes, arrows=arrows))
    if lit is None:
        return text
    # No text of a user is in front of the attribute of this name in its line.
    return re.sub(rf"(?<= )id=e{lit}(?=[ \]])", rf"id=e{lit} {BOLD}", text, count=1)


def _without_gradient(shape: Shape) -> Shape:
    facts = [
        f"{GRADIENT}{DASH}".center(len(fact), BLANK) if fact.startswith(GRADIENT) else fact
        for fact in shape.facts
    ]
    return replace(shape, facts=facts)


def _unlit(arrow: Arrow) -> Arrow:
    return replace(arrow, text=BLANK * len(arrow.text), sign=None)
