"""How the weights of a layer begin, by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nn.checks import named

if TYPE_CHECKING:
    import numpy as np

# Takes a generator, the number of inputs and of neurons; gives a row of weights for each neuron.
Initialiser = Callable[["np.random.Generator", int, int], Any]


def uniform(rng: np.random.Generator, inputs: int, neurons: int) -> Any:
    """Uniform in [-1, 1), as in micrograd."""
    return rng.uniform(-1.0, 1.0, (neurons, inputs))


def glorot_uniform(rng: np.random.Generator, inputs: int, neurons: int) -> Any:
    """Uniform of variance 2/(inputs + neurons), for tanh. Source: Glorot & Bengio, 2010."""
    bound = math.sqrt(6.0 / (inputs + neurons))
    return rng.uniform(-bound, bound, (neurons, inputs))


def glorot_normal(rng: np.random.Generator, inputs: int, neurons: int) -> Any:
    """Normal of variance 2/(inputs + neurons), for tanh. Source: Glorot & Bengio, 2010."""
    return rng.normal(0.0, math.sqrt(2.0 / (inputs + neurons)), (neurons, inputs))


def he_uniform(rng: np.random.Generator, inputs: int, neurons: int) -> Any:
    """Uniform of variance 2/inputs, for ReLU. Source: He, Zhang, Ren & Sun, 2015."""
    bound = math.sqrt(6.0 / inputs)
    return rng.uniform(-bound, bound, (neurons, inputs))


def he_normal(rng: np.random.Generator, inputs: int, neurons: int) -> Any:
    """Normal of variance 2/inputs, for ReLU. Source: He, Zhang, Ren & Sun, 2015."""
    return rng.normal(0.0, math.sqrt(2.0 / inputs), (neurons, inputs))


INITIALISERS: dict[str, Initialiser] = {
    "uniform": uniform,
    "glorot": glorot_uniform,
    "glorot_uniform": glorot_uniform,
    "glorot_normal": glorot_normal,
    "xavier_uniform": glorot_uniform,
    "xavier_normal": glorot_normal,
    "he": he_normal,
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "kaiming_uniform": he_uniform,
    "kaiming_normal": he_normal,
}


def initialiser_named(given: str | Initialiser) -> Initialiser:
    """The initialiser of that name; a function is an initialiser itself.

    Raises:
        ValueError: If there is none of that name.
        TypeError: If it is neither a name nor a function.
    """
    return named(given, INITIALISERS, "initialiser", "init")
