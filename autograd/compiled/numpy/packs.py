"""Packs: the same step of a layer's neurons taken together, as one call on a matrix.

A call of NumPy takes half a microsecond whatever it does. Neurons that are written one by one do
the same steps on rows of the same matrices, so a layer needs no more calls than a neuron.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from autograd.compiled.numpy.lanes import Lanes
from autograd.compiled.numpy.matrices import Matrices, WeightedSums
from autograd.language.symbols import Symbol, is_condition


class Rows(NamedTuple):
    """Neighbouring rows of a pack: those from `start` up to `stop`."""

    pack: Pack
    start: int
    stop: int

    @property
    def symbols(self) -> list[Symbol]:
        """What the rows are."""
        return self.pack.members[self.start : self.stop]

    @property
    def whole(self) -> bool:
        """Whether these are all the rows."""
        return self.stop - self.start == len(self.pack.members)


# An operand that is the same in all lanes has no rows. It is a symbol for each member of the pack.
Shared = tuple[Symbol, ...]


@dataclass(eq=False, repr=False)
class Pack:
    """Symbols that one call computes, a row of a matrix each.

    Attributes:
        number: Which pack it is.
        members: The symbols.
        operands: What they are computed from: for each operand of a step rows, as many as there are
            members or one for all of them, or what lanes share.
        weights: The weighted sums that the members are, if they are such.
        is_ordered: Whether its members have to stay in their order.
        copies: Whether the rows are copies of rows of others.
        in_product: Whether a product of matrices reads it.
    """

    number: int
    members: list[Symbol]
    operands: list[Rows | Shared] = field(default_factory=list)
    weights: WeightedSums | None = None
    is_ordered: bool = False
    copies: bool = False
    in_product: bool = False

    @property
    def is_argument(self) -> bool:
        """Whether it is an argument of the program."""
        return not self.operands

    @property
    def reads(self) -> list[Pack]:
        """The packs that it is computed from, each once."""
        return list(dict.fromkeys(x.pack for x in self.operands if isinstance(x, Rows)))


class Packing:
    """The packs of a program.

    Args:
        lanes: The program.
        matrices: Its products of matrices.
        together: Whether equal steps are packed; if not, only products of matrices are.

    Attributes:
        packs: All packs, each after those that it reads; arguments are packs of their own.
        home: The pack and the row of each symbol that varies.
        products: For each of the products that are summed over lanes its two matrices.
    """

    def __init__(self, lanes: Lanes, matrices: Matrices, together: bool = True) -> None:
        self.lanes = lanes
        self.packs: list[Pack] = []
        self.home: dict[Symbol, tuple[Pack, int]] = {}
        self._copies: dict[frozenset[Symbol], Pack] = {}
        for argument in filter(lanes.varies, lanes.inputs):
            self._add([argument], [])
        for members in self._alike(matrices, together):
            group = matrices.weighted.get(members[0])
            if group is not None:
                self._add(members, [self._matrix(group.rows)], group)
            else:
                self._add_runs(members)
        self.products = [(self._matrix(p.left), self._matrix(p.right)) for p in matrices.products]

    def rows(self, symbol: Symbol) -> Rows:
        """The row of a symbol."""
        pack, row = self.home[symbol]
        pack.is_ordered = True
        return Rows(pack, row, row + 1)

    def _add(
        self,
        members: list[Symbol],
        operands: list[Rows | Shared],
        weights: WeightedSums | None = None,
    ) -> None:
        pack = Pack(len(self.packs), members, operands, weights)
        pack.is_ordered = weights is None and any(
            isinstance(rows, Rows) and rows.stop - rows.start > 1 for rows in operands
        )
        self.packs.append(pack)
        self._settle(pack)

    def _settle(self, pack: Pack) -> None:
        """Notes where the members of a pack are."""
        self.home.update({symbol: (pack, row) for row, symbol in enumerate(pack.members)})

    # --- Which steps are alike --------------------------------------------------------------------

    def _alike(self, matrices: Matrices, together: bool) -> list[list[Symbol]]:
        """The steps in classes: of one head, on operands of the same classes.

        A class comes after the classes of its operands, so that no step depends on its own class.
        """
        self._find_telling_constants()
        numbers: dict[object, int] = {}
        kinds: dict[Symbol, int] = {}
        classes: list[list[Symbol]] = []
        for step in self.lanes.needed:
            if step in matrices.absorbed:
                continue
            key: object = step
            if step in matrices.weighted:
                key = id(matrices.weighted[step])
            elif together:
                key = (step.head, *self._kinds(step, kinds))
            kinds[step] = numbers.setdefault(key, len(numbers))
            if kinds[step] == len(classes):
                classes.append([])
            classes[kinds[step]].append(step)
        return classes

    def _kinds(self, step: Symbol, kinds: dict[Symbol, int]) -> list[object]:
        """The class of each operand.

        Each argument of the program is a class of its own. All numbers that lanes share are one
        class, None, so that weights do not keep steps apart. A constant is a class of its own where
        only the constants of several steps differ.
        """
        telling = self._without_constants(step) in self._telling
        result: list[object] = []
        for symbol in step.arguments:
            number = not self.lanes.varies(symbol) and not is_condition(symbol)
            alike = number and not (telling and symbol.head == "constant")
            result.append(None if alike else kinds.get(symbol, symbol))
        return result

    def _find_telling_constants(self) -> None:
        """Finds the steps that occur on the same operands with several constants."""
        seen: dict[object, Symbol] = {}
        self._telling: set[object] = set()
        for step in self.lanes.needed:
            key = self._without_constants(step)
            if seen.setdefault(key, step) is not step:
                self._telling.add(key)

    def _without_constants(self, step: Symbol) -> object:
        return step.head, *(None if x.head == "constant" else x for x in step.arguments)

    # --- Products of matrices ---------------------------------------------------------------------

    def _matrix(self, symbols: Sequence[Symbol]) -> Rows:
        """The symbols as neighbouring rows of one pack, in an order of its own."""
        packs = {self.home[symbol][0] for symbol in symbols}
        rows = {self.home[symbol][1] for symbol in symbols}
        start, stop = min(rows), min(rows) + len(symbols)
        if len(packs) == 1 and rows == set(range(start, stop)):
            (pack,) = packs
        else:
            pack = self._copied(symbols)
            start, stop = 0, len(symbols)
        pack.in_product = pack.is_ordered = True
        return Rows(pack, start, stop)

    def _copied(self, symbols: Sequence[Symbol]) -> Pack:
        """A pack into which the symbols are copied."""
        key = frozenset(symbols)
        if key not in self._copies:
            operands: list[Rows | Shared] = [self.rows(symbol) for symbol in symbols]
            self._copies[key] = Pack(len(self.packs), list(symbols), operands, copies=True)
            self.packs.append(self._copies[key])
        return self._copies[key]

    # --- Steps that are alike ---------------------------------------------------------------------

    def _add_runs(self, members: Sequence[Symbol]) -> None:
        """Adds the steps as packs of steps whose operands are neighbours, too, or the same."""
        self._align(members)
        places = {step: self._places(step) for step in members}
        run: list[Symbol] = []
        placed: list[list[tuple[Pack, int]]] = []  # of the run
        for step in sorted(places, key=lambda step: [(p.number, row) for p, row in places[step]]):
            if run and not _continues(placed, places[step]):
                self._add(run, self._operands(run))
                run, placed = [], []
            run.append(step)
            placed.append(places[step])
        self._add(run, self._operands(run))

    def _align(self, members: Sequence[Symbol]) -> None:
        """Brings operands whose order is still open into the order of the others."""
        columns = list(zip(*(step.arguments for step in members), strict=True))
        columns = [column for column in columns if column[0] in self.home]
        loose = [column for column in columns if self._is_loose(column)]
        leading = next((c for c in columns if c not in loose and len(set(c)) > 1), None)
        leading = leading or next(iter(loose), None)
        for column in loose:
            ranks = [(self.home[x][0].number, self.home[x][1]) for x in leading or ()]
            pack = self.home[column[0]][0]
            pack.members[:] = [x for _, x in sorted(zip(ranks, column, strict=True), key=_rank)]
            if pack.weights is None:
                pack.operands[:] = self._operands(pack.members)
            self._settle(pack)

    def _is_loose(self, symbols: Shared) -> bool:
        """Whether these are all the members of a pack that may still be put in any order."""
        pack = self.home[symbols[0]][0]
        same = len(symbols) == len(pack.members) and set(symbols) == set(pack.members)
        return same and len(symbols) > 1 and not pack.is_ordered

    def _places(self, step: Symbol) -> list[tuple[Pack, int]]:
        """Where the operands are that vary."""
        return [self.home[argument] for argument in step.arguments if argument in self.home]

    def _operands(self, run: Sequence[Symbol]) -> list[Rows | Shared]:
        operands: list[Rows | Shared] = []
        for column in zip(*(step.arguments for step in run), strict=True):
            if column[0] in self.home:
                (pack, start), (_, stop) = self.home[column[0]], self.home[column[-1]]
                pack.is_ordered = True
                operands.append(Rows(pack, start, stop + 1))
            else:
                operands.append(column)
        return operands


def _rank(entry: tuple[tuple[int, int], Symbol]) -> tuple[int, int]:
    return entry[0]


def _continues(
    run: Sequence[Sequence[tuple[Pack, int]]], places: Sequence[tuple[Pack, int]]
) -> bool:
    """Whether each operand is one row further than in the run so far, or the same row in all."""
    for (pack, start), (_, end), (own, row) in zip(run[0], run[-1], places, strict=True):
        further = end - start == len(run) - 1 and row == end + 1
        same = end == start == row
        if own is not pack or not (further or same):
            return False
    return True
