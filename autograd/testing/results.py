"""What a function returned, as the one number whose derivatives are checked."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value, functions
from autograd.arguments import as_number
from autograd.testing.claims import aligned
from autograd.testing.entries import Point, Unusable, parts_of
from autograd.testing.libraries import library_of


class Raised(Unusable):
    """The function raised."""


class Several(Unusable):
    """The function returned several numbers, and one was expected.

    Attributes:
        count: How many there are.
    """

    def __init__(self, message: str, count: int) -> None:
        super().__init__(message)
        self.count = count


class Single:
    """The result itself, which has to be one number; 0-d arrays and arrays of one entry are.

    Args:
        name: What the function is called.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def count(self) -> int:
        """How many numbers the function returns."""
        return 1

    def parts(self, result: Any) -> list[Any]:
        """The numbers, Values and arrays of a result, in order.

        Raises:
            Unusable: If there are none, or something else is among them.
        """
        try:
            found = parts_of(result, self.name)
        except Unusable:
            raise Unusable(_no_value(self.name, result)) from None
        for part in found:
            if isinstance(part, complex) or _is_complex(part):
                raise Unusable(
                    f"{self.name} returned complex numbers; return a real one, such as abs(z)"
                )
        return found

    def node(self, result: Any) -> Value:
        """The node of the number, of a run on nodes."""
        if isinstance(result, Value):
            return result
        nodes = [node for part in self.parts(result) for node in entries_of(part)]
        if any(isinstance(node, Value) for node in nodes):
            node: Value = self.one(nodes, lambda x: x if isinstance(x, Value) else Value(x))
            return node
        raise Unusable(_no_value(self.name, result))

    def number(self, result: Any) -> float:
        """The number."""
        if type(result) is float:
            return result
        if isinstance(result, Value):
            return result.data
        library = library_of(result)
        only: float | None = None if library is None else library.number(result)
        if only is not None:
            return only
        numbers = [x for part in self.parts(result) for x in values_of(part)]
        found: float = self.one(numbers, float)
        return found

    def along(self, index: int, x: float, run: Callable[[], Any]) -> float:
        """The number where the input of that index is x; `run` calls the function there."""
        return self.number(run())

    def one(self, entries: Sequence[Any], convert: Callable[[Any], Any]) -> Any:
        """The number or node that is checked, of all that the function returned."""
        if len(entries) != 1:
            raise Several(f"{self.name} returned {len(entries)} numbers", len(entries))
        return convert(entries[0])


class Picked(Single):
    """One of several numbers of the result; runs are kept, as the others are asked for as well.

    Args:
        name: What the function is called.
        count: How many numbers it returns.
        place: Which of them is checked.
        runs: The results at other points, which those that pick the others share.
    """

    def __init__(
        self, name: str, count: int, place: int, runs: dict[tuple[int, float], list[float]]
    ) -> None:
        super().__init__(name)
        self._count = count
        self.place = place
        self.runs = runs

    def along(self, index: int, x: float, run: Callable[[], Any]) -> float:
        """The number where the input of that index is x."""
        if (index, x) not in self.runs:
            result = run()
            self.runs[index, x] = [v for part in self.parts(result) for v in values_of(part)]
        return float(self.one(self.runs[index, x], float))

    def one(self, entries: Sequence[Any], convert: Callable[[Any], Any]) -> Any:
        """The number or node that is checked."""
        require_count(self.name, self._count, len(entries))
        return convert(entries[self.place])


