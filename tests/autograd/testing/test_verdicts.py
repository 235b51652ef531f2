"""Verdicts on black boxes: plateaus, claims with rounding of their own, tolerances, kinks."""

import math
import random

import numpy as np
import pytest
from mpmath import mp

import autograd
from autograd import Value, relu
from autograd.testing import gradient_report
from autograd.testing.differences import derivative

F = np.float32


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def narrow_sigmoid(x):
    return F(1) / (F(1) + np.exp(-F(x)))


def bent(x):
    """The derivative of (1 - cos x)/x²."""
    with mp.workdps(60):
        x = mp.mpf(x)
        return float(mp.sin(x) / x**2 - 2 * (1 - mp.cos(x)) / x**3)


def verdict(function, point, claimed, **options):
    """The verdict on a function of one number that runs on numbers only."""

    def plain(x):
        if isinstance(x, Value):
            raise TypeError("a black box")
        return float(function(x))

    return gradient_report(plain, point, claimed=claimed, **options).verdict


# --- Plateaus -------------------------------------------------------------------------------------

PLATEAUS = [
    ("a small slope in float32", lambda w: F(1) + F(0.003) * F(w), 0.7, 0.003),
    ("cross entropy of a logit at 7", lambda z: -np.log(narrow_sigmoid(z)), 7.0,
     sigmoid(7.0) - 1),
    ("float32 input only", lambda x: math.sin(float(F(x))), 0.5, math.cos(0.5)),
    ("-log(1 - sigmoid) at 30", lambda z: -math.log(1 - sigmoid(z)), 30.0, 1.0),
    ("log(1 + exp) at -30", lambda z: math.log(1 + math.exp(z)), -30.0, math.exp(-30)),
    ("(1 - cos x)/x² at 1e-2", lambda x: (1 - math.cos(x)) / x**2, 1e-2, bent(1e-2)),
    ("a sine of four decimals", lambda x: round(math.sin(x), 4), 1.0, math.cos(1.0)),
    ("half precision inside", lambda x: float(np.float16(np.sin(np.float16(x)))), 0.7,
     math.cos(0.7)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "point", "slope"), [p[1:] for p in PLATEAUS], ids=[p[0] for p in PLATEAUS]
)
def test_plateaus_are_noise_and_no_zero_slope(function, point, slope) -> None:
    assert verdict(function, point, slope) != "wrong"
    for wrong in (0.0, -slope, 1.5 * slope):
        assert verdict(function, point, wrong) == "wrong"
    estimate = derivative(lambda x: float(function(x)), point)
    assert abs(estimate.left - slope) <= estimate.error + 1e-3 * abs(slope)


def test_a_slope_between_jumps_is_not_the_slope() -> None:
    """Between two jumps of the cosine (1 - cos x)/x² falls by -10,000; its noise hides -8e-6."""
    function = lambda x: (1 - math.cos(x)) / x**2  # noqa: E731
    assert verdict(function, 1e-4, -1e4) == "wrong"
    assert verdict(function, 1e-4, 1e-2) == "wrong"
    assert verdict(function, 1e-4, 0.0) == "inconclusive"
    assert verdict(function, 1e-4, bent(1e-4)) != "wrong"


def test_what_is_constant_has_slope_zero() -> None:
    assert verdict(lambda x: max(abs(x) - 1e-3, 0.0), 0.0, 0.0) == "right"  # a dead zone
    assert verdict(lambda x: max(0.0, 1 - x), 1.3, 0.0) == "right"
    assert verdict(lambda x: max(0.0, 1 - x), 1.3, -1.0) == "wrong"
    assert verdict(lambda x: 0.0 * x + 3.0, 0.7, 0.0) == "right"
    assert verdict(lambda x: 0.0 * x + 3.0, 0.7, 1e-9) == "wrong"


def test_poles_close_by_are_no_noise() -> None:
    slope = 1024 * (1 + math.tan(1.57) ** 2)
    assert verdict(lambda x: math.tan(1024 * x), 1.57 / 1024, slope) == "right"
    assert verdict(lambda x: math.tan(1024 * x), 1.57 / 1024, slope * (1 + 1e-4)) == "wrong"


# --- Claims with rounding of their own ------------------------------------------------------------


