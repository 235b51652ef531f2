"""What a derivation is made of, and how it is shown as text, Markdown and LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograd.explaining.breaking import broken, pieces, width
from autograd.explaining.characters import in_mathematics, in_text

WIDTH = 96  # of a line of text; longer equations go on below
ALLOWED = r"\allowbreak "
TOGETHER = 120.0  # points of a formula that is not parted
SHORT = 64  # characters of a sentence that has room in a line, however wide its letters are


@dataclass(frozen=True)
class Formula:
    """A piece of mathematics, as text and in LaTeX; `is_number` if no name is in it."""

    text: str
    latex: str
    is_number: bool = False

    def joined(self, sign: Formula, other: Formula) -> Formula:
        """This and another with a sign between them."""
        return Formula(
            f"{self.text}{sign.text}{other.text}",
            self.latex + sign.latex + other.latex,
            self.is_number and other.is_number,
        )


@dataclass(frozen=True)
class Sentence:
    """Words, among them formulas."""

    parts: tuple[str | Formula, ...]


@dataclass(frozen=True)
class Equation:
    """Formulas that are equal to each other; `depth` is how far a text indents it."""

    sides: tuple[Formula, ...]
    depth: int = 1

    def lines(self, width: int = WIDTH) -> list[str]:
        """The sides that differ from the one before, below each other if a line is too short."""
        indent = "  " * self.depth
        left, *right = dict.fromkeys(side.text for side in self.sides)
        line = indent + " = ".join([left, *right])
        if len(line) <= width or len(right) < 2:
            return [line]
        below = " " * len(indent + left)
        return [f"{indent}{left} = {right[0]}", *(f"{below} = {side}" for side in right[1:])]

    @property
    def latex(self) -> str:
        """The same in LaTeX."""
        return " = ".join(dict.fromkeys(side.latex for side in self.sides))


@dataclass(frozen=True)
class Remark:
    """Words of our own below an equation."""

    text: str
    depth: int = 2


@dataclass(frozen=True)
class Table:
    """Rows of formulas; in a text each row is an equation."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Formula, ...], ...]


Block = Sentence | Equation | Remark | Table


def as_text(blocks: Iterable[Block], width: int = WIDTH) -> str:
    """Blocks as plain text: sentences at the margin, equations indented."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Sentence):
            words = "".join(p if isinstance(p, str) else p.text for p in block.parts)
            lines += [words, ""] if not lines or not lines[-1] else ["", words, ""]
        elif isinstance(block, Equation):
            lines += block.lines(width)
        elif isinstance(block, Remark):
            lines.append(f"{'  ' * block.depth}({block.text})")
        else:
            lines += [line for row in block.rows for line in Equation(row).lines(width)]
    return "\n".join(lines).strip("\n")


def as_markdown(blocks: Sequence[Block]) -> str:
    """Blocks as Markdown with mathematics between dollars, as notebooks and code hosts show it."""
    paragraphs = []
    for block in blocks:
        if isinstance(block, Sentence):
            paragraphs.append(_inline(block))
        elif isinstance(block, Equation):
            paragraphs.append(f"$${block.latex}$$")
        elif isinstance(block, Remark):
            paragraphs.append(_markdown(f"({block.text})"))
        else:
            paragraphs.append(_markdown_table(block))
    return "\n\n".join(paragraphs)


def as_latex(blocks: Sequence[Block]) -> str:
    """Blocks as LaTeX: sentences as text, each equation displayed; rows are equations.

    An equation belongs to the paragraph above it: LaTeX would set an empty line between the two,
    and could end the page there.
    """
    text = ""
    for block in blocks:
        if isinstance(block, Sentence):
            text += f"\n\n{_latex_sentence(block)}"
        elif isinstance(block, Remark):
            text += f"\n\n{in_text(f'({block.text})')}"
        else:
            equations = [block.sides] if isinstance(block, Equation) else block.rows
            for sides in equations:
                text += f"\n{broken([in_mathematics(side.latex) for side in sides])}"
    return text.strip("\n")


def _latex_sentence(sentence: Sentence) -> str:
    """A sentence; one with long names in lines whose ends need not be even."""
    words = [in_text(p) if isinstance(p, str) else f"${_inline_latex(p)}$" for p in sentence.parts]
    text = "".join(words)
    size = sum(len(p if isinstance(p, str) else p.text) for p in sentence.parts)
    is_long = ALLOWED in text or size > SHORT
    return f"{{\\sloppy {text}\\par}}\\nopagebreak" if is_long else text


def _inline_latex(formula: Formula) -> str:
    """A formula within a line of words, which may end within it if it is long."""
    row = pieces(in_mathematics(formula.latex))
    return (ALLOWED if width("".join(row)) > TOGETHER else "").join(row)


def _markdown(text: str) -> str:
    """Words of our own, none of which Markdown may take for a sign."""
    return re.sub(r"([*_\\`$<>\[\]])", r"\\\1", text)


def _markdown_table(table: Table) -> str:
    rows = [table.heads, ["---"] * len(table.heads)]
    rows += [[f"${cell.latex}$" for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _inline(sentence: Sentence) -> str:
    return "".join(_markdown(p) if isinstance(p, str) else f"${p.latex}$" for p in sentence.parts)
