"""A claimed gradient beside the point: which number is claimed for which input, and in what shape.

A claim has the form of the point: one number or array for each, in lists, tuples, or dictionaries
of the same keys. Where only numbers were given, in a flat list, their order is enough.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from autograd import Value
from autograd.arguments import as_number
from autograd.errors import shown
from autograd.testing.entries import Figure, Part, Point, Unusable
from autograd.testing.libraries import library_of

DEEPEST = 100  # lists in each other


@dataclasses.dataclass(frozen=True)
class Shaped:
    """A claim for one array that has another shape than the array.

    Attributes:
        part: The array.
        shape: The shape of the claim.
        numbers: Its numbers, flat.
        readings: What the claim would be in the right shape, and in words what has to be done.
    """

    part: Part
    shape: tuple[int, ...]
    numbers: list[float]
    readings: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        expected = self.part.shape or ()
        return f"the claim for {self.part.name} has shape {self.shape}, expected {expected}"


class Claims(list[Any]):
    """The claimed numbers, one for each input, flat.

    Attributes:
        unit: The unit roundoff of the least precise type in which they came.
        shaped: The claims of another shape than their array's.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unit = 2.0**-53
        self.shaped: list[Shaped] = []

    def add(self, part: Part, claim: Any) -> None:
        """Adds what is claimed for one number or array."""
        library = library_of(claim)
        if library is None and part.shape is None and not isinstance(claim, list | tuple):
            self.extend(flat(claim))
            return
        numbers, shape = _entries(claim, library, part)
        if library is not None:
            self.unit = max(self.unit, library.unit(claim))
        expected = part.shape or ()
        if shape == expected or (len(numbers) == 1 == len(part.vector)):
            self.extend(numbers)
            return
        readings = tuple(_readings(numbers, shape, expected))
        if not readings:
            raise Unusable(
                f"the claim for {part.name} has shape {shape}, {_counted(len(numbers))}; expected "
                f"shape {expected}, {_counted(len(part.vector))}"
            )
        self.shaped.append(Shaped(part, shape, numbers, readings))
        self.extend(readings[0][1])


def aligned(claimed: Any, point: Point, arguments: Sequence[Any], parameters: int) -> Claims:
    """The claims for the numbers and arrays of a point, and for so many parameters after them.

    Raises:
        Unusable: If they are not as many, or one of them is no number or array of numbers.
    """
    extra = [
        Part(f"parameter {i}", 0.0, None, None, [0.0], point.size + i) for i in range(parameters)
    ]
    parts = [*point.parts, *extra]
    given = [*arguments, *([0.0] * parameters)]
    for claim in _as_wholes(claimed, len(given)):
        try:
            return _matched(given, claim, parts)
        except _OtherForm:
            continue
        except Unusable:
            if (exchanged := _exchanged(given, claim, parts)) is None:
                raise
            return exchanged
    result = Claims()
    result.extend(flat(claimed))
    return result


def _matched(given: Sequence[Any], claim: Sequence[Any], parts: Sequence[Part]) -> Claims:
    """The claims for some arguments, which have these parts."""
    result, rest = Claims(), iter(parts)
    for one, entry in zip(given, claim, strict=True):
        _match(one, entry, rest, result)
    return result


def _exchanged(given: Sequence[Any], claim: Sequence[Any], parts: Sequence[Part]) -> Claims | None:
    """The claims in the order of the arguments, if their shapes say that they are in another."""
    if len(parts) != len(given):  # there are containers among them
        return None
    expected = [part.shape or () for part in parts]
    shapes = [_shape(entry) for entry in claim]
    if sorted(expected) != sorted(shapes):
        return None
    left, order = list(range(len(shapes))), []
    for shape in expected:
        order.append(next(i for i in left if shapes[i] == shape))
        left.remove(order[-1])
    result = _matched(given, [claim[i] for i in order], parts)
    for place, (part, other) in enumerate(zip(parts, order, strict=True)):
        if place != other:
            right = result[part.start : part.stop]
            reading = (f"it is in the place of {parts[other].name}", right)
            numbers = list(flat(claim[place]))
            result.shaped.append(Shaped(part, shapes[place], numbers, (reading,)))
    return result


class _OtherForm(Exception):  # noqa: N818 - never seen by a user
    """The claim does not have the containers of the point."""


def _as_wholes(claimed: Any, count: int) -> Iterator[Sequence[Any]]:
    """The claim as one entry for each of so many arguments."""
    has_one_each = isinstance(claimed, list | tuple) and len(claimed) == count
    if has_one_each and (count > 1 or library_of(claimed[0]) is not None):
        yield claimed
    if count == 1:
        yield [claimed]
        if has_one_each:
            yield claimed


