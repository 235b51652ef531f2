"""`check_gradient`: verdicts, what is wrong with a function, kinks, and who is to blame."""

import dataclasses
import math
import re
import unittest

import numpy as np
import pytest

import autograd
from autograd import Value, dot, relu, sigmoid, tanh, where
from autograd.eager import function_of
from autograd.table import TABLE
from autograd.testing import GradientError, check_gradient, gradient_report
from examples import mazur
from examples.report import loss_of

CYCLIC: list[object] = [1.0]
CYCLIC.append(CYCLIC)


def wave(x, y):
    return tanh(x * y) + x


def faulty(name, change):
    """An operation whose local derivatives are changed by `change(m, *arguments, value)`."""
    return function_of(dataclasses.replace(TABLE[name], partials=change), Value)


WRONG_TANH = faulty("tanh", lambda m, x, y: (1 - y * y) * (1 + 1e-6))
LATE_SQUARE = faulty("neg", lambda m, x, y: m.where(x >= 3, 1.0, -1.0))


# --- Verdicts -------------------------------------------------------------------------------------


def test_a_right_gradient() -> None:
    report = check_gradient(wave, 0.5, 2.0)
    assert report.is_right
    assert repr(report) == "<GradientReport of wave: right; print it>"
    assert [p.name for p in report.partials] == ["x", "y"]
    for partial, exact in zip(
        report.partials, (1 + 2 / math.cosh(1) ** 2, 0.5 / math.cosh(1) ** 2), strict=True
    ):
        assert partial.reference == pytest.approx(exact, rel=1e-15)
        assert partial.verdict == "right"
        assert partial.tolerance < 1e-13


def test_a_wrong_claim_says_where_by_how_much_and_how() -> None:
    with pytest.raises(GradientError) as caught:
        check_gradient(lambda x, y: x * y, 2.0, 3.0, claimed=[3.0, -2.0])
    assert isinstance(caught.value, AssertionError)
    x, y = caught.value.report.partials
    assert (x.verdict, y.verdict) == ("right", "wrong")
    assert (y.claimed, y.reference, y.difference) == (-2.0, 2.0, -4.0)
    text = str(caught.value)
    assert text.startswith("the claimed gradient of <lambda> at (2.0, 3.0): wrong")
    assert "the recorded graph, replayed in high precision" in text
    assert "note: what is wrong has the wrong sign" in text


@pytest.mark.parametrize(
    "claimed",
    [[3.0, 2.0], (3, 2), np.array([3.0, 2.0]), lambda x, y: (y, x), lambda x, y: [[y], [x]],
     ["3.0", "2"], [Value(3.0), 2]],
)  # fmt: skip
def test_claims_come_in_many_forms(claimed) -> None:
    assert check_gradient(lambda x, y: x * y, 2.0, 3.0, claimed=claimed).is_right


def test_a_printed_figure_is_right_if_the_derivative_rounds_to_it() -> None:
    function = lambda x: x / 3  # noqa: E731
    assert gradient_report(function, 1.0, claimed="0.333").verdict == "right"
    assert gradient_report(function, 1.0, claimed="0.3334").verdict == "wrong"
    assert gradient_report(function, 1.0, claimed="3.3e-01").verdict == "right"
    assert gradient_report(function, 1.0, claimed=0.333).verdict == "wrong"


def test_a_tolerance_can_be_asked_for() -> None:
    assert gradient_report(sigmoid, 0.0, claimed=0.2501).verdict == "wrong"
    assert gradient_report(sigmoid, 0.0, claimed=0.2501, rtol=1e-3).verdict == "right"
    assert gradient_report(sigmoid, 0.0, claimed=0.2501, rtol=1e-4).verdict == "wrong"


def test_points_are_numbers_lists_and_arrays() -> None:
    weights = np.array([[0.1, 0.2], [0.3, 0.4]])

    def network(matrix, xs, bias):
        rows = [dot(list(row), xs, bias) for row in matrix]
        return autograd.sum([tanh(row) for row in rows])

    report = check_gradient(network, weights, [1.0, -2.0], 0.5)
    names = ["matrix[0][0]", "matrix[0][1]", "matrix[1][0]", "matrix[1][1]", "xs[0]", "xs[1]"]
    assert [p.name for p in report.partials] == [*names, "bias"]
    check_gradient(lambda xs: np.tanh(xs).sum(), np.array([0.5, 1.0]))


