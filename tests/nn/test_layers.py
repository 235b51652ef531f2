"""Neurons, layers and networks."""

import math
import pickle
import re
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from nn import MLP, Layer, Neuron


def test_a_neuron_is_one_node_and_its_activation() -> None:
    w1, w2, b = (Value.parameter(x) for x in (0.15, 0.2, 0.35))
    out = Neuron([w1, w2], b, "sigmoid", label="h1")([0.05, 0.1])
    net = out.parents[0]
    assert net.parents == (w1, w2, b)
    assert net.operands == (w1, w2, 0.05, 0.1, b)
    assert (net.label, out.label) == ("net_h1", "out_h1")
    assert net.data == pytest.approx(0.3775, rel=1e-15)
    assert out.data == pytest.approx(1 / (1 + math.exp(-0.3775)), rel=1e-15)


def test_a_linear_neuron_without_bias_is_a_single_node() -> None:
    w = Value.parameter(2.0)
    out = Neuron([w])([3.0])
    assert (out.data, out.parents) == (6.0, (w,))


def test_micrograds_network() -> None:
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    out = model([0.5, -0.5])
    assert isinstance(out, Value)
    out.backward()
    assert any(parameter.grad for parameter in model.parameters())
    model.zero_grad()
    assert not any(parameter.grad for parameter in model.parameters())
    for parameter in model.parameters():
        parameter.data -= 0.1 * parameter.grad


def test_outputs_are_those_of_matrix_products() -> None:
    model = MLP(3, [4, 5, 2], activation="tanh", output_activation="sigmoid", rng=1)
    x = np.array([0.1, -0.7, 2.0])
    expected = x
    for index, (matrix, bias) in enumerate(zip(model.weights(), model.biases(), strict=True)):
        net = np.array(matrix) @ expected + np.array(bias, dtype=float)
        expected = np.tanh(net) if index < 2 else 1 / (1 + np.exp(-net))
    outputs = model(x)
    assert isinstance(outputs, list)
    assert [o.data for o in outputs] == pytest.approx(expected.tolist(), rel=1e-14)


def test_weights_come_from_the_seed_or_the_generator() -> None:
    by_seed = MLP(2, [3], rng=5).weights()
    assert MLP(2, [3], rng=5).weights() == by_seed
    assert MLP(2, [3], rng=np.random.default_rng(5)).weights() == by_seed
    assert MLP(2, [3], rng=6).weights() != by_seed
    rng = np.random.default_rng(5)
    assert MLP(2, [3], rng=rng).weights() != MLP(2, [3], rng=rng).weights()
    flat = np.array(MLP(10, [100], rng=0).weights()).ravel()
    assert -1 <= flat.min() < -0.9
    assert 0.9 < flat.max() < 1


def test_the_weights_of_a_seed_are_these() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.uniform(-1, 1, (3, 2)).tolist(), rng.uniform(-1, 1, (1, 3)).tolist()
    assert MLP(2, [3, 1], rng=3).weights() == [first, second]


def test_neurons_of_several_hidden_layers_have_names_of_their_own() -> None:
    model = MLP.from_weights([[[1.0]], [[1.0], [2.0]], [[1.0, 1.0]]])
    labels = [neuron.label for layer in model.layers for neuron in layer.neurons]
    assert labels == ["h1_1", "h2_1", "h2_2", "o1"]


def test_names_of_parameters() -> None:
    model = MLP(2, [2, 1], rng=0)
    names = [name for name, _ in model.named_parameters()]
    assert names == [
        "layers.0.neurons.0.weights.0",
        "layers.0.neurons.0.weights.1",
        "layers.0.neurons.0.bias",
        "layers.0.neurons.1.weights.0",
        "layers.0.neurons.1.weights.1",
        "layers.0.neurons.1.bias",
        "layers.1.neurons.0.weights.0",
        "layers.1.neurons.0.weights.1",
        "layers.1.neurons.0.bias",
    ]
    assert [parameter.label for parameter in model.parameters()] == names


