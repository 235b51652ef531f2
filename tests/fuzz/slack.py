"""How far numbers may be apart: as far as rounding each number on the way otherwise moves them."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np

import autograd
from autograd import Value, gradients
from autograd.graph.order import topological_order
from tests.programs import ENGINE, Program

Function = Callable[..., Any]
# Numbers are the same bit for bit; or as far apart as rounding explains; or, where derivatives are
# multiplied in another order, in which an infinite one may meet a zero, any that are not finite.
How = Literal["bits", "rounded", "reordered"]
NUDGE = 2.0**-52  # by which numbers are moved, relative to them
TRIES = 4  # sets of such moves, each in both directions
FACTOR = 64.0  # results may be as far apart as so many such moves
LEAST = 1e-12  # of the result, which every back end is within
FEW = 4  # points; where there are more, they are run by a program
# Of each kind of number how much larger a rounding is, below what there are fewer digits, and above
# what it is rounded to an infinity.
KINDS = {"float64": (1.0, 1e-300, 1e308), "float32": (2.0**29, 1e-37, 3.4e38)}


class Expected:
    """What the eager engine gives at some points, and how far other engines may be from it.

    How far is found out only where numbers are not as good as equal.

    Args:
        graph: What is computed.
        points: Where; for each point its inputs.
        derive: What makes the function to be compared of the graph's.
        dtype: The kind of number with which the others compute.
        lanes: How many lanes are at these points, which come again and again.

    Attributes:
        numbers: A row for each point: the value, and the derivative by each input.
        rows: For each lane its row there.
    """

    def __init__(
        self,
        graph: Program,
        points: Sequence[Sequence[float]],
        derive: Callable[[Function], Function],
        dtype: str = "float64",
        lanes: int = 1,
    ) -> None:
        self._graph, self._points, self._derive = graph, points, derive
        self.rows = np.arange(lanes) % len(points)
        self._scale, self._tiny, self._largest = KINDS[dtype]
        self._least = LEAST * self._scale
        self._function = derive(lambda *inputs: graph.run(ENGINE, inputs)[-1])
        self.numbers = at_points(self._function, points)

    @np.errstate(all="ignore")
    def far(
        self, found: Any, columns: Sequence[int], how: How = "rounded"
    ) -> tuple[int, int] | None:
        """The index of a number that is farther off than that; None if none is.

        Args:
            found: For each lane a row of numbers.
            columns: Which they are: 0 for the value, 1 + i for the derivative by input i.
            how: How they are compared.
        """
        exact = self.numbers[:, columns][self.rows]
        off = ~((found == exact) | (np.isnan(found) & np.isnan(exact)))
        if how == "reordered":
            off &= np.isfinite(found) | np.isfinite(exact)
        if how != "bits" and off.any():
            least = self._least * np.where(np.isfinite(exact), abs(exact), 0.0)
            off &= ~self._near(found, exact, least)
            if off.any():
                slack = self.slack[:, columns][self.rows]
                off &= ~self._near(found, exact, least + slack)
        return tuple(np.argwhere(off)[0].tolist()) if off.any() else None

    @np.errstate(all="ignore")
    def is_far_from_sum(
        self, found: float, entries: Any, weights: Any = 1.0, how: How = "rounded"
    ) -> bool:
        """Whether a number is farther off from a sum than rounding explains.

        Args:
            found: The number.
            entries: The index of what is added up, in `numbers`.
            weights: By what each of it is multiplied.
            how: How they are compared.
        """
        terms = self.numbers[entries] * weights
        size = float(np.sum(abs(terms[np.isfinite(terms)])))
        if size > self._largest:
            return False  # in another order the sum may be too large on the way, or may not be
        whole = np.sum(terms)
        if self._near(found, whole, self._least * size):
            return False
        # Where a product and a sum are rounded as one, an infinite sum stays what it is when a
        # product that is too large by itself comes with the other sign.
        both_signs = (terms == math.inf).any() and (terms == -math.inf).any()
        either = how == "reordered" or (both_signs and not np.isnan(terms).any())
        if either and not math.isfinite(found) and not math.isfinite(whole):
            return False
        slack = np.sum(self.slack[entries] * abs(weights))
        return not self._near(found, whole, self._least * size + slack)

    def _near(self, found: Any, exact: Any, slack: Any) -> Any:
        same = (found == exact) | (np.isnan(found) & np.isnan(exact)) | (slack == math.inf)
        # What is next to an infinity may be rounded to it.
        large = (np.minimum(abs(found), abs(exact)) >= self._largest) & (
            np.sign(found) == np.sign(exact)
        )
        return same | large | (abs(found - exact) <= slack + self._tiny)

    @cached_property
    def slack(self) -> Any:
        """For each of the numbers how far it may be off; inf where it jumps, or cannot be held."""
        slack = np.zeros(self.numbers.shape)
        moves = [*itertools.product(range(TRIES), (1.0, -1.0))]
        if self._scale > 1.0:
            moves.append((0, 0.0))  # only cut to the digits of a float32
        for seed, sign in moves:
            moved = at_points(self._derive(self._noisy(random.Random(seed), sign)), self._points)
            same = (moved == self.numbers) | (np.isnan(moved) & np.isnan(self.numbers))
            off = np.where(same, 0.0, abs(moved - self.numbers))
            slack = np.maximum(slack, FACTOR * np.where(np.isnan(off), math.inf, off))
        sizes = np.array([sizes_on_the_way(self._function, point) for point in self._points])
        slack += FACTOR * NUDGE * self._scale * sizes
        if self._scale > 1.0:
            for row, point in zip(slack, self._points, strict=True):
                if is_beyond(self._function, point, self._tiny, self._largest):
                    row[:] = math.inf
        return slack

    def _noisy(self, rng: random.Random, sign: float) -> Function:
        """The graph in which each operand of each step, and each result, is off by a rounding."""

        def moved(x: Any) -> Any:
            if not isinstance(x, Value):
                return x  # a sum of nothing, say, which no engine rounds
            factor = 1.0 + sign * rng.uniform(-1, 1) * NUDGE * self._scale
            near = x * factor + sign * rng.uniform(-1, 1) * self._tiny
            if self._scale == 1.0:
                return near
            # Cut to a float32, as some things happen at whole numbers only (Veltkamp).
            many = near * (self._scale + 1.0)
            return many - (many - near)

        def each(operand: Any) -> Any:
            return [moved(x) for x in operand] if isinstance(operand, list) else moved(operand)

        def noisy(function: Function) -> Function:
            return lambda *operands: moved(function(*map(each, operands)))

        functions = {step.name: noisy(ENGINE[step.name]) for step in self._graph.steps}
        return lambda *inputs: self._graph.run(functions, inputs)[-1]


def at_points(function: Function, points: Sequence[Sequence[float]]) -> Any:
    """For each point the value and the derivative by each input, as floats."""
    count = len(points[0])
    if len(points) > FEW:  # a program has the bits of the eager engine, which is tested
        program = autograd.compile(function, count)
        results = (program(*point) for point in points)
        return np.array([(value, *slopes) for value, slopes in results])
    return np.array([eager(function, point) for point in points])


def eager(function: Function, point: Sequence[float]) -> list[float]:
    """The value and the derivatives by recording and reverse pass."""
    leaves = [Value(x) for x in point]
    output = function(*leaves)
    if not isinstance(output, Value):  # it depends on no input
        return [float(output)] + [0.0] * len(point)
    return [output.data, *gradients(output, leaves)]


def sizes_on_the_way(function: Function, point: Sequence[float]) -> list[float]:
    """For the value and each derivative how far it moves per rounding of each number on the way.

    It is the sum of what comes of each operand, there and back, all taken with one sign; the noise
    does not round what is added up to a derivative.
    """
    leaves = [Value(x) for x in point]
    output = function(*leaves)
    if not isinstance(output, Value):
        return [0.0] * (1 + len(point))
    sizes = []
    for result in (output, *gradients(output, leaves, create_graph=True)):
        result.backward()
        terms = (
            abs(node.grad * partial * parent.data)
            for node in topological_order([result])
            for parent, partial in zip(node.parents, node.partials, strict=True)
        )
        sizes.append(sum(term for term in terms if math.isfinite(term)))
    return sizes


def is_beyond(function: Function, point: Sequence[float], least: float, largest: float) -> bool:
    """Whether a number on the way, there or back, is out of a range and neither 0 nor infinite."""
    output = function(*map(Value, point))
    if not isinstance(output, Value):
        return False
    output.backward()
    return any(
        0.0 < abs(number) < least or largest < abs(number) < math.inf
        for node in topological_order([output])
        for number in (node.data, node.grad, *node.partials)
    )
