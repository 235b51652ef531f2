"""How weights begin: variance, range and shape of their distribution."""

import math
import re

import numpy as np
import pytest

from nn import MLP

# Of each: the variance by the numbers of inputs and neurons, and the kurtosis of its shape.
UNIFORM, NORMAL = 1.8, 3.0
EXPECTED = {
    "uniform": (lambda inputs, neurons: 1 / 3, UNIFORM),
    "glorot": (lambda inputs, neurons: 2 / (inputs + neurons), UNIFORM),
    "glorot_uniform": (lambda inputs, neurons: 2 / (inputs + neurons), UNIFORM),
    "glorot_normal": (lambda inputs, neurons: 2 / (inputs + neurons), NORMAL),
    "xavier_uniform": (lambda inputs, neurons: 2 / (inputs + neurons), UNIFORM),
    "xavier_normal": (lambda inputs, neurons: 2 / (inputs + neurons), NORMAL),
    "he": (lambda inputs, neurons: 2 / inputs, NORMAL),
    "he_uniform": (lambda inputs, neurons: 2 / inputs, UNIFORM),
    "he_normal": (lambda inputs, neurons: 2 / inputs, NORMAL),
    "kaiming_uniform": (lambda inputs, neurons: 2 / inputs, UNIFORM),
    "kaiming_normal": (lambda inputs, neurons: 2 / inputs, NORMAL),
}
INPUTS, HIDDEN, OUTPUTS = 40, 150, 60


@pytest.mark.parametrize("name", EXPECTED)
def test_distributions(name) -> None:
    variance, kurtosis = EXPECTED[name]
    model = MLP(INPUTS, [HIDDEN, OUTPUTS], rng=0, init=name)
    shapes = [(INPUTS, HIDDEN), (HIDDEN, OUTPUTS)]
    for matrix, (inputs, neurons) in zip(model.weights(), shapes, strict=True):
        weights = np.array(matrix)
        assert weights.shape == (neurons, inputs)
        expected, count = variance(inputs, neurons), weights.size
        assert abs(weights.mean()) < 4 * math.sqrt(expected / count)
        spread = math.sqrt((kurtosis - 1) / count)  # of the variance, relative to it
        assert weights.var() == pytest.approx(expected, rel=4 * spread)
        found = np.mean(weights**4) / np.mean(weights**2) ** 2
        assert found == pytest.approx(kurtosis, abs=0.4)
        if kurtosis == UNIFORM:
            bound = math.sqrt(3 * expected)
            assert 0.99 * bound < np.abs(weights).max() <= bound
    assert all(bias == 0.0 for column in model.biases() for bias in column)


def test_a_function_is_an_initialiser() -> None:
    model = MLP(2, [3], init=lambda rng, inputs, neurons: np.full((neurons, inputs), 0.5))
    assert model.weights() == [[[0.5, 0.5]] * 3]


@pytest.mark.parametrize(
    ("init", "kind", "message"),
    [
        ("hee", ValueError, "init: unknown initialiser 'hee'; choose one of uniform, glorot, "),
        (3, TypeError, "init: expected a name or a function, got 3"),
        (
            lambda rng, inputs, neurons: np.zeros((inputs, neurons)),
            ValueError,
            "init: expected weights of shape (3, 2), a row for each neuron, got shape (2, 3)",
        ),
    ],
)
def test_bad_input(init, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        MLP(2, [3], init=init)
