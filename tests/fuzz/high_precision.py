"""Graphs in high precision: the textbook's formulas of `tests/exact.py` along the chain rule.

Nothing here comes from the derivative table, so a rule that is wrong for all engines is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mpmath import mp, mpf

from autograd.table import TABLE
from tests.exact import EXACT, settled
from tests.programs import Program, Step

HELD = mpf(2) ** 1000  # numbers on the way are between this and one over it, as floats can be


class NoneError(ArithmeticError):
    """There is no number: a convention, the end of a domain, or what floats cannot hold."""


def exactly(graph: Program, point: Sequence[float], derived_by: int | None) -> list[Any] | None:
    """The value and the derivative by each input, exactly.

    Args:
        graph: What is computed.
        point: Where.
        derived_by: None, or the input by which the derivative is taken before.

    Returns:
        The numbers of mpmath; None where there are none.
    """
    try:
        if derived_by is None:
            return settled(lambda: _first([mpf(x) for x in point], graph))
        return settled(lambda: _second([mpf(x) for x in point], graph, derived_by))
    except (ArithmeticError, ValueError):
        return None


def _first(point: Sequence[Any], graph: Program) -> list[Any]:
    numbers = list(point)
    slopes: list[list[Any]] = []
    needed = _needed(graph)
    for place, step in enumerate(graph.steps, len(point)):
        if place not in needed:
            numbers.append(None)
            slopes.append([])
            continue
        exact = EXACT[step.name]
        groups: list[Any] = [[numbers[i] for i in group] for group in step.groups]
        given = groups if TABLE[step.name].groups else groups[0]
        numbers.append(_held(exact.value(*given, *step.settings)))
        slopes.append([_held(slope) for slope in exact.partials(*given, *step.settings)])
    adjoints = [mpf(0) for _ in numbers]
    adjoints[-1] = mpf(1)
    for place, step in reversed([*enumerate(graph.steps, len(point))]):
        if place in needed:
            for operand, slope in zip(_operands(step), slopes[place - len(point)], strict=True):
                adjoints[operand] += _held(adjoints[place]) * slope
    return [numbers[-1], *map(_held, adjoints[: len(point)])]


def _second(point: Sequence[Any], graph: Program, by: int) -> list[Any]:
    """The same of the derivative by one input, by central differences."""
    if any(step.name == "stop_gradient" for step in graph.steps):
        raise NoneError  # a difference does not stop
    found = [_first(point, graph)[1 + by]]
    for place, x in enumerate(point):
        step = mpf(2) ** (-mp.prec // 3) * max(abs(x), 1)
        ends = []
        for end in (x + step, x - step):
            ends.append(_first([*point[:place], end, *point[place + 1 :]], graph)[1 + by])
        found.append((ends[0] - ends[1]) / (2 * step))
    return found


def _needed(graph: Program) -> set[int]:
    """The places on which the output depends."""
    needed = {len(graph.inputs) + len(graph.steps) - 1}
    for place, step in reversed([*enumerate(graph.steps, len(graph.inputs))]):
        if place in needed:
            needed.update(_operands(step))
    return needed


def _operands(step: Step) -> list[int]:
    return [place for group in step.groups for place in group]


def _held(number: Any) -> Any:
    """The number, if it is one that floats can hold."""
    if not isinstance(number, mpf | int) or not mp.isfinite(number):
        raise NoneError
    if number and not 1 / HELD < abs(number) < HELD:
        raise NoneError
    return mpf(number)
