"""Calls of one program again and again: other shapes, other threads, results that are changed."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.compiled import steps


@pytest.fixture
def program():
    return autograd.compile(lambda w, x: autograd.tanh(w * x), wrt=[0])


def right(result, w, x) -> bool:
    value, (dw,) = result
    y = np.tanh(w * x)
    return (
        value.shape == x.shape and np.allclose(value, y) and np.isclose(dw, (x - x * y * y).sum())
    )


@pytest.mark.parametrize("first", [0, 1, 2, 5])
@pytest.mark.parametrize("second", [0, 1, 2, 5])
def test_a_call_does_not_depend_on_the_shape_of_the_one_before(program, first, second) -> None:
    for size in (first, second, first):
        x = np.linspace(0.5, 1.5, size)
        assert right(program(2.0, x), 2.0, x)
        assert right(program(2.0, x.reshape(1, -1)), 2.0, x.reshape(1, -1))


@pytest.mark.parametrize("shapes", [[(), (0,)], [(0, 1), (1, 3)], [(3, 1), (0,)], [(3, 0), ()]])
@pytest.mark.parametrize("dtype", [float, int, np.float32])
@pytest.mark.parametrize("spread", [False, True])
def test_no_lanes_of_any_shape(shapes, dtype, spread) -> None:
    compiled = autograd.compile(lambda w, x: [autograd.tanh(w * x), x])
    arguments = [np.ones(shape, dtype) for shape in shapes]
    with ThreadPoolExecutor(1) as executor:
        values, slopes = compiled(*arguments, executor=executor if spread else None)
    assert [value.shape for value in values] == [np.broadcast_shapes(*shapes)] * 2
    for each in slopes:
        assert [np.shape(slope) for slope in each] == shapes
        assert not any(map(np.any, each))


def test_threads_may_call_one_program_with_different_shapes(program) -> None:
    wrong: list[object] = []

    def call(size: int) -> None:
        x = np.linspace(0.5, 1.5, size)
        try:
            wrong.extend(size for _ in range(2000) if not right(program(2.0, x), 2.0, x))
        except ValueError as error:
            wrong.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=call, args=(size,)) for size in (2, 3, 5, 7)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong


def test_results_do_not_share_memory() -> None:
    compiled = autograd.compile(lambda x, y: [autograd.exp(x) + y, x * y, y * x, x])
    x, y = np.array([0.5, 1.5]), np.array([2.0, 3.0])
    values, slopes = compiled(x, y)
    arrays = [x, y, *values, *(slope for each in slopes for slope in each)]
    for index, array in enumerate(arrays):
        assert not any(np.shares_memory(array, other) for other in arrays[:index])


def test_changing_a_result_changes_no_other_one() -> None:
    compiled = autograd.compile(autograd.exp, 1)
    value, (slope,) = compiled(np.array([0.0, 1.0]))
    expected = slope.tolist()
    value *= 0.0
    assert slope.tolist() == expected


@pytest.mark.parametrize("size", [0, 1, 2, 5, 40])
def test_a_program_too_large_for_source_sums_the_gradients_by_numbers(size, monkeypatch) -> None:
    monkeypatch.setattr(steps, "LARGEST", 100)
    w, x = Value(1.0), Value(2.0)
    y = w * x
    for _ in range(200):
        y = y + 1.0
    compiled = autograd.compile(y, [w, x], wrt=[w])
    lanes = np.arange(size) + 1.0
    value, slopes = compiled(2.0, lanes)
    assert value.tolist() == (2.0 * lanes + 200).tolist()
    assert slopes == (lanes.sum(),)


def test_bad_input_beside_an_array(program) -> None:
    x = np.ones(2)
    with pytest.raises(OverflowError, match="a number of type int is beyond the largest float"):
        program(10**400, x)
    with pytest.raises(TypeError, match=r"expected a concurrent\.futures\.Executor, got 4; give"):
        program(1.0, x, executor=4)
    assert right(program(2.0, x), 2.0, x)


def test_zero_has_the_same_sign_in_what_lanes_share() -> None:
    compiled = autograd.compile(lambda w, x: 1.0 / autograd.relu(w) + x)
    assert compiled(-0.0, 1.0)[0] == np.inf
    assert compiled(-0.0, np.ones(2))[0].tolist() == [np.inf, np.inf]
    assert compiled(np.array([-0.0]), np.ones(1))[0].tolist() == [np.inf]


def test_wrt_has_to_be_a_list() -> None:
    x = Value(1.0)
    with pytest.raises(TypeError, match=r"expected wrt to be a list, got int 0; write \[0\]"):
        autograd.compile(lambda x: x * x, 1, wrt=0)
    with pytest.raises(TypeError, match=r"expected wrt to be a list, got Value\(.*; write"):
        autograd.compile(x * x, [x], wrt=x)
