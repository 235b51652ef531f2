"""`detect_anomaly`: the first operation that gives nan or an infinity is an error with its line.

Nothing of this costs anything outside of the context. Inside it every function that returns is
looked at, which makes recording some times slower.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite

from autograd.errors import AnomalyError
from autograd.graph.accumulation import Edge, accumulate, recorded_edges
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from autograd.graph.origins import Watch
from autograd.language import floats


class _State(threading.local):
    """What this thread watches.

    Attributes:
        watch: What knows the lines; None outside of the context.
        depth: How many contexts are open.
        checks: Whether a node that is created is looked at.
    """

    watch: Watch | None = None
    depth: int = 0
    checks: bool = True


_state = _State()


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Inside the context the first nan or infinity of a graph is an error that says where.

    Forward that is the first operation whose result is not finite, backward the first edge whose
    share of the gradient is not. The error is raised before any `.grad` is written. It names the
    operation, its operands with their numbers, and the line that created it, if that was inside
    the context. An operand that is nan itself is named as what was given.

    It concerns this thread only, and may be nested. An error that is caught inside the context does
    not end it: what is computed from then on is watched, too. Compiled programs have no nodes and
    are not looked at.

    Yields:
        Nothing.

    Raises:
        AnomalyError: From the operation or the reverse pass, not from the context.

    Example:
        >>> from autograd import AnomalyError, Value, detect_anomaly, log
        >>> x = Value(-1.0, label="x")
        >>> with detect_anomaly():
        ...     try:
        ...         log(x)
        ...     except AnomalyError as error:
        ...         print(str(error).partition(",")[0])
        log gave nan: log(x = -1.0)

    Source: the name and the meaning are those of PyTorch's `torch.autograd.detect_anomaly`.
    """
    if _state.watch is None:
        _state.watch = Watch(_check_node)
    _state.depth += 1
    try:
        with _state.watch:
            yield
    finally:
        _state.depth -= 1
        if not _state.depth:
            _state.watch = None


def watched() -> bool:
    """Whether this thread is in the context."""
    return _state.watch is not None


@contextmanager
def unchecked() -> Iterator[None]:
    """Nodes that are created in the block may be infinite: steps to what was checked already."""
    before, _state.checks = _state.checks, False
    try:
        yield
    finally:
        _state.checks = before


def check_reverse(output: Node) -> None:
    """Raises if the reverse pass from the output meets what is not finite.

    Raises:
        AnomalyError: At the first edge, in the order of the pass, whose share is not finite, or
            makes the sum of shares so.
    """
    order = topological_order([output])
    sums = dict.fromkeys(order, 0.0)
    sums[output] = 1.0

    def edges(node: Node, upstream: float) -> Iterator[Edge[Node]]:
        for edge, partial in zip(recorded_edges(node, upstream), node.partials, strict=True):
            parent, share, _ = edge
            if not isfinite(share) or not isfinite(sums[parent] + share):
                _refuse_share(node, parent, upstream, partial, sums[parent])
            yield edge

    accumulate(floats, order, sums, edges)


def _check_node(node: Node, line: str) -> None:
    if isfinite(node._data) or not _state.checks:
        return
    given = [p for p in node.parents if not isfinite(p._data)]
    note = ""
    if given:
        what = "leaf" if given[0].is_leaf else f"result of {given[0].op}"
        note = f"; {_name(given[0])} was {given[0]._data} already, as the {what} that was given"
    message = f"{node.op} gave {node._data}: {_call(node)}{_created(line)}{note}"
    raise AnomalyError(message, node, line)


def _refuse_share(node: Node, parent: Node, upstream: float, partial: float, before: float) -> None:
    assert _state.watch is not None
    line = _state.watch.lines.get(id(node), "")
    share = upstream * partial
    what = f"the share of {_call(node)} = {node._data!r} in the gradient of {_name(parent)} is "
    what += f"{share}: upstream {upstream!r} times local derivative {partial!r}"
    if isfinite(share):
        what = f"the gradient of {_name(parent)} overflows: {before!r} so far and {share!r} from "
        what += f"{_call(node)} = {node._data!r}"
    raise AnomalyError(f"backward: {what}{_created(line)}", node, line)


def _call(node: Node) -> str:
    """An operation with its operands, as "log(x = -1.0)"; of many the first few."""
    operands = [
        f"{_name(x)} = {x._data!r}" if isinstance(x, Node) else repr(x) for x in node.operands[:6]
    ]
    more = ["…"] * (len(node.operands) > 6)
    label = f" {node.label!r}" if node.label else ""
    return f"{node.op}{label}({', '.join(operands + more)})"


def _name(node: Node) -> str:
    """The label of a node, or what it is."""
    return node.label or (node.op if node.is_leaf else f"{node.op}(…)")


def _created(line: str) -> str:
    return f", created at {line}" if line else ", created outside of the context"
