"""A user's function, called on nodes in place of the numbers that it is differentiated by."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from autograd import functions
from autograd.arguments import as_number, integer
from autograd.errors import described, shown
from autograd.graph import constancy, every_input
from autograd.graph.order import topological_order
from autograd.refusals import refusal_of_numpy
from autograd.transforms.containers import Container, flattened, without_nodes
from autograd.value import Value

MISSING = "does it miss its return?"
_state = threading.local()


class Call:
    """One run of a function on nodes.

    Every input is a node of its own, also where a `Value` was given: so the derivative by the input
    is not that by the `Value`, which the function may use besides (perturbation confusion).

    Args:
        transform: Who calls, for messages: "grad".
        function: The user's function.
        arguments: Its positional arguments.
        keywords: Its keyword arguments.
        argnum: By which of the positional arguments it is differentiated; one, or several.
        has_aux: Whether it returns a pair, of which only the first is differentiated.

    Attributes:
        leaves: The nodes of the inputs, flat.
        inputs: How they were arranged.
        result: What the function returned, or the first of the pair.
        aux: The second of the pair.
        may_be_constant: Whether there is a reason for a result that no input takes part in.
        outside: The ids of the Values that were given: what is below them is not walked.

    Raises:
        TypeError: If the function cannot be called, an input is no number, or there is no pair.
        ValueError: If `argnum` is out of range.
    """

    def __init__(
        self,
        transform: str,
        function: Callable[..., Any],
        arguments: Sequence[Any],
        keywords: Mapping[str, Any] | None = None,
        argnum: int | tuple[int, ...] = 0,
        has_aux: bool = False,
    ) -> None:
        self.transform = transform
        self.name = name_of(function)
        places = self._places(argnum, len(arguments))
        given: list[Any] = []
        containers: list[Container] = []
        for place in places:
            what = f"{transform}: argument {place} of {self.name}"
            numbers, container = flattened(arguments[place], what)
            given.append(numbers)
            containers.append(container)
        self.leaves: list[Value] = []
        changed = list(arguments)
        for place, numbers, container in zip(places, given, containers, strict=True):
            nodes = [_leaf(x) for x in numbers]
            self.leaves += nodes
            changed[place] = container.assembled(nodes)
        self.inputs = joined(containers) if isinstance(argnum, tuple) else containers[0]
        self.outside = {id(x) for numbers in given for x in numbers if isinstance(x, Value)}
        noted = constancy.count()
        with _inside():
            try:
                self.result = function(*changed, **(keywords or {}))
            except (TypeError, AttributeError) as error:
                refusal = refusal_of_numpy(error, f"{transform}: {self.name}")
                if refusal is None:
                    raise
                raise refusal from error
        self.may_be_constant = constancy.count() != noted
        self.has_aux, self.aux = has_aux, None
        if has_aux:
            self.result, self.aux = self._pair()

    def _places(self, argnum: int | tuple[int, ...], count: int) -> list[int]:
        """The indices of the arguments, none of them negative."""
        places = []
        for index in argnum if isinstance(argnum, tuple) else (argnum,):
            if not -count <= index < count:
                raise ValueError(
                    f"{self.transform}: argnum is {index}, but {self.name} was called with {count} "
                    f"positional argument{'s'[: count != 1]}; give what it is differentiated by as "
                    "a positional argument"
                )
            if index % count in places:
                raise ValueError(f"{self.transform}: argnum has argument {index % count} twice")
            places.append(index % count)
        return places

    def _pair(self) -> tuple[Any, Any]:
        """What the function returned, as the two that it has to be."""
        if not isinstance(self.result, tuple | list) or len(self.result) != 2:
            raise TypeError(
                f"{self.transform}: with has_aux=True {self.name} has to return a pair, what is "
                f"differentiated and what else there is, but returned {shown(self.result)}"
            )
        result, aux = self.result
        return result, aux

    @cached_property
    def scalar(self) -> Value:
        """The result as one node; a leaf if it is a plain number.

        Raises:
            TypeError: If it is not one number.
        """
        result = self.result
        if getattr(result, "shape", None) == () and hasattr(result, "item"):
            result = result.item()
        if isinstance(result, Value):
            return result
        number = as_number(result)
        if number is not None:
            return Value(number)
        what = described(result).partition(";")[0]
        remedy = "return one number"
        if result is None:
            remedy = MISSING
        elif hasattr(result, "__len__") and not isinstance(result, str | bytes):
            remedy = "use jacobian for the derivatives of all of its numbers, or return one number"
        raise TypeError(
            f"{self.transform}: expected {self.name} to return one number, got {what}; {remedy}"
        )

    @cached_property
    def _results(self) -> tuple[list[Value], Container]:
        what = f"{self.transform}: what {self.name} returned"
        if self.result is None:
            raise TypeError(f"{what}: expected numbers, got None; {MISSING}")
        numbers, container = flattened(self.result, what)
        return [x if isinstance(x, Value) else Value(x) for x in numbers], container

    @property
    def outputs(self) -> list[Value]:
        """The nodes in the result, flat; leaves for plain numbers."""
        return self._results[0]

    @property
    def container(self) -> Container:
        """How the outputs are arranged."""
        return self._results[1]

    @property
    def numbers(self) -> Any:
        """The result in plain numbers."""
        return self.container.assembled([output._data for output in self.outputs])

    def beside(self, nested: bool) -> tuple[Any, ...]:
        """What else the function returned, if it does; in plain numbers unless it is nested."""
        if not self.has_aux:
            return ()
        return (self.aux if nested else without_nodes(self.aux),)

    def is_nested(self, outputs: Sequence[Value]) -> bool:
        """Whether an outer derivative may depend on this one, so that it has to be in Values.

        So it is if a `Value` was given, or if this happens within another function that is
        differentiated, one of whose nodes was used.
        """
        if self.outside or every_input.active():
            return True
        if not getattr(_state, "depth", 0):
            return False
        own = set(self.leaves)
        return any(node.is_leaf and node not in own for node in topological_order(outputs))


def joined(containers: Sequence[Container]) -> Container:
    """A tuple of containers as one."""
    return Container(
        ("tuple", tuple(container.form for container in containers)),
        [shape for container in containers for shape in container.shapes],
        lambda entries: tuple([container.build(entries) for container in containers]),
    )


def checked_argnum(transform: str, argnum: Any) -> int | tuple[int, ...]:
    """`argnum` as an integer or a tuple of integers.

    Raises:
        TypeError: If it is neither.
        ValueError: If it is an empty tuple.
    """
    if not isinstance(argnum, tuple | list):
        return integer(argnum, f"{transform}: argnum")
    if not argnum:
        raise ValueError(f"{transform}: argnum is empty; give the index of an argument")
    return tuple(integer(index, f"{transform}: argnum") for index in argnum)


def require_function(transform: str, function: Any, call: str = "(f)(x)") -> None:
    """Raises unless it is a function.

    Args:
        transform: Who was given it.
        function: What should be a function.
        call: How the transform is called, for the remedy.
    """
    if not callable(function):
        raise TypeError(
            f"{transform}: expected a function, got {described(function).partition(';')[0]}; "
            f"write {transform}{call}"
        )


def name_of(function: Any) -> str:
    """What a function is called in messages."""
    name: str = getattr(function, "__name__", type(function).__name__)
    return name


def _leaf(given: Any) -> Value:
    """A new input: a leaf, or a node that equals the `Value` that was given."""
    return functions.sum([given]) if isinstance(given, Value) else Value(given)


@contextmanager
def _inside() -> Iterator[None]:
    """What is computed in the block may be differentiated by an outer function."""
    _state.depth = getattr(_state, "depth", 0) + 1
    try:
        yield
    finally:
        _state.depth -= 1
