"""`m` on NumPy arrays, with the bits that the eager engine has.

NumPy's own exponential and its kin differ from the platform's in the last place. So only what
IEEE 754 defines to the last bit is computed by NumPy; other functions are called number by number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd.language import compensated, floats
from autograd.language.elementary import CONSTANTS, ELEMENTARY

EXACT = ("abs", "sqrt", "where", "both", "either", "equal")


class Vocabulary:
    """The vocabulary on arrays."""

    def __init__(self) -> None:
        for name in CONSTANTS:
            setattr(self, name, getattr(floats, name))
        for name in EXACT:
            setattr(self, name, getattr(np, ELEMENTARY[name].numpy or name))
        for name, form in ELEMENTARY.items():
            if name.isidentifier() and not hasattr(self, name):
                home, _, plain = form.plain.partition(".")
                quick = getattr(math, plain) if home == "math" else form.on_floats
                setattr(self, name, _each(quick, form.on_floats))

    def largest(self, values: Sequence[Any]) -> Any:
        """The largest, as Python's `max` has it."""
        return reduce(lambda x, y: np.where(y > x, y, x), values)

    def product_error(self, x: Any, y: Any) -> Any:
        """x·y minus its rounded product."""
        return compensated.product_error(self, x, y)

    def cbrt(self, x: Any) -> Any:
        """The real cube root."""
        return np.where(np.equal(x, 0.0), x, compensated.cbrt(self, x))

    def either(self, first: Any, second: Any) -> Any:
        """Whether at least one of the conditions holds."""
        return np.logical_or(first, second)


def _each(plain: Callable[..., float], guarded: Callable[..., float]) -> Callable[..., Any]:
    """A function of floats, applied entry by entry; the guarded one where the plain one raises."""

    def on_arrays(*operands: Any) -> Any:
        arrays = np.broadcast_arrays(*operands)
        columns = [array.ravel().tolist() for array in arrays]
        try:
            found = [*map(plain, *columns)]
        except (ArithmeticError, ValueError):  # what IEEE 754 says instead
            found = [*map(guarded, *columns)]
        return np.array(found).reshape(arrays[0].shape)

    return on_arrays


ARRAYS = Vocabulary()
