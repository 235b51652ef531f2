"""Which pictures a page has: the drawn one, and others with more or less of it folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from autograd.drawing.dot import dot_text
from autograd.drawing.folding import Folding, by_layers, by_neurons, folding_of
from autograd.drawing.layouts import COMPACT, FULL, NARROW
from autograd.drawing.picture import picture_of
from autograd.drawing.reading import Reading
from autograd.drawing.shapes import Picture
from autograd.graph.neurons import Structure

EVERY_NODE = "every node"
FEW_SHAPES = 40  # that a small screen can show together
MOST_SHAPES = 5_000  # in one picture: what a browser steps through smoothly
MOST_ARROWS = 10_000  # in one picture: if they cross, Graphviz takes minutes for more
FURTHER_ARROWS = 2_000  # in all pictures but the drawn one: a second or two
FURTHER_EDGES = 200_000  # of a graph of which there are further pictures
MOST_LAYERS = 12  # that can be unfolded one by one


@dataclass(frozen=True)
class View:
    """A picture, its name, and its DOT text; where it is small, in further layouts, too."""

    name: str
    picture: Picture
    source: str

    @property
    def sources(self) -> dict[str, str]:
        """The DOT text in each layout, by its name."""
        sources = {FULL.name: self.source}
        if len(self.picture.shapes) <= FEW_SHAPES and any(a.text for a in self.picture.arrows):
            further = (COMPACT, NARROW)
            sources |= {layout.name: dot_text(self.picture, layout) for layout in further}
        return sources


@dataclass(frozen=True)
class Views:
    """The drawn picture first, and the names of those that are too large for a page."""

    views: list[View]
    left_out: list[str]


def views_of(structure: Structure, fold: bool, reading: Reading) -> Views:
    """The pictures of a graph that a page has.

    Raises:
        ValueError: If the drawn picture is too large for a page.
    """
    edges = sum(len(node.operands) for node in structure.order)
    if not fold and edges > MOST_ARROWS:
        raise _too_large(len(structure.order), edges)
    drawn = _view("as drawn", folding_of(structure, fold), structure, reading)
    if len(drawn.picture.shapes) > MOST_SHAPES or len(drawn.picture.arrows) > MOST_ARROWS:
        raise _too_large(len(drawn.picture.shapes), len(drawn.picture.arrows))
    if not any(shape.members for shape in drawn.picture.shapes):
        drawn = replace(drawn, name=EVERY_NODE)
    views, left_out, budget = [drawn], [], FURTHER_ARROWS
    for name, least, folding in _further(structure, edges):
        if name == drawn.name:
            continue
        if least > budget or edges > FURTHER_EDGES:
            left_out.append(f"{name} ({least:,} edges)" if least else name)
            continue
        view = _view(name, folding(), structure, reading)
        count = len(view.picture.arrows)
        if view.source == drawn.source:
            views[0] = replace(drawn, name=name)
        elif count > budget or len(view.picture.shapes) > MOST_SHAPES:
            left_out.append(f"{name} ({count:,} edges)")
        elif all(view.source != other.source for other in views):
            budget -= count
            views.append(view)
    return Views(views, left_out)


def _view(name: str, folding: Folding, structure: Structure, reading: Reading) -> View:
    picture = picture_of(structure, folding, reading)
    return View(name, picture, dot_text(picture))


def _further(structure: Structure, edges: int) -> Iterator[tuple[str, int, Callable[[], Folding]]]:
    """Name, fewest edges and folding of each picture that there could be."""
    yield EVERY_NODE, edges, partial(folding_of, structure, False)
    if not structure.neurons:
        return
    yield "neurons", 0, partial(by_neurons, structure)
    yield "layers", 0, partial(by_layers, structure)
    if structure.layers == 1:
        return
    inside: Counter[int] = Counter()
    for neuron in set(structure.neurons.values()):
        inside[neuron.layer] += sum(len(node.operands) for node in neuron.nodes)
    for layer in range(1, min(structure.layers, MOST_LAYERS) + 1):
        yield f"layer {layer} unfolded", inside[layer], partial(
            by_layers, structure, [layer]
        )  # fmt: skip


def _too_large(shapes: int, edges: int) -> ValueError:
    return ValueError(
        f"html: a page of {shapes:,} nodes and {edges:,} edges is too large for a browser; at most "
        f"{MOST_SHAPES:,} nodes and {MOST_ARROWS:,} edges are possible. Leave fold=False out, or "
        "draw a part of the graph"
    )
