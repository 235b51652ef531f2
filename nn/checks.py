"""Checks of arguments that several files need; their errors say what was expected and given."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from autograd import Value

F = TypeVar("F", bound=Callable[..., Any])


def real(given: Any, name: str, expected: str, low: float = 0.0, high: float = math.inf) -> float:
    """`given` as a float, at least `low` and below `high`.

    Args:
        given: What should be such a number.
        name: What the caller calls it.
        expected: The words for what it should be, such as "a number from 0 to below 1".
        low: The smallest number that is allowed.
        high: The smallest number that is too large.

    Raises:
        ValueError: If it is not such a number.
    """
    numeric = hasattr(given, "__float__") and not isinstance(given, str | bool | Value)
    if not numeric or not low <= given < high:
        raise ValueError(f"{name} must be {expected}, got {given!r}")
    return float(given)


def positive(given: Any, name: str) -> float:
    """`given` as a positive float.

    Raises:
        ValueError: If it is not a positive number.
    """
    return real(given, name, "a positive number", math.ulp(0.0))


def from_zero(given: Any, name: str) -> float:
    """`given` as a float that is zero or positive.

    Raises:
        ValueError: If it is not such a number.
    """
    return real(given, name, "a number from 0 on")


def count(given: Any, name: str, least: int = 1) -> int:
    """`given` as an integer of at least 1, or of at least 0.

    Raises:
        TypeError: If it is not an integer.
        ValueError: If it is less.
    """
    expected = "a positive integer" if least else "an integer from 0 on"
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise TypeError(f"{name}: expected {expected}, got {given!r}")
    if operator.index(given) < least:
        raise ValueError(f"{name}: expected {expected}, got {given!r}")
    return operator.index(given)


def flag(given: Any, name: str, expected: str = "True or False") -> bool:
    """`given`, which must be True or False, of Python or of NumPy.

    Args:
        given: What should be one of these.
        name: What the caller calls it.
        expected: The words for what it may be.

    Raises:
        TypeError: If it is neither.
    """
    if type(given).__name__ not in ("bool", "bool_"):
        raise TypeError(f"{name}: expected {expected}, got {given!r}")
    return bool(given)


def state(given: Any, name: str, keys: set[str]) -> dict[str, Any]:
    """`given`, which must be a dictionary with exactly these keys.

    Raises:
        ValueError: If it is something else.
    """
    if not isinstance(given, dict) or set(given) != keys:
        shown = sorted(map(str, given)) if isinstance(given, dict) else type(given).__name__
        raise ValueError(f"{name}: expected a state with {sorted(keys)}, got {shown}")
    return given


def state_count(given: Any, name: str, of: str) -> int:
    """`given`, which must be a number of such things in a state.

    Args:
        given: What should be an integer from 0 on.
        name: What the state is of.
        of: "steps", "epochs" or "samples".

    Raises:
        ValueError: If it is not such an integer.
    """
    if type(given) is not int or not 0 <= given < 2**63:
        raise ValueError(f"{name}: {given!r:.60} is no number of {of}")
    return given


def named(given: str | F, known: Mapping[str, F], kind: str, argument: str) -> F:
    """The function that a name stands for; a function that is given is returned as it is.

    Args:
        given: The name or the function.
        known: The functions by their names.
        kind: What such a function is called, for messages.
        argument: What the caller calls it, for messages.

    Raises:
        ValueError: If no function has that name.
        TypeError: If it is neither a name nor a function.
    """
    if callable(given):
        return given
    if not isinstance(given, str):
        raise TypeError(f"{argument}: expected a name or a function, got {given!r}")
    if given not in known:
        raise ValueError(
            f"{argument}: unknown {kind} {given!r}; choose one of {', '.join(known)}, or give a "
            "function"
        )
    return known[given]
