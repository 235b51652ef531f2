"""`gradients(create_graph=True)`: the same numbers as the plain pass, and a graph behind them."""

from __future__ import annotations

import copy
import math
import pickle
import re

import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, gradients, sqrt, where
from autograd.testing import expressions, gradient_report
from autograd.testing.expression import Expression
from tests.programs import ENGINE, Program, programs


@settings(max_examples=40)
@given(programs(max_steps=60))
def test_the_numbers_are_those_of_the_plain_pass(program: Program) -> None:
    inputs = [Value(x) for x in program.inputs]
    output = program.run(ENGINE, inputs)[-1]
    recorded = gradients(output, inputs, create_graph=True)
    assert all(isinstance(slope, Value) for slope in recorded)
    assert [slope.data for slope in recorded] == gradients(output, inputs)


@settings(max_examples=60)
@given(expressions(max_nodes=12))
def test_second_derivatives_of_random_graphs_are_exact(expression: Expression) -> None:
    report = gradient_report(expression, *expression.point, order=2)
    beside_a_kink = any(abs(x) < 1e-6 and x for x in expression.point)
    assert report.verdict in ("right", "inconclusive") or beside_a_kink, str(report)


def test_by_inner_nodes_and_by_what_is_not_in_the_graph() -> None:
    x, other = Value(3.0), Value(1.0)
    square = x * x
    slopes = gradients(square * square, [square, x, other, x], create_graph=True)
    assert [slope.data for slope in slopes] == [18.0, 108.0, 0.0, 108.0]
    assert gradients(slopes[1], [x]) == [108.0]
    assert gradients(x, [x], create_graph=True)[0].data == 1.0


def test_no_grad_is_touched() -> None:
    x = Value(3.0)
    (slope,) = gradients(x**3, [x], create_graph=True)
    assert (x.grad, slope.grad) == (0.0, 0.0)
    slope.backward()
    assert x.grad == 18.0


def test_a_recorded_gradient_is_copied_pickled_and_drawn() -> None:
    x = Value(0.5, "x")
    (slope,) = gradients(autograd.gelu(x) ** 2, [x], create_graph=True)
    for twin in (copy.deepcopy(slope), pickle.loads(pickle.dumps(slope))):
        assert twin.data == slope.data
    assert "x" in autograd.draw(slope).source


def test_a_gradient_penalty_trains() -> None:
    """The second-order term reaches the parameter: d/dw of (d/dx tanh(w·x))²."""
    w, x = Value(0.8), Value(0.3)
    (slope,) = gradients(autograd.tanh(w * x), [x], create_graph=True)
    (got,) = gradients(slope**2, [w])

    def penalty(w: float) -> float:
        return (w * (1 - math.tanh(w * 0.3) ** 2)) ** 2

    assert got == pytest.approx((penalty(0.8 + 1e-6) - penalty(0.8 - 1e-6)) / 2e-6, rel=1e-8)


def test_an_arm_that_was_not_taken_poisons_nothing() -> None:
    x = Value(-1.0)
    y = where(x > 0, sqrt(x), x * x * x)
    (slope,) = gradients(y, [x], create_graph=True)
    (second,) = gradients(slope, [x], create_graph=True)
    assert (slope.data, second.data, gradients(second, [x])) == (3.0, -6.0, [6.0])


def test_plain_operands_follow_ieee_754() -> None:
    x = Value(2.0)
    for y, slope in ((x / 0.0, math.inf), (0.0 / x, 0.0), (x**-0.0, 0.0)):
        (found,) = gradients(y, [x], create_graph=True)
        assert found.data == slope == gradients(y, [x])[0]


@pytest.mark.parametrize(
    "function", [lambda x: x * x, autograd.sin, lambda x: autograd.prod([x, x])]
)
def test_changed_data_is_refused(function) -> None:
    x = Value(2.0, "x")
    y = function(x)
    x.data = 3.0
    plain = gradients(y, [x])
    with pytest.raises(ValueError, match=re.escape("the data of 'x', or of another operand of")):
        gradients(y, [x], create_graph=True)
    assert gradients(y, [x]) == plain
    x.data = 2.0
    assert [slope.data for slope in gradients(y, [x], create_graph=True)] == plain


def test_changed_data_that_changes_nothing_is_no_matter() -> None:
    x, y = Value(2.0), Value(3.0)
    z = x + autograd.exp(y)
    x.data = y.data = 9.0
    (slope,) = gradients(z, [y], create_graph=True)
    assert slope.data == math.exp(3.0)
    assert gradients(slope, [y]) == [math.exp(3.0)]


@pytest.mark.parametrize(
    ("output", "inputs", "message"),
    [
        (3.0, [Value(1.0)], "gradients: expected a Value, got float 3.0"),
        (
            Value(1.0),
            Value(1.0),
            "gradients: expected a list of inputs, got Value(data=1.0, grad=0.0); write grad",
        ),
        (Value(1.0), None, "gradients: expected a list of inputs, got None; write"),
        (Value(1.0), [1.0], "gradients: expected a Value, got float 1.0"),
        (None, [Value(1.0)], "gradients: expected a Value, got None; write gradients(output, [x"),
    ],
)
def test_misuse(output, inputs, message) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        gradients(output, inputs, create_graph=True)
