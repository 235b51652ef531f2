"""How a node with many parents adds to their gradients: in a loop, or by code for their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd.graph.node import Node
from autograd.language.emitting import FunctionText

# Up to this many operands there is code of its own for each number of operands. It is written when
# that number has come up so often that doing without has cost about as much as writing it would. A
# loop over the dozens of parents of a neuron takes a third longer.
UNROLLED, OFTEN = 300, 64

# Of the upstream gradient, the parents, the local derivatives, and a table of gradients or None.
Adding = Callable[[float, Sequence[Node], Sequence[float], Any], None]


class ByCount(dict[int, Adding]):
    """For each number of parents what adds upstream · local derivative to their gradients.

    Args:
        gradient: Where the gradient of a parent is, as text: "{}._grad" or "sums[{}]".
    """

    def __init__(self, gradient: str) -> None:
        self._gradient = gradient
        self._uses: Counter[int] = Counter()

    @cached_property
    def _loop(self) -> Adding:
        return self._written(
            "accumulate",
            "for p, d in zip(parents, partials, strict=True):",
            f"    {self._gradient.format('p')} += upstream * d",
        )

    def __missing__(self, count: int) -> Adding:
        if count > UNROLLED:
            return self._loop
        self._uses[count] += 1
        if self._uses[count] < OFTEN:
            return self._loop
        self._uses.pop(count, None)  # another thread may have been here, too
        numbers = range(count)
        self[count] = self._written(
            f"accumulate_{count}",
            f"({''.join(f'p{i}, ' for i in numbers)}) = parents",
            f"({''.join(f'd{i}, ' for i in numbers)}) = partials",
            *(f"{self._gradient.format(f'p{i}')} += upstream * d{i}" for i in numbers),
        )
        return self[count]

    def _written(self, name: str, *lines: str) -> Adding:
        text = FunctionText(name, ["upstream", "parents", "partials", "sums"])
        text.lines += lines
        add: Adding = text.compiled()
        return add
