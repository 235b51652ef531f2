"""Derivatives of higher order at edges: domains, norms at 0, powers, what does not move."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest

import autograd as ag
from autograd import Value, grad, gradients, hessian, hvp, jvp, value_and_grad, vjp

Function = Callable[..., Any]


def all_orders(function: Function, x: float, count: int = 6) -> list[float]:
    """The derivatives of first to sixth order at x."""
    found = []
    for _ in range(count):
        function = grad(function)
        found.append(function(x))
    return found


def same(x: float, y: float) -> bool:
    return x == y or (math.isnan(x) and math.isnan(y))


@pytest.mark.parametrize(
    ("name", "x"),
    [
        ("log", -1.0), ("log2", -1.0), ("log10", -1e-300), ("log1p", -2.0), ("log", -inf),
        ("sqrt", -1.0), ("asin", 2.0), ("acos", -1.5), ("acosh", 0.0), ("acosh", -3.0),
        ("atanh", 2.0), ("atanh", -1.5),
    ],
)  # fmt: skip
def test_outside_of_the_domain_every_derivative_is_nan(name: str, x: float) -> None:
    assert all(map(math.isnan, all_orders(getattr(ag, name), x)))


@pytest.mark.parametrize(
    "function",
    [
        ag.relu,
        ag.leaky_relu,
        ag.elu,
        lambda x: ag.clip(x, 0.0, 1.0),
        lambda x: ag.maximum(x, 1.0),
        lambda x: ag.amax([x, 1.0]),
        lambda x: ag.logsumexp([x, 1.0]),
        ag.sigmoid,
        ag.tanh,
    ],
)
def test_the_derivative_of_what_is_no_number_is_none(function: Function) -> None:
    assert math.isnan(grad(function)(nan))


# --- Infinities -----------------------------------------------------------------------------------

INFINITE: list[tuple[str, Function, list[float], list[float]]] = [
    ("logsumexp", lambda v: ag.logsumexp(v), [inf, 0.0], [1.0, 0.0]),
    ("logsumexp of two", lambda v: ag.logsumexp(v), [inf, 3.0, inf], [0.5, 0.0, 0.5]),
    ("cross entropy, sure", lambda v: ag.cross_entropy(v, 0), [inf, 0.0], [0.0, 0.0]),
    ("cross entropy, wrong", lambda v: ag.cross_entropy(v, 1), [inf, 0.0], [1.0, -1.0]),
    ("hypot", lambda v: ag.hypot(*v), [inf, 1.0], [1.0, 0.0]),
    ("hypot, the other", lambda v: ag.hypot(*v), [2.0, -inf], [0.0, -1.0]),
    ("hypot of two", lambda v: ag.hypot(*v), [inf, inf], [nan, nan]),
    ("angle", lambda v: ag.atan2(*v), [1.0, inf], [0.0, 0.0]),
]


@pytest.mark.parametrize(
    ("function", "at", "slopes"), [i[1:] for i in INFINITE], ids=[i[0] for i in INFINITE]
)
def test_gradients_at_infinity_are_the_limits(
    function: Function, at: list[float], slopes: list[float]
) -> None:
    assert all(map(same, grad(function)(at), slopes))


def test_values_at_infinity() -> None:
    assert ag.cross_entropy([inf, 0.0], 0) == 0.0
    assert ag.cross_entropy([inf, 0.0], 1) == inf
    assert ag.logsumexp([inf, inf]) == inf
    assert hessian(ag.logsumexp)([inf, 0.0]) == [[0.0, 0.0], [0.0, 0.0]]


# --- Powers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "p", "slope"),
    [
        (-1001.2, 1e20, -inf), (1001.2, 1e20, inf), (-2.0, 1e300, -inf), (-0.5, 1e20, 0.0),
        (-0.5, -1e20, inf), (0.5, -1e20, -inf), (-2.0, 1024.0, -inf), (-2.0, 1025.0, inf),
    ],
)  # fmt: skip
def test_the_sign_of_the_slope_of_a_large_power(x: float, p: float, slope: float) -> None:
    assert grad(lambda x: x**p)(x) == slope


def power(v: Any) -> Any:
    return v[0] ** v[1]


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (1.0, [[0.0, -inf], [-inf, 0.0]]),
        (1.5, [[inf, 0.0], [0.0, 0.0]]),
        (2.0, [[2.0, 0.0], [0.0, 0.0]]),
        (2.5, [[0.0, 0.0], [0.0, 0.0]]),
        (0.5, [[-inf, -inf], [-inf, 0.0]]),
        (0.0, [[0.0, 0.0], [0.0, 0.0]]),
        (-1.0, [[inf, inf], [inf, inf]]),
    ],
)
def test_the_hessian_of_a_power_at_0(p: float, expected: list[list[float]]) -> None:
    assert hessian(power)([0.0, p]) == expected
    for row, unit in zip(expected, ([1.0, 0.0], [0.0, 1.0]), strict=True):
        assert hvp(power, [0.0, p], unit) == row


def test_the_hessian_of_a_power_next_to_0() -> None:
    rows = hessian(power)([1e-300, 1.0])
    mixed = 1 - 300 * math.log(10)
    assert [rows[0][1], rows[1][0]] == pytest.approx([mixed, mixed], rel=1e-13)


# --- What does not move ---------------------------------------------------------------------------


def test_what_does_not_move_adds_nothing() -> None:
    def function(x: Any, y: Any) -> Any:
        return ag.sqrt(x) + y * y

    assert jvp(function, (0.0, 3.0), (0.0, 1.0)) == (9.0, 6.0)
    assert jvp(function, (0.0, 3.0), (1.0, 0.0)) == (9.0, inf)
    assert grad(lambda y: jvp(function, (0.0, y), (0.0, 1.0))[1])(3.0) == 2.0
    _, pull_back = vjp(lambda x: [ag.sqrt(x), x * x], 0.0)
    assert pull_back([0.0, 1.0]) == (0.0,)
    assert pull_back([0.0, 0.0]) == (0.0,)
    assert hvp(lambda v: ag.sqrt(v[0]) + v[1] ** 2, [0.0, 3.0], [0.0, 1.0]) == [0.0, 2.0]
    assert hvp(lambda v: v[0] * v[1], [2.0, 3.0], [0.0, 0.0]) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("function", "at", "along", "expected"),
    [
        (lambda x, y: x / y, (1e-200, 1e150), (0.0, 1e308), -1e-192),
        (lambda x, y: x / y, (1e-200, 1e150), (1e-200, 1e308), -1e-192),
        (lambda x, y: ag.log(x) + 0.0 * y, (1e-310, 1.0), (1e-305, 0.0), 1e5),
        (lambda x, y: ag.atan(x) * y, (1e200, 1.0), (1e300, 0.0), 1e-100),
        (lambda x, y: ag.atan2(x, y), (1e-200, 1e150), (0.0, 1e308), -1e-192),
        (lambda x, y: ag.relu(x) * y, (-1.0, 1.0), (1e300, 0.0), 0.0),
    ],
)
def test_local_derivatives_beyond_the_floats(
    function: Function, at: tuple[float, ...], along: tuple[float, ...], expected: float
) -> None:
    moved = jvp(function, at, along)[1]
    assert moved == pytest.approx(expected, rel=1e-13, abs=0)


# --- Norms at the origin --------------------------------------------------------------------------

SMOOTH: list[tuple[str, Function, list[float]]] = [
    ("square", lambda r: r**2, [0.0, 2.0, 0.0, 0.0, 0.0, 0.0]),
    ("product", lambda r: r * r, [0.0, 2.0, 0.0, 0.0, 0.0, 0.0]),
    ("fourth power", lambda r: r**4, [0.0, 0.0, 0.0, 24.0, 0.0, 0.0]),
    ("bell", lambda r: ag.exp(-(r**2)), [0.0, -2.0, 0.0, 12.0, 0.0, -120.0]),
    ("log", lambda r: ag.log1p(r * r), [0.0, 2.0, 0.0, -12.0, 0.0, 240.0]),
    ("root", lambda r: ag.sqrt(1 + r**2), [0.0, 1.0, 0.0, -3.0, 0.0, 45.0]),
    ("difference", lambda r: (1 - r * r / 2) * (3 - r**2), [0.0, -5.0, 0.0, 12.0, 0.0, 0.0]),
]
by_name = pytest.mark.parametrize(
    ("function", "expected"), [s[1:] for s in SMOOTH], ids=[s[0] for s in SMOOTH]
)


@by_name
def test_functions_of_the_square_of_a_norm_are_smooth(
    function: Function, expected: list[float]
) -> None:
    norms: list[Function] = [
        abs, lambda x: ag.hypot(x, 0.0), lambda x: ag.hypot(0.0, x), lambda x: abs(-abs(x)),
    ]  # fmt: skip
    for norm in norms:
        assert all_orders(lambda x, norm=norm: function(norm(x)), 0.0) == pytest.approx(expected)


@by_name
def test_their_hessians_in_the_plane_and_as_programs(
    function: Function, expected: list[float]
) -> None:
    rows = hessian(lambda v: function(ag.hypot(*v)))
    second = expected[1]
    assert rows([0.0, 0.0]) == [[second, 0.0], [0.0, second]]
    for i, unit in enumerate(([1.0, 0.0], [0.0, 1.0])):
        along = hvp(lambda v: function(ag.hypot(*v)), [0.0, 0.0], unit)
        assert along == rows([0.0, 0.0])[i]
        program = ag.compile(lambda x, y, i=i: rows([x, y])[i][i], 2)
        assert program(0.0, 0.0)[0] == second
        assert program(0.3, 0.4)[0] == pytest.approx(rows([0.3, 0.4])[i][i], rel=1e-13)


def test_a_norm_itself_and_what_is_not_smooth_keep_the_convention() -> None:
    assert all_orders(abs, 0.0) == [0.0] * 6
    assert hessian(lambda v: ag.hypot(*v))([0.0, 0.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert all_orders(lambda x: 3 * abs(x) + x**2, 0.0, 2) == [0.0, 2.0]
    assert all_orders(lambda x: abs(x) ** 3, 0.0, 2) == [0.0, 0.0]
    # The factor |x| of the sine is not found, though the cosine of |x| is smooth.
    assert all_orders(lambda x: ag.cos(abs(x)), 0.0, 2) == [0.0, 0.0]


def test_what_a_plain_zero_divides_has_no_factor() -> None:
    x = Value(0.0)
    output = ag.atan2(0.0, abs(x))
    (slope,) = gradients(output, [x], create_graph=True)
    assert math.isnan(slope.data)  # as without a recording
    assert math.isnan(gradients(output, [x])[0])


def test_the_first_derivative_of_a_recorded_norm_is_the_plain_one() -> None:
    for function in (abs, lambda x: abs(x) ** 2, lambda x: ag.sqrt(abs(x) ** 2)):
        x = Value(0.0)
        y = function(x)
        (plain,), (recorded,) = gradients(y, [x]), gradients(y, [x], create_graph=True)
        assert same(plain, recorded.data)
    assert value_and_grad(lambda x: abs(x) ** 2)(0.0) == (0.0, 0.0)
