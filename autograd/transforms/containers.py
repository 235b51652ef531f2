"""Nested containers of numbers: taken apart into one flat list, and put together again.

Lists, tuples, dictionaries, dataclasses and NumPy arrays, in each other up to 200 deep. A part is
one number, or one array with all of its entries. `walked` is the only code that knows what a
container is; the transforms and the gradient checker both call it.
"""

from __future__ import annotations

import copy
import dataclasses
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from autograd.arguments import as_number
from autograd.errors import described, shown
from autograd.value import Value

Shape = tuple[int, ...] | None  # of an array; None of a number
Build = Callable[[Iterator[Any]], Any]
Found = Callable[[Any, Shape, Callable[[], str]], None]
DEEPEST = 200  # containers in each other: each is taken apart and built by a call within a call


@dataclasses.dataclass(frozen=True)
class Container:
    """How numbers were arranged.

    Attributes:
        form: What it looks like without its numbers; equal for containers of one form.
        shapes: The shape of each part.
        build: Puts parts into a container of this form.
    """

    form: Any
    shapes: list[Shape]
    build: Build

    def assembled(self, numbers: Sequence[Any]) -> Any:
        """The flat numbers, or Values, in a container of this form."""
        return self.build(parts(numbers, self.shapes))


def flattened(given: Any, name: str) -> tuple[list[Any], Container]:
    """The numbers and Values of a container in order, and how they were arranged.

    Args:
        given: The container, or a number alone.
        name: What it is called in messages, as in "grad: argument 0 of f".

    Raises:
        TypeError: If something in it is no number.
        ValueError: If it contains itself, or is nested deeper than `DEEPEST`.
    """
    numbers: list[Any] = []
    shapes: list[Shape] = []

    def found(part: Any, shape: Shape, where: Callable[[], str]) -> None:
        if shape is None:
            numbers.append(part)
        else:
            numbers.extend(_entries(part, where()))
        shapes.append(shape)

    form, build = walked(given, name, found)
    return numbers, Container(form, shapes, build)


def walked(
    given: Any, name: str, found: Found, is_part: Callable[[Any], bool] | None = None
) -> tuple[Any, Build]:
    """Walks through a container, part by part in order.

    Args:
        given: The container, or a part alone.
        name: What it is called in messages, as in "grad: argument 0 of f".
        found: Is called for each part with the part, its shape (None unless it is a NumPy array)
            and a function that returns the name of the place where it stands.
        is_part: Says of what else, besides numbers, Values and NumPy arrays, that it is a part.

    Returns:
        The form of the container, and a function that puts new parts into one of this form.

    Raises:
        TypeError: If something in it is no part and no container.
        ValueError: If it contains itself, or is nested deeper than `DEEPEST`.
    """
    return _Walk(name, found, is_part).taken(given)


def without_nodes(given: Any) -> Any:
    """A container with a number in place of each Value; what else is in it stays as it is."""
    found: list[Any] = []
    _, build = walked(given, "aux", lambda part, shape, where: found.append(part), _is_opaque)
    return build(iter([_without_nodes(part) for part in found]))


def _without_nodes(part: Any) -> Any:
    if isinstance(part, Value):
        return part.data
    if is_array(part) and part.dtype == object:
        entries = [_without_nodes(entry) for entry in part.ravel().tolist()]
        if all(type(entry) is float for entry in entries):
            return array(entries, part.shape)
    return part


def _is_opaque(given: Any) -> bool:
    """Whether it is not taken apart."""
    is_dataclass = dataclasses.is_dataclass(given) and not isinstance(given, type)
    return not (is_dataclass or isinstance(given, list | tuple | dict))


def size(shape: Shape) -> int:
    """How many numbers a part of this shape has."""
    return 1 if shape is None else math.prod(shape)


def parts(numbers: Sequence[Any], shapes: Sequence[Shape]) -> Iterator[Any]:
    """The flat numbers as numbers and arrays."""
    start = 0
    for shape in shapes:
        stop = start + size(shape)
        yield numbers[start] if shape is None else array(numbers[start:stop], shape)
        start = stop


