"""The user's function, run on nodes and on numbers; what is wrong with it is said in words."""

from __future__ import annotations

import contextlib
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.errors import shown
from autograd.graph.order import topological_order
from autograd.testing.calling import argument_names, described, name_of
from autograd.testing.claims import Claims, Shaped, aligned, flat
from autograd.testing.entries import Point, Unusable, parts_of
from autograd.testing.results import Raised, Single, entries_of, same_entries, unit_of, values_of

_NOTHING: contextlib.AbstractContextManager[None] = contextlib.nullcontext()


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
        function: The function; it takes the point's entries, each a number, an array of NumPy,
            torch or JAX, or a container of them.
        point: Where it is checked.
        parameters: Nodes that the function uses besides, which are inputs too.
        result: What of the function's result is checked; by default it has to be one number.

    Attributes:
        inputs: The point, taken apart.
        numbers: All inputs, flat.
        names: The names of all inputs.
        wide: Whether arrays of float32 are given to the function as arrays of float64.
        claim_unit: The unit roundoff of the least precise type in which the claims came.
        shaped: The claims that came in another shape than their array's.
        raised: What the function raised the last time that it was run next to the point.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        point: Sequence[Any],
        parameters: Sequence[Value],
        result: Single | None = None,
    ) -> None:
        if not callable(function):
            raise Unusable(
                f"expected a function to check, got {shown(function)}; write check_gradient(f, x)"
            )
        self.function = function
        self.name = name_of(function)
        self.point = tuple(point)
        self.parameters = _checked_parameters(parameters)
        self.result = result or Single(self.name)
        self.inputs = Point(argument_names(function, len(self.point)), self.point)
        self.names = [name for part in self.inputs.parts for name in part.names()]
        self.names += [p.label or f"parameter {i}" for i, p in enumerate(self.parameters)]
        self.numbers = self.inputs.numbers + [p.data for p in self.parameters]
        if not self.numbers:
            raise Unusable(
                f"{self.name} was given no inputs; name the point, as in "
                "check_gradient(f, 0.5, 2.0), or give parameters="
            )
        self.shaped: list[Shaped] = []
        self.raised = ""
        self.claim_unit = 2.0**-53
        self.wide = False
        self.wide = self._runs_wide()

    def _runs_wide(self) -> bool:
        """Whether the code, given arrays of float64 for float32, computes the same in float64."""
        unit = max((part.unit for part in self.inputs.parts), default=0.0)
        if unit <= 2.0**-53:
            return False
        results = []
        for wide in (False, True):
            self.wide = wide
            try:
                results.append(self.result.parts(self.called(self._arguments(None))))
            except Unusable:
                return False
        narrow, same = (
            [x for part in parts for x in values_of(part)] for parts in results
        )  # fmt: skip
        is_wide = all(unit_of(part) <= 2.0**-53 for part in results[1])
        size = max(map(abs, same), default=0.0)
        return (
            is_wide
            and len(narrow) == len(same)
            and all(
                abs(x - y) <= 0.01 * max(size, abs(y)) for x, y in zip(narrow, same, strict=True)
            )
        )

    @property
    def owner(self) -> Any:
        """The library of the point's arrays, if it has gradients of its own; else None."""
        return next((own for own in self.inputs.libraries if own.has_gradients), None)

    def spacing(self, index: int) -> float:
        """How far the numbers that an input can have are apart, next to the one that it has."""
        x = self.numbers[index]
        if index >= self.inputs.size or self.wide:
            return math.ulp(x)
        return max(math.ulp(x), 2 * self.inputs.part_of(index).unit * abs(x))

    def record(self, numbers: Sequence[float] | None = None) -> Recording:
        """Runs the function on nodes.

        Raises:
            Unusable: If it does not return a `Value`, or changes what it was given.
            Raised: If it raises.
        """
        numbers = self.numbers if numbers is None else numbers
        count = self.inputs.size
        leaves = [Value(x, n) for x, n in zip(numbers[:count], self.names, strict=False)]
        arguments = self.inputs.nodes(leaves)
        with _set(self.parameters, numbers[count:]):
            result = self.called(arguments)
            kept = _flat_nodes(arguments)
            is_kept = len(kept) == count and all(map(operator.is_, kept, leaves))
            leaves += self.parameters
            if not is_kept or [leaf.data for leaf in leaves] != list(numbers):
                raise Unusable(_changes(self.name))
        output = self.result.node(result)
        return Recording(leaves, output, topological_order([output]))

    def plain(self, numbers: Sequence[float]) -> float:
        """Runs the function on numbers; a `Value` that it returns is taken as its number."""
        count = self.inputs.size
        with _set(self.parameters, numbers[count:]), self._running():
            own = None if numbers is self.numbers else numbers
            arguments, untouched = self._arguments(own), self._arguments(own)
            result = self.called(arguments)
            if not same_entries(arguments, untouched):
                raise Unusable(_changes(self.name))
            return self.result.number(result)

    def called(self, arguments: Sequence[Any]) -> Any:
        """What the function returns.

        Raises:
            Raised: If it raises.
        """
        try:
            with self._running():
                return self.function(*arguments)
        except Exception as error:
            raise Raised(f"{self.name} raised {described(error)}") from error

    def evaluated(self, numbers: Sequence[float], recorded: bool) -> float:
        """The function's value, from a run on nodes or on numbers."""
        if not recorded:
            return self.plain(numbers)
        count = self.inputs.size
        with _set(self.parameters, numbers[count:]):
            result = self.called(self.inputs.nodes([Value(x) for x in numbers[:count]]))
        return self.result.number(result)

    def along(self, index: int, recorded: bool = False) -> Callable[[float], float]:
        """The function of one input, the others as they are; nan where it raises.

        A call costs a copy of the arrays and one run of the function, however many inputs there
        are.
        """
        numbers = self.numbers
        if recorded or index >= self.inputs.size:

            def moved(x: float) -> float:
                try:
                    return self.evaluated([*numbers[:index], x, *numbers[index + 1 :]], recorded)
                except Raised as problem:
                    self.raised = str(problem)
                    return math.nan

            return moved
        part = self.inputs.part_of(index)
        place = index - part.start

        moved_to = self.inputs.mover(part, place, self.wide)
        function, result = self.function, self.result

        def value(x: float) -> float:
            try:
                return result.along(index, x, lambda: function(*moved_to(x)))
            except Unusable:
                raise
            except Exception as error:
                self.raised = f"{self.name} raised {described(error)}"
                return math.nan

        if self._running() is _NOTHING:
            return value

        def in_context(x: float) -> float:
            with self._running():
                return value(x)

        return in_context

    def claimed_by(
        self, claimed: Any, numbers: Sequence[float] | None = None, count: int = 1
    ) -> list[Any]:
        """The claimed partials, one for each input; a function is called at the point.

        Args:
            claimed: What was claimed.
            numbers: The point, if it is another.
            count: The order of the derivatives.
        """
        is_here = numbers is None or numbers is self.numbers
        if callable(claimed):
            own = (self.numbers if numbers is None else numbers)[self.inputs.size :]
            with _set(self.parameters, own):
                claimed = self._claim(claimed, None if is_here else numbers)
        if count == 1:
            found = aligned(claimed, self.inputs, self.point, len(self.parameters))
            if is_here:
                self.shaped, self.claim_unit = found.shaped, found.unit
        else:
            found = Claims()
            found.extend(flat(claimed))
        if len(found) != len(self.numbers) ** count:
            square = f"{len(self.numbers)} × " if count == 2 else ""
            raise Unusable(
                f"claimed has {len(found)} number{'s'[: len(found) != 1]} for "
                f"{square}{len(self.numbers)} input{'s'[: len(self.numbers) != 1]} "
                f"({', '.join(self.names[:8])}{', …' if len(self.names) > 8 else ''})"
            )
        return found

    def _claim(self, claimed: Callable[..., Any], numbers: Sequence[float] | None) -> Any:
        """What a claimed function returns; if it cannot take float64, as it is."""
        for wide in (True, False) if self.wide else (False,):
            try:
                with self._running():
                    return claimed(*self.inputs.arguments(numbers, wide))
            except Unusable:
                raise
            except Exception as error:
                problem = error
        raise Unusable(f"the claimed gradient raised {described(problem)}") from problem

    def arguments(self) -> list[Any]:
        """The point as it is given to the function: new arrays in the same containers."""
        return self._arguments(None)

    def _arguments(self, numbers: Sequence[float] | None) -> list[Any]:
        """The numbers, or the point's own, in the form in which the point was given."""
        with self._running():
            return self.inputs.arguments(numbers, self.wide)

    def _running(self) -> contextlib.AbstractContextManager[None]:
        """The context in which code of the libraries of the point's arrays is run."""
        for library in self.inputs.libraries:
            if library.has_context:
                return library.running(self.wide)  # type: ignore[no-any-return]
        return _NOTHING


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


def _changes(name: str) -> str:
    return f"{name} changes its inputs; let it compute and return only"


def _flat_nodes(arguments: Sequence[Any]) -> list[Any]:
    """What is in the arguments of a run on nodes now."""
    return [node for part in parts_of(arguments, "arguments") for node in entries_of(part)]


def _checked_parameters(given: Any) -> list[Value]:
    """The parameters as a list of nodes."""
    if not isinstance(given, Iterable):
        raise Unusable(f"expected a list of parameters, got {shown(given)}; write parameters=[p]")
    parameters = list(given)
    for parameter in parameters:
        if not isinstance(parameter, Value):
            raise Unusable(f"expected parameters to be Values, got {shown(parameter)}")
    return parameters
