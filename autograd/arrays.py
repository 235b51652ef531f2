"""NumPy's functions on Values, alone and in arrays of objects; why some cannot be, in words."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Mapping
from numbers import Complex, Number
from typing import Any

from autograd.arguments import as_number
from autograd.operators import Operators
from autograd.table import TABLE

MIXED = (
    "an array has Values and plain numbers in it, or autograd has no function of that name; make "
    "the numbers Values, as in np.append(x, Value(1.0))"
)


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


def refusal_of_numpy(error: Exception, doing: str) -> TypeError | None:
    """An error that names cause and way out, if NumPy raised this one over an array of Values.

    To NumPy such an array is one of Python objects, of which it says "dtype('O')" or "float has no
    callable exp method".

    Args:
        error: What a user's function raised.
        doing: Who called the function, as in "grad: f".
    """
    text = str(error)
    raised = f"{doing} raised {type(error).__name__}: {text}"
    if "no callable" in text:
        return TypeError(f"{raised}; {MIXED}")
    if "to numeric" in text:  # as pandas says
        return TypeError(
            f"{raised}; pandas turns the entries of a series into floats here; take "
            "series.to_numpy(), of which np.mean, np.var and np.std are right"
        )
    if _is_mixed(error):
        return TypeError(f"{raised}; {MIXED}")
    about_objects = any(sign in text for sign in ("('O')", "for the input types", "type object"))
    asked = getattr(error, "name", "")  # of which attribute a Value has none
    if about_objects or _is_ufunc(asked) or _within_numpy(error):
        return TypeError(
            f"{raised}; NumPy has this function for arrays of numbers only, and an array of Values "
            f"is one of objects; {_way_out(text)}, or take value.data for numbers"
        )
    return None


def _way_out(text: str) -> str:
    """What to write in place of a function of NumPy's: ours of that name, entry by entry."""
    name = re.search(r"ufunc '(\w+)' not supported", text)
    ours = TABLE.get(name[1]) if name else None
    if ours:
        return f"write np.frompyfunc(autograd.{ours.name}, {len(ours.arguments)}, 1)(…)"
    return "write it as sums and products of the entries"


def _is_ufunc(name: str) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(getattr(numpy, name, None), numpy.ufunc)


def _is_mixed(error: Exception) -> bool:
    """Whether a plain number in an array of the user's was asked for a function."""
    given, name = getattr(error, "obj", None), getattr(error, "name", "")
    return isinstance(given, Number) and _is_ufunc(name) and not _within_numpy(error)


def _within_numpy(error: Exception) -> bool:
    """Whether Python code of NumPy's asked an object of an array for what it has not."""
    if not isinstance(error, AttributeError):
        return False
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or not str(frames[-1].f_globals.get("__name__", "")).startswith("numpy"):
        return False
    return any(str(getattr(x, "dtype", "")) == "object" for x in frames[-1].f_locals.values())
