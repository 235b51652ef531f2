"""The code of a program for blocks of lanes, with the buffers and tables that it works in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.numpy.blocks import BlockWriter
from autograd.language.elementary import ELEMENTARY

Array = NDArray[Any]
# From the arguments and arrays for results to the results that are numbers.
Block = Callable[[Sequence[Any], Sequence[Array]], tuple[float, ...] | None]
AGREEING = 4096  # lanes from which on it pays to ask whether all agree
BUFFERS = 8 * 2**20  # bytes for all buffers together
# At most THIN rows of at least LONG lanes are multiplied one by one; `_products` says why.
LONG, THIN = 2048, 4
LONGEST, SHORTEST = 16384, 1024  # lanes in a block
IDLE = 4  # buffers of blocks that are kept for the next call


def _each(function: Callable[..., float]) -> Callable[..., None]:
    """A function of floats, applied entry by entry to what comes before the place of the result."""

    def on_arrays(*operands: Any) -> None:
        out = operands[-1]
        columns = [np.broadcast_to(x, out.shape).ravel().tolist() for x in operands[:-1]]
        np.copyto(out, np.reshape([*map(function, *columns)], out.shape))

    return on_arrays


def _choose(condition: Array, x: Any, y: Any, out: Array) -> None:
    """x where the condition holds, else y; most often all lanes of a block agree."""
    agree = condition.size >= AGREEING and np.logical_and.reduce(condition, None)
    np.copyto(out, x if agree else np.where(condition, x, y))


def _power(x: Array, p: Any, out: Array) -> None:
    """x to the power p. For 0.5 NumPy may take a square root, which differs at -0 and -inf."""
    halves = np.equal(p, 0.5)
    if not halves.any():
        np.power(x, p, out)
        return
    sizes = np.absolute(x)  # before the result takes the place of x
    np.power(x, p, out)
    np.copyto(out, sizes, where=halves & ((sizes == 0.0) | (sizes == math.inf)))


def _products(x: Array, y: Array) -> list[list[float]]:
    """The product of x and the transpose of y: sums over the lanes.

    Of long rows a product with one row at a time is faster where these are few: it takes a half of
    the time for two rows, as the library for matrices is made for larger ones.
    """
    rows: list[list[float]]
    if x.shape[1] < LONG or min(len(x), len(y)) > THIN:
        rows = np.dot(x, y.T).tolist()
    elif len(x) <= len(y):
        rows = [np.dot(y, row).tolist() for row in x]
    else:
        rows = np.transpose([np.dot(x, row) for row in y]).tolist()
    return rows


NAMESPACE: dict[str, Any] = {
    "choose": _choose,
    "products": _products,
    "reduce": np.add.reduce,
    "smallest": np.minimum.reduce,
    "greatest": np.maximum.reduce,
    **{name: getattr(np, name) for name in ("copyto", "dot", "double", "inf", "nan")},
    **{e.numpy: getattr(np, e.numpy) for e in ELEMENTARY.values() if e.numpy},
    **{e.name: _each(e.on_floats) for e in ELEMENTARY.values() if not e.numpy},
    "power": _power,
}


class Form:
    """One way to run blocks of a program: its code, what it needs, and how results are finished.

    Args:
        writer: The program.
        dtype: The kind of number of the arrays.
    """

    def __init__(self, writer: BlockWriter, dtype: np.dtype[Any]) -> None:
        self.writer, self.dtype = writer, dtype
        text = writer.text()
        self.code, self.names = text.compiled().__code__, NAMESPACE | text.used
        self._idle: list[Space] = []

    @property
    def length(self) -> int:
        """How many lanes are a block."""
        length = LONGEST
        while length > SHORTEST and self.writer.rows * length * self.dtype.itemsize > BUFFERS:
            length //= 2
        return length

    def run(self, x: Sequence[Any], o: Sequence[Array], size: int) -> tuple[float, ...] | None:
        """Runs a block of lanes.

        Args:
            x: The arguments.
            o: Where the results that vary go.
            size: The number of lanes.

        Returns:
            The results that are numbers; None if the lanes are not as this form assumes.
        """
        try:
            space = self._idle.pop()  # nobody else uses it until it is back
        except IndexError:
            space = Space(self, size)
        if space.size != size:
            space = Space(self, size)
        numbers = space.block(x, o)
        if len(self._idle) < IDLE:
            self._idle.append(space)
        return numbers


class Space:
    """Buffers for blocks of some lanes, tables of what lanes share, and the code bound to them.

    Args:
        form: What is run.
        size: The number of lanes.

    Attributes:
        block: Runs a block.
    """

    def __init__(self, form: Form, size: int) -> None:
        writer, dtype = form.writer, form.dtype
        self.size = size
        tables = writer.tables
        entries = np.empty(len(tables.places), dtype)
        names: dict[str, Any] = {
            "lanes": float(size),
            "numbers": np.empty(len(tables.numbers), dtype),
            "places": np.array(tables.places, int),
            "entries": entries,
            "scratch": np.empty(size, dtype),
        }
        for name, rows in writer.buffers.items():
            names[name] = np.empty((rows, size), bool if name[0] == "c" else dtype)
        for name, view in writer.views.items():
            buffer = names[view.buffer]
            names[name] = buffer[view.start] if view.is_vector else buffer[view.start : view.stop]
        start = 0
        for name, shape in tables.shapes.items():
            stop = start + math.prod(shape)
            names[name] = entries[start:stop].reshape(shape)
            start = stop
        self.block: Block = FunctionType(form.code, form.names | names, "block")