def test_parameters_of_a_network_are_inputs() -> None:
    model = mazur.network()
    before = [p.data for p in model.parameters()]
    report = check_gradient(lambda: loss_of(model, mazur.X, mazur.Y), parameters=model.parameters())
    assert len(report.partials) == 10
    assert [p.data for p in model.parameters()] == before


def test_black_boxes_are_checked_by_differences() -> None:
    report = check_gradient(math.sin, 1.0, claimed=math.cos)
    assert report.reference == "differences with an adaptive step and an estimated error"
    wrong = gradient_report(math.sin, 1.0, claimed=lambda x: math.cos(x) * (1 + 9e-4))
    assert wrong.verdict == "wrong"
    assert "what is wrong is 1.0009 times what it should be" in str(wrong)


def test_a_derivative_lost_to_rounding_is_no_wrong_formula() -> None:
    def slope(x):
        s = 1 / (1 + math.exp(-x))
        return s * (1 - s)  # all but eight digits cancel at 20

    assert check_gradient(sigmoid, 20.0, claimed=slope).is_right
    assert (
        gradient_report(sigmoid, 20.0, claimed=lambda x: slope(x) * (1 + 1e-4)).verdict == "wrong"
    )
    half_angle = lambda x: math.cos(x / 2) / math.sqrt(2)  # noqa: E731
    function = lambda x: autograd.sqrt(1 - autograd.cos(x))  # noqa: E731
    assert check_gradient(function, 1e-4, claimed=half_angle).is_right


def test_it_is_inconclusive_when_rounding_could_explain_anything() -> None:
    report = gradient_report(lambda x: (x + 1e17) - 1e17, 1.0, claimed=[1.0])
    assert report.verdict == "right"  # the recorded graph has this derivative exactly
    spiral = lambda x: x * math.sin(1 / x) if x else 0.0  # noqa: E731
    report = gradient_report(spiral, 0.0, claimed=[0.0])
    assert report.verdict == "inconclusive"
    assert "differences are only good to ±" in report.reason
    with pytest.raises(GradientError, match="inconclusive"):
        check_gradient(spiral, 0.0, claimed=[0.0])


def test_a_jump_is_not_guessed() -> None:
    report = gradient_report(lambda x: float(x > 0), 0.0, claimed=[0.0])
    assert report.verdict == "inconclusive"
    assert "the differences grow without bound: a jump or a vertical tangent" in report.reason


class TestUnderUnittest(unittest.TestCase):
    def test_a_gradient(self) -> None:
        check_gradient(wave, 0.5, 2.0)
        with self.assertRaises(AssertionError):  # noqa: PT027 - that is what is tested
            check_gradient(wave, 0.5, 2.0, claimed=[0.0, 0.0])


# --- What is wrong with a function ----------------------------------------------------------------

COUNTER = iter(range(1_000_000))


def changes_its_input(xs):
    xs.append(Value(1.0))
    return autograd.sum(xs)


def changes_its_number(x):
    x.data = 5.0
    return x * 2


