"""Why NumPy or pandas cannot do something with Values, in the user's words: cause and way out."""

from __future__ import annotations

import re
import sys
import traceback
from numbers import Number

from autograd.table import TABLE

MIXED = (
    "an array has Values and plain numbers in it, or autograd has no function of that name; make "
    "the numbers Values, as in np.append(x, Value(1.0))"
)


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
    about_objects = any(sign in text for sign in ("('O')", "for the input types"))
    if about_objects or _is_ufunc(error) or _within_numpy(error):
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


def _is_ufunc(error: Exception) -> bool:
    """Whether an object was asked for a method that has the name of a function of NumPy's."""
    numpy, name = sys.modules.get("numpy"), str(getattr(error, "name", ""))
    return numpy is not None and isinstance(vars(numpy).get(name), numpy.ufunc)


def _is_mixed(error: Exception) -> bool:
    """Whether a plain number in an array of the user's was asked for a function."""
    given = getattr(error, "obj", None)
    return isinstance(given, Number) and _is_ufunc(error) and not _within_numpy(error)


def _within_numpy(error: Exception) -> bool:
    """Whether Python code of NumPy's asked an object of an array for what it has not."""
    if not isinstance(error, AttributeError):
        return False
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or not str(frames[-1].f_globals.get("__name__", "")).startswith("numpy"):
        return False
    return any(str(getattr(x, "dtype", "")) == "object" for x in frames[-1].f_locals.values())
