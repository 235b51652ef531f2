"""Derivatives as functions that are passed on: pickled, copied, to processes, as methods."""

from __future__ import annotations

import copy
import functools
import inspect
import math
import multiprocessing
import pickle
from typing import Any

import pytest

from autograd import exp, grad, hessian, jacobian, value_and_grad

TRANSFORMS = [grad, value_and_grad, jacobian, hessian]


def scaled(x: Any, y: Any, factor: float = 2.0) -> Any:
    """Something to differentiate."""
    return factor * x * x * exp(y)


def cube(x: Any) -> Any:
    return x**3


@grad
def decorated(x: Any) -> Any:
    return x**3


class Model:
    """A class whose methods are differentiated."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def loss(self, x: Any) -> Any:
        return self.rate * x * x

    slope = functools.partial(grad, argnum=1)(loss)

    @functools.partial(grad, argnum=1)
    def decorated(self, x: Any) -> Any:
        return self.rate * x * x


def again(derivative: Any, way: str) -> Any:
    if way == "copy":
        return copy.copy(derivative)
    if way == "deepcopy":
        return copy.deepcopy(derivative)
    return pickle.loads(pickle.dumps(derivative, int(way)))


WAYS = ["copy", "deepcopy", *map(str, range(pickle.HIGHEST_PROTOCOL + 1))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("argnum", [0, -1, (1, 0), [1]])
@pytest.mark.parametrize("transform", TRANSFORMS)
def test_a_derivative_is_the_same_after_a_pickle_or_a_copy(
    transform: Any, argnum: Any, way: str
) -> None:
    derivative = transform(scaled, argnum)
    twin = again(derivative, way)
    assert twin(3.0, 0.5, factor=4.0) == derivative(3.0, 0.5, factor=4.0)
    assert twin.__name__ == "scaled"
    assert inspect.signature(twin) == inspect.signature(scaled)


@pytest.mark.parametrize("outer", TRANSFORMS)
@pytest.mark.parametrize("inner", [grad, jacobian, hessian])
def test_so_is_a_derivative_of_a_derivative(outer: Any, inner: Any) -> None:
    derivative = outer(inner(functools.partial(scaled, y=0.5)))
    assert pickle.loads(pickle.dumps(derivative))(3.0) == derivative(3.0)


@pytest.mark.parametrize("way", WAYS)
def test_a_decorated_function_is_pickled_by_its_name(way: str) -> None:
    assert again(decorated, way) is decorated
    assert again(grad(decorated), way)(2.0) == 12.0
    assert again(Model.decorated, way) is Model.decorated


def test_methods() -> None:
    model = Model(3.0)
    for derivative in (model.slope, model.decorated, grad(model.loss)):
        assert derivative(2.0) == 12.0
    for derivative in (model.decorated, grad(model.loss)):
        assert pickle.loads(pickle.dumps(derivative))(2.0) == 12.0
    assert list(inspect.signature(model.slope).parameters) == ["x"]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_processes_take_derivatives(method: str) -> None:
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map(grad(cube), [1.0, 2.0]) == [3.0, 12.0]
        assert pool.map(decorated, [1.0, 2.0]) == [3.0, 12.0]


def test_what_is_pickled_only_with_its_function() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(grad(lambda x: x))


def test_any_keyword_is_passed_on() -> None:
    assert grad(lambda x, **more: x * more["self"] * more["fun"])(3.0, self=2.0, fun=5.0) == 10.0


def test_functions_without_a_name() -> None:
    derivative = grad(functools.partial(scaled, y=0.0))
    assert repr(derivative) == "<grad of partial>"
    assert repr(hessian(scaled)) == "<hessian of scaled>"
    assert math.isclose(derivative(3.0), 12.0)