@pytest.mark.parametrize(
    ("function", "point", "reason"),
    [
        (lambda x: None, [1.0], "<lambda> returned None; it has to return a Value"),
        (lambda x: [x, "x"], [1.0], "returned a list with something else than numbers in it"),
        (
            lambda x: x.data * 2,
            [1.0],
            "<lambda> returned the plain number 2.0 and no Value: it left the graph",
        ),
        (lambda x: 1 / 0, [1.0], "<lambda> raised ZeroDivisionError: division by zero"),
        (
            lambda x: math.sin(x),
            [1.0],
            "such as autograd.sin, for a node when it was given Values, so the engine has no "
            "gradient of it to check; give the one to check as claimed=",
        ),
        (lambda x: x * next(COUNTER), [1.0], "is not deterministic: two runs at one point gave"),
        (changes_its_input, [[1.0]], "changes_its_input changes its inputs"),
        (changes_its_number, [1.0], "changes_its_number changes its inputs"),
        (lambda x: autograd.log(x), [-1.0], "<lambda> is nan here, so it has no gradient"),
        (lambda x: autograd.log(x), [0.0], "<lambda> is -inf here, so it has no gradient"),
        (lambda x: Value(3.0), [1.0], "<lambda> does not depend on its inputs"),
        (lambda: Value(3.0), [], "<lambda> was given no inputs; name the point"),
        (wave, [1.0, "2"], "entry y: expected a number, or a container of numbers, got"),
        (wave, [CYCLIC, 1.0], "the point's entry x[1]: a list that contains itself"),
        (3, [1.0], "expected a function to check, got int 3; write check_gradient(f, x)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_function_is_named(function, point, reason) -> None:
    report = gradient_report(function, *point)
    assert report.verdict == "inconclusive"
    assert reason in report.reason
    with pytest.raises(GradientError, match=re.escape(reason)):
        check_gradient(function, *point)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            {"rtol": "1"},
            "rtol is str '1'; give by how much of the reference a number may be off, as in 1e-6",
        ),
        ({"atol": -1.0}, "atol is float -1.0; give by how much a number may be off"),
        ({"rtol": float("nan")}, "rtol is float nan; give by how much of the ref"),
        (
            {"parameters": Value(1.0)},
            "list of parameters, got Value(data=1.0, grad=0.0); write par",
        ),
        ({"parameters": [None]}, "expected parameters to be Values, got None"),
    ],
)
def test_what_is_wrong_with_an_option_is_named(options, reason) -> None:
    with pytest.raises(GradientError, match=re.escape(reason)):
        check_gradient(wave, 0.5, 2.0, **options)
    assert gradient_report(wave, 0.5, 2.0, claimed=[1.0, 2.0], rtol=0, atol=0).verdict == "wrong"


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        ([1.0], "claimed has 1 number for 2 inputs (x, y)"),
        ([1.0, 2.0, 3.0], "claimed has 3 numbers for 2 inputs (x, y)"),
        (lambda x: x, "the claimed gradient raised TypeError"),
        (["a", 1], "claimed has the text 'a', which is no number"),
        ([1.0, None], "claimed has None, which is no number; give one for each input, in order"),
        ({"x": 1.0}, "claimed has dict {'x': 1.0}, which is no number; give one for each input"),
        (CYCLIC, "claimed has lists in each other, more than 100 deep"),
    ],
)
def test_what_is_wrong_with_a_claim_is_named(claimed, reason) -> None:
    report = gradient_report(wave, 0.5, 2.0, claimed=claimed)
    assert report.verdict == "inconclusive"
    assert reason in report.reason


def test_black_boxes_are_watched_as_well() -> None:
    report = gradient_report(lambda x: math.sin(x) + next(COUNTER), 1.0, claimed=[1.0])
    assert "is not deterministic" in report.reason
    report = gradient_report(lambda xs: math.sin(xs.pop()), [1.0], claimed=[1.0])
    assert "changes its inputs" in report.reason


def test_a_detached_number_is_found() -> None:
    report = gradient_report(lambda x: Value(x.data, "held") * x, 3.0)
    assert report.verdict == "wrong"
    assert report.partials[0].reference == pytest.approx(6.0)
    assert "the number 3.0 (held) follows the inputs but is no node of theirs" in str(report)
    report = gradient_report(lambda x: x * x.data, 3.0)
    assert "its operand y follows the inputs, but there is no edge to it" in str(report)


def test_an_input_that_does_not_matter_is_noted() -> None:
    report = check_gradient(lambda x, y: x * 2, 1.0, 5.0)
    assert report.notes == ("<lambda> does not depend on y",)


# --- Kinks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "point", "sides", "taken"),
    [
        (relu, [0.0], (0, 1), 0),
        (abs, [0.0], (-1, 1), 0),
        (lambda x: autograd.leaky_relu(x, 0.2), [0.0], (0.2, 1), 0.2),
        (lambda x, y: autograd.maximum(x, y), [2.0, 2.0], (0, 1), 0.5),
        (lambda x: autograd.clip(x, -1, 2), [2.0], (1, 0), 0),
        (lambda x: autograd.hypot(x, 0.0), [0.0], (-1, 1), 0),
    ],
)
def test_a_kink_is_right_and_shown(function, point, sides, taken) -> None:
    report = check_gradient(function, *point)
    kink = report.kinks[0]
    assert (kink.sides, kink.taken) == (sides, taken)
    assert kink.convention == TABLE[kink.operation].convention
    assert report.partials[0].sides == sides
    for between in (min(sides), max(sides), (sides[0] + sides[1]) / 2):
        rest = [1 - between] * (len(point) - 1)
        assert gradient_report(function, *point, claimed=[between, *rest]).verdict == "right"
    outside = [max(sides) + 0.01] + [0.0] * (len(point) - 1)
    assert gradient_report(function, *point, claimed=outside).verdict == "wrong"


