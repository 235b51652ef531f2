"""A derivation as a sheet to be handed out: a whole LaTeX document, with its numbers or blanks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from autograd.errors import shown
from autograd.explaining.applied import figure
from autograd.explaining.blocks import Block, Equation, Formula, Remark, Sentence, Table, as_latex
from autograd.explaining.breaking import room_beside, width
from autograd.explaining.derivation import Derivation
from autograd.graph.node import Node

Blanks = bool | Literal["formulas"]

EQUALS = Formula(" = ", " = ")
RESULT, WORKING = 70.0, 110.0  # points of room for a number, and at least for what leads to it
BY_HAND = 1.4  # times as wide as print
MOST_GIVEN = 100  # numbers that are listed
HEAD = r"""\documentclass[a4paper]{article}
\usepackage{amsmath}
\usepackage[textwidth=345pt,vmargin=2cm]{geometry}
\setlength{\parskip}{6pt}
\begin{document}
\raggedright
\setlength{\abovedisplayshortskip}{6pt}
"""
NAME_AND_DATE = r"Name: \hrulefill\ Date: \underline{\hspace{6em}}" + "\n\n"
TITLE, EXERCISE = "A gradient, step by step", "A gradient, to be computed step by step"


def document(blocks: Sequence[Block], blanks: Blanks) -> str:
    """A LaTeX document that compiles as it stands."""
    title = rf"\section*{{{EXERCISE if blanks else TITLE}}}"
    name = NAME_AND_DATE if blanks else ""
    return f"{HEAD}{name}{title}\n\n{as_latex(blocks)}\n\\end{{document}}\n"


def sheet(derivation: Derivation, blanks: Blanks) -> list[Block]:
    """A derivation in the order in which it is computed, from what is given.

    Args:
        derivation: The derivation.
        blanks: As of `Explanation.latex`.
    """
    between = derivation.between
    asked = derivation.derivative(between.output, between.wrt)
    blocks: list[Block] = [given(derivation), Sentence(("To be found: ", asked, "."))]
    if between.output is between.wrt and blanks:
        return [*blocks, *with_blanks(list(derivation.blocks())[:1])]
    values = list(derivation.values())
    if values:
        blocks.append(Sentence(("The forward pass, one value after the other:",)))
    steps = derivation.steps(with_values=False)
    if not blanks:
        return [*blocks, *values, *steps]
    # The formulas of the values are the network, and so they are given in any exercise.
    return [*blocks, *with_blanks(values), *with_blanks(steps, blanks == "formulas")]


def checked(blanks: object) -> None:
    """Raises ValueError if there are no such blanks."""
    if not isinstance(blanks, bool) and blanks != "formulas":
        raise ValueError(
            f"latex: blanks takes True, False or 'formulas', got {shown(blanks)}; True leaves out "
            "the numbers, 'formulas' those of the local derivatives and the chain rule too"
        )


def given(derivation: Derivation) -> Sentence:
    """The numbers that are needed and are not computed on the sheet, in the order of their use."""
    between = derivation.between
    inside = set(between.nodes) - {between.wrt}
    known: dict[Node, None] = {}
    for node in reversed(between.nodes):
        if node in inside:
            known |= dict.fromkeys(parent for parent in node.parents if parent not in inside)
    known = known or {between.wrt: None}
    listed = list(known)[:MOST_GIVEN]
    parts: list[str | Formula] = ["Given: "]
    for node in listed:
        parts += [derivation.name(node).joined(EQUALS, figure(node.data)), ", "]
    rest = len(known) - len(listed)
    return Sentence((*parts[:-1], f" and {rest:,} more numbers." if rest else "."))


def with_blanks(blocks: Iterable[Block], also_formulas: bool = False) -> Iterator[Block]:
    """The blocks with a blank in place of each number that is to be computed.

    Args:
        blocks: The blocks.
        also_formulas: Whether there is one in place of formulas, too.
    """
    for block in blocks:
        if isinstance(block, Equation):
            yield replace(block, sides=_blanked(block.sides, also_formulas))
        elif isinstance(block, Table):
            rows = tuple(_blanked(row, also_formulas) for row in block.rows)
            yield replace(block, rows=rows)
        elif not isinstance(block, Remark):  # which says why a number is what it is
            yield block


def _blanked(sides: Sequence[Formula], also_formulas: bool) -> tuple[Formula, ...]:
    """The sides that are not left out, then room for working, then for the result."""
    left, *others = dict.fromkeys(sides)
    kept = [side for side in others if not side.is_number and not _is_plain(side)]
    numbers = [side for side in others if side not in kept]
    left_out = [*kept, *numbers[:-1]] if also_formulas else numbers[:-1]
    made = [left] if also_formulas else [left, *kept]
    if left_out:
        needed = max(WORKING, BY_HAND * max(width(side.latex) for side in left_out))
        made.append(_blank(min(needed, room_beside(left.latex))))
    if numbers:
        made.append(_blank(RESULT))
    return tuple(made)


def _blank(points: float) -> Formula:
    """Room to write in, as high as writing by hand is."""
    return Formula("____", rf"\rule{{0pt}}{{15pt}}\underline{{\hspace{{{points:.0f}pt}}}}")


def _is_plain(side: Formula) -> bool:
    """Whether a formula by names is a number all the same, as the 1 of a sum."""
    try:
        float(side.text)
    except ValueError:
        return False
    return True
