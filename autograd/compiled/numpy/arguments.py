"""The arguments of a program that runs on arrays: each a number or an array of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.arguments import number

WIDTHS = (4, 8)  # bytes of the floats that programs compute with; sums are of the wider kind


def checked(given: Any, name: str) -> float | NDArray[Any]:
    """An argument as a number or an array of numbers.

    Args:
        given: The argument: a number, an array, or what NumPy makes one of.
        name: What it is called in messages, as in "program: x".

    Raises:
        TypeError: If it is not of real numbers, or of a kind that would lose digits.
        ValueError: If it has masked entries, or rows of different lengths.
    """
    if isinstance(given, float | int):
        return number(given, name)
    if np.ma.is_masked(given):
        raise ValueError(
            f"{name}: got an array with masked entries, which a program would not leave out; give "
            "the others alone, as in x.compressed(), or numbers in their place, as in x.filled(0)"
        )
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError(
            f"{name}: got a {type(given).__name__} whose rows have different lengths; give rows of "
            "one length, or an array of one dimension"
        ) from None
    dtype = array.dtype
    is_known = dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize in WIDTHS)
    if array.ndim == 0:
        return float(array) if dtype.kind in "biuf" else number(given, name)
    if not is_known:
        remedy = "take its real part" if dtype.kind == "c" else "convert it, as in x.astype(float)"
        raise TypeError(
            f"{name}: expected an array of float64 or float32, or of integers, got one of "
            f"{dtype}; {remedy}"
        )
    return array
