"""Hypothesis strategies: numbers inside a domain, random graphs, random networks.

What they draw is as simple as possible first, and near kinks and ends of domains on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from autograd import Value
from autograd.table import REAL, TABLE, Interval, Operation
from autograd.testing.expression import Expression, Step
from autograd.testing.operands import operation_named, seams

if TYPE_CHECKING:
    from nn import MLP

MOST = 100.0  # how far from 0 numbers are drawn unless a domain says otherwise
SMALLEST = 1e-60  # of many operands, but 0: a product of five is no subnormal, which lacks digits
LARGEST = 1e6  # the largest value, and local derivative, inside of an expression


def floats_in(
    domain: Interval | tuple[float, float] = REAL, *, near: Sequence[float] = (0.0, 1.0, -1.0)
) -> st.SearchStrategy[float]:
    """Floats of an interval, its ends and their neighbours included.

    Args:
        domain: The interval; an infinite end is taken as ±100.
        near: Numbers that are drawn often, with their neighbours on both sides, such as kinks.

    Returns:
        The strategy. It shrinks to the simplest number.
    """
    interval = domain if isinstance(domain, Interval) else Interval(*map(float, domain))
    low, high = max(interval.low, -MOST), min(interval.high, MOST)
    if low > high:
        low, high = interval.low, interval.high
    points = {x for x in (*near, interval.low, interval.high) if math.isfinite(x)}
    close = {
        y
        for x in points
        for y in (x, math.nextafter(x, -math.inf), math.nextafter(x, math.inf), x - 1e-7, x + 1e-7)
    }
    special = sorted((x for x in close if x in interval), key=lambda x: (abs(x), x))
    anywhere = st.floats(low, high, allow_nan=False)
    return st.one_of(anywhere, st.sampled_from(special)) if special else anywhere


def values(
    domain: Interval | tuple[float, float] = REAL, *, near: Sequence[float] = (0.0, 1.0, -1.0)
) -> st.SearchStrategy[Value]:
    """Leaves, their numbers as `floats_in` draws them.

    Args:
        domain: As for `floats_in`.
        near: As for `floats_in`.

    Returns:
        The strategy.
    """
    return floats_in(domain, near=near).map(Value)


def operands(operation: Operation) -> st.SearchStrategy[tuple[tuple[float, ...], tuple[Any, ...]]]:
    """Flat operands of an operation inside its domain, and its settings.

    Args:
        operation: The row.

    Returns:
        The strategy.
    """
    return _operands(operation)


@st.composite
def _operands(draw: st.DrawFn, operation: Operation) -> tuple[tuple[float, ...], tuple[Any, ...]]:
    if operation.groups:
        size = draw(st.integers(max(1, operation.at_least), 5))
        sizes = [
            draw(st.integers(0, 1)) if group in operation.single else size
            for group in operation.groups
        ]
        count = sum(sizes)
        in_range = floats_in().filter(lambda x: x == 0 or abs(x) >= SMALLEST)
        numbers = draw(st.lists(in_range, min_size=count, max_size=count))
        return tuple(numbers), tuple(draw(setting) for setting in _settings(operation, size))
    settings = tuple(draw(setting) for setting in _settings(operation, 1))
    seam = [x * factor for x in seams(operation) for factor in (1, -1, 2, -2)]
    near = (0.0, 1.0, -1.0, *seam, *settings)
    drawn = [
        draw(
            st.one_of(
                floats_in(interval, near=near),
                st.floats(interval.low, interval.high, allow_infinity=False),
            )
        )
        for interval in operation.domain
    ]
    if len(drawn) > 1 and drawn[0] in operation.domain[1] and draw(st.booleans()):
        drawn[1] = math.nextafter(drawn[0], draw(st.sampled_from([drawn[0], math.inf, -math.inf])))
    if any(x not in interval for x, interval in zip(drawn, operation.domain, strict=True)):
        drawn = [draw(floats_in(interval)) for interval in operation.domain]
    return tuple(drawn), settings


def _settings(operation: Operation, size: int) -> list[st.SearchStrategy[Any]]:
    """For each setting its default, or numbers; of a variadic operation the index of an operand."""
    if operation.groups:
        return [st.integers(0, size - 1) for _ in operation.settings]
    given = [
        st.sampled_from([float(i) - 1.5, 0.5 * i]) if default is None else st.just(default)
        for i, (_, default) in enumerate(operation.settings, 1)
    ]
    return [s if d is None else st.one_of(s, st.sampled_from([0.2, 0.0, 1.0, 2.0]))
            for s, (_, d) in zip(given, operation.settings, strict=True)]  # fmt: skip


@st.composite
def expressions(
    draw: st.DrawFn,
    *,
    operations: Sequence[Any] | None = None,
    max_nodes: int = 40,
    kinks: bool = True,
) -> Expression:
    """Random graphs whose nodes share operands freely, inside every operation's domain.

    Args:
        draw: Given by Hypothesis.
        operations: Which operations, as names, functions or rows; by default all.
        max_nodes: The most computed nodes.
        kinks: Whether inputs and operands may be at a kink, or next to one.

    Returns:
        The strategy of `Expression`s: functions of their inputs, with a `point` to run them at.
    """
    rows = [operation_named(o) for o in (TABLE if operations is None else operations)]
    rows = sorted(rows, key=lambda row: row.name)
    inputs = floats_in((-3.0, 3.0)) if kinks else st.floats(-3, 3).filter(lambda x: abs(x) > 1e-3)
    point = tuple(draw(st.lists(inputs, min_size=2, max_size=5)))
    numbers: list[Value] = [Value(x) for x in point]
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, max_nodes))):
        row = draw(st.sampled_from(rows))
        # Recent results more often than old ones, so that graphs grow deep.
        place = st.integers(1, len(numbers)).map(len(numbers).__sub__)
        size = draw(st.integers(max(1, row.at_least), 4)) if row.groups else 1
        count = len(row.arguments)
        if row.groups:
            single = draw(st.integers(0, 1)) if row.single else 0
            count = size * (len(row.groups) - len(row.single)) + single
        places = tuple(draw(place) for _ in range(count))
        settings = tuple(draw(setting) for setting in _settings(row, size))
        step = Step(row, places, settings)
        node = step.fitting(numbers, LARGEST, kinks)
        if node is not None:
            steps.append(step)
            numbers.append(node)
    return Expression(point, tuple(steps))


@st.composite
def networks(draw: st.DrawFn, *, max_inputs: int = 3, max_neurons: int = 4) -> MLP:
    """Small multi-layer perceptrons with any activations, with or without biases.

    Args:
        draw: Given by Hypothesis.
        max_inputs: The most inputs.
        max_neurons: The most neurons in a layer.

    Returns:
        The strategy of networks.
    """
    from nn import MLP
    from nn.activations import ACTIVATIONS

    sizes = draw(st.lists(st.integers(1, max_neurons), min_size=1, max_size=3))
    inputs = draw(st.integers(1, max_inputs))
    number = st.floats(-2.0, 2.0).filter(lambda x: x == 0 or abs(x) > 1e-6)
    weights, biases = [], []
    for columns, rows in zip([inputs, *sizes], sizes, strict=False):
        row = st.lists(number, min_size=columns, max_size=columns)
        weights.append(draw(st.lists(row, min_size=rows, max_size=rows)))
        each = st.lists(number, min_size=rows, max_size=rows)
        biases.append(draw(st.one_of(st.none(), number, each)))
    activation = st.sampled_from(sorted(ACTIVATIONS))
    return MLP.from_weights(
        weights, biases, activation=draw(activation), output_activation=draw(activation)
    )
