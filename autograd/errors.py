"""What can go wrong, in the user's words: what was given, what was expected, the remedy."""

from __future__ import annotations

from numbers import Complex, Real
from typing import Any


def as_number(given: Any) -> float | None:
    """`given` as a Python float, or None if it is not one real number."""
    if isinstance(given, Real):
        return _as_float(given)
    scalar = getattr(given, "shape", ()) == () and not isinstance(given, Complex)
    return _as_float(given) if scalar and hasattr(type(given), "__float__") else None


def number(given: Any, receiver: str) -> float:
    """`given` as a Python float.

    Args:
        given: What should be a real number.
        receiver: Who asks for it, as the user wrote it: "Value", "exp", ...

    Raises:
        TypeError: If it is not one real number.
        OverflowError: If it is an integer beyond the largest float.
    """
    result = as_number(given)
    if result is None:
        raise TypeError(f"{receiver}: expected a real number, got {_described(given)}")
    return result


def text(given: Any, receiver: str) -> str:
    """`given`, which must be a string.

    Raises:
        TypeError: If it is not one.
    """
    if not isinstance(given, str):
        raise TypeError(f"{receiver}: expected a string, got {_described(given)}")
    return given


def _as_float(given: Any) -> float:
    try:
        return float(given)
    except OverflowError:
        raise OverflowError(
            f"an integer of {len(str(given))} digits is beyond the largest float, 1.8e308"
        ) from None


def _described(given: Any) -> str:
    """What was given and, where there is one, the remedy."""
    if isinstance(given, str):
        return f"the text {given!r}; convert it first, as in float(text)"
    if isinstance(given, Real):
        return f"the number {given!r}"
    if isinstance(given, Complex):
        return f"the complex number {given!r}; a graph is of real numbers"
    if given is None:
        return "None"
    kind = type(given).__name__
    if hasattr(given, "_data"):
        return f"a {kind}, which is a node already; take its number with .data"
    if hasattr(given, "__len__") or hasattr(given, "__iter__"):
        return f"a {kind}; give its entries one by one, as in [Value(x) for x in entries]"
    return f"a {kind}"
