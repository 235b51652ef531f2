"""The numbers of a point and of a claimed gradient: out of nested lists, and back into them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Set
from typing import Any

from autograd import Value
from autograd.arguments import as_number
from autograd.errors import shown

DEEPEST = 100  # lists in each other


class Unusable(Exception):  # noqa: N818 - never seen by a user
    """The function, or what was claimed of it, cannot be checked; the message says why."""


def _is_array(given: Any) -> bool:
    return hasattr(given, "shape") and hasattr(given, "tolist") and given.shape != ()


def named_entries(given: Any, name: str, depth: int = 0) -> Iterator[tuple[str, float]]:
    """The numbers of one argument and their names."""
    if depth > DEEPEST:
        what = name.partition("[")[0]
        raise Unusable(
            f"the point's entry {what} has lists in each other, more than {DEEPEST} deep; does it "
            "contain itself?"
        )
    number = given.data if isinstance(given, Value) else as_number(given)
    if number is not None:
        yield name, float(number)
    elif isinstance(given, list | tuple) or _is_array(given):
        for i, entry in enumerate(given):
            yield from named_entries(entry, f"{name}[{i}]", depth + 1)
    else:
        raise Unusable(
            f"the point's entry {name} is {shown(given)}; give a number or a list of them"
        )


def rebuilt(given: Any, entries: Iterator[Any]) -> Any:
    """The next entries in the form of `given`."""
    if _is_array(given):
        import numpy as np

        flat = [next(entries) for _ in range(given.size)]
        dtype = object if isinstance(flat[0], Value) else float
        array = np.empty(given.size, dtype=dtype)
        array[:] = flat
        return array.reshape(given.shape)
    if isinstance(given, list | tuple):
        return type(given)(rebuilt(entry, entries) for entry in given)
    return next(entries)


def flat(arguments: Any) -> Iterator[Any]:
    """The entries of nested arguments."""
    for entry in arguments.flat if _is_array(arguments) else arguments:
        if isinstance(entry, list | tuple) or _is_array(entry):
            yield from flat(entry)
        else:
            yield entry


def claims(claimed: Any, depth: int = 0) -> Iterator[Any]:
    """The claimed numbers, flat; text is a figure as it was printed."""
    if depth > DEEPEST:
        raise Unusable(f"claimed has lists in each other, more than {DEEPEST} deep")
    if isinstance(claimed, Value):
        yield claimed.data
    elif isinstance(claimed, str):
        try:
            yield Figure(claimed)
        except ValueError:
            raise Unusable(f"claimed has the text {claimed!r}, which is no number") from None
    elif as_number(claimed) is not None:
        yield as_number(claimed)
    elif hasattr(claimed, "__iter__") and not isinstance(claimed, Mapping | Set):
        for entry in claimed:
            yield from claims(entry, depth + 1)
    else:
        raise Unusable(
            f"claimed has {shown(claimed)}, which is no number; give one for each input, in order"
        )


class Figure(float):
    """A number as it was printed: right if the exact one rounds to it.

    Attributes:
        half_unit: Half a unit of its last digit.
    """

    half_unit: float

    def __new__(cls, text: str) -> Figure:
        figure = super().__new__(cls, text)
        mantissa, _, exponent = text.strip().lower().partition("e")
        decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
        figure.half_unit = 0.5 * 10.0**-decimals if math.isfinite(figure) else 0.0
        return figure
