"""One node in high precision: its value and its local derivatives beside the exact ones."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.language import floats
from autograd.table import BOUND
from autograd.table.symbolic import flat_partials
from autograd.testing.exact import Real, context, mpf
from autograd.testing.operands import operands_and_settings, operation_of
from autograd.testing.precise import Number, Precise, evaluated

UNIT = 2.0**-53  # half a unit in the last place of 1
LEAST = sys.float_info.min
HUGE = mpf(2) ** 1024  # what inf stands for, as a rounded result
SLACK = 4  # how many times its bound a local derivative may be off


@dataclass(frozen=True)
class Local:
    """One local derivative of one node, beside what it should be.

    Attributes:
        node: The node.
        index: Which of its operands, counted from 0.
        claimed: The node's own number; None if it has no edge to this operand.
        exact: The derivative of the operation's value; at a kink the one taken, if that is right.
        tolerance: What the claimed number may differ by.
        sides: The derivatives from the left and from the right at a kink, else None.
    """

    node: Value
    index: int
    claimed: float | None
    exact: Real
    tolerance: float
    sides: tuple[Real, Real] | None = None

    @property
    def right(self) -> bool:
        """Whether the claimed number is the derivative, or at a kink between those of the sides."""
        claimed = 0.0 if self.claimed is None else self.claimed
        if math.isinf(claimed) and context.isinf(self.exact):  # 1/0 and 1/-0 are one to mpmath
            zero = any(
                float(x.data if isinstance(x, Value) else x) == 0 for x in self.node.operands
            )
            return zero or claimed == self.exact
        return agree(claimed, self.exact, self.tolerance)

    @property
    def known(self) -> bool:
        """Whether there is something to compare with."""
        return not context.isnan(self.exact)


def agree(claimed: float, exact: Real, tolerance: float) -> bool:
    """Whether two numbers are the same up to the tolerance, and to the range of the floats."""
    if math.isnan(claimed):
        return bool(context.isnan(exact))
    if context.isnan(exact):
        return False
    shown = mpf(claimed) if math.isfinite(claimed) else math.copysign(1.0, claimed) * HUGE
    clamped = max(-HUGE, min(HUGE, exact))
    return bool(abs(shown - clamped) <= tolerance + 4 * math.ulp(0.0))


def run(
    node: Value,
    home: Precise,
    values: Sequence[Any],
    slopes: Sequence[Any],
    everything: bool = False,
) -> Number:
    """The node's operation on these values of its parents, which vary that fast.

    Args:
        node: The node.
        home: The vocabulary; if it is directed, all parents vary along variable 0.
        values: A number for each parent.
        slopes: How fast it varies.
        everything: Whether plain operands vary as well, each by the index of the operand.
    """
    operands, settings = operands_and_settings(node)
    given: list[Number] = []
    edge = 0
    for position, operand in enumerate(operands):
        if isinstance(operand, Value):
            index = 0 if home.directed else position if everything else edge
            given.append(home.variable(values[edge], index, slopes[edge]))
            edge += 1
        elif everything:
            given.append(home.variable(operand, position))
        else:
            given.append(home.constant(operand))
    return evaluated(operation_of(node), home, given, settings)


def directional(node: Value, slopes: Sequence[Any]) -> Real:
    """How fast the node's value grows as its parents do along a direction."""
    home = Precise(directed=True)
    return run(node, home, [p.data for p in node.parents], slopes).slopes.get(0, mpf(0))


