"""Running Graphviz: a `dot` that is installed, else the one within pygraphviz.

Graphviz works in a process of its own, which can be ended: by Ctrl-C, or after `LONGEST` seconds.
pygraphviz in this process would see no signal before it has finished.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

MISSING = (
    "cannot draw the picture, as there is no Graphviz here: install it, so that its `dot` is on "
    'the PATH, or run  pip install "pygraphviz>=2.0.4"'
)
# What the picture is read in: fonts whose characters are no wider than those of Courier.
FONTS = "Menlo,Consolas,DejaVu Sans Mono,Liberation Mono,Courier New,monospace"
FAILED = "Graphviz could not draw the picture: {}"
LONGEST = 60.0  # seconds
TOO_LONG = (
    "Graphviz did not finish the picture, of {:,} edges, within {:g} seconds; leave fold=False "
    "out, draw a part of the graph, or save it as .dot and run Graphviz on that"
)
AT_ONCE = 40  # edges that take Graphviz a tenth of a second at most, however they lie
# What runs in the other process; it finds packages where this one does.
CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import pygraphviz
try:
    source = sys.stdin.buffer.read().decode()
    drawn = pygraphviz.AGraph(string=source).draw(format=sys.argv[2], prog="dot")
except ValueError as error:
    sys.exit(str(error))
sys.stdout.buffer.write(drawn)
"""


def rendered(source: str, form: str) -> bytes:
    """The DOT text as "svg" or "png".

    Raises:
        RuntimeError: If there is no Graphviz, if it fails, or if it takes too long.
    """
    dot = shutil.which("dot")
    if dot:
        return _by_process([dot, f"-T{form}"], source)
    if sys.modules.get("pygraphviz", True) is None or find_spec("pygraphviz") is None:
        raise RuntimeError(MISSING)
    if _edges(source) <= AT_ONCE or not sys.executable or hasattr(sys, "frozen"):
        return _here(source, form)
    return _by_process([sys.executable, "-c", CHILD, json.dumps(sys.path), form], source)


def _edges(source: str) -> int:
    return source.count("->") + source.count("--")


def _here(source: str, form: str) -> bytes:
    """By pygraphviz in this process."""
    import pygraphviz

    try:
        # A graph of its own for each drawing: a second one after a failure has crashed Python.
        drawn: bytes = pygraphviz.AGraph(string=source).draw(format=form, prog="dot")
    except ValueError as error:
        raise RuntimeError(FAILED.format(error)) from error
    return drawn


def _by_process(command: Sequence[str], source: str) -> bytes:
    """By another process, which is ended with whatever ends the waiting for it."""
    try:
        run = subprocess.run(
            command, input=source.encode(), capture_output=True, check=False, timeout=LONGEST
        )
    except OSError as error:
        raise RuntimeError(FAILED.format(error)) from error
    except subprocess.TimeoutExpired:
        raise RuntimeError(TOO_LONG.format(_edges(source), LONGEST)) from None
    if run.returncode or not run.stdout:
        message = run.stderr.decode(errors="replace").strip() or f"it ended with {run.returncode}"
        raise RuntimeError(FAILED.format(message))
    return run.stdout


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
