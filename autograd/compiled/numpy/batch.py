"""Programs on arrays: lanes in blocks, run here or by an executor, and their sums."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.compiled.numpy.arguments import checked
from autograd.compiled.numpy.forms import Array
from autograd.compiled.numpy.plans import AnyPlan, Plans

IN_FLIGHT = 32  # tasks that an executor has at a time
BLOCKS = 8  # in a task
FLOAT = np.dtype(float)


def batch_of(plans: Plans, arguments: Sequence[Any]) -> tuple[Batch, list[Any]]:
    """How to call a program with arguments of these kinds, and the arguments, checked."""
    labels = [label or f"argument {i}" for i, label in enumerate(plans.sample.tape.inputs)]
    numbers = [checked(x, f"program: {label}") for x, label in zip(arguments, labels, strict=True)]
    return Batch(plans, numbers), numbers


class Batch:
    """Calls of a program with arguments of certain kinds: numbers, and arrays of certain shapes.

    Args:
        plans: The program.
        arguments: A number or an array for each input.

    Attributes:
        shape: That of the outputs, to which all arrays broadcast.
        size: The number of lanes.
        dtype: The kind of number of the results.
        plan: How the program is run.
    """

    def __init__(self, plans: Plans, arguments: Sequence[float | Array]) -> None:
        self._plans, self._tape = plans, plans.sample.tape
        self._types = [*map(type, arguments)]
        self._shapes = [None if isinstance(x, float) else x.shape for x in arguments]
        dtypes = [x.dtype for x in arguments if not isinstance(x, float)]
        self._varying = tuple(not isinstance(x, float) and x.size != 1 for x in arguments)
        self._arrays = [i for i, varies in enumerate(self._varying) if varies]
        self.shape = self._broadcast()
        self.size = math.prod(self.shape)
        floats = {dtype if dtype.kind == "f" else FLOAT for dtype in dtypes}
        self.dtype: np.dtype[Any] = np.result_type(*floats)
        wrt = self._tape.wrt
        self.plan: AnyPlan = plans.plan(self._varying, self.dtype, self.size)
        places = self.plan.results
        self._repeated = [k for k, p in enumerate(places) if p[0] and p in places[:k]]
        # Training calls a program again and again with floats and vectors of one length. For such
        # arguments `fits` is all that has to be asked.
        self._is_plain = len(self.shape) == 1 and self.dtype in dtypes and len(set(dtypes)) == 1
        self._is_plain &= all(shape in (None, self.shape) for shape in self._shapes)
        self._is_plain &= self.size != 1  # an array of one entry is used as a number
        self._is_block = self._is_plain and 0 < self.size <= self.plan.block_length
        # Training also wants one loss a sample and gradients by floats alone. Then a block's
        # results are those of the program as they are.
        self._is_simple = self._is_block and self._tape.single
        self._is_simple &= [v for v, _ in places] == [True, *[False] * len(wrt)]
        self._is_simple &= all(self._shapes[i] is None for i in wrt)

    def fits(self, arguments: Sequence[Any]) -> bool:
        """Whether these are plain arguments of the same kinds as those that this was made for."""
        if not self._is_plain or [*map(type, arguments)] != self._types:
            return False
        shape, dtype = self.shape, self.dtype
        for index in self._arrays:
            array = arguments[index]
            if array.shape != shape or array.dtype != dtype:
                return False
        return True

    def _broadcast(self) -> tuple[int, ...]:
        """The one shape that all arrays fit into."""
        shapes = dict.fromkeys(shape for shape in self._shapes if shape is not None)
        try:
            return np.broadcast_shapes(*shapes)
        except ValueError:
            shown = ", ".join(map(str, shapes))
            raise ValueError(
                f"the arrays have shapes that do not broadcast: {shown}; give arrays with one "
                "entry for each lane, and numbers for what all lanes share"
            ) from None

    def __call__(self, arguments: Sequence[float | Array], executor: Any) -> Any:
        """The results.

        Args:
            arguments: Numbers and arrays of the kinds that the batch was made for.
            executor: What runs the blocks; None to run them here.
        """
        results: Sequence[Array]
        if self._is_block and executor is None:
            results, finished = self.plan.block(arguments, self.size)
            if self._is_simple:
                return results[0], finished
        else:
            if not self._is_plain:
                pairs = zip(arguments, self._varying, strict=True)
                arguments = [self._lanes(x) if v else float(np.reshape(x, ())) for x, v in pairs]
            results = [np.empty(self.size, self.dtype) for _ in range(self.plan.arrays)]
            if executor is None:
                parts = self.plan.run_on_all_cores(arguments, results, self.size)
            else:
                parts = self._spread(executor, arguments, results)
            finished = self.plan.finished(parts)
        packed: list[Any] = [(results if v else finished)[i] for v, i in self.plan.results]
        for place in self._repeated:  # each array is the caller's to change
            packed[place] = packed[place].copy()
        return self._packed(packed)

    def _lanes(self, array: Any) -> Any:
        """An argument that varies, to be cut by `[lo:hi]`."""
        if array.shape != self.shape:
            return np.broadcast_to(array, self.shape).flat
        if array.ndim == 1:
            return array
        return array.reshape(-1) if array.flags.c_contiguous else array.flat

    def _spread(
        self,
        executor: Any,
        arguments: Sequence[Any],
        results: Sequence[Array],
    ) -> list[Sequence[float]]:
        """Runs the blocks on an executor; the blocks are those that would be run here."""
        if not hasattr(executor, "submit"):
            raise TypeError(
                f"program: expected a concurrent.futures.Executor, got {executor!r:.60}; give one "
                "such as ThreadPoolExecutor()"
            )
        step = self.plan.length * BLOCKS
        starts = iter(range(0, max(self.size, 1), step))  # no lanes are a block, too
        pending: deque[tuple[int, Any]] = deque()
        parts: list[Sequence[float]] = []

        def submit() -> None:
            for low in starts:
                size = min(step, self.size - low)
                pairs = zip(arguments, self._varying, strict=True)
                part = [np.asarray(x[low : low + size], self.dtype) if v else x for x, v in pairs]
                task = (self._plans, self._varying, self.dtype.str, self.size, part, size)
                pending.append((low, executor.submit(_run_part, *task)))
                return

        try:
            for _ in range(IN_FLIGHT):
                submit()
        except RuntimeError as error:
            raise RuntimeError(
                f"the executor takes no work ({error}); give one that is not shut down"
            ) from None
        try:
            while pending:
                low, future = pending.popleft()
                found, more = future.result()
                for array, result in zip(results, found, strict=True):
                    array[low : low + step] = result
                parts += more
                submit()
        finally:  # what failed, or was interrupted, leaves no work behind
            for _, future in pending:
                future.cancel()
        return parts

    # --- Results ----------------------------------------------------------------------------------

    def _packed(self, results: Sequence[Any]) -> Any:
        """The results as the caller gets them: outputs, then gradients, in their shapes."""
        tape = self._tape
        count = len(tape.outputs)
        values = [self._value(result) for result in results[:count]]
        gradients = [
            self._gradient(result, i)
            for result, i in zip(results[count:], tape.wrt * count, strict=True)
        ]
        if tape.single:
            return values[0], tuple(gradients)
        width = len(tape.wrt)
        starts = range(0, width * count, width) if width else [0] * count
        return tuple(values), tuple(tuple(gradients[i : i + width]) for i in starts)

    def _value(self, result: Any) -> Any:
        if isinstance(result, np.ndarray):
            return result.reshape(self.shape)
        return self._full(self.shape, result)

    def _full(self, shape: tuple[int, ...], number: float) -> Array:
        """An array of one number; what is beyond floats of 32 bits is infinite there."""
        with np.errstate(over="ignore"):
            return np.full(shape, number, self.dtype)

    def _gradient(self, result: Any, index: int) -> Any:
        """A gradient in the shape of its argument, summed over the lanes that share an entry."""
        shape = self._shapes[index]
        if shape is None:
            return result
        if not self._varying[index]:
            return self._full(shape, result)
        if not isinstance(result, np.ndarray):
            result = self._full((self.size,), result)
        if shape == self.shape:
            return result.reshape(self.shape)
        padded = (1,) * (len(self.shape) - len(shape)) + shape
        shared = [i for i, n in enumerate(padded) if n == 1 and self.shape[i] != 1]
        kept = [i for i in range(len(padded)) if i not in shared]
        lanes = result.reshape(self.shape).transpose(*kept, *shared)
        rows = np.ascontiguousarray(lanes).reshape(
            math.prod(shape), math.prod(self.shape[i] for i in shared)
        )
        return rows.sum(axis=1, dtype=float).astype(self.dtype).reshape(shape)


def _run_part(
    plans: Plans,
    varying: tuple[bool, ...],
    dtype: str,
    lanes: int,
    arguments: Sequence[Any],
    size: int,
) -> tuple[list[Array], list[Sequence[float]]]:
    """Some blocks of a batch of so many lanes, perhaps in another process."""
    plan = plans.plan(varying, np.dtype(dtype), lanes)
    results = [np.empty(size, plan.dtype) for _ in range(plan.arrays)]
    return results, plan.run(arguments, results, size)
