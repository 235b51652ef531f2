"""jvp, vjp and hvp against each other and against the matrices that they do not build."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import (
    IndependentWarning,
    Value,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    sin,
    tanh,
    vjp,
)
from autograd.graph.order import topological_order
from tests.programs import ENGINE, Program, programs

WEIGHTS = st.lists(st.floats(-2, 2), min_size=5, max_size=5)


def path_sums(output: Value, inputs: list[Value]) -> list[float]:
    """The sum over all paths from the output to each input, none cancelling another."""
    sums = dict.fromkeys(topological_order([output]), 0.0)
    sums[output] = 1.0
    for node in reversed(list(sums)):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            sums[parent] += sums[node] * abs(partial)
    return [sums.get(node, 0.0) for node in inputs]


@settings(max_examples=60)
@given(programs(max_steps=60), WEIGHTS, WEIGHTS)
def test_jvp_and_vjp_are_dual_to_rounding(
    program: Program, weights: list[float], tangents: list[float]
) -> None:
    """Cotangents · (J · tangents) is (cotangents · J) · tangents."""

    def f(*inputs: Any) -> Any:
        return program.run(ENGINE, inputs)[-3:]

    inputs = program.inputs
    v, c = tangents[: len(inputs)], weights[:3]
    value, moved = jvp(f, inputs, v)
    again, pull_back = vjp(f, *inputs)
    assert value == again
    c = c[: len(value)]
    forward = sum(a * b for a, b in zip(c, moved, strict=True))
    reverse = sum(a * b for a, b in zip(pull_back(c), v, strict=True))
    leaves = [Value(x) for x in inputs]
    outputs = f(*leaves)
    size = sum(
        abs(weight) * abs(tangent) * path
        for weight, output in zip(c, outputs, strict=True)
        for tangent, path in zip(v, path_sums(output, leaves), strict=True)
    )
    nodes = len(topological_order(outputs))
    assert abs(forward - reverse) <= 8 * nodes * 2.0**-53 * size + 1e-300


@settings(max_examples=40)
@given(programs(max_steps=20), WEIGHTS)
def test_hvp_is_the_hessian_times_the_vector(program: Program, vector: list[float]) -> None:
    def f(inputs: Any) -> Any:
        return program.run(ENGINE, inputs)[-1]

    inputs = list(program.inputs)
    v = vector[: len(inputs)]
    product = hvp(f, inputs, v)
    rows = hessian(f)(inputs)
    leaves = [Value(x) for x in inputs]
    slopes = gradients(f(leaves), leaves, create_graph=True)
    paths = [path_sums(slope, leaves) for slope in slopes]
    for i, number in enumerate(product):
        expected = sum(rows[j][i] * v[j] for j in range(len(v)))
        size = sum(paths[j][i] * abs(v[j]) for j in range(len(v)))
        assert abs(number - expected) <= 1e-12 * size + 1e-300


@settings(max_examples=40)
@given(programs(max_steps=15), WEIGHTS)
def test_forward_over_reverse_is_the_same_product(program: Program, vector: list[float]) -> None:
    def f(inputs: Any) -> Any:
        return program.run(ENGINE, inputs)[-1]

    inputs = list(program.inputs)
    v = vector[: len(inputs)]
    _, along = jvp(grad(f), (inputs,), (v,))
    leaves = [Value(x) for x in inputs]
    slopes = gradients(f(leaves), leaves, create_graph=True)
    paths = [path_sums(slope, leaves) for slope in slopes]
    for i, number in enumerate(hvp(f, inputs, v)):
        size = sum((paths[j][i] + paths[i][j]) * abs(v[j]) for j in range(len(v)))
        assert abs(number - along[i]) <= 1e-12 * size + 1e-300


def test_forms() -> None:
    a = np.array([[2.0, 1.0], [0.0, 3.0]])
    x, v = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    value, moved = jvp(lambda p: {"y": a @ p["x"], "s": p["x"].sum()}, ({"x": x},), ({"x": v},))
    np.testing.assert_array_equal(value["y"], a @ x)
    np.testing.assert_array_equal(moved["y"], a @ v)
    assert moved["s"] == v.sum()
    value, pull_back = vjp(lambda x, s: s * (a @ x), x, 2.0)
    by_x, by_s = pull_back(v)
    np.testing.assert_array_equal(by_x, 2 * (v @ a))
    assert by_s == v @ (a @ x)
    np.testing.assert_array_equal(hvp(lambda x: x @ a @ x, x, v), (a + a.T) @ v)
    with pytest.warns(IndependentWarning):
        assert vjp(lambda x: 5.0, 1.0)[1](1.0) == (0.0,)
    assert jvp(lambda x: [x, 5.0], (1.0,), (2.0,)) == ([1.0, 5.0], [2.0, 0.0])


def test_they_nest() -> None:
    def push(x: Any) -> Any:
        return jvp(lambda y: x * sin(y), (x,), (1.0,))[1]

    x = 0.7
    assert push(x) == pytest.approx(x * np.cos(x))
    assert grad(push)(x) == pytest.approx(np.cos(x) - x * np.sin(x))
    assert jvp(push, (x,), (1.0,))[1] == pytest.approx(np.cos(x) - x * np.sin(x))
    third = jvp(lambda z: jvp(lambda y: jvp(tanh, (y,), (1.0,))[1], (z,), (1.0,))[1], (x,), (1.0,))
    assert third[1] == pytest.approx(grad(grad(grad(tanh)))(x), rel=1e-12)
    assert grad(lambda x: vjp(lambda y: x * y * y, x)[1](1.0)[0])(3.0) == 12.0
    assert grad(lambda v: hvp(lambda y: y**3, 2.0, v))(5.0) == 12.0
    assert grad(lambda x: hvp(lambda y: x * y**3, x, 1.0))(2.0) == 24.0
    tangent = Value(3.0)
    assert gradients(jvp(lambda y: y * y, (2.0,), (tangent,))[1], [tangent]) == [4.0]
    cotangent = Value(3.0)
    assert gradients(vjp(lambda y: y * y, 2.0)[1](cotangent)[0], [cotangent]) == [4.0]


def test_no_perturbation_confusion_forward() -> None:
    inner = lambda x: jvp(lambda y: x + y, (1.0,), (1.0,))[1]  # noqa: E731
    assert jvp(lambda x: x * inner(x), (1.0,), (1.0,)) == (1.0, 1.0)


def test_the_pull_back_can_be_called_again() -> None:
    _, pull_back = vjp(lambda x: [x[0] * x[1], x[0]], [2.0, 3.0])
    rows = [pull_back(row)[0] for row in ([1.0, 0.0], [0.0, 1.0])]
    assert rows == jacobian(lambda x: [x[0] * x[1], x[0]])([2.0, 3.0])


def test_an_arm_that_is_not_taken_moves_nothing() -> None:
    from autograd import sqrt, where

    f = lambda x: where(x > 0, sqrt(x), x * x)  # noqa: E731
    assert jvp(f, (-2.0,), (1.0,)) == (4.0, -4.0)
    assert jvp(lambda z: jvp(f, (z,), (1.0,))[1], (-2.0,), (1.0,))[1] == 2.0


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda: jvp(sin, 1.0, (1.0,)), "jvp: expected primals to be a tuple with an entry for"),
        (lambda: jvp(sin, (1.0,), None), "each argument, got None; write jvp(f, (x,), (v,))"),
        (lambda: jvp(3.0, (1.0,), (1.0,)), "got the number 3.0; write jvp(f, (x,), (v,))"),
        (lambda: vjp(None, 1.0), "vjp: expected a function, got None; write vjp(f, x)"),
        (lambda: hvp(None, 1.0, 1.0), "hvp: expected a function, got None; write hvp(f, x, v)"),
        (lambda: vjp(lambda x: None, 1.0), "returned: expected numbers, got None; does it miss"),
        (lambda: jvp(sin, (1.0,), 1.0), "jvp: expected tangents to be a tuple"),
        (
            lambda: jvp(sin, (1.0,), (1.0, 2.0)),
            "jvp: tangents has to have the form of primals, tuple(number), but is "
            "tuple(number, number)",
        ),
        (lambda: jvp(sin, ([1.0],), ((1.0,),)), "the form of primals, tuple(list(number))"),
        (lambda: jvp(sin, (1.0,), ("a",)), "jvp: tangents[0]: expected a number"),
        (lambda: jvp(None, (1.0,), (1.0,)), "jvp: expected a function, got None"),
        (
            lambda: vjp(lambda x: [x, x], 1.0)[1](1.0),
            "vjp: cotangents has to have the form of what <lambda> returned, list(number, number), "
            "but is number",
        ),
        (
            lambda: hvp(lambda x: x.sum(), np.ones(2), np.ones(3)),
            "the form of x, an array of shape (2,), but is an array of shape (3,)",
        ),
        (
            lambda: hvp(lambda p: p["a"], {"a": 1.0}, {"b": 1.0}),
            "the form of x, dict of ['a'](number), but is dict of ['b'](number)",
        ),
    ],
)
def test_misuse(run, message) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        run()


def test_a_constant_moves_nothing_in_a_program_either() -> None:
    def constant(x):
        stopped = autograd.stop_gradient(autograd.asin(x))
        return autograd.maximum(stopped, stopped)  # beyond 1 no number, nor are its derivatives

    assert autograd.jvp(constant, (2.0,), (1.0,))[1] == 0.0
    program = autograd.compile(lambda x: autograd.jvp(constant, (x,), (1.0,))[1] + 3 * x)
    assert program(2.0) == (6.0, (3.0,))


def test_a_slope_of_zero_is_no_constant() -> None:
    """0 times what is no number is none, forward as in reverse, recorded or not."""
    flat = lambda x: autograd.log(autograd.sign(x))  # noqa: E731
    assert math.isnan(autograd.grad(flat)(-0.4))
    assert math.isnan(autograd.jvp(flat, (-0.4,), (1.0,))[1])
    assert math.isnan(autograd.jvp(flat, (Value(-0.4),), (1.0,))[1].data)
