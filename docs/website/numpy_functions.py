"""The page of NumPy's functions on Values: each is run, and what comes of it is written down.

    python -m docs.website.numpy_functions             prints the page
    python -m docs.website.numpy_functions --write     writes docs/numpy.md; a test holds it to that

A function is right if on Values it gives what it gives on numbers, and the gradient that
differences of that have.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd import IndependentWarning, Value, vjp

PAGE = Path(__file__).parents[1] / "numpy.md"
Function = Callable[..., Any]

# Files, settings, types, texts, dates; what takes functions, or arrays in which it writes.
OTHERS = {
    name
    for line in (
        "apply_along_axis apply_over_axes array2string array_repr array_str asmatrix base_repr",
        "binary_repr bmat busday_count busday_offset can_cast common_type datetime_as_string",
        "datetime_data format_float_positional format_float_scientific from_dlpack frombuffer",
        "fromfile fromfunction fromiter frompyfunc fromregex fromstring genfromtxt get_include",
        "get_printoptions getbufsize geterr geterrcall info is_busday isdtype isfortran",
        "issubdtype iterable load loadtxt may_share_memory min_scalar_type mintypecode",
        "nested_iters piecewise printoptions promote_types require result_type save savetxt savez",
        "savez_compressed set_printoptions setbufsize seterr seterrcall shares_memory show_config",
        "show_runtime test typename put_along_axis copyto place put putmask fill_diagonal empty",
        "empty_like row_stack fix isscalar einsum_path trapz in1d",
    )
    for name in line.split()
}

VECTOR, OTHER = np.array([0.55, 0.25, 0.8]), np.array([0.6, 0.35, 0.23])
MATRIX = np.array([[0.9, 0.2], [0.3, 0.7]])
POINTS: list[tuple[Any, Any]] = [
    (VECTOR, OTHER),
    (MATRIX, MATRIX.T + 0.11),
    (VECTOR, 0.4),
    (MATRIX, VECTOR[:2]),
    (VECTOR + 1, OTHER),
]
RIGHT, NOT_DEFINED, POLE = "right", "–", "nan"

HEAD = """\
# NumPy's functions

NumPy calls a method of each entry of an array of objects, so `np.exp` of an array of Values is an
array of Values. This page has every function of NumPy {version} and `np.linalg` that takes one or
two arguments of numbers. It is written by `python -m docs.website.numpy_functions --write`, which
runs each: on a Value, on an array of Values, and on an array in which one entry is a plain number,
as `np.append(x, 1.0)` makes it.

- **right**: the values are those on numbers, and the gradient is that of differences. Of a
  function that is true or false the truth is compared.
- **–**: NumPy does not have it for that on numbers either.
- **nan**: the gradient is, as the standard deviation of one number is √0, whose slope is inf,
  times 0. [Edges](edges.md) says more.