def array(numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """A NumPy array of floats, or of objects if there are Values among them."""
    import numpy as np

    nodes = any(isinstance(x, Value) for x in numbers)
    result = np.empty(len(numbers), dtype=object if nodes else float)
    result[:] = numbers
    return result.reshape(shape)


def form_shown(form: Any) -> str:
    """A form in a message."""
    if isinstance(form, str):
        return form
    kind, inner = form
    if kind == "array":
        return f"an array of shape {inner}"
    entries = [form_shown(entry) for entry in inner[:4]] + ["…"] * (len(inner) > 4)
    return f"{kind}({', '.join(entries)})"


class _Walk:
    """A walk through one container; the arguments are those of `walked`."""

    def __init__(
        self, name: str, found: Found, is_part: Callable[[Any], bool] | None = None
    ) -> None:
        self.name = name
        self.found = found
        self.is_part = is_part
        self._path: dict[int, str] = {}  # from the ids of the containers around to keys in them

    def taken(self, given: Any) -> tuple[Any, Build]:
        """The form and the builder of a container; `found` is called for what is in it."""
        if self.is_part is not None and self.is_part(given):
            self.found(given, None, self._where)
            return "number", next
        number = given if isinstance(given, Value) else as_number(given)
        if number is not None:
            self.found(number, None, self._where)
            return "number", next
        if is_array(given):
            self.found(given, given.shape, self._where)
            return ("array", given.shape) if given.shape else "number", next
        if given is None:
            return "None", lambda entries: None
        if isinstance(given, list | tuple):
            keys: Sequence[Any] = range(len(given))
            inner, rebuilt = list(given), _sequence(given)
        elif isinstance(given, dict):
            keys = list(given)
            inner, rebuilt = list(given.values()), _dictionary(given)
        elif dataclasses.is_dataclass(given) and not isinstance(given, type):
            keys = [field.name for field in dataclasses.fields(given) if field.init]
            inner, rebuilt = [getattr(given, key) for key in keys], _dataclass(given, keys)
        else:
            self._refuse(given)
        if id(given) in self._path:
            raise ValueError(f"{self._where()}: a {type(given).__name__} that contains itself")
        if len(self._path) == DEEPEST:
            raise ValueError(
                f"{self.name}: containers in each other, more than {DEEPEST} deep; give a flatter "
                "one, such as a list"
            )
        taken = []
        for key, entry in zip(keys, inner, strict=True):
            self._path[id(given)] = f"[{key!r}]"
            taken.append(self.taken(entry))
        self._path.pop(id(given), None)
        builders = [build for _, build in taken]
        forms = tuple(form for form, _ in taken)
        kind = type(given).__name__
        form = (kind, forms) if isinstance(given, list | tuple) else (f"{kind} of {keys}", forms)
        return form, lambda entries: rebuilt([build(entries) for build in builders])

    def _where(self) -> str:
        """The name of the place at which this is now, as in "argument 0 of f['w'][1]"."""
        return self.name + "".join(self._path.values())

    def _refuse(self, given: Any) -> NoReturn:
        what = described(given)
        if _is_container(given):
            what = f"{shown(given)}; containers are lists, tuples, dictionaries, dataclasses and "
            what += "NumPy arrays"
        remedy = ""
        if self._path:
            remedy = "; give what is no number in an argument that is not differentiated, or None"
        raise TypeError(
            f"{self._where()}: expected a number, or a container of numbers, got {what}{remedy}"
        )


def _sequence(given: Any) -> Callable[[list[Any]], Any]:
    kind = type(given)
    if hasattr(kind, "_fields"):  # a named tuple
        return lambda entries: kind(*entries)
    return kind


def _dictionary(given: dict[Any, Any]) -> Callable[[list[Any]], Any]:
    def rebuilt(entries: list[Any]) -> dict[Any, Any]:
        result = copy.copy(given)  # so that a defaultdict stays one
        result.update(zip(list(given), entries, strict=True))
        return result

    return rebuilt


def _dataclass(given: Any, names: Sequence[str]) -> Callable[[list[Any]], Any]:
    return lambda entries: dataclasses.replace(given, **dict(zip(names, entries, strict=True)))


def is_array(given: Any) -> bool:
    """Whether it is a NumPy array; if NumPy was not imported it is none."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(given, numpy.ndarray)


def _is_container(given: Any) -> bool:
    return not isinstance(given, str | bytes) and hasattr(given, "__iter__")


def _entries(given: Any, name: str) -> list[Any]:
    """The entries of an array, each a number or a Value."""
    if given.dtype.kind in "biuf":
        floats: list[Any] = given.astype(float).ravel().tolist()
        return floats
    entries = []
    for place, entry in enumerate(given.ravel().tolist()):
        number = entry if isinstance(entry, Value) else as_number(entry)
        if number is None:
            where = f"{name}: entry {place} of the array"
            raise TypeError(f"{where}: expected a number, got {described(entry)}")
        entries.append(number)
    return entries
