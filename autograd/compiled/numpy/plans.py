"""How a program runs on arrays: in blocks of lanes, or lane by lane."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np

from autograd.compiled import file_format
from autograd.compiled.lowering import Lowered, TooLargeError
from autograd.compiled.numpy.forms import Array, Form
from autograd.compiled.numpy.lanes import total
from autograd.compiled.numpy.passes import over_lanes, written
from autograd.compiled.python.sample import Sample


class AnyPlan(Protocol):
    """What a batch asks of a plan; `Plan` says what each means."""

    dtype: np.dtype[Any]
    length: int
    block_length: int
    arrays: int
    results: list[tuple[bool, int]]

    def run(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """Runs all lanes in this thread."""

    def run_on_all_cores(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """Runs all lanes, on as many cores as it can use."""

    def block(self, arguments: Sequence[Any], size: int) -> tuple[Sequence[Array], Sequence[float]]:
        """The results of one block, of arguments that are used as they are."""

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """The results that do not vary, from those of all parts."""


# Machine code is worth its start where lanes have this many steps together: it takes a twentieth
# of a second longer to begin, and each call takes an eighth to a half of its time. It is not worth
# it where there are many more steps than lanes, as LLVM takes a tenth of a millisecond for each.
WORTH, STEPS_A_LANE = 5_000, 100


class Plans:
    """The plans of a program, each made when it is first asked for.

    Args:
        sample: The program on one sample.
        native: Whether they are of machine code; None to choose it where it is worth its start.
    """

    def __init__(self, sample: Sample, native: bool | None = False) -> None:
        self.sample = sample
        self._native = native
        self._plans: dict[Any, AnyPlan] = {}

    def plan(self, varying: tuple[bool, ...], dtype: np.dtype[Any], size: int) -> AnyPlan:
        """How to run when these inputs vary between so many lanes, in this kind of number."""
        try:
            native = self._native
            if native is None:
                steps = len(self.sample.lowered.steps)
                native = size > 1 and size >= max(WORTH / steps, steps / STEPS_A_LANE)
        except TooLargeError:
            native = False
        key = varying, dtype, native
        if key not in self._plans:
            self._plans[key] = self._made(varying, dtype, native)
        return self._plans[key]

    def _made(self, varying: tuple[bool, ...], dtype: np.dtype[Any], native: bool) -> AnyPlan:
        sample = self.sample
        try:
            # What the rounding of a product left out is computed for 64-bit floats only.
            lowered = sample.lowered if dtype.itemsize >= 8 else Lowered(sample.tape, False)
        except TooLargeError:
            return SamplePlan(sample, varying, dtype)
        if native:
            from autograd.compiled.native.batches import plan_for

            plan = plan_for(lowered, varying, dtype, asked=self._native is True)
            if plan is not None:
                return plan
        return Plan(lowered, varying, dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (file_format.written(self.sample.tape), self._native)


@lru_cache(maxsize=16)
def _restored(written: str, native: bool | None) -> Plans:
    """The plans of a pickle; the same ones each time, as workers get them with every task."""
    return Plans(Sample(file_format.read(written, "the pickle")), native)


class Plan:
    """How a program runs when certain inputs vary between lanes, for one kind of number.

    A block is run as if its lanes were ordinary, and if they are not, again without assumptions.

    Args:
        lowered: The program.
        varying: For each input whether it varies.
        dtype: The kind of number of the arrays.

    Attributes:
        length: The number of lanes in a block.
        block_length: The number of lanes that `block` takes at most.
        arrays: How many of the results vary.
        results: For each result whether it varies, and its index among those that do or do not.
    """

    def __init__(self, lowered: Lowered, varying: Sequence[bool], dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._lanes = over_lanes(lowered, varying, assume=False)
        self.arrays, self.results = len(self._lanes.arrays), self._lanes.results
        assuming = over_lanes(lowered, varying, assume=True)
        can_assume = assuming.assumptions and assuming.results == self.results
        self._ordinary = Form(written(assuming, dtype), dtype) if can_assume else self._any
        self.length = self.block_length = self._ordinary.length

    @cached_property
    def _any(self) -> Form:
        """The form that is right for all numbers."""
        return Form(written(self._lanes, self.dtype), self.dtype)

    def run(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """Runs all blocks of `size` lanes and returns of each the results that do not vary.

        Args:
            arguments: The inputs: numbers, and for those that vary what gives lanes when it is cut
                by `[lo:hi]`.
            results: Where the results that vary go.
            size: The number of lanes.
        """
        with np.errstate(all="ignore"):
            if size <= self.length and self._are_plain(arguments):
                return [self._block(arguments, results, size)]
            parts: list[Sequence[float]] = []
            for low in range(0, max(size, 1), self.length):  # no lanes are a block, too
                high = min(low + self.length, size)
                x = [self._cut(argument, low, high) for argument in arguments]
                o = [result[low:high] for result in results]
                parts.append(self._block(x, o, high - low))
            return parts

    run_on_all_cores = run

    def block(self, arguments: Sequence[Any], size: int) -> tuple[Sequence[Array], Sequence[float]]:
        """The results of one block, of arguments that are used as they are."""
        results = [np.empty(size, self.dtype) for _ in range(self.arrays)]
        with np.errstate(all="ignore"):
            return results, self._block(arguments, results, size)

    def _block(self, x: Sequence[Any], o: Sequence[Array], size: int) -> tuple[float, ...]:
        """The results of one block that do not vary."""
        numbers = self._ordinary.run(x, o, size) if size else None
        if numbers is None:
            numbers = self._any.run(x, o, size)
            assert numbers is not None
        return numbers

    def _are_plain(self, arguments: Sequence[Any]) -> bool:
        """Whether arguments may be used as they are."""
        for argument in arguments:
            kind = type(argument)
            if kind is not float and (kind is not np.ndarray or argument.dtype != self.dtype):
                return False
        return True

    def _cut(self, argument: Any, low: int, high: int) -> Any:
        is_number = isinstance(argument, float)
        return argument if is_number else np.asarray(argument[low:high], self.dtype)

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """The results that do not vary, from those of all blocks."""
        return self._lanes.finished_of(parts)


class SamplePlan:
    """How a program that is too large for source runs: lane by lane.

    Args:
        sample: The program on one sample.
        varying: For each input whether it varies.
        dtype: The kind of number of the arrays.
    """

    length = 16
    block_length = 0

    def __init__(self, sample: Sample, varying: Sequence[bool], dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._sample, self._varying = sample, varying
        tape = sample.tape
        varies = [True] * len(tape.outputs) + [varying[i] for _ in tape.outputs for i in tape.wrt]
        counts = {True: 0, False: 0}
        self.results: list[tuple[bool, int]] = []
        for each in varies:
            self.results.append((each, counts[each]))
            counts[each] += 1
        self.arrays = counts[True]
        self._sums = counts[False]

    def run(
        self, arguments: Sequence[Any], results: Sequence[Array], size: int
    ) -> list[Sequence[float]]:
        """As `Plan.run`; a block is one lane."""
        parts: list[Sequence[float]] = []
        for lane in range(size):
            pairs = zip(arguments, self._varying, strict=True)
            numbers = [float(x[lane]) if varies else x for x, varies in pairs]
            outputs, gradients = self._sample.at(numbers)
            if self._sample.tape.single:
                outputs, gradients = (outputs,), (gradients,)
            found = [*outputs, *(g for each in gradients for g in each)]
            for (varies, index), number in zip(self.results, found, strict=True):
                if varies:
                    results[index][lane] = number
            parts.append([x for (v, _), x in zip(self.results, found, strict=True) if not v])
        return parts

    run_on_all_cores = run

    def block(self, arguments: Sequence[Any], size: int) -> Any:
        """None is asked for, as `block_length` is 0."""
        raise NotImplementedError

    def finished(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """As `Plan.finished`."""
        return [total(column) for column in zip(*parts, strict=True)] or [0.0] * self._sums
