"""Random graphs as data: functions that can be run on nodes or numbers, and read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.table import Operation
from autograd.testing.operands import called


@dataclass(frozen=True)
class Step:
    """One operation of an expression.

    Attributes:
        operation: Its row.
        places: Its operands, by their places among the inputs and the earlier steps.
        settings: Its settings.
    """

    operation: Operation
    places: tuple[int, ...]
    settings: tuple[Any, ...] = ()

    def run(self, numbers: Sequence[Any]) -> Any:
        """The operation on these numbers: the inputs and the results of earlier steps."""
        return called(self.operation, [numbers[i] for i in self.places], self.settings)

    def fitting(self, numbers: Sequence[Value], largest: float, kinks: bool) -> Value | None:
        """The result, or None where it is outside of a domain, too large, or too near a kink."""
        operation = self.operation
        operands = [numbers[i] for i in self.places]
        margin = 0.0 if kinks else 1e-3
        if not operation.groups:
            for x, interval in zip(operands, operation.domain, strict=True):
                if not interval.low + margin <= x.data <= interval.high - margin:
                    return None
        node: Value = called(operation, operands, self.settings)
        if self._jumps(operands, node):
            return None
        if not all(math.isfinite(d) and abs(d) <= largest for d in (node.data, *node.partials)):
            return None
        if not kinks and not (abs(node.data) > 1e-3 and self._is_smooth(operands)):
            return None
        return node

    def _jumps(self, operands: Sequence[Value], node: Value) -> bool:
        """Whether the value changes by more than its local derivatives say, right next to it."""
        steep = max((abs(d) for d in node.partials if math.isfinite(d)), default=0.0)
        for i, operand in enumerate(operands):
            for shift in (1e-9, -1e-9):
                numbers = [x.data + shift * (1 + abs(x.data)) * (i == j)
                           for j, x in enumerate(operands)]  # fmt: skip
                change = abs(called(self.operation, numbers, self.settings) - node.data)
                if change > 4e-9 * (1 + abs(operand.data)) * steep + 1e-6:
                    return True
        return False

    def _is_smooth(self, operands: Sequence[Value]) -> bool:
        """Whether the local derivatives are almost the same next to the operands, on all sides."""
        here = called(self.operation, operands, self.settings).partials
        for i in range(len(operands)):
            for shift in (1e-3, -1e-3):
                moved = [Value(x.data + shift * (i == j)) for j, x in enumerate(operands)]
                there = called(self.operation, moved, self.settings).partials
                if len(here) != len(there):
                    return False
                pairs = zip(here, there, strict=True)
                if any(not abs(x - y) <= 0.05 * (1 + abs(x)) for x, y in pairs):
                    return False
        return True


@dataclass(frozen=True)
class Expression:
    """A function of some inputs, made of operations of the table.

    Attributes:
        point: Inputs at which every step is inside its domain.
        steps: The operations, in order; the last one's result is the function's.
    """

    point: tuple[float, ...]
    steps: tuple[Step, ...]

    @property
    def __name__(self) -> str:
        """What a report calls it."""
        return "expression"

    def __call__(self, *inputs: Any) -> Any:
        """The last result for these inputs, which are nodes or numbers."""
        return self.results(inputs)[-1]

    def results(self, inputs: Sequence[Any]) -> list[Any]:
        """The inputs and the results of all steps."""
        numbers = list(inputs)
        for step in self.steps:
            numbers.append(step.run(numbers))
        return numbers

    def recorded(self) -> tuple[list[Value], Value]:
        """New leaves at the point, and the graph over them."""
        leaves = [Value(x, f"x{i}") for i, x in enumerate(self.point, 1)]
        return leaves, self(*leaves)

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How Hypothesis shows it."""
        printer.text(repr(self))

    def __repr__(self) -> str:
        names = [f"x{i}" for i in range(1, len(self.point) + 1)]
        lines = [f"{name} = {x!r}" for name, x in zip(names, self.point, strict=True)]
        for i, step in enumerate(self.steps, 1):
            given = [names[place] for place in step.places] + [repr(s) for s in step.settings]
            lines.append(f"t{i} = {step.operation.name}({', '.join(given)})")
            names.append(f"t{i}")
        return f"Expression({'; '.join(lines)})"
