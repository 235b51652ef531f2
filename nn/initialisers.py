"""Initialisers: functions that draw the first weights of a layer, by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nn.checks import named

if TYPE_CHECKING:
    import numpy as np

# A function of a generator, the number of inputs and the number of neurons. It returns the weights,
# an array of shape (neurons, inputs).
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
    """The initialiser that a name stands for; a function that is given is returned as it is.

    Raises:
        ValueError: If no initialiser has that name.
        TypeError: If it is neither a name nor a function.
    """
    return named(given, INITIALISERS, "initialiser", "init")


def matrix_of(drawn: Any, rows: int, columns: int) -> list[list[Any]]:
    """What an initialiser returned, as lists.

    Raises:
        ValueError: If it is not of the shape (rows, columns).
    """
    is_nested = isinstance(drawn, list) and all(isinstance(row, list) for row in drawn)
    if is_nested and [len(row) for row in drawn] == [columns] * rows:
        return list(drawn)
    import numpy as np

    matrix = np.asarray(drawn)
    if matrix.shape != (rows, columns):
        raise ValueError(
            f"init: expected weights of shape ({rows}, {columns}), a row for each neuron, got "
            f"shape {matrix.shape}"
        )
    lists: list[list[Any]] = matrix.tolist()
    return lists
