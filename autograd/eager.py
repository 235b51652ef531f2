"""Functions that compute and record, generated from the rows of the derivative table.

Running a rule for every operation would take microseconds. So each row's formula is read once, and
written out as the plain float code that a person would write for this one operation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import ieee
from autograd.errors import as_number, number
from autograd.node import NO_GRADIENT, Node
from autograd.source import PLAIN, Writer, compile_text, guarded_function
from autograd.symbols import Formula, flat_partials
from autograd.table import Operation

# Up to this many operands a variadic operation gets code of its own for its number of operands.
UNROLLED = 300

RAISED = "except (ArithmeticError, ValueError):  # what IEEE 754 says instead"


def function_of(operation: Operation, value_class: type[Node]) -> Callable[..., Any]:
    """The public function of an operation: on numbers a number, else a recorded `Value`."""
    if operation.drops_zero:
        return _selecting(operation, value_class)
    if operation.groups:
        return _variadic(operation, value_class)
    return _Elementwise(operation, value_class).function()


def operators_of(operation: Operation, value_class: type[Node]) -> dict[str, Callable[..., Any]]:
    """The special methods of an operation that has an operator."""
    writer = _Elementwise(operation, value_class)
    name = operation.name
    if len(operation.arguments) == 1:
        return {f"__{name}__": writer.function()}
    return {f"__{name}__": writer.operator(), f"__r{name}__": writer.reflected_operator()}


# --- One or two operands --------------------------------------------------------------------------


class _Elementwise:
    """Writes the functions of an operation of one or two arguments."""

    def __init__(self, operation: Operation, value_class: type[Node]) -> None:
        self.operation = operation
        self.formula = Formula(operation)
        self.settings = [name for name, _ in operation.settings]
        guarded = None

        def guard(*numbers: float) -> tuple[float, tuple[float, ...]]:
            """The guarded form, compiled when it is first needed."""
            nonlocal guarded
            if guarded is None:
                guarded = guarded_function(self.formula, operation.name, self.settings)
            value, partials = guarded(*numbers)
            return value, partials

        self.namespace = {
            "Value": value_class,
            "new": object.__new__,
            "NO_GRADIENT": NO_GRADIENT,
            "operation": operation,
            "number": number,
            "as_number": as_number,
            "guard": guard,
        }

    def function(self) -> Callable[..., Any]:
        """`name(x, settings)` or `name(x, y)`; each argument a `Value` or a number."""
        x, *rest = self.formula.arguments
        defaults = [
            name if default is None else f"{name}={default}"
            for name, default in self.operation.settings
        ]
        lines = [f"def {self.operation.name}({', '.join([x, *rest, *defaults])}):"]
        for name in self.settings:
            lines += [f"    {name} = number({name}, '{self.operation.name}: {name}')"]
        lines += [f"    if isinstance({x}, Value):", f"        {x}_data = {x}._data"]
        if rest:
            (y,) = rest
            lines += [f"        if isinstance({y}, Value):", f"            {y}_data = {y}._data"]
            lines += self._record(12, x, y)
            lines += self._convert(8, y) + self._record(8, x, None, f"{y}_data")
            lines += [f"    if isinstance({y}, Value):", *self._convert(8, x)]
            lines += [f"        {y}_data = {y}._data"]
            lines += self._record(8, y, None, f"({x}_data, None)")
            lines += self._convert(4, x) + self._convert(4, y)
        else:
            constants = f"(None, {', '.join(self.settings)})" if self.settings else "None"
            lines += self._record(8, x, None, constants) + self._convert(4, x)
        lines += [*self._compute(4, []), "    return value"]
        return self._compiled(lines, self.operation.name)

    def operator(self) -> Callable[..., Any]:
        """`__name__(x, y)`: x is a `Value`; NotImplemented if y is no number."""
        x, y = self.formula.arguments
        lines = [f"def __{self.operation.name}__({x}, {y}):", f"    {x}_data = {x}._data"]
        lines += [f"    if isinstance({y}, Value):", f"        {y}_data = {y}._data"]
        lines += self._record(8, x, y)
        lines += self._convert_or_give_up(y) + self._record(4, x, None, f"{y}_data")
        return self._compiled(lines, f"__{self.operation.name}__")

    def reflected_operator(self) -> Callable[..., Any]:
        """`__rname__(y, x)`: y is a `Value` and x is not."""
        x, y = self.formula.arguments
        lines = [f"def __r{self.operation.name}__({y}, {x}):", f"    {y}_data = {y}._data"]
        lines += self._convert_or_give_up(x) + self._record(4, y, None, f"({x}_data, None)")
        return self._compiled(lines, f"__r{self.operation.name}__")

    def _convert(self, indent: int, name: str) -> list[str]:
        return [" " * indent + f"{name}_data = number({name}, '{self.operation.name}')"]

    def _convert_or_give_up(self, name: str) -> list[str]:
        return [
            f"    {name}_data = {name} if type({name}) is float else as_number({name})",
            f"    if {name}_data is None:",
            "        return NotImplemented",
        ]

    def _compute(self, indent: int, wanted: Sequence[str]) -> list[str]:
        """Lines for `value` and the local derivatives `d_x` by the wanted arguments."""
        trace, arguments = self.formula.trace, self.formula.arguments
        partials = dict(zip(arguments, self.formula.partials, strict=True))
        names = {trace.argument(a): f"{a}_data" for a in arguments}
        names |= {trace.argument(s): s for s in self.settings}
        outputs = [self.formula.value, *(partials[a] for a in wanted)]
        writer = Writer(outputs, PLAIN, names)
        writer.assign(self.formula.value, "value")
        for argument in wanted:
            writer.assign(partials[argument], f"d_{argument}")
        if not any(mark in line for line in writer.lines for mark in ("math.", "ieee.", " / ")):
            return [" " * indent + line for line in writer.lines]  # sums and products do not raise
        targets = ", ".join(f"d_{a}" if a in wanted else "_" for a in arguments)
        numbers = ", ".join([*(f"{a}_data" for a in arguments), *self.settings])
        lines = [
            "try:",
            *("    " + line for line in writer.lines),
            RAISED,
            f"    value, ({targets},) = guard({numbers})",
        ]
        return [" " * indent + line for line in lines]

    def _record(self, indent: int, left: str, right: str | None, constants: str = "") -> list[str]:
        """Lines that compute, build the node and return it."""
        lines = [
            "node = new(Value)",
            "node._data = value",
            "node._grad = NO_GRADIENT",
            "node._op = operation",
            "node._label = ''",
            f"node._left = {left}",
            f"node._right = {right}",
            f"node._dleft = d_{left}",
            f"node._dright = {constants or f'd_{right}'}",
            "return node",
        ]
        wanted = [left] if right is None else [left, right]
        return self._compute(indent, wanted) + [" " * indent + line for line in lines]

    def _compiled(self, lines: list[str], name: str) -> Callable[..., Any]:
        return _public(compile_text("\n".join(lines) + "\n", name, self.namespace), self.operation)


# --- Any number of operands -----------------------------------------------------------------------


def _variadic(operation: Operation, value_class: type[Node]) -> Callable[..., Any]:
    """The function of an operation over groups of operands."""
    bodies: dict[tuple[Any, ...], Callable[..., Any]] = {}
    record = _Recorder(operation, value_class, bodies)
    groups, settings = operation.groups, operation.settings
    parameters = [f"{g}=None" if g in operation.single else g for g in groups]
    parameters += [name if default is None else f"{name}={default}" for name, default in settings]
    sizes = [f"{g} is not None" if g in operation.single else f"len({g})" for g in groups]
    names = [name for name, _ in settings]
    star = ", ".join(f"*({g},)" if g in operation.single else f"*{g}" for g in groups)
    arguments = ", ".join([*groups, *names])
    # Try the body for this many operands; whatever is unusual is sorted out by `record`.
    text = f"""def {operation.name}({", ".join(parameters)}):
    try:
        return bodies[{", ".join([*sizes, *names])},](({star},))
    except (KeyError, TypeError, AttributeError, ArithmeticError, ValueError):
        return record({arguments})
