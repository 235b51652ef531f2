"""grad, value_and_grad, jacobian and hessian: of what, in which form, nested, and misused."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import threading
from collections import OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, exp, grad, gradients, hessian, jacobian, sin, value_and_grad
from autograd.graph.order import topological_order
from tests.programs import ENGINE, Program, programs

Pair = namedtuple("Pair", "w b")


@dataclass(frozen=True)
class Layer:
    weights: list[float]
    bias: float


def cubes(x: Any) -> Any:
    return x["a"] ** 2 * x["b"][0] + x["b"][1] * x["a"]


# --- Forms ----------------------------------------------------------------------------------------


def test_of_numbers() -> None:
    assert grad(lambda x: x * x)(3) == 6.0
    assert type(grad(lambda x: x * x)(3)) is float
    assert value_and_grad(sin)(0.0) == (0.0, 1.0)
    assert grad(sin)(np.float32(0.0)) == 1.0
    with pytest.warns(autograd.IndependentWarning):
        assert grad(lambda x: 5.0)(1.0) == 0.0


@pytest.mark.parametrize(
    ("function", "given", "expected"),
    [
        (lambda x: x[0] * x[1], [2.0, 3.0], [3.0, 2.0]),
        (lambda x: x[0] * x[1], (2.0, 3.0), (3.0, 2.0)),
        (lambda p: p.w * p.b, Pair(2.0, 3.0), Pair(3.0, 2.0)),
        (cubes, {"a": 2.0, "b": (3.0, 4.0)}, {"a": 16.0, "b": (4.0, 2.0)}),
        (
            lambda p: p["z"] * 2 + p["a"],
            OrderedDict(z=1.0, a=2.0),
            OrderedDict(z=2.0, a=1.0),
        ),
        (
            lambda m: m.weights[0] * m.bias + m.weights[1],
            Layer([2.0, 5.0], 3.0),
            Layer([3.0, 1.0], 2.0),
        ),
        (lambda x: x[0][0][0] ** 2, [[[3.0]], []], [[[6.0]], []]),
    ],
)
def test_the_gradient_has_the_form_of_the_argument(function, given, expected) -> None:
    gradient = grad(function)(given)
    assert gradient == expected
    assert type(gradient) is type(given)


def test_a_defaultdict_stays_one_and_nothing_that_was_given_is_changed() -> None:
    given = defaultdict(list, a=[1.0, 2.0])
    gradient = grad(lambda d: d["a"].pop() * 3)(given)
    assert gradient == {"a": [0.0, 3.0]}
    assert gradient["other"] == []
    assert given == {"a": [1.0, 2.0]}


def test_variance_and_deviation_of_an_array() -> None:
    x = np.array([1.0, -1.0, 4.0])
    centred, deviation = x - x.mean(), x.std()
    assert grad(np.var)(x) == pytest.approx(2 * centred / 3, rel=1e-14)
    assert grad(np.std)(x) == pytest.approx(centred / (3 * deviation), rel=1e-14)
    assert grad(lambda v: np.vdot(v, v))(x) == pytest.approx(2 * x, rel=1e-14)


def test_arrays() -> None:
    a = np.array([[2.0, 1.0], [1.0, 3.0]])
    x = np.array([1.0, -1.0])
    value, gradient = value_and_grad(lambda x: x @ a @ x)(x)
    assert value == 3.0
    assert type(value) is float
    assert gradient.dtype == float
    np.testing.assert_array_equal(gradient, 2 * a @ x)
    np.testing.assert_array_equal(grad(lambda a: (a * a).sum())(a), 2 * a)
    np.testing.assert_array_equal(
        grad(lambda a: np.tanh(a).sum())(np.zeros((2, 2))), np.ones((2, 2))
    )
    np.testing.assert_array_equal(grad(lambda k: k.sum())(np.arange(3)), np.ones(3))
    np.testing.assert_array_equal(jacobian(lambda x: a @ x)(x), a)
    wide = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(jacobian(lambda x: wide @ x)(np.ones(3)), wide)
    np.testing.assert_array_equal(hessian(lambda x: x @ a @ x)(x), 2 * a)
    outer = jacobian(lambda x: np.outer(x, x))(x)
    assert outer.shape == (2, 2, 2)
    expected = np.einsum("ik,j->ijk", np.eye(2), x) + np.einsum("i,jk->ijk", x, np.eye(2))
    np.testing.assert_array_equal(outer, expected)
    fourth = hessian(lambda m: (m @ m).sum())(a)
    assert fourth.shape == (2, 2, 2, 2)
    np.testing.assert_array_equal(fourth, fourth.transpose(2, 3, 0, 1))


def test_numpy_is_not_imported_for_what_has_no_arrays() -> None:
    check = (
        "import sys, autograd; autograd.hessian(lambda x: x[0] * x[1])([1.0, 2.0]); "
        "print('numpy' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert result.stdout == "False\n", result.stderr


def test_argnum() -> None:
    def f(x: Any, y: Any, scale: float = 1.0) -> Any:
        return scale * x**2 * y

    assert grad(f)(2.0, 3.0) == 12.0
    assert grad(f, 1)(2.0, 3.0) == 4.0
    assert grad(f, argnum=-1)(2.0, 3.0) == 4.0
    assert grad(f, argnum=(1, 0))(2.0, 3.0, scale=2.0) == (8.0, 24.0)
    assert hessian(f, argnum=(0, 1))(2.0, 3.0) == ((6.0, 4.0), (4.0, 0.0))
    assert jacobian(f, argnum=(1,))(2.0, 3.0) == (4.0,)


def test_layouts_of_containers_of_containers() -> None:
    point = {"a": 2.0, "b": (3.0, 4.0)}
    assert hessian(cubes)(point) == {
        "a": {"a": 6.0, "b": (4.0, 1.0)},
        "b": ({"a": 4.0, "b": (0.0, 0.0)}, {"a": 1.0, "b": (0.0, 0.0)}),
    }
    rows = jacobian(lambda x: {"sum": x[0] + x[1], "both": [x[0], 3.0]})([1.0, 2.0])
    assert rows == {"sum": [1.0, 1.0], "both": [[1.0, 0.0], [0.0, 0.0]]}
    mixed = jacobian(lambda p: [p["s"] * p["v"].sum(), p["v"]])({"s": 2.0, "v": np.ones(2)})
    assert mixed[0]["s"] == 2.0
    np.testing.assert_array_equal(mixed[0]["v"], [2.0, 2.0])
    np.testing.assert_array_equal(mixed[1]["s"], [0.0, 0.0])
    np.testing.assert_array_equal(mixed[1]["v"], np.eye(2))


def test_the_name_and_the_signature_are_the_functions() -> None:
    def loss(w: Any, b: Any) -> Any:
        """What is lost."""
        return w * b

    assert grad(loss).__name__ == "loss"
    assert autograd.compile(grad(loss, (0, 1))).inputs == ("w", "b")


# --- Nesting --------------------------------------------------------------------------------------


def test_any_order() -> None:
    derivative: Any = exp
    for _ in range(6):
        derivative = grad(derivative)
        assert derivative(0.5) == pytest.approx(math.exp(0.5), rel=1e-14)
    assert grad(grad(grad(grad(lambda x: x**4))))(1.7) == 24.0


def test_no_perturbation_confusion() -> None:
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: grad(lambda y: x * y)(x))(3.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y * y)(x))(3.0) == 6 * 3.0**2
    assert grad(lambda x: grad(lambda y: x * y)(2.0))(3.0) == 1.0
    assert grad(lambda x: grad(lambda y: grad(lambda z: x * y * z)(y))(x))(5.0) == 1.0
    # The inner result is the outer Value itself.
    with pytest.warns(autograd.IndependentWarning):
        assert grad(lambda x: x * grad(lambda y: x)(x))(2.0) == 0.0
    assert grad(lambda x: sum(jacobian(lambda y: [x * y, x])(x)))(2.0) == 1.0
    assert grad(lambda x: hessian(lambda y: x * y**2 + x)(x))(2.0) == 2.0


def test_values_in_values_out() -> None:
    x = Value(2.0)
    slope = grad(lambda y: y**3)(x)
    assert isinstance(slope, Value)
    assert slope.data == 12.0
    assert gradients(slope, [x]) == [12.0]
    slope.backward()
    assert x.grad == 12.0
    nodes = hessian(lambda y: y[0] * y[1] ** 2)([x, 3.0])
    assert gradients(nodes[0][1], [x]) == [0.0]
    assert gradients(nodes[1][1], [x]) == [2.0]
    array = jacobian(lambda y: y * y)(np.array([x, 1.0]))
    assert array.dtype == object
    assert gradients(array[0, 0], [x]) == [2.0]


def test_numbers_in_floats_out_although_a_parameter_is_used() -> None:
    w = Value.parameter(2.0)
    assert grad(lambda x: w * x * x)(3.0) == 12.0
    assert w.grad == 0.0


def test_what_depends_on_nothing_outside_stays_a_number() -> None:
    def f(x: Any) -> Any:
        return x * math.sqrt(grad(lambda y: y**2)(8.0))  # math takes no Value

    assert grad(f)(1.0) == 4.0


def test_a_failed_function_leaves_no_trace() -> None:
    def fails(x: Any) -> Any:
        raise KeyError("x")

    with pytest.raises(KeyError):
        grad(fails)(1.0)
    w = Value(1.0)
    assert type(grad(lambda x: w * x)(2.0)) is float  # not as if inside of another function


def test_threads_do_not_disturb_each_other() -> None:
    w, found = Value(1.0), []

    def elsewhere() -> None:
        found.append(grad(lambda x: w * x)(2.0))

    def f(x: Any) -> Any:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        return x * x

    assert grad(f)(2.0) == 4.0
    assert type(found[0]) is float


def test_a_long_chain() -> None:
    def chain(x: Any) -> Any:
        for _ in range(30_000):
            x = x + 1e-9
        return x * x

    assert grad(grad(chain))(1.0) == 2.0


# --- Cost -----------------------------------------------------------------------------------------


def test_a_hessian_runs_the_function_once() -> None:
    runs = []

    def f(x: Any) -> Any:
        runs.append(1)
        return autograd.prod(x)

    rows = hessian(f)([1.0, 2.0, 3.0, 4.0])
    assert len(runs) == 1
    assert rows[0] == [0.0, 12.0, 8.0, 6.0]


def test_the_recorded_gradient_is_not_much_larger_than_the_graph() -> None:
    xs = [Value(0.1 * i) for i in range(50)]
    loss = autograd.sum([autograd.tanh(x * x + y) for x in xs for y in xs])
    slopes = gradients(loss, xs, create_graph=True)
    graph, both = len(topological_order([loss])), len(topological_order([loss, *slopes]))
    assert both < 12 * graph


# --- Random graphs --------------------------------------------------------------------------------


@settings(max_examples=60)
@given(programs(max_steps=20))
def test_hessians_are_symmetric_to_rounding(program: Program) -> None:
    def f(inputs: Any) -> Any:
        return program.run(ENGINE, inputs)[-1]

    rows = hessian(f)(list(program.inputs))
    sizes = second_sizes(program)
    for i, row in enumerate(rows):
        for j, number in enumerate(row):
            assert abs(number - rows[j][i]) <= 1e-12 * max(sizes[i][j], sizes[j][i])


def second_sizes(program: Program) -> list[list[float]]:
    """For each second derivative the sum over all paths, none of them cancelling another."""
    leaves = [Value(x) for x in program.inputs]
    output = program.run(ENGINE, leaves)[-1]
    rows = []
    for slope in gradients(output, leaves, create_graph=True):
        sums = dict.fromkeys(topological_order([slope]), 0.0)
        sums[slope] = 1.0
        for node in reversed(list(sums)):
            for parent, partial in zip(node.parents, node.partials, strict=True):
                sums[parent] += sums[node] * abs(partial)
        rows.append([sums.get(leaf, 0.0) for leaf in leaves])
    return rows


@settings(max_examples=60)
@given(programs(max_steps=30))
def test_a_jacobian_has_the_gradients_as_rows(program: Program) -> None:
    def f(inputs: Any) -> Any:
        return program.run(ENGINE, inputs)[-3:]

    inputs = list(program.inputs)
    rows = jacobian(f)(inputs)
    for i, row in enumerate(rows):
        single = grad(lambda x, i=i: f(x)[i])(inputs)
        assert row == pytest.approx(single, rel=1e-9, abs=1e-9 * max(map(abs, single)))


# --- Misuse ---------------------------------------------------------------------------------------


def f(x: Any, y: Any = 1.0) -> Any:
    return x * y


def nested(depth: int) -> Any:
    container: Any = 2.0
    for _ in range(depth):
        container = [container]
    return container


def innermost(container: Any) -> Any:
    while isinstance(container, list | tuple):
        (container,) = container
    return container


CYCLIC: dict[str, Any] = {}
CYCLIC["w"] = [1.0, CYCLIC]


def test_containers_may_be_200_deep_and_used_twice() -> None:
    deep = nested(200)
    assert innermost(grad(lambda x: innermost(x) ** 2)(deep)) == 4.0
    tangent = autograd.jvp(lambda x: x, deep, deep)[1]
    assert innermost(tangent) == 2.0
    twice = [1.0, 2.0]
    assert grad(lambda x: x[0][0] * x[1][1])([twice, twice]) == [[2.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("run", "kind", "message"),
    [
        (lambda: grad(3.0), TypeError, "grad: expected a function, got the number 3.0; write"),
        (lambda: hessian(None), TypeError, "hessian: expected a function, got None"),
        (lambda: grad(f, "x"), TypeError, "grad: argnum: expected an integer, got 'x'"),
        (lambda: grad(f, 0.5), TypeError, "grad: argnum: expected an integer, got 0.5"),
        (lambda: grad(f, (0, None)), TypeError, "grad: argnum: expected an integer, got None"),
        (lambda: grad(f, ()), ValueError, "grad: argnum is empty; give the index of an argument"),
        (
            lambda: grad(f, 2)(1.0, 2.0),
            ValueError,
            "grad: argnum is 2, but f was called with 2 positional arguments; give what it is",
        ),
        (lambda: grad(f)(x=1.0), ValueError, "argnum is 0, but f was called with 0 positional"),
        (lambda: grad(f, (0, -2))(1.0, 2.0), ValueError, "grad: argnum has argument 0 twice"),
        (
            lambda: grad(lambda x: None)(1.0),
            TypeError,
            "grad: expected <lambda> to return one number, got None; does it miss its return?",
        ),
        (
            lambda: grad(lambda x: "a")(1.0),
            TypeError,
            "expected <lambda> to return one number, got the text 'a'; return one number",
        ),
        (
            lambda: grad(lambda x: [x, x])(1.0),
            TypeError,
            "expected <lambda> to return one number, got a list; use jacobian for the derivatives",
        ),
        (
            lambda: grad(lambda x: x * 2)(np.ones(2)),
            TypeError,
            "expected <lambda> to return one number, got a ndarray; use jacobian",
        ),
        (
            lambda: grad(f)("1.0"),
            TypeError,
            "grad: argument 0 of f: expected a number, or a container of numbers, got the text",
        ),
        (
            lambda: grad(f)({"w": [1.0, 2j]}),
            TypeError,
            "argument 0 of f['w'][1]: expected a number, or a container of numbers, got the comp",
        ),
        (
            lambda: grad(f)({1.0, 2.0}),
            TypeError,
            "got set {1.0, 2.0}; containers are lists, tuples, dictionaries, dataclasses and NumPy",
        ),
        (
            lambda: grad(f)(CYCLIC),
            ValueError,
            "grad: argument 0 of f['w'][1]: a dict that contains",
        ),
        (
            lambda: jacobian(lambda x: CYCLIC)(1.0),
            ValueError,
            "returned['w'][1]: a dict that contai",
        ),
        (
            lambda: hessian(f)(nested(5000)),
            ValueError,
            "hessian: argument 0 of f: containers in each other, more than 200 deep; give",
        ),
        (
            lambda: autograd.hvp(f, 1.0, nested(5000)),
            ValueError,
            "hvp: v: containers in each other",
        ),
        (
            lambda: grad(f)(np.array([1.0, 2j])),
            TypeError,
            "argument 0 of f: entry 0 of the array: expected a number, got the complex number",
        ),
        (lambda: grad(f)(np.array(["a"])), TypeError, "entry 0 of the array: expected a number"),
        (lambda: grad(f)(10**400), OverflowError, "beyond the largest float"),
        (lambda: autograd.hvp(f, 1.0, [1.0]), TypeError, "hvp: v has to have the form of x"),
    ],
)
def test_misuse(run, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        run()
