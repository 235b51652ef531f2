"""What a check found: verdicts, partial by partial, kinks, and which operation is to blame."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["right", "wrong", "inconclusive"]
Sides = tuple[float, float]


class GradientError(AssertionError):
    """A gradient is wrong, or could not be checked.

    Attributes:
        report: The whole `GradientReport`.
    """

    def __init__(self, report: GradientReport, more: str = "") -> None:
        super().__init__(f"{report}\n{more}" if more else str(report))
        self.report = report

    def __reduce__(self) -> tuple[type, tuple[GradientReport]]:
        return GradientError, (self.report,)


@dataclass(frozen=True)
class Partial:
    """One partial derivative, as claimed and as it should be.

    Attributes:
        name: What the derivative is by.
        at: The input's number.
        claimed: The number that is checked.
        reference: What it should be; at a kink the nearest that is right.
        tolerance: By how much they may differ.
        verdict: "right", "wrong" or "inconclusive".
        reason: Why it is inconclusive, or what else there is to say.
        sides: At a kink the derivatives from the left and from the right.
    """

    name: str
    at: float
    claimed: float
    reference: float
    tolerance: float
    verdict: Verdict
    reason: str = ""
    sides: Sides | None = None

    @property
    def difference(self) -> float:
        """Claimed less reference."""
        return self.claimed - self.reference

    def __str__(self) -> str:
        difference = self.difference if self.claimed != self.reference else 0.0
        text = (
            f"  {self.name:<12} {self.at:>13.6g} {self.claimed:>23.17g} {self.reference:>23.17g} "
            f"{difference:>11.2e} {self.tolerance:>10.1e}  {self.verdict}"
        )
        if self.sides is not None:
            left, right = self.sides
            text += f"\n    a kink: {left:.6g} from the left, {right:.6g} from the right"
        return text + (f"\n    {self.reason}" if self.reason else "")


@dataclass(frozen=True)
class ArraySummary:
    """How the claims for the entries of one array fare.

    Attributes:
        name: What the array is called.
        shape: Its shape.
        count: How many entries it has.
        wrong: How many of them are claimed wrongly.
        inconclusive: Of how many nobody can tell.
        worst: The entry with the largest difference; None if all are right.
        remark: What there is to say of the claim's shape.
    """

    name: str
    shape: tuple[int, ...]
    count: int
    wrong: int
    inconclusive: int
    worst: Partial | None
    remark: str = ""

    def __str__(self) -> str:
        entries = f"{self.count} entr{'y' if self.count == 1 else 'ies'}"
        bad = [(self.wrong, "wrong"), (self.inconclusive, "inconclusive")]
        counts = [f"{count} of {entries} {verdict}" for count, verdict in bad if count]
        text = f"  {self.name} {self.shape}: {', '.join(counts) or f'{entries} right'}"
        if self.worst is not None:
            worst = self.worst
            text += (
                f"; the worst is {worst.name}: claimed {worst.claimed:.6g}, should be "
                f"{worst.reference:.6g}"
            )
        return text + (f"\n    {self.remark}" if self.remark else "")


@dataclass(frozen=True)
class Kink:
    """A node at a point where its operation has no derivative.

    Attributes:
        node: How the node is called.
        operation: Its operation.
        argument: By which of its arguments.
        at: The numbers of its operands.
        sides: The derivatives from the left and from the right.
        taken: What the engine takes, which is between them.
        convention: What the operation says it takes there.
    """

    node: str
    operation: str
    argument: str
    at: tuple[float, ...]
    sides: Sides
    taken: float
    convention: str

    def __str__(self) -> str:
        text = (
            f"  {self.node} by {self.argument}: {self.sides[0]:.6g} from the left, "
            f"{self.sides[1]:.6g} from the right, {self.taken:.6g} taken"
        )
        return text + (f" ({self.convention})" if self.convention else "")


@dataclass(frozen=True)
class Blame:
    """A node whose local derivative is not its operation's, or another cause of a wrong gradient.

    Attributes:
        node: How the node is called: its operation, its label, its operands.
        operation: The name of the operation; "" if it is none.
        label: The node's label.
        argument: By which of its arguments the derivative is wrong.
        at: The numbers of its operands.
        claimed: The node's local derivative.
        reference: What it should be.
        line: Where the caller created the node, as "file:line", if that is known.
        cause: What is wrong, in words.
    """

    node: str
    operation: str
    label: str
    argument: str
    at: tuple[float, ...]
    claimed: float
    reference: float
    line: str
    cause: str

    def __str__(self) -> str:
        return f"  {self.cause}" + (f"\n    created at {self.line}" if self.line else "")


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What `gradient_report` found; printed, it is a table.

    Attributes:
        verdict: "right", "wrong" or "inconclusive".
        reason: Why it is inconclusive; "" otherwise.
        subject: The name of the function.
        point: The numbers at which it was checked.
        value: Its value there; nan if there is none.
        claim: What was checked: the engine's gradient, or a claimed one.
        reference: What it was checked against.
        partials: The verdict for each input.
        blame: What is to blame, the first in the order of computation first.
        kinks: The nodes at a point without a derivative.
        notes: What else there is to say.
        order: 1 for first derivatives, 2 for second.
        arrays: A summary for each array of the point.
    """

    verdict: Verdict
    reason: str
    subject: str
    point: tuple[float, ...]
    value: float
    claim: str
    reference: str
    partials: tuple[Partial, ...] = ()
    blame: tuple[Blame, ...] = ()
    kinks: tuple[Kink, ...] = ()
    notes: tuple[str, ...] = field(default=())
    order: int = 1
    arrays: tuple[ArraySummary, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether every partial is right."""
        return self.verdict == "right"

    def __repr__(self) -> str:
        return f"<GradientReport of {self.subject}: {self.verdict}; print it>"

    def __str__(self) -> str:
        at = ", ".join(map(reprlib.repr, self.point[:6])) + (", …" if len(self.point) > 6 else "")
        at = f"({at})"
        if self.arrays:
            at = ", ".join(f"{array.name} {array.shape}" for array in self.arrays)
        lines = [f"{self.claim} of {self.subject} at {at}: {self.verdict}"]
        if self.reason:
            lines.append(self.reason)
        lines += map(str, self.arrays)
        lines += [f"note: {note}" for note in self.notes] if self.arrays else []
        shown = _rows(self.partials, 10 if self.arrays else 20)
        if shown:
            lines += [
                f"reference: {self.reference}",
                f"  {'by':<12} {'at':>13} {'claimed':>23} {'reference':>23} "
                f"{'difference':>11} {'tolerance':>10}",
                *shown,
            ]
        elif self.partials:
            lines += [f"reference: {self.reference}", f"  {_counted(self.partials)}"]
        if self.blame:
            lines += ["to blame:", *map(str, self.blame[:5])]
            lines += [f"  and {len(self.blame) - 5} more"] if len(self.blame) > 5 else []
        if self.kinks:
            lines += ["kinks, where any derivative between those of the two sides is right:"]
            lines += [*map(str, self.kinks[:5])]
            lines += [f"  and {len(self.kinks) - 5} more"] if len(self.kinks) > 5 else []
        lines += [] if self.arrays else [f"note: {note}" for note in self.notes]
        return "\n".join(lines)


def _rows(partials: tuple[Partial, ...], most: int) -> list[str]:
    """The rows to show: all if they are few, else the first of those that are not right."""
    if len(partials) <= most:
        return [str(partial) for partial in partials]
    off = [partial for partial in partials if partial.verdict != "right"]
    if not off:
        return []
    rest = len(partials) - len(off[:most])
    return [*map(str, off[:most]), f"  and {rest} more, {_counted(partials)}"]


def _counted(partials: tuple[Partial, ...]) -> str:
    right = sum(partial.verdict == "right" for partial in partials)
    return f"{right} of {len(partials)} right"