"""
    namespace = {"bodies": bodies, "record": record}
    return _public(compile_text(text, operation.name, namespace), operation)


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
            [x._data if isinstance(x, Node) else number(x, operation.name) for x in group]
            for group in groups
        ]
        value, partials = _evaluated(operation, numbers, settings)
        key = (*map(len, groups), *settings)
        all_nodes = all(isinstance(x, Node) for x in operands)
        if all_nodes and 0 < len(operands) <= UNROLLED and key not in self.bodies:
            self.bodies[key] = _unrolled(operation, self.value_class, key)
        flat = [x for group in numbers for x in group]
        return _recorded(operation, self.value_class, operands, flat, value, partials, settings)

    def _operands(self, given: Any, name: str) -> list[Any]:
        """A group of operands as a list; a single operand is a group of one."""
        if name in self.operation.single and given is None:
            return []
        if isinstance(given, Node) or as_number(given) is not None:
            return [given]
        if isinstance(given, str | bytes) or not hasattr(given, "__iter__"):
            raise TypeError(
                f"{self.operation.name}: expected a list of Values or numbers as {name}, "
                f"got {type(given).__name__} {given!r}"
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


def _evaluated(
    operation: Operation, numbers: Sequence[list[float]], settings: Sequence[Any]
) -> tuple[float, list[float]]:
    """The value and the local derivatives at these numbers, by running the rule on floats."""
    try:
        value = operation.value(ieee, *numbers, *settings)
        partials = operation.partials(ieee, *numbers, *settings, value)
        return value, flat_partials(operation, partials)
    except (ArithmeticError, ValueError):
        formula = Formula(operation, [len(group) for group in numbers], settings)
        function = guarded_function(formula, operation.name)
        value, guarded = function(*(x for group in numbers for x in group))
        return value, list(guarded)


def _unrolled(operation: Operation, value_class: type[Node], key: tuple[Any, ...]) -> Any:
    """The body for operands that are all nodes, in groups of these sizes."""
    count = len(operation.groups)
    formula = Formula(operation, key[:count], key[count:])
    names = {formula.trace.argument(a): f"{a}_data" for a in formula.arguments}
    writer = Writer([formula.value, *formula.partials], PLAIN, names)
    writer.assign(formula.value, "value")
    partials = [writer.expression(partial) for partial in formula.partials]
    name = f"{operation.name}_{'_'.join(map(str, key))}"
    lines = [
        f"def {name}(operands):",
        f"    {', '.join(formula.arguments)}, = operands",
        *(f"    {a}_data = {a}._data" for a in formula.arguments),
        *(f"    {line}" for line in writer.lines),
        "    node = new(Value)",
        "    node._data = value",
        "    node._grad = NO_GRADIENT",
        "    node._op = operation",
        "    node._label = ''",
        "    node._left = operands",
        "    node._right = None",
        f"    node._dleft = ({', '.join(partials)},)",
        f"    node._dright = {_constants(len(formula.arguments), key[count:])}",
        "    return node",
    ]
    namespace = {
        "Value": value_class,
        "new": object.__new__,
        "NO_GRADIENT": NO_GRADIENT,
        "operation": operation,
    }
    return compile_text("\n".join(lines) + "\n", name, namespace)


def _constants(parents: int, settings: Sequence[Any]) -> tuple[Any, ...] | None:
    return (*[None] * parents, *settings) if settings else None


# --- Operands that are chosen ---------------------------------------------------------------------


def _selecting(operation: Operation, value_class: type[Node]) -> Callable[..., Any]:
    """The function of an operation whose operands with a local derivative of zero get no edge."""
    formula = Formula(operation)
    evaluate = guarded_function(formula, operation.name)
    parameters = ", ".join(formula.arguments)

    def record(*operands: Any) -> Any:
        numbers = [x._data if isinstance(x, Node) else number(x, operation.name) for x in operands]
        value, partials = evaluate(*numbers)
        return _recorded(operation, value_class, operands, numbers, value, partials, ())

    text = f"def {operation.name}({parameters}):\n    return record({parameters})\n"
    return _public(compile_text(text, operation.name, {"record": record}), operation)


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
    edges = [
        isinstance(x, Node) and not (operation.drops_zero and partial == 0.0)
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


def _public(function: Any, operation: Operation) -> Callable[..., Any]:
    """The function as users meet it in `help` and tracebacks."""
    function.__module__ = "autograd"
    convention = operation.convention
    edge = f"\n\n{convention[0].upper()}{convention[1:]}." if convention else ""
    function.__doc__ = f"{operation.meaning[0].upper()}{operation.meaning[1:]}.{edge}"
    public: Callable[..., Any] = function
    return public
