"""What users give to `draw` and to what it returns, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from autograd.arguments import integer
from autograd.errors import shown
from autograd.files import checked_path
from autograd.graph.node import Node

PATTERN = "step_{:02}.png"


def outputs_of(given: object) -> list[Node]:
    """The Values that are drawn.

    Raises:
        TypeError: If it is neither a `Value` nor a list of them.
    """
    outputs = list(given) if isinstance(given, list | tuple) else [given]
    nodes = [x for x in outputs if isinstance(x, Node)]
    if nodes and len(nodes) == len(outputs):
        return nodes
    wrong = next((x for x in outputs if not isinstance(x, Node)), given)
    what = shown(wrong) if outputs else f"an empty {type(given).__name__}"
    where = f" in a {type(given).__name__}" if wrong is not given else ""
    raise TypeError(
        f"draw: expected a Value or a list of Values, got {what}{where}; "
        "give what was computed from Values, as in draw(loss)"
    )


def refuse_others(fold: object, *more: object) -> None:
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


def choice(given: object, names: Iterable[str], receiver: str) -> None:
    """Raises ValueError if it is none of these names."""
    if given not in [*names]:
        raise ValueError(f"{receiver}: there is no {given!r:.60}; choose one of {', '.join(names)}")


def whole(given: object, receiver: str, most: int) -> int:
    """An integer from 1 to the most that is possible.

    Raises:
        TypeError: If it is no integer.
        ValueError: If it is another one.
    """
    number = integer(given, receiver)
    if not 1 <= number <= most:
        raise ValueError(f"{receiver}: expected a number from 1 to {most:,}, got {number:,}")
    return number


def dots(given: object, most: int) -> tuple[int, int]:
    """A width and a height.

    Raises:
        TypeError: If it is no pair of integers.
        ValueError: If one of them is not from 1 to the most that is possible.
    """
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise TypeError(
            f"size: expected a width and a height, such as (1280, 720), got {given!r:.60}"
        )
    width, height = given
    return whole(width, "size: width", most), whole(height, "size: height", most)


def numbered(pattern: str | os.PathLike[str], count: int) -> list[Path]:
    """The names of so many pictures.

    Raises:
        TypeError: If the pattern is no path.
        ValueError: If it does not give each a name of its own that ends in .png.
        FileNotFoundError: If a folder is not there.
    """
    if not isinstance(pattern, str | os.PathLike):
        raise TypeError(f"frames: expected a name such as {PATTERN!r}, got {shown(pattern)}")
    text = os.fspath(pattern)
    try:
        names = [text.format(number) for number in range(count)]
    except (IndexError, KeyError, ValueError):
        names = []
    if len(set(names)) < count or not text.lower().endswith(".png"):
        raise ValueError(
            f"frames: expected a name with a place for the number that ends in .png, such as "
            f"{PATTERN!r}, got {text!r:.60}"
        )
    return [Path(checked_path(name, "frames", PATTERN)) for name in names]
