"""Which steps of a program differ between lanes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd.language.symbols import Symbol, steps_of


class Variation:
    """The steps that differ between lanes: certain inputs, and what is computed from them.

    Args:
        inputs: The inputs of the program.
        varying: For each of them whether it differs between lanes.
    """

    def __init__(self, inputs: Iterable[Symbol], varying: Sequence[bool]) -> None:
        self._seen: set[Symbol] = set()
        self._varying = {x for x, varies in zip(inputs, varying, strict=True) if varies}

    def mark(self, results: Sequence[Symbol]) -> None:
        """Finds which of the steps of these results differ between lanes; each is asked once."""
        new = [result for result in results if result not in self._seen]
        for step in steps_of(new, self._seen) if new else ():
            self._seen.add(step)
            if any(argument in self._varying for argument in step.arguments):
                self._varying.add(step)

    def __contains__(self, symbol: Symbol) -> bool:
        """Whether a symbol differs between lanes."""
        return symbol in self._varying
