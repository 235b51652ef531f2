"""Leaving the graph: a warning, an error while compiling, and `stop_gradient` where it is meant."""

import math
import warnings

import numpy as np
import pytest

import autograd
from autograd import IndependentWarning, Value, grad, gradients, hessian, hvp, jacobian, jvp, vjp

LEAVING = [lambda x: x.data * 2, lambda x: Value(x.data) * 2, lambda x: 3.0]
TRANSFORMS = {
    "grad": lambda f: grad(f),
    "grad of several": lambda f: lambda x: grad(lambda x, y: f(x), (0, 1))(x, 1.0),
    "value_and_grad": lambda f: autograd.value_and_grad(f),
    "jacobian": lambda f: jacobian(f),
    "hessian": lambda f: hessian(f),
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,)),
    "vjp": lambda f: lambda x: vjp(f, x)[1](1.0),
    "hvp": lambda f: lambda x: hvp(f, x, 1.0),
}


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=list(TRANSFORMS))
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
        lambda x: jvp(lambda y: 3 * y, (x,), (1.0,))[1],
        hessian(lambda x: x * x),
        lambda x: x if x > 0 else 0.0,
        lambda x: max(x, 0.0),
        lambda x: float(x > 0),
        autograd.sign,
        np.floor,
    ],
)
@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=list(TRANSFORMS))
def test_a_derivative_that_is_zero_is_not(transform, function) -> None:
    transform(function)(-1.0)


def test_a_result_of_which_a_part_is_constant_is_not() -> None:
    assert jacobian(lambda x: [x, 5.0])(1.0) == [1.0, 0.0]
    assert jacobian(lambda x: [0.0 * x, 5.0])(1.0) == [0.0, 0.0]
    assert grad(lambda p: p["w"] * 2)({"w": 1.0, "b": 3.0}) == {"w": 2.0, "b": 0.0}
    assert grad(lambda p: 3.0)({}) == {}


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


def test_a_recorded_graph_with_stop_gradient_is_not_compiled_as_if_it_were_a_constant() -> None:
    x = Value(3.0)
    message = "is 'stop_gradient' of 3.0, to which the graph has no edge, .*; compile a function of"
    with pytest.raises(ValueError, match=message):
        autograd.compile(x * autograd.stop_gradient(x), [x])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.data * x,
        lambda x: (2 * x).data * x,
        lambda x: autograd.sum([x, x]).data * x,
        lambda x: autograd.floor(x).data * x,
        lambda x: autograd.stop_gradient(x).data * x,
        lambda x: grad(lambda y: y * y)(x).data * x,
        lambda x: x if x.data > 0 else -x,
        lambda x: (x > 0).data * x,
        lambda x: autograd.where(x > 0, 1.0, 2.0).data * x,
    ],
)
def test_compile_refuses_a_function_that_reads_data(function) -> None:
    with pytest.raises(TypeError, match=r"its \.data cannot be read; .* autograd\.stop_gradient"):
        autograd.compile(function)
