"""Smaller graphs with the same fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.programs import Program, Step


def smallest(graph: Program, fails: Callable[[Program], object]) -> Program:
    """A graph from which no step and no input can be left out without losing the fault.

    Args:
        graph: A graph with the fault.
        fails: Whether a graph has it.
    """
    found = True
    while found:
        found = False
        for smaller in _smaller(graph):
            if fails(smaller):
                graph, found = smaller, True
                break
    return graph


def _smaller(graph: Program) -> Iterator[Program]:
    """Graphs with a step less, the last first; with an operand less; with simpler numbers."""
    inputs, steps = graph.inputs, graph.steps
    if len(steps) > 1:
        yield Program(inputs, steps[:-1])
    for index in reversed(range(len(steps) - 1)):
        place = len(inputs) + index
        for instead in {place - 1, 0}:
            yield Program(
                inputs,
                (*steps[:index], *(_without(s, place, instead) for s in steps[index + 1 :])),
            )
    for index, step in enumerate(steps):
        size = max(map(len, step.groups))
        if len(step.groups) == 1 and size > 1 and _is_variadic(step):
            for left_out in range(size):
                (group,) = step.groups
                shorter = Step(
                    step.name, ((*group[:left_out], *group[left_out + 1 :]),), step.settings
                )
                yield Program(inputs, (*steps[:index], shorter, *steps[index + 1 :]))


def _is_variadic(step: Step) -> bool:
    from autograd.table import TABLE

    operation = TABLE[step.name]
    size = len(step.groups[0]) - 1
    return bool(operation.groups) and size >= max([operation.at_least, *map(_above, step.settings)])


def _above(setting: float) -> int:
    return int(setting) + 1  # an index of an operand


def _without(step: Step, place: int, instead: int) -> Step:
    """The step where one place is gone, and another stands for it."""

    def moved(at: int) -> int:
        at = instead if at == place else at
        return at - 1 if at > place else at

    return Step(step.name, tuple(tuple(map(moved, g)) for g in step.groups), step.settings)