def test_a_shared_bias_is_one_parameter() -> None:
    model = MLP.from_weights([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [0.35, [0.6, 0.7]])
    labels = [parameter.label for parameter in model.parameters()]
    assert labels == ["w1", "w2", "b1", "w3", "w4", "w5", "w6", "b2", "w7", "w8", "b3"]
    assert model.biases() == [[0.35, 0.35], [0.6, 0.7]]
    first, second = model.layers[0].neurons
    assert first.bias is second.bias
    assert len(model.parameters()) == 11


def test_labels_that_the_user_gave_stay() -> None:
    w = Value.parameter(1.0, label="slope")
    model = MLP.from_weights([[[w]]], [0.5])
    assert [parameter.label for parameter in model.parameters()] == ["slope", "b1"]


def test_numpy_weights_and_biases() -> None:
    model = MLP.from_weights([np.eye(2), np.ones((1, 2))], [np.array([1.0, 2.0]), np.float32(3)])
    assert model.weights() == [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0]]]
    assert model.biases() == [[1.0, 2.0], [3.0]]
    shared = MLP.from_weights([np.eye(2)], [np.array(0.5)]).layers[0].neurons
    assert shared[0].bias is shared[1].bias


def test_inputs_that_are_values_get_gradients() -> None:
    model = MLP.from_weights([[[2.0, 3.0]]])
    x = Value(1.0)
    out = model([x, 5.0])
    assert isinstance(out, Value)
    out.backward()
    assert x.grad == 2.0
    assert [v.label for v in out.parents] == ["w1", "w2", "", "x2"]


@pytest.mark.parametrize(
    "name", ["elu", "gelu", "leaky_relu", "relu", "sigmoid", "silu", "softplus", "tanh"]
)
def test_activations_by_name(name) -> None:
    out = MLP.from_weights([[[-0.5]]], output_activation=name)([1.0])
    assert isinstance(out, Value)
    assert out.data == getattr(autograd, name)(-0.5)


def test_an_activation_may_be_a_function() -> None:
    out = MLP.from_weights([[[2.0]]], output_activation=lambda x: x**2)([3.0])
    assert isinstance(out, Value)
    assert out.data == 36.0


def test_modules_are_pickled() -> None:
    model = MLP.from_weights([[[1.0, 2.0]]], [0.5])
    twin = pickle.loads(pickle.dumps(model))
    assert twin.weights() == model.weights()
    assert twin([1.0, 1.0]).data == 3.5


