"""A gradient as a derivation: the chain rule written out with the numbers of a recorded graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from autograd.errors import shown
from autograd.explaining.blocks import Block, as_latex, as_markdown, as_text
from autograd.explaining.derivation import Derivation
from autograd.explaining.handout import Blanks, checked, sheet
from autograd.explaining.handout import document as whole
from autograd.explaining.paths import Accumulation, Between, Link, Path
from autograd.graph.node import Node

__all__ = ["Accumulation", "Explanation", "Link", "Path", "explain"]


def explain(output: Node, wrt: Node) -> Explanation:
    """Derives ∂output/∂wrt as a tutorial writes it.

    The chain of local derivatives by name, each of them as a formula and with numbers, and their
    product; where several paths meet, each path and their sum. Where there are too many paths to
    list, the gradients are added up node by node, as the reverse pass does. Local derivatives are
    those of the recorded point; `backward` need not have been called.

    Args:
        output: The `Value` to differentiate.
        wrt: The `Value` to differentiate by; a leaf or not.

    Returns:
        The derivation: printed it is text, in a notebook it shows as mathematics.

    Raises:
        TypeError: If one of them is no `Value`.
        ValueError: If the output does not depend on the other.

    Example:
        >>> from autograd import Value, explain
        >>> x = Value(3.0, label="x")
        >>> y = x.exp()
        >>> y.label = "y"
        >>> print(explain(y, x))
        ∂y/∂x = 20.0855369
        <BLANKLINE>
        y is computed from x itself:
        <BLANKLINE>
          y = exp(x) = exp(3) = 20.0855369
            ∂y/∂x = y = 20.0855369

    Source: the form of Matt Mazur's "A Step by Step Backpropagation Example".
    """
    for name, given in (("output", output), ("wrt", wrt)):
        if not isinstance(given, Node):
            raise TypeError(
                f"explain: expected a Value as {name}, got {shown(given)}; write explain(loss, w)"
            )
    between = Between(output, wrt)
    if not between.depends:
        raise ValueError(
            f"explain: {output!r} does not depend on {wrt!r}, so the derivative is 0 and there is "
            "nothing to derive; look whether another Value took its place in the graph"
        )
    return Explanation(between)


class Explanation:
    """The derivation of a gradient; made by `explain`.

    Example:
        >>> from autograd import Value, explain
        >>> x = Value(3.0, label="x")
        >>> explanation = explain(x * x, x)
        >>> explanation.gradient, [path.product for path in explanation.paths]
        (6.0, [3.0, 3.0])
    """

    def __init__(self, between: Between) -> None:
        self._between = between

    @property
    def gradient(self) -> float:
        """∂output/∂wrt, as `autograd.gradients` computes it."""
        return self._between.gradients[self._between.wrt]

    @property
    def count(self) -> int:
        """How many paths lead from the output to the node; counted up to 10^30."""
        return self._between.count

    @property
    def paths(self) -> list[Path] | None:
        """The paths; None if there are too many to be read one by one."""
        return self._between.paths

    @property
    def accumulations(self) -> list[Accumulation]:
        """The gradient of each node between as a sum, in the order of the reverse pass."""
        return self._between.accumulations(self._between.nodes[1:])

    @cached_property
    def _derivation(self) -> Derivation:
        return Derivation(self._between)

    @cached_property
    def _blocks(self) -> Sequence[Block]:
        return list(self._derivation.blocks())

    def text(self) -> str:
        """The derivation as plain text."""
        return as_text(self._blocks)

    def markdown(self) -> str:
        """The derivation in Markdown, its mathematics in LaTeX between dollars."""
        return as_markdown(self._blocks)

    def latex(self, document: bool = False, blanks: Blanks = False) -> str:
        r"""The derivation in LaTeX; each equation is displayed between double dollars.

        It is for a document of class article that uses the package amsmath, and all of it is ASCII.
        What is longer than a line of such a document is broken.

        The labels `w5` and `w_5` are both w with the index 5; in a graph that has both, `w_5` shows
        its underscore.

        A handout or an exercise begins with the numbers that are given, computes all values forward
        and only then the local derivatives, so that each line follows from those above it.

        Args:
            document: Whether it is a whole document, a sheet to be handed out.
            blanks: Whether it is an exercise. True leaves room in place of every number that is to
                be computed; "formulas" in place of the chain rule and of the formula of each local
                derivative, too.

        Raises:
            ValueError: If there are no such blanks.

        Example:
            >>> from autograd import Value, explain
            >>> x = Value(3.0, label="x")
            >>> sheet = explain(x * x, x).latex(document=True, blanks=True)
            >>> "documentclass" in sheet, "Given: " in sheet, r"\underline{" in sheet
            (True, True, True)
        """
        checked(blanks)
        blocks = sheet(self._derivation, blanks) if document or blanks else self._blocks
        return whole(blocks, blanks) if document else as_latex(blocks)

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def _repr_latex_(self) -> str:
        return self.latex()

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        of = self._derivation.derivative(self._between.output, self._between.wrt).text
        return f"<Explanation of {of} = {self.gradient:.9g}; print it>"
