"""Symbols: what a rule of the derivative table is run on to read its formula.

A `Trace` is the vocabulary `m` on symbols. Running a rule on it records each elementary step
once: equal steps are one and the same `Symbol`, so common subexpressions are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import ieee
from autograd.table import Operation

Term = Any  # a Symbol, or a number that becomes one

# fmt: off
CONSTANTS = {
    "log2_e", "log10_e", "sqrt_half", "sqrt_half_rest", "two_over_sqrt_pi", "inverse_sqrt_two_pi",
}
FUNCTIONS = {
    "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "pow", "hypot",
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
    "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc",
    "abs", "where", "both", "equal", "product_error",
}
# fmt: on


class Symbol:
    """A step of a formula: a `head` (an operator, a function, ...) and what it is applied to."""

    __slots__ = ("arguments", "head", "trace")

    def __init__(self, trace: Trace, head: str, arguments: tuple[Any, ...]) -> None:
        self.trace = trace
        self.head = head
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"{self.head}{self.arguments}"

    def __bool__(self) -> bool:
        raise TypeError(
            "a rule cannot branch with `if`, `and`, `max` or the like on its arguments; "
            "write m.where(condition, x, y), m.both(first, second) or m.largest(values)"
        )

    def is_constant(self, number: float) -> bool:
        return self.head == "constant" and self.arguments[0] == number

    def __neg__(self) -> Symbol:
        return self.trace.step("negative", self)

    def __add__(self, other: Term) -> Symbol:
        return self.trace.step("+", self, other)

    def __radd__(self, other: Term) -> Symbol:
        return self.trace.step("+", other, self)

    def __sub__(self, other: Term) -> Symbol:
        return self.trace.step("-", self, other)

    def __rsub__(self, other: Term) -> Symbol:
        return self.trace.step("-", other, self)

    def __mul__(self, other: Term) -> Symbol:
        return self.trace.times(self, self.trace.symbol(other))

    def __rmul__(self, other: Term) -> Symbol:
        return self.trace.times(self.trace.symbol(other), self)

    def __truediv__(self, other: Term) -> Symbol:
        return self.trace.step("/", self, other)

    def __rtruediv__(self, other: Term) -> Symbol:
        return self.trace.step("/", other, self)

    def __lt__(self, other: Term) -> Symbol:
        return self.trace.step("<", self, other)

    def __le__(self, other: Term) -> Symbol:
        return self.trace.step("<=", self, other)

    def __gt__(self, other: Term) -> Symbol:
        return self.trace.step(">", self, other)

    def __ge__(self, other: Term) -> Symbol:
        return self.trace.step(">=", self, other)


class Trace:
    """The vocabulary on symbols."""

    def __init__(self) -> None:
        self._steps: dict[tuple[Any, ...], Symbol] = {}

    def symbol(self, term: Term) -> Symbol:
        """The term itself, or the constant symbol of a number."""
        return term if isinstance(term, Symbol) else self.step("constant", float(term))

    def argument(self, name: str) -> Symbol:
        """The symbol of an argument of the rule."""
        return self.step("argument", name)

    def step(self, head: str, *terms: Any) -> Symbol:
        """The one symbol of this head applied to these terms."""
        atom = head in ("argument", "constant")
        arguments = terms if atom else tuple(self.symbol(term) for term in terms)
        key = (head, *(repr(term) if atom else id(term) for term in arguments))
        if key not in self._steps:
            self._steps[key] = Symbol(self, head, arguments)
        return self._steps[key]

    def times(self, left: Symbol, right: Symbol) -> Symbol:
        """left · right, without a multiplication by one."""
        for factor, other in ((left, right), (right, left)):
            if factor.is_constant(1.0):
                return other
            if factor.is_constant(-1.0):
                return -other
        return self.step("*", left, right)

    def largest(self, values: Sequence[Term]) -> Symbol:
        """The largest of the values."""
        return self.step("largest", *values)

    def __getattr__(self, name: str) -> Any:
        if name in FUNCTIONS:
            return lambda *terms: self.step(name, *terms)
        if name in CONSTANTS:
            return self.symbol(getattr(ieee, name))
        raise AttributeError(
            f"rules have no function or constant {name!r}; they have "
            f"{', '.join(sorted(FUNCTIONS | CONSTANTS | {'largest'}))}"
        )


class Formula:
    """The value and the local derivatives of an operation as symbols.

    Args:
        operation: The row to read.
        sizes: How many operands each group of a variadic operation has; () for others.
        settings: The settings of a variadic operation, which are part of its form.

    Attributes:
        arguments: The names of the differentiable arguments, flat.
        value: The symbol of the value.
        partials: The symbols of the local derivatives, in the order of `arguments`.
    """

    def __init__(
        self, operation: Operation, sizes: Sequence[int] = (), settings: Sequence[Any] = ()
    ) -> None:
        self.trace = Trace()
        if operation.groups:
            named = zip(operation.groups, sizes, strict=True)
            groups = [[f"{name}_{i}" for i in range(size)] for name, size in named]
            self.arguments = tuple(name for group in groups for name in group)
            terms: list[Any] = [[self.trace.argument(n) for n in group] for group in groups]
            terms += settings
        else:
            self.arguments = operation.arguments
            names = [*self.arguments, *(name for name, _ in operation.settings)]
            terms = [self.trace.argument(name) for name in names]
        self.value = self.trace.symbol(operation.value(self.trace, *terms))
        partials = flat_partials(operation, operation.partials(self.trace, *terms, self.value))
        self.partials = [self.trace.symbol(partial) for partial in partials]


def flat_partials(operation: Operation, partials: Any) -> list[Any]:
    """What the rule for the local derivatives returned as one list, an entry an operand."""
    if operation.groups:
        return [partial for group in partials for partial in group]
    return list(partials) if isinstance(partials, tuple) else [partials]
