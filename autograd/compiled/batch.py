"""Programs on arrays: lanes in blocks, run here or by an executor, and their sums."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiled.plans import Array, Plan, SamplePlan
from autograd.errors import number

if TYPE_CHECKING:
    from autograd.compiled.program import Program

IN_FLIGHT = 32  # tasks that an executor has at a time
BLOCKS = 8  # in a task


@dataclass
class Argument:
    """One argument of a program: an array, or one number in the shape it was given in."""

    number: float
    array: Array | None
    shape: tuple[int, ...] | None


class Batch:
    """One call of a program with arrays among its arguments.

    Args:
        program: The program.
        arguments: A number or an array for each input.
    """

    def __init__(self, program: Program, arguments: Sequence[Any]) -> None:
        self.program = program
        self.arguments = [_argument(given, i, program) for i, given in enumerate(arguments)]
        shapes = [a.shape for a in self.arguments if a.shape is not None]
        try:
            self.shape = np.broadcast_shapes(*shapes)
        except ValueError:
            shown = ", ".join(map(str, dict.fromkeys(shapes)))
            raise ValueError(
                f"the arrays have shapes that do not broadcast: {shown}; give arrays with one "
                "entry for each lane, and numbers for what all lanes share"
            ) from None
        self.size = math.prod(self.shape)
        arrays = [a.array for a in self.arguments if a.array is not None]
        dtypes = [a.dtype if a.dtype.kind == "f" else np.dtype(float) for a in arrays]
        self.dtype = np.result_type(*dtypes) if dtypes else np.dtype(float)
        for argument in self.arguments:
            if argument.array is not None and argument.array.size == 1:
                argument.number, argument.array = float(argument.array.reshape(())), None
        self.varying = tuple(a.array is not None for a in self.arguments)
        self.constants = [a.number for a in self.arguments if a.array is None]

    @cached_property
    def plan(self) -> Plan | SamplePlan:
        """The plan of the program for these arguments."""
        plan: Plan | SamplePlan = self.program._plan(self.varying, self.dtype)
        return plan

    def lanes(self) -> list[Any]:
        """The arguments that vary, to be cut by `[lo:hi]`."""
        result: list[Any] = []
        for argument in self.arguments:
            array = argument.array
            if array is None:
                continue
            if array.shape == self.shape and (array.ndim == 1 or array.flags.c_contiguous):
                result.append(array.reshape(-1))
            else:
                result.append(np.broadcast_to(array, self.shape).flat)
        return result

    def __call__(self, executor: Any) -> Any:
        """The results."""
        plan = self.plan
        arrays = [np.empty(self.size, self.dtype) for _ in range(plan.arrays)]
        lanes = self.lanes()
        if executor is None:
            sums = plan.run(self.constants, lanes, arrays, self.size)
        else:
            sums = self._spread(executor, lanes, arrays)
        finished = plan.finished(self.constants, self.size, sums)
        return self._packed([(arrays if v else finished)[i] for v, i in plan.results])

    def _spread(
        self, executor: Any, lanes: Sequence[Any], arrays: Sequence[Array]
    ) -> list[list[float]]:
        """Runs the blocks on an executor; the blocks are those that would be run here."""
        step = self.plan.length * BLOCKS
        starts = iter(range(0, self.size, step))
        pending: deque[tuple[int, Any]] = deque()
        sums: list[list[float]] = []

        def submit() -> None:
            for low in starts:
                part = [np.asarray(lane[low : low + step], self.dtype) for lane in lanes]
                size = min(step, self.size - low)
                task = (self.program, self.varying, self.dtype.str, self.constants, part, size)
                pending.append((low, executor.submit(_run_part, *task)))
                return

        try:
            for _ in range(IN_FLIGHT):
                submit()
        except RuntimeError as error:
            raise RuntimeError(
                f"the executor takes no work ({error}); give one that is not shut down"
            ) from None
        while pending:
            low, future = pending.popleft()
            results, part_sums = future.result()
            for array, result in zip(arrays, results, strict=True):
                array[low : low + step] = result
            sums += part_sums
            submit()
        return sums

    def _packed(self, results: Sequence[Any]) -> Any:
        """The results as the caller gets them: outputs, then gradients, in their shapes."""
        tape = self.program._tape
        found = iter(results)
        values = tuple(self._value(next(found)) for _ in tape.outputs)
        gradients = tuple(
            tuple(self._gradient(next(found), self.arguments[i]) for i in tape.wrt)
            for _ in tape.outputs
        )
        return (values[0], gradients[0]) if tape.single else (values, gradients)

    def _value(self, result: Any) -> Any:
        if isinstance(result, np.ndarray):
            return result.reshape(self.shape)
        return np.full(self.shape, result, self.dtype)

    def _gradient(self, result: Any, argument: Argument) -> Any:
        """A gradient in the shape of its argument, summed over the lanes that share an entry."""
        if argument.shape is None:
            return result + 0.0
        if argument.array is None:
            return np.full(argument.shape, result + 0.0, self.dtype)
        if not isinstance(result, np.ndarray):
            result = np.full(self.size, result, self.dtype)
        if argument.shape == self.shape:
            return result.reshape(self.shape)
        missing = len(self.shape) - len(argument.shape)
        shape = (1,) * missing + argument.shape
        shared = [i for i, n in enumerate(shape) if n == 1 and self.shape[i] != 1]
        kept = [i for i in range(len(shape)) if i not in shared]
        lanes = result.reshape(self.shape).transpose(*kept, *shared)
        rows = np.ascontiguousarray(lanes).reshape(math.prod(argument.shape), -1)
        return rows.sum(axis=1, dtype=float).astype(self.dtype).reshape(argument.shape)


def _run_part(
    program: Program,
    varying: tuple[bool, ...],
    dtype: str,
    constants: Sequence[float],
    arrays: Sequence[Array],
    size: int,
) -> tuple[list[Array], list[list[float]]]:
    """Some blocks of a batch, perhaps in another process."""
    plan = program._plan(varying, np.dtype(dtype))
    results = [np.empty(size, plan.dtype) for _ in range(plan.arrays)]
    return results, plan.run(constants, arrays, results, size)


def _argument(given: Any, index: int, program: Program) -> Argument:
    """An argument, checked."""
    if isinstance(given, float | int):
        return Argument(float(given), None, None)
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        name = program.inputs[index] or f"argument {index}"
        return Argument(number(given, f"program: {name}"), None, None)
    shape = array.shape
    return Argument(float(array), None, None) if shape == () else Argument(0.0, array, shape)
