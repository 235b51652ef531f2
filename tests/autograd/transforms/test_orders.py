"""Derivatives to third order of every operation, against high precision; and those at edges.

The oracle is the exact first derivative of `tests/exact.py`, differenced in numbers of 1300 bits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any

import pytest
from mpmath import mp, mpf

import autograd
from autograd import Value, extension, grad, gradients, hessian, operation
from autograd.table import TABLE, Operation
from tests.accuracy import Arguments, Case, choices, function_of
from tests.exact import EXACT

STEP = mpf(2) ** -150
# Of a derivative and of the one an order lower, as one may cross zero where the other does not.
RELATIVE = 1e-13
LEAST = 1e-290  # below this floats have fewer digits
Index = tuple[int, ...]


def cases(row: Operation, count: int) -> Iterator[Case]:
    """Operands of ordinary size, and in the tails of functions of all numbers."""
    source = random.Random(row.name)
    for _ in range(count):
        if row.groups:
            size = source.choice([2, 3, 5])
            groups = tuple(
                [source.uniform(-3, 3) for _ in range(1 if group in row.single else size)]
                for group in row.groups
            )
            yield groups, ((source.randrange(size),) if row.settings else ())
        else:
            operands = []
            for domain in row.domain:
                anywhere = source.uniform(max(domain.low, -3), min(domain.high, 3))
                tail = source.choice([-1, 1]) * 10 ** source.uniform(-3, 1.7)
                operands.append(tail if tail in domain and source.random() < 0.4 else anywhere)
            yield tuple(operands), source.choice(list(choices(row)))


def rebuilt(arguments: Arguments, entries: Iterator[Any]) -> list[Any]:
    return [[next(entries) for _ in a] if isinstance(a, list) else next(entries) for a in arguments]


def engines(row: Operation, arguments: Arguments, settings: Sequence[Any]) -> dict[Index, float]:
    """All derivatives of one, two and three operands."""
    flat = [x for a in arguments for x in (a if isinstance(a, list) else [a])]
    leaves = [Value(x) for x in flat]
    given = rebuilt(arguments, iter(leaves))
    for i, group in enumerate(row.groups):
        if group in row.single:
            (given[i],) = given[i]
    found: dict[Index, float] = {}
    first = gradients(function_of(row)(*given, *settings), leaves, create_graph=True)
    for i, slope in enumerate(first):
        found[i,] = slope.data
        for j, second in enumerate(gradients(slope, leaves, create_graph=True)):
            found[i, j] = second.data
            for k, third in enumerate(gradients(second, leaves)):
                found[i, j, k] = third
    return found


def exact(name: str, arguments: Arguments, settings: Sequence[Any], index: Index) -> Any:
    """One derivative of first, second or third order; None where there is none."""
    flat = [mpf(x) for a in arguments for x in (a if isinstance(a, list) else [a])]

    def slope(**moves: Any) -> Any:
        moved = [x + moves.get(f"x{i}", 0) for i, x in enumerate(flat)]
        return EXACT[name].partials(*rebuilt(arguments, iter(moved)), *settings)[index[0]]

    def difference(function: Callable[..., Any], place: int) -> Callable[..., Any]:
        def quotient(**moves: Any) -> Any:
            at = moves.get(f"x{place}", 0)
            ends = [function(**moves | {f"x{place}": at + sign * STEP}) for sign in (1, -1)]
            return None if None in ends else (ends[0] - ends[1]) / (2 * STEP)

        return quotient

    with mp.workprec(1300):
        derivative: Callable[..., Any] = slope
        for place in index[1:]:
            derivative = difference(derivative, place)
        return derivative()


@pytest.mark.parametrize("name", TABLE)
def test_to_third_order(name: str) -> None:
    row, source, checked = TABLE[name], random.Random(name), 0
    for arguments, settings in cases(row, 12):
        found = engines(row, arguments, settings)
        for index in source.sample(sorted(found), min(len(found), 24)):
            truth = exact(name, arguments, settings, index)
            lower = exact(name, arguments, settings, index[:-1]) if len(index) > 1 else 0
            if truth is None or lower is None:
                continue
            error = abs(found[index] - truth)
            size = abs(truth) + abs(lower)
            assert error <= RELATIVE * size + LEAST, (arguments, settings, index, found[index])
            checked += 1
    assert checked >= 24


def test_a_users_row_has_all_orders() -> None:
    gauss = operation("gauss", lambda m, x: m.exp(-(x * x)), lambda m, x, y: -2 * x * y, "exp(-x²)")
    try:
        x = 0.7
        y = math.exp(-x * x)
        exact = [-2 * x * y, (4 * x * x - 2) * y, (12 * x - 8 * x**3) * y]
        derivative = gauss
        for number in exact:
            derivative = grad(derivative)
            assert derivative(x) == pytest.approx(number, rel=1e-14)
    finally:
        extension.remove("gauss")


def test_a_users_row_of_many_operands() -> None:
    power_mean = operation(
        "cubes",
        lambda m, values: m.largest([x * x * x for x in values]),
        lambda m, values, y: (
            [m.where(m.equal(x * x * x, y), 3 * m.pow(x, 2.0), 0.0) for x in values],
        ),
        "the largest cube",
        groups=("values",),
    )
    try:
        assert hessian(power_mean)([1.0, 3.0, 2.0]) == [[0, 0, 0], [0, 18.0, 0], [0, 0, 0]]
    finally:
        extension.remove("cubes")


def test_many_operands_are_differentiated_by_the_rule_itself() -> None:
    xs = [0.001 * i for i in range(120)]
    rows = hessian(autograd.logsumexp)(xs)
    chances = autograd.softmax(xs)
    for i in (0, 1, 119):
        for j in (0, 1, 119):
            expected = chances[i] * ((i == j) - chances[j])
            assert rows[i][j] == pytest.approx(expected, rel=1e-10)


# --- At edges -------------------------------------------------------------------------------------

EDGES: list[tuple[Callable[[Any], Any], float, tuple[float, ...]]] = [
    (lambda x: x**2, 0.0, (0.0, 2.0, 0.0)),
    (lambda x: x**3, 0.0, (0.0, 0.0, 6.0)),
    (lambda x: x**2, 3.1, (6.2, 2.0, 0.0)),
    (lambda x: x**1, 3.1, (1.0, 0.0, 0.0)),
    (lambda x: x**0, 0.0, (0.0, 0.0, 0.0)),
    (lambda x: x**0.5, 0.0, (inf, -inf, inf)),
    (lambda x: x**2.5, 0.0, (0.0, 0.0, inf)),
    (lambda x: (-x) ** 3, 0.0, (0.0, 0.0, -6.0)),
    (lambda x: x**-1, 2.0, (-0.25, 0.25, -0.375)),
    (autograd.relu, 0.0, (0.0, 0.0, 0.0)),
    (autograd.relu, 2.0, (1.0, 0.0, 0.0)),
    (abs, 0.0, (0.0, 0.0, 0.0)),
    (abs, -2.0, (-1.0, 0.0, 0.0)),
    (autograd.sqrt, 0.0, (inf, -inf, inf)),
    (autograd.log, 0.0, (inf, -inf, inf)),
    (autograd.log, 1e-50, (1e50, -1e100, 2e150)),
    (autograd.log1p, -1.0, (inf, -inf, inf)),
    (autograd.sigmoid, 0.0, (0.25, 0.0, -0.125)),
    (autograd.tanh, 0.0, (1.0, 0.0, -2.0)),
    (lambda x: autograd.maximum(x, 1.0), 1.0, (0.5, 0.0, 0.0)),
    (lambda x: autograd.maximum(x * x, x), 1.0, (1.5, 1.0, 0.0)),
    (lambda x: autograd.clip(x, 0.0, 1.0) ** 2, 0.5, (1.0, 2.0, 0.0)),
    (lambda x: autograd.hypot(x, 0.0), 2.0, (1.0, 0.0, 0.0)),
    (lambda x: autograd.hypot(x, 3.0), 0.0, (0.0, 1 / 3, 0.0)),
    (lambda x: autograd.atan2(x, 1.0), 0.0, (1.0, 0.0, -2.0)),
    (lambda x: autograd.where(x > 0, autograd.sqrt(x), x * x), -2.0, (-4.0, 2.0, 0.0)),
    (lambda x: autograd.where(x > 0, x * x, autograd.log(x)), 2.0, (4.0, 2.0, 0.0)),
    (lambda x: autograd.prod([x, x, 0.0, x]), 0.0, (0.0, 0.0, 0.0)),
    (lambda x: autograd.prod([x, x, x]), 0.0, (0.0, 0.0, 6.0)),
    (lambda x: x * 0.0 / 1.0, 1.0, (0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("function", "x", "expected"), EDGES)
def test_edges(function: Callable[[Any], Any], x: float, expected: Sequence[float]) -> None:
    derivative: Callable[..., Any] = function
    for number in expected:
        derivative = grad(derivative)
        assert derivative(x) == pytest.approx(number, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("name", "rate", "factor"), [("sigmoid", 1.0, 1.0), ("tanh", 2.0, 4.0)])
def test_tails(name: str, rate: float, factor: float, sign: float) -> None:
    """At ±40 the derivatives of order k are those of ±factor·exp(-rate·|x|)."""
    tail = factor * math.exp(-rate * 40.0)
    derivative = getattr(autograd, name)
    for order in (1, 2, 3):
        derivative = grad(derivative)
        expected = tail * rate ** (order - 1) * (-sign) ** (order - 1)
        assert derivative(sign * 40.0) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("x", [12.0, 30.0])
def test_second_derivatives_where_the_first_is_1(x: float) -> None:
    """The first rounds to 1 there, and yet the second is not 0."""
    density = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    assert hessian(autograd.gelu)(x) == pytest.approx((2 - x * x) * density, rel=1e-12, abs=0)
    e = math.exp(-5 * x)
    silu = e * (2 - 5 * x + (2 + 5 * x) * e) / (1 + e) ** 3
    assert hessian(autograd.silu)(5 * x) == pytest.approx(silu, rel=1e-12, abs=0)


def test_the_exponent_and_a_zero_base() -> None:
    rows = hessian(lambda x: x[0] ** x[1])([2.0, 3.0])
    log2 = math.log(2.0)
    mixed = 4.0 * (1 + 3 * log2)
    expected = [[12.0, mixed], [mixed, 8 * log2 * log2]]
    assert rows[0] == pytest.approx(expected[0], rel=1e-14)
    assert rows[1] == pytest.approx(expected[1], rel=1e-14)
    # At exponent 0 the slope by the base is 0, but not that slope's own derivatives.
    rows = hessian(lambda x: x[0] ** x[1])([2.0, 0.0])
    assert rows[0] == [0.0, 0.5]
    assert rows[1] == pytest.approx([0.5, log2 * log2], rel=1e-14)
    third = grad(lambda p: grad(grad(lambda p: grad(lambda x: x**p)(2.0)))(p))(0.0)
    assert third == pytest.approx(3 * log2 * log2 / 2, rel=1e-14)
    assert hessian(lambda p: 0.0**p)(2.0) == 0.0
    assert hessian(lambda x: x**2)(-3.0) == 2.0
