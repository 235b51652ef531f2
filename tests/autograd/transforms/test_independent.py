"""Leaving the graph: a warning, an error while compiling, and `stop_gradient` where it is meant."""

import math
import warnings

import numpy as np
import pytest

import autograd
from autograd import IndependentWarning, Value, grad, gradients, jacobian, value_and_grad

LEAVING = [lambda x: x.data * 2, lambda x: Value(x.data) * 2, lambda x: 3.0]


@pytest.mark.parametrize("transform", [grad, jacobian, value_and_grad])
@pytest.mark.parametrize("function", LEAVING)
def test_a_result_that_does_not_depend_on_the_input_is_warned_of(transform, function) -> None:
    message = "what <lambda> returned does not depend on its input, so the derivative is 0; compute"
    with pytest.warns(IndependentWarning, match=message) as caught:
        transform(function)(3.0)
    assert [warning.filename for warning in caught] == [__file__]


def test_the_warning_can_be_silenced() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IndependentWarning)
        assert grad(lambda x: x.data * 2)(3.0) == 0.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * 0.0,
        autograd.relu,
        lambda x: autograd.where(x > 0, x, 0.0),
        autograd.stop_gradient,
        grad(lambda x: 3 * x),
        lambda x: grad(lambda y: 3 * y)(x) * 2.0,
    ],
)
def test_a_derivative_that_is_zero_is_not(function) -> None:
    assert grad(function)(-1.0) == 0.0


def test_stop_gradient_records_and_lets_nothing_through() -> None:
    x = Value(3.0)
    node = autograd.stop_gradient(x)
    assert (node.op, node.data, node.operands) == ("stop_gradient", 3.0, (3.0,))
    assert gradients(x * node, [x]) == [3.0]
    assert gradients(autograd.log(autograd.stop_gradient(x) - 3.0) + x, [x]) == [1.0]
    assert grad(grad(lambda x: x**2 * autograd.stop_gradient(x)))(3.0) == 6.0
    assert "stop_gradient" in autograd.draw(x * node).source
    assert autograd.stop_gradient(2.0) == 2.0


def test_stop_gradient_compiles() -> None:
    program = autograd.compile(lambda x: x * autograd.stop_gradient(x))
    assert program(3.0) == (9.0, (3.0,))
    values, (slopes,) = program(np.array([1.0, 2.0]))
    assert values.tolist() == [1.0, 4.0]
    assert slopes.tolist() == [1.0, 2.0]
    lost = autograd.compile(lambda x: x + autograd.log(autograd.stop_gradient(x)))
    assert lost(0.0) == (-math.inf, (1.0,))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.data * x,
        lambda x: (2 * x).data * x,
        lambda x: (x > 0).data * x,
        lambda x: autograd.where(x > 0, 1.0, 2.0).data * x,
    ],
)
def test_compile_refuses_a_function_that_reads_data(function) -> None:
    with pytest.raises(TypeError, match=r"its \.data cannot be read; .* autograd\.stop_gradient"):
        autograd.compile(function)
