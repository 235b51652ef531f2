"""NumPy source that runs a program on one block of lanes, in buffers that are used again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd.compiled.lanes import Lanes, Sum
from autograd.compiled.matrices import Matrices, Products, WeightedSums
from autograd.symbols import Symbol

CONDITIONS = {
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "equal": "equal",
    "both": "logical_and",
    "either": "logical_or",
}
UFUNCS = CONDITIONS | {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "negative": "negative",
    "abs": "absolute",
    "pow": "power",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "atan2": "arctan2",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}
BUFFERS = 8 * 2**20  # bytes for all buffers together
LONGEST, SHORTEST = 32768, 1024  # lanes in a block


@dataclass
class Work:
    """Something to do: what it reads, what it leaves, and what it is."""

    reads: tuple[Symbol, ...]
    writes: tuple[Symbol, ...]
    subject: Symbol | WeightedSums | Products | Sum | tuple[Symbol, int, int]


class BlockWriter:
    """Writes the function of one block: `block(x, u, o, b, c, m, w, offsets, p, scratch)`.

    Args:
        lanes: The program.
        sum_products: Whether sums of products may be taken as products of matrices.

    Attributes:
        uniforms: The symbols of the numbers that the function takes.
        conditions: How many buffers for conditions it takes.
        numbers: How many buffers for numbers.
        matrices: The matrices that it takes, and the tables of weights.
    """

    def __init__(self, lanes: Lanes, sum_products: bool) -> None:
        self.lanes = lanes
        self.matrices = Matrices(lanes, sum_products)
        self.uniforms: dict[Symbol, str] = {}
        self.tables: list[WeightedSums] = []
        self.lines: list[str] = []
        self._inputs = {symbol: f"x{i}" for i, symbol in enumerate(lanes.inputs)}
        self._sums = {total: i for i, total in enumerate(lanes.sums)}
        self._results = {symbol: f"o{i}" for i, symbol in enumerate(lanes.arrays)}
        self._names: dict[Symbol, str] = {}
        self._free: dict[str, list[str]] = {"b": [], "c": []}
        self._counts = {"b": 0, "c": 0}
        self._sum_names = ["0.0"] * len(lanes.sums)
        work = list(self._schedule())
        last = {symbol: i for i, item in enumerate(work) for symbol in item.reads}
        for index, item in enumerate(work):
            self._dying = {s for s in item.reads if last[s] == index and s in self._names}
            self._write(item)
            self._release(self._dying)
            self._release({s for s in item.writes if s not in last})
        for symbol, name in self._results.items():
            if symbol in self._inputs:
                self.lines.append(f"copyto({name}, {self._inputs[symbol]})")

    @property
    def numbers(self) -> int:
        """How many buffers for numbers the function takes."""
        return self._counts["b"]

    @property
    def conditions(self) -> int:
        """How many buffers for conditions the function takes."""
        return self._counts["c"]

    def length(self, itemsize: int) -> int:
        """How many lanes are a block."""
        rows = self.numbers + sum(map(len, self.matrices.kept)) + len(self.lanes.arrays) + 1
        rows += sum(len(group.members) for group in self.tables)
        length = LONGEST
        while length > SHORTEST and rows * length * itemsize > BUFFERS:
            length //= 2
        return length

    # --- What to do, in which order ---------------------------------------------------------------

    def _schedule(self) -> Iterator[Work]:
        lanes, matrices = self.lanes, self.matrices
        present: set[Symbol] = set(self._inputs)
        waiting: list[Work] = []
        for total in lanes.sums:
            if total not in matrices.summed:
                waiting.append(Work(total.factors, (), total))
        for products in matrices.products:
            waiting.append(Work((*products.left, *products.right), (), products))
        for index, rows in enumerate(matrices.kept):
            for row, symbol in enumerate(rows):
                if symbol in self._inputs:
                    yield Work((symbol,), (), (symbol, index, row))
        for step in lanes.needed:
            if step in present or step in matrices.absorbed:
                continue
            group = matrices.weighted.get(step)
            made = (step,) if group is None else tuple(group.members)
            if group is None:
                varying = tuple(a for a in step.arguments if lanes.varies(a))
                yield Work(varying, made, step)
            else:
                yield Work(group.rows, made, group)
            present.update(made)
            for index, rows in enumerate(matrices.kept):
                for row, symbol in enumerate(rows):
                    if symbol in made and (
                        matrices.home[symbol] != (index, row) or group is not None
                    ):
                        yield Work((symbol,), (), (symbol, index, row))
            ready = [item for item in waiting if present.issuperset(item.reads)]
            waiting = [item for item in waiting if not present.issuperset(item.reads)]
            yield from ready
        yield from waiting

    # --- Buffers ----------------------------------------------------------------------------------

    def _name(self, symbol: Symbol) -> str:
        """The text of a symbol's number or array."""
        if symbol in self._names:
            return self._names[symbol]
        if self.lanes.varies(symbol):
            return self._inputs[symbol]
        if symbol.head == "constant":
            return repr(symbol.arguments[0])
        return self.uniforms.setdefault(symbol, f"u{len(self.uniforms)}")

    def _target(self, symbol: Symbol) -> str:
        """Where a step is computed to; a buffer of an operand that is used for the last time."""
        home = self.matrices.home.get(symbol)
        if home is not None and symbol not in self.matrices.weighted:
            name = f"m{home[0]}_{home[1]}"
        elif symbol in self._results:
            name = self._results[symbol]
        else:
            self._release(self._dying)
            self._dying = set()
            kind = "c" if symbol.head in CONDITIONS else "b"
            if self._free[kind]:
                name = self._free[kind].pop()
            else:
                name = f"{kind}{self._counts[kind]}"
                self._counts[kind] += 1
        self._names[symbol] = name
        return name

    def _release(self, symbols: set[Symbol]) -> None:
        for symbol in sorted(symbols, key=lambda s: self._names[s]):
            name = self._names[symbol]
            if name[0] in self._free:
                self._free[name[0]].append(name)

    # --- Lines ------------------------------------------------------------------------------------

    def _write(self, item: Work) -> None:
        subject = item.subject
        if isinstance(subject, Symbol):
            self._write_step(subject)
        elif isinstance(subject, WeightedSums):
            self._write_weighted_sums(subject)
        elif isinstance(subject, Products):
            self._write_products(subject)
        elif isinstance(subject, Sum):
            self._write_sum(subject)
        else:
            symbol, matrix, row = subject
            self.lines.append(f"copyto(m{matrix}_{row}, {self._name(symbol)})")

    def _write_step(self, step: Symbol) -> None:
        names = [self._name(argument) for argument in step.arguments]
        result = self._results.get(step)
        if step.head == "where":
            self._write_choice(step, names)
        else:
            if len(names) > 2:  # written before the last operands are read
                dying, self._dying = self._dying, set()
                name = self._target(step)
                self._dying = dying
            else:
                name = self._target(step)
            if step.head == "largest":
                self.lines.append(f"maximum({names[0]}, {names[1]}, out={name})")
                self.lines += [f"maximum({name}, {other}, out={name})" for other in names[2:]]
            else:
                ufunc = UFUNCS.get(step.head, step.head)
                self.lines.append(f"{ufunc}({', '.join([*names, name])})")
        if result is not None and self._names[step] != result:
            self.lines.append(f"copyto({result}, {self._names[step]})")

    def _write_choice(self, step: Symbol, names: Sequence[str]) -> None:
        condition, x, y = names
        arms = [
            argument.arguments[0] for argument in step.arguments[1:] if argument.head == "constant"
        ]
        name = self._target(step)
        if arms == [1.0, 0.0] and self.lanes.varies(step.arguments[0]):
            self.lines.append(f"copyto({name}, {condition})")
        elif arms == [0.0, 1.0] and self.lanes.varies(step.arguments[0]):
            self.lines.append(f"copyto({name}, ~{condition})")
        elif not self.lanes.varies(step.arguments[0]):
            self.lines.append(f"copyto({name}, {x} if {condition} else {y})")
        else:
            self.lines.append(f"choose({condition}, {x}, {y}, {name})")

    def _write_weighted_sums(self, group: WeightedSums) -> None:
        matrix = self.matrices.matrix(group.rows)
        table = len(self.tables)
        self.tables.append(group)
        for number in (*(w for weights in group.weights for w in weights), *group.offsets):
            self._name(number)
        offset = any(not o.is_constant(0.0) for o in group.offsets)
        self.lines.append(f"matmul(w{table}, m{matrix}, out=p{table})")
        if offset:
            self.lines.append(f"add(p{table}, offset{table}, p{table})")
        for row, member in enumerate(group.members):
            self._names[member] = f"p{table}_{row}"
            if member in self._results:
                self.lines.append(f"copyto({self._results[member]}, p{table}_{row})")

    def _write_products(self, products: Products) -> None:
        left, right = self.matrices.matrix(products.left), self.matrices.matrix(products.right)
        name = f"s{len(self.lines)}"
        self.lines.append(f"{name} = matmul(m{left}, m{right}.T).tolist()")
        for row, x in enumerate(products.left):
            for column, y in enumerate(products.right):
                total = Sum((x, y))
                if total in self._sums:
                    self._sum_names[self._sums[total]] = f"{name}[{row}][{column}]"

    def _write_sum(self, total: Sum) -> None:
        names = [self._name(factor) for factor in total.factors]
        if len(names) == 2:
            self.lines.append(f"multiply({names[0]}, {names[1]}, scratch)")
            names = ["scratch"]
        name = f"s{len(self.lines)}"
        self.lines.append(f"{name} = float(reduce({names[0]}, dtype=double))")
        self._sum_names[self._sums[total]] = name

    # --- The function -----------------------------------------------------------------------------

    def text(self) -> str:
        """The source of the function."""
        lanes, kept = self.lanes, self.matrices.kept
        used = [i for i, symbol in enumerate(lanes.inputs) if lanes.varies(symbol)]
        head = [
            _unpacked([f"x{i}" for i in used], "x"),
            _unpacked(list(self.uniforms.values()), "u"),
            _unpacked(list(self._results.values()), "o"),
            _unpacked([f"b{i}" for i in range(self.numbers)], "b"),
            _unpacked([f"c{i}" for i in range(self.conditions)], "c"),
            _unpacked([f"m{i}" for i in range(len(kept))], "m"),
            _unpacked([f"w{i}" for i in range(len(self.tables))], "w"),
            _unpacked([f"offset{i}" for i in range(len(self.tables))], "offsets"),
            _unpacked([f"p{i}" for i in range(len(self.tables))], "p"),
        ]
        head += [
            _unpacked([f"m{i}_{row}" for row in range(len(rows))], f"m{i}")
            for i, rows in enumerate(kept)
        ]
        head += [
            _unpacked([f"p{i}_{row}" for row in range(len(group.members))], f"p{i}")
            for i, group in enumerate(self.tables)
        ]
        body = [*filter(None, head), *self.lines, f"return [{', '.join(self._sum_names)}]"]
        parameters = "x, u, o, b, c, m, w, offsets, p, scratch"
        return f"def block({parameters}):\n" + "".join(f"    {line}\n" for line in body)


def _unpacked(names: Sequence[str], source: str) -> str:
    return f"{', '.join(names)}, = {source}" if names else ""
