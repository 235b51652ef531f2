"""The elementary steps of a whole program, with constants folded and nothing done twice."""

from __future__ import annotations

from typing import Any

from autograd.language import compensated
from autograd.language.elementary import ELEMENTARY
from autograd.language.symbols import Symbol, Trace

LARGEST = 240_000  # steps; finding and printing them takes seconds
MOST_ASKED = 6 * LARGEST  # those that are known already, too; they are the larger part in Hessians


class TooLargeError(ValueError):
    """The program has too many steps to be written out as source."""


class Steps(Trace):
    """The vocabulary on the symbols of a program.

    Every simplification leaves the result the same bit for bit.

    Args:
        two_words: Whether what the rounding of a product left out is computed. That takes 64-bit
            floats; for others, and where a compiler may rearrange, it is left out.

    Attributes:
        limited: Whether a step that is one too many raises `TooLargeError`.
    """

    def __init__(self, two_words: bool = True) -> None:
        super().__init__()
        self.two_words = two_words
        self.limited = True
        self._asked = 0

    def __len__(self) -> int:
        return len(self._steps)

    def symbol(self, term: Any) -> Symbol:
        if isinstance(term, bool):
            return super().step("constant", term)
        return super().symbol(term)

    def step(self, head: str, *terms: Any) -> Symbol:
        if head in ("argument", "constant"):
            return super().step(head, *terms)
        self._asked += 1
        if self.limited and (len(self._steps) > LARGEST or self._asked > MOST_ASKED):
            raise TooLargeError
        arguments = tuple([t if type(t) is Symbol else self.symbol(t) for t in terms])
        key = (head, *map(id, arguments))
        known = self._steps.get(key)
        if known is None and ELEMENTARY[head].commutes:
            known = self._steps.get((head, key[2], key[1]))
        if known is not None:
            return known
        if all(argument.head == "constant" for argument in arguments):
            function = ELEMENTARY[head].on_floats
            return self.symbol(function(*(argument.arguments[0] for argument in arguments)))
        simpler = self._simpler(head, arguments)
        if simpler is None:
            simpler = self._steps[key] = Symbol(self, head, arguments)
        return simpler

    def _simpler(self, head: str, arguments: tuple[Symbol, ...]) -> Symbol | None:
        """The same number by fewer steps, where there is such a way."""
        x, *rest = arguments
        if not rest:
            if head == "negative" and x.head == "negative":
                return _inner(x)
            return x if head == "largest" else None
        y = rest[0]
        x_negative, y_negative = x.head == "negative", y.head == "negative"
        match head:
            case "+" if y_negative:
                return x - _inner(y)
            case "+" if x_negative:
                return y - _inner(x)
            case "-" if y_negative:
                return x + _inner(y)
            case "*" | "/" if x_negative and y_negative:
                return self.step(head, _inner(x), _inner(y))
            case "*" | "/" if x_negative and y.head != "constant":
                return -self.step(head, _inner(x), y)
            case "*" | "/" if y_negative and x.head != "constant":
                return -self.step(head, x, _inner(y))
            case "/" | "pow" if y.is_constant(1.0):
                return x
            case "both" | "either":
                return self._logical(head, x, y)
            case "where" if x.head == "constant":
                return y if x.arguments[0] else rest[1]
            case "where" if y is rest[1]:
                return y
        return None

    def _logical(self, head: str, x: Symbol, y: Symbol) -> Symbol | None:
        for known, other in ((x, y), (y, x)):
            if known.head == "constant":
                return other if known.arguments[0] == (head == "both") else known
        return x if x is y else None

    # What Python's `math`, NumPy and others do not all have, by elementary steps.

    def product_error(self, x: Any, y: Any) -> Symbol:
        """x·y minus its rounded product; 0 where that is not representable."""
        if not self.two_words:
            return self.symbol(0.0)
        return self.symbol(compensated.product_error(self, self.symbol(x), self.symbol(y)))

    def cbrt(self, x: Any) -> Symbol:
        """The real cube root."""
        if not self.two_words:
            return self.step("cbrt", x)
        return self.symbol(compensated.cbrt(self, self.symbol(x)))


def _inner(negative: Symbol) -> Symbol:
    inner: Symbol = negative.arguments[0]
    return inner
