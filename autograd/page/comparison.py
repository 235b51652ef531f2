"""A second set of gradients beside the engine's: which nodes it speaks of, and where it differs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from math import isfinite, isnan
from typing import Any

from autograd.arguments import number
from autograd.drawing.reading import Reading
from autograd.errors import shown
from autograd.graph.node import Node

EPSILON = 2.0**-50  # of what was added up: what roundings on the way leave of what should be 0
ROUNDING = 1e-6  # of the size of a gradient: what is below does not show in six digits


def claims_of(
    given: Any, order: Iterable[Node], reading: Reading, caller: str
) -> dict[Node, float]:
    """The gradients that were given, by their nodes.

    Args:
        given: Numbers by `Value` or by label.
        order: The nodes of the graph.
        reading: Their labels.
        caller: The method that was given them.

    Raises:
        TypeError: If it is no mapping, or a key or a number is of the wrong type.
        ValueError: If a key is no node of the graph, or several.
    """
    if not isinstance(given, Mapping):
        raise TypeError(
            f"{caller}: compare takes gradients by node or label, as in "
            f'compare={{"w1": 0.25}}, got {shown(given)}'
        )
    labelled: dict[str, list[Node]] = {}
    nodes = set()
    for node in order:
        nodes.add(node)
        label = reading.of(node).label
        if label:
            labelled.setdefault(label, []).append(node)
    claims: dict[Node, float] = {}
    for key, gradient in given.items():
        if isinstance(key, Node):
            node = key
            if node not in nodes:
                raise ValueError(f"{caller}: {key!r}, a key of compare, is not in this graph")
        elif isinstance(key, str):
            node = _labelled(key, labelled, caller)
        else:
            raise TypeError(f"{caller}: a key of compare is a Value or a label, got {shown(key)}")
        if node in claims:
            raise ValueError(f"{caller}: compare gives two gradients for {key!r}; give one")
        claims[node] = number(gradient, f"{caller}: compare[{key!r}]")
    return claims


def _labelled(label: str, labelled: Mapping[str, list[Node]], caller: str) -> Node:
    found = labelled.get(label, [])
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(
            f"{caller}: {len(found)} nodes have the label {label!r}; give the Value itself as the "
            "key of compare"
        )
    close = difflib.get_close_matches(label, labelled, n=3, cutoff=0.5)
    near = f"did you mean {' or '.join(map(repr, close))}?" if close else "give a label of a node"
    raise ValueError(f"{caller}: no node has the label {label!r}; {near}")


def differs(engine: float, claimed: float, size: float, least: float = 0.0) -> bool:
    """Whether two gradients differ beyond rounding.

    Args:
        engine: The one.
        claimed: The other.
        size: The sum of the absolute contributions: what they cancel to is not more exact.
        least: How far they may be apart in any case.
    """
    if isnan(engine) or isnan(claimed):
        return isnan(engine) != isnan(claimed)
    if not isfinite(engine) or not isfinite(claimed):
        return engine != claimed
    scale = max(abs(engine), abs(claimed), size if isfinite(size) else 0.0)
    return abs(engine - claimed) > max(ROUNDING * scale, least)
