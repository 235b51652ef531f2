"""What Python does around a kernel: the numbers that lanes share, and the results that are numbers.

All of it is generated. On few lanes a call of Python for each argument takes longer than the lanes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from autograd.compiled.native.compiler import address
from autograd.compiled.native.kernel import BLOCK, WIDTH, Kernel
from autograd.compiled.numpy.forms import Array
from autograd.compiled.styles import UNRAISING
from autograd.language.emitting import FunctionText
from autograd.language.symbols import Symbol
from autograd.language.writing import Writer, tuple_of


def shared_numbers(kernel: Kernel) -> Any:
    """The function from the inputs to the shared numbers."""
    text = FunctionText("shared", ["x"])
    text.lines.append(f"return {tuple_of(_shared(kernel, text, _unpacked(kernel, text)))}")
    return text.compiled()


def finished_results(kernel: Kernel) -> Any:
    """The function from inputs, sums and the number of lanes to the results that are numbers."""
    text = FunctionText("finished", ["x", "s", "lanes"])
    text.lines.append(f"return {tuple_of(_finished(kernel, text, _unpacked(kernel, text)))}")
    return text.compiled()


def _unpacked(kernel: Kernel, text: FunctionText) -> dict[Symbol, str]:
    """The inputs, out of the sequence `x`."""
    names = [text.variable(f"x{i}") for i in range(len(kernel.lanes.inputs))]
    text.lines.append(f"{', '.join(names)}, = x")
    return dict(zip(kernel.lanes.inputs, names, strict=True))


def _shared(kernel: Kernel, text: FunctionText, known: dict[Symbol, str]) -> list[str]:
    writer = Writer(text, UNRAISING, kernel.shared, known)
    return [writer.expression(symbol) for symbol in kernel.shared]


def _finished(kernel: Kernel, text: FunctionText, known: dict[Symbol, str]) -> list[str]:
    lanes = kernel.lanes
    known = known | {lanes.count: "lanes"}
    known |= {symbol: f"s[{i}]" for i, symbol in enumerate(lanes.sums.values())}
    writer = Writer(text, UNRAISING, lanes.finished, known)
    # A gradient is a sum that starts from 0, which is never -0; an output may be.
    written = [writer.expression(symbol) for symbol in lanes.finished]
    count = lanes.constant_outputs
    return [*written[:count], *(f"{x} + 0.0" for x in written[count:])]


class BlockCode:
    """The code that runs one block of lanes, for any number of them.

    Args:
        kernel: The kernel.
        run: Its machine code.
    """

    def __init__(self, kernel: Kernel, run: Callable[[int], None]) -> None:
        self.kernel, self.run = kernel, run
        self.own = ["lanes", "shared", "totals", "run", "place"]
        self.inputs = [f"a{i}" for i in range(len(kernel.varying))]
        self.outputs = [f"o{i}" for i in range(len(kernel.lanes.arrays))]
        text = FunctionText("block", ["x"], taken=[*self.own, *self.inputs, *self.outputs, "s"])
        known = _unpacked(kernel, text)
        arguments = [known[kernel.lanes.inputs[index]] for index in kernel.varying]
        if kernel.shared:
            text.lines.append(f"shared[:] = {tuple_of(_shared(kernel, text, dict(known)))}")
        text.lines += [f"{a}[:] = {x}" for a, x in zip(self.inputs, arguments, strict=True)]
        text.lines += ["run(place)", "s = totals[:]"]
        written = _finished(kernel, text, known)
        copies = [f"{o}.copy()" for o in self.outputs]
        text.lines.append(f"return {tuple_of(copies)}, {tuple_of(written)}")
        self.code, self.names = text.compiled().__code__, text.used


class Block:
    """Memory for one block of lanes, and the code bound to it.

    Args:
        code: What is run.
        size: The number of lanes, at most `BLOCK`.

    Attributes:
        run: From the arguments to the arrays and the numbers that result.
    """

    def __init__(self, code: BlockCode, size: int) -> None:
        assert size <= BLOCK
        kernel = code.kernel
        self.size = size
        dtype = np.dtype(f"f{kernel.kind.bits // 8}")
        number = ctypes.c_double if dtype.itemsize == 8 else ctypes.c_float
        self._shared = (number * len(kernel.shared))()
        self._totals = (ctypes.c_double * len(kernel.sums))()
        self._sums = (ctypes.c_double * (WIDTH * len(kernel.sums)))()
        names = [*code.inputs, *code.outputs]
        # Whatever is no multiple of a vector long is copied to memory that is.
        rows = np.ones((len(names), -(-size // kernel.width) * kernel.width), dtype)
        places = map(ctypes.addressof, (self._shared, self._totals, self._sums))
        self._call = kernel.call(size, [*places, *map(address, rows)])
        own = [float(size), self._shared, self._totals, code.run, address(self._call)]
        views: Sequence[Array] = [row[:size] for row in rows]
        bound = dict(zip([*code.own, *names], [*own, *views], strict=True))
        self.run: Callable[[Sequence[Any]], tuple[tuple[Array, ...], tuple[float, ...]]] = (
            FunctionType(code.code, {**code.names, **bound}, "block")
        )
