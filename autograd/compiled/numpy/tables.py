"""What all lanes share, as arrays: numbers, columns and matrices of weights."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiled.numpy.packs import Shared
from autograd.language.symbols import Symbol


class Tables:
    """The tables of a block.

    Attributes:
        numbers: The symbols that occur in tables, and their places in a list of them.
        places: For each entry, table after table, the place of its number.
        shapes: The shape of each table, by name.
    """

    def __init__(self) -> None:
        self.numbers: dict[Symbol, int] = {}
        self.places: list[int] = []
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._names: dict[tuple[tuple[int, ...], Shared], str] = {}

    def name(self, symbols: Sequence[Symbol], *shape: int) -> str:
        """The name of the table of these entries; one number has no shape."""
        key = shape, tuple(symbols)
        if key not in self._names:
            self._names[key] = name = f"k{len(self._names)}"
            self.shapes[name] = shape
            for symbol in symbols:
                self.places.append(self.numbers.setdefault(symbol, len(self.numbers)))
        return self._names[key]

    def column(self, symbols: Shared) -> str:
        """A column with an entry for each row, or one number if they are the same."""
        if len(set(symbols)) == 1:
            return self.name(symbols[:1])
        return self.name(symbols, len(symbols), 1)
