"""What derivatives are taken by and of: containers with nothing in them, several results, pairs."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, grad, hessian, jacobian, jvp, value_and_grad, vjp

numbers = st.floats(-10.0, 10.0)
containers = st.recursive(
    numbers | st.none() | st.just(np.zeros(0)) | st.builds(lambda x: np.array([x, 1.0]), numbers),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=8,
).filter(lambda container: container is not None)


def entries(container) -> list:
    """The numbers and Values of a container, in order."""
    if container is None:
        return []
    if isinstance(container, dict):
        container = list(container.values())
    if isinstance(container, list | tuple | np.ndarray):
        return [x for part in container for x in entries(part)]
    return [container]


def doubled(container):
    """The container with 2·x in place of each number x."""
    if container is None:
        return None
    if isinstance(container, dict):
        return {key: doubled(part) for key, part in container.items()}
    if isinstance(container, list | tuple):
        return type(container)(doubled(part) for part in container)
    return 2 * container


def same(x, y) -> bool:
    """Whether two containers are of one form, and their numbers equal."""
    if type(x) is not type(y):
        return False
    if isinstance(x, dict):
        return list(x) == list(y) and all(same(x[key], y[key]) for key in x)
    if isinstance(x, list | tuple):
        return len(x) == len(y) and all(map(same, x, y))
    if isinstance(x, np.ndarray):
        return x.shape == y.shape and x.dtype == y.dtype and bool(np.all(x == y))
    return bool(x == y)


@given(containers)
def test_a_gradient_has_the_form_of_the_argument(container) -> None:
    def squares(given):
        return sum((x * x for x in entries(given)), 0.0)

    assert same(grad(squares)(container), doubled(container))
    value, gradient = value_and_grad(squares)(container)
    assert value == squares(container)
    assert same(gradient, doubled(container))
    value, pull_back = vjp(doubled, container)
    assert same(value, doubled(container))
    assert same(pull_back(value), (doubled(doubled(container)),))
    value, moved = jvp(doubled, (container,), (container,))
    assert same(moved, value)


@given(containers)
def test_a_jacobian_and_a_hessian_have_a_container_for_each_number(container) -> None:
    one_by_one = [
        entries(grad(lambda c, i=i: entries(doubled(c))[i] ** 2)(container))
        for i in range(len(entries(container)))
    ]
    found = jacobian(lambda c: [x**2 for x in entries(doubled(c))])(container)
    assert [entries(row) for row in found] == one_by_one


@given(st.lists(numbers, min_size=1, max_size=3))
def test_a_hessian_of_several_results_is_that_of_each(xs) -> None:
    def several(v):
        return {"square": v[0] * v[0], "rest": [v[0] * v[-1] ** 2, 3.0 * v[-1]]}

    found = hessian(several)(xs)
    assert found["square"] == hessian(lambda v: several(v)["square"])(xs)
    for i in range(2):
        assert found["rest"][i] == hessian(lambda v, i=i: several(v)["rest"][i])(xs)
    array = np.array(xs)
    whole = hessian(lambda v: np.outer(v, v) * v[0])(array)
    assert whole.shape == (len(xs),) * 4
    for i, j in np.ndindex(len(xs), len(xs)):
        one = hessian(lambda v, i=i, j=j: v[i] * v[j] * v[0])(array)
        np.testing.assert_allclose(whole[i, j], one, rtol=1e-14)


def test_an_array_without_dimensions_is_a_number() -> None:
    value, pull_back = vjp(lambda x: np.array(x * x, dtype=object), 3.0)
    assert np.shape(value) == ()
    assert pull_back(1.0) == (6.0,)
    assert pull_back(np.array(2.0)) == (12.0,)
    assert vjp(lambda x: x * x, 3.0)[1](np.array(1.0)) == (6.0,)
    assert jvp(lambda x: x * x, (3.0,), (np.array(1.0),)) == (9.0, 6.0)
    assert vjp(lambda x: x.sum(), np.array([1.0, 2.0]))[1](1.0)[0].tolist() == [1.0, 1.0]


def pair(x):
    """A square, and what else was computed."""
    return x * x, {"twice": 2 * x, "name": "square", "all": (x, None, [np.array([x, x])])}


def test_what_else_a_function_returns_is_there_in_numbers() -> None:
    def require_numbers(aux) -> None:
        assert aux["twice"] == 6.0
        assert type(aux["twice"]) is float
        assert aux["name"] == "square"
        assert aux["all"][:2] == (3.0, None)
        assert aux["all"][2][0].dtype == float

    slope, aux = grad(pair, has_aux=True)(3.0)
    assert slope == 6.0
    require_numbers(aux)
    (value, aux), slope = value_and_grad(pair, has_aux=True)(3.0)
    assert (value, slope) == (9.0, 6.0)
    require_numbers(aux)
    rows, aux = jacobian(pair, has_aux=True)(3.0)
    assert rows == 6.0
    require_numbers(aux)
    second, aux = hessian(pair, has_aux=True)(3.0)
    assert second == 2.0
    require_numbers(aux)
    value, moved, aux = jvp(pair, (3.0,), (2.0,), has_aux=True)
    assert (value, moved) == (9.0, 12.0)
    require_numbers(aux)
    value, pull_back, aux = vjp(pair, 3.0, has_aux=True)
    assert (value, pull_back(1.0)) == (9.0, (6.0,))
    require_numbers(aux)
    assert pickle.loads(pickle.dumps(grad(pair, has_aux=True)))(3.0)[0] == 6.0


def test_what_else_is_returned_has_derivatives_within_another_derivative() -> None:
    def outer(x):
        slope, aux = grad(pair, has_aux=True)(x)
        assert isinstance(aux["twice"], Value)
        return slope * aux["twice"]

    assert grad(outer)(3.0) == 24.0


@pytest.mark.parametrize("returned", [1.0, (1.0,), [1.0, 2.0, 3.0], None, "ab"])
def test_has_aux_wants_a_pair(returned) -> None:
    message = "grad: with has_aux=True <lambda> has to return a pair, .* but returned"
    with pytest.raises(TypeError, match=message):
        grad(lambda x: returned, has_aux=True)(1.0)


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda: grad(lambda p: p["x"])({"x": 1.0, "name": "a"}), r"of <lambda>\['name'\]"),
        (lambda: jacobian(lambda x: [x, "a"])(1.0), r"what <lambda> returned\[1\]"),
    ],
)
def test_text_is_refused_with_its_place_and_a_remedy(run, message) -> None:
    message += ": expected a number, or a container of numbers, got the text .*; give what is no n"
    with pytest.raises(TypeError, match=message):
        run()


def test_what_is_no_number_is_given_beside() -> None:
    assert autograd.grad(lambda p, name: p["x"] * len(name))({"x": 1.0}, "ab") == {"x": 2.0}