def test_kinks_that_are_none() -> None:
    assert check_gradient(lambda x: autograd.maximum(x, x), 2.0).partials[0].sides is None
    assert not check_gradient(autograd.elu, 0.0).kinks
    assert not check_gradient(relu, 1e-7).kinks
    assert not check_gradient(lambda x: x**3, 0.0).kinks


def test_a_branch_in_python_is_a_kink_too() -> None:
    report = check_gradient(lambda x: x if x > 0 else -2 * x, 0.0)
    assert report.partials[0].sides == (-2, 1)
    assert "it branches on its inputs here" in report.notes[0]
    check_gradient(lambda x: x if x > 0 else -2 * x, 1e-12)
    check_gradient(lambda x: where(x > 0, x, 0.0), 0.0)


def test_one_sided_limits_at_the_end_of_a_domain() -> None:
    assert check_gradient(lambda x: autograd.sqrt(x) + 1, 0.0).partials[0].claimed == math.inf


# --- Blame ----------------------------------------------------------------------------------------


def test_the_wrong_operation_is_named_with_its_line() -> None:
    def function(x, y):
        hidden = WRONG_TANH(x * y)  # the culprit
        hidden.label = "hidden"
        return hidden * x + autograd.exp(y)

    with pytest.raises(GradientError) as caught:
        check_gradient(function, 0.5, 2.0)
    (blame,) = caught.value.report.blame
    assert (blame.operation, blame.label, blame.argument, blame.at) == (
        "tanh",
        "hidden",
        "x",
        (1.0,),
    )
    assert blame.claimed == pytest.approx(blame.reference * (1 + 1e-6), rel=1e-12)
    line = function.__code__.co_firstlineno + 1
    assert blame.line == f"test_check.py:{line}"
    quiet = gradient_report(function, 0.5, 2.0, lines=False)
    assert quiet.blame[0].line == ""


@pytest.mark.parametrize("place", [0, 37, 99])
def test_a_wrong_operation_in_a_graph_of_a_hundred_nodes_is_named(place) -> None:
    def function(x):
        for i in range(100):
            x = WRONG_TANH(x) if i == place else (autograd.sin(x) if i % 2 else x * 1.01)
        return x

    report = gradient_report(function, 0.7)
    assert report.verdict == "wrong"
    assert [blame.operation for blame in report.blame] == ["tanh"]


def test_right_parts_and_a_wrong_total_are_accumulation(monkeypatch) -> None:
    wrong = lambda output, inputs: [2.0 for _ in inputs]  # noqa: E731
    monkeypatch.setattr("autograd.testing.check.gradients", wrong)
    report = gradient_report(lambda x: x * x, 3.0)
    assert report.verdict == "wrong"
    assert str(report.blame[0]).strip().startswith("accumulation: every local derivative is right")


def test_a_value_that_is_not_its_rules_is_blamed() -> None:
    def function(x):
        node = autograd.exp(x)
        node.data = 3.0
        return node * 2

    report = gradient_report(function, 1.0)
    assert report.verdict == "wrong"
    assert "its value is 3.0, by its rule 2.718281828459045" in str(report)


# --- Without mpmath, cost -------------------------------------------------------------------------


def test_without_mpmath_differences_check_and_blame(monkeypatch) -> None:
    monkeypatch.setattr("autograd.testing.reasons.can_replay", lambda: False)
    report = check_gradient(wave, 0.5, 2.0)
    assert report.reference.startswith("differences")
    wrong = faulty("sin", lambda m, x, y: -m.cos(x))
    report = gradient_report(lambda x: autograd.exp(wrong(x * 2)), 0.5)
    assert [blame.operation for blame in report.blame] == ["sin"]


def test_a_graph_of_ten_thousand_nodes_is_checked() -> None:
    def chain(x):
        for _ in range(5000):
            x = autograd.sin(x) * 1.5
        return x

    check_gradient(chain, 0.7)
    model = mazur.network()
    check_gradient(lambda: loss_of(model, mazur.X, mazur.Y), parameters=model.parameters())
