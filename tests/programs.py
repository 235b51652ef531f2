"""Random straight-line programs over every operation of the table, run on any kind of number."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

import autograd
from autograd.table import TABLE

OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": abs,
    "mod": operator.mod,
    "floordiv": operator.floordiv,
}
ENGINE = OPERATORS | {name: getattr(autograd, name) for name in TABLE if name not in OPERATORS}

# Operations with a kink: how near to it the operands are, so that tests can keep away from it.
KINKS: dict[str, Callable[..., float]] = {
    "abs": lambda x: abs(x),
    "relu": lambda x: abs(x),
    "elu": lambda x: abs(x),
    "leaky_relu": lambda x, slope: abs(x),
    "maximum": lambda x, y: abs(x - y),
    "minimum": lambda x, y: abs(x - y),
    "clip": lambda x, low, high: min(abs(x - low), abs(x - high)),
    "where": lambda condition, x, y: abs(condition),
    "cbrt": lambda x: abs(x),
    "hypot": lambda x, y: max(abs(x), abs(y)),
    "atan2": lambda y, x: max(abs(x), -abs(y)),
    "mod": lambda x, y: to_step(x / y) * min(1.0, abs(y)),
    "floordiv": lambda x, y: to_step(x / y) * min(1.0, abs(y)),
    "floor": lambda x: to_step(x),
    "ceil": lambda x: to_step(x),
    "trunc": lambda x: to_step(x),
    "round": lambda x: to_step(x - 0.5),
    "sign": lambda x: abs(x),
    "fabs": lambda x: abs(x),
}


def to_step(x: float) -> float:
    """How far the nearest integer is."""
    return abs(x - round(x))


@dataclass(frozen=True)
class Step:
    """One operation: its name, and its operands by their places among inputs and earlier steps."""

    name: str
    groups: tuple[tuple[int, ...], ...]
    settings: tuple[float, ...] = ()

    def run(self, functions: Mapping[str, Callable[..., Any]], numbers: Sequence[Any]) -> Any:
        groups: list[Any] = [[numbers[i] for i in group] for group in self.groups]
        operation = TABLE[self.name]
        if not operation.groups:
            groups = groups[0]
        elif operation.single:
            *groups, last = groups
            groups.append(last[0] if last else None)
        return functions[self.name](*groups, *self.settings)


@dataclass(frozen=True)
class Program:
    """Inputs and steps; the last step is the output."""

    inputs: tuple[float, ...]
    steps: tuple[Step, ...]

    def run(self, functions: Mapping[str, Callable[..., Any]], inputs: Sequence[Any]) -> list[Any]:
        """The inputs and the results of all steps."""
        numbers = list(inputs)
        for step in self.steps:
            numbers.append(step.run(functions, numbers))
        return numbers


def _fits(step: Step, numbers: Sequence[float]) -> bool:
    """Whether the operands are inside the domain, away from kinks, and the result is moderate."""
    operation = TABLE[step.name]
    operands = [numbers[i] for group in step.groups for i in group]
    if not operation.groups:
        for x, interval in zip(operands, operation.domain, strict=True):
            if not interval.low + 1e-3 <= x <= interval.high - 1e-3:
                return False
        if step.name in KINKS and KINKS[step.name](*operands, *step.settings) < 1e-3:
            return False
    result = step.run(ENGINE, numbers)
    return bool(1e-3 < abs(result) < 30)


@st.composite
def programs(draw: st.DrawFn, max_steps: int = 60, without: Collection[str] = ()) -> Program:
    """Programs whose steps share operands freely and stay inside every domain."""
    numbers = draw(
        st.lists(st.floats(-3, 3).filter(lambda x: abs(x) > 1e-3), min_size=2, max_size=5)
    )
    inputs = tuple(numbers)
    steps: list[Step] = []
    names = st.sampled_from(sorted(set(TABLE) - set(without)))
    for _ in range(draw(st.integers(1, max_steps))):
        operation = TABLE[draw(names)]
        # Recent results more often than old ones, so that programs grow deep.
        place = st.integers(1, len(numbers)).map(len(numbers).__sub__)
        settings: tuple[float, ...] = ()
        if operation.groups:
            size = draw(st.integers(1, 4))
            group = st.lists(place, min_size=size, max_size=size).map(tuple)
            groups = tuple(
                draw(st.lists(place, max_size=1).map(tuple) if g in operation.single else group)
                for g in operation.groups
            )
            if operation.settings:
                settings = (draw(st.integers(0, size - 1)),)
        else:
            groups = (tuple(draw(place) for _ in operation.arguments),)
            settings = {
                "leaky_relu": (0.2,),
                "clip": (-1.5, 1.25),
            }.get(operation.name, ())
        step = Step(operation.name, groups, settings)
        if _fits(step, numbers):
            steps.append(step)
            numbers.append(step.run(ENGINE, numbers))
    if not steps:
        steps.append(Step("mul", ((0, 1),)))
    return Program(inputs, tuple(steps))
