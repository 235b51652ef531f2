"""The user's function, run on nodes and on numbers; what is wrong with it is said in words."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.arguments import as_number
from autograd.errors import shown
from autograd.graph.order import topological_order
from autograd.testing.entries import Unusable, claims, flat, named_entries, rebuilt


class Raised(Unusable):
    """The function raised."""


@dataclass(frozen=True)
class Recording:
    """One run of the function on nodes.

    Attributes:
        leaves: The nodes of the inputs, in order.
        output: The result.
        order: The nodes that it depends on, in topological order.
    """

    leaves: list[Value]
    output: Value
    order: list[Value]

    def shape(self) -> list[Any]:
        """The recorded operations and how they are connected, without any number."""
        place = {node: i for i, node in enumerate(self.order)}
        inputs = {leaf: f"input {i}" for i, leaf in enumerate(self.leaves)}
        return [
            (inputs.get(node, node.op), *(place[parent] for parent in node.parents))
            for node in self.order
        ]

    def constants(self) -> Iterator[tuple[Value, int, float]]:
        """The numbers that are no input: of a leaf with index 0, of an operand with its index."""
        inputs = set(self.leaves)
        for node in self.order:
            if node.is_leaf and node not in inputs:
                yield node, 0, node.data
            for i, operand in enumerate(node.operands):
                if not isinstance(operand, Value):
                    yield node, i, float(operand)


class Subject:
    """A function, its inputs, and the ways of running it.

    Args:
        function: The function; it takes the point's entries, each a number or nested sequences.
        point: Where it is checked.
        parameters: Nodes that the function uses besides, which are inputs too.
    """

    def __init__(
        self, function: Callable[..., Any], point: Sequence[Any], parameters: Sequence[Value]
    ) -> None:
        if not callable(function):
            raise Unusable(
                f"expected a function to check, got {shown(function)}; write check_gradient(f, x)"
            )
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)
        self.point = tuple(point)
        self.parameters = _checked_parameters(parameters)
        named = zip(_argument_names(function, len(self.point)), self.point, strict=True)
        entries = [entry for name, given in named for entry in named_entries(given, name)]
        self.names = [name for name, _ in entries]
        self.names += [p.label or f"parameter {i}" for i, p in enumerate(self.parameters)]
        self.numbers = [x for _, x in entries] + [p.data for p in self.parameters]
        if not self.numbers:
            raise Unusable(
                f"{self.name} was given no inputs; name the point, as in "
                "check_gradient(f, 0.5, 2.0), or give parameters="
            )

    def record(self, numbers: Sequence[float] | None = None) -> Recording:
        """Runs the function on nodes.

        Raises:
            Unusable: If it does not return a `Value`, or changes what it was given.
            Raised: If it raises.
        """
        numbers = self.numbers if numbers is None else numbers
        count = len(numbers) - len(self.parameters)
        leaves = [Value(x, n) for x, n in zip(numbers[:count], self.names, strict=False)]
        arguments = self._arguments(leaves)
        with _set(self.parameters, numbers[count:]):
            result = self._result(arguments)
            entries = list(flat(arguments))
            kept = len(entries) == count and all(map(operator.is_, entries, leaves))
            leaves += self.parameters
            if not kept or [leaf.data for leaf in leaves] != list(numbers):
                raise Unusable(f"{self.name} changes its inputs; let it compute and return only")
        if not isinstance(result, Value):
            raise Unusable(_no_value(self.name, result))
        return Recording(leaves, result, topological_order([result]))

    def plain(self, numbers: Sequence[float]) -> float:
        """Runs the function on numbers; a `Value` that it returns is taken as its number."""
        count = len(numbers) - len(self.parameters)
        with _set(self.parameters, numbers[count:]):
            arguments = self._arguments(list(numbers[:count]))
            result = self._result(arguments)
            if list(flat(arguments)) != list(numbers[:count]):
                raise Unusable(f"{self.name} changes its inputs; let it compute and return only")
        if isinstance(result, Value):
            return result.data
        number = as_number(result)
        if number is None:
            raise Unusable(_no_value(self.name, result))
        return number

    def _result(self, arguments: Sequence[Any]) -> Any:
        """What the function returns."""
        try:
            return self.function(*arguments)
        except Exception as error:
            raise Raised(f"{self.name} raised {described(error)}") from error

    def evaluated(self, numbers: Sequence[float], recorded: bool) -> float:
        """The function's value, from a run on nodes or on numbers."""
        if not recorded:
            return self.plain(numbers)
        count = len(numbers) - len(self.parameters)
        with _set(self.parameters, numbers[count:]):
            result = self._result(self._arguments([Value(x) for x in numbers[:count]]))
        return result.data if isinstance(result, Value) else float(result)

    def claimed_by(
        self, claimed: Any, numbers: Sequence[float] | None = None, count: int = 1
    ) -> list[Any]:
        """The claimed partials, one for each input; a function is called at the point.

        Args:
            claimed: What was claimed.
            numbers: The point, if it is another.
            count: The order of the derivatives.
        """
        if callable(claimed):
            numbers = self.numbers if numbers is None else numbers
            own = len(numbers) - len(self.parameters)
            with _set(self.parameters, numbers[own:]):
                try:
                    claimed = claimed(*self._arguments(list(numbers[:own])))
                except Exception as error:
                    raise Unusable(f"the claimed gradient raised {described(error)}") from error
        found = list(claims(claimed))
        if len(found) != len(self.numbers) ** count:
            square = f"{len(self.numbers)} × " if count == 2 else ""
            raise Unusable(
                f"claimed has {len(found)} number{'s'[: len(found) != 1]} for "
                f"{square}{len(self.numbers)} input{'s'[: len(self.numbers) != 1]} "
                f"({', '.join(self.names[:8])}{', …' if len(self.names) > 8 else ''})"
            )
        return found

    def _arguments(self, entries: Sequence[Any]) -> list[Any]:
        """The entries in the form in which the point was given."""
        rest = iter(entries)
        return [rebuilt(given, rest) for given in self.point]


