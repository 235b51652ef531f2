"""The engines beside each other: every way to compute a random graph gives the same numbers.

`ways.py` has the ways, `slack.py` how far two numbers may be apart. All are compared, lane by lane,
with the eager engine on floats, and that with high precision.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import Value
from autograd.table import TABLE
from tests.fuzz import calls, ways
from tests.fuzz.calls import DIFFERENT, Call, arguments, derived, drawn
from tests.fuzz.high_precision import exactly
from tests.fuzz.minimising import smallest
from tests.fuzz.slack import Expected, How
from tests.fuzz.small_graphs import function_of, text_of
from tests.programs import Program


class Difference(NamedTuple):
    """How a way to compute differs from the eager engine.

    Attributes:
        way: Its name.
        words: What it gives, and what it should.
        on_arrays: Whether that is on arrays.
    """

    way: str
    words: str
    on_arrays: bool = False


def case(seed: int) -> str | None:
    """Compares the engines on one random graph; None, or a program that shows a difference."""
    return compared(*drawn_from(seed))


def compared(graph: Program, call: Call) -> str | None:
    """The same of a graph that is there; the program is as short as that goes."""
    found = wrong(graph, call)
    if found is None:
        return None
    call = call._replace(ways=(found.way,))
    for lanes in (1, 2, 3, 64, 2049, 16400):
        fewer = call._replace(lanes=min(lanes, call.lanes))
        if wrong(graph, fewer) is not None:
            call = fewer
            break
    return text(smallest(graph, lambda smaller: wrong(smaller, call)), call)


def drawn_from(seed: int) -> tuple[Program, Call]:
    """The graph of a seed, and how it is called."""
    rng = random.Random(seed)
    return drawn(rng, ways.drawn(rng))


def text(graph: Program, call: Call) -> str:
    """A program that prints what one way gives; what is wrong with it is a comment."""
    found = wrong(graph, call)
    assert found is not None
    lines = ["import autograd", "from tests.fuzz import calls, differential, ways"]
    lines += [text_of(graph), f"call = calls.{call!r}"]
    if found.way == "exactly":
        lines += ["from tests.programs import Program, Step", f"graph = {graph!r}"]
        shown = "differential.beside_exact(graph, call)"
    else:
        given = f"calls.{'arguments' if found.on_arrays else 'point'}({graph.inputs!r}, call)"
        shown = f"ways.{found.way}(calls.derived(f, call, call.derived), {given}, call)"
    return "\n".join([*lines, f"print({shown})  # {found.words}", ""])


def wrong(graph: Program, call: Call) -> Difference | None:
    """The first difference between engines; None if they agree."""
    with np.errstate(all="ignore"):
        return next(differences(graph, call), None)


def differences(graph: Program, call: Call) -> Iterator[Difference]:
    """Each difference from the eager engine."""
    point = calls.point(graph.inputs, call)
    try:
        if not isinstance(function_of(graph)(*map(Value, point)), Value):
            return  # a sum of nothing, say, which is no graph
    except ZeroDivisionError:
        return  # of plain numbers, by Python itself
    except TypeError as error:
        if "complex number" in str(error):
            return  # as Python's power of plain numbers is
        raise
    function = derived(function_of(graph), call, call.derived)
    if call.derived and (is_constant(function, len(point)) or is_outside(graph, [point])):
        return
    expected = _expected(graph, call, [point])
    # Derivatives are recorded in another way; and a function's program keeps edges that the eager
    # engine drops, so that it adds in another order.
    drops = any(TABLE[step.name].drops_zero for step in graph.steps)
    for name, found in _results(ways.ON_NUMBERS, function, point, call):
        same_bits = name == "program" and not call.derived and not drops
        forward = name in ways.FORWARD or call.derived == "jvp"
        how: How = "bits" if same_bits else "reordered" if forward else "rounded"
        for words in _far(found, expected, how):
            yield Difference(name, words)
    if "exactly" in call.ways:
        exact = _exactly(graph, call)
        for words in _far(exact, expected, "rounded") if exact else ():
            yield Difference("exactly", f"exactly {words} of the eager engine")
    if any(call.arrays):
        given = arguments(graph.inputs, call)
        count = min(call.lanes, DIFFERENT)
        columns = [x[:count].tolist() if np.ndim(x) else [x] * count for x in given]
        points = list(zip(*columns, strict=True))
        if call.derived and is_outside(graph, points):
            return
        expected = _expected(graph, call, points, call.dtype, call.lanes)
        how = "reordered" if call.derived == "jvp" else "rounded"
        sums = {i for i, is_array in enumerate(call.arrays) if not is_array}
        for name, found in _results(ways.ON_ARRAYS, function, given, call):
            for words in _far(found, expected, how, sums):
                yield Difference(name, words, on_arrays=True)


def is_outside(graph: Program, points: Sequence[Sequence[float]]) -> bool:
    """Whether the graph has no number at some point: what moves there is nothing to compare."""
    function = function_of(graph)
    return any(math.isnan(function(*map(Value, point)).data) for point in points)


def is_constant(function: ways.Function, count: int) -> bool:
    """Whether it depends on no input, as the derivative of a sum."""
    try:
        autograd.compile(function, count)
    except ValueError as error:
        return "depends on no input" in str(error)
    return False


def beside_exact(graph: Program, call: Call) -> tuple[list[float], Any]:
    """The numbers of the eager engine, and the exact ones."""
    expected = _expected(graph, call, [calls.point(graph.inputs, call)])
    return expected.numbers[0].tolist(), _exactly(graph, call)


def _exactly(graph: Program, call: Call) -> ways.Found:
    by = call.by if call.derived else None
    exact = exactly(graph, calls.point(graph.inputs, call), by)
    if exact is None:
        return None
    value, *slopes = map(float, exact)
    return value, dict(enumerate(slopes))


def _expected(graph: Program, call: Call, points: Sequence[Sequence[float]], *how: Any) -> Expected:
    kind = "grad" if call.derived else ""
    return Expected(graph, points, lambda f: derived(f, call, kind), *how)


def _results(
    table: Sequence[ways.Way], function: ways.Function, given: Sequence[Any], call: Call
) -> Iterator[tuple[str, Any]]:
    """The name of each way that is asked for, and what it gives: numbers, or an error in words."""
    for way in table:
        if way.__name__ in call.ways:
            try:
                found: Any = way(function, given, call)
            except Exception as error:
                found = f"{type(error).__name__}: {str(error)[:80]}"
            if found is not None:
                yield way.__name__, found


def _far(found: Any, expected: Expected, how: How, sums: Collection[int] = ()) -> Iterator[str]:
    """What is far from what is expected, in words.

    Args:
        found: The value, and derivatives by their keys; or an error in words.
        expected: What is expected, in each lane.
        how: How they are compared.
        sums: The inputs whose derivatives are summed over the lanes.
    """
    if isinstance(found, str):
        yield found
        return
    value, slopes = found
    numbers = expected.numbers
    columns = {0: value}
    for key, slope in slopes.items():
        if isinstance(key, tuple):  # along a direction
            moves = np.array(key)
            places = np.nonzero(moves)[0]
            if expected.is_far_from_sum(slope, (0, 1 + places), moves[places], how):
                yield f"along {key}: {slope} for {numbers[0, 1 + places] @ moves[places]}"
        elif key in sums:
            lanes = expected.rows, 1 + key
            if expected.is_far_from_sum(float(slope), lanes, how=how):
                yield f"sum of the lanes, by {key}: {slope} for {np.sum(numbers[lanes])}"
        else:
            columns[1 + key] = slope
    given = np.empty((len(columns), len(expected.rows)))
    for row, one in zip(given, columns.values(), strict=True):
        row[:] = one
    far = expected.far(given.T, [*columns], how)
    if far is not None:
        lane, place = far
        column = [*columns][place]
        what = f"by {column - 1}" if column else "value"
        right = numbers[expected.rows[lane], column]
        yield f"lane {lane}, {what}: {given[place, lane]} for {right}"
