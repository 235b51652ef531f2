"""The SVG that Graphviz gives, made fit to be a part of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# What the picture is read in: fonts whose characters are no wider than those of Courier.
FONTS = "Menlo,Consolas,DejaVu Sans Mono,Liberation Mono,Courier New,monospace"


def without_ids(svg: str) -> str:
    """The picture without Graphviz's ids: two pictures on one page would both have a "node1"."""
    return re.sub(r'<g id="[^"]*"', "<g", svg)


def with_fonts(svg: str) -> str:
    """The picture with fonts to read it in, in place of the one that it was measured in."""
    return re.sub(r' font-family="[^"]*"', f' font-family="{FONTS}"', svg)


def addressed(svg: str, kinds: Mapping[str, str], signs: Sequence[int | None]) -> str:
    """The element alone, its parts named by attributes: `data-shape`, `data-arrow`, `data-layer`.

    Titles go, as a browser would show them as tooltips, comments, and what the page's style says:
    colours, sizes of letters. Coordinates keep a tenth of a unit.

    Args:
        svg: The picture, as `rendered` gives it.
        kinds: The kind of each shape, by its name in the DOT text.
        signs: The sign of each arrow's contribution; None or 0 for those without.
    """
    places = {name: place for place, name in enumerate(kinds)}

    def part(match: re.Match[str]) -> str:
        name, sort, title = match.groups()
        if sort == "edge":
            arrow = int(name.removeprefix("e"))
            sign = {1: ' data-sign="positive"', -1: ' data-sign="negative"'}.get(signs[arrow] or 0)
            return f'<g class="edge" data-arrow="{arrow}"{sign or ""}>'
        if sort == "node":
            return f'<g class="node" data-shape="{places[title]}" data-kind="{kinds[title]}">'
        return f'<g class="cluster" data-layer="{title.removeprefix("cluster_")}">'

    svg = re.sub(r"<!--.*?-->\s*", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r' (?:xml:space|xmlns:xlink|font-family|font-size|text-anchor)="[^"]*"', "", svg)
    svg = re.sub(r' (?:fill|stroke)="(?!none)[^"]*"', "", svg)
    svg = re.sub(r"(?<=\.\d)\d+(?=[^<>]*>)", "", svg)  # in tags, and not in texts
    svg = re.sub(
        r'<g id="([^"]*)" class="(node|edge|cluster)">\s*<title>([^<]*)</title>', part, svg
    )
    return without_ids(svg)
