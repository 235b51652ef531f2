"""Formulas without what a person would leave out: 0 + x, 1 · x, and exponents such as 2 - 1."""

from __future__ import annotations

from collections.abc import Mapping

from autograd.language.elementary import ELEMENTARY
from autograd.language.symbols import Symbol, steps_of
from autograd.lettering import decimal

FOLDED = {"+", "-", "negative"}  # of two numbers


def simplified(symbol: Symbol, constants: Mapping[Symbol, float]) -> Symbol:
    """An equal formula.

    Args:
        symbol: The formula.
        constants: The numbers of those of its arguments that are plain numbers.
    """
    trace = symbol.trace
    known = {argument: trace.symbol(x) for argument, x in constants.items()}
    for step in steps_of([symbol], known):
        arguments = [known.get(argument, argument) for argument in step.arguments]
        known[step] = _step(step.head, arguments)
    return known.get(symbol, symbol)


def _step(head: str, arguments: list[Symbol]) -> Symbol:
    """One step, applied to simple arguments."""
    x, y = arguments[0], arguments[-1]
    if head in FOLDED and all(argument.head == "constant" for argument in arguments):
        number = ELEMENTARY[head].on_floats(*(argument.arguments[0] for argument in arguments))
        if float(decimal(number)) == number:  # so that as it is written it is true
            return x.trace.symbol(number)
    if head == "+" and x.is_constant(0.0):
        return y
    if head in ("+", "-") and y.is_constant(0.0):
        return x
    if head == "*":
        return x.trace.times(x, y)
    if head in ("/", "pow") and y.is_constant(1.0):
        return x
    if head == "pow" and y.is_constant(0.0):
        return x.trace.symbol(1.0)
    return x.trace.step(head, *arguments)
