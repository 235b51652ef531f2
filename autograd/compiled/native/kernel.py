"""Kernels: a program over lanes as one loop of machine code, without arrays on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from autograd.compiled.native.instructions import Code
from autograd.compiled.native.kinds import Kind
from autograd.compiled.numpy.lanes import Lanes, Sum
from autograd.language.symbols import Symbol, is_condition

WIDTH = 8  # lanes that sums are added over side by side, on every machine in the same order
PAIRED = 200  # steps of a lane up to which two vectors at a time have room in the registers
BLOCK = 2048  # lanes of which the sums are added up at a time
FIXED = 5  # entries of a call before the arrays: start, stop, shared numbers, totals, sums


class Kernel:
    """Writes a program over lanes as a function of machine code.

    The function takes a pointer to 64-bit integers: the first lane and the one after the last, then
    the addresses of the shared numbers, of the totals (a row of all sums for each block), of memory
    for the sums of a block, and of the arrays of lanes, the arguments and then the results. It
    reads and writes arrays up to the next multiple of `width` lanes.

    Each step waits for the one before. So a processor with vectors of 512 bits is given two of them
    to work on at a time, where they have room. The results are the same.

    Args:
        lanes: The program.
        bits: The bits of the floats of the arrays.
        vector: The bits of the vectors of the processor.

    Attributes:
        varying: The indices of the inputs that are arrays.
        text: The function `lanes`, as LLVM's text.
        shared: The shared numbers.
        sums: The sums over the lanes.
        size: How many steps a lane takes.
        width: How many lanes are worked on at a time.
    """

    def __init__(self, lanes: Lanes, bits: int, vector: int) -> None:
        self.lanes = lanes
        self.varying = [i for i, x in enumerate(lanes.inputs) if lanes.varies(x)]
        self.sums = list(lanes.sums)
        self.size = len(lanes.needed)
        self.width = 2 * WIDTH if vector >= 512 and self.size <= PAIRED else WIDTH
        self.kind = Kind(self.width, bits)
        self._shared: dict[Symbol, int] = {}
        self._code = Code(self.kind)
        self._known: dict[Symbol, str] = {}
        self._counted: dict[Symbol, list[str]] = {}
        self._body()
        self.text = self._function()
        self.shared = list(self._shared)

    # --- The lanes of a vector --------------------------------------------------------------------

    def _body(self) -> None:
        """The instructions for one vector of lanes, which begin at %i."""
        lanes, code = self.lanes, self._code
        due: defaultdict[Symbol | None, list[Callable[[], None]]] = defaultdict(list)
        place = {step: index for index, step in enumerate(lanes.needed)}
        for index, total in enumerate(self.sums):
            last = max(total.factors, key=lambda factor: place.get(factor, -1))
            due[last if last in place else None].append(self._adding(index, total))
        for index, symbol in enumerate(lanes.arrays):
            due[symbol if symbol in place else None].append(self._storing(index, symbol))
        for slot, index in enumerate(self.varying):
            self._known[lanes.inputs[index]] = self._load(f"%a{slot}")
        for work in due[None]:
            work()
        for step in lanes.needed:
            operands = [self._operand(argument) for argument in step.arguments]
            self._known[step] = code.step(step, operands)
            for work in due[step]:
                work()

    def _load(self, array: str) -> str:
        element = "double" if self.kind.bits == 64 else "float"
        address = self._code.add(f"getelementptr {element}, ptr {array}, i64 %i")
        return self._code.add(f"load {self.kind.number}, ptr {address}, align 4")

    def _operand(self, symbol: Symbol) -> str:
        """The text of an operand. A shared number is fetched where it is used, which is free."""
        if symbol in self._known or symbol.head == "constant":
            return self._code.operand(symbol, self._known)
        code, kind = self._code, self.kind
        element = "double" if kind.bits == 64 else "float"
        index = self._shared.setdefault(symbol, len(self._shared))
        address = code.add(f"getelementptr {element}, ptr %shared, i64 {index}")
        number = code.add(f"load {element}, ptr {address}")
        first = code.add(f"insertelement {kind.number} poison, {element} {number}, i32 0")
        order = f"<{self.width} x i32> zeroinitializer"
        name = code.add(f"shufflevector {kind.number} {first}, {kind.number} poison, {order}")
        if is_condition(symbol):
            name = code.add(f"fcmp one {kind.number} {name}, {kind.constant(0.0)}")
        return name

    def _adding(self, index: int, total: Sum) -> Callable[[], None]:
        """What adds a term to a sum; lanes beyond the last add nothing."""

        def add() -> None:
            code, wide = self._code, Kind(WIDTH).number
            factors = [self._counted_in(factor) for factor in total.factors]
            address = code.add(f"getelementptr {wide}, ptr %sums, i64 {index}")
            added = code.add(f"load {wide}, ptr {address}, align 8")
            for parts in zip(*factors, strict=True):
                added = code.sum(added, parts, WIDTH)
            code.do(f"store {wide} {added}, ptr {address}, align 8")

        return add

    def _counted_in(self, factor: Symbol) -> list[str]:
        """A factor of sums, `WIDTH` lanes at a time, with 0 in lanes beyond the last."""
        if factor not in self._counted:
            code, kind = self._code, Kind(self.width)
            number = code.widened(self._operand(factor))
            zero = kind.constant(0.0)
            counted = code.add(
                f"select {kind.condition} %here, {kind.number} {number}, {kind.number} {zero}"
            )
            self._counted[factor] = [
                code.taken(counted, first, WIDTH) for first in range(0, self.width, WIDTH)
            ]
        return self._counted[factor]

    def _storing(self, index: int, symbol: Symbol) -> Callable[[], None]:
        """What stores a result."""

        def store() -> None:
            code = self._code
            element = "double" if self.kind.bits == 64 else "float"
            address = code.add(
                f"getelementptr {element}, ptr %a{len(self.varying) + index}, i64 %i"
            )
            number = self._known[symbol]
            code.do(f"store {self.kind.number} {number}, ptr {address}, align 4")

        return store

    # --- The loops --------------------------------------------------------------------------------

    def _function(self) -> str:
        """The loops over blocks, over the vectors of each, and over the sums."""
        count = len(self.sums)
        names = ["shared", "totals", "sums"]
        names += [f"a{i}" for i in range(len(self.varying) + len(self.lanes.arrays))]
        pointers = []
        for index, name in enumerate(names, FIXED - 3):
            pointers += [
                f"%at_{name} = getelementptr i64, ptr %call, i64 {index}",
                f"%{name} = load ptr, ptr %at_{name}",
            ]
        numbers = ", ".join(f"i64 {lane}" for lane in range(self.width))
        wide, longs = Kind(WIDTH).number, self.kind.vector("i64")
        order = f"{self.kind.vector('i32')} zeroinitializer"
        splat = f"shufflevector {longs} {{0}}, {longs} poison, {order}"
        lines = [
            "define void @lanes(ptr %call) {",
            "entry:",
            "%start = load i64, ptr %call",
            "%at_stop = getelementptr i64, ptr %call, i64 1",
            "%stop = load i64, ptr %at_stop",
            *pointers,
            f"%stop_first = insertelement {longs} poison, i64 %stop, i32 0",
            f"%stops = {splat.format('%stop_first')}",
            "br label %block",
            "block:",
            "%low = phi i64 [ %start, %entry ], [ %high, %block_next ]",
            "%row = phi i64 [ 0, %entry ], [ %row_next, %block_next ]",
            f"%beyond = add i64 %low, {BLOCK}",
            "%is_last = icmp uge i64 %beyond, %stop",
            "%high = select i1 %is_last, i64 %stop, i64 %beyond",
            "br label %clear",
            "clear:",
            "%c = phi i64 [ 0, %block ], [ %c_next, %clear_next ]",
            f"%c_more = icmp ult i64 %c, {count}",
            "br i1 %c_more, label %clear_next, label %vectors",
            "clear_next:",
            f"%c_at = getelementptr {wide}, ptr %sums, i64 %c",
            f"store {wide} zeroinitializer, ptr %c_at, align 8",
            "%c_next = add i64 %c, 1",
            "br label %clear",
            "vectors:",
            "%i = phi i64 [ %low, %clear ], [ %i_next, %vector_next ]",
            "%i_more = icmp ult i64 %i, %high",
            "br i1 %i_more, label %vector, label %reduce",
            "vector:",
            f"%i_first = insertelement {longs} poison, i64 %i, i32 0",
            f"%is = {splat.format('%i_first')}",
            f"%each = add {longs} %is, <{numbers}>",
            f"%here = icmp ult {longs} %each, %stops",
            *self._code.lines,
            "br label %vector_next",
            "vector_next:",
            f"%i_next = add i64 %i, {self.width}",
            "br label %vectors",
            "reduce:",
            "%s = phi i64 [ 0, %vectors ], [ %s_next, %reduce_next ]",
            f"%s_more = icmp ult i64 %s, {count}",
            "br i1 %s_more, label %reduce_next, label %block_next",
            "reduce_next:",
            f"%s_at = getelementptr {wide}, ptr %sums, i64 %s",
            f"%sum{WIDTH} = load {wide}, ptr %s_at, align 8",
            *_halved(),
            "%sum = extractelement <1 x double> %sum1, i32 0",
            f"%t_row = mul i64 %row, {count}",
            "%t_place = add i64 %t_row, %s",
            "%t_at = getelementptr double, ptr %totals, i64 %t_place",
            "store double %sum, ptr %t_at",
            "%s_next = add i64 %s, 1",
            "br label %reduce",
            "block_next:",
            "%row_next = add i64 %row, 1",
            "br i1 %is_last, label %exit, label %block",
            "exit:",
            "ret void",
            "}",
        ]
        return "\n".join(
            [*self._code.declared, *lines, "attributes #0 = { nobuiltin nounwind }", ""]
        )

    def call(self, size: int, addresses: Iterable[int]) -> NDArray[np.int64]:
        """What the function is given a pointer to, to run the first lanes of some arrays.

        Args:
            size: The number of lanes.
            addresses: Those of the shared numbers, the totals, the memory for sums, the arrays.
        """
        call = np.array([0, size, *addresses], np.int64)
        assert len(call) == FIXED + len(self.varying) + len(self.lanes.arrays)
        return call


def _halved() -> Sequence[str]:
    """Instructions that add up the lanes of a vector, pairwise."""
    lines, width = [], WIDTH
    while width > 1:
        half = width // 2
        vector = f"<{width} x double> %sum{width}"
        for name, first in (("low", 0), ("high", half)):
            order = ", ".join(f"i32 {first + lane}" for lane in range(half))
            lines.append(
                f"%{name}{half} = shufflevector {vector}, <{width} x double> poison, "
                f"<{half} x i32> <{order}>"
            )
        lines.append(f"%sum{half} = fadd <{half} x double> %low{half}, %high{half}")
        width = half
    return lines
