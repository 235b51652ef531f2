"""The computation graph as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Never, SupportsFloat

from autograd.drawing.dot import dot_text
from autograd.drawing.folding import folding_of
from autograd.drawing.neurons import Structure, structure_of
from autograd.drawing.picture import picture_of
from autograd.drawing.reading import Reading, reading_of
from autograd.drawing.render import rendered, set_renderer
from autograd.drawing.svg import with_fonts, without_ids
from autograd.errors import shown
from autograd.files import checked_path, write_whole
from autograd.graph.node import Node
from autograd.graph.order import topological_order

if TYPE_CHECKING:
    from autograd.document import Page

__all__ = ["Drawing", "draw", "set_renderer"]

DOTS_PER_INCH = 144  # of a PNG; Graphviz's 96 are blurred on today's screens


def draw(output: Node | Sequence[Node], fold: bool = True, *more: Never) -> Drawing:
    """Draws the graph of an output as it is now.

    A node shows its label, its operation, its data and its gradient; an edge its local
    derivative and, once `backward` was called, upstream gradient × local derivative =
    contribution. Neurons are framed by their layer. Inputs, parameters, constants, operations and
    outputs differ in colour and in form.

    A graph of more than 150 nodes is too large to read: neurons, or if that is still too much
    layers, and operations between them are drawn as one node each. The caption says so, and names
    the nodes whose operands have been changed since they were computed, as by a training step.

    Args:
        output: The `Value` to draw with all that it depends on, or several in a list.
        fold: Whether a graph that is too large is folded; False draws every node.
        more: Nothing: several outputs are given in a list.

    Returns:
        The drawing; a notebook shows it.

    Raises:
        TypeError: If `output` is neither a `Value` nor a list of them, or `fold` is no boolean.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing import draw
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> product = a * b
        >>> product.backward()
        >>> drawing = draw(product)
        >>> "1 × -3 = -3" in drawing.source
        True
    """
    outputs = _outputs(output)
    _refuse_others(fold, *more)
    order = topological_order(outputs)
    return Drawing(graph=_Graph(structure_of(order, outputs), reading_of(order), fold))


@dataclass(frozen=True)
class _Graph:
    """What a drawing keeps of the graph: all that it takes to render it later as it is now."""

    structure: Structure
    reading: Reading
    fold: bool

    @property
    def source(self) -> str:
        """The DOT text."""
        folding = folding_of(self.structure, self.fold)
        return dot_text(picture_of(self.structure, folding, self.reading))


class Drawing:
    """A picture of a graph, as text in Graphviz's language DOT, rendered when it is asked for.

    The same graph gives the same text, and with the same Graphviz the same picture. A `dot` that
    is on the PATH renders it, else the package pygraphviz.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing import draw
        >>> drawing = draw(Value(2.0, label="a").exp())
        >>> drawing.source.splitlines()[0]
        'digraph {'
    """

    def __init__(self, source: str = "", graph: _Graph | None = None) -> None:
        self._source = source
        self._graph = graph

    @property
    def source(self) -> str:
        """The DOT text."""
        if not self._source and self._graph is not None:
            self._source = self._graph.source
        return self._source

    def svg(self) -> str:
        """The picture as an SVG document, without ids, links or scripts.

        Raises:
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        return with_fonts(without_ids(rendered(self.source, "svg").decode()))

    def png(self) -> bytes:
        """The picture as a PNG image.

        Raises:
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        head, rest = self.source.split("\n", 1)
        return rendered(f"{head}\n\tgraph [dpi={DOTS_PER_INCH}]\n{rest}", "png")

    def page(self, compare: Mapping[Node | str, SupportsFloat] | None = None) -> Page:
        """The picture as a page in which the forward and the backward pass move step by step.

        A notebook shows it in a sandboxed frame. It needs no network: it is one HTML document, with
        the picture, the derivation of every number, and folded and unfolded views.

        The page's gradients are of one reverse pass from what is drawn, each output with upstream
        gradient 1. Where a node's `.grad` is another number, as after two calls of `backward`, the
        page says so.

        Args:
            compare: A second set of gradients, such as hand-derived ones: a number for each `Value`
                or label that it speaks of. The page marks those that differ from the engine's by
                more than 1e-6 of their size.

        Returns:
            The page; `.html` is the document.

        Raises:
            TypeError: If `compare` is not a mapping of Values or labels to numbers.
            ValueError: If a key of `compare` is not exactly one node of the graph, if there are no
                gradients yet to compare with, if the graph is too large for a page, or if the
                drawing was made of DOT text only.
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        from autograd.page import page_of

        if self._graph is None:
            raise ValueError("html: this drawing was made of DOT text; a page needs draw(output)")
        graph = self._graph
        return page_of(graph.structure, graph.fold, graph.reading, compare)

    def html(self, compare: Mapping[Node | str, SupportsFloat] | None = None) -> str:
        """The document of `page`, as text."""
        return self.page(compare).html

    def save(
        self,
        path: str | os.PathLike[str],
        compare: Mapping[Node | str, SupportsFloat] | None = None,
    ) -> None:
        """Writes the picture to a file, of the kind that the name ends in.

        Args:
            path: A name that ends in .svg, .png, .html, .dot or .gv. A file of that name is
                replaced as a whole or, if anything fails, left as it is.
            compare: For .html, a second set of gradients; see `page`.

        Raises:
            ValueError: If the name ends otherwise or is a folder's, if `compare` is given for
                another kind, or for what `page` raises it.
            TypeError: If that is no path, and as `page`.
            RuntimeError: If there is no Graphviz, or if it fails; .dot and .gv need none.
            OSError: If the file cannot be written.
        """
        target = Path(checked_path(path))
        writers: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self.svg().encode(),
            ".png": self.png,
            ".html": lambda: self.html(compare).encode(),
            ".dot": lambda: self.source.encode(),
            ".gv": lambda: self.source.encode(),
        }
        writer = writers.get(target.suffix.lower())
        if writer is None:
            raise ValueError(
                f"save: {target.name!r} ends in none of {', '.join(writers)}; "
                'name the file so, as in "graph.svg"'
            )
        if compare is not None and target.suffix.lower() != ".html":
            raise ValueError(
                f"save: {target.name!r} cannot show a comparison; save it as .html, as in "
                'save("graph.html", compare=…)'
            )
        write_whole(path, writer())

    def _repr_svg_(self) -> str:
        """What a notebook shows: the element alone, as it becomes part of a page."""
        svg = self.svg()
        return svg[svg.index("<svg") :]

    def __repr__(self) -> str:
        return "<Drawing; .svg(), .png(), .page() and .save(path) render it>"


def _outputs(given: object) -> list[Node]:
    outputs = list(given) if isinstance(given, list | tuple) else [given]
    nodes = [x for x in outputs if isinstance(x, Node)]
    if nodes and len(nodes) == len(outputs):
        return nodes
    wrong = next((x for x in outputs if not isinstance(x, Node)), given)
    what = shown(wrong) if outputs else "an empty one"
    where = f" in a {type(given).__name__}" if wrong is not given else ""
    raise TypeError(
        f"draw: expected a Value or a list of Values, got {what}{where}; "
        "give what was computed from Values, as in draw(loss)"
    )


def _refuse_others(fold: object, *more: object) -> None:
    """Raises if `fold` is no boolean: most often it is a second output."""
    if isinstance(fold, bool) and not more:
        return
    if isinstance(fold, Node) or more:
        raise TypeError(
            f"draw: expected one output, got {2 + len(more)} arguments; give several outputs in a "
            "list, as in draw([c, d])"
        )
    raise TypeError(
        f"draw: fold takes True or False, got {shown(fold)}; write draw(loss, fold=False) to draw "
        "every node"
    )
