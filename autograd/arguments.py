"""What users give, as the engine has it: numbers, integers, texts."""

from __future__ import annotations

import operator
from typing import Any

from autograd.errors import described


def as_number(given: Any) -> float | None:
    """`given` as a Python float, or None if it is not one real number.

    Raises:
        OverflowError: If it is an integer or a fraction beyond the largest float.
    """
    if isinstance(given, str | bytes) or not hasattr(type(given), "__float__"):
        return None
    # A torch tensor has a dtype without a kind; what has a gradient there warns when it is read.
    kind = getattr(getattr(given, "dtype", None), "kind", "f")
    if getattr(given, "shape", ()) != () or kind not in "biuf":
        return None
    try:
        return float(given.detach() if getattr(given, "requires_grad", False) else given)
    except OverflowError:
        raise OverflowError(
            f"a number of type {type(given).__name__} is beyond the largest float, 1.8e308"
        ) from None
    except (TypeError, ValueError, RuntimeError):  # such as of a complex tensor
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
