"""The vocabulary `m` on Values: a rule that is run on it records, so its result has a gradient.

The elementary functions are the public ones of the same names. A condition is a bool, of which
`where` takes one arm and leaves the other out of the graph; while a function is recorded for every
input it is a Value, and both arms stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from autograd import functions
from autograd.graph import every_input, tracing
from autograd.language import floats
from autograd.language.elementary import CONSTANTS, FUNCTIONS
from autograd.value import Value

globals().update({name: getattr(floats, name) for name in CONSTANTS})


def __getattr__(name: str) -> Any:
    """An elementary function, made when it is first looked up."""
    if name not in FUNCTIONS:
        raise AttributeError(f"module 'autograd.transforms.vocabulary' has no attribute {name!r}")
    globals()[name] = found = getattr(functions, name)
    return found


def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition holds, else y."""
    if isinstance(condition, Value) and every_input.active():
        return functions.where(condition, x, y)
    return x if condition else y


def both(first: Any, second: Any) -> Any:
    """Whether both conditions hold."""
    return where(first, second, False)


def either(first: Any, second: Any) -> Any:
    """Whether at least one of the conditions holds."""
    return where(first, True, second)


def equal(x: Any, y: Any) -> Any:
    """Whether x == y; nan equals nothing."""
    return x == y


def largest(values: Sequence[Any]) -> Any:
    """The largest of the values, itself and not a copy, so that x - largest is flat where it is x.

    Of equal ones it is the first, as with `max`.
    """
    return reduce(lambda best, x: where(x > best, x, best), values)


def product_error(x: Any, y: Any) -> Any:
    """x·y minus its rounded product: of real numbers that is 0, so its derivative is 0."""
    if every_input.active() and (isinstance(x, Value) or isinstance(y, Value)):
        return tracing.product_error(x, y)
    return floats.product_error(_number(x), _number(y))


def _number(given: Any) -> float:
    return given._data if isinstance(given, Value) else given