@pytest.mark.parametrize("box", [True, False], ids=["black box", "recorded"])
@pytest.mark.parametrize("x", [10.5, 11.0, 12.0, 13.0, 14.0])
def test_the_textbooks_formula_of_tanh(x, box) -> None:
    textbook = lambda x: 1 - math.tanh(x) ** 2  # noqa: E731
    function = math.tanh if box else autograd.tanh
    assert gradient_report(function, x, claimed=textbook).verdict == "right"
    assert gradient_report(function, x, claimed=[textbook(x)]).verdict == "right"
    for factor in (0.0, -1.0, 1.1):
        changed = lambda x: factor * textbook(x)  # noqa: B023, E731
        assert gradient_report(function, x, claimed=changed).verdict == "wrong"


@pytest.mark.parametrize("x", [25.75, 28.0, 30.0])
def test_the_textbooks_formula_of_the_sigmoid(x) -> None:
    textbook = lambda x: sigmoid(x) * (1 - sigmoid(x))  # noqa: E731
    assert gradient_report(autograd.sigmoid, x, claimed=textbook).verdict == "right"
    assert verdict(sigmoid, x, textbook) == "right"
    assert verdict(sigmoid, x, lambda x: 2 * textbook(x)) == "wrong"


def test_softmax_less_one_hot() -> None:
    def slopes(x, y):
        e = [math.exp(x), math.exp(y)]
        return [e[0] / sum(e) - 1, e[1] / sum(e)]

    def loss(x, y):
        return autograd.log(autograd.exp(x) + autograd.exp(y)) - x

    assert gradient_report(loss, 14.0, 0.0, claimed=slopes).verdict == "right"
    swapped = lambda x, y: slopes(x, y)[::-1]  # noqa: E731
    assert gradient_report(loss, 14.0, 0.0, claimed=swapped).verdict == "wrong"


def test_a_gradient_that_swings_fast_does_not_excuse_a_wrong_one() -> None:
    """At far neighbours cos(x) looks like noise; nor is a jump of the claim at the point any."""
    shifted = lambda x: math.cos(x + 1e-3)  # noqa: E731
    assert verdict(math.sin, 1e4, math.cos) == "right"
    assert verdict(math.sin, 1e4, shifted) == "wrong"
    late = lambda x: 2 * x if x < 3 else 2.0  # noqa: E731
    assert gradient_report(lambda x: x * x, 3.0, claimed=late).verdict == "wrong"


# --- Tolerances -----------------------------------------------------------------------------------


@pytest.mark.parametrize("box", [True, False], ids=["black box", "recorded"])
def test_what_is_smaller_than_rounding_is_not_right_for_that(box) -> None:
    function = (lambda x: math.sin(x) / x) if box else (lambda x: autograd.sin(x) / x)
    x = 1e-8
    with mp.workdps(60):
        slope = float(mp.diff(lambda t: mp.sin(t) / t, mp.mpf(x), h=mp.mpf(10) ** -20))
    assert gradient_report(function, x, claimed=lambda x: -x / 3).verdict == "right"
    assert gradient_report(function, x, claimed=[0.0]).verdict == "inconclusive"
    for factor in (10.0, -1.0):
        claimed = lambda x: factor * slope  # noqa: B023, E731
        assert gradient_report(function, x, claimed=claimed).verdict == "wrong"


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("box", [True, False], ids=["black box", "recorded"])
def test_tolerances_are_those_of_isclose(box, order) -> None:
    function = math.sin if box else autograd.sin
    exact = math.cos(1.0) if order == 1 else -math.sin(1.0)

    def judged(claimed, **tolerance):
        return gradient_report(function, 1.0, claimed=claimed, order=order, **tolerance).verdict

    assert judged(exact) == "right"
    assert judged(exact, rtol=1e-30, atol=1e-30) == "right"
    assert judged(exact + 1e-3) == "wrong"
    assert judged(exact + 1e-3, atol=1.1e-3) == "right"
    assert judged(exact + 1e-3, rtol=1.1e-3 / abs(exact)) == "right"
    assert judged(exact + 1e-3, rtol=0.6e-3 / abs(exact), atol=0.6e-3) == "right"
    assert judged(exact + 1e-3, rtol=1e-4, atol=1e-5) == "wrong"


# --- Order 2 --------------------------------------------------------------------------------------


def huber(x):
    return 0.5 * x * x if abs(x) <= 1 else abs(x) - 0.5


