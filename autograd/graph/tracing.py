"""What only a function that is recorded for every input has: nodes of comparisons, and their rows.

Where eager code would branch, a comparison of values is a node, 1 where it holds and else 0, which
`where` takes as its condition.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any, TypeVar

from autograd.graph.node import NO_GRADIENT, Node
from autograd.table import REAL, Operation

N = TypeVar("N", bound=Node)


def _comparison(name: str, symbol: str, holds: Callable[[Any, Any, Any], Any]) -> Operation:
    return Operation(
        name,
        lambda m, x, y: m.where(holds(m, x, y), 1.0, 0.0),
        lambda m, x, y, z: (0.0, 0.0),
        f"1 where x {symbol} y, else 0",
        domain=(REAL, REAL),
        symbol=symbol,
        method=False,
    )


COMPARISONS = {
    operation.symbol: operation
    for operation in (
        _comparison("less", "<", lambda m, x, y: x < y),
        _comparison("less_equal", "<=", lambda m, x, y: x <= y),
        _comparison("greater", ">", lambda m, x, y: x > y),
        _comparison("greater_equal", ">=", lambda m, x, y: x >= y),
        _comparison("equal", "==", lambda m, x, y: m.equal(x, y)),
        _comparison(
            "not_equal", "!=", lambda m, x, y: m.equal(m.where(m.equal(x, y), 1.0, 0.0), 0.0)
        ),
    )
}


PRODUCT_ERROR = Operation(
    "product_error",
    lambda m, x, y: m.product_error(x, y),
    lambda m, x, y, z: (0.0, 0.0),
    "x · y less its rounded product",
    domain=(REAL, REAL),
    symbol="product_error",
    method=False,
)

# Rows like those of the derivative table, which only recorded functions have, by their symbols.
ROWS = COMPARISONS | {PRODUCT_ERROR.symbol: PRODUCT_ERROR}


def comparison(symbol: str, left: N, right: N | float) -> Any:
    """The node of a comparison of a node with a node or a number."""
    return _node(COMPARISONS[symbol], left, right)


def product_error(x: Any, y: Any) -> Any:
    """The node of what the rounding of a product leaves out; a factor at least is a node."""
    return _node(PRODUCT_ERROR, x, y) if isinstance(x, Node) else _node(PRODUCT_ERROR, y, x)


def _node(operation: Operation, left: N, right: N | float) -> Any:
    node = object.__new__(type(left))
    node._data, node._grad, node._op, node._label = nan, NO_GRADIENT, operation, ""
    node._left, node._dleft = left, 0.0
    both = isinstance(right, Node)
    node._right, node._dright = (right, 0.0) if both else (None, right)
    return node
