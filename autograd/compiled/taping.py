"""A tape of a recorded graph, or of a function of Values."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from math import nan
from typing import Any

from autograd.compiled.tape import Entry, Tape
from autograd.errors import shown
from autograd.graph import every_input
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from autograd.refusals import refusal_of_numpy
from autograd.value import Value

# What gets a gradient: nodes of a graph, or the indices of a function's inputs.
Wanted = Iterable[Any] | None
OUTPUT = "the output"
NO_CONTAINERS = (
    "the inputs of a program are numbers and no containers: for a list of three write "
    "autograd.compile(lambda *xs: f(xs), 3), for a dictionary "
    'autograd.compile(lambda w, x: f({"w": w, "x": x}))'
)


def tape_of_graph(output: Any, inputs: Any, wrt: Wanted) -> Tape:
    """The tape of what was recorded; leaves that are no inputs keep their present data.

    Raises:
        TypeError: If an output or an input is no `Value`.
        ValueError: If an input is computed, given twice, or not in the graph, or an output depends
            on no input; if there is a node that has no edge to its operand.
    """
    _check_wanted(wrt)
    outputs, single = _outputs(output)
    if not isinstance(inputs, Iterable):
        raise TypeError(
            f"compile: expected a list of inputs, got {shown(inputs)}; write "
            "autograd.compile(output, [x, y])"
        )
    inputs = list(inputs)
    order = topological_order(outputs)
    _check_inputs(inputs, set(order))
    _check_edges(order)
    places = {node: place for place, node in enumerate(inputs)}
    if wrt is None:
        wanted = tuple(range(len(inputs)))
    else:
        nodes = list(wrt)
        for node in nodes:
            if not isinstance(node, Node) or node not in places:
                raise ValueError(f"compile: wrt has {shown(node)}, which is not among the inputs")
        wanted = tuple(places[node] for node in nodes)
    _check_twice(wanted, "wrt")
    entries = _entries(order, places)
    labels = tuple(node.label for node in inputs)
    return Tape(labels, entries, _depending(outputs, places, entries, single), wanted, single)


def tape_of_function(function: Callable[..., Any], n_inputs: Any, wrt: Wanted) -> Tape:
    """The tape of a function, recorded for every input.

    Raises:
        TypeError: If the number of inputs is not to be known, the function branches on an input,
            or it returns no `Value`.
        ValueError: If `wrt` is not of indices of inputs, or an output depends on no input.
    """
    _check_wanted(wrt)
    labels = _parameters(function, n_inputs)
    inputs = [Value(nan, label) for label in labels]
    with every_input.recording():
        result = _called(function, inputs)
    outputs, single = _outputs(result, f"what {_name(function)} returned")
    wanted = tuple(range(len(inputs)) if wrt is None else map(_integer, wrt))
    for index in wanted:
        if type(index) is not int or not 0 <= index < len(inputs):
            raise ValueError(
                f"compile: wrt has {index!r}; of a function give the indices of inputs, "
                f"from 0 to {len(inputs) - 1}"
            )
    _check_twice(wanted, "wrt")
    places: dict[Node, int] = {node: place for place, node in enumerate(inputs)}
    entries = _entries(topological_order(outputs), places)
    return Tape(labels, entries, _depending(outputs, places, entries, single), wanted, single)


def _called(function: Callable[..., Any], inputs: Sequence[Value]) -> Any:
    """What the function returns; if it takes an input for a container, a remedy."""
    try:
        return function(*inputs)
    except (TypeError, AttributeError) as error:
        refusal = refusal_of_numpy(error, f"compile: {_name(function)}")
        if refusal is not None:
            raise refusal from error
        if "'Value'" not in str(error):  # as Python says that a Value has no entries
            raise
        raise TypeError(
            f"compile: {_name(function)} was called with one Value for each of its inputs, and "
            f"raised {type(error).__name__}: {error}; {NO_CONTAINERS}"
        ) from error


def _integer(given: Any) -> Any:
    """An integer as Python's own; NumPy's are integers, too."""
    is_integer = hasattr(type(given), "__index__") and not isinstance(given, bool)
    return operator.index(given) if is_integer else given


def _entries(order: Sequence[Node], places: dict[Node, int]) -> tuple[Entry, ...]:
    """The computed nodes as entries; `places` gets theirs."""
    entries = []
    for node in order:
        if node.is_leaf:
            continue
        operation: Any = node._op
        operands, settings = node.applied_to
        places[node] = len(places)
        entries.append(
            Entry(
                operation,
                tuple(_operand(operand, places) for operand in operands),
                settings,
                node._label,
            )
        )
    return tuple(entries)


def _operand(operand: Node | float, places: dict[Node, int]) -> int | float:
    if not isinstance(operand, Node):
        return operand
    place = places.get(operand)
    return operand._data if place is None else place


def _outputs(given: Any, name: str = OUTPUT) -> tuple[list[Node], bool]:
    if isinstance(given, Node):
        return [given], True
    unordered = isinstance(given, str | bytes | Mapping | Set)
    outputs = list(given) if isinstance(given, Iterable) and not unordered else [given]
    for index, output in enumerate(outputs):
        if not isinstance(output, Node):
            where = "" if output is given else f" at {index}"
            remedy = "; does it miss its return?" if given is None and name != OUTPUT else ""
            raise TypeError(
                f"compile: expected {name} to be a Value or a list of Values, got {shown(output)}"
                f"{where}{remedy}"
            )
    if not outputs:
        raise ValueError(f"compile: {name} is an empty list; give at least one Value")
    return outputs, False


def _check_wanted(wrt: Any) -> None:
    if wrt is not None and not isinstance(wrt, Iterable):
        raise TypeError(f"compile: expected wrt to be a list, got {shown(wrt)}; write [{wrt!r}]")


def _check_inputs(inputs: Sequence[Any], graph: set[Node]) -> None:
    for index, node in enumerate(inputs):
        if not isinstance(node, Node):
            raise TypeError(f"compile: input {index} is {shown(node)}; give Values of the graph")
        if not node.is_leaf:
            raise ValueError(
                f"compile: input {index} is computed by {node.op!r}; give the leaves that it "
                "depends on"
            )
        if node not in graph:
            raise ValueError(
                f"compile: the output does not depend on input {index}, {shown(node)}; leave it "
                "out, or look whether another Value took its place in the graph"
            )
    _check_twice([id(node) for node in inputs], "inputs")


def _check_edges(order: Sequence[Node]) -> None:
    """Raises where a value follows an operand to which there is no edge, as nothing flows there."""
    for node in order:
        if not node.is_leaf and len(node.operands) == 1 and not node.parents:
            raise ValueError(
                f"compile: {shown(node)} is {node.op!r} of {node.operands[0]!r}, to which the "
                "graph has no edge, so the program could not follow it; compile a function of the "
                "inputs, which is recorded for every input"
            )


def _check_twice(entries: Sequence[int], name: str) -> None:
    for index, entry in enumerate(entries):
        if entry in entries[:index]:
            raise ValueError(
                f"compile: {name} has the same entry at {entries.index(entry)} and at {index}; "
                "give each once"
            )


def _depending(
    outputs: Sequence[Node], places: dict[Node, int], entries: tuple[Entry, ...], single: bool
) -> tuple[int, ...]:
    """The places of the outputs, each of which depends on an input."""
    labels = [""] * (len(places) - len(entries))
    depends = Tape(tuple(labels), entries, (), (), single).depending(range(len(labels)))
    for index, output in enumerate(outputs):
        if output not in places or not depends[places[output]]:
            which = "the output" if single else f"output {index}"
            raise ValueError(f"compile: {which} depends on no input; it is the same for every one")
    return tuple(places[output] for output in outputs)


def _parameters(function: Callable[..., Any], n_inputs: Any) -> tuple[str, ...]:
    """The names of the inputs: those of the function's parameters, if they are to be known."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
        open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    except (TypeError, ValueError):  # as of functions written in C
        parameters, open_ended = [], True
    names = [
        p.name
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty
    ]
    if n_inputs is None:
        if open_ended:
            raise TypeError(
                f"compile: the number of inputs of {_name(function)} is not to be seen; give it, "
                "as in autograd.compile(f, 3)"
            )
        if not names:
            raise TypeError(
                f"compile: {_name(function)} has no inputs; give a function with a parameter for "
                "each, and without a default"
            )
        return tuple(names)
    count = _integer(n_inputs)
    if type(count) is not int or count < 1:
        raise TypeError(
            f"compile: expected the number of the function's inputs, a positive integer, "
            f"got {shown(n_inputs)}{f'; {NO_CONTAINERS}' if hasattr(n_inputs, '__len__') else ''}"
        )
    if len(names) == count:
        return tuple(names)
    return tuple(f"x{i}" for i in range(1, count + 1))


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", "the function")