def cubic_then_line(x):
    return x**3 if x < 1 else 3 * x - 2


def test_second_derivatives_have_the_safeguards_of_first_ones() -> None:
    detached = gradient_report(lambda x: x * x.data, 3.0, order=2)
    assert detached.verdict == "wrong"
    assert detached.partials[0].reference == pytest.approx(2.0)
    assert "its operand y follows the inputs" in str(detached.blame[0])
    draw = random.Random(3)
    noisy = gradient_report(lambda x: x * x * draw.random(), 3.0, order=2)
    assert "is not deterministic" in noisy.reason


@pytest.mark.parametrize("function", [huber, cubic_then_line])
@pytest.mark.parametrize("claimed", [None, 0.0, 1.0, 6.0])
def test_a_second_derivative_that_jumps_at_a_branch(function, claimed) -> None:
    report = gradient_report(function, 1.0, claimed=claimed, order=2)
    assert report.verdict == "inconclusive"
    assert "the second derivative jumps here, so there is none" in report.reason
    assert gradient_report(function, 0.9, order=2).verdict == "right"


def test_second_derivatives_of_black_boxes() -> None:
    def matrix(x, y):
        s, c = math.sin(x * y), math.cos(x * y)
        return [[-y * y * s, c - x * y * s], [c - x * y * s, -x * x * s]]

    function = lambda x, y: math.sin(x * y)  # noqa: E731
    report = gradient_report(function, 0.5, 2.0, claimed=matrix, order=2)
    assert report.verdict == "right"
    assert report.reference.startswith("second differences")
    wrong = lambda x, y: [matrix(x, y)[0], [0.0, matrix(x, y)[1][1]]]  # noqa: E731
    report = gradient_report(function, 0.5, 2.0, claimed=wrong, order=2)
    assert [p.verdict for p in report.partials] == ["right", "right", "wrong", "right"]
    bent = gradient_report(lambda x: max(float(x), 0.0) + x * x / 2 if x < 9 else x, 0.0,
                           claimed=1.0, order=2)  # fmt: skip
    assert "the first derivative jumps here" in bent.reason


# --- Kinks ----------------------------------------------------------------------------------------


def test_kinks_that_cancel() -> None:
    function = lambda x: relu(x) - relu(-x)  # noqa: E731 - that is x
    assert gradient_report(function, 0.0, claimed=1.0).verdict == "right"
    for wrong in (0.0, 0.5, -1.0):
        assert gradient_report(function, 0.0, claimed=wrong).verdict == "wrong"
    own = gradient_report(function, 0.0)
    assert own.verdict == "wrong"
    assert "kinks that cancel" in str(own.blame[0])


@pytest.mark.parametrize(
    ("function", "point"),
    [
        (lambda x: abs(x) ** 2, [0.0]),
        (lambda x: x * abs(x), [0.0]),
        (lambda x, y: autograd.hypot(x, y) ** 2, [0.0, 0.0]),
    ],
)
def test_kinks_that_are_smooth(function, point) -> None:
    assert gradient_report(function, *point).verdict == "right"
    assert gradient_report(function, *point, claimed=[0.0] * len(point)).verdict == "right"
    assert gradient_report(function, *point, claimed=[0.1] * len(point)).verdict == "wrong"


# --- Cost -----------------------------------------------------------------------------------------


def counted(count, change):
    """The calls of the function and of the claim that a check of a smooth loss takes."""
    draw = np.random.default_rng(5)
    weights, data = draw.normal(size=count), draw.normal(size=count)
    calls = [0, 0]

    def loss(w):
        calls[0] += 1
        return float(np.mean(np.tanh(w * data) ** 2))

    def gradient(w):
        calls[1] += 1
        t = np.tanh(w * data)
        return change * 2 * t * (1 - t * t) * data / count

    report = gradient_report(loss, weights, claimed=gradient)
    return report.verdict, calls


@pytest.mark.parametrize("count", [64, 512])
def test_a_smooth_partial_costs_less_than_a_dozen_runs(count) -> None:
    right, (runs, claims) = counted(count, 1.0)
    assert (right, claims) == ("right", 1)
    assert runs <= 5 * count + 20
    wrong, (runs, claims) = counted(count, 1.5)
    assert wrong == "wrong"
    assert runs <= 10 * count + 20
    assert claims <= 100
