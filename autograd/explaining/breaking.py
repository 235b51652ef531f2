r"""Lines of mathematics in LaTeX that are no longer than a page is wide.

LaTeX does not break what is displayed, and nothing in braces or between `\left(` and `\right)`. So
formulas are measured here, somewhat larger than TeX sets them, and what is too long is written in a
row, `a / b` for a fraction, and broken before its signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PAGE = 320.0  # points; a line of LaTeX's class article has 345
TALLEST = 16  # lines that are displayed together: LaTeX does not break these between pages
INDENT = 20.0  # of a line that goes on, by \qquad
WIDE = 10.5  # what no table below has: operators and relations have blanks on both sides
WIDTHS = {
    **dict.fromkeys("abcdefghijklnopqrstuvxyz", 6.0),
    **dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZ", 8.6),
    **dict.fromkeys("0123456789.'!|/()[]", 5.1),
    **dict.fromkeys("+-=<>", 13.5),
    **dict.fromkeys((",", r"\ ", r"\,", ";", ":"), 5.1),
    **dict.fromkeys((r"\partial", r"\langle", r"\rangle", r"\vert", r"\_", r"\{", r"\}"), 6.5),
    **dict.fromkeys((r"\leq", r"\geq", r"\sim", r"\wedge", r"\ast", r"\pm", r"\times"), 13.5),
    **dict.fromkeys((r"\left", r"\right"), 4.0),
    **dict.fromkeys((r"\mathrm", r"\text", r"\underline", "{", "}", "^", "_", " "), 0.0),
    r"\cdot": 7.5,
}
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
GIVEN = re.compile(r"(?:[\^_]|\\[A-Za-z]+)$")  # to what a group in braces is given
SIGNS = re.compile(r" (?:\+|-|\\cdot|/|=|\\leq|\\geq|<|>) |(?<=,)\\ ")
CHARACTER = re.compile(r"\\[A-Za-z]+{[^{}]*}|\\[A-Za-z]+ ?|\\.|[^{}\\]")
TERMS = re.compile(r" [+-] ")
NAME = re.compile(rf"\\mathrm{{((?:{CHARACTER.pattern})*)}}")
TOGETHER = 60.0  # points of a name that stay in one line


def width(latex: str) -> float:
    """How wide a formula is at most, in points, set in ten."""
    tokens = TOKEN.findall(latex)
    total, place = 0.0, 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token == r"\frac":
            above, place = _group(tokens, place)
            below, place = _group(tokens, place)
            total += max(width("".join(above)), width("".join(below))) + 2.5
        elif token == r"\sqrt":
            total += 10.0
        elif token in (r"\hspace", r"\rule"):
            points, place = _group(tokens, place)
            total += float("".join(points).removesuffix("pt"))
            if token == r"\rule":
                _, place = _group(tokens, place)  # its height
        else:
            total += WIDTHS.get(token, WIDE)
    return total


def _group(tokens: Sequence[str], start: int) -> tuple[list[str], int]:
    """The tokens of a group in braces, and where it ends."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[place], 0)
        if not depth:
            return list(tokens[start + 1 : place]), place + 1
    raise AssertionError("braces that are not balanced")


def room_beside(left: str, page: float = PAGE) -> float:
    """How wide the other side of an equation may be in a line, beside or below the left one."""
    room = page - width(left) - width("=")
    return room if room >= page / 2 else page - 3 * INDENT


def broken(sides: Sequence[str], page: float = PAGE) -> str:
    """Formulas that are equal to each other, displayed in as many lines as it takes.

    Args:
        sides: The formulas.
        page: How wide a line may be, in points.
    """
    sides = list(dict.fromkeys(sides))
    whole = " = ".join(sides)
    if width(whole) <= page:
        return f"$${whole}$$"
    left, *right = sides
    room = room_beside(left, page)
    if right and width(left) + width("=") + room <= page:
        lines = [
            (rf"{left if first else ''} &= " if start else r"&\qquad ") + line
            for first, side in ((side is right[0], side) for side in right)
            for start, line in _marked(_lines(side, room, page - width(left) - 2 * INDENT))
        ]
    else:
        lines = [rf"&{line}" for line in _lines(left, page, page)]
        for side in right:
            lines += [
                rf"&\quad {'= ' if start else ''}{line}"
                for start, line in _marked(_lines(side, room, room))
            ]
    starts = range(0, len(lines), TALLEST)
    return "\n".join(_aligned(lines[start : start + TALLEST]) for start in starts)


