"""Symbols: what a rule of the derivative table is run on to read its formula.

A `Trace` is the vocabulary `m` on symbols. Running a rule on it records each elementary step
once: equal steps are one and the same `Symbol`, so common subexpressions are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

from autograd.language import floats
from autograd.language.elementary import AND, COMPARISON, CONSTANTS, ELEMENTARY, FUNCTIONS, OR

# The heads of steps that are true or false.
CONDITIONS = {head for head, form in ELEMENTARY.items() if form.binding in (OR, AND, COMPARISON)}

Term = Any  # a Symbol, or a number that becomes one


def _infix(head: str) -> tuple[Callable[[Symbol, Term], Symbol], Callable[[Symbol, Term], Symbol]]:
    """An operator, and the same with its operands exchanged."""
    return (
        lambda symbol, other: symbol.trace.step(head, symbol, other),
        lambda symbol, other: symbol.trace.step(head, other, symbol),
    )


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
        """Whether it is this number."""
        return self.head == "constant" and self.arguments[0] == number

    def __neg__(self) -> Symbol:
        return self.trace.step("negative", self)

    def __mul__(self, other: Term) -> Symbol:
        return self.trace.times(self, self.trace.symbol(other))

    def __rmul__(self, other: Term) -> Symbol:
        return self.trace.times(self.trace.symbol(other), self)

    __add__, __radd__ = _infix("+")
    __sub__, __rsub__ = _infix("-")
    __truediv__, __rtruediv__ = _infix("/")
    __mod__, __rmod__ = _infix("%")
    __floordiv__, __rfloordiv__ = _infix("//")
    __lt__, _ = _infix("<")
    __le__, _ = _infix("<=")
    __gt__, _ = _infix(">")
    __ge__, _ = _infix(">=")


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
        first, *rest = values
        return self.step("largest", first, *rest) if rest else self.symbol(first)

    def __getattr__(self, name: str) -> Any:
        if name in FUNCTIONS:
            return lambda *terms: self.step(name, *terms)
        if name in CONSTANTS:
            return self.symbol(getattr(floats, name))
        raise AttributeError(
            f"rules have no function or constant {name!r}; they have "
            f"{', '.join(sorted(FUNCTIONS.union(CONSTANTS)))}"
        )


def is_condition(symbol: Symbol) -> bool:
    """Whether a symbol is true or false, and no number."""
    is_truth = symbol.head == "constant" and isinstance(symbol.arguments[0], bool)
    return is_truth or symbol.head in CONDITIONS


def steps_of(outputs: Sequence[Symbol], known: Container[Symbol] = ()) -> Iterator[Symbol]:
    """Each step that the outputs need beyond known ones, once, after what it is applied to."""
    entered: set[Symbol] = set()
    done: set[Symbol] = set()
    stack = list(reversed(outputs))
    while stack:
        symbol = stack.pop()
        if symbol in done:
            continue
        if symbol in known or symbol.head in ("argument", "constant"):
            done.add(symbol)
        elif symbol in entered:  # what it is applied to is done
            done.add(symbol)
            yield symbol
        else:
            entered.add(symbol)
            stack.append(symbol)
            stack.extend([a for a in reversed(symbol.arguments) if a not in done])
