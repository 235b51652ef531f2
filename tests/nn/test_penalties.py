"""Penalties against their definitions."""

import re

import numpy as np
import pytest

from autograd import Value, gradients
from nn import MLP, Dropout, Module, Neuron, l1_penalty, l2_penalty

MODEL = MLP.from_weights([[[1.0, -2.0], [0.0, 3.0]], [[-4.0, 5.0]]], [[7.0, 8.0], 9.0])
WEIGHTS = [w for w in MODEL.parameters() if w.label.startswith("w")]


@pytest.mark.parametrize(
    ("penalty", "value", "slopes"),
    [
        (l1_penalty, 15.0, [1.0, -1.0, 0.0, 1.0, -1.0, 1.0]),
        (l2_penalty, 55.0, [2.0, -4.0, 0.0, 6.0, -8.0, 10.0]),
    ],
)
def test_of_a_model_its_weights_count_and_of_a_list_all(penalty, value, slopes) -> None:
    term = penalty(MODEL, 0.5)
    assert term.data == 0.5 * value
    assert gradients(term, WEIGHTS) == (0.5 * np.array(slopes)).tolist()
    biases = [p for p in MODEL.parameters() if p not in WEIGHTS]
    assert gradients(term, biases) == [0.0] * 3
    assert penalty(WEIGHTS, 0.5).data == 0.5 * value
    assert penalty(MODEL.parameters(), 1.0).data > value
    assert penalty([Value.parameter(-3.0)], 2.0).data == {15.0: 6.0, 55.0: 18.0}[value]


class Biased(Module):
    """Names that begin like those of biases, biases in containers, and a module as a bias."""

    def __init__(self) -> None:
        self.biased_part = Neuron([1.0], 2.0)
        self.bias_weights = [Value.parameter(4.0), {"bias": Value.parameter(8.0)}]
        self.bias = Neuron([16.0], 32.0)
        self.biases = [Value.parameter(64.0), {"late": (Value.parameter(128.0),)}]
        self.dropout = Dropout(0.5)


class Offset(Module):
    """A bias under a name of its own."""

    bias_names = ("offset",)

    def __init__(self, bias: Value) -> None:
        self.offset, self.bias = Value.parameter(3.0), bias
        self.inner = Neuron([5.0], 7.0)


class Tied(Module):
    """A parameter that is a bias here and a weight there."""

    def __init__(self) -> None:
        shared = Value.parameter(9.0)
        self.first, self.second = Neuron([1.0], shared), Neuron([shared], None)


@pytest.mark.parametrize(
    ("module", "weights"),
    [
        (Biased(), [1.0, 4.0, 16.0]),
        (Offset(Value.parameter(2.0)), [2.0, 5.0]),
        (Tied(), [1.0, 9.0]),
        (MODEL, [w.data for w in WEIGHTS]),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_module_says_which_of_its_own_parameters_are_biases(module, weights) -> None:
    assert l1_penalty(module, 1.0).data == sum(map(abs, weights))
    assert l2_penalty(module, 1.0).data == sum(w * w for w in weights)


def test_that_only_biases_are_left_is_said() -> None:
    module = Module()
    module.bias = Value.parameter(1.0)
    with pytest.raises(ValueError, match="there is no weight; give a model or a list of param"):
        l2_penalty(module, 1.0)


@pytest.mark.parametrize("names", ["bias", ["bias"], None, ("bias", 3)])
def test_the_names_of_biases_are_a_tuple_of_names(names) -> None:
    message = f"Wrong: bias_names must be a tuple of names of attributes, got {names!r}"
    with pytest.raises(TypeError, match=re.escape(message)):
        type("Wrong", (Module,), {"bias_names": names})


@pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])
@pytest.mark.parametrize(
    ("of", "strength", "kind", "message"),
    [
        (3, 1.0, TypeError, "expected a model or a list of parameters, got 3"),
        ([1.0], 1.0, TypeError, "expected a list of parameters, got 1.0 in it"),
        ([], 1.0, ValueError, "there is no weight; give a model or a list of parameters"),
        (MODEL, 0.0, ValueError, "strength must be a positive number, got 0.0"),
        (MODEL, "1", ValueError, "strength must be a positive number, got '1'"),
    ],
)
def test_bad_input(penalty, of, strength, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(f"{penalty.__name__}: {message}")):
        penalty(of, strength)
