"""The computation graph as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from autograd.drawing.dot import dot_text
from autograd.drawing.folding import folding_of
from autograd.drawing.neurons import structure_of
from autograd.drawing.picture import picture_of
from autograd.drawing.render import rendered, without_ids
from autograd.graph import topological_order
from autograd.node import Node

__all__ = ["Drawing", "draw"]

DOTS_PER_INCH = 144  # of a PNG; Graphviz's 96 are blurred on today's screens


def draw(output: Node | Sequence[Node], fold: bool = True) -> Drawing:
    """Draws the graph of an output as it is now.

    A node shows its label, its operation, its data and its gradient; an edge its local
    derivative and, once `backward` was called, upstream gradient × local derivative =
    contribution. Neurons are framed by their layer. Inputs, parameters, constants, operations and
    outputs differ in colour and in form.

    A graph of more than 150 nodes is too large to read: neurons, or if that is still too much
    layers, and operations between them are drawn as one node each. The caption says so.

    Args:
        output: The `Value` to draw with all that it depends on, or several in a list.
        fold: Whether a graph that is too large is folded; False draws every node.

    Returns:
        The drawing; a notebook shows it.

    Raises:
        TypeError: If `output` is neither a `Value` nor a list of them.

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
    structure = structure_of(topological_order(outputs), outputs)
    return Drawing(dot_text(picture_of(structure, folding_of(structure, fold))))


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

    def __init__(self, source: str) -> None:
        self._source = source

    @property
    def source(self) -> str:
        """The DOT text."""
        return self._source

    def svg(self) -> str:
        """The picture as an SVG document, without ids, links or scripts.

        Raises:
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        return without_ids(rendered(self._source, "svg").decode())

    def png(self) -> bytes:
        """The picture as a PNG image.

        Raises:
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        head, rest = self._source.split("\n", 1)
        return rendered(f"{head}\n\tgraph [dpi={DOTS_PER_INCH}]\n{rest}", "png")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the picture to a file, of the kind that the name ends in.

        Args:
            path: A name that ends in .svg, .png, .dot or .gv. A file of that name is replaced, but
                only after the picture was rendered.

        Raises:
            ValueError: If the name ends otherwise.
            RuntimeError: If there is no Graphviz, or if it fails; .dot and .gv need none.
            OSError: If the file cannot be written.
        """
        target = Path(path)
        writers: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self.svg().encode(),
            ".png": self.png,
            ".dot": self._source.encode,
            ".gv": self._source.encode,
        }
        writer = writers.get(target.suffix.lower())
        if writer is None:
            raise ValueError(
                f"save: {target.name!r} ends in none of {', '.join(writers)}; "
                'name the file so, as in "graph.svg"'
            )
        target.write_bytes(writer())

    def _repr_svg_(self) -> str:
        """What a notebook shows: the element alone, as it becomes part of a page."""
        svg = self.svg()
        return svg[svg.index("<svg") :]

    def __repr__(self) -> str:
        return "<Drawing; .svg(), .png() and .save(path) render it>"


def _outputs(given: object) -> list[Node]:
    outputs = list(given) if isinstance(given, list | tuple) else [given]
    nodes = [x for x in outputs if isinstance(x, Node)]
    if nodes and len(nodes) == len(outputs):
        return nodes
    wrong = next((x for x in outputs if not isinstance(x, Node)), given)
    kind = type(wrong).__name__
    what = f"a {type(given).__name__} with a {kind} in it" if wrong is not given else f"a {kind}"
    empty = "an empty " + kind
    raise TypeError(
        f"draw: expected a Value or a list of Values, got {what if outputs else empty}; "
        "give what was computed from Values, as in draw(loss)"
    )
