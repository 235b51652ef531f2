"""What can go wrong, in the user's words: what was given, what was expected, the remedy."""

from __future__ import annotations

import reprlib
from numbers import Complex, Real
from typing import Any

_short = reprlib.Repr()
_short.maxother = _short.maxstring = 80


class AnomalyError(RuntimeError):  # no ArithmeticError: generated code catches these
    """An operation, or a step of the reverse pass, gave nan or an infinity; see `detect_anomaly`.

    Attributes:
        node: The node of the operation.
        line: `"file:line"` of the code that created it; "" if that was before it was watched.
    """

    def __init__(self, message: str, node: Any = None, line: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.line = line


class IndependentWarning(UserWarning):
    """What a function returned does not depend on its inputs, so its gradient is 0."""


def shown(given: Any) -> str:
    """What was given with its type, as in "float 3.0"; of what is long a part."""
    written = _short.repr(given)
    kind = type(given).__name__
    says_its_kind = given is None or written.startswith((f"{kind}(", "<"))
    return written if says_its_kind else f"{kind} {written}"


def described(given: Any, call: str = "Value(x)") -> str:
    """What was given and, where there is one, the remedy.

    Args:
        given: What was given.
        call: What to write for each entry x, if several were given.
    """
    if isinstance(given, str):
        return f"the text {given!r}; convert it first, as in float(text)"
    if isinstance(given, Real):
        return f"the number {given!r}"
    if isinstance(given, Complex):
        return f"the complex number {given!r}; a graph is of real numbers"
    if given is None:
        return "None"
    if getattr(given, "shape", None) == ():
        return f"{given!r}"
    kind = type(given).__name__
    if hasattr(given, "_data"):
        return f"a {kind}, which is a node already; take its number with .data"
    if hasattr(given, "__len__") or hasattr(given, "__iter__"):
        return f"a {kind}; give its entries one by one, as in [{call} for x in entries]"
    return f"a {kind}"
