"""What to say of a function and its graph: what is wrong with it, and which node is to blame."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd import Value
from autograd.graph.origins import with_lines
from autograd.testing.entries import Unusable
from autograd.testing.operands import operands_and_settings, operation_of
from autograd.testing.report import Blame, Kink
from autograd.testing.results import Raised
from autograd.testing.subject import Recording, Subject

if TYPE_CHECKING:
    from autograd.testing.local import Local
    from autograd.testing.replay import Replay
    from autograd.testing.stability import Stability


def can_replay() -> bool:
    """Whether there is mpmath, in which graphs are replayed."""
    try:
        import mpmath  # noqa: F401
    except ImportError:
        return False
    return True


def require_determinism(subject: Subject, first: Recording, second: Recording) -> None:
    """Raises if two runs at one point differ."""
    x, y = first.output.data, second.output.data
    if x != y and not (math.isnan(x) and math.isnan(y)):
        raise Unusable(not_deterministic(subject, x, y))
    if first.shape() != second.shape():
        raise Unusable(f"{subject.name} is not deterministic: two runs record different graphs")


def not_deterministic(subject: Subject, first: float, second: float) -> str:
    """What to say of a function with two values at one point."""
    return (
        f"{subject.name} is not deterministic: two runs at one point gave {first!r} and "
        f"{second!r}; fix its random numbers"
    )


def require_dependence(subject: Subject, recording: Recording) -> None:
    """Raises if no input is in the graph and the value does not follow the inputs either."""
    from autograd.testing.stability import neighbour

    if not set(recording.leaves).isdisjoint(recording.order):
        return
    for distance in (2.0**-8, -(2.0**-8)):
        try:
            moved = subject.record(neighbour(subject.numbers, distance)).output.data
        except Raised:
            continue
        if moved != recording.output.data:
            return
    raise Unusable(f"{subject.name} does not depend on its inputs")


def matters(node: Value, position: int) -> bool:
    """Whether a node's value changes with a plain operand; settings do not count."""
    if not can_replay():
        return True
    from autograd.testing.local import missing_edge

    operands, _ = operands_and_settings(node)
    return position >= len(operands) or bool(missing_edge(node, position))


# --- Who is to blame ------------------------------------------------------------------------------


def node_name(node: Value) -> str:
    """A node in words: its operation, the label if it has one, and what it was applied to."""
    shown = [
        f"{x.label}={x.data:.6g}" if x.label else f"{x.data:.6g}"
        for x in (y if isinstance(y, Value) else Value(y) for y in node.operands[:6])
    ]
    more = ", …" if len(node.operands) > 6 else ""
    label = f" {node.label!r}" if node.label else ""
    return f"{node.op}{label} at ({', '.join(shown)}{more})"


def argument_name(node: Value, index: int) -> str:
    """What the operation calls its operand of that index."""
    operation = operation_of(node)
    if not operation.groups:
        return operation.arguments[index]
    groups = operation.grouped(range(len(operands_and_settings(node)[0])))
    for name, places in zip(operation.groups, groups, strict=True):
        if index in places:
            return f"{name}[{places.index(index)}]" if name not in operation.single else name
    return str(index)


def wrong_operations(replay: Replay) -> list[Blame]:
    """The nodes whose value or local derivatives are not their operation's."""
    found = [_blamed(local) for local in replay.wrong]
    for node, value in replay.off:
        cause = f"{node_name(node)}: its value is {node.data!r}, by its rule {float(value)!r}"
        at = tuple(p.data for p in node.parents)
        found.append(Blame(node_name(node), node.op, node.label, "", at, node.data,
                           float(value), str(id(node)), cause))  # fmt: skip
    return found


def _blamed(local: Local) -> Blame:
    node, claimed = local.node, math.nan if local.claimed is None else local.claimed
    name, argument = node_name(node), argument_name(node, local.index)
    reference = float(local.exact)
    sides = [float(side) for side in local.sides or ()]
    between = f"between {sides[0]:.6g} and {sides[1]:.6g}" if sides else ""
    cause = (
        f"{name}: its local derivative by {argument} is {claimed!r}, "
        f"but should be {between or repr(reference)}"
    )
    at = tuple(parent.data for parent in node.parents)
    return Blame(name, node.op, node.label, argument, at, claimed, reference, str(id(node)), cause)


def accumulation(recording: Recording) -> Blame:
    """All local derivatives are right and the total is not."""
    output = recording.output
    cause = (
        "accumulation: every local derivative is right, so the reverse pass adds up the wrong "
        "products"
    )
    return Blame(node_name(output), "", output.label, "", (), math.nan, math.nan, "", cause)


def cancelled(recording: Recording) -> Blame:
    """Kinks cancel, and what is taken at each of them does not add up to the derivative."""
    output = recording.output
    cause = (
        "kinks that cancel: the function has one derivative here, but what the operations take at "
        "their kinks does not add up to it"
    )
    return Blame(node_name(output), "", output.label, "", (), math.nan, math.nan, "", cause)


def without_replay(recording: Recording, stable: Stability | None) -> list[Blame]:
    """Who is to blame where the recorded graph is not the function, or cannot be replayed."""
    found = []
    for node, index in stable.moved if stable is not None else ():
        if node.is_leaf:
            what = f"the number {node.data!r}{f' ({node.label})' if node.label else ''}"
            cause = f"{what} follows the inputs but is no node of theirs, as after `.data`"
        else:
            argument = argument_name(node, index)
            cause = (
                f"{node_name(node)}: its operand {argument} follows the inputs, but there is no "
                "edge to it"
            )
        found.append(Blame(node_name(node), "" if node.is_leaf else node.op, node.label, "", (),
                           math.nan, math.nan, str(id(node)), cause))  # fmt: skip
    return found


def wrong_locals(order: Sequence[Value]) -> list[Blame]:
    """The nodes whose local derivatives are wrong, by differences where there is no mpmath."""
    if can_replay():
        from autograd.testing.replay import Replay

        return wrong_operations(Replay(order))
    from autograd.testing.operands import wrong_by_differences

    found = []
    for node, index, claimed, reference in wrong_by_differences(order):
        name, argument = node_name(node), argument_name(node, index)
        cause = (
            f"{name}: its local derivative by {argument} is {claimed!r}, by differences "
            f"{reference:.9g}"
        )
        at = tuple(parent.data for parent in node.parents)
        found.append(Blame(name, node.op, node.label, argument, at, claimed, reference,
                           str(id(node)), cause))  # fmt: skip
    return found


def with_origins(
    subject: Subject, recording: Recording, blame: Sequence[Blame], wanted: bool
) -> list[Blame]:
    """The same with the lines that created the nodes, found by running the function once more."""
    again: Recording | None = None
    lines: dict[int, str] = {}
    if wanted and blame:
        with contextlib.suppress(Unusable):
            again, lines = with_lines(subject.record)
    place = {str(id(node)): i for i, node in enumerate(recording.order)}
    found = []
    for entry in blame:
        line = ""
        if again is not None and entry.line in place and len(again.order) == len(place):
            line = lines.get(id(again.order[place[entry.line]]), "")
        found.append(dataclasses.replace(entry, line=line))
    return found


def kinks(replay: Replay) -> list[Kink]:
    """The nodes at a point where their operation has no derivative."""
    return [
        Kink(
            node_name(local.node),
            local.node.op,
            argument_name(local.node, local.index),
            tuple(parent.data for parent in local.node.parents),
            (float(local.sides[0]), float(local.sides[1])),
            math.nan if local.claimed is None else local.claimed,
            operation_of(local.node).convention,
        )
        for local in replay.kinks
        if local.sides is not None
    ]
