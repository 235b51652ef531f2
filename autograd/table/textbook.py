"""Expressions of textbooks, which rows of the derivative table show and never compute with."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any

from autograd.table import formulas


def product(factors: Sequence[Any]) -> Any:
    """The product of the factors, from the first to the last."""
    return reduce(operator.mul, factors, 1.0)


def others(factors: Sequence[Any]) -> list[Any]:
    """For each of the factors the product of all the others."""
    return [product([*factors[:i], *factors[i + 1 :]]) for i in range(len(factors))]


def exponentials(m: Any, xs: Sequence[Any]) -> list[Any]:
    """exp(x) for each x."""
    return [m.exp(x) for x in xs]


def softmax(m: Any, xs: Sequence[Any]) -> list[Any]:
    """exp(x)/Σ exp(x) for each x."""
    weights = exponentials(m, xs)
    return [weight / formulas.total(weights) for weight in weights]


def softmax_less_target(m: Any, xs: Sequence[Any], target: int) -> list[Any]:
    """The same, less 1 for the target."""
    return [p - 1 if i == target else p for i, p in enumerate(softmax(m, xs))]


def chosen(m: Any, xs: Sequence[Any], best: Any) -> list[Any]:
    """1 for what is the best, 0 for the others."""
    return [m.where(m.equal(x, best), 1, 0) for x in xs]
