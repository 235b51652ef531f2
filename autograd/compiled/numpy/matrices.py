"""Matrix products among the steps of a program over lanes.

A network written neuron by neuron is made of weighted sums of the same rows. Taken together they
are one product of matrices, which libraries compute many times faster than sum by sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from autograd.compiled.numpy.lanes import Lanes, Sum
from autograd.language.symbols import Symbol

WORTHWHILE = 4  # products in a matrix product


@dataclass
class WeightedSums:
    """Weighted sums of the same rows: a matrix of weights times the matrix of the rows.

    Attributes:
        rows: What is summed.
        members: The sums.
        weights: For each of the sums a weight for each of the rows.
        offsets: For each of the sums what is added.
    """

    rows: tuple[Symbol, ...]
    members: list[Symbol] = field(default_factory=list)
    weights: list[list[Symbol]] = field(default_factory=list)
    offsets: list[Symbol] = field(default_factory=list)


@dataclass
class Products:
    """Sums over the lanes of the products of each of `left` with each of `right`."""

    left: tuple[Symbol, ...]
    right: tuple[Symbol, ...]


class Matrices:
    """The matrix products of a program.

    Args:
        lanes: The program.
        sum_products: Whether sums of products over the lanes may be products of matrices.

    Attributes:
        weighted: The products with weights, by each of their members.
        absorbed: Steps that are part of a product and are not computed by themselves.
        products: The products that are summed over the lanes.
        summed: The sums that they give.
    """

    def __init__(self, lanes: Lanes, sum_products: bool) -> None:
        self.lanes = lanes
        self.weighted: dict[Symbol, WeightedSums] = {}
        self.absorbed: set[Symbol] = set()
        self.products: list[Products] = []
        self.summed: set[Sum] = set()
        self._uses: Counter[Symbol] = Counter(lanes.arrays)
        for total in lanes.sums:
            self._uses.update(total.factors)
        for step in lanes.needed:
            self._uses.update(step.arguments)
        self._find_weighted_sums()
        if sum_products:
            self._find_products()

    # --- Weighted sums ----------------------------------------------------------------------------

    def _find_weighted_sums(self) -> None:
        groups: dict[frozenset[Symbol], WeightedSums] = {}
        inside: dict[Symbol, set[Symbol]] = {}
        found: set[Symbol] = set()
        zero = self.lanes.steps.symbol(0.0)
        sums = self._sums_of_weighted_terms()
        for step in reversed(self.lanes.needed):
            if step in found or step not in sums:
                continue
            terms, offset, parts = self._terms(step)
            found |= parts
            if len(terms) < 2:
                continue
            group = groups.setdefault(frozenset(terms), WeightedSums(tuple(terms)))
            group.members.append(step)
            group.weights.append([terms.get(row, zero) for row in group.rows])
            group.offsets.append(zero if offset is None else offset)
            inside[step] = parts
        for group in groups.values():
            if len(group.rows) * len(group.members) >= WORTHWHILE:
                for member in group.members:
                    self.weighted[member] = group
                    self.absorbed |= inside[member]

    def _sums_of_weighted_terms(self) -> set[Symbol]:
        """The sums all of whose terms have weights.

        Where some have none, a sum inside may be such a one: a product of matrices whose rows are
        neighbours.
        """
        weighted: dict[Symbol, bool] = {}  # whether all terms are, of sums and of negatives

        def has_weights(symbol: Symbol) -> bool:
            if self._uses[symbol] == 1 and symbol in weighted:
                return weighted[symbol]
            return not self.lanes.varies(symbol) or self._weighted_row(symbol) is not None

        for step in self.lanes.needed:
            if step.head in ("+", "-", "negative"):
                weighted[step] = all(map(has_weights, step.arguments))
        return {step for step, holds in weighted.items() if holds and step.head != "negative"}

    def _weighted_row(self, symbol: Symbol) -> tuple[Symbol, Symbol] | None:
        """A term as a row and its weight; None if it is a row by itself."""
        if self._uses[symbol] == 1 and symbol.head == "*":
            x, y = symbol.arguments
            if not self.lanes.varies(x):
                return y, x
            if not self.lanes.varies(y):
                return x, y
        return None

    def _terms(self, root: Symbol) -> tuple[dict[Symbol, Symbol], Symbol | None, set[Symbol]]:
        """A sum as weights of rows, and an offset; and the steps that it consists of."""
        steps, varies = self.lanes.steps, self.lanes.varies
        weights: dict[Symbol, Symbol] = {}
        offset: Symbol | None = None
        parts: set[Symbol] = set()
        stack = [(root, False)]
        while stack:
            symbol, negative = stack.pop()
            own = symbol is root or self._uses[symbol] == 1
            if not varies(symbol):
                signed = -symbol if negative else symbol
                offset = signed if offset is None else offset + signed
            elif own and symbol.head in ("+", "-"):
                parts.add(symbol)
                x, y = symbol.arguments
                stack += [(y, negative != (symbol.head == "-")), (x, negative)]
            elif own and symbol.head == "negative":
                parts.add(symbol)
                stack.append((symbol.arguments[0], not negative))
            else:
                row, weight = symbol, steps.symbol(1.0)
                if weighted := self._weighted_row(symbol):
                    row, weight = weighted
                    parts.add(symbol)
                signed = -weight if negative else weight
                weights[row] = weights[row] + signed if row in weights else signed
        return weights, offset, parts - {root}

    # --- Sums of products -------------------------------------------------------------------------

    def _find_products(self) -> None:
        partners: dict[Symbol, list[Symbol]] = defaultdict(list)
        for total in self.lanes.sums:
            if len(total.factors) == 2:
                partners[total.factors[0]].append(total.factors[1])
        groups: dict[frozenset[Symbol], list[Symbol]] = defaultdict(list)
        for left, right in partners.items():
            groups[frozenset(right)].append(left)
        for lefts in groups.values():
            right = partners[lefts[0]]
            if len(lefts) * len(right) >= WORTHWHILE:
                self.products.append(Products(tuple(lefts), tuple(right)))
                self.summed |= {Sum((x, y)) for x in lefts for y in right}
