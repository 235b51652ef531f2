"""What a row of the derivative table is, and the table itself.

The rows are in `rules.py`. Every other module reads them here and names no operation.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from math import inf
from typing import Any, TypeVar

Rule = Callable[..., Any]
BOUND = 4.0  # units in the last place


@dataclass(frozen=True)
class Interval:
    """The closed interval from `low` to `high` of one argument's domain."""

    low: float = -inf
    high: float = inf

    def __contains__(self, x: float) -> bool:
        return self.low <= x <= self.high

    def __str__(self) -> str:
        if self == REAL:
            return "all numbers"
        if self.high == inf:
            return f"[{self.low:g}, ∞)"
        return f"[{self.low:g}, {self.high:g}]"


REAL = Interval()


@dataclass(frozen=True, eq=False)
class Operation:
    """One row of the derivative table.

    Attributes:
        name: The name of the function and, for operators, of the node.
        value: `value(m, *arguments)`, the result, written over a vocabulary `m` of elementary
            functions. A variadic operation gets one list for each group of its operands.
        partials: `partials(m, *arguments, y)`, the local derivatives by the arguments, where y is
            the value: one expression for one argument, else a tuple (for a variadic operation a
            tuple of lists). Settings have none.
        meaning: What it computes, in one line.
        domain: For each argument the interval on which it is differentiable, kinks included.
        convention: Where it is not differentiable and what is taken there; "" if nowhere.
        textbook_value: The value as a textbook writes it, for explanations; None where `value` is
            written like that.
        textbook: The same for the local derivatives and `partials`.
        value_bound: The largest error of the value, in units in the last place; that of the local
            derivatives is `BOUND`.
        bound_reason: Why a bound is not `BOUND`, or which size the errors are relative to.
        orders_reason: Where derivatives of second to sixth order are not within 1e-12 of
            themselves, and why; "" if they are wherever they are normal floats.
        symbol: The operator as Python writes it, such as "+"; "" for a function.
        settings: The names of trailing arguments that are plain numbers without a derivative,
            with their defaults (None if it has to be given).
        groups: For a variadic operation the names of its groups of operands; else ().
        single: The groups that are one operand, or `None` for none.
        at_least: The fewest operands that a variadic operation takes.
        method: Whether it is also a method of `Value`.
        aliases: Other names of the method, as NumPy calls it on object arrays.
        drops_zero: Operands whose local derivative is exactly zero by the rule get no edge, so
            that nothing that happens in them (an inf, a nan) reaches the gradient.
        partial_size: `partial_size(*arguments)`, a size to which the bound of the local derivatives
            is relative where the derivative itself is smaller.
        is_norm: Whether the value is the Euclidean norm of the operands, whose square is smooth.
        over: `over(m, divided, *operands)`: the value without a factor of the operands, where
            `divided(operand)` is the operand without it, or None; None if the value has none,
            nan where it has none.
        check: `check(*groups, *settings)` raises where a variadic operation is not defined.
    """

    name: str
    value: Rule
    partials: Rule
    meaning: str
    domain: tuple[Interval, ...] = (REAL,)
    convention: str = ""
    textbook_value: Rule | None = None
    textbook: Rule | None = None
    value_bound: float = BOUND
    bound_reason: str = ""
    orders_reason: str = ""
    symbol: str = ""
    settings: tuple[tuple[str, float | None], ...] = ()
    groups: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    at_least: int = 1
    method: bool = True
    aliases: tuple[str, ...] = ()
    drops_zero: bool = False
    partial_size: Callable[..., float] | None = None
    is_norm: bool = False
    over: Rule | None = None
    check: Callable[..., None] | None = None

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the differentiable arguments; those of the groups if it is variadic."""
        names = tuple(inspect.signature(self.value).parameters)[1:]
        return names[: len(names) - len(self.settings)]

    @cached_property
    def made(self) -> dict[Any, Any]:
        """What `kept_with_row` has made of the row."""
        return {}

    @property
    def is_operator(self) -> bool:
        """Whether Python has an operator or a builtin for it, so that it has special methods."""
        return bool(self.symbol)

    @property
    def is_function(self) -> bool:
        """Whether it has a public function: all but what is written with an operator only."""
        return not self.symbol or self.symbol.isidentifier()

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of its methods of `Value`, the special ones apart."""
        own = self.method and not self.is_operator and not self.groups
        return (self.name, *self.aliases) if own else self.aliases

    def grouped(self, operands: Sequence[Any]) -> list[list[Any]]:
        """The flat operands of a variadic operation as its groups; a single one is the last."""
        many = len(self.groups) - len(self.single)
        size = len(operands) // many
        starts = range(0, len(self.groups) * size, size)
        return [list(operands[start : start + size]) for start in starts]

    def __reduce__(self) -> tuple[Any, ...]:
        return find, (self.name,)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


TABLE: dict[str, Operation] = {}

Made = TypeVar("Made")


def kept_with_row(make: Callable[..., Made]) -> Callable[..., Made]:
    """A function of a row, and of what can be a key, whose results are freed with the row."""

    @wraps(make)
    def kept(operation: Operation, *key: Any) -> Made:
        made, place = operation.made, (make, key)
        if place not in made:
            made[place] = make(operation, *key)
        result: Made = made[place]
        return result

    return kept


def row(name: str, value: Rule, partials: Rule, meaning: str, **more: Any) -> Operation:
    """Adds an operation to the table; see `Operation` for the arguments."""
    if name in TABLE:
        raise ValueError(f"there is already an operation named {name!r}; choose another name")
    TABLE[name] = operation = Operation(name, value, partials, meaning, **more)
    return operation


def find(name: str) -> Operation:
    """The row of that name; the way back from a pickled node to its operation."""
    try:
        return TABLE[name]
    except KeyError:
        raise LookupError(
            f"no operation named {name!r} is registered; import the module that registers it "
            "before loading this graph"
        ) from None
