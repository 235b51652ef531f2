"""The numbers of a point: out of whatever container it came in, and back into one of that form."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd import Value
from autograd.arguments import as_number
from autograd.errors import shown
from autograd.testing.libraries import Unusable, library_of
from autograd.transforms.containers import array, walked

__all__ = ["Figure", "Part", "Point", "Unusable"]


@dataclass(frozen=True)
class Part:
    """A number or an array of a point.

    Attributes:
        name: Where it stands, as in "weights['w'][0]".
        given: What was given.
        library: The library whose array it is; None if it is a number.
        shape: The shape of the array; None of a number.
        vector: Its entries, a vector of NumPy's if it is an array, else a list of one number.
        start: Where its entries begin among those of the whole point.
    """

    name: str
    given: Any
    library: Any
    shape: tuple[int, ...] | None
    vector: Any
    start: int

    @property
    def stop(self) -> int:
        """Where its entries end among those of the whole point."""
        return self.start + len(self.vector)

    @property
    def unit(self) -> float:
        """The unit roundoff of its entries."""
        return 2.0**-53 if self.library is None else float(self.library.unit(self.given))

    def entry_name(self, index: int) -> str:
        """The name of one entry, as in "weights[0][2]"."""
        places = []
        for extent in reversed(self.shape or ()):
            index, place = divmod(index, extent)
            places.append(f"[{place}]")
        return self.name + "".join(reversed(places))

    def names(self) -> Iterator[str]:
        """The names of all entries."""
        return map(self.entry_name, range(len(self.vector)))


class Point:
    """The arguments of a function, taken apart.

    Args:
        names: The names of the arguments.
        arguments: The arguments: numbers, arrays, and containers of them.

    Attributes:
        parts: The numbers and arrays, in order.
        size: How many numbers there are in all.

    Raises:
        Unusable: If something in it is no number, or nothing to differentiate by.
    """

    def __init__(self, names: Sequence[str], arguments: Sequence[Any]) -> None:
        self.parts: list[Part] = []
        self.size = 0
        self._builders = []
        for name, given in zip(names, arguments, strict=True):
            try:
                self._builders.append(walked(given, name, self._add, _is_part)[1])
            except (TypeError, ValueError, OverflowError) as problem:
                raise Unusable(f"the point's entry {problem}") from None

    def _add(self, given: Any, _: Any, where: Callable[[], str]) -> None:
        library, shape, name = library_of(given), None, where()
        if library is not None:
            if reason := library.refusal(given):
                raise Unusable(f"the point's entry {name} {reason}")
            try:
                vector = library.vector(given)
            except Unusable as problem:
                raise Unusable(f"the point's entry {name} {problem}") from None
            shape = tuple(given.shape)
        else:
            number = given.data if isinstance(given, Value) else as_number(given)
            if number is None:
                what = "is complex; give its real and its imaginary part as two arguments"
                if not isinstance(given, complex):
                    what = f"is {shown(given)}; give a number, or a container of numbers"
                raise Unusable(f"the point's entry {name} {what}")
            vector = [number]
        self.parts.append(Part(name, given, library, shape, vector, self.size))
        self.size += len(vector)

    @cached_property
    def libraries(self) -> list[Any]:
        """The libraries of its arrays, each once."""
        return list(dict.fromkeys(p.library for p in self.parts if p.library is not None))

    @property
    def numbers(self) -> list[float]:
        """All numbers, flat."""
        return [float(x) for part in self.parts for x in part.vector]

    def part_of(self, index: int) -> Part:
        """The part that has this entry of the whole point."""
        for part in self.parts:
            if index < part.stop:
                return part
        raise IndexError(index)

    def nodes(self, leaves: Sequence[Value]) -> list[Any]:
        """The arguments made of nodes: an array of NumPy's is one of objects.

        Raises:
            Unusable: If there are arrays of another library, which have no nodes.
        """
        built = []
        for part in self.parts:
            if part.library is not None and part.library.has_gradients:
                what = f"an array of {part.library.name}"
                raise Unusable(f"{part.name} is {what}, for which there are no Values")
            own = leaves[part.start : part.stop]
            built.append(array(own, part.shape) if part.shape else own[0] if own else None)
        return self.assembled(built)

    def arguments(self, numbers: Sequence[float] | None, wide: bool) -> list[Any]:
        """The arguments with other numbers, as new arrays.

        Args:
            numbers: All numbers, flat; None for the point's own.
            wide: Whether arrays of less than float64 become arrays of float64.
        """
        built = []
        for part in self.parts:
            if part.library is None:
                built.append(part.vector[0] if numbers is None else numbers[part.start])
            else:
                vector = part.vector.copy()
                if numbers is not None:
                    vector[:] = numbers[part.start : part.stop]
                built.append(part.library.built(vector, part.given, wide))
        return self.assembled(built)

    def mover(self, part: Part, index: int, wide: bool) -> Callable[[float], list[Any]]:
        """A function that gives the arguments with another number for one entry of one part.

        A call of it costs a copy of the arrays, and no more.
        """
        parts = [(p.library, p.vector, p.given, p is part) for p in self.parts]

        def moved(x: float) -> list[Any]:
            built = []
            for library, numbers, given, is_moved in parts:
                if library is None:
                    built.append(x if is_moved else numbers[0])
                    continue
                vector = numbers.copy()
                if is_moved:
                    vector[index] = x
                built.append(library.built(vector, given, wide))
            return self.assembled(built)

        if len(parts) == 1 and self._builders == [next] and part.library is not None:
            build, numbers, given = part.library.built, part.vector, part.given

            def alone(x: float) -> list[Any]:
                vector = numbers.copy()
                vector[index] = x
                return [build(vector, given, wide)]

            return alone
        return moved

    def assembled(self, parts: Sequence[Any]) -> list[Any]:
        """These parts in the form of the arguments."""
        rest = iter(parts)
        return [build(rest) for build in self._builders]


def parts_of(given: Any, name: str) -> list[Any]:
    """The numbers and arrays in a container, in order.

    Raises:
        Unusable: If something in it is neither.
    """
    found: list[Any] = []
    try:
        walked(given, name, lambda part, _, __: found.append(part), _is_part)
    except (TypeError, ValueError, OverflowError) as problem:
        raise Unusable(str(problem)) from None
    return found


def _is_part(given: Any) -> bool:
    return isinstance(given, complex) or library_of(given) is not None


class Figure(float):
    """A number as it was printed: right if the exact one rounds to it.

    Attributes:
        half_unit: Half a unit of its last digit.
    """

    half_unit: float

    def __new__(cls, text: str) -> Figure:
        figure = super().__new__(cls, text)
        mantissa, _, exponent = text.strip().lower().partition("e")
        decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
        figure.half_unit = 0.5 * 10.0**-decimals if math.isfinite(figure) else 0.0
        return figure
