"""The engines beside each other: every way to compute a random graph gives the same numbers.

Each lane of a program, on any mix of arrays and numbers, is compared with the eager engine on
floats, and that with recorded gradients. How far two may be apart follows from the graph: as far as
its results move when each number on the way is off by a rounding.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import Value, gradients
from autograd.graph.order import topological_order
from tests.fuzz.minimising import smallest
from tests.fuzz.small_graphs import function_of, small_graph, text_of
from tests.programs import ENGINE, Program, Step

NUDGE, TINY = 2.0**-52, 1e-300  # by which numbers are moved, relative to them and in any case
TINY_SINGLE = 1e-37  # below it a float32 has fewer digits
TRIES = 4  # sets of such moves, each in both directions
SINGLE = 2.0**29  # how much larger a rounding of float32 is
FACTOR = 64.0  # results may be as far apart as so many such moves
LEAST = 1e-12  # of the result, which every back end is within
ODD = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-8, -1e-3, 30.0, -40.0, 700.0, 1e10, 1e-160, -1e160)
LONG = (7, 64, 1000, 2049, 20001)  # lanes, beside few: around blocks and in several


class Call(NamedTuple):
    """How a program is called.

    Attributes:
        arrays: For each input whether it is an array.
        lanes: How many lanes the arrays have.
        wrt: The inputs that get a gradient.
        dtype: The kind of number of the arrays.
        seed: What draws the numbers of the lanes.
    """

    arrays: tuple[bool, ...]
    lanes: int
    wrt: tuple[int, ...]
    dtype: str
    seed: int


def case(seed: int) -> str | None:
    """Compares the engines on one random graph; None, or a program that shows a difference."""
    rng = random.Random(seed)
    if rng.random() < 0.2:
        graph, call = network(rng)
    else:
        graph = small_graph(rng, rng.choice([3, 8, 16, 30]))
        if rng.random() < 0.7:  # else the output is the sum of all
            graph = Program(graph.inputs, graph.steps[: max(1, len(graph.steps) - 1)])
        call = call_of(rng, len(graph.inputs))
    failure = wrong(graph, call)
    if failure is None:
        return None
    for lanes in (1, 2, 3):
        fewer = call._replace(lanes=min(lanes, call.lanes))
        if wrong(graph, fewer) is not None:
            call = fewer
            break
    graph = smallest(graph, lambda smaller: wrong(smaller, call))
    return (
        "import autograd\nfrom tests.fuzz import differential\n"
        f"{text_of(graph)}\n"
        f"call = differential.{call!r}\n"
        f"program = autograd.compile(f, {len(graph.inputs)}, {call.wrt!r})\n"
        f"print(program(*differential.arguments({graph.inputs!r}, call)))  # {wrong(graph, call)}\n"
    )


def network(rng: random.Random) -> tuple[Program, Call]:
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
    lanes = rng.choice(LONG) if rng.random() < 0.2 else rng.randint(1, 4)
    wrt = tuple(i for i in range(len(inputs)) if rng.random() < 0.9)
    graph = Program(tuple(inputs), tuple(steps))
    return graph, Call(tuple(arrays), lanes, wrt, "float64", rng.randrange(2**32))


def call_of(rng: random.Random, inputs: int) -> Call:
    """A random way to call a program."""
    arrays = tuple(rng.random() < 0.5 for _ in range(inputs))
    lanes = rng.choice(LONG) if rng.random() < 0.02 else rng.randint(1, 4)
    wrt = tuple(i for i in range(inputs) if rng.random() < 0.7)
    dtype = "float32" if rng.random() < 0.1 else "float64"
    return Call(arrays, lanes, wrt, dtype, rng.randrange(2**32))


def arguments(inputs: Sequence[float], call: Call) -> list[Any]:
    """The arguments of a program: numbers, and arrays around them with odd numbers in between."""
    rng = np.random.default_rng(call.seed)
    given: list[Any] = []
    for number, is_array in zip(inputs, call.arrays, strict=True):
        lanes = number + rng.normal(size=call.lanes) * rng.choice([0.0, 0.1, 1.0, 10.0])
        odd = rng.random(call.lanes) < 0.1
        lanes[odd] = rng.choice(ODD, odd.sum())
        given.append(lanes.astype(call.dtype) if is_array else number)
    return given


class Expected(NamedTuple):
    """What the eager engine gives at one point, and how far that is known.

    Attributes:
        value: The value.
        gradient: The derivative by each input.
        slack: For the value and then for each derivative how far it may be off; inf where it jumps.
    """

    value: float
    gradient: list[float]
    slack: list[float]


def eager(function: Callable[..., Any], point: Sequence[float]) -> tuple[float, list[float]]:
    """The value and the gradient by recording and reverse pass."""
    leaves = [Value(x) for x in point]
    output = function(*leaves)
    if not isinstance(output, Value):
        return float(output), [0.0] * len(point)
    return output.data, gradients(output, leaves)


def sizes(function: Callable[..., Any], point: Sequence[float]) -> list[float]:
    """For each input the sum of the sizes of what adds up to its derivative."""
    leaves = [Value(x) for x in point]
    output = function(*leaves)
    output.backward()
    found = dict.fromkeys(leaves, 0.0)
    for node in topological_order([output]):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if parent in found:
                found[parent] += abs(node.grad * partial)
    return [size if math.isfinite(size) else 0.0 for size in found.values()]


def expected(graph: Program, point: Sequence[float], scale: float) -> Expected:
    """What the eager engine gives, and how far that moves when every rounding is another one."""
    value, gradient = eager(function_of(graph), point)
    numbers = [value, *gradient]
    slack = [LEAST * scale * abs(x) if math.isfinite(x) else 0.0 for x in numbers]
    for i, size in enumerate(sizes(function_of(graph), point), 1):
        slack[i] += FACTOR * NUDGE * scale * size
    for seed, sign in itertools.product(range(TRIES), (1.0, -1.0)):
        near, slopes = eager(_noisy(graph, random.Random(seed), sign * scale), point)
        for i, (x, y) in enumerate(zip(numbers, [near, *slopes], strict=True)):
            if not _same(x, y):
                far = abs(x - y) if math.isfinite(x) and math.isfinite(y) else math.inf
                slack[i] = max(slack[i], FACTOR * far)
    return Expected(value, gradient, slack)


def _noisy(graph: Program, rng: random.Random, scale: float) -> Callable[..., Any]:
    """The graph, in which each operand of each operation, and each result, is off by a rounding."""
    tiny = math.copysign(TINY if abs(scale) == 1.0 else TINY_SINGLE, scale)

    def moved(x: Any) -> Any:
        if not isinstance(x, Value):
            return x  # a sum of nothing, say, which no engine rounds
        return x * (1.0 + rng.uniform(-1, 1) * NUDGE * scale) + rng.uniform(-1, 1) * tiny

    def noisy(function: Callable[..., Any]) -> Callable[..., Any]:
        def applied(*operands: Any) -> Any:
            return moved(function(*map(each, operands)))

        return applied

    def each(operand: Any) -> Any:
        if isinstance(operand, list):
            return [moved(x) for x in operand]
        return moved(operand)

    functions = {name: noisy(function) for name, function in ENGINE.items()}
    return lambda *inputs: graph.run(functions, inputs)[-1]


def _same(x: float, y: float) -> bool:
    return x == y or (math.isnan(x) and math.isnan(y))


def _close(x: float, y: float, slack: float, least: float = 1e-300) -> bool:
    if _same(x, y) or slack == math.inf:
        return True
    if not (math.isfinite(x) and math.isfinite(y)):
        # The last of the floats, and what is below the smallest, may be rounded away.
        return max(min(abs(x), 1e308), min(abs(y), 1e308)) == 1e308 and not math.isnan(x + y)
    return abs(x - y) <= slack + least


def wrong(graph: Program, call: Call) -> str | None:
    """How two engines differ, in words; None if they agree."""
    try:
        with np.errstate(all="ignore"):
            return next(differences(graph, call), None)
    except ArithmeticError as error:
        return f"{type(error).__name__}: {error}"
    except (LookupError, NameError, AssertionError, TypeError, ValueError, SyntaxError) as error:
        return f"{type(error).__name__}: {str(error)[:80]}"


def differences(graph: Program, call: Call) -> Iterator[str]:
    """Each difference between engines, in words."""
    function, inputs = function_of(graph), graph.inputs
    try:
        output = function(*map(Value, inputs))
    except ZeroDivisionError:
        return  # of plain numbers, by Python itself
    if not isinstance(output, Value):
        return  # a sum of nothing, say, which is no graph
    program = autograd.compile(function, len(inputs), call.wrt)
    yield from _recorded(graph, inputs)
    yield from _on_numbers(program, graph, inputs, call)
    given = arguments(inputs, call)
    if not any(call.arrays):
        return
    value, slopes = program(*given)
    value = np.broadcast_to(np.asarray(value, float), (call.lanes,))
    scale, least = (1.0, 1e-300) if call.dtype == "float64" else (SINGLE, 1e-37)
    lanes = list(range(call.lanes)) if call.lanes <= 4 else [0, 1, call.lanes // 2, call.lanes - 1]
    points = [[float(x[lane]) if np.ndim(x) else x for x in given] for lane in lanes]
    found = [expected(graph, point, scale) for point in points]
    for lane, one in zip(lanes, found, strict=True):
        if not _close(float(value[lane]), one.value, one.slack[0], least):
            yield f"lane {lane}: value {value[lane]!r} for {one.value!r}"
    for place, slope in zip(call.wrt, slopes, strict=True):
        if call.arrays[place]:
            for lane, one in zip(lanes, found, strict=True):
                if not _close(float(slope[lane]), one.gradient[place], one.slack[1 + place], least):
                    yield f"lane {lane}, by {place}: {slope[lane]!r} for {one.gradient[place]!r}"
        else:
            if len(lanes) == call.lanes:
                terms = [one.gradient[place] for one in found]
                slack = sum(one.slack[1 + place] for one in found)
            else:  # of so many lanes a sample would not do, and noise in each takes too long
                columns = [x.tolist() if np.ndim(x) else [x] * call.lanes for x in given]
                terms = [
                    program(*point)[1][call.wrt.index(place)]
                    for point in zip(*columns, strict=True)
                ]
                slack = call.lanes * max(one.slack[1 + place] for one in found)
            slack += LEAST * scale * sum(abs(x) for x in terms if math.isfinite(x))
            # Where a product and a sum are rounded as one, an infinite sum stays what it is when a
            # product that is too large by itself comes with the other sign.
            both_signs = {math.inf, -math.inf} <= set(terms) and not any(map(math.isnan, terms))
            if both_signs and not math.isfinite(slope):
                continue
            if not _close(float(slope), sum(terms), slack, least):
                yield f"sum of the lanes, by {place}: {slope!r} for {sum(terms)!r}"


def _recorded(graph: Program, point: Sequence[float]) -> Iterator[str]:
    """Recorded gradients, and those of a function, beside the reverse pass on floats."""
    function = function_of(graph)
    one = expected(graph, point, 1.0)
    leaves = [Value(x) for x in point]
    output = function(*leaves)
    if not isinstance(output, Value):
        return
    recorded = [slope.data for slope in gradients(output, leaves, create_graph=True)]
    ways = {
        "recorded": recorded,
        "grad": list(autograd.grad(function, (*range(len(point)),))(*point)),
    }
    for name, slopes in ways.items():
        for place, (x, y) in enumerate(zip(slopes, one.gradient, strict=True)):
            if not _close(float(x), y, one.slack[1 + place]):
                yield f"{name}, by {place}: {x!r} for {y!r}"


def _on_numbers(program: Any, graph: Program, point: Sequence[float], call: Call) -> Iterator[str]:
    """The program on one sample beside the eager engine."""
    one = expected(graph, point, 1.0)
    value, slopes = program(*point)
    if not _close(value, one.value, one.slack[0]):
        yield f"on numbers: value {value!r} for {one.value!r}"
    for place, x in zip(call.wrt, slopes, strict=True):
        if not _close(x, one.gradient[place], one.slack[1 + place]):
            yield f"on numbers, by {place}: {x!r} for {one.gradient[place]!r}"
