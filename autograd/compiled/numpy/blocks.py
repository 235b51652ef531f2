"""NumPy source that runs a program on one block of lanes, in buffers that are used again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.compiled.numpy.lanes import Sum
from autograd.compiled.numpy.packs import Pack, Packing, Rows, Shared
from autograd.compiled.numpy.schedule import Check, Product, Schedule, Totals
from autograd.compiled.numpy.tables import Tables
from autograd.compiled.styles import UNRAISING
from autograd.language.elementary import ELEMENTARY
from autograd.language.emitting import FunctionText
from autograd.language.symbols import Symbol, is_condition
from autograd.language.writing import Writer, tuple_of


@dataclass(frozen=True)
class View:
    """Some rows of a buffer: a matrix, or one row as a vector."""

    buffer: str
    start: int
    stop: int
    is_vector: bool


class BlockWriter:
    """Writes the function of one block: `block(x, o)`.

    It takes the arguments and the arrays for results; buffers and tables are among the names that
    it is run with. It returns the results that are numbers, or None if an assumption does not hold.

    Args:
        packing: The program.
        schedule: Its work in order.

    Attributes:
        tables: What is the same in all lanes.
        buffers: The number of rows of each buffer; those of conditions begin with c.
        views: What the names of rows of buffers stand for.
    """

    def __init__(self, packing: Packing, schedule: Schedule) -> None:
        self.packing, self.lanes = packing, packing.lanes
        self._conditions: dict[Symbol, str] = {}
        self.tables = Tables()
        self.buffers: dict[str, int] = {}
        self.views: dict[str, View] = {}
        self._lines: list[str] = []
        self._places: dict[Pack, str] = {}  # the buffer of a pack
        self._free: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        self._results = {symbol: f"o{i}" for i, symbol in enumerate(self.lanes.arrays)}
        self._sums = dict.fromkeys(self.lanes.sums, "0.0")
        for index, argument in enumerate(self.lanes.inputs):
            if self.lanes.varies(argument):
                self._places[packing.home[argument][0]] = f"x{index}"
        for work, dying in schedule:
            self._write(work, dying)
        for symbol, name in self._results.items():
            if symbol in self.lanes.inputs:
                self._lines.append(f"copyto({name}, {self._row(symbol)})")

    @property
    def rows(self) -> int:
        """How many rows all buffers have, those of results included."""
        return sum(self.buffers.values()) + len(self._results) + 1

    # --- Names ------------------------------------------------------------------------------------

    def _name(self, rows: Rows, as_matrix: bool = False) -> str:
        """The text of some rows; one row is a vector, unless it has to be a matrix."""
        pack, start, stop = rows
        buffer = self._places[pack]
        if buffer not in self.buffers:  # an argument or a result, which are vectors
            return f"{buffer}[None]" if as_matrix else buffer
        is_vector = stop - start == 1 and not as_matrix
        if rows.whole and not is_vector:
            return buffer
        name = f"{buffer}_{start}" if is_vector else f"{buffer}_{start}to{stop}"
        self.views[name] = View(buffer, start, stop, is_vector)
        return name

    def _row(self, symbol: Symbol) -> str:
        return self._name(self.packing.rows(symbol))

    def _operand(self, operand: Rows | Shared) -> str:
        """The text of what a pack is computed from."""
        if isinstance(operand, Rows):
            return self._name(operand)
        if is_condition(operand[0]):  # the same one for all
            return self._conditions.setdefault(operand[0], f"u{len(self._conditions)}")
        return self.tables.column(operand)

    # --- Buffers ----------------------------------------------------------------------------------

    def _target(self, pack: Pack) -> str:
        """Where a pack is computed to."""
        symbol, size = pack.members[0], len(pack.members)
        if size == 1 and symbol in self._results and not pack.in_product:
            self._places[pack] = self._results[symbol]
        else:
            kind = "c" if is_condition(symbol) else "b"
            if not self._free[kind, size]:
                name = f"{kind}{len(self.buffers)}"
                self.buffers[name] = size
                self._free[kind, size].append(name)
            self._places[pack] = self._free[kind, size].pop()
        return self._name(Rows(pack, 0, size))

    def _release(self, packs: Sequence[Pack]) -> None:
        for pack in packs:
            buffer = self._places[pack]
            if buffer in self.buffers:
                self._free[buffer[0], self.buffers[buffer]].append(buffer)

    # --- Lines ------------------------------------------------------------------------------------

    def _write(self, work: Pack | Product | Totals | Check, dying: Sequence[Pack]) -> None:
        """The lines of one piece of work, after which some packs are not needed any more."""
        if isinstance(work, Pack):
            early = [pack for pack in dying if _is_overwritable(pack, work)]
            self._release(early)
            self._write_pack(work)
            dying = [pack for pack in dying if pack not in early]
        elif isinstance(work, Product):
            self._write_product(work)
        elif isinstance(work, Totals):
            self._write_totals(work)
        else:
            name = self._name(work.rows)
            self._lines.append(
                f"if not {work.extreme}({name}, None) {work.head} {work.number!r}: return None"
            )
        self._release(dying)

    def _write_pack(self, pack: Pack) -> None:
        if pack.copies:
            name = self._target(pack)
            for row, operand in enumerate(pack.operands):
                target = self._name(Rows(pack, row, row + 1))
                self._lines.append(f"copyto({target}, {self._operand(operand)})")
            return
        if pack.weights is not None:
            self._write_weighted_sums(pack)
        elif pack.members[0].head == "where":
            self._write_choice(pack)
        else:
            names = [self._operand(operand) for operand in pack.operands]
            name = self._target(pack)
            head = pack.members[0].head
            if head == "largest":
                self._lines.append(f"maximum({names[0]}, {names[1]}, out={name})")
                self._lines += [f"maximum({name}, {other}, out={name})" for other in names[2:]]
            else:
                self._lines.append(f"{ELEMENTARY[head].numpy or head}({', '.join([*names, name])})")
        for symbol in pack.members:
            result = self._results.get(symbol)
            if result is not None and self._places[pack] != result:
                self._lines.append(f"copyto({result}, {self._row(symbol)})")

    def _write_choice(self, pack: Pack) -> None:
        condition, *arms = pack.operands
        written = self._operand(condition)
        if [_number(arm) for arm in arms] == [1.0, 0.0] and isinstance(condition, Rows):
            self._lines.append(f"copyto({self._target(pack)}, {written})")
        elif [_number(arm) for arm in arms] == [0.0, 1.0] and isinstance(condition, Rows):
            self._lines.append(f"copyto({self._target(pack)}, ~{written})")
        else:
            x, y = map(self._operand, arms)
            name = self._target(pack)
            if isinstance(condition, Rows):
                self._lines.append(f"choose({written}, {x}, {y}, {name})")
            else:
                self._lines.append(f"copyto({name}, {x} if {written} else {y})")

    def _write_weighted_sums(self, pack: Pack) -> None:
        (rows,) = pack.operands
        group = pack.weights
        assert group is not None
        assert isinstance(rows, Rows)
        place_of = {symbol: place for place, symbol in enumerate(group.rows)}
        places = [place_of[symbol] for symbol in rows.symbols]
        sums = dict(zip(group.members, zip(group.weights, group.offsets, strict=True), strict=True))
        entries = [sums[member][0][place] for member in pack.members for place in places]
        offsets = tuple(sums[member][1] for member in pack.members)
        shape = (len(pack.members), len(places)) if len(pack.members) > 1 else (len(places),)
        weights, source = self.tables.name(entries, *shape), self._name(rows, as_matrix=True)
        name = self._target(pack)
        self._lines.append(f"dot({weights}, {source}, {name})")
        if not all(offset.is_constant(0.0) for offset in offsets):
            self._lines.append(f"add({name}, {self.tables.column(offsets)}, {name})")

    def _write_product(self, product: Product) -> None:
        left, right = product
        names = [self._name(rows, as_matrix=True) for rows in product]
        name = f"s{len(self._lines)}"
        self._lines.append(f"{name} = products({names[0]}, {names[1]})")
        for row, x in enumerate(left.symbols):
            for column, y in enumerate(right.symbols):
                self._take(Sum((x, y)), f"{name}[{row}][{column}]")

    def _take(self, total: Sum, text: str) -> None:
        if total in self._sums:
            self._sums[total] = text

    def _write_totals(self, totals: Totals) -> None:
        first, *second = totals.factors
        name = f"s{len(self._lines)}"
        summed = self._name(first)
        if second:
            self._lines.append(f"multiply({summed}, {self._name(second[0])}, scratch)")
            summed = "scratch"
        if first.stop - first.start == 1:
            self._lines.append(f"{name} = float(reduce({summed}, dtype=double))")
            self._take(Sum(tuple(rows.symbols[0] for rows in totals.factors)), name)
        else:
            self._lines.append(f"{name} = reduce({summed}, axis=1, dtype=double).tolist()")
            for row, symbol in enumerate(first.symbols):
                self._take(Sum((symbol,)), f"{name}[{row}]")

    # --- The function -----------------------------------------------------------------------------

    def text(self) -> FunctionText:
        """The function."""
        lanes = self.lanes
        text = FunctionText("block", ["x", "o"])
        known = {symbol: f"x{i}" for i, symbol in enumerate(lanes.inputs)}
        text.lines.append(f"{', '.join(known[symbol] for symbol in lanes.inputs)}, = x")
        if self._results:
            text.lines.append(f"{', '.join(self._results.values())}, = o")
        shared = [*self.tables.numbers, *self._conditions]
        before = Writer(text, UNRAISING, shared, known)
        for symbol, name in self._conditions.items():
            before.assign(symbol, name)  # also where it has a name, as a part of another condition
        numbers = [before.expression(symbol) for symbol in self.tables.numbers]
        if numbers:
            text.lines.append(f"numbers[:] = {tuple_of(numbers)}")
            text.lines.append('numbers.take(places, out=entries, mode="clip")')
        text.lines += self._lines
        known = before.known | {lanes.count: "lanes"}
        known |= {symbol: self._sums[total] for total, symbol in lanes.sums.items()}
        after = Writer(text, UNRAISING, lanes.finished, known)
        # A gradient is a sum that starts from 0, which is never -0; an output may be.
        written = [after.expression(x) for x in lanes.finished]
        count = lanes.constant_outputs
        finished = tuple_of([*written[:count], *(f"{x} + 0.0" for x in written[count:])])
        text.lines.append(f"return {finished}")
        return text


def _is_overwritable(dying: Pack, work: Pack) -> bool:
    """Whether the result may take the place of an operand: each entry is read before it is set."""
    if dying is work or work.copies or work.weights is not None:
        return False
    read = [rows for rows in work.operands if isinstance(rows, Rows) and rows.pack is dying]
    aligned = all(rows.whole for rows in read) and len(dying.members) == len(work.members)
    return aligned and (len(work.operands) < 3 or work.members[0].head == "where")


def _number(operand: Rows | Shared) -> float | None:
    """The number that an operand is in all lanes and for all members, if it is a constant one."""
    if isinstance(operand, Rows) or len(set(operand)) > 1 or operand[0].head != "constant":
        return None
    number: float = operand[0].arguments[0]
    return number
