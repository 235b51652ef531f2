"""Steps of many neurons are one call, and blocks of ordinary lanes run in a shorter form."""

import numpy as np
import pytest

import autograd
from autograd import Value, gradients
from nn import MLP


def program_of(sizes: list[int], activation: str = "sigmoid") -> autograd.Program:
    """The loss of a network on a sample; the sample's numbers are the last inputs."""
    model = MLP(2, sizes, activation=activation, rng=0)
    x, y = [Value(0.5), Value(0.25)], Value(1.0)
    loss = (model(x) - y) ** 2
    return autograd.compile(loss, [*model.parameters(), *x, y], wrt=model.parameters())


def calls(program: autograd.Program) -> int:
    """How many lines the code of a block has, once it has run."""
    numbers = np.linspace(-1.0, 1.0, len(program.inputs) - 3).tolist()
    program(*numbers, *np.ones((3, 7)))
    return len(program._on_arrays.recent.plan._ordinary.writer.text().lines)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "gelu", "leaky_relu"])
def test_a_layer_takes_as_many_calls_whatever_its_size(activation: str) -> None:
    assert calls(program_of([20, 20, 1], activation)) == calls(program_of([5, 5, 1], activation))


REMOTE = [0.5, -31.0, 40.0, -800.0, 800.0, -np.inf, np.inf, np.nan, 1e-310, -1e200, 0.0]


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softplus", "silu", "gelu", "atan", "cbrt"])
@pytest.mark.parametrize("others", [1, 40_000])
def test_lanes_that_are_not_ordinary(name: str, others: int) -> None:
    function = getattr(autograd, name)
    program = autograd.compile(lambda w, x: function(x) * w)
    remote = np.array(REMOTE)
    lanes = np.concatenate([np.full(others, 0.25), remote])
    values, (dw, dx) = program(2.0, lanes)
    expected = []
    for number in REMOTE:
        w, x = Value(2.0), Value(number)
        out = function(x) * w
        expected.append((out.data, gradients(out, [x])[0]))
    assert values[others:] == pytest.approx([v for v, _ in expected], rel=1e-12, nan_ok=True)
    assert dx[others:] == pytest.approx([d for _, d in expected], rel=1e-12, nan_ok=True)
    assert np.isnan(dw)
    finite = np.isfinite(lanes)
    _, (dw, _) = program(2.0, lanes[finite])
    total = sum(function(float(number)) for number in lanes[finite])
    assert dw == pytest.approx(total, rel=1e-12)


def test_results_do_not_depend_on_what_ran_before() -> None:
    program = autograd.compile(lambda w, x: autograd.sigmoid(w * x))
    ordinary, remote = np.linspace(-2, 2, 100), np.linspace(-80, 2, 100)
    first = program(1.5, ordinary)
    again = [program(1.5, remote), program(1.5, ordinary), program(2.5, ordinary[:7])]
    other = autograd.compile(lambda w, x: autograd.sigmoid(w * x))
    assert np.array_equal(again[1][0], first[0])
    assert again[1][1][0] == first[1][0]
    assert np.array_equal(other(1.5, remote)[0], again[0][0])


def test_a_result_is_not_overwritten_by_the_next_call() -> None:
    program = autograd.compile(lambda w, x: autograd.exp(w * x))
    values, (_, slopes) = program(1.0, np.zeros(3))
    program(1.0, np.ones(3))
    assert values.tolist() == [1.0, 1.0, 1.0]
    assert slopes.tolist() == [1.0, 1.0, 1.0]


def test_other_kinds_of_arguments_after_a_first_call() -> None:
    program = autograd.compile(lambda w, x: w * x)
    x = np.array([1.0, 2.0])
    assert program(2.0, x)[1][0] == 3.0
    assert program(2, x)[1][0] == 3.0
    assert program(2.0, x.astype(np.float32))[0].dtype == np.float32
    assert program(2.0, x.reshape(2, 1))[0].shape == (2, 1)
    assert program(x, 2.0)[1][0].tolist() == [2.0, 2.0]
    with pytest.raises(TypeError, match="expected a real number"):
        program("2", x)
    with pytest.raises(TypeError, match="expected 2 arguments"):
        program(2.0)
