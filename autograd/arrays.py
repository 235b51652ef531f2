"""NumPy's elementwise functions on Values, alone and in arrays of objects."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Complex
from typing import Any

from autograd.arguments import as_number
from autograd.operators import Operators


def ufunc_on_values(
    ufunc: Any, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]
) -> Any:
    """One of NumPy's elementwise functions, a Value among its inputs.

    It is our function of that name; where we have none, what NumPy does with arrays of objects.

    Raises:
        TypeError: If neither is there, or NumPy should write into a Value.
    """
    import numpy as np

    if any(isinstance(out, Operators) for out in options.get("out", ())):
        raise TypeError(
            f"np.{ufunc.__name__}: NumPy would write into a Value, here or within another of its "
            "functions, but a Value keeps what it was computed from; leave out= away, or write it "
            "as sums and products"
        )
    ours = _divmod if ufunc is np.divmod else getattr(Operators, ufunc.__name__, None)
    takes_objects = any("O" in types for types in ufunc.types)
    if ours and method == "__call__" and not options:
        if not any(map(np.ndim, inputs)):
            return ours(*inputs)
        if not takes_objects:
            return np.frompyfunc(ours, ufunc.nin, ufunc.nout)(*inputs)
    try:
        return getattr(ufunc, method)(*map(_boxed, inputs), **options)
    except (TypeError, AttributeError) as error:
        if takes_objects and ufunc.__name__ not in str(error):
            raise
        raise TypeError(
            f"np.{ufunc.__name__}: NumPy has it for numbers only, and autograd has no row for it; "
            "take value.data for the number, or a function of autograd for a node"
        ) from error


def _divmod(x: Any, y: Any) -> Any:
    """Python's divmod; a scalar of NumPy's would ask NumPy again what it is."""
    return divmod(_plain(x), _plain(y))


def _boxed(given: Any) -> Any:
    """A Value, or a scalar of NumPy's, as an array of one object: so NumPy asks nobody again."""
    import numpy as np

    if isinstance(given, np.ndarray | np.generic) and given.ndim == 0:
        given = _plain(np.asarray(given)[()])
    elif not isinstance(given, Operators):
        return given
    box = np.empty((), dtype=object)
    box[()] = given
    return box


def _plain(given: Any) -> Any:
    """An entry of an array as Python has it."""
    if isinstance(given, Operators):
        return given
    number = as_number(given)
    if number is None:
        return complex(given) if isinstance(given, Complex) else given
    return number