def local_derivatives(node: Value, strict: bool) -> tuple[Real, list[Local]]:
    """The node's exact value, and its local derivatives beside the exact ones, one a parent."""
    home = Precise()
    count = len(node.parents)
    result = run(node, home, [p.data for p in node.parents], [1] * count)
    operands, _ = operands_and_settings(node)
    places = [i for i, operand in enumerate(operands) if isinstance(operand, Value)]
    least = smallest_size(node, count)
    found = []
    for edge, claimed in enumerate(node.partials):
        exact, sides = result.slopes.get(edge, mpf(0)), None
        if context.isnan(result.value):
            exact = context.nan
        elif home.tied:
            exact, sides = sided(node, edge, count)
        if sides is not None:
            low, high = sorted(sides)
            exact = low if math.isnan(claimed) else min(max(mpf(claimed), low), high)
        size = max(float(abs(exact)) if context.isfinite(exact) else 0.0, least, LEAST)
        tolerance = 2 * (1 if strict else SLACK) * BOUND * UNIT * size
        local = Local(node, places[edge], claimed, exact, tolerance, sides)
        if local.known and not local.right and not strict:
            noise = rounding_of_rule(node, edge)
            local = Local(node, places[edge], claimed, exact, tolerance + 2 * noise, sides)
        found.append(local)
    return result.value, found


def value_is_right(node: Value, value: Real, found: Sequence[Local], strict: bool) -> bool:
    """Whether the node's value is its rule's, up to what rounding its operands would change."""
    if not context.isfinite(value) or not math.isfinite(node.data):
        return True
    size = abs(value)
    for local, parent in zip(found, node.parents, strict=True):
        if context.isfinite(local.exact):
            size += abs(local.exact * parent.data)
    size += max((abs(x) for x in node.operands if not isinstance(x, Value)), default=0)
    bound = 2 * (1 if strict else SLACK) * operation_of(node).value_bound * UNIT
    return agree(node.data, value, float(bound * min(size, HUGE)))


def sided(node: Value, edge: int, count: int) -> tuple[Real, Any]:
    """The derivative by one parent, and those from both sides if they differ."""
    right = directional(node, [int(i == edge) for i in range(count)])
    left = -directional(node, [-int(i == edge) for i in range(count)])
    if context.isnan(left) or context.isnan(right):  # the end of a domain
        return (left if context.isnan(right) else right), None
    if left == right or abs(left - right) <= 2.0**-45 * max(abs(left), abs(right)):
        return right, None
    return right, (left, right)


def smallest_size(node: Value, count: int) -> float:
    """The size to which the operation's bound is relative where the derivative is smaller."""
    operation = operation_of(node)
    if operation.partial_size is None:
        return 0.0
    operands, settings = operands_and_settings(node)
    numbers = [x.data if isinstance(x, Value) else x for x in operands]
    given: list[Any] = operation.grouped(numbers) if operation.groups else numbers
    try:
        return float(operation.partial_size(*given, *settings))
    except (ArithmeticError, ValueError, TypeError):
        return 0.0


def rounding_of_rule(node: Value, edge: int) -> float:
    """How far the row's rule for a local derivative is off by rounding alone.

    The rule itself is run in high precision and on floats. A wrong rule is as wrong in both.
    """
    operation = operation_of(node)
    operands, settings = operands_and_settings(node)
    numbers = [x.data if isinstance(x, Value) else x for x in operands]
    place = [i for i, x in enumerate(operands) if isinstance(x, Value)][edge]
    home = Precise()
    found = []
    vocabularies: list[tuple[Any, list[Any]]] = [
        (floats, numbers),
        (home, [home.constant(x) for x in numbers]),
    ]
    for m, given in vocabularies:
        arguments = operation.grouped(given) if operation.groups else given
        try:
            value = operation.value(m, *arguments, *settings)
            partials = operation.partials(m, *arguments, *settings, value)
        except (ArithmeticError, ValueError):
            return 0.0
        found.append(flat_partials(operation, partials)[place])
    rounded, exact = found
    difference = abs(mpf(rounded) - home.number(exact).value)
    return float(difference) if context.isfinite(difference) else 0.0


def missing_edge(node: Value, position: int) -> Real:
    """The derivative of the node's value by an operand that it has no edge to."""
    home = Precise()
    parents = node.parents
    result = run(node, home, [p.data for p in parents], [1] * len(parents), everything=True)
    return result.slopes.get(position, mpf(0))
