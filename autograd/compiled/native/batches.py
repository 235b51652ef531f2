"""Plans of machine code: how a program runs on arrays, over all cores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.lowering import Lowered
from autograd.compiled.native import cores
from autograd.compiled.native.calling import Block, BlockCode, finished_results, shared_numbers
from autograd.compiled.native.compiler import address, is_available, machine
from autograd.compiled.native.kernel import BLOCK, WIDTH, Kernel
from autograd.compiled.numpy.forms import Array
from autograd.compiled.numpy.passes import over_lanes

PART_BLOCKS = 16
PART = PART_BLOCKS * BLOCK  # lanes whose sums are added up at a time
MOST = 20_000  # steps of a lane; LLVM takes seconds for as many
TOGETHER = 5_000_000  # steps of all lanes from which on a second core is worth waking
TURNS = 2  # times at least that each core takes some of the lanes; to take them costs time, too
IDLE, SIZES = 4, 8  # memories that are kept for the next call, of so many numbers of lanes


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
        block_length: The number of lanes that `block` takes at most.
        arrays: How many of the results vary.
        results: For each result whether it varies, and its index among those that do or do not.

    Raises:
        UnavailableError: If there is no LLVM.
    """

    length = PART
    block_length = BLOCK

    def __init__(self, lowered: Lowered, varying: Sequence[bool], dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._lanes = over_lanes(lowered, varying, assume=False)
        self.arrays, self.results = len(self._lanes.arrays), self._lanes.results
        self.kernel = Kernel(self._lanes, 8 * dtype.itemsize, machine().vector)
        self._code = machine().compiled(self.kernel.text, ("lanes",))
        self.function = self._code.functions["lanes"]
        self._idle: dict[int, list[Block]] = {}

    @cached_property
    def shared(self) -> Any:
        """From the inputs to the shared numbers."""
        return shared_numbers(self.kernel)

    @cached_property
    def finished_of_part(self) -> Any:
        """From the inputs, the sums and the number of lanes of a part to results of it."""
        return finished_results(self.kernel)

    @cached_property
    def _block_code(self) -> BlockCode:
        return BlockCode(self.kernel, self.function)

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
        return Run(self, arguments, results, size).on(1)

    def run_on_all_cores(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """As `run`, on all cores."""
        is_worth_it = size * self.kernel.size >= TOGETHER
        return Run(self, arguments, results, size).on(cores.available() if is_worth_it else 1)

    def block(
        self, arguments: Sequence[Any], size: int
    ) -> tuple[Sequence[Array], tuple[float, ...]]:
        """The results of a few lanes, of arguments that are used as they are."""
        idle = self._idle.get(size)
        if idle is None:
            if len(self._idle) >= SIZES:
                self._idle.clear()
            idle = self._idle.setdefault(size, [])
        try:
            block = idle.pop()  # nobody else uses it until it is back
        except IndexError:
            block = Block(self._block_code, size)
        results = block.run(arguments)
        if len(idle) < IDLE:
            idle.append(block)
        return results

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """The results that do not vary, from those of all parts."""
        return self._lanes.finished_of(parts)


class Run:
    """One run of a plan on many lanes.

    Args:
        plan: The plan.
        arguments: As of `NativePlan.run`.
        results: Where the results that vary go.
        size: The number of lanes.
    """

    def __init__(
        self, plan: NativePlan, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> None:
        self._plan, self._kernel, self._dtype = plan, plan.kernel, plan.dtype
        self._arguments, self._results, self._size = arguments, results, size
        self._given = [arguments[index] for index in self._kernel.varying]
        self._begins = [self._begin(x) for x in (*self._given, *results)]
        with np.errstate(over="ignore"):  # of numbers that are beyond floats of 32 bits
            self._shared = np.array(plan.shared(arguments), self._dtype)
        self._blocks = max(1, -(-size // BLOCK))  # no lanes are a block, too
        self._totals = np.zeros((self._blocks, len(self._kernel.sums)))
        self._turn = PART

    def on(self, count: int) -> list[Sequence[float]]:
        """Runs all lanes on some cores; returns of each part the results that do not vary."""
        turns = self._blocks // (TURNS * count) if count > 1 else PART_BLOCKS
        self._turn = BLOCK * max(1, min(turns, PART_BLOCKS))
        cores.each(self._lanes_from, range(0, self._size, self._turn), count)
        return self._parts()

    def _begin(self, array: Any) -> int | None:
        """Where an array begins; None if it is of another kind, or its lanes are apart."""
        if type(array) is np.ndarray and array.dtype == self._dtype and array.flags.c_contiguous:
            return address(array)
        return None

    def _lanes_from(self, low: int) -> None:
        """Runs some lanes, whole blocks and then what is left at the end."""
        high = min(low + self._turn, self._size)
        whole = high - high % BLOCK
        if whole > low:
            self._whole_blocks(low, whole)
        if whole < high:
            self._rest(whole, high)

    def _whole_blocks(self, low: int, high: int) -> None:
        """Runs lanes on the arrays as they are, or copies of the right kind."""
        begins, copies = [], []
        for array, begin in zip((*self._given, *self._results), self._begins, strict=True):
            if begin is not None:
                begins.append(begin + low * self._dtype.itemsize)
            else:
                copies.append(np.ascontiguousarray(array[low:high], self._dtype))
                begins.append(address(copies[-1]))
        self._run(low, high, begins)

    def _rest(self, low: int, high: int) -> None:
        """Runs the last lanes in memory that is a multiple of a vector long."""
        rows = np.ones((len(self._begins), BLOCK), self._dtype)
        size = high - low
        for row, array in zip(rows, self._given, strict=False):
            row[:size] = array[low:high]
        self._run(low, high, map(address, rows))
        for row, result in zip(rows[len(self._given) :], self._results, strict=True):
            result[low:high] = row[:size]

    def _run(self, low: int, high: int, begins: Iterable[int]) -> None:
        sums = np.empty((len(self._kernel.sums), WIDTH))
        places = map(address, (self._shared, self._totals[low // BLOCK :], sums))
        call = self._kernel.call(high - low, [*places, *begins])
        self._plan.function(address(call))

    def _parts(self) -> list[Sequence[float]]:
        """The results of each part that do not vary."""
        parts, rest = divmod(self._blocks, PART_BLOCKS)
        shape = parts, PART_BLOCKS, len(self._kernel.sums)
        whole = self._totals[: parts * PART_BLOCKS].reshape(shape)
        sums = _added(whole.transpose(0, 2, 1))
        if rest:
            sums.append(_added(self._totals[-rest:].T))
        lows = range(0, max(1, self._size), PART)
        return [
            self._plan.finished_of_part(
                self._arguments, of_part, float(min(PART, self._size - low))
            )
            for low, of_part in zip(lows, sums, strict=True)
        ]


def _added(blocks: NDArray[np.float64]) -> list[Any]:
    """The sums over the blocks, which are the last axis."""
    added: list[Any] = np.ascontiguousarray(blocks).sum(axis=-1).tolist()
    return added
