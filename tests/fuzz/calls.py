"""What is compared: a random graph, and how it is called."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import Value
from tests.fuzz.small_graphs import small_graph
from tests.programs import Program, Step

ODD = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-8, -1e-3, 30.0, -40.0, 700.0, 1e10, 1e-160, -1e160)
# How often so many lanes are drawn; 0 stands for 1 to 4. Blocks have 16,384 lanes at most.
LANES = {0: 900, 7: 20, 64: 20, 1000: 20, 2049: 15, 16400: 20, 100001: 5}
DIFFERENT = 29  # lanes, which come again and again


class Call(NamedTuple):
    """How a graph is called.

    Attributes:
        arrays: For each input whether it is an array.
        lanes: How many lanes the arrays have.
        wrt: The inputs that get a gradient.
        dtype: The kind of number of the arrays.
        seed: What draws the numbers of the lanes.
        ways: The names of the ways to compute it.
        derived: "" for the graph itself, "grad" or "jvp" for its first derivative by one input.
    """

    arrays: tuple[bool, ...]
    lanes: int
    wrt: tuple[int, ...]
    dtype: str
    seed: int
    ways: tuple[str, ...]
    derived: str = ""

    @property
    def by(self) -> int:
        """The input by which the derivative is, where it is one."""
        return self.seed // 2 % len(self.arrays)


def drawn(rng: random.Random, ways: Sequence[str]) -> tuple[Program, Call]:
    """A random graph and a random call of it."""
    derived = ""
    if rng.random() < 0.2:
        graph, arrays = network(rng)
        most = 0.1
    else:
        if rng.random() < 0.15:
            derived = rng.choice(["grad", "jvp"])
        graph = small_graph(rng, rng.choice([3, 5] if derived else [3, 8, 16, 30]))
        if rng.random() < 0.7:  # else the output is the sum of all
            graph = Program(graph.inputs, graph.steps[: max(1, len(graph.steps) - 1)])
        arrays = tuple(rng.random() < 0.5 for _ in graph.inputs)
        most = 0.3
    lanes = rng.choices(list(LANES), list(LANES.values()))[0] or rng.randint(1, 4)
    wrt = tuple(i for i in range(len(arrays)) if rng.random() >= most)
    dtype = "float32" if rng.random() < 0.1 else "float64"
    return graph, Call(arrays, lanes, wrt, dtype, rng.randrange(2**32), tuple(ways), derived)


def network(rng: random.Random) -> tuple[Program, tuple[bool, ...]]:
    """A layer or two of neurons on data, whose weights are numbers: products of matrices."""
    width, sizes = rng.randint(1, 4), [rng.randint(1, 4) for _ in range(rng.randint(1, 2))]
    inputs = [round(rng.uniform(-1, 1), 3) for _ in range(width + 1)]
    arrays = [True] * (width + 1)  # the data, and a target
    layers: list[list[list[int]]] = []
    below = width
    for size in sizes:
        layers.append([[*range(len(inputs) + i * (below + 1), len(inputs) + (i + 1) * (below + 1))]
                       for i in range(size)])  # fmt: skip
        inputs += [round(rng.uniform(-1, 1), 3) for _ in range(size * (below + 1))]
        below = size
    arrays += [False] * (len(inputs) - len(arrays))
    steps: list[Step] = []
    values = list(range(width))
    activation = rng.choice(["sigmoid", "tanh", "relu", "softplus", "neg"])
    for layer in layers:
        places = []
        for *weights, bias in layer:
            steps.append(Step("dot", (tuple(weights), tuple(values), (bias,))))
            steps.append(Step(activation, ((len(inputs) + len(steps) - 1,),)))
            places.append(len(inputs) + len(steps) - 1)
        values = places
    targets = (width,) * len(values)
    steps.append(Step(rng.choice(["mse", "half_sse"]), (tuple(values), targets)))
    return Program(tuple(inputs), tuple(steps)), tuple(arrays)


@lru_cache(maxsize=1)
def arguments(inputs: tuple[float, ...], call: Call) -> Sequence[Any]:
    """The arguments of a program: numbers, and arrays around them with odd numbers in between."""
    rng = np.random.default_rng(call.seed)
    count = min(call.lanes, DIFFERENT)
    share = rng.choice([0.0, 0.1]) if count > 4 else 0.1
    given: list[Any] = []
    for number, is_array in zip(inputs, call.arrays, strict=True):
        lanes = number + rng.normal(size=count) * rng.choice([0.0, 0.1, 1.0, 10.0])
        odd = rng.random(count) < share
        lanes[odd] = rng.choice(ODD, odd.sum())
        given.append(np.resize(lanes, call.lanes).astype(call.dtype) if is_array else number)
    return given


def point(inputs: tuple[float, ...], call: Call) -> Sequence[float]:
    """Where it is compared on numbers: at the inputs of the graph, or in the first lane."""
    if call.seed % 2:
        return inputs
    return [float(x[0]) if np.ndim(x) else x for x in arguments(inputs, call)]


def derived(function: Callable[..., Any], call: Call, kind: str) -> Callable[..., Any]:
    """The function itself, or its derivative by one input, by a reverse or a forward sweep."""
    if kind == "grad":
        return autograd.grad(function, call.by)
    if kind == "jvp":
        tangents = tuple(float(i == call.by) for i in range(len(call.arrays)))

        def along(*inputs: Any) -> Value:
            slope = autograd.jvp(function, inputs, tangents)[1]
            return slope if isinstance(slope, Value) else Value(slope)

        return along
    return function
