r"""A picture in TikZ, for LaTeX: the layout is Graphviz's, all that is drawn is TikZ's own.

Graphviz tells how each part is drawn: a pen and its colours, then polygons, curves and texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograd.drawing.looks import layout_of
from autograd.explaining.characters import in_text

PARTS = ("_draw_", "_ldraw_", "_hdraw_", "_tdraw_", "_hldraw_", "_tldraw_")
ANCHORS = {"l": "base west", "c": "base", "r": "base east"}
BORDER = 4  # points around the picture
BACKSLASH = "\uf05c"  # stands for it in a layout; it is for private use, and no character
DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,tikz}
\usepackage[paperwidth=%gbp,paperheight=%gbp,margin=%gbp]{geometry}
\pagestyle{empty}
\setlength{\topskip}{0pt}
%s\begin{document}
\noindent
%s\end{document}
"""
Point = Sequence[float]


def document(source: str) -> str:
    """A LaTeX document of one page, which is the picture.

    Raises:
        RuntimeError: If there is no Graphviz, or if it fails.
    """
    layout = _layout(source)
    left, low, right, high = (float(x) for x in layout["bb"].split(","))
    size = right - left + 4 * BORDER, high - low + 4 * BORDER
    paper = layout.get("bgcolor")
    around = f"\\pagecolor{_rgb(_color(paper))}\n" if paper else ""
    return DOCUMENT % (*size, BORDER, around, _picture(layout))


def tikz(source: str) -> str:
    r"""The picture as an environment `tikzpicture`, to be read by \input.

    Args:
        source: DOT text.

    Raises:
        RuntimeError: If there is no Graphviz, or if it fails.
    """
    return _picture(_layout(source))


def _layout(source: str) -> dict[str, Any]:
    """The layout of the texts that LaTeX sets, which are wider where it has no such characters."""
    written = re.sub(r"[^\x00-\x7f]", _written, unicodedata.normalize("NFC", source))
    # Graphviz doubles backslashes in the texts of a layout, and cuts off the end where two adjoin.
    return layout_of(re.sub(r"\\(.)", _without_backslash, written))


def _written(match: re.Match[str]) -> str:
    number = f"U+{ord(match[0]):04X}"
    return number if number in in_text(match[0]) else match[0]


def _without_backslash(match: re.Match[str]) -> str:
    return BACKSLASH if match[1] == "\\" else match[0]


def _picture(layout: Mapping[str, Any]) -> str:
    # Clusters come first, as they are drawn below what is in them.
    parts = [layout, *layout.get("objects", ()), *layout.get("edges", ())]
    lines = [line for part in parts for line in _part(part)]
    options = "[x=1bp,y=1bp,line width=1bp]"
    return f"\\begin{{tikzpicture}}{options}\n" + "\n".join(lines) + "\n\\end{tikzpicture}\n"


def _part(part: Mapping[str, Any]) -> Iterator[str]:
    for name in PARTS:
        yield from _drawn(part.get(name, ()))


def _drawn(operations: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of TikZ for what is drawn one after the other."""
    pen, fill, style, size = "000000", "000000", "", 10.0
    for operation in operations:
        kind = operation["op"]
        if kind == "c":
            pen = _color(operation["color"])
        elif kind == "C":
            fill = _color(operation["color"])
        elif kind == "S":
            style = _style(operation["style"])
        elif kind == "F":
            size = operation["size"]
        elif kind == "T":
            yield _text(operation, pen, size)
        elif kind.lower() in SHAPES:
            drawn = [f"draw={_rgb(pen)}"] if pen else []
            drawn += [f"fill={_rgb(fill)}"] if fill and kind.isupper() and kind != "L" else []
            yield f"\\path[{','.join(drawn)}{style}] {SHAPES[kind.lower()](operation)};"


def _color(given: str) -> str:
    """Six digits; none for what is transparent."""
    digits = given.removeprefix("#").upper()
    return "" if len(digits) == 8 and digits.endswith("00") else digits[:6]


def _rgb(digits: str) -> str:
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"


def _style(given: str) -> str:
    if given.startswith("setlinewidth"):
        return f",line width={given.removeprefix('setlinewidth(').rstrip(')')}bp"
    return "" if given == "solid" else f",{given}"


def _at(point: Point) -> str:
    return f"({point[0]:g},{point[1]:g})"


def _polygon(operation: Mapping[str, Any]) -> str:
    return " -- ".join(map(_at, operation["points"])) + " -- cycle"


def _line(operation: Mapping[str, Any]) -> str:
    return " -- ".join(map(_at, operation["points"]))


def _curve(operation: Mapping[str, Any]) -> str:
    start, *rest = map(_at, operation["points"])
    pieces = zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    return start + "".join(f" .. controls {a} and {b} .. {end}" for a, b, end in pieces)


def _ellipse(operation: Mapping[str, Any]) -> str:
    x, y, across, up = operation["rect"]
    return f"{_at((x, y))} ellipse [x radius={across:g}, y radius={up:g}]"


SHAPES = {"p": _polygon, "l": _line, "b": _curve, "e": _ellipse}


def _text(operation: Mapping[str, Any], pen: str, size: float) -> str:
    """A text on its line, in LaTeX's own font, which is narrower than the one that was measured."""
    font = rf"\fontsize{{{size:g}bp}}{{{size * 1.2:g}bp}}\ttfamily\selectfont\frenchspacing"
    options = (
        f"[anchor={ANCHORS[operation['align']]},inner sep=0pt,text={_rgb(pen)},font={{{font}}}]"
    )
    text = in_text(operation["text"].replace(BACKSLASH, "\\"))
    return f"\\node{options} at {_at(operation['pt'])} {{{text}}};"
