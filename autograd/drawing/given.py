"""What users give to `draw` and to what it returns, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

from autograd.arguments import integer
from autograd.errors import shown
from autograd.graph.node import Node


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
    what = shown(wrong) if outputs else "an empty one"
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