def described(error: Exception) -> str:
    """An exception in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class _set:  # noqa: N801 - used as a statement
    """Gives parameters other numbers for the time of a block."""

    def __init__(self, parameters: Sequence[Value], numbers: Sequence[float]) -> None:
        self.parameters, self.numbers = parameters, numbers

    def __enter__(self) -> None:
        self.before = [p.data for p in self.parameters]
        for parameter, x in zip(self.parameters, self.numbers, strict=True):
            parameter.data = x

    def __exit__(self, *_: object) -> None:
        for parameter, x in zip(self.parameters, self.before, strict=True):
            parameter.data = x


def _no_value(name: str, result: Any) -> str:
    number = as_number(result)
    if number is not None:
        return (
            f"{name} returned the plain number {number!r} and no Value: it left the graph, as "
            "`.data` does"
        )
    if hasattr(result, "__len__"):
        return f"{name} returned a {type(result).__name__}; check one of its entries at a time"
    return f"{name} returned {result!r}; it has to return a Value"


def _checked_parameters(given: Any) -> list[Value]:
    """The parameters as a list of nodes."""
    if not isinstance(given, Iterable):
        raise Unusable(f"expected a list of parameters, got {shown(given)}; write parameters=[p]")
    parameters = list(given)
    for parameter in parameters:
        if not isinstance(parameter, Value):
            raise Unusable(f"expected parameters to be Values, got {shown(parameter)}")
    return parameters


def _argument_names(function: Callable[..., Any], count: int) -> list[str]:
    """The names of the function's positional arguments, x1, x2, … for those without."""
    names: list[str] = []
    try:
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                names.append(parameter.name)
    except (TypeError, ValueError):
        pass
    return names[:count] + [f"x{i + 1}" for i in range(len(names), count)]
