"""Why a loss or its gradient is not finite: the operation that gave the first such number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

from autograd import Value
from nn.module import modes_kept

if TYPE_CHECKING:
    from nn.training.objective import Objective

SHOWN = 4  # operands of an operation that are named


def cause_of(objective: Objective, index: Iterable[int]) -> str | None:
    """Says which operation made the loss of a sample infinite or nan, or its gradient.

    The samples are computed once more, eagerly and in evaluation mode.

    Args:
        objective: The function that training makes small.
        index: The indices of the samples.

    Returns:
        A sentence, such as "in sample 0 log(0.0) is -inf and mul(0.0, -inf) is nan". None if
        nothing is found, or if a number only became too large: then the steps are too large.
    """
    model: Any = objective.model
    with modes_kept(objective.model):
        objective.model.eval()
        for sample in index:
            row, target = objective.data.inputs[sample], objective.data.targets[sample]
            nodes = _in_order(objective.loss(model(row.tolist()), target.tolist()))
            found = _of_values(nodes) or _of_derivatives(nodes)
            if found:
                return f"in sample {sample} {found}"
            if not all(isfinite(node.data) for node in nodes):
                return None
    return None


def _of_values(nodes: list[Value]) -> str:
    """Where nan came from, or an infinity that is the loss; "" if it is only a large number."""
    loss = nodes[-1].data
    if isfinite(loss):
        return ""
    first = next(node for node in nodes if _is_new(node, isnan(loss)))
    infinite = [p for p in first.parents if not isfinite(p.data)]
    if not infinite:
        return _applied(first) if _is_pole(first) else ""
    origin = next(node for node in _in_order(infinite[0]) if not isfinite(node.data))
    if not _is_pole(origin):
        return ""
    return f"{_applied(origin)} and {_applied(first)}"


def _of_derivatives(nodes: list[Value]) -> str:
    """An infinite local derivative; "" if there is none."""
    for node in nodes:
        for partial in node.partials:
            if not isfinite(partial) and isfinite(node.data):
                return f"the derivative of {_call(node)} is {partial}"
    return ""


def _is_new(node: Value, is_nan: bool) -> bool:
    """Whether a node is the first of its kind on the way: nan, or infinite."""
    if is_nan:
        return isnan(node.data) and not any(isnan(p.data) for p in node.parents)
    return not isfinite(node.data)


def _is_pole(node: Value) -> bool:
    """Whether small operands gave it, so that it is no overflow; nan of finite ones is none."""
    numbers = [x.data if isinstance(x, Value) else x for x in node.operands]
    small = all(abs(x) <= 1 for x in numbers) or 0 in numbers
    return bool(numbers) and (isnan(node.data) or small)


def _applied(node: Value) -> str:
    return f"{_call(node)} is {node.data}"


def _call(node: Value) -> str:
    """An operation with the numbers of its operands; of many the first few."""
    numbers = [repr(x.data if isinstance(x, Value) else x) for x in node.operands]
    more = ["…"] * (len(numbers) > SHOWN)
    return f"{node.op}({', '.join(numbers[:SHOWN] + more)})"


def _in_order(output: Value) -> list[Value]:
    """All nodes that the output depends on, each after its parents."""
    order: dict[Value, None] = {}
    stack: list[tuple[Value, Iterator[Value]]] = [(output, iter(output.parents))]
    open_nodes = {output}
    while stack:
        node, parents = stack[-1]
        below = next((p for p in parents if p not in order and p not in open_nodes), None)
        if below is None:
            order[node] = None
            stack.pop()
        else:
            open_nodes.add(below)
            stack.append((below, iter(below.parents)))
    return list(order)
