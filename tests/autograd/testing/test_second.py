"""Second derivatives: a claimed matrix, and the engine's own where it has them."""

import math

import pytest

import autograd
from autograd import Value, sin
from autograd.testing import check_gradient, gradient_report
from autograd.testing.second import second_derivatives
from autograd.testing.subject import Subject


def wave(x, y):
    return sin(x * y) + x**3


def hessian(x, y):
    s, c = math.sin(x * y), math.cos(x * y)
    return [[-y * y * s + 6 * x, c - x * y * s], [c - x * y * s, -x * x * s]]


def test_the_reference_is_exact() -> None:
    rows = second_derivatives(Subject(wave, [0.5, 2.0], []).record())
    for row, exact in zip(rows, hessian(0.5, 2.0), strict=True):
        assert row == pytest.approx(exact, rel=1e-14)


def test_a_claimed_matrix() -> None:
    report = check_gradient(wave, 0.5, 2.0, claimed=hessian, order=2)
    assert report.order == 2
    assert [p.name for p in report.partials] == ["x, x", "x, y", "y, x", "y, y"]
    wrong = gradient_report(
        wave, 0.5, 2.0, order=2, claimed=lambda x, y: [hessian(x, y)[0], [hessian(x, y)[1][0], 1.0]]
    )
    assert [p.verdict for p in wrong.partials] == ["right", "right", "right", "wrong"]
    rounded = gradient_report(sin, 0.5, claimed="-0.4794", order=2)
    assert rounded.verdict == "right"


def test_the_engines_own() -> None:
    check_gradient(wave, 0.5, 2.0, order=2)
    check_gradient(lambda xs: autograd.logsumexp(xs), [0.1, 0.5, -0.3], order=2)


@pytest.mark.parametrize(
    ("function", "order", "claimed", "reason"),
    [
        (wave, 3, None, "order is 3; give 1 for first derivatives, 2 for second"),
        (wave, 2, [1.0, 2.0], "claimed has 2 numbers for 2 × 2 inputs"),
        (lambda x, y: autograd.relu(x - x) + y, 2, [0] * 4, "the first derivative jumps here"),
    ],
)
def test_bad_input(function, order, claimed, reason) -> None:
    report = gradient_report(function, 1.0, Value(2.0).data, order=order, claimed=claimed)
    assert report.verdict == "inconclusive"
    assert reason in report.reason
