"""Differences: their estimated error holds, and where there is no derivative they say so."""

import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.testing.differences import derivative

SMOOTH = [
    ("sin", math.sin, mpmath.sin, (-20, 20)),
    ("exp", math.exp, mpmath.exp, (-30, 30)),
    ("log", math.log, mpmath.log, (1e-12, 1e6)),
    ("tanh", math.tanh, mpmath.tanh, (-15, 15)),
    ("a pole beside", lambda x: 1 / x, lambda x: 1 / x, (1e-9, 1e9)),
    ("fast", lambda x: math.sin(1e4 * x), lambda x: mpmath.sin(10**4 * x), (-1, 1)),
    ("a bell", lambda x: math.exp(-x * x), lambda x: mpmath.exp(-x * x), (-6, 6)),
    ("steep", lambda x: math.tanh(1e3 * x), lambda x: mpmath.tanh(1000 * x), (-0.01, 0.01)),
    (
        "cancelling",
        lambda x: (1 - math.cos(x)) / x,
        lambda x: (1 - mpmath.cos(x)) / x,
        (1e-3, 1),
    ),
]


@given(st.data())
@pytest.mark.parametrize(
    ("name", "function", "exact", "domain"), SMOOTH, ids=[s[0] for s in SMOOTH]
)
def test_the_error_is_within_its_estimate(name, function, exact, domain, data) -> None:
    x = data.draw(st.floats(*domain))
    found = derivative(function, x)
    assert not found.reason
    with mpmath.workdps(60):
        truth = float(mpmath.diff(exact, mpmath.mpf(x), h=mpmath.mpf(10) ** -25))
    assert abs(found.left - truth) <= found.error + 1e-15 * abs(truth)
    assert not found.is_kink


@pytest.mark.parametrize(
    ("function", "x", "left", "right"),
    [
        (abs, 0.0, -1, 1),
        (lambda x: max(x, 0.0), 0.0, 0, 1),
        (lambda x: max(x, 2.5), 2.5, 0, 1),
        (lambda x: abs(math.sin(x)), 0.0, -1, 1),
        (lambda x: x if x > 0 else math.expm1(2 * x), 0.0, 2, 1),
    ],
)
def test_kinks_have_two_sides(function, x, left, right) -> None:
    found = derivative(function, x)
    assert found.is_kink
    assert abs(found.left - left) <= found.error
    assert abs(found.right - right) <= found.error
    assert found.error < 1e-6


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9])
def test_a_kink_close_by_is_not_looked_across(distance) -> None:
    found = derivative(lambda x: max(x, 1.0 + distance), 1.0)
    assert abs(found.left) <= found.error < 1e-3
    assert not found.is_kink


@pytest.mark.parametrize(
    ("function", "x", "reason"),
    [
        (math.sqrt, 0.0, "the differences grow without bound: a jump or a vertical tangent"),
        (math.cbrt, 0.0, "the differences grow without bound: a jump or a vertical tangent"),
        (lambda x: float(x > 0), 0.0, "the differences grow without bound: a jump"),
        (math.log, -1.0, "the function has no finite value here"),
        (lambda x: 1.0 if x == 2 else math.nan, 2.0, "the function is not finite on either side"),
    ],
)
def test_what_has_no_derivative_is_not_guessed(function, x, reason) -> None:
    found = derivative(function, x)
    assert reason in found.reason
    assert found.error == math.inf


def test_a_spiral_has_a_large_error() -> None:
    found = derivative(lambda x: x * math.sin(1 / x) if x else 0.0, 0.0)
    assert found.reason or found.error > 0.01 * found.scale


def test_values_rounded_to_few_digits_are_noise() -> None:
    found = derivative(lambda x: round(math.sin(x), 7), 1.0)
    assert abs(found.left - math.cos(1.0)) <= found.error < 1e-3
    flat = derivative(lambda x: float(math.floor(x)), 2.5)
    assert abs(flat.left) <= flat.error < 1e-12
