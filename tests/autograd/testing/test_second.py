"""Second derivatives: a claimed matrix, and the engine's own where it has them."""

import math
import re

import pytest
from hypothesis import settings
from mpmath import mp

import autograd
from autograd import Value, extension, operation, sin
from autograd.table import TABLE
from autograd.testing import OperationError, check_gradient, check_operation, gradient_report
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
        (lambda x, y: autograd.relu(x - 1) + y, 2, [0] * 4, "the first derivative jumps here"),
    ],
)
def test_bad_input(function, order, claimed, reason) -> None:
    report = gradient_report(function, 1.0, Value(2.0).data, order=order, claimed=claimed)
    assert report.verdict == "inconclusive"
    assert reason in report.reason


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.groups])
def test_the_rules_of_operations_are_right_as_functions(name) -> None:
    check_operation(name, order=2, settings=settings(max_examples=8, deadline=None))


def test_a_rule_that_is_right_in_numbers_only_is_found() -> None:
    """The constant arm has the right value, but not the right derivative: 2 at 0."""
    operation(
        "late_square", lambda m, x: x * x, lambda m, x, y: m.where(m.equal(x, 0.0), 0.0, 2 * x)
    )
    try:
        few = settings(max_examples=20, deadline=None, report_multiple_bugs=False)
        check_operation("late_square", settings=few)
        message = "late_square(0.0): the second derivative by x1, x1 is 0.0, but should be 2.0"
        with pytest.raises(OperationError, match=re.escape(message)):
            check_operation("late_square", order=2, settings=few)
    finally:
        extension.remove("late_square")
    with pytest.raises(ValueError, match="order is 3; give 1, or 2 for second derivatives"):
        check_operation("tanh", order=3)


def test_what_the_third_derivative_does_is_no_jump() -> None:
    assert gradient_report(lambda x: x**3, 0.0, order=2).verdict == "right"
    report = gradient_report(autograd.elu, 0.0, order=2)
    assert report.verdict == "inconclusive"
    assert report.reason == "the second derivative jumps here, so there is none"


@pytest.mark.parametrize("x", [1e-200, 1e-52, 1.0 - 2.0**-53, 700.0, 1e16])
def test_the_reference_at_inputs_of_any_size(x) -> None:
    recording = Subject(autograd.sin, [x], []).record()
    with mp.workprec(2000):
        exact = float(-mp.sin(mp.mpf(x)))
    assert second_derivatives(recording) == [[pytest.approx(exact, rel=1e-15)]]
