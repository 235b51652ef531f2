"""A derivation as a sheet to be handed out: a whole LaTeX document, with its numbers or blanks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograd.explaining.applied import figure
from autograd.explaining.blocks import Block, Equation, Formula, Remark, Sentence, Table, as_latex
from autograd.explaining.writing import NodeWriter
from autograd.graph.node import Node

BLANK = Formula("____", r"\underline{\hspace{4em}}")
EQUALS = Formula(" = ", " = ")
MOST_GIVEN = 100  # numbers that are listed
HEAD = r"""\documentclass{article}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\begin{document}
"""
NAME_AND_DATE = r"Name: \hrulefill\ Date: \underline{\hspace{6em}}" + "\n\n"
TITLE, EXERCISE = "A gradient, step by step", "A gradient, to be computed step by step"


def document(writer: NodeWriter, blocks: Iterable[Block], blanks: bool) -> str:
    """A LaTeX document that compiles as it stands.

    Args:
        writer: Knows what the nodes are called, and what lies between the two.
        blocks: The derivation.
        blanks: Whether it is the exercise: with room in place of the numbers.
    """
    title = rf"\section*{{{EXERCISE if blanks else TITLE}}}"
    name = NAME_AND_DATE if blanks else ""
    body = as_latex([given(writer), *blocks])
    return f"{HEAD}{name}{title}\n\n{body}\n\\end{{document}}\n"


def given(writer: NodeWriter) -> Sentence:
    """The numbers that the derivation starts from: what its nodes are computed from besides."""
    between = writer.between
    inside = set(between.nodes) - {between.wrt}
    known: dict[Node, None] = {between.wrt: None}
    for node in between.nodes:
        if node in inside:
            known |= dict.fromkeys(parent for parent in node.parents if parent not in inside)
    listed = list(known)[:MOST_GIVEN]
    parts: list[str | Formula] = ["Given: "]
    for node in listed:
        parts += [writer.name(node).joined(EQUALS, figure(node.data)), ", "]
    rest = len(known) - len(listed)
    return Sentence((*parts[:-1], f" and {rest:,} more numbers." if rest else "."))


def with_blanks(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with a blank in place of each number that is to be computed."""
    for block in blocks:
        if isinstance(block, Equation):
            yield replace(block, sides=_blanked(block.sides))
        elif isinstance(block, Table):
            yield replace(block, rows=tuple(_blanked(row) for row in block.rows))
        elif not isinstance(block, Remark):  # which says why a number is what it is
            yield block


def _blanked(sides: tuple[Formula, ...]) -> tuple[Formula, ...]:
    """The sides that are no numbers, and one blank if there are others."""
    first, *others = sides
    names = [side for side in others if not side.is_number and not _is_plain(side)]
    return (first, *names) if len(names) == len(others) else (first, *names, BLANK)


def _is_plain(side: Formula) -> bool:
    """Whether a formula by names is a number all the same, as the 1 of a sum."""
    try:
        float(side.text)
    except ValueError:
        return False
    return True