def _match(given: Any, claim: Any, parts: Iterator[Part], result: Claims) -> None:
    """Adds the claims for one container of the point, part by part."""
    if isinstance(given, Mapping):
        if not isinstance(claim, Mapping):
            raise _OtherForm
        missing = [key for key in given if key not in claim]
        if missing or len(claim) != len(given):
            more = [key for key in claim if key not in given]
            raise Unusable(
                f"claimed has the keys {shown(list(claim))}; expected those of the point, "
                f"{shown(list(given))}"
                + (f": {missing[0]!r} is missing" if missing else f": {more[0]!r} is none of them")
            )
        for key, entry in given.items():
            _match(entry, claim[key], parts, result)
    elif dataclasses.is_dataclass(given):
        if type(claim) is not type(given):
            raise _OtherForm
        for field in dataclasses.fields(given):
            if field.init:
                _match(getattr(given, field.name), getattr(claim, field.name), parts, result)
    elif isinstance(given, list | tuple):
        if isinstance(claim, str | Mapping) or not hasattr(claim, "__len__"):
            raise _OtherForm
        if getattr(claim, "shape", (1,)) == () or len(claim) != len(given):
            raise _OtherForm
        for entry, own in zip(given, claim, strict=True):
            _match(entry, own, parts, result)
    else:
        part = next(parts)
        if part.shape is None and not _is_one(claim):
            raise _OtherForm
        if part.shape is not None and isinstance(claim, Mapping):
            raise _OtherForm
        result.add(part, claim)


def _is_one(claim: Any) -> bool:
    """Whether a claim for one number is one number, perhaps in lists."""
    for _ in range(DEEPEST):
        if not isinstance(claim, list | tuple) or len(claim) != 1:
            break
        claim = claim[0]
    return not isinstance(claim, list | tuple) and math.prod(getattr(claim, "shape", ())) == 1


def _entries(claim: Any, library: Any, part: Part) -> tuple[list[Any], tuple[int, ...]]:
    """The numbers of a claim for an array, and its shape."""
    if library is not None:
        if "complex" in library.refusal(claim):
            raise Unusable(f"the claim for {part.name} is complex; expected real numbers")
        return library.vector(claim).tolist(), tuple(claim.shape)
    numbers = list(flat(claim))
    shape = _shape(claim)
    if math.prod(shape) != len(numbers):
        raise Unusable(f"the claim for {part.name} has rows of different lengths")
    return numbers, shape


def _shape(claim: Any) -> tuple[int, ...]:
    """The shape of lists in each other, as their first entries show it."""
    shape: list[int] = []
    while isinstance(claim, list | tuple) and len(shape) <= DEEPEST:
        shape.append(len(claim))
        if not claim:
            break
        claim = claim[0]
    return (*shape, *getattr(claim, "shape", ()))


def _readings(
    numbers: list[Any], shape: tuple[int, ...], expected: tuple[int, ...]
) -> Iterator[tuple[str, list[Any]]]:
    """What a claim of another shape may be, in the expected shape."""
    import numpy as np

    claim = np.array(numbers, dtype=float).reshape(shape)
    if len(shape) == len(expected) > 1 and shape == expected[::-1]:
        yield "it is transposed", claim.T.reshape(-1).tolist()
    if claim.size == math.prod(expected):
        words = "the numbers are those of another shape; reshape it"
        if len(shape) == 2 and len(expected) == 1:
            words = f"it is a {'column' if shape[1] == 1 else 'row'}, expected a vector"
        yield words, numbers
    extra = len(shape) - len(expected)
    if extra > 0 and shape[extra:] == expected:
        axes = tuple(range(extra))
        count = math.prod(shape[:extra])
        yield f"a batch of {count} was not summed", claim.sum(axis=axes).reshape(-1).tolist()
        yield f"a batch of {count} was not averaged", claim.mean(axis=axes).reshape(-1).tolist()
    elif extra == 0 and len(shape) > 1 and shape[1:] == expected[1:] and expected[0] == 1:
        yield f"a batch of {shape[0]} was not summed", claim.sum(axis=0).reshape(-1).tolist()
        yield f"a batch of {shape[0]} was not averaged", claim.mean(axis=0).reshape(-1).tolist()


def flat(claimed: Any, depth: int = 0) -> Iterator[Any]:
    """The claimed numbers, flat; text is a figure as it was printed."""
    if depth > DEEPEST:
        raise Unusable(f"claimed has lists in each other, more than {DEEPEST} deep")
    library = library_of(claimed)
    if isinstance(claimed, Value):
        yield claimed.data
    elif isinstance(claimed, str):
        try:
            yield Figure(claimed)
        except ValueError:
            raise Unusable(f"claimed has the text {claimed!r}, which is no number") from None
    elif library is not None:
        yield from library.vector(claimed).tolist()
    elif as_number(claimed) is not None:
        yield as_number(claimed)
    elif hasattr(claimed, "__iter__") and not isinstance(claimed, Mapping | Set):
        for entry in claimed:
            yield from flat(entry, depth + 1)
    else:
        raise Unusable(
            f"claimed has {shown(claimed)}, which is no number; give one for each input, in order"
        )


def _counted(count: int) -> str:
    return f"{count} number{'s'[: count != 1]}"
