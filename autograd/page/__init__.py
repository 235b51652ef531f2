"""The graph as a page for a browser, in which the passes move edge by edge.

The page is one file: the pictures, the numbers as a data island, and the assets beside this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from autograd.document import Page, document
from autograd.drawing.dot import looks
from autograd.drawing.layouts import FULL
from autograd.drawing.picture import outdated_lines
from autograd.drawing.reading import Reading
from autograd.drawing.render import all_rendered
from autograd.drawing.svg import addressed
from autograd.graph.neurons import Structure
from autograd.lettering import counted
from autograd.page.comparison import ROUNDING, claims_of
from autograd.page.live import Live, make_live
from autograd.page.nodes import claims_record, derivation_of, graph_of, records_of
from autograd.page.packing import packed
from autograd.page.steps import view_of
from autograd.page.views import View, views_of

SCRIPTS = (
    "model", "arithmetic", "computing", "steps", "picture", "camera",
    "panel", "step_panel", "node_panel", "live_panel", "lists", "questions", "practice",
    "place", "player", "controls",
)  # fmt: skip
WHOLE = 20_000  # nodes and edges of a graph whose every node the page knows


def page_of(
    structure: Structure,
    fold: bool,
    recorded: Reading,
    compare: Mapping[Any, Any] | None = None,
) -> Page:
    """The page of a graph.

    Args:
        structure: The graph.
        fold: As of `draw`.
        recorded: The labels and numbers of the nodes.
        compare: Gradients by node or label, to be set beside the engine's.

    Raises:
        TypeError: If `compare` is not a mapping of nodes or labels to numbers.
        ValueError: If a key of it is not one node of the graph, if there are no gradients to
            compare with, or if the picture is too large.
        RuntimeError: If there is no Graphviz, or if it fails.
    """
    outputs = [node for node in structure.order if node in structure.outputs]
    graph = graph_of(structure, outputs, recorded)
    claims = {} if compare is None else claims_of(compare, graph.order, recorded, "html")
    has_gradients = graph.reading.of(outputs[0]).gradient is not None
    if claims and not has_gradients:
        raise ValueError(
            "html: there are no gradients to compare with yet; call backward() on the output first"
        )
    views = views_of(structure, fold, graph.reading)
    size = sum(1 + len(node.operands) for node in graph.order)
    wanted = set(graph.order)
    if size > WHOLE:
        faces = {shape.face for view in views.views for shape in view.picture.shapes}
        wanted = {node for node in (*faces, *claims, *outputs[:3]) if node is not None}
    explained = derivation_of(graph, outputs) if has_gradients else None
    records = records_of(graph, wanted, explained)
    lines = outdated_lines(graph.reading)
    live = make_live(graph.order, wanted, records)
    if lines:
        live = Live(still="some were changed after the forward pass")
    data = {
        "outputs": [graph.places[node] for node in outputs],
        "hasGradients": has_gradients,
        "size": counted(len(graph.order), "node"),
        "nodes": records,
        "views": [
            {"name": view.name}
            | view_of(view.picture, graph.reading, graph.places, graph.names, wanted)
            for view in views.views
        ],
        "leftOut": views.left_out,
        "outdated": lines,
        "still": live.still,
        "choices": live.choices,
        "claims": None if compare is None else claims_record(graph, claims),
        "rounding": ROUNDING,
    }
    return Page(_document(_pictures(views.views), data, live.forms))


def _pictures(views: Sequence[View]) -> list[tuple[int, str, str]]:
    """Each picture, with its view and its layout; the drawn one in all layouts."""
    drawn, *further = views
    asked = [(0, layout, source) for layout, source in drawn.sources.items()]
    asked += [(place, FULL.name, view.source) for place, view in enumerate(further, 1)]
    rendered = all_rendered([source for _, _, source in asked], "svg")
    pictures = []
    for (place, layout, _), svg in zip(asked, rendered, strict=True):
        picture = views[place].picture
        kinds = {shape.name: looks(shape) for shape in picture.shapes}
        signs = [arrow.sign for arrow in picture.arrows]
        pictures.append((place, layout, addressed(svg.decode(), kinds, signs)))
    return pictures


def _document(
    pictures: list[tuple[int, str, str]], data: dict[str, Any], forms: Sequence[str]
) -> str:
    (_, _, first), *others = pictures
    small = packed(data, others)
    templates = (
        f'<template data-view="{place}" data-layout="{layout}">{svg}</template>\n'
        for place, layout, svg in others
    )
    parts = {"picture": first, "others": "" if small else "".join(templates)}
    computing = f"const FORMS = [{','.join(forms)}];\n"
    script = computing + "".join(asset(f"{name}.js") for name in SCRIPTS)
    return document(asset("page.html"), asset("page.css"), script, small or data, parts)


def asset(name: str) -> str:
    """The text of a file beside this module."""
    return (resources.files(__name__) / "assets" / name).read_text(encoding="utf-8")
