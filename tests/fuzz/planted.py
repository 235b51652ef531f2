"""Faults in the passes of compiled programs and in sweeps, to see that random graphs find them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd.compiled import libraries, lowering, taping
from autograd.compiled.numpy import (
    blocks,
    forms,
    lanes,
    matrices,
    packs,
    plans,
    rewriting,
    schedule,
    variation,
)
from autograd.language.symbols import Symbol
from autograd.transforms import forward, reverse


def _instead(function: Callable[..., Any], wrong: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments, **more: wrong(function(*arguments, **more), *arguments)


def _swapped_arms(symbol: Symbol, rewriting: Any, head: str, arguments: Any) -> Symbol:
    if head == "where" and symbol.head == "where":
        condition, x, y = symbol.arguments
        return rewriting.steps.step("where", condition, y, x)
    return symbol


def _reversed_values(weights: dict[Symbol, Symbol]) -> dict[Symbol, Symbol]:
    return dict(zip(weights, [*weights.values()][::-1], strict=True))


# The object, its attribute, and from what that returns (and its arguments) what it returns wrongly.
FAULTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "lowering: a local derivative too large": (
        lowering.Lowered, "partials", lambda result, *_: [*result[:-1], result[-1] * 1.5],
    ),
    "taping: the operands in reverse": (
        taping, "_entries", lambda result, *_: tuple(
            e._replace(operands=e.operands[::-1]) if e.operation.name == "sub" else e
            for e in result
        ),
    ),
    "variation: an input that does not vary": (
        variation.Variation, "__contains__",
        lambda result, self, symbol: result and symbol.head != "exp",
    ),
    "rewriting: arms in the wrong order": (rewriting.Rewriting, "_better", _swapped_arms),
    "lanes: a sum without the lanes' number": (
        lanes.Lanes, "_summed",
        lambda result, self, symbol: result if self.varies(symbol) else symbol,
    ),
    "matrices: a weight of the neighbour": (
        matrices.Matrices, "_terms",
        lambda result, *_: (_reversed_values(result[0]), *result[1:]),
    ),
    "packs: rows that are no neighbours": (
        packs, "_continues", lambda result, run, places: all(
            own is pack for (pack, _), (own, _) in zip(run[0], places, strict=True)
        ),
    ),
    "schedule: an array is dead too early": (
        schedule.Schedule, "__iter__",
        lambda result, *_: ((work, [*dying, *(
            p for p in ([work] if isinstance(work, packs.Pack) else []) if p not in dying
        )]) for work, dying in result),
    ),
    "blocks: an operand is overwritten": (blocks, "_is_overwritable", lambda *_: True),
    "plans: sums of the first block only": (
        plans.Plan, "finished", lambda result, self, parts: parts[0],
    ),
    "libraries: a mean over the lanes": (
        libraries, "_summed",
        lambda result, module, lanes, shape: result / (lanes.size / max(1, result.size)),
    ),
    "forward: all inputs at one speed": (
        forward, "moving", lambda result, *_: dict.fromkeys(result, 1.0),
    ),
    "reverse in Values: a product too large": (
        reverse, "times", lambda result, *_: result * 1.5,
    ),
    "forms: sums of short rows only": (
        forms, "_products", lambda result, x, y: [row[::-1] for row in result],
    ),
}  # fmt: skip


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The engine with one of the faults, while the context lasts."""
    where, attribute, wrong = FAULTS[name]
    right = vars(where)[attribute]
    setattr(where, attribute, _instead(right, wrong))
    if where is forms:
        forms.NAMESPACE["products"] = vars(where)[attribute]
    try:
        yield
    finally:
        setattr(where, attribute, right)
        if where is forms:
            forms.NAMESPACE["products"] = right
