"""Programs on arrays: lanes in blocks, run here or by an executor, and their sums."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.compiled.plans import Array, Plan, SamplePlan
from autograd.errors import number

if TYPE_CHECKING:
    from autograd.compiled.program import Program

IN_FLIGHT = 32  # tasks that an executor has at a time
BLOCKS = 8  # in a task
FLOAT = np.dtype(float)


class Batch:
    """One call of a program with arrays among its arguments.

    Args:
        program: The program.
        arguments: A number or an array for each input.

    Attributes:
        shape: That of the outputs, to which all arrays broadcast.
        shapes: Of each argument the shape that its gradient gets; None of a number.
        varying: For each argument whether it differs between lanes.
        constants: Those that do not, as numbers.
    """

    def __init__(self, program: Program, arguments: Sequence[Any]) -> None:
        self.program = program
        self.shapes: list[tuple[int, ...] | None] = []
        self.varying: list[bool] = []
        self.constants: list[float] = []
        self._arrays: list[Array] = []
        dtypes: dict[np.dtype[Any], None] = {}
        for index, given in enumerate(arguments):
            argument = given if type(given) is float else _argument(given, index, program)
            if isinstance(argument, float):
                self.constants.append(argument)
                self.shapes.append(None)
                self.varying.append(False)
                continue
            dtypes[argument.dtype] = None
            self.shapes.append(argument.shape)
            self.varying.append(argument.size != 1)
            if argument.size == 1:
                self.constants.append(float(argument.reshape(())))
            else:
                self._arrays.append(argument)
        self.shape = self._broadcast()
        self.size = math.prod(self.shape)
        self.dtype = _kind_of_number(dtypes)

    def _broadcast(self) -> tuple[int, ...]:
        """The one shape that all arrays fit into."""
        shapes = dict.fromkeys(shape for shape in self.shapes if shape is not None)
        if len(shapes) == 1:
            return next(iter(shapes))
        try:
            return np.broadcast_shapes(*shapes)
        except ValueError:
            shown = ", ".join(map(str, shapes))
            raise ValueError(
                f"the arrays have shapes that do not broadcast: {shown}; give arrays with one "
                "entry for each lane, and numbers for what all lanes share"
            ) from None

    @cached_property
    def plan(self) -> Plan | SamplePlan:
        """The plan of the program for these arguments."""
        plan: Plan | SamplePlan = self.program._plan(tuple(self.varying), self.dtype)
        return plan

    def lanes(self) -> list[Any]:
        """The arguments that vary, to be cut by `[lo:hi]`."""
        result: list[Any] = []
        for array in self._arrays:
            if array.ndim == 1 and array.shape == self.shape:
                result.append(array)
            elif array.shape == self.shape and array.flags.c_contiguous:
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
            parts = plan.run(self.constants, lanes, arrays, self.size)
        else:
            parts = self._spread(executor, lanes, arrays)
        finished = plan.finished(parts)
        return self._packed([(arrays if v else finished)[i] for v, i in plan.results])

    def _spread(
        self, executor: Any, lanes: Sequence[Any], arrays: Sequence[Array]
    ) -> list[Sequence[float]]:
        """Runs the blocks on an executor; the blocks are those that would be run here."""
        step = self.plan.length * BLOCKS
        starts = iter(range(0, self.size, step))
        pending: deque[tuple[int, Any]] = deque()
        parts: list[Sequence[float]] = []

        def submit() -> None:
            for low in starts:
                part = [np.asarray(lane[low : low + step], self.dtype) for lane in lanes]
                size = min(step, self.size - low)
                varying = tuple(self.varying)
                task = (self.program, varying, self.dtype.str, self.constants, part, size)
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
            results, found = future.result()
            for array, result in zip(arrays, results, strict=True):
                array[low : low + step] = result
            parts += found
            submit()
        return parts

    def _packed(self, results: Sequence[Any]) -> Any:
        """The results as the caller gets them: outputs, then gradients, in their shapes."""
        tape = self.program._tape
        found = iter(results)
        values = tuple(self._value(next(found)) for _ in tape.outputs)
        gradients = tuple(
            tuple(self._gradient(next(found), i) for i in tape.wrt) for _ in tape.outputs
        )
        return (values[0], gradients[0]) if tape.single else (values, gradients)

    def _value(self, result: Any) -> Any:
        if isinstance(result, np.ndarray):
            return result.reshape(self.shape)
        return np.full(self.shape, result, self.dtype)

    def _gradient(self, result: Any, index: int) -> Any:
        """A gradient in the shape of its argument, summed over the lanes that share an entry."""
        shape = self.shapes[index]
        if shape is None:
            return result + 0.0
        if not self.varying[index]:
            return np.full(shape, result + 0.0, self.dtype)
        if not isinstance(result, np.ndarray):
            result = np.full(self.size, result, self.dtype)
        if shape == self.shape:
            return result.reshape(self.shape)
        padded = (1,) * (len(self.shape) - len(shape)) + shape
        shared = [i for i, n in enumerate(padded) if n == 1 and self.shape[i] != 1]
        kept = [i for i in range(len(padded)) if i not in shared]
        lanes = result.reshape(self.shape).transpose(*kept, *shared)
        rows = np.ascontiguousarray(lanes).reshape(math.prod(shape), -1)
        return rows.sum(axis=1, dtype=float).astype(self.dtype).reshape(shape)


def _run_part(
    program: Program,
    varying: tuple[bool, ...],
    dtype: str,
    constants: Sequence[float],
    arrays: Sequence[Array],
    size: int,
) -> tuple[list[Array], list[Sequence[float]]]:
    """Some blocks of a batch, perhaps in another process."""
    plan = program._plan(varying, np.dtype(dtype))
    results = [np.empty(size, plan.dtype) for _ in range(plan.arrays)]
    return results, plan.run(constants, arrays, results, size)


def _argument(given: Any, index: int, program: Program) -> float | Array:
    """An argument as a number or an array of numbers."""
    if isinstance(given, float | int):
        return float(given)
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        name = program.inputs[index] or f"argument {index}"
        return number(given, f"program: {name}")
    return array if array.ndim else float(array)


def _kind_of_number(dtypes: Iterable[np.dtype[Any]]) -> np.dtype[Any]:
    """That of the results: of arrays of integers it is float."""
    floats = {dtype if dtype.kind == "f" else FLOAT for dtype in dtypes}
    return floats.pop() if len(floats) == 1 else np.result_type(*floats)
