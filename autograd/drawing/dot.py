"""A picture as DOT text: colours, shapes and quoting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

from autograd.drawing.layouts import FULL, Layout, facts_of, rows_of
from autograd.drawing.shapes import Arrow, Picture, Shape

# The one font that every Graphviz measures alike, with or without it: each of its characters is 0.6
# of the size wide, as in all fonts that take its place. A list of fonts is taken for Times by some.
FONT = "Courier"
INK = "#222222"
DEEP = 12  # columns; lines of text need less room below each other than beside each other
STRAIGHT = "8"  # the weight of an edge that is drawn as straight as can be
BLANK = "\u00a0"  # between an arrow that comes down and the text on its right
HURRIED = {"mclimit": "0.3", "nslimit": "2", "nslimit1": "2"}  # rounds that a layout is improved in
GREY = "#666666"
POSITIVE = "#0072B2"
NEGATIVE = "#A84300"


@dataclass(frozen=True)
class Style:
    """How a kind of shape looks: by colour and by form, for readers who do not see the colour."""

    form: dict[str, str]
    fill: str
    line: str
    legend: str


# Tints of the colours that Okabe and Ito chose for all kinds of colour vision.
STYLES = {
    "input": Style({"shape": "ellipse", "margin": "0.02,0.0"}, "#D5EAF7", "#0072B2", "oval: input"),
    "parameter": Style({"shape": "note"}, "#FBE3B5", "#8F6200", "folded corner: parameter"),
    "constant": Style(
        {"shape": "box", "style": "filled,dashed"}, "#EEEEEE", "#666666", "dashed box: constant"
    ),
    "operation": Style({"shape": "box"}, "#FFFFFF", "#444444", "box: operation"),
    "output": Style(
        {"shape": "box", "peripheries": "2"}, "#CDEBDF", "#00664B", "double border: output"
    ),
    "neuron": Style(
        {"shape": "box", "style": "filled,rounded"}, "#F3E0EB", "#8A3F68", "rounded box: neuron"
    ),
    "layer": Style({"shape": "box3d"}, "#F3E0EB", "#8A3F68", "solid box: layer"),
}


def dot_text(picture: Picture, layout: Layout = FULL) -> str:
    """The picture in the language of Graphviz."""
    from graphviz import Digraph

    is_deep = picture.columns >= DEEP or isfinite(layout.in_a_row)
    caption = [*picture.caption, _legend(picture.shapes)] if layout.has_numbers else []
    graph = Digraph(
        graph_attr={
            "rankdir": "TB" if is_deep else "LR",
            "fontname": FONT,
            "fontsize": "9",
            "fontcolor": GREY,
            "labelloc": "b",
            "labeljust": "l",
            "nodesep": _apart(picture, layout),
            "ranksep": _deep(picture, layout),
            "label": _text(caption, "l"),
            **(HURRIED if picture.is_hurried else {}),
        },
        node_attr={
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": INK,
            "style": "filled",
            "margin": "0.04,0.03" if layout.is_terse else "0.12,0.06",
            "height": "0.3",
        },
        edge_attr={"fontname": FONT, "fontsize": "9", "arrowsize": "0.6"},
    )
    clusters: dict[int, list[Shape]] = defaultdict(list)
    for shape in picture.shapes:
        clusters[0 if isfinite(layout.in_a_row) else shape.cluster].append(shape)
    for layer, shapes in sorted(clusters.items()):
        if not layer:
            _add_shapes(graph, shapes, layout)
            continue
        with graph.subgraph(name=f"cluster_{layer}") as cluster:
            cluster.attr(
                label=f"layer {layer}",
                style="rounded,filled",
                color="#BBBBBB",
                fillcolor="#FAFAFA",
                fontsize="11",
                labeljust="r",  # on the side from which fewer edges come
                margin="10",
            )
            _add_shapes(cluster, shapes, layout)
    # A deep picture is straight along what is computed, and not from corner to corner.
    computed = {shape.name for shape in picture.shapes if shape.kind == "operation"}
    rows = rows_of(picture, layout.in_a_row) if isfinite(layout.in_a_row) else {}
    for i, arrow in enumerate(picture.arrows):
        attributes = _arrow_attributes(arrow, BLANK if is_deep else "")
        if not layout.has_numbers:
            attributes.pop("label", None)
        if rows:
            attributes["minlen"] = str(max(rows[arrow.head] - rows[arrow.tail], 1))
        elif is_deep and arrow.tail in computed:
            attributes["weight"] = STRAIGHT
        graph.edge(arrow.tail, arrow.head, id=f"e{i}", **attributes)
    source: str = graph.source
    return source


def _apart(picture: Picture, layout: Layout) -> str:
    """How far shapes beside each other are apart, in inches; numbers on arrows need room."""
    if layout.has_numbers:
        return "0.4" if picture.columns >= DEEP else "0.2"
    return "0.1"


def _deep(picture: Picture, layout: Layout) -> str:
    """How far columns are apart, in inches; so many arrows between neurons need room, too."""
    if any(shape.kind == "neuron" for shape in picture.shapes):
        return "1.5"
    return "0.15" if isfinite(layout.in_a_row) else "0.35"


def _add_shapes(graph: Any, shapes: Iterable[Shape], layout: Layout) -> None:
    for shape in shapes:
        graph.node(shape.name, **_shape_attributes(shape, layout))


def looks(shape: Shape) -> str:
    """The style of a shape: a folded one and a leaf keep theirs where they are outputs."""
    return "output" if shape.is_output and shape.kind == "operation" else shape.kind


def _legend(shapes: Iterable[Shape]) -> str:
    seen = {looks(shape) for shape in shapes}
    return " · ".join(style.legend for kind, style in STYLES.items() if kind in seen)


def _text(lines: Iterable[str], justified: str) -> str:
    """Lines as the text of a label, without any meaning to Graphviz: centred "n", left "l"."""
    from graphviz import escape, nohtml

    plain = (escape(line.replace("&", "&amp;")) for line in lines)
    text: str = nohtml("".join(f"{line}\\{justified}" for line in plain))
    return text


def _shape_attributes(shape: Shape, layout: Layout) -> dict[str, str]:
    style = STYLES[looks(shape)]
    attributes = {
        "label": _text([*shape.title, *facts_of(shape, layout)], "n"),
        "fillcolor": style.fill,
        "color": style.line,
        **style.form,
    }
    if shape.is_output:
        attributes["peripheries"] = "2"
    if shape.again:
        attributes["style"] = f"{attributes.get('style', 'filled')},dotted"
    if shape.is_ordered and not isfinite(layout.in_a_row):
        attributes["ordering"] = "in"
    return attributes


def _arrow_attributes(arrow: Arrow, before: str) -> dict[str, str]:
    color = {None: GREY, 0: GREY, 1: POSITIVE, -1: NEGATIVE}[arrow.sign]
    attributes = {"color": color}
    if arrow.text:
        attributes |= {"label": _text([before + arrow.text], "n"), "fontcolor": color}
    if arrow.sign == -1:
        attributes["style"] = "dashed"
    return attributes
