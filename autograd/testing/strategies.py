"""Hypothesis strategies: numbers inside a domain, random graphs, random networks.

They often draw numbers at and near kinks and the ends of domains, where mistakes are. Failing
examples shrink to simple ones.
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

MOST = 100.0  # the largest magnitude that is drawn, unless the whole domain is further away
# The smallest operand of a variadic operation except 0. A product of five is still a normal float;
# subnormal floats, which are smaller, have fewer digits.
SMALLEST = 1e-60
LARGEST = 1e6  # the largest value, and the largest local derivative, inside an expression


def floats_in(
    domain: Interval | tuple[float, float] = REAL, *, near: Sequence[float] = (0.0, 1.0, -1.0)
) -> st.SearchStrategy[float]:
    """A strategy for floats of a closed interval, which often draws its ends and their neighbours.

    Args:
        domain: The interval, as a pair (low, high); the numbers that are drawn lie between -100 and
            100 where an end is further away, unless the whole interval is.
        near: Numbers of the interval that are drawn often, such as kinks, together with the floats
            next to them and the numbers 1e-7 below and above.

    Returns:
        A Hypothesis strategy of floats, never nan. Failing examples shrink to the simplest number.

    Raises:
        TypeError: If `domain` is not a pair.

    Example:
        >>> from hypothesis import given
        >>> from autograd.testing import floats_in
        >>> @given(floats_in((0.0, 2.0), near=[1.0]))
        ... def test_in_range(x):
        ...     assert 0.0 <= x <= 2.0
        >>> test_in_range()
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
    """A strategy for leaves of a graph, whose numbers `floats_in` draws.

    Args:
        domain: The interval of the numbers, a pair (low, high); see `floats_in`.
        near: Numbers that are drawn often; see `floats_in`.

    Returns:
        A Hypothesis strategy of `Value`s without a label.

    Raises:
        TypeError: If `domain` is not a pair.

    Example:
        >>> from hypothesis import given
        >>> from autograd import sqrt
        >>> from autograd.testing import values
        >>> @given(values((0.25, 4.0)))
        ... def test_root(x):
        ...     assert 0.5 <= sqrt(x).data <= 2.0
        >>> test_root()
    """
    return floats_in(domain, near=near).map(Value)


def operands(operation: Operation) -> st.SearchStrategy[tuple[tuple[float, ...], tuple[Any, ...]]]:
    """A strategy for the operands of an operation inside its domain, and for its settings.

    Args:
        operation: The row of the operation.

    Returns:
        A Hypothesis strategy of pairs: a tuple of floats, those of a variadic operation's groups
        one after the other, and a tuple of the settings.
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
    """A strategy for each setting: numbers, or for a variadic operation the index of an operand."""
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
    """A strategy for random graphs, whose nodes may have operands in common.

    Every operand is inside the domain of its operation.

    Args:
        draw: Given by Hypothesis; leave it out.
        operations: The operations to draw from, as names, functions or rows; None for all.
        max_nodes: The most computed nodes in a graph.
        kinks: Whether inputs and operands may be at a kink, or next to one.

    Returns:
        A Hypothesis strategy of `Expression`s. Each is a function of 2 to 5 Values, and its `point`
        has a float for each of them at which it can be computed.

    Raises:
        LookupError: If there is no operation of a given name.

    Example:
        >>> from hypothesis import given
        >>> from autograd.testing import check_gradient, expressions
        >>> @given(expressions(operations=["mul", "tanh"], max_nodes=5))
        ... def test_gradients(expression):
        ...     check_gradient(expression, *expression.point)
        >>> test_gradients()
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
    """A strategy for small multi-layer perceptrons with any activations, with or without biases.

    Args:
        draw: Given by Hypothesis; leave it out.
        max_inputs: The most inputs of a network, a positive integer.
        max_neurons: The most neurons in a layer, a positive integer.

    Returns:
        A Hypothesis strategy of `nn.MLP`s with 1 to 3 layers, whose weights and biases lie between
        -2 and 2.

    Example:
        >>> from hypothesis import given
        >>> from autograd.testing import networks
        >>> @given(networks(max_inputs=2))
        ... def test_sizes(model):
        ...     assert model.n_inputs <= 2 and len(model.parameters()) >= 1
        >>> test_sizes()
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
