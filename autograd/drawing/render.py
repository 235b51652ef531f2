"""Running Graphviz: a `dot` that is installed, else the one within pygraphviz."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence

MISSING = (
    "cannot draw the picture, as there is no Graphviz here: install it, so that its `dot` is on "
    'the PATH, or run  pip install "pygraphviz>=2.0.4"'
)
# What the picture is read in: fonts whose characters are no wider than those of Courier.
FONTS = "Menlo,Consolas,DejaVu Sans Mono,Liberation Mono,Courier New,monospace"
FAILED = "Graphviz could not draw the picture: {}"


def rendered(source: str, form: str) -> bytes:
    """The DOT text as "svg" or "png".

    Raises:
        RuntimeError: If there is no Graphviz, or if it fails.
    """
    if shutil.which("dot"):
        return _by_executable(source, form)
    try:
        import pygraphviz
    except ImportError:
        raise RuntimeError(MISSING) from None
    try:
        # A graph of its own for each drawing: a second one after a failure has crashed Python.
        drawn: bytes = pygraphviz.AGraph(string=source).draw(format=form, prog="dot")
    except ValueError as error:
        raise RuntimeError(FAILED.format(error)) from error
    return drawn


def _by_executable(source: str, form: str) -> bytes:
    import graphviz

    try:
        drawn: bytes = graphviz.pipe("dot", form, source.encode(), quiet=True)
    except OSError as error:
        raise RuntimeError(FAILED.format(error)) from error
    except graphviz.CalledProcessError as error:
        message = error.stderr.decode(errors="replace").strip() or "no message"
        raise RuntimeError(FAILED.format(message)) from error
    return drawn


def without_ids(svg: str) -> str:
    """The picture without Graphviz's ids: two pictures on one page would both have a "node1"."""
    return re.sub(r'<g id="[^"]*"', "<g", svg)


def with_fonts(svg: str) -> str:
    """The picture with fonts to read it in, in place of the one that it was measured in."""
    return re.sub(r' font-family="[^"]*"', f' font-family="{FONTS}"', svg)


def addressed(svg: str, kinds: Mapping[str, str], signs: Sequence[int | None]) -> str:
    """The element alone, its parts named by attributes: `data-shape`, `data-arrow`, `data-layer`.

    Titles go, as a browser would show them as tooltips, and comments.

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
    svg = re.sub(r' (?:xml:space|xmlns:xlink|font-family)="[^"]*"', "", svg)
    svg = re.sub(
        r'<g id="([^"]*)" class="(node|edge|cluster)">\s*<title>([^<]*)</title>', part, svg
    )
    return without_ids(svg)
