"""What can go wrong, in the user's words: what was given, what was expected, the remedy."""

from __future__ import annotations

import operator
import reprlib
from numbers import Complex, Real
from types import SimpleNamespace
from typing import Any

_short = reprlib.Repr()
_short.maxother = _short.maxstring = 80
_FLOAT = SimpleNamespace(kind="f")  # the dtype of what is no NumPy object


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


def as_number(given: Any) -> float | None:
    """`given` as a Python float, or None if it is not one real number.

    Raises:
        OverflowError: If it is an integer or a fraction beyond the largest float.
    """
    if isinstance(given, str | bytes) or not hasattr(type(given), "__float__"):
        return None
    if getattr(given, "shape", ()) != ():
        return None
    if getattr(getattr(given, "dtype", _FLOAT), "kind", "f") not in "biuf":  # torch has no kinds
        return None
    try:
        return float(given)
    except OverflowError:
        raise OverflowError(
            f"a number of type {type(given).__name__} is beyond the largest float, 1.8e308"
        ) from None
    except (TypeError, ValueError):
        return None


def number(given: Any, receiver: str, call: str = "Value(x)") -> float:
    """`given` as a Python float.

    Args:
        given: What should be a real number.
        receiver: Who asks for it, as the user wrote it: "Value", "exp", ...
        call: What to write for each entry x, if several were given.

    Raises:
        TypeError: If it is not one real number.
        OverflowError: If it is beyond the largest float.
    """
    result = as_number(given)
    if result is None:
        raise TypeError(f"{receiver}: expected a real number, got {described(given, call)}")
    return result


def integer(given: Any, receiver: str) -> int:
    """`given` as a Python integer; NumPy's integers are integers, too.

    Raises:
        TypeError: If it is not one.
    """
    if not hasattr(type(given), "__index__"):
        raise TypeError(f"{receiver}: expected an integer, got {given!r}")
    return operator.index(given)


def text(given: Any, receiver: str) -> str:
    """`given`, which must be a string.

    Raises:
        TypeError: If it is not one.
    """
    if not isinstance(given, str):
        raise TypeError(f"{receiver}: expected a string, got {described(given)}")
    return given


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
