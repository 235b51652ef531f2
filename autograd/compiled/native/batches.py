"""Plans of machine code: how a program runs on arrays, over all cores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

from autograd.compiled.lowering import Lowered
from autograd.compiled.native.compiler import address, is_available, machine
from autograd.compiled.native.kernel import BLOCK, FIXED, WIDTH, Kernel
from autograd.compiled.numpy.forms import Array
from autograd.compiled.numpy.passes import over_lanes

PART = 16 * BLOCK  # lanes whose sums are added up at a time, by one core
MOST = 20_000  # steps of a lane; LLVM takes seconds for as many
AHEAD = 4  # parts that wait for each core
IDLE = 4  # memories that are kept for the next call


def plan_for(
    lowered: Lowered, varying: Sequence[bool], dtype: np.dtype[Any], asked: bool
) -> NativePlan | None:
    """A plan of machine code; None where there is no LLVM, or more steps than it takes in time."""
    if len(lowered.steps) > MOST or not is_available(asked):
        return None
    return NativePlan(lowered, varying, dtype)


class NativePlan:
    """How a program runs as machine code when certain inputs vary between lanes.

    Lanes are cut into parts, the same ones on any number of cores, and the sums of the parts are
    added up in order. So the result does not depend on the number of cores.

    Args:
        lowered: The program.
        varying: For each input whether it varies.
        dtype: The kind of number of the arrays.

    Attributes:
        length: The number of lanes of a part.
        arrays: How many of the results vary.
        results: For each result whether it varies, and its index among those that do or do not.

    Raises:
        UnavailableError: If there is no LLVM.
    """

    length = PART

    def __init__(self, lowered: Lowered, varying: Sequence[bool], dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._lanes = over_lanes(lowered, varying, assume=False)
        self.arrays, self.results = len(self._lanes.arrays), self._lanes.results
        self.kernel = Kernel(self._lanes, 8 * dtype.itemsize)
        self._code = machine().compiled(self.kernel.text, ("lanes",))
        self.function = self._code.functions["lanes"]
        self._idle: list[Memory] = []

    def run(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """Runs all lanes in this thread, and returns of each part the results that do not vary.

        Args:
            arguments: The inputs: numbers, and for those that vary what gives lanes when it is cut
                by `[lo:hi]`.
            results: Where the results that vary go.
            size: The number of lanes.
        """
        return [self._part(arguments, results, size, low) for low in _starts(size)]

    def run_on_all_cores(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """As `run`, on all cores."""
        starts = _starts(size)
        cores = min(_cores(), len(starts))
        if cores == 1:
            return self.run(arguments, results, size)
        pool = _pool(os.getpid(), cores)
        waiting: deque[Any] = deque()
        parts: list[Sequence[float]] = []
        try:
            for low in starts:
                waiting.append(pool.submit(self._part, arguments, results, size, low))
                if len(waiting) > AHEAD * cores:
                    parts.append(waiting.popleft().result())
            while waiting:
                parts.append(waiting.popleft().result())
        finally:  # after Ctrl-C nothing writes into the results any more
            for future in waiting:
                future.cancel()
            for future in waiting:
                if not future.cancelled():
                    future.exception()
        return parts

    def _part(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int, low: int
    ) -> Sequence[float]:
        """Runs the part that begins at a lane."""
        high = min(low + PART, size)
        x = [a if isinstance(a, float) else a[low:high] for a in arguments]
        return self.block(x, [result[low:high] for result in results], high - low)

    def block(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> tuple[float, ...]:
        """Runs the lanes of one part, and returns the results that do not vary."""
        try:
            memory = self._idle.pop()  # nobody else uses it until it is back
        except IndexError:
            memory = Memory(self)
        finished = memory.run(arguments, results, size)
        if len(self._idle) < IDLE:
            self._idle.append(memory)
        return finished

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """The results that do not vary, from those of all parts."""
        return self._lanes.finished_of(parts)


class Memory:
    """What the machine code of a plan works in, for one part at a time.

    Args:
        plan: The plan.
    """

    def __init__(self, plan: NativePlan) -> None:
        self._kernel, self._function, self._dtype = plan.kernel, plan.function, plan.dtype
        kernel, dtype = plan.kernel, plan.dtype
        self._rows = len(kernel.varying)
        # Whatever is no multiple of a vector long is copied to memory that is.
        self._arrays = np.ones((self._rows + plan.arrays, BLOCK), dtype)
        self._inputs = list(zip(kernel.varying, self._arrays, strict=False))
        self._outputs = list(self._arrays[self._rows :])
        self._shared = np.empty(max(1, kernel.shared_count), dtype)
        self._totals = np.zeros((PART // BLOCK, len(kernel.sums)))
        self._sums = np.empty((len(kernel.sums), WIDTH))
        base, stride = address(self._arrays), self._arrays.strides[0]
        shared, totals, sums = map(address, (self._shared, self._totals, self._sums))
        # The calls for whole blocks, and for the lanes after them in memory of its own.
        rows = len(self._arrays)
        self._whole = np.array([0, 0, shared, totals, sums, *[0] * rows])
        self._rest = np.array(
            [0, 0, shared, totals, sums, *(base + row * stride for row in range(rows))]
        )
        assert len(self._rest) == FIXED + rows
        self._addresses = address(self._whole), address(self._rest)
        self._total_rows = [totals + row * self._totals.strides[0] for row in range(PART // BLOCK)]
        self._first_totals = self._totals[0]

    def run(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> tuple[float, ...]:
        """Runs the lanes of a part."""
        if self._dtype.itemsize == 8:
            return self._run(arguments, results, size)
        with np.errstate(over="ignore"):  # of numbers that are beyond floats of 32 bits
            return self._run(arguments, results, size)

    def _run(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> tuple[float, ...]:
        kernel = self._kernel
        if kernel.shared_count:
            self._shared[:] = kernel.shared(arguments)
        blocks = size // BLOCK
        whole = blocks * BLOCK
        if blocks:
            self._run_whole(arguments, results, whole)
        if size > whole or not size:
            rest = size - whole
            for index, row in self._inputs:
                row[:rest] = arguments[index][whole:size] if whole else arguments[index]
            self._rest[1], self._rest[3] = rest, self._total_rows[blocks]
            self._function(self._addresses[1])
            for result, row in zip(results, self._outputs, strict=True):
                result[whole:size] = row[:rest]
            blocks += 1
        if blocks == 1:
            sums = self._first_totals.tolist()
        else:
            sums = np.ascontiguousarray(self._totals[:blocks].T).sum(axis=1).tolist()
        finished: tuple[float, ...] = kernel.finished(arguments, sums, float(size))
        return finished

    def _run_whole(self, arguments: Sequence[Any], results: Sequence[Array], size: int) -> None:
        """Runs whole blocks on the arrays as they are, if these are of the right kind."""
        arrays = [
            np.ascontiguousarray(arguments[index][:size], self._dtype)
            for index in self._kernel.varying
        ]
        self._whole[1] = size
        self._whole[FIXED:] = [address(array) for array in (*arrays, *results)]
        self._function(self._addresses[0])


def _starts(size: int) -> range:
    """Where parts begin; no lanes are a part, too."""
    return range(0, max(size, 1), PART)


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool(process: int, cores: int) -> ThreadPoolExecutor:
    """The threads of this process; a process that was forked has none of its parent's."""
    return ThreadPoolExecutor(cores, f"autograd-{process}")