class Weighted(Single):
    """The sum of all numbers of the result, each times a weight.

    Args:
        name: What the function is called.
        given: The weights, in the form of the result; those of `upstream` by default.

    Attributes:
        weights: The weights, flat; None before the function has run.
    """

    def __init__(self, name: str, given: Any = None) -> None:
        super().__init__(name)
        self.given = given
        self.weights: list[float] | None = None

    @property
    def count(self) -> int:
        """How many numbers the function returns."""
        return len(self.weights or ())

    def node(self, result: Any) -> Value:
        """The node of the sum, of a run on nodes."""
        self.weights_for(result)
        return super().node([result])

    def number(self, result: Any) -> float:
        """The sum."""
        weights = self.weights_for(result)
        library = library_of(result)
        if library is not None and not library.refusal(result) and not _has_values(result):
            vector = library.vector(result)
            require_count(self.name, len(weights), len(vector))
            return float(vector.dot(weights))
        return super().number([result])

    def weights_for(self, result: Any) -> list[float]:
        """The weights, which the first result decides."""
        if self.weights is None:
            if self.given is None:
                sizes = [len(entries_of(part)) for part in self.parts(result)]
                self.weights = upstream(sum(sizes))
            else:
                self.weights = self._weights_like(result)
        return self.weights

    def _weights_like(self, result: Any) -> list[float]:
        """The weights that were given, in the order of the numbers of the result."""
        point = Point(["upstream"], [result])
        try:
            found = aligned(self.given, point, [result], 0)
        except Unusable as problem:
            raise Unusable(f"upstream does not have the form of the result: {problem}") from None
        if len(found) != point.size:
            raise Unusable(
                f"upstream has {len(found)} number{'s'[: len(found) != 1]}, expected {point.size}: "
                f"one for each that {self.name} returns"
            )
        return [float(x) for x in found]

    def one(self, entries: Sequence[Any], convert: Callable[[Any], Any]) -> Any:
        """The weighted sum, a node if there are nodes."""
        weights = self.weights or []
        require_count(self.name, len(weights), len(entries))
        if any(isinstance(entry, Value) for entry in entries):
            return functions.dot(list(entries), weights)
        import numpy as np

        return float(np.dot(entries, weights))


def upstream(count: int) -> list[float]:
    """Weights that no mistake cancels under: of size 1/2 to 3/2, of both signs, always the same.

    A single result has the weight 1: its gradient is what is checked.
    """
    if count == 1:
        return [1.0]
    draw = random.Random(20250711)
    return [draw.choice((-1, 1)) * draw.uniform(0.5, 1.5) for _ in range(count)]


def require_count(name: str, expected: int, found: int) -> None:
    """Raises if a function returned another number of results at another point."""
    if found != expected:
        raise Unusable(
            f"{name} returned {found} number{'s'[: found != 1]} at one point and {expected} at "
            "another; its result has to have one shape"
        )


def entries_of(part: Any) -> list[Any]:
    """The entries of a number, a Value or an array; Values stay as they are."""
    library = library_of(part)
    if library is None:
        return [part]
    if _has_values(part):
        return list(part.reshape(-1))
    return list(library.vector(part).tolist())


def _has_values(part: Any) -> bool:
    """Whether an array is one of NumPy's objects, which may be Values."""
    return getattr(part.dtype, "kind", "") == "O"


def values_of(part: Any) -> list[float]:
    """The entries of a number, a Value or an array, as floats."""
    return [e.data if isinstance(e, Value) else float(e) for e in entries_of(part)]


def unit_of(part: Any) -> float:
    """The unit roundoff of the type of a number or an array."""
    library = library_of(part)
    return 2.0**-53 if library is None else float(library.unit(part))


def same_entries(these: Any, those: Any) -> bool:
    """Whether two containers have the same numbers in the same shapes, nan being nan."""
    left, right = parts_of(these, "arguments"), parts_of(those, "arguments")
    if len(left) != len(right):
        return False
    for x, y in zip(left, right, strict=True):
        library = library_of(x)
        if library is None:
            same = x == y or (x != x and y != y)
        elif library is not library_of(y) or x.shape != y.shape:
            same = False
        else:
            import numpy as np

            same = np.array_equal(library.vector(x), library.vector(y), equal_nan=True)
        if not same:
            return False
    return True


def _is_complex(part: Any) -> bool:
    library = library_of(part)
    return library is not None and "complex" in library.refusal(part)


def _no_value(name: str, result: Any) -> str:
    number = as_number(result)
    if number is not None:
        return (
            f"{name} returned the plain number {number!r} and no Value: it left the graph, as "
            "`.data` does"
        )
    if hasattr(result, "__len__"):
        return f"{name} returned a {type(result).__name__} with something else than numbers in it"
    return f"{name} returned {result!r}; it has to return a Value"
