"""What messages say of a call: the function's name, its arguments' names, what it raised."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


def name_of(function: Any) -> str:
    """What a function is called in messages; one of a class with the name of that."""
    name: str = getattr(function, "__name__", type(function).__name__)
    owner = getattr(function, "__self__", None)
    return f"{owner.__name__}.{name}" if isinstance(owner, type) else name


def described(error: Exception) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """The names of the function's positional arguments, x1, x2, … for those without."""
    names: list[str] = []
    try:
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                names.append(parameter.name)
    except (TypeError, ValueError):
        pass
    return names[:count] + [f"x{i + 1}" for i in range(len(names), count)]
