"""How a program runs on arrays: compiled for blocks of lanes, or lane by lane."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.blocks import UFUNCS, BlockWriter
from autograd.compiled.lanes import Lanes
from autograd.compiled.lowering import Lowered
from autograd.compiled.text import function_of
from autograd.source import compile_text

if TYPE_CHECKING:
    from autograd.compiled.program import Program

Array = NDArray[Any]
AGREEING = 4096  # lanes from which on it pays to ask whether all agree


def _each(function: Callable[[float], float]) -> Callable[[Array, Array], None]:
    """A function of floats, applied lane by lane."""

    def on_array(x: Array, out: Array) -> None:
        out[:] = [function(number) for number in x.tolist()]

    return on_array


def _choose(condition: Array, x: Any, y: Any, out: Array) -> None:
    """x where the condition holds, else y; most often all lanes of a block agree."""
    agree = condition.size >= AGREEING and np.logical_and.reduce(condition)
    np.copyto(out, x if agree else np.where(condition, x, y))


NAMESPACE: dict[str, Any] = {
    "choose": _choose,
    "reduce": np.add.reduce,
    "erf": _each(math.erf),
    "erfc": _each(math.erfc),
    **{name: getattr(np, name) for name in (*UFUNCS.values(), "copyto", "matmul")},
    **{name: getattr(np, name) for name in ("maximum", "double", "inf", "nan", "hypot", "sqrt")},
    **{name: getattr(np, name) for name in ("exp", "expm1", "log", "log1p", "log2", "log10")},
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "cbrt")},
}


class Plan:
    """How a program runs when certain inputs vary between lanes, for one kind of number.

    Args:
        lowered: The program.
        varying: For each input whether it varies.
        dtype: The kind of number of the arrays.

    Attributes:
        length: The number of lanes in a block.
        arrays: How many of the results vary.
        results: For each result whether it varies, and its index among those that do or do not.
    """

    def __init__(self, lowered: Lowered, varying: Sequence[bool], dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self.lanes = Lanes(lowered, varying)
        self.writer = BlockWriter(self.lanes, sum_products=dtype == np.float64)
        self.block = compile_text(self.writer.text(), "block", NAMESPACE)
        self.length = self.writer.length(dtype.itemsize)
        self.arrays, self.results = len(self.lanes.arrays), self.lanes.results
        self._uniform = function_of(self.lanes.constant, list(self.writer.uniforms))

    def finished(
        self, constants: Sequence[float], size: int, sums: Sequence[Sequence[float]]
    ) -> Sequence[float]:
        """The results that do not vary, from the sums of all blocks."""
        totals = [_total(column) for column in zip(*sums, strict=True)]
        totals = totals or [0.0] * len(self.lanes.sums)
        numbers: Sequence[float] = self.lanes.finish(*constants, float(size), *totals)
        return numbers

    def numbers(self, constants: Sequence[float]) -> tuple[Any, list[Array], list[Array]]:
        """What is the same in all lanes: numbers, tables of weights, and offsets."""
        numbers = self._uniform(*constants)
        known = dict(zip(self.writer.uniforms, numbers, strict=True))

        def table(rows: Any) -> Array:
            entries = [[known[s] if s in known else s.arguments[0] for s in row] for row in rows]
            return np.array(entries, self.dtype)

        groups = self.writer.tables
        weights = [table(group.weights) for group in groups]
        return numbers, weights, [table([group.offsets]).T for group in groups]

    def workspace(self, size: int) -> tuple[Any, ...]:
        """Buffers for blocks of this many lanes."""
        matrices = [np.empty((len(rows), size), self.dtype) for rows in self.writer.matrices.kept]
        products = [np.empty((len(g.members), size), self.dtype) for g in self.writer.tables]
        numbers = np.empty((self.writer.numbers, size), self.dtype)
        conditions = np.empty((self.writer.conditions, size), bool)
        return numbers, conditions, matrices, products, np.empty(size, self.dtype)

    def run(
        self, constants: Sequence[float], arrays: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[list[float]]:
        """Runs all blocks of `size` lanes and returns the sums of each.

        Args:
            constants: The inputs that do not vary.
            arrays: Those that do; what `arrays[i][lo:hi]` gives are lanes.
            results: Where the results that vary go.
            size: The number of lanes.
        """
        numbers, weights, offsets = self.numbers(constants)
        sums = []
        space: tuple[Any, ...] = ()
        for low in range(0, size, self.length):
            high = min(low + self.length, size)
            if low == 0 or high - low != self.length:
                space = self.workspace(high - low)
            b, c, m, p, scratch = space
            x = [np.asarray(array[low:high], self.dtype) for array in arrays]
            o = [result[low:high] for result in results]
            with np.errstate(all="ignore"):
                sums.append(self.block(x, numbers, o, b, c, m, weights, offsets, p, scratch))
        return sums


class SamplePlan:
    """How a program that is too large for source runs: lane by lane.

    Args:
        program: The program.
        varying: For each input whether it varies.
        dtype: The kind of number of the arrays.
    """

    length = 16

    def __init__(self, program: Program, varying: Sequence[bool], dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._program, self._varying = program, varying
        tape = program._tape
        varies = [True] * len(tape.outputs) + [varying[i] for _ in tape.outputs for i in tape.wrt]
        counts = {True: 0, False: 0}
        self.results: list[tuple[bool, int]] = []
        for each in varies:
            self.results.append((each, counts[each]))
            counts[each] += 1
        self.arrays = counts[True]
        self._sums = counts[False]

    def run(
        self, constants: Sequence[float], arrays: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[list[float]]:
        """As `Plan.run`; a block is one lane."""
        sums = []
        for lane in range(size):
            same, own = iter(constants), iter(arrays)
            numbers = [float(next(own)[lane]) if v else next(same) for v in self._varying]
            outputs, gradients = self._program._at(numbers)
            if self._program._tape.single:
                outputs, gradients = (outputs,), (gradients,)
            found = [*outputs, *(g for each in gradients for g in each)]
            for (varies, index), number in zip(self.results, found, strict=True):
                if varies:
                    results[index][lane] = number
            sums.append([x for (v, _), x in zip(self.results, found, strict=True) if not v])
        return sums

    def finished(
        self, constants: Sequence[float], size: int, sums: Sequence[Sequence[float]]
    ) -> Sequence[float]:
        """As `Plan.finished`."""
        return [_total(column) for column in zip(*sums, strict=True)] or [0.0] * self._sums


def _total(numbers: Sequence[float]) -> float:
    """The sum of the numbers of all blocks, rounded once."""
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # beyond the floats, or of infinities of both signs
        return sum(numbers)
