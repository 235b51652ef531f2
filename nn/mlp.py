"""Multi-layer perceptrons."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

from autograd import Value
from nn import checks, generators
from nn.activations import Activation, activation_named
from nn.dropout import Dropout
from nn.initialisers import Initialiser, initialiser_named, matrix_of
from nn.layers import Layer, Neuron, Number, parameter
from nn.module import Module

if TYPE_CHECKING:
    import numpy as np

Bias = Number | Iterable[Number] | None


class MLP(Module):
    """A multi-layer perceptron: layers of neurons, each with the outputs of the one before it.

    Args:
        n_inputs: The number of inputs, a positive integer.
        sizes: The number of neurons in each layer, positive integers.
        activation: The activation of all layers but the last, a name or a function.
        output_activation: The activation of the last layer.
        rng: What draws the weights: a NumPy generator, or a seed for one; None for other weights
            at every call.
        init: How the weights are drawn: "uniform" in [-1, 1), "glorot" (or "xavier") or "he" (or
            "kaiming"), the last four also with "_uniform" or "_normal"; or a function of a
            generator, the number of inputs and the number of neurons that returns a row of weights
            for each neuron. Every neuron has a bias, which begins at zero.
        dropout: The probability with which an output of a hidden layer is dropped in training
            mode, from 0 to below 1. See `Dropout`.

    Raises:
        ValueError: If a size is not positive, an activation or an initialiser is unknown, or
            `dropout` is not from 0 to below 1.
        TypeError: If a size is not an integer.

    Example:
        >>> from nn import MLP
        >>> MLP(2, [16, 16, 1], activation="relu", rng=0)
        MLP(2 → 16 relu → 16 relu → 1 linear, 337 parameters)

    Source: the shape of micrograd's `MLP`, by Andrej Karpathy.
    """

    dropout: Dropout | None

    def __init__(
        self,
        n_inputs: int,
        sizes: Iterable[int],
        activation: str | Activation = "relu",
        output_activation: str | Activation = "linear",
        rng: np.random.Generator | int | None = None,
        init: str | Initialiser = "uniform",
        dropout: float = 0.0,
    ) -> None:
        if not isinstance(sizes, Iterable):
            raise TypeError(
                f"MLP: expected a list of sizes, one for each layer, got {sizes!r}; write [4, 1] "
                "for a layer of 4 neurons and one of 1"
            )
        counts = [checks.count(size, "MLP: size") for size in (n_inputs, *sizes)]
        generator = generators.generator_from(rng)
        draw = initialiser_named(init)
        weights = []
        for columns, rows in pairwise(counts):
            weights.append(matrix_of(draw(generator, columns, rows), rows, columns))
        biases = [[0.0] * size for size in counts[1:]]
        self._build(weights, biases, activation, output_activation)
        if dropout:
            self.dropout = Dropout(dropout, generator)
        for name, found in self.named_parameters():
            found.label = name

    @classmethod
    def from_weights(
        cls,
        weights: Iterable[Iterable[Iterable[Number]]],
        biases: Iterable[Bias] | None = None,
        activation: str | Activation = "sigmoid",
        output_activation: str | Activation = "linear",
    ) -> Self:
        """A network with given weights; its parameters are called w1, b1, ..., as in tutorials.

        Args:
            weights: A matrix for each layer; a row holds the weights into one neuron.
            biases: For each layer one number for each neuron, or one number that all of them share,
                or None for a layer without biases; None for a network without biases.
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
        matrices = [
            [_entries(row, f"a row of weights of layer {i}") for row in _entries(matrix, _MATRIX)]
            for i, matrix in enumerate(_entries(weights, "a list of matrices of weights"))
        ]
        columns = [None] * len(matrices) if biases is None else _entries(biases, "biases by layer")
        if len(columns) != len(matrices):
            raise ValueError(
                f"MLP.from_weights: {len(matrices)} layers of weights but {len(columns)} of "
                "biases; give one entry for each layer, None for a layer without"
            )
        model = cls.__new__(cls)
        model._build(matrices, columns, activation, output_activation)
        model._name_as_tutorials()
        return model

    def _build(
        self,
        weights: list[list[list[Number]]],
        biases: list[Any],
        activation: str | Activation,
        output_activation: str | Activation,
    ) -> None:
        """Makes the layers from numbers."""
        if not weights:
            raise ValueError("MLP: a network needs at least one layer, got none")
        hidden = activation_named(activation)
        last = activation_named(output_activation, "output_activation")
        self.dropout = None
        self.layers: list[Layer] = []
        for index, (matrix, bias) in enumerate(zip(weights, biases, strict=True)):
            column = _biases(bias, len(matrix), index)
            function = last if index == len(weights) - 1 else hidden
            layer = Layer([Neuron(row, b, function) for row, b in zip(matrix, column, strict=True)])
            if self.layers and layer.n_inputs != len(self.layers[-1].neurons):
                raise ValueError(
                    f"MLP: layer {index} has {layer.n_inputs} weights to a neuron, but the layer "
                    f"before it has {len(self.layers[-1].neurons)} neurons"
                )
            self.layers.append(layer)
        self.n_inputs = self.layers[0].n_inputs
        self._input_labels = [f"x{i}" for i in range(1, self.n_inputs + 1)]

    def _name_as_tutorials(self) -> None:
        """Labels the weights and biases, in the order of `named_parameters`, and the neurons."""
        counts = {"w": 0, "b": 0}
        for name, found in self.named_parameters():
            kind = "b" if name.endswith("bias") else "w"
            counts[kind] += 1
            found.label = found.label or f"{kind}{counts[kind]}"
        *hidden, last = self.layers
        prefixes = ["h"] if len(hidden) == 1 else [f"h{i}_" for i in range(1, len(hidden) + 1)]
        for layer, prefix in zip([*hidden, last], [*prefixes, "o"], strict=True):
            for number, neuron in enumerate(layer.neurons, 1):
                neuron.label = f"{prefix}{number}"

    def __call__(self, inputs: Iterable[Number]) -> Any:
        """The outputs of the last layer.

        Args:
            inputs: A number or a `Value` for each input; numbers become leaves x1, x2, …

        Returns:
            A list of `Value`; of a network with a single output that `Value` itself.

        Raises:
            ValueError: If the number of inputs is wrong.
            TypeError: If an input is not a number, as in a batch of samples.
        """
        if not isinstance(inputs, Iterable):
            raise TypeError(f"MLP: expected a list of {self.n_inputs} inputs, got {inputs!r}")
        inputs = list(inputs)
        if len(inputs) != self.n_inputs:
            _refuse_batch(inputs, self.n_inputs)
            raise ValueError(f"MLP: expected {self.n_inputs} inputs, got {len(inputs)}")
        try:
            values = [
                x if isinstance(x, Value) else Value(x, label)
                for x, label in zip(inputs, self._input_labels, strict=True)
            ]
        except TypeError:
            _refuse_batch(inputs, self.n_inputs)
            raise
        *hidden, last = self.layers
        for layer in hidden:
            values = layer(values)
            if self.dropout is not None:
                values = self.dropout(values)
        values = last(values)
        return values[0] if len(values) == 1 else values

    def weights(self) -> list[list[list[float]]]:
        """The weights: for each layer a matrix, in which a row has the weights into one neuron."""
        return [[[w.data for w in n.weights] for n in layer.neurons] for layer in self.layers]

    def biases(self) -> list[list[float | None]]:
        """The biases: for each layer a list with those of its neurons, None where one has none."""
        return [
            [None if n.bias is None else n.bias.data for n in layer.neurons]
            for layer in self.layers
        ]

    def summary(self) -> str:
        """The numbers of inputs and neurons with their activations: "2 → 16 relu → 1 linear"."""
        return " → ".join([str(self.n_inputs), *(layer.summary() for layer in self.layers)])

    def get_extra_state(self) -> dict[str, str]:
        """The activations, which the numbers of the parameters do not tell."""
        return {"layers": self.summary()}

    def set_extra_state(self, state: Any) -> None:
        """Raises ValueError unless the state is of a network with the same layers."""
        if checks.state(state, "MLP", {"layers"})["layers"] != self.summary():
            raise ValueError(
                f"MLP: the state is of another architecture: {state['layers']}, and this network "
                f"is {self.summary()}"
            )

    def __repr__(self) -> str:
        dropout = f", dropout {self.dropout.p}" if self.dropout else ""
        return f"MLP({self.summary()}, {len(self.parameters())} parameters{dropout})"


_MATRIX = "a matrix of weights, a row for each neuron"


def _refuse_batch(inputs: list[Any], count: int) -> None:
    """Raises TypeError if the inputs are samples, and not the numbers of one sample."""
    if inputs and all(hasattr(x, "__iter__") and not isinstance(x, str) for x in inputs):
        raise TypeError(
            f"MLP: a model takes one sample, {count} numbers, and this is a batch of "
            f"{len(inputs)}; write [model(x) for x in batch], or train with nn.fit"
        ) from None


def _entries(given: Any, expected: str) -> list[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"MLP.from_weights: expected {expected}, got {given!r}")
    return list(given)


def _biases(given: Bias, count: int, layer: int) -> list[Value | None]:
    """A bias for each of `count` neurons; one number is one parameter that all of them share."""
    if given is None:
        return [None] * count
    column: Any = given
    if isinstance(column, Iterable) and getattr(column, "shape", None) != ():
        entries: list[Value | None] = [None if b is None else parameter(b) for b in column]
        if len(entries) != count:
            raise ValueError(
                f"MLP: layer {layer} has {count} neurons but {len(entries)} biases; give one for "
                "each neuron, one number that they share, or None"
            )
        return entries
    return [parameter(column)] * count
