"""How a program runs on arrays: compiled for blocks of lanes, or lane by lane."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.blocks import UFUNCS, BlockWriter
from autograd.compiled.lanes import Lanes
from autograd.compiled.lowering import Lowered
from autograd.compiled.matrices import Matrices
from autograd.compiled.packs import Packing
from autograd.compiled.text import function_of
from autograd.source import compile_text

if TYPE_CHECKING:
    from autograd.compiled.program import Program

Array = NDArray[Any]
AGREEING = 4096  # lanes from which on it pays to ask whether all agree
BUFFERS = 8 * 2**20  # bytes for all buffers together
LONGEST, SHORTEST = 32768, 1024  # lanes in a block
MOST_ROWS = 16384  # of buffers of packs; without packs fewer rows are alive at a time
KEPT, IDLE = 2**20, 4  # bytes of buffers that are kept for the next call, and how many of them


def _each(function: Callable[[float], float]) -> Callable[[Array, Array], None]:
    """A function of floats, applied entry by entry."""

    def on_array(x: Array, out: Array) -> None:
        np.copyto(out, np.reshape([function(number) for number in x.ravel().tolist()], x.shape))

    return on_array


def _choose(condition: Array, x: Any, y: Any, out: Array) -> None:
    """x where the condition holds, else y; most often all lanes of a block agree."""
    agree = condition.size >= AGREEING and np.logical_and.reduce(condition, None)
    np.copyto(out, x if agree else np.where(condition, x, y))


NAMESPACE: dict[str, Any] = {
    "choose": _choose,
    "reduce": np.add.reduce,
    "smallest": np.minimum.reduce,
    "greatest": np.maximum.reduce,
    "erf": _each(math.erf),
    "erfc": _each(math.erfc),
    **{name: getattr(np, name) for name in (*UFUNCS.values(), "equal", "copyto", "dot")},
    **{name: getattr(np, name) for name in ("maximum", "double", "inf", "nan", "hypot", "sqrt")},
    **{name: getattr(np, name) for name in ("exp", "expm1", "log", "log1p", "log2", "log10")},
    **{name: getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "cbrt")},
}


class Form:
    """One way to run blocks of a program: its code, what it needs, and how results are finished.

    Args:
        lanes: The program.
        dtype: The kind of number of the arrays.
    """

    def __init__(self, lanes: Lanes, dtype: np.dtype[Any]) -> None:
        self.lanes, self.dtype = lanes, dtype
        matrices = Matrices(lanes, sum_products=dtype == np.float64)
        self._writer = BlockWriter(Packing(lanes, matrices))
        if self._writer.rows > MOST_ROWS:
            self._writer = BlockWriter(Packing(lanes, matrices, together=False))
        self._code = compile_text(self._writer.text(), "block", NAMESPACE).__code__
        tables = self._writer.tables
        numbers = list(dict.fromkeys(tables.symbols))
        place = {symbol: index for index, symbol in enumerate(numbers)}
        self._entries = np.array([place[symbol] for symbol in tables.symbols], int)
        self._uniform = function_of(lanes.constant, [*numbers, *self._writer.conditions])
        self._numbers = len(numbers)
        self._idle: list[Space] = []

    @property
    def length(self) -> int:
        """How many lanes are a block."""
        length = LONGEST
        while length > SHORTEST and self._writer.rows * length * self.dtype.itemsize > BUFFERS:
            length //= 2
        return length

    def uniform(self, constants: Sequence[float]) -> tuple[Array, Sequence[bool]]:
        """What is the same in all lanes: the entries of all tables, and conditions."""
        uniform = self._uniform(*constants)
        numbers = np.array(uniform[: self._numbers], self.dtype)
        return numbers.take(self._entries, mode="clip"), uniform[self._numbers :]

    def take(self, size: int) -> Space:
        """Buffers for blocks of this many lanes, which nobody else uses until they are `put`."""
        try:
            space = self._idle.pop()
        except IndexError:
            return self._space(size)
        return space if space.size == size else self._space(size)

    def put(self, space: Space) -> None:
        """Gives buffers back for the next call."""
        small = space.size * self._writer.rows * self.dtype.itemsize <= KEPT
        if small and len(self._idle) < IDLE:
            self._idle.append(space)

    def _space(self, size: int) -> Space:
        writer, dtype = self._writer, self.dtype
        names: dict[str, Any] = {"scratch": np.empty(size, dtype)}
        for name, rows in writer.buffers.items():
            names[name] = np.empty((rows, size), bool if name[0] == "c" else dtype)
        for name, view in writer.views.items():
            buffer = names[view.buffer]
            names[name] = buffer[view.start] if view.is_vector else buffer[view.start : view.stop]
        entries = np.empty(len(self._entries), dtype)
        start = 0
        for name, shape in writer.tables.shapes.items():
            stop = start + math.prod(shape)
            names[name] = entries[start:stop].reshape(shape)
            start = stop
        return Space(size, entries, FunctionType(self._code, NAMESPACE | names, "block"))


@dataclass
class Space:
    """Buffers and tables, and the function that uses them.

    Attributes:
        size: The number of lanes.
        entries: The entries of all tables.
        block: The function.
    """

    size: int
    entries: Array
    block: Callable[..., list[float] | None]


class Plan:
    """How a program runs when certain inputs vary between lanes, for one kind of number.

    A block is run as if its lanes were ordinary, and if they are not, again without assumptions.

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
        self._lanes = Lanes(lowered, varying)
        self.arrays, self.results = len(self._lanes.arrays), self._lanes.results
        assuming = Lanes(lowered, varying, assume=True)
        can_assume = assuming.assumptions and assuming.results == self.results
        self._ordinary = Form(assuming, dtype) if can_assume else self._any
        self.length = self._ordinary.length
        outputs = self.results[: len(lowered.outputs)]
        self._constant_outputs = sum(not varies for varies, _ in outputs)

    @cached_property
    def _any(self) -> Form:
        """The form that is right for all numbers."""
        return Form(self._lanes, self.dtype)

    def run(
        self, constants: Sequence[float], arrays: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """Runs all blocks of `size` lanes and returns of each the results that do not vary.

        Args:
            constants: The inputs that do not vary.
            arrays: Those that do; what `arrays[i][lo:hi]` gives are lanes.
            results: Where the results that vary go.
            size: The number of lanes.
        """
        runs = [Run(self._ordinary, constants)]
        parts = []
        with np.errstate(all="ignore"):
            for low in range(0, size, self.length):
                high = min(low + self.length, size)
                x = [np.asarray(array[low:high], self.dtype) for array in arrays]
                o = [result[low:high] for result in results]
                part = runs[0].block(x, o, high - low)
                if part is None:
                    if len(runs) == 1:
                        runs.append(Run(self._any, constants))
                    part = runs[1].block(x, o, high - low)
                assert part is not None
                parts.append(part)
        for run in runs:
            run.end()
        return parts or [self._lanes.finish(*constants, 0.0, *[0.0] * len(self._lanes.sums))]

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """The results that do not vary, from those of all blocks."""
        if len(parts) == 1:
            return parts[0]
        columns = list(zip(*parts, strict=True))
        outputs = self._constant_outputs
        return [*parts[0][:outputs], *map(_total, columns[outputs:])]


class Run:
    """The blocks of one call in one form.

    Args:
        form: The form.
        constants: The inputs that do not vary.
    """

    def __init__(self, form: Form, constants: Sequence[float]) -> None:
        self._form, self._constants = form, constants
        self._space: Space | None = None

    def block(self, x: list[Array], o: list[Array], size: int) -> Sequence[float] | None:
        """Runs one block and returns the results that do not vary; None if it is another form's."""
        space = self._space
        if space is None or space.size != size:
            self.end()
            space = self._space = self._form.take(size)
            entries, self._conditions = self._form.uniform(self._constants)
            space.entries[:] = entries
        sums = space.block(x, self._conditions, o)
        if sums is None:
            return None
        finished: Sequence[float] = self._form.lanes.finish(*self._constants, float(size), *sums)
        return finished

    def end(self) -> None:
        """Gives the buffers back."""
        if self._space is not None:
            self._form.put(self._space)


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
    ) -> list[Sequence[float]]:
        """As `Plan.run`; a block is one lane."""
        parts: list[Sequence[float]] = []
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
            parts.append([x for (v, _), x in zip(self.results, found, strict=True) if not v])
        return parts

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """As `Plan.finished`."""
        return [_total(column) for column in zip(*parts, strict=True)] or [0.0] * self._sums


def _total(numbers: Sequence[float]) -> float:
    """The sum of the numbers of all blocks, rounded once."""
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # beyond the floats, or of infinities of both signs
        return sum(numbers)