unchecked: Any = nn


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: MLP(0, [2]), ValueError, "MLP: size: expected a positive integer, got 0"),
        (lambda: MLP(2, [3, 0]), ValueError, "MLP: size: expected a positive integer, got 0"),
        (
            lambda: unchecked.MLP(2, [1.5]),
            TypeError,
            "MLP: size: expected a positive integer, got 1.5",
        ),
        (lambda: MLP(2, [True]), TypeError, "MLP: size: expected a positive integer, got True"),
        (
            lambda: unchecked.MLP(2, 16),
            TypeError,
            "MLP: expected a list of sizes, one for each layer, got 16; write [4, 1] for a layer "
            "of 4 neurons and one of 1",
        ),
        (
            lambda: MLP(2, [1], rng="x"),
            TypeError,
            "rng: expected a seed, which is an integer from 0, or a NumPy generator, got 'x'",
        ),
        (lambda: MLP(2, []), ValueError, "MLP: a network needs at least one layer, got none"),
        (
            lambda: MLP(2, [1], activation="sigmod"),
            ValueError,
            "activation: unknown activation 'sigmod'; choose one of linear, elu, gelu, leaky_relu, "
            "relu, sigmoid, silu, softplus, tanh, or give a function",
        ),
        (
            lambda: MLP(2, [1], output_activation="sigmod"),
            ValueError,
            "output_activation: unknown activation 'sigmod'",
        ),
        (
            lambda: unchecked.MLP(2, [1], output_activation=3),
            TypeError,
            "output_activation: expected a name or a function, got 3",
        ),
        (lambda: MLP(2, [1], rng=0)([1.0]), ValueError, "MLP: expected 2 inputs, got 1"),
        (lambda: unchecked.MLP(2, [1], rng=0)(0.5), TypeError, "a list of 2 inputs, got 0.5"),
        (lambda: unchecked.MLP(2, [1], rng=0)([1.0, "a"]), TypeError, "got the text 'a'"),
        (lambda: Neuron([1.0, 2.0])([1.0]), ValueError, "dot: 2 weights but 1 inputs"),
        (lambda: Neuron([]), ValueError, "Neuron: expected at least one weight, got none"),
        (lambda: unchecked.Neuron(2), TypeError, "list of weights, got 2; nn.MLP(3, [1]) ma"),
        (
            lambda: Neuron([Value(1.0)]),
            ValueError,
            "whose op is 'input'; make it with Value.parameter(data, label)",
        ),
        (lambda: Layer([]), ValueError, "Layer: expected at least one neuron, got none"),
        (
            lambda: unchecked.Layer(3, 4),
            TypeError,
            "Layer: expected a list of neurons, got 3, 4; nn.MLP(3, [4]) makes a layer of 4 "
            "neurons with 3 inputs",
        ),
        (lambda: unchecked.Layer(3), TypeError, "Layer: expected a list of neurons, got 3; nn.M"),
        (lambda: unchecked.Layer([1]), TypeError, "Layer: expected a list of neurons, got 1 in it"),
        (
            lambda: MLP.from_weights([[[1, 2]], [[1, 2]]]),
            ValueError,
            "layer 1 has 2 weights to a neuron, but the layer before it has 1 neurons",
        ),
        (
            lambda: MLP.from_weights([[[1, 2], [1]]]),
            ValueError,
            "Layer: its neurons need as many weights as each other, got 2 and 1",
        ),
        (
            lambda: MLP.from_weights([[[1, 2]]], [0.1, 0.2]),
            ValueError,
            "MLP.from_weights: 1 layers of weights but 2 of biases",
        ),
        (
            lambda: MLP.from_weights([[[1, 2]]], [[0.1, 0.2]]),
            ValueError,
            "layer 0 has 1 neurons but 2 biases",
        ),
        (
            lambda: unchecked.MLP.from_weights([[1, 2]]),
            TypeError,
            "MLP.from_weights: expected a row of weights of layer 0, got 1",
        ),
        (
            lambda: unchecked.MLP.from_weights(3),
            TypeError,
            "MLP.from_weights: expected a list of matrices of weights, got 3",
        ),
        (
            lambda: unchecked.MLP.from_weights([[[1]]], 3),
            TypeError,
            "MLP.from_weights: expected biases by layer, got 3",
        ),
        (lambda: unchecked.MLP.from_weights([[["1"]]]), TypeError, "expected a real number, got"),
    ],
)
def test_bad_input(call, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        call()


@pytest.mark.parametrize(
    "batch",
    [
        [[1.0, 2.0], [3.0, 4.0]],
        [(1.0, 2.0)] * 3,
        [[Value(1.0), Value(2.0)]],
        np.ones((2, 2)),
        np.ones((5, 2)),
        np.ones((1, 2)),
    ],
    ids=lambda batch: f"{type(batch).__name__} of {len(batch)}",
)
def test_a_model_takes_one_sample(batch) -> None:
    model = MLP(2, [3, 1], rng=0)
    message = (
        f"MLP: a model takes one sample, 2 numbers, and this is a batch of {len(batch)}; "
        "write [model(x) for x in batch], or train with nn.fit"
    )
    with pytest.raises(TypeError, match=re.escape(message)):
        model(batch)
    assert len([model(x) for x in batch]) == len(batch)


def test_models_show_themselves() -> None:
    model = MLP(2, [16, 1], activation="tanh", rng=0)
    assert repr(model) == "MLP(2 → 16 tanh → 1 linear, 65 parameters)"
    assert repr(model.layers[0]) == "Layer(2 → 16 tanh)"
    assert repr(model.layers[1].neurons[0]) == "Neuron(16 → linear)"


def test_sizes_may_be_numpy_integers() -> None:
    assert len(MLP(np.int64(2), np.array([3, 1]), rng=0).parameters()) == 13


def test_public_names() -> None:
    assert all(hasattr(nn, name) for name in nn.__all__)
