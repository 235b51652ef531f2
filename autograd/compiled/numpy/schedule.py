"""In which order a block's work is done, and when an array is needed for the last time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autograd.compiled.numpy.packs import Pack, Packing, Rows
from autograd.language.symbols import Symbol

EXTREMES = {">": "smallest", ">=": "smallest", "<": "greatest", "<=": "greatest"}


class Product(NamedTuple):
    """A product of matrices that sums over the lanes."""

    left: Rows
    right: Rows


class Totals(NamedTuple):
    """The sums over the lanes of some rows, or of the products of two."""

    factors: tuple[Rows, ...]


class Check(NamedTuple):
    """That the smallest, or the greatest, of some rows compares with a number."""

    rows: Rows
    extreme: str
    head: str
    number: float


Work = Pack | Product | Totals | Check


@dataclass
class Waiting:
    """Work that is due when so many packs more are there."""

    missing: int
    work: Work


class Schedule:
    """The work of a program in order; a sum or a check is due when its rows are there.

    Iterating gives each piece of work with the packs that no later one reads.

    Args:
        packing: The program.
    """

    def __init__(self, packing: Packing) -> None:
        self.packing = packing
        self._order: list[Work] = []
        self._done: set[Pack] = set()
        self._waiting: defaultdict[Pack, list[Waiting]] = defaultdict(list)
        extra: list[Work] = [*self._checks(), *(Product(*pair) for pair in packing.products)]
        for work in [*extra, *self._totals()]:
            self._await(work)
        for pack in packing.packs:
            if pack.is_argument:
                self._finish(pack)
        for step in packing.lanes.needed:
            if step in packing.home:
                self._demand(packing.home[step][0])
        for product in packing.products:
            for rows in product:
                self._demand(rows.pack)

    def __iter__(self) -> Iterator[tuple[Work, list[Pack]]]:
        last = {pack: i for i, work in enumerate(self._order) for pack in _reads(work)}
        dying: defaultdict[int, list[Pack]] = defaultdict(list)
        for pack, index in last.items():
            dying[index].append(pack)
        for index, work in enumerate(self._order):
            unread = [work] if isinstance(work, Pack) and work not in last else []
            yield work, [*dying[index], *unread]

    # --- The order --------------------------------------------------------------------------------

    def _await(self, work: Work) -> None:
        """Puts off work until all that it reads is there."""
        packs = _reads(work)
        waiting = Waiting(len(packs), work)
        for pack in packs:
            self._waiting[pack].append(waiting)

    def _demand(self, pack: Pack) -> None:
        """Puts a pack into the order, after what it reads."""
        stack = [pack]
        while stack:
            missing = [p for p in stack[-1].reads if p not in self._done]
            if stack[-1] in self._done:
                stack.pop()
            elif missing:
                stack += missing
            else:
                done = stack.pop()
                self._order.append(done)
                self._finish(done)

    def _finish(self, pack: Pack) -> None:
        """Marks a pack as there, which may make other work due."""
        self._done.add(pack)
        for waiting in self._waiting.pop(pack, ()):
            waiting.missing -= 1
            if not waiting.missing:
                self._order.append(waiting.work)

    # --- Sums and checks --------------------------------------------------------------------------

    def _totals(self) -> Iterator[Totals]:
        lanes, packing = self.packing.lanes, self.packing
        in_products = {
            (x, y) for left, right in packing.products for x in left.symbols for y in right.symbols
        }
        alone: list[Symbol] = []
        for total in lanes.sums:
            if total.factors in in_products:
                continue
            if len(total.factors) == 1:
                alone.append(total.factors[0])
            else:
                yield Totals(tuple(packing.rows(factor) for factor in total.factors))
        for rows in self._runs(alone):
            yield Totals((rows,))

    def _checks(self) -> Iterator[Check]:
        alike: defaultdict[tuple[str, float], list[Symbol]] = defaultdict(list)
        for subject, head, number in self.packing.lanes.assumptions:
            alike[head, number].append(subject)
        for (head, number), subjects in alike.items():
            for rows in self._runs(subjects):
                yield Check(rows, EXTREMES[head], head, number)

    def _runs(self, symbols: Sequence[Symbol]) -> Iterator[Rows]:
        """The symbols as neighbouring rows of packs."""
        of_pack: defaultdict[Pack, list[int]] = defaultdict(list)
        for symbol in symbols:
            pack, row = self.packing.home[symbol]
            of_pack[pack].append(row)
        for pack, rows in of_pack.items():
            start = before = -1
            for row in sorted(rows):
                if start < 0:
                    start = row
                elif row > before + 1:
                    yield Rows(pack, start, before + 1)
                    start = row
                before = row
            yield Rows(pack, start, before + 1)


def _reads(work: Work) -> list[Pack]:
    """The packs that a piece of work reads, each once."""
    if isinstance(work, Pack):
        return work.reads
    if isinstance(work, Check):
        return [work.rows.pack]
    rows = work if isinstance(work, Product) else work.factors
    return list(dict.fromkeys(each.pack for each in rows))
