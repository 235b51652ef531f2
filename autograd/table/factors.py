"""What a value is without a factor of its operands: the rules `over` of the table's rows.

Here `divided(x)` is x without the factor, or None where x has none.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any

Rule = Callable[..., Any]


def sum_over(divided: Rule, x: Any, y: Any) -> Any:
    """(x + y) without a factor of both."""
    first, second = divided(x), divided(y)
    return None if first is None or second is None else first + second


def product_over(divided: Rule, x: Any, y: Any) -> Any:
    """x·y without a factor of one."""
    first = divided(x)
    if first is not None:
        return first * y
    second = divided(y)
    return None if second is None else x * second


def quotient_over(divided: Rule, x: Any, y: Any) -> Any:
    """x/y without a factor of x; what a plain 0 divides has none."""
    first = None if type(y) is float and y == 0.0 else divided(x)
    return None if first is None else first / y


def power_over(m: Any, divided: Rule, x: Any, p: Any) -> Any:
    """x^p without a factor of x; p is a plain number of at least 1, else there is none."""
    first = divided(x) if type(p) is float and p >= 1 else None
    return None if first is None else first * m.pow(x, p - 1)


def choice_over(m: Any, divided: Rule, condition: Any, x: Any, y: Any) -> Any:
    """x or y without a factor; nan for the one that has none."""
    first, second = divided(x), divided(y)
    if first is None and second is None:
        return None
    return m.where(condition, nan if first is None else first, nan if second is None else second)