- A number: it is refused, with the error [below](#what-the-errors-say) of that number. Within
  `grad` and its kin and in `compile` an error of NumPy's is given in the library's words. Elsewhere
  NumPy's own stands alone, as it never asks the library.

None is silently wrong. Functions without a place here take other things than numbers: files, types,
texts, functions, or arrays in which they write.

| function | arguments | a Value | an array of Values | a mixed array |
| --- | --- | --- | --- | --- |
"""

ERRORS = """
## What the errors say

As they are seen where `f` is differentiated, with … for the name of NumPy's function.

"""


@dataclass(frozen=True)
class Outcomes:
    """What came of a function on a Value, on an array of Values and on a mixed one."""

    name: str
    arguments: int
    found: tuple[str, str, str]


def functions() -> Iterator[tuple[str, Function]]:
    """All functions of NumPy's that may be of numbers, by their names."""
    for home, prefix in ((np, "np"), (np.linalg, "np.linalg")):
        for name in sorted(home.__all__):
            function = getattr(home, name)
            if callable(function) and not isinstance(function, type) and name not in OTHERS:
                yield f"{prefix}.{name}", function


def entries(result: Any) -> list[Any] | None:
    """The numbers and Values in a result, in order; None if there is something else in it."""
    if isinstance(result, list | tuple):
        parts = [entries(part) for part in result]
        return None if None in parts else [x for part in parts for x in part or ()]
    if isinstance(result, np.ndarray):
        return entries(result.tolist() if result.ndim else result.item())
    if isinstance(result, np.generic):
        result = result.item()
    return [result] if isinstance(result, bool | int | float | Value) else None


def on_numbers(function: Function, given: Sequence[Any]) -> list[Any] | None:
    """The numbers that a function gives; None where it is not one of these arguments."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            found = entries(function(*given))
    except Exception:
        return None
    return found if found and np.all(np.isfinite(found)) else None


def outcome(function: Function, given: Sequence[Any], mixed: bool = False) -> str:
    """What comes of a function whose first operand is, or has, Values.

    Args:
        function: The function.
        given: Numbers and arrays.
        mixed: Whether the last entry of the first operand is a plain number.
    """
    first, *rest = given
    plain = on_numbers(function, given)
    if plain is None:
        return NOT_DEFINED
    varied = np.asarray(first, dtype=float).ravel()[: -1 if mixed else None]
    truths = all(type(x) is bool for x in plain)

    def f(*numbers: Any) -> list[Any]:
        operand: Any = numbers[0]
        if np.ndim(first):
            operand = np.array([*numbers, *np.ravel(first)[len(numbers) :]]).reshape(first.shape)
        found = entries(function(operand, *rest)) or [np.nan]
        return [bool(x) for x in found] if truths else found

    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", IndependentWarning)
            value, pull_back = vjp(f, *varied.tolist())
            slopes = [pull_back(list(unit)) for unit in np.eye(len(plain))]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if not np.allclose(value, plain, rtol=1e-12, atol=1e-12):
        return "wrong value"
    if np.isnan(slopes).any():
        return POLE
    differences = differences_of(f, varied, len(plain))
    if differences is None:
        return RIGHT
    return RIGHT if np.allclose(slopes, differences, rtol=1e-5, atol=1e-7) else "wrong gradient"


def differences_of(function: Function, at: Any, count: int) -> Any:
    """Central differences of a function of several numbers, a row for each result.

    None if it has not everywhere as many, as what two sets have in common: then it has no gradient.
    """
    step = 1e-6
    shifts = step * np.eye(at.size)
    pairs = [(function(*(at + h)), function(*(at - h))) for h in shifts]
    if any(len(results) != count for pair in pairs for results in pair):
        return None
    return np.array([np.subtract(*pair, dtype=float) / (2 * step) for pair in pairs]).T


def outcomes() -> Iterator[Outcomes]:
    """What comes of every function, of one argument and of two."""
    for name, function in functions():
        for count in (1, 2):
            if isinstance(function, np.ufunc) and function.nin != count:
                continue  # the second argument would be written into
            points = [point[:count] for point in deepcopy(POINTS)]  # some write into what they get
            given = next((p for p in points if on_numbers(function, p) is not None), None)
            if given is None:
                continue
            alone = [x.flat[0].item() if np.ndim(x) else x for x in given]
            found = (
                outcome(function, alone),
                outcome(function, given),
                outcome(function, given, mixed=True),
            )
            yield Outcomes(name, count, found)


def kind_of(error: str) -> str:
    """An error without what differs from function to function."""
    error = re.sub(r"ufunc '\w+'", "ufunc '…'", error)
    error = re.sub(r"np\.\w+: NumPy", "np.…: NumPy", error)
    error = re.sub(r"argument \d of type \S+ which", "argument … of type float which", error)
    error = re.sub(r"callable \w+ method", "callable … method", error)
    error = re.sub(r"'numpy.float64' object", "'float' object", error)
    error = re.sub(r"no attribute '\w+'", "no attribute '…'", error)
    error = re.sub(r"autograd\.\w+, \d, 1\)", "autograd.…, 2, 1)", error)
    return re.sub(r"input( \d)? from", "input from", error)


def page() -> str:
    """The page in Markdown."""
    kinds: dict[str, int] = {}
    rows = []
    for each in outcomes():
        cells = [f"`{each.name}`", str(each.arguments)]
        for found in each.found:
            is_error = found not in (RIGHT, NOT_DEFINED, POLE)
            number = kinds.setdefault(kind_of(found), len(kinds) + 1) if is_error else 0
            cells.append(str(number) if is_error else found)
        rows.append(f"| {' | '.join(cells)} |\n")
    version = np.__version__.rpartition(".")[0]
    errors = [f"{number}. {kind}\n" for kind, number in kinds.items()]
    return "".join([HEAD.format(version=version), *rows, ERRORS, *errors])


def main() -> None:
    """Prints the page or writes it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write docs/numpy.md")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
