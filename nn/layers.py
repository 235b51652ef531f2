"""Neurons, layers and multi-layer perceptrons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self

from autograd import Value, dot
from nn.activations import Activation, activation_named
from nn.module import Module

if TYPE_CHECKING:
    import numpy as np

Number = Value | float
Bias = Number | Sequence[Number] | None


class Neuron(Module):
    """activation(Σ weight · input + bias), as two nodes: `net` and, unless it is linear, `out`.

    Args:
        weights: A parameter for each input.
        bias: A parameter, perhaps shared with other neurons, or None.
        activation: The name of an activation, or a function.
        label: What it is called in pictures, such as "h1"; its nodes are then "net_h1", "out_h1".

    Raises:
        ValueError: If there are no weights, or no activation of that name.
    """

    def __init__(
        self,
        weights: Sequence[Value],
        bias: Value | None = None,
        activation: str | Activation = "linear",
        label: str = "",
    ) -> None:
        if not weights:
            raise ValueError("a neuron needs at least one weight, got none")
        self.weights = list(weights)
        self.bias = bias
        self.activation = activation_named(activation)
        self.label = label

    def __call__(self, inputs: Sequence[Number]) -> Value:
        """The neuron's output.

        Raises:
            ValueError: If there are not as many inputs as weights.
        """
        net = dot(self.weights, inputs, self.bias)
        out = self.activation(net)
        if self.label:
            net.label = f"net_{self.label}"
            out.label = f"out_{self.label}"
        return out


class Layer(Module):
    """Neurons that see the same inputs.

    Args:
        neurons: The neurons, all with the same number of weights.
    """

    def __init__(self, neurons: Sequence[Neuron]) -> None:
        if not neurons:
            raise ValueError("a layer needs at least one neuron, got none")
        self.neurons = list(neurons)
        self.n_inputs = len(self.neurons[0].weights)
        for neuron in self.neurons:
            if len(neuron.weights) != self.n_inputs:
                raise ValueError(
                    f"the neurons of a layer need as many weights as each other, got "
                    f"{self.n_inputs} and {len(neuron.weights)}"
                )

    def __call__(self, inputs: Sequence[Number]) -> list[Value]:
        """The outputs of the neurons.

        Raises:
            ValueError: If there are not as many inputs as weights in each neuron.
        """
        return [neuron(inputs) for neuron in self.neurons]


class MLP(Module):
    """A multi-layer perceptron.

    Args:
        n_inputs: The number of inputs.
        sizes: The number of neurons in each layer.
        activation: The activation of all layers but the last.
        output_activation: The activation of the last layer.
        rng: Where the weights come from: a NumPy generator, or a seed for one; None for a new
            network at every call.

    Weights are uniform in [-1, 1), biases zero, one for each neuron.

    Raises:
        ValueError: If a size is not a positive integer, or an activation is unknown.

    Example:
        >>> from nn import MLP
        >>> model = MLP(2, [16, 16, 1], activation="relu", rng=0)
        >>> len(model.parameters())
        337

    Source: the shape of micrograd's `MLP`, by Andrej Karpathy.
    """

    def __init__(
        self,
        n_inputs: int,
        sizes: Sequence[int],
        activation: str | Activation = "relu",
        output_activation: str | Activation = "linear",
        rng: np.random.Generator | int | None = None,
    ) -> None:
        import numpy as np

        for size in (n_inputs, *sizes):
            if not isinstance(size, int) or size < 1:
                raise ValueError(
                    f"MLP: the number of inputs and the sizes of layers are positive integers, "
                    f"got {size!r}"
                )
        generator = np.random.default_rng(rng)
        weights = [
            generator.uniform(-1.0, 1.0, (rows, columns)).tolist()
            for columns, rows in zip([n_inputs, *sizes], sizes, strict=False)
        ]
        self._build(weights, [[0.0] * size for size in sizes], activation, output_activation)
        for name, parameter in self.named_parameters():
            parameter.label = name

    @classmethod
    def from_weights(
        cls,
        weights: Sequence[Sequence[Sequence[Number]]],
        biases: Sequence[Bias] | None = None,
        activation: str | Activation = "sigmoid",
        output_activation: str | Activation = "linear",
    ) -> Self:
        """A network with given weights, named w1, w2, … and b1, b2, … as in tutorials.

        Args:
            weights: For each layer a matrix; a row holds the weights into one neuron.
            biases: For each layer None, one number that its neurons share, or one for each
                neuron; None for a network without biases.
            activation: The activation of all layers but the last.
            output_activation: The activation of the last layer.

        Returns:
            The network; its hidden neurons are labelled h1, h2, …, its outputs o1, o2, …

        Raises:
            ValueError: If the shapes do not fit together, or an activation is unknown.
            TypeError: If a weight is not a number.

        Example:
            >>> from nn import MLP
            >>> model = MLP.from_weights([[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45]]], [0.35, None])
            >>> [parameter.label for parameter in model.parameters()]
            ['w1', 'w2', 'b1', 'w3', 'w4', 'w5', 'w6']
        """
        if biases is None:
            biases = [None] * len(weights)
        if len(biases) != len(weights):
            raise ValueError(
                f"MLP.from_weights: {len(weights)} layers of weights but {len(biases)} of biases; "
                "give one entry for each layer, None for a layer without"
            )
        model = cls.__new__(cls)
        model._build(weights, biases, activation, output_activation)
        counts = {"w": 0, "b": 0}
        for name, parameter in model.named_parameters():
            kind = "b" if name.endswith("bias") else "w"
            counts[kind] += 1
            parameter.label = parameter.label or f"{kind}{counts[kind]}"
        *hidden, last = model.layers
        for number, layer in enumerate(hidden, 1):
            prefix = f"h{number}_" if len(hidden) > 1 else "h"
            _label(layer, prefix)
        _label(last, "o")
        return model

    def _build(
        self,
        weights: Sequence[Sequence[Sequence[Number]]],
        biases: Sequence[Bias],
        activation: str | Activation,
        output_activation: str | Activation,
    ) -> None:
        """Makes the layers from numbers."""
        if not len(weights):
            raise ValueError("MLP: a network needs at least one layer, got none")
        self.layers: list[Layer] = []
        for index, (matrix, bias) in enumerate(zip(weights, biases, strict=True)):
            name = output_activation if index == len(weights) - 1 else activation
            column = _biases(bias, len(matrix), index)
            rows = [[_parameter(weight) for weight in row] for row in matrix]
            layer = Layer([Neuron(row, b, name) for row, b in zip(rows, column, strict=True)])
            if self.layers and layer.n_inputs != len(self.layers[-1].neurons):
                raise ValueError(
                    f"MLP: layer {index} has {layer.n_inputs} weights to a neuron, but the layer "
                    f"before it has {len(self.layers[-1].neurons)} neurons"
                )
            self.layers.append(layer)
        self.n_inputs = self.layers[0].n_inputs
        self._input_labels = [f"x{i}" for i in range(1, self.n_inputs + 1)]

    def __call__(self, inputs: Iterable[Number]) -> Value | list[Value]:
        """The outputs of the last layer.

        Args:
            inputs: A number or `Value` for each input; numbers become inputs x1, x2, …

        Returns:
            A list; of a network with a single output that `Value` itself.

        Raises:
            ValueError: If the number of inputs is wrong.
            TypeError: If an input is not a number.
        """
        if not isinstance(inputs, Iterable):
            raise TypeError(f"MLP: expected a list of {self.n_inputs} inputs, got {inputs!r}")
        inputs = list(inputs)
        if len(inputs) != self.n_inputs:
            raise ValueError(f"MLP: expected {self.n_inputs} inputs, got {len(inputs)}")
        values = [
            x if isinstance(x, Value) else Value(x, label)
            for x, label in zip(inputs, self._input_labels, strict=True)
        ]
        for layer in self.layers:
            values = layer(values)
        return values[0] if len(values) == 1 else values

    def weights(self) -> list[list[list[float]]]:
        """For each layer the matrix of its weights; a row holds the weights into one neuron."""
        return [[[w.data for w in n.weights] for n in layer.neurons] for layer in self.layers]

    def biases(self) -> list[list[float | None]]:
        """For each layer the biases of its neurons; None for a neuron without."""
        return [
            [None if n.bias is None else n.bias.data for n in layer.neurons]
            for layer in self.layers
        ]


def _parameter(given: Number) -> Value:
    if not isinstance(given, Value):
        return Value.parameter(given)
    if given.op != "parameter":
        raise ValueError(
            f"MLP: a weight or bias is a parameter, got {given!r}, which is an {given.op}; "
            "make it with Value.parameter(data, label)"
        )
    return given


def _biases(given: Bias, count: int, layer: int) -> list[Value | None]:
    """A bias for each of `count` neurons; one number is one parameter that all of them share."""
    if given is None:
        return [None] * count
    if isinstance(given, Iterable):
        entries = list(given)
        if len(entries) != count:
            raise ValueError(
                f"MLP: layer {layer} has {count} neurons but {len(entries)} biases; give one for "
                "each neuron, one number that they share, or None"
            )
        return [_parameter(bias) for bias in entries]
    return [_parameter(given)] * count


def _label(layer: Layer, prefix: str) -> None:
    for number, neuron in enumerate(layer.neurons, 1):
        neuron.label = f"{prefix}{number}"
