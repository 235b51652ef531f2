"""Steps that arrays compute faster, in place of others with the same results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import is_not
from typing import NamedTuple

from autograd.compiled.numpy.variation import Variation
from autograd.compiled.steps import Steps
from autograd.language.elementary import ELEMENTARY
from autograd.language.symbols import Symbol, steps_of

# Sizes of ordinary numbers. A limit is remote if a comparison with it has the same outcome for all.
ORDINARY = (1e-3, 1.0, 8.0)
NEVER_NEGATIVE = ("abs", "exp", "hypot", "sqrt", "cosh")
REVERSED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Assumption(NamedTuple):
    """That a symbol compares with a number in the same way in all lanes: x > -30, say."""

    subject: Symbol
    head: str
    number: float


class Rewriting:
    """For each step of a program the one that takes its place on arrays.

    Args:
        steps: The vocabulary of the program.
        results: Its results.
        variation: The steps that differ between lanes; the others are no arrays and stay.
        assume: Whether comparisons may be assumed to turn out as for ordinary numbers.

    Attributes:
        new: The steps that take the place of others.
        assumptions: What has to hold for that.
    """

    def __init__(
        self,
        steps: Steps,
        results: Sequence[Symbol],
        variation: Variation,
        assume: bool,
    ) -> None:
        self.steps = steps
        self._variation = variation
        self.new: dict[Symbol, Symbol] = {}
        self.assumptions: dict[Assumption, None] = {}
        for step in steps_of(results):
            if step not in variation:  # Python's max(-0.0, 0.0) is -0.0, and NumPy's maximum is not
                continue
            arguments = tuple([self.new.get(argument, argument) for argument in step.arguments])
            better = self._assumed(step.head, arguments) if assume else None
            if better is None:
                better = self._better(step.head, arguments)
            if better is None:
                is_new = any(map(is_not, arguments, step.arguments))
                better = steps.step(step.head, *arguments) if is_new else step
            self.new[step] = better
            variation.mark([better])

    def of(self, symbol: Symbol) -> Symbol:
        """The step that takes the place of this one."""
        return self.new.get(symbol, symbol)

    def _assumed(self, head: str, arguments: tuple[Symbol, ...]) -> Symbol | None:
        """The outcome that a comparison with a remote limit has for ordinary numbers.

        It is noted as an assumption. None for all other steps.
        """
        if head not in OPPOSITE:
            return None
        x, y = arguments
        if x.head == "constant":
            x, y, head = y, x, REVERSED[head]
        # What has taken the place of a step may be the same in all lanes.
        if y.head != "constant" or x not in self._variation:
            return None
        limit: float = y.arguments[0]
        sizes = ORDINARY if x.head in NEVER_NEGATIVE else (*ORDINARY, *(-size for size in ORDINARY))
        outcomes = {ELEMENTARY[head].on_floats(size, limit) for size in sizes}
        if len(outcomes) > 1:
            return None
        (holds,) = outcomes
        self.assumptions[Assumption(x, head if holds else OPPOSITE[head], limit)] = None
        return self.steps.symbol(holds)

    def _better(self, head: str, arguments: tuple[Symbol, ...]) -> Symbol | None:
        """What is computed faster; None if the step is."""
        steps = self.steps
        if head == "pow" and arguments[1].is_constant(2.0):
            return arguments[0] * arguments[0]
        if head == "/" and _is_square_of_one_more(arguments[1], arguments[0]):
            x, inverse = arguments[0], 1.0 / (1.0 + arguments[0])
            return x * inverse * inverse
        if head == "where":
            condition, x, y = arguments
            if _compares_with_zero(condition, ">", y) and _is_negative_of(x, y):
                return -steps.step("abs", y)
            if _compares_with_zero(condition, "<=", y) and x.is_constant(0.0):
                return steps.step("largest", y, 0.0)
            if x.is_constant(1.0) and _is_decay(y):
                return steps.step("largest", y, steps.where(condition, 1.0, 0.0))
        return None


def _compares_with_zero(condition: Symbol, head: str, x: Symbol) -> bool:
    if condition.head != head:
        return False
    left, right = condition.arguments
    return left is x and right.is_constant(0.0)


def _is_negative_of(symbol: Symbol, x: Symbol) -> bool:
    return symbol.head == "negative" and symbol.arguments[0] is x


def _is_decay(x: Symbol) -> bool:
    """Whether a step is exp(-|…|), which is at most 1."""
    if x.head != "exp" or x.arguments[0].head != "negative":
        return False
    inner: Symbol = x.arguments[0].arguments[0]
    return inner.head == "abs"


def _is_square_of_one_more(symbol: Symbol, x: Symbol) -> bool:
    """Whether a step is (1 + x)², written as 1 + x·(2 + x)."""
    product = _other(symbol, "+", lambda term: term.is_constant(1.0))
    factor = _other(product, "*", lambda term: term is x)
    return _other(factor, "+", lambda term: term.is_constant(2.0)) is x


def _other(symbol: Symbol | None, head: str, is_one: Callable[[Symbol], bool]) -> Symbol | None:
    """The other operand of a step of two, one of which is known."""
    if symbol is None or symbol.head != head:
        return None
    x, y = symbol.arguments
    other: Symbol | None = y if is_one(x) else x if is_one(y) else None
    return other
