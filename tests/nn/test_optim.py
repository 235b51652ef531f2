"""Gradient descent."""

import re

import numpy as np
import pytest

from autograd import Value
from nn import SGD


def test_a_step_subtracts_rate_times_gradient() -> None:
    w, b = Value.parameter(2.0), Value.parameter(-1.0)
    optimiser = SGD([w, b], lr=0.25)
    (w * w + 3 * b).backward()
    optimiser.step()
    assert (w.data, b.data) == (1.0, -1.75)
    optimiser.zero_grad()
    assert (w.grad, b.grad) == (0.0, 0.0)
    optimiser.step()
    assert (w.data, b.data) == (1.0, -1.75)


@pytest.mark.parametrize(
    ("parameters", "lr", "kind", "message"),
    [
        ([], 0.1, ValueError, "SGD: there are no parameters; give model.parameters()"),
        ([1.0], 0.1, TypeError, "SGD: expected Values as parameters, got float 1.0"),
        (3, 0.1, TypeError, "SGD: expected a list of parameters, got 3; give model.parameters()"),
        ([Value(1.0) * 2], 0.1, ValueError, "is computed and no leaf; give model.parameters()"),
        ([Value(1.0)], None, ValueError, "the learning rate must be a positive number, got None"),
        ([Value(1.0)], 0, ValueError, "the learning rate must be a positive number, got 0"),
        ([Value(1.0)], "0.1", ValueError, "the learning rate must be a positive number, got '0.1'"),
        ([Value(1.0)], float("inf"), ValueError, "must be a positive number, got inf"),
        ([Value(1.0)], float("nan"), ValueError, "must be a positive number, got nan"),
    ],
)
def test_bad_input(parameters, lr, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        SGD(parameters, lr)


def test_the_rate_may_change_and_a_bad_one_leaves_the_old() -> None:
    optimiser = SGD([Value.parameter(1.0)], np.float32(0.5))
    assert optimiser.lr == 0.5
    optimiser.lr = 0.25
    with pytest.raises(ValueError, match="the learning rate must be a positive number, got '1'"):
        optimiser.lr = "1"
    assert repr(optimiser) == "SGD(1 parameters, lr=0.25)"


def test_a_parameter_that_is_given_twice_moves_once() -> None:
    w = Value.parameter(1.0)
    (w * 2).backward()
    SGD([w, w], lr=0.25).step()
    assert w.data == 0.5
