"""Functions of several results: their Jacobian, row by row, and their vector-Jacobian product."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from autograd.testing.claims import flat
from autograd.testing.entries import Unusable, parts_of
from autograd.testing.libraries import library_of
from autograd.testing.report import GradientReport
from autograd.testing.results import Picked, Weighted, entries_of
from autograd.testing.subject import Subject
from autograd.transforms.containers import walked


class Rows:
    """A claimed Jacobian, from which a claim for each row is read.

    Args:
        claimed: The Jacobian, or a function that takes the point and returns it.
        subject: A function with this point.
        count: How many numbers the function returns.
    """

    def __init__(self, claimed: Any, subject: Subject, count: int) -> None:
        self.claimed = claimed
        self.subject = subject
        self.count = count

    def row(self, place: int) -> Any:
        """The claim for one number of the result, as a function if the Jacobian is one."""
        if not callable(self.claimed):
            return self._read(self.claimed, place)
        return lambda *arguments: self._read(self.claimed(*arguments), place)

    def _read(self, claimed: Any, place: int) -> list[Any]:
        """The numbers of one row of a claimed Jacobian, in the order of the inputs.

        A list, or an array, has a row for each number of the result. In a tuple, as JAX has it for
        several arguments, each input has an array of its own: of the result's shape, then its own.
        """
        inputs = self.subject.inputs.parts
        total = len(self.subject.numbers)
        numbers = list(flat(claimed))
        if len(numbers) != self.count * total:
            raise Unusable(
                f"claimed has {len(numbers)} numbers, but a Jacobian of {self.subject.name} has "
                f"{self.count} × {total}: a row for each number that it returns"
            )
        parts = claimed if isinstance(claimed, list | tuple) else [claimed]
        sizes = [len(list(flat(part))) for part in parts]
        is_of_rows = isinstance(claimed, list) and sizes == [total] * self.count
        if not is_of_rows and sizes == [self.count * len(part.vector) for part in inputs]:
            row = []
            for part, block in zip(inputs, parts, strict=True):
                width = len(part.vector)
                row += list(flat(block))[place * width : (place + 1) * width]
            return row
        return numbers[place * total : (place + 1) * total]


def result_names(result: Any) -> list[str]:
    """The name of each number of a result: "result[0][1]"."""
    names: list[str] = []

    def found(part: Any, _: Any, where: Callable[[], str]) -> None:
        names.extend(f"{where()}{place}" for place in _places(part))

    walked(result, "result", found, lambda given: library_of(given) is not None)
    return names


def _places(part: Any) -> list[str]:
    if library_of(part) is None:
        return [""]
    import numpy as np

    return ["".join(f"[{i}]" for i in place) for place in np.ndindex(*part.shape)]


def own_gradient(subject: Subject) -> Callable[..., Any]:
    """The gradient that the library of the point's arrays finds, as a function of the point.

    Of several results the weighted sum is checked from then on, which is a vector-Jacobian product.

    Raises:
        Unusable: If there is anything else than arrays of one library.
    """
    (library,) = {library for library in subject.inputs.libraries if library.has_gradients}
    for part in subject.inputs.parts:
        if part.library is not library:
            raise Unusable(
                f"{library.name} has no gradient by {part.name}, which is no array of its; close "
                "over it, as in lambda x: f(x, y), or claim a gradient with claimed="
            )

    def gradient(*arguments: Any) -> Any:
        leaves = parts_of(arguments, "arguments")

        def function(arrays: list[Any]) -> list[Any]:
            return subject.result.parts(subject.function(*subject.inputs.assembled(arrays)))

        try:
            return subject.inputs.assembled(library.gradient(function, leaves, weights))
        except Unusable as problem:
            raise Unusable(f"{subject.name}: {problem}") from None

    import numpy as np

    result = subject.called(subject.arguments())
    sums = Weighted(subject.name)
    sizes = [len(entries_of(part)) for part in sums.parts(result)]
    weights = np.split(np.array(sums.weights_for(result)), np.cumsum(sizes)[:-1])
    if sum(sizes) > 1:
        subject.result = sums
    return gradient


def jacobian_report(
    subject: Subject,
    claimed: Any,
    count: int,
    check: Callable[[Subject, Any], GradientReport],
) -> GradientReport:
    """The report on all rows of a Jacobian, as one.

    Args:
        subject: The function.
        claimed: The claimed Jacobian; None for the engine's own.
        count: How many numbers the function returns.
        check: Checks one number of the result: of a subject that picks it, against a claim.
    """
    names = result_names(subject.called(subject.arguments()))
    rows = None if claimed is None else Rows(claimed, subject, count)
    runs: dict[tuple[int, float], list[float]] = {}
    reports = []
    for place in range(count):
        subject.result = Picked(subject.name, count, place, runs)
        reports.append(check(subject, None if rows is None else rows.row(place)))
    partials = [
        dataclasses.replace(partial, name=f"{name} by {partial.name}")
        for name, report in zip(names, reports, strict=True)
        for partial in report.partials
    ]
    worst = min(
        reports, key=lambda report: ("wrong", "inconclusive", "right").index(report.verdict)
    )
    return dataclasses.replace(
        worst,
        partials=tuple(partials),
        claim=worst.claim.replace("gradient", "Jacobian"),
        blame=tuple(dict.fromkeys(blame for report in reports for blame in report.blame)),
        kinks=tuple(dict.fromkeys(kink for report in reports for kink in report.kinks)),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
    )
