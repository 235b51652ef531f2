"""Nodes that are used far away from where they are drawn: they are drawn again beside the use.

An arrow across many columns has a bend, and room for a number, in each of them. Where one leaf is
used at each of n steps these are n² in all: Graphviz takes minutes for 100 steps, and nobody can
follow them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograd.drawing.shapes import Arrow, Shape
from autograd.lettering import counted

LONG = 60  # columns that all arrows together may cross
LISTED = 4  # shapes that a caption lists by name


@dataclass(frozen=True)
class Repeated:
    """Shapes and arrows, and how often which shapes were drawn again.

    Attributes:
        shapes: All shapes; those that were drawn again are at the end.
        arrows: All arrows, in the same order as before.
        times: For each shape that was repeated how often it is drawn.
        columns: How many columns they are in.
    """

    shapes: list[Shape]
    arrows: list[Arrow]
    times: Mapping[str, int]
    columns: int


def repeated(shapes: Sequence[Shape], arrows: Sequence[Arrow]) -> Repeated:
    """Draws shapes again, those with the longest arrows first, until no more than that is crossed.

    Args:
        shapes: The shapes, each after those that its arrows come from.
        arrows: The arrows.
    """
    columns = columns_of(shapes, arrows)
    leaving: dict[str, list[int]] = {}
    for place, arrow in enumerate(arrows):
        leaving.setdefault(arrow.tail, []).append(place)
    crossed = {
        tail: sum(columns[arrows[place].head] - columns[tail] - 1 for place in places)
        for tail, places in leaving.items()
    }
    total = sum(crossed.values())
    index = {shape.name: i for i, shape in enumerate(shapes)}
    result = Repeated([*shapes], [*arrows], {}, 1 + max(columns.values()) - min(columns.values()))
    times: dict[str, int] = {}
    for tail in sorted(crossed, key=lambda name: -crossed[name]):
        if total <= LONG or not crossed[tail]:
            break
        if shapes[index[tail]].members:
            continue  # what is folded stands for too much to be drawn twice
        total -= crossed[tail]
        times[tail] = 1 + _repeat(result, shapes[index[tail]], leaving[tail], columns)
    for number, name in enumerate(sorted(times, key=index.__getitem__), 1):
        _mark(result.shapes, name, number)
    return replace(result, times={_called(result.shapes[index[n]]): times[n] for n in times})


def _repeat(
    result: Repeated, shape: Shape, places: Iterable[int], columns: Mapping[str, int]
) -> int:
    """Draws a shape again for each column further on in which it is used; how often."""
    again: dict[int, str] = {}
    for place in places:
        arrow = result.arrows[place]
        column = columns[arrow.head]
        if column == columns[shape.name] + 1:
            continue
        if column not in again:
            again[column] = f"{shape.name}r{column}"
            result.shapes.append(
                replace(shape, name=again[column], again=shape.name, cluster=0, is_output=False)
            )
        result.arrows[place] = replace(arrow, tail=again[column])
    return len(again)


def columns_of(shapes: Sequence[Shape], arrows: Sequence[Arrow]) -> dict[str, int]:
    """In which column each shape is: before its first use, or if it is not used after its operands.

    Args:
        shapes: The shapes, each after those that its arrows come from; plain numbers anywhere.
        arrows: The arrows.
    """
    index = {shape.name: i for i, shape in enumerate(shapes)}
    depth = dict.fromkeys(index, 0)
    for arrow in sorted(arrows, key=lambda arrow: index[arrow.head]):
        depth[arrow.head] = max(depth[arrow.head], depth[arrow.tail] + 1)
    first: dict[str, int] = {}
    for arrow in sorted(arrows, key=lambda arrow: -index[arrow.head]):
        column = first.get(arrow.head, depth[arrow.head]) - 1
        first[arrow.tail] = min(first.get(arrow.tail, column), column)
    return depth | first


def _mark(shapes: list[Shape], name: str, number: int) -> None:
    """Tells a shape without a label, and where it is drawn again, from others of its operation."""
    for i, shape in enumerate(shapes):
        if name in (shape.name, shape.again) and not shape.is_labelled:
            called = " ".join([*shape.title, f"#{number}"])
            shapes[i] = replace(shape, title=[called])


def _called(shape: Shape) -> str:
    return shape.title[0] if shape.title else shape.facts[0]


def repeated_line(times: Mapping[str, int]) -> str:
    """What was drawn again, for the caption."""
    most = sorted(times.items(), key=lambda item: -item[1])
    listed = ", ".join(f"{name} ({counted(count, 'time')})" for name, count in most[:LISTED])
    rest = len(most) - LISTED
    more = f" and {counted(rest, 'node')} more" if rest > 0 else ""
    return f"dotted: the same node, drawn again beside a use: {listed}{more}"
