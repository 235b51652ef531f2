"""A program over many lanes at once: which steps differ between lanes, and what is summed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd.compiled.lowering import Lowered
from autograd.compiled.numpy.rewriting import Rewriting
from autograd.compiled.numpy.variation import Variation
from autograd.language.symbols import Symbol, steps_of


class Sum(NamedTuple):
    """A sum over the lanes: of a symbol, or of the product of two."""

    factors: tuple[Symbol, ...]


class Lanes:
    """What a program computes when some inputs differ between lanes and the others do not.

    Args:
        lowered: The program.
        varying: For each input whether it differs between lanes.
        variation: The steps that differ between lanes, those that rewriting made included.
        better: What takes the place of steps. A block of lanes that does not fulfil its
            assumptions has to be run without them.

    Attributes:
        assumptions: What has to hold in all lanes.
        arrays: The results that differ between lanes.
        sums: The sums over the lanes that the other results need.
        needed: The steps that differ between lanes, in the order in which they are due.
        results: For each output, then for each gradient, whether it is one of `arrays`, and which;
            else it is one of `finished`.
        finished: Numbers, to be computed from the inputs that do not vary, `count` and `sums`.
        is_sum: For each of `finished` whether it is a sum over the lanes, and not the same in all.
        constant_outputs: How many outputs are the same in all lanes; they are first in `finished`.
        count: The symbol of the number of lanes.
    """

    def __init__(
        self, lowered: Lowered, varying: Sequence[bool], variation: Variation, better: Rewriting
    ) -> None:
        self.steps = lowered.steps
        self.inputs = lowered.inputs
        self._variation = variation
        self.assumptions = list(better.assumptions)
        outputs = [better.of(output) for output in lowered.outputs]
        self.sums: dict[Sum, Symbol] = {}
        self.count = self.steps.argument("lanes")
        self.finished: list[Symbol] = []
        self.is_sum: list[bool] = []
        arrays: dict[Symbol, int] = {}
        # Each result is an array over the lanes, or a number; the latter are `finished` in order.
        self.results = [self._place(output, arrays) for output in outputs]
        self.constant_outputs = len(self.finished)
        for gradients in lowered.gradients:
            for index, gradient in zip(lowered.tape.wrt, gradients, strict=True):
                symbol = better.of(gradient)
                if varying[index]:
                    self.results.append(self._place(symbol, arrays))
                else:
                    self.results.append(self._place(self._summed(symbol), arrays, is_sum=True))
        self.arrays = list(arrays)
        factors = [factor for total in self.sums for factor in total.factors]
        roots = [*self.arrays, *factors, *(assumption.subject for assumption in self.assumptions)]
        # In the order of the reverse pass few arrays are alive at the same time.
        passes = [better.of(g.symbol) for each in lowered.backward for g in each]
        required = {step for step in steps_of(roots) if step in variation}
        self._sum_what_is_computed(required)
        due = [symbol for symbol in [*outputs, *passes] if symbol in required]
        self.needed = [step for step in steps_of([*due, *roots]) if step in required]

    def varies(self, symbol: Symbol) -> bool:
        """Whether a symbol differs between lanes."""
        return symbol in self._variation

    def finished_of(self, parts: Sequence[Sequence[float]]) -> Sequence[float]:
        """The results that do not vary, from those of all parts into which lanes were cut."""
        if len(parts) == 1:
            return parts[0]
        pairs = zip(zip(*parts, strict=True), self.is_sum, strict=True)
        return [total(column) if is_sum else column[0] for column, is_sum in pairs]

    def _place(
        self, symbol: Symbol, arrays: dict[Symbol, int], is_sum: bool = False
    ) -> tuple[bool, int]:
        """Where a result is to be found: in which list, and there at which index."""
        if self.varies(symbol):
            return True, arrays.setdefault(symbol, len(arrays))
        self.finished.append(symbol)
        self.is_sum.append(is_sum)
        return False, len(self.finished) - 1

    def _summed(self, symbol: Symbol) -> Symbol:
        """The sum of a symbol over the lanes; what all lanes share is taken out of it."""
        if not self.varies(symbol):
            return symbol * self.count
        if symbol.head == "negative":
            return -self._summed(symbol.arguments[0])
        if symbol.head in ("*", "/"):
            x, y = symbol.arguments
            if not self.varies(y):
                return self.steps.step(symbol.head, self._summed(x), y)
            if symbol.head == "*":
                return self._summed(y) * x if not self.varies(x) else self._sum(x, y)
        return self._sum(symbol)

    def _sum_what_is_computed(self, required: Iterable[Symbol]) -> None:
        """Makes the sum of the products of two a sum of one symbol, where that is needed anyway."""
        products = {frozenset(step.arguments): step for step in required if step.head == "*"}
        sums = self.sums.items()
        self.sums = {
            Sum((products[frozenset(total.factors)],))
            if len(total.factors) == 2 and frozenset(total.factors) in products
            else total: symbol
            for total, symbol in sums
        }

    def _sum(self, *factors: Symbol) -> Symbol:
        total = Sum(factors)
        return self.sums.setdefault(total, self.steps.argument(f"sum {len(self.sums)}"))


def total(numbers: Sequence[float]) -> float:
    """The sum of the numbers of all blocks, rounded once."""
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # beyond the floats, or of infinities of both signs
        return sum(numbers)