def _aligned(lines: Sequence[str]) -> str:
    return "$$\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}$$"


def _marked(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Each line, and whether it is the first."""
    return ((place == 0, line) for place, line in enumerate(lines))


def _lines(latex: str, first: float, others: float) -> list[str]:
    """A formula in lines that are as wide as the first and the others may be."""
    if width(latex) <= first:
        return [latex]
    ways = (_split(latex, TERMS), _split(latex, SIGNS), pieces(latex))
    fitting = (way for way in ways if all(width(piece) <= others for piece in way))
    lines, room = [""], first
    for piece in next(fitting, ways[-1]):
        if lines[-1] and width(lines[-1] + piece) > room:
            lines.append("")
            room = others
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [_continued(line) for line in lines]


def _continued(line: str) -> str:
    """A line that begins with a sign, which without anything before it would have no blanks."""
    return "{} " + line if SIGNS.match(f" {line}") else line


def pieces(latex: str) -> list[str]:
    """A formula in a row, in pieces that may be in different lines."""
    return [part for piece in _split(in_a_row(latex), SIGNS) for part in _of_name(piece)]


def _split(latex: str, signs: re.Pattern[str]) -> list[str]:
    """A formula in pieces that begin with one of the signs, none of which is within a group."""
    depths = _depths(latex)
    starts = [m.start() for m in signs.finditer(latex) if not depths[m.start()]]
    return [latex[i:j] for i, j in zip([0, *starts], [*starts, len(latex)], strict=True)]


def _depths(latex: str) -> list[int]:
    """How many groups that LaTeX does not break are open after each character."""
    depths, depth = [], 0
    for token in TOKEN.findall(latex):
        depth += {"{": 1, "}": -1, r"\left": 1, r"\right": -1}.get(token, 0)
        depths += [depth] * len(token)
    return depths


def _of_name(piece: str) -> list[str]:
    """A piece with a long name in several, as its characters may be in different lines."""
    depths = _depths(piece)
    parts, done = [], 0
    for match in NAME.finditer(piece):
        if width(match[0]) <= TOGETHER or depths[match.start()]:
            continue
        rows = [""]
        for character in CHARACTER.findall(match[1]):
            if rows[-1] and width(rows[-1] + character) > TOGETHER:
                rows.append("")
            rows[-1] += character
        parts += [piece[done : match.start()], *(rf"\mathrm{{{row}}}" for row in rows)]
        done = match.end()
    parts.append(piece[done:])
    return [part for part in parts if part]


def in_a_row(latex: str) -> str:
    r"""A formula without what LaTeX does not break: fractions, roots, `\left(` and `\right)`.

    Example:
        >>> print(in_a_row(r"\frac{x + y}{2} \cdot \left(1 - x\right)"))
        (x + y) / 2 \cdot (1 - x)
    """
    tokens, made, place = TOKEN.findall(latex), "", 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token == r"\frac":
            above, place = _group(tokens, place)
            below, place = _group(tokens, place)
            made += f"{_enclosed(above)} / {_enclosed(below)}"
        elif token == r"\sqrt":
            inner, place = _group(tokens, place)
            made += rf"\mathrm{{sqrt}}({in_a_row(''.join(inner))})"
        elif token == "e" and tokens[place : place + 2] == ["^", "{"]:
            inner, place = _group(tokens, place + 1)
            made += rf"\mathrm{{exp}}({in_a_row(''.join(inner))})"
        elif token == "{":
            inner, place = _group(tokens, place - 1)
            row = in_a_row("".join(inner))
            is_base = tokens[place : place + 1] == ["^"] and not GIVEN.search(made)
            made += row if is_base else f"{{{row}}}"
        elif token not in (r"\left", r"\right"):
            made += token
    return made


def _enclosed(tokens: Sequence[str]) -> str:
    """The upper or the lower part of a fraction, in parentheses unless it is one thing."""
    row = in_a_row("".join(tokens))
    is_one = row.startswith(r"\partial ") or not SIGNS.search(row)
    return row if is_one else f"({row})"
