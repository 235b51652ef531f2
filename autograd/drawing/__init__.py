"""The computation graph as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Never, SupportsFloat

from autograd.arguments import number
from autograd.drawing.dot import dot_text
from autograd.drawing.folding import folding_of
from autograd.drawing.given import choice, dots, numbered, outputs_of, refuse_others, whole
from autograd.drawing.looks import (
    DIRECTIONS,
    DOTS_PER_INCH,
    THEMES,
    looking,
    with_root,
)
from autograd.drawing.picture import picture_of
from autograd.drawing.rasters import sized
from autograd.drawing.reading import Reading, reading_of
from autograd.drawing.render import rendered, set_renderer
from autograd.drawing.shapes import Picture
from autograd.drawing.svg import with_fonts, without_ids
from autograd.explaining.networks import names_of
from autograd.files import checked_path, write_whole
from autograd.graph.neurons import Structure, structure_of
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from autograd.lettering import DIGITS

if TYPE_CHECKING:
    from autograd.document import Page

__all__ = ["Drawing", "draw", "set_renderer"]

MOST_DIGITS = 17  # significant ones that a number has
MOST_DOTS = 20_000  # of the width of a PNG
FRAME = (1280, 720)  # dots of a step
MOST_STEPS = 500  # that are written as pictures; those of 500 arrows take minutes


def draw(
    output: Node | Sequence[Node],
    fold: bool = True,
    *more: Never,
    direction: str | None = None,
    digits: int = DIGITS,
    theme: str = "light",
) -> Drawing:
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
        direction: "right", "down", "left" or "up", in which values are computed; None for what
            fits the graph.
        digits: How many significant digits numbers have, from 1 to 17.
        theme: "light", "dark", or "print", which is black on white. A page has themes, and digits,
            of its own.

    Returns:
        The drawing; a notebook shows it.

    Raises:
        TypeError: If `output` is neither a `Value` nor a list of them, `fold` is no boolean or
            `digits` no integer.
        ValueError: If there is no such direction or theme, or are not so many digits.

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
    outputs = outputs_of(output)
    refuse_others(fold, *more)
    if direction is not None:
        choice(direction, DIRECTIONS, "draw: direction")
    look = _Look(direction, whole(digits, "draw: digits", MOST_DIGITS), theme)
    choice(theme, THEMES, "draw: theme")
    order = topological_order(outputs)
    return Drawing(graph=_Graph(structure_of(order, outputs), reading_of(order), fold, look))


@dataclass(frozen=True)
class _Look:
    """What a picture looks like, as of `draw`."""

    direction: str | None
    digits: int
    theme: str


@dataclass(frozen=True)
class _Graph:
    """What a drawing keeps of the graph: all that it takes to render it later as it is now."""

    structure: Structure
    reading: Reading
    fold: bool
    look: _Look

    @property
    def picture(self) -> Picture:
        """What is drawn."""
        labels = [self.reading.of(node).label for node in self.structure.order]
        reading = self.reading.with_labels(names_of(self.structure, labels).beside_operation)
        folding = folding_of(self.structure, self.fold)
        return picture_of(self.structure, folding, reading, self.look.digits)

    @property
    def source(self) -> str:
        """The DOT text."""
        return looking(dot_text(self.picture), self.look.theme, self.look.direction)


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

    def png(self, width: int | None = None) -> bytes:
        """The picture as a PNG image.

        Args:
            width: In dots; None for a size in which it is read well.

        Raises:
            TypeError: If the width is no integer.
            ValueError: If it is not from 1 to 20,000.
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        if width is None:
            return rendered(with_root(self.source, dpi=DOTS_PER_INCH), "png")
        return next(sized([self.source], whole(width, "png: width", MOST_DOTS)))

    def pdf(self) -> bytes:
        """The picture as a PDF document of one page, which is as large as the picture.

        Raises:
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        return rendered(with_root(self.source, margin=0), "pdf")

    def tikz(self) -> str:
        r"""The picture as an environment `tikzpicture`, for a LaTeX document that uses TikZ.

        Raises:
            RuntimeError: If there is no Graphviz, or if it fails.
        """
        from autograd.drawing.tikz import tikz

        return tikz(self.source)

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
        width: int | None = None,
    ) -> None:
        """Writes the picture to a file, of the kind that the name ends in.

        Args:
            path: A name that ends in .svg, .png, .pdf, .html, .tex, a LaTeX document of its own,
                .tikz, to be read by one, .dot or .gv. A file of that name is replaced as a whole
                or, if anything fails, left as it is.
            compare: For .html, a second set of gradients; see `page`.
            width: For .png, in dots.

        Raises:
            ValueError: If the name ends otherwise or is a folder's, if `compare` or `width` is
                given for another kind, or for what `page` and `png` raise it.
            TypeError: If that is no path, and as `page` and `png`.
            RuntimeError: If there is no Graphviz, or if it fails; .dot and .gv need none.
            OSError: If the file cannot be written.
        """
        target = Path(checked_path(path, "save", "graph.svg"))
        writers: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self.svg().encode(),
            ".png": lambda: self.png(width),
            ".pdf": self.pdf,
            ".html": lambda: self.html(compare).encode(),
            ".tex": self._tex,
            ".tikz": lambda: self.tikz().encode(),
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
        if width is not None and target.suffix.lower() != ".png":
            raise ValueError(
                f"save: {target.name!r} has no width in dots; save it as .png, as in "
                'save("graph.png", width=1200)'
            )
        write_whole(path, writer())

    def frames(self, pattern: str | os.PathLike[str], size: tuple[int, int] = FRAME) -> list[Path]:
        """Writes the backward pass as pictures: the values, the seed, each step, all gradients.

        Args:
            pattern: A name with a place for the number, such as "step_{:02}.png".
            size: Width and height of each picture in dots.

        Returns:
            The files, from the first on.

        Raises:
            ValueError: If the name has no place for a number or does not end in .png, if there are
                no gradients yet, or more than 500 steps, or if the drawing was made of DOT text.
            TypeError: If the size is no pair of integers.
            RuntimeError: If there is no Graphviz, or if it fails.
            OSError: If a file cannot be written.

        Example:
            >>> from autograd import Value, draw
            >>> y = Value(2.0, label="x").exp()
            >>> y.backward()
            >>> [path.name for path in draw(y).frames("/tmp/step_{}.png", size=(400, 200))]
            ['step_0.png', 'step_1.png', 'step_2.png', 'step_3.png']
        """
        sources = self._steps()
        paths = numbered(pattern, len(sources))
        width, high = dots(size, MOST_DOTS)
        pictures = list(sized(sources, width, high))
        for path, picture in zip(paths, pictures, strict=True):
            write_whole(path, picture)
        return paths

    def film(
        self,
        path: str | os.PathLike[str],
        size: tuple[int, int] = FRAME,
        seconds: float = 1.0,
    ) -> None:
        """Writes the backward pass as an animation.

        Args:
            path: A name that ends in .gif, which takes the package Pillow, or .mp4, which takes
                the program ffmpeg.
            size: Width and height in dots.
            seconds: How long a step stays; the last one stays three times as long.

        Raises:
            ValueError: If the name ends otherwise, the seconds are not positive, or as `frames`.
            TypeError: As `frames`.
            RuntimeError: If Pillow, ffmpeg or Graphviz is missing or fails.
            OSError: If the file cannot be written.
        """
        from autograd.drawing.films import gif, mp4

        target = Path(checked_path(path, "film", "backward.gif"))
        writers = {".gif": gif, ".mp4": mp4}
        choice(target.suffix.lower(), writers, "film: the end of the name")
        width, high = dots(size, MOST_DOTS)
        if not 0.01 <= number(seconds, "film: seconds") <= 60:
            raise ValueError(f"film: expected from 0.01 to 60 seconds for a step, got {seconds!r}")
        pictures = list(sized(self._steps(), width, high))
        write_whole(path, writers[target.suffix.lower()](pictures, float(seconds)))

    def _steps(self) -> list[str]:
        """The DOT text of each step of the backward pass."""
        from autograd.page.frames import count_of, frames_of

        if self._graph is None:
            raise ValueError("frames: this drawing was made of DOT text; steps need draw(output)")
        graph, look = self._graph, self._graph.look
        if any(graph.reading.of(node).gradient is None for node in graph.structure.outputs):
            raise ValueError(
                "frames: there are no gradients yet; call backward() on the output and draw it then"
            )
        count = count_of(graph.picture)
        if count > MOST_STEPS:
            raise ValueError(
                f"frames: the backward pass has {count:,} steps here, and at most {MOST_STEPS} are "
                "written; draw a smaller graph, or step through all of them in "
                'draw(output).save("graph.html")'
            )
        return [looking(frame, look.theme, look.direction) for frame in frames_of(graph.picture)]

    def _tex(self) -> bytes:
        from autograd.drawing.tikz import document

        return document(self.source).encode()

    def _repr_svg_(self) -> str:
        """What a notebook shows: the element alone, no wider than the cell that it is part of."""
        svg = self.svg()
        fitting = '<svg style="max-width: 100%; height: auto"'
        return fitting + svg[svg.index("<svg") + len("<svg") :]

    def __repr__(self) -> str:
        return "<Drawing; .svg(), .png(), .page() and .save(path) render it>"
