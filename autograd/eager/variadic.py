"""Functions of any number of operands, and of operands that are chosen: nodes with many parents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from math import nan
from typing import Any

from autograd.arguments import as_number, integer, number
from autograd.eager.building import node_lines
from autograd.eager.evaluation import evaluation
from autograd.errors import shown
from autograd.graph import every_input
from autograd.graph.many_parents import OFTEN, UNROLLED
from autograd.graph.node import NO_GRADIENT, Node
from autograd.language import floats
from autograd.language.emitting import FunctionText
from autograd.language.writing import GUARDED, PLAIN, Writer
from autograd.table.row import Operation, kept_with_row
from autograd.table.symbolic import SymbolicRow, flat_partials

UNUSUAL = (KeyError, TypeError, AttributeError, ArithmeticError, ValueError)


def variadic_function(operation: Operation, value_class: type[Node]) -> Callable[..., Any]:
    """The function of an operation over groups of operands."""
    bodies: dict[tuple[Any, ...], Callable[..., Any]] = {}
    record = _Recorder(operation, value_class, bodies)
    groups, settings = operation.groups, dict(operation.settings)
    defaults = ["None" if group in operation.single else None for group in groups]
    defaults += [None if default is None else repr(default) for default in settings.values()]
    text = FunctionText(operation.name, [*groups, *settings], defaults)
    use = text.use
    for name in settings:
        text.lines.append(f"{name} = {use(integer)}({name}, '{operation.name}: {name}')")
    sizes = [f"{g} is not None" if g in operation.single else f"{use(len)}({g})" for g in groups]
    star = ", ".join(f"*({g},)" if g in operation.single else f"*{g}" for g in groups)
    # The body for this many operands is tried; `record` sorts out whatever is unusual.
    text.lines += [
        "try:",
        f"    return {use(bodies, 'bodies')}[{', '.join([*sizes, *settings])},](({star},))",
        f"except ({', '.join(use(error) for error in UNUSUAL)}):",
        f"    return {use(record, 'record')}({', '.join([*groups, *settings])})",
    ]
    function: Callable[..., Any] = text.compiled()
    return function


class _Recorder:
    """Records a variadic operation whatever its operands are, and writes bodies for usual ones."""

    def __init__(
        self,
        operation: Operation,
        value_class: type[Node],
        bodies: dict[tuple[Any, ...], Callable[..., Any]],
    ) -> None:
        self.operation = operation
        self.value_class = value_class
        self.bodies = bodies
        self._uses: Counter[tuple[Any, ...]] = Counter()

    def __call__(self, *arguments: Any) -> Any:
        operation = self.operation
        count = len(operation.groups)
        groups = [
            self._operands(given, name)
            for given, name in zip(arguments[:count], operation.groups, strict=True)
        ]
        settings = arguments[count:]
        self._check(groups, settings)
        operands = [operand for group in groups for operand in group]
        numbers = [
            [x._data if isinstance(x, Node) else _number(x, operation.name) for x in group]
            for group in groups
        ]
        value, partials = evaluated(operation, numbers, settings)
        key = (*map(len, groups), *settings)
        all_nodes = all(isinstance(x, Node) for x in operands)
        if all_nodes and 0 < len(operands) <= UNROLLED and key not in self.bodies:
            self._uses[key] += 1
            if self._uses[key] >= OFTEN:
                self.bodies[key] = _unrolled(operation, self.value_class, key)
                self._uses.pop(key, None)  # another thread may have written it, too
        flat = [x for group in numbers for x in group]
        return _recorded(operation, self.value_class, operands, flat, value, partials, settings)

    def _operands(self, given: Any, name: str) -> list[Any]:
        """A group of operands as a list; a single operand is a group of one."""
        if name in self.operation.single and given is None:
            return []
        if isinstance(given, Node) or as_number(given) is not None:
            return [given]
        expected = (
            "a Value or a number"
            if name in self.operation.single
            else ("a list of Values or numbers")
        )
        unordered = isinstance(given, str | bytes | bytearray | Mapping | Set)
        if name in self.operation.single or unordered or not hasattr(given, "__iter__"):
            raise TypeError(
                f"{self.operation.name}: expected {expected} as {name}, got {shown(given)}"
            )
        return list(given)

    def _check(self, groups: Sequence[list[Any]], settings: Sequence[Any]) -> None:
        """Raises unless the groups are of one length, long enough, and right for the settings."""
        operation = self.operation
        many = [
            (name, group)
            for name, group in zip(operation.groups, groups, strict=True)
            if name not in operation.single
        ]
        (first, operands), *rest = many
        for name, group in rest:
            if len(group) != len(operands):
                raise ValueError(
                    f"{operation.name}: {len(operands)} {first} but {len(group)} {name}; "
                    "give as many of the one as of the other"
                )
        if len(operands) < operation.at_least:
            raise ValueError(f"{operation.name}: {first} is empty; give at least one")
        if operation.check is not None:
            operation.check(*groups, *settings)


def _number(given: Any, name: str) -> float:
    """An operand as a float; a row of them, as in an array of two dimensions, is none."""
    try:
        return number(given, name)
    except TypeError:
        if not isinstance(given, list | tuple) and getattr(given, "shape", None) in (None, ()):
            raise
        raise TypeError(
            f"{name}: expected a list of Values or numbers, got a list of rows such as "
            f"{given!r:.60}; make one list of them, as in [x for row in rows for x in row]"
        ) from None


def evaluated(
    operation: Operation, numbers: Sequence[list[float]], settings: Sequence[Any]
) -> tuple[float, list[float]]:
    """The value and the local derivatives at these numbers, by running the rule on floats."""
    try:
        value = operation.value(floats, *numbers, *settings)
        partials = operation.partials(floats, *numbers, *settings, value)
        return value, flat_partials(operation, partials)
    except (ArithmeticError, ValueError):
        function = _guarded(operation, tuple(map(len, numbers)), tuple(settings))
        value, guarded = function(*(x for group in numbers for x in group))
        return value, list(guarded)


@kept_with_row
def _guarded(operation: Operation, sizes: tuple[int, ...], settings: tuple[int, ...]) -> Any:
    return evaluation(SymbolicRow(operation, sizes, settings), GUARDED, f"guarded_{operation.name}")


def _unrolled(operation: Operation, value_class: type[Node], key: tuple[Any, ...]) -> Any:
    """The body for operands that are all nodes, in groups of these sizes."""
    count = len(operation.groups)
    formula = SymbolicRow(operation, key[:count], key[count:])
    text = FunctionText(f"{operation.name}_{'_'.join(map(str, key[:count]))}")
    use, operands = text.use, text.parameter("operands")
    nodes = [text.variable(a) for a in formula.arguments]
    numbers = [text.variable(f"{a}_data") for a in formula.arguments]
    value, node = text.variable("value"), text.variable("node")
    text.lines.append(f"{', '.join(nodes)}, = {operands}")
    text.lines += [f"{x} = {n}._data" for x, n in zip(numbers, nodes, strict=True)]
    symbols = map(formula.trace.argument, formula.arguments)
    known = dict(zip(symbols, numbers, strict=True))
    writer = Writer(text, PLAIN, [formula.value, *formula.partials], known)
    writer.assign(formula.value, value)
    partials = [writer.expression(partial) for partial in formula.partials]
    text.lines += [
        # What has a _data of its own is not yet a node: NumPy's masked arrays, for one.
        f"if {use(type)}({value}) is not {use(float)}:",
        f"    raise {use(TypeError)}",
        *node_lines(
            text,
            operation,
            value_class,
            node,
            data=value,
            left=operands,
            right="None",
            dleft=f"({', '.join(partials)},)",
            dright=f"{_constants(len(nodes), key[count:])}",
        ),
    ]
    return text.compiled()


def _constants(parents: int, settings: Sequence[Any]) -> tuple[Any, ...] | None:
    return (*[None] * parents, *settings) if settings else None


# --- Operands that are chosen ---------------------------------------------------------------------


def selecting_function(operation: Operation, value_class: type[Node]) -> Callable[..., Any]:
    """The function of an operation whose operands with a local derivative of zero get no edge."""
    evaluate = evaluation(SymbolicRow(operation), GUARDED, f"guarded_{operation.name}")

    def record(*operands: Any) -> Any:
        numbers = [x._data if isinstance(x, Node) else number(x, operation.name) for x in operands]
        value, partials = evaluate(*numbers)
        return _recorded(operation, value_class, operands, numbers, value, partials, ())

    text = FunctionText(operation.name, operation.arguments)
    parameters = ", ".join(operation.arguments)
    text.lines.append(f"return {text.use(record, 'record')}({parameters})")
    function: Callable[..., Any] = text.compiled()
    return function


def _recorded(
    operation: Operation,
    value_class: type[Node],
    operands: Sequence[Any],
    numbers: Sequence[float],
    value: float,
    partials: Sequence[float],
    settings: Sequence[Any],
) -> Any:
    """A node with many parents; the value alone if no operand is a node."""
    if not any(isinstance(x, Node) for x in operands):
        return value
    drops = operation.drops_zero
    if drops and every_input.active():  # every edge may be taken for some input
        value, drops = nan, False
    edges = [
        isinstance(x, Node) and not (drops and partial == 0.0)
        for x, partial in zip(operands, partials, strict=True)
    ]
    node = object.__new__(value_class)
    node._data = value
    node._grad = NO_GRADIENT
    node._op = operation
    node._label = ""
    node._left = tuple(x for x, edge in zip(operands, edges, strict=True) if edge)
    node._right = None
    node._dleft = tuple(d for d, edge in zip(partials, edges, strict=True) if edge)
    constants = [None if edge else x for x, edge in zip(numbers, edges, strict=True)]
    node._dright = (*constants, *settings) if settings or not all(edges) else None
    return node
