"""Neurons and layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Never

from autograd import Value, dot
from nn.activations import Activation, activation_named
from nn.module import Module

Number = Value | float


class Neuron(Module):
    """A neuron: activation(Σ weight · input + bias).

    It records one node for the sum, `net`, and one for the activation, `out`; a linear neuron has
    only the first.

    Args:
        weights: A number or a parameter for each input.
        bias: A number, or a parameter, which other neurons may share; None for no bias.
        activation: The name of an activation, or a function of the sum.
        label: The name of the neuron in pictures, such as "h1"; its nodes are then called "net_h1"
            and "out_h1".

    Raises:
        ValueError: If there are no weights, one of them is a `Value` but not a parameter, or no
            activation has that name.
        TypeError: If a weight is not a number.

    Example:
        >>> from nn import Neuron
        >>> neuron = Neuron([2.0, -1.0], 0.5)
        >>> neuron([3.0, 4.0]).data
        2.5
    """

    def __init__(
        self,
        weights: Iterable[Number],
        bias: Number | None = None,
        activation: str | Activation = "linear",
        label: str = "",
    ) -> None:
        if not isinstance(weights, Iterable):
            raise TypeError(
                f"Neuron: expected a list of weights, got {weights!r}; nn.MLP(3, [1]) makes a "
                "neuron with 3 of them"
            )
        self.weights = [parameter(weight) for weight in weights]
        if not self.weights:
            raise ValueError("Neuron: expected at least one weight, got none")
        self.bias = None if bias is None else parameter(bias)
        self.activation = activation_named(activation)
        self.label = label

    def __call__(self, inputs: Sequence[Number]) -> Value:
        """The output of the neuron.

        Args:
            inputs: A number or a `Value` for each weight.

        Returns:
            The node of the output.

        Raises:
            ValueError: If there are not as many inputs as weights.
        """
        net = dot(self.weights, inputs, self.bias)
        out = self.activation(net)
        if self.label:
            net.label = f"net_{self.label}"
            out.label = f"out_{self.label}"
        return out

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)} → {_name(self.activation)})"


class Layer(Module):
    """A layer: neurons with the same inputs.

    Args:
        neurons: The neurons, all with the same number of weights.
        *unexpected: Nothing; sizes, as layers of other libraries take them, raise TypeError.

    Raises:
        ValueError: If there are no neurons, or their numbers of weights differ.
        TypeError: If one is not a `Neuron`, or sizes are given.

    Example:
        >>> from nn import Layer, Neuron
        >>> layer = Layer([Neuron([1.0, 2.0]), Neuron([3.0, 4.0], 0.5)])
        >>> [output.data for output in layer([10.0, 1.0])]
        [12.0, 34.5]
    """

    def __init__(self, neurons: Iterable[Neuron], *unexpected: Never) -> None:
        if unexpected or not isinstance(neurons, Iterable):
            given = ", ".join(map(repr, (neurons, *unexpected)))
            raise TypeError(
                f"Layer: expected a list of neurons, got {given}; nn.MLP(3, [4]) makes a layer of "
                "4 neurons with 3 inputs"
            )
        self.neurons = list(neurons)
        if not self.neurons:
            raise ValueError("Layer: expected at least one neuron, got none")
        for neuron in self.neurons:
            if not isinstance(neuron, Neuron):
                raise TypeError(f"Layer: expected a list of neurons, got {neuron!r} in it")
        self.n_inputs = len(self.neurons[0].weights)
        for neuron in self.neurons:
            if len(neuron.weights) != self.n_inputs:
                raise ValueError(
                    f"Layer: its neurons need as many weights as each other, got "
                    f"{self.n_inputs} and {len(neuron.weights)}"
                )

    def __call__(self, inputs: Sequence[Number]) -> list[Value]:
        """The outputs of the neurons.

        Args:
            inputs: A number or a `Value` for each weight of a neuron.

        Returns:
            A `Value` for each neuron.

        Raises:
            ValueError: If there are not as many inputs as weights.
        """
        return [neuron(inputs) for neuron in self.neurons]

    def __repr__(self) -> str:
        return f"Layer({self.n_inputs} → {self.summary()})"

    def summary(self) -> str:
        """The number of neurons and their activations, as in "16 relu"."""
        names = dict.fromkeys(_name(neuron.activation) for neuron in self.neurons)
        return f"{len(self.neurons)} {'/'.join(names)}"


def parameter(given: Number) -> Value:
    """A parameter made of a number; a parameter that is given is returned as it is.

    Raises:
        ValueError: If a `Value` is given that is not a parameter, so that training would not change
            it.
        TypeError: If something else than a number is given.
    """
    if not isinstance(given, Value):
        return Value.parameter(given)
    if given.op != "parameter":
        raise ValueError(
            f"a weight or bias is a parameter, got {given!r}, whose op is {given.op!r}; "
            "make it with Value.parameter(data, label)"
        )
    return given


def _name(activation: Activation) -> str:
    return getattr(activation, "__name__", type(activation).__name__)
