"""What wrong claims have in common: a sign, a factor, a transposed array, and where they are.

An explanation is given only if it explains everything that is wrong.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence

from autograd.testing.entries import Part
from autograd.testing.report import ArraySummary, GradientReport, Partial
from autograd.testing.subject import Subject

LOOSE = 2.0**-23  # of the largest: two numbers so close are one, as far as explanations go


def explained(report: GradientReport, subject: Subject) -> GradientReport:
    """The report with a summary for each array and with what explains that which is wrong."""
    wrong = [p for p in report.partials if p.verdict == "wrong"]
    notes = list(report.notes)
    if subject.raised and report.verdict == "inconclusive":
        notes.append(f"next to the point {subject.raised}")
    if report.order != 1 or len(report.partials) != len(subject.numbers):
        return dataclasses.replace(report, notes=(*notes, *_factor(wrong, {})))
    claims = [
        Claimed(part, report.partials[part.start : part.stop], subject.claim_unit)
        for part in subject.inputs.parts
    ]
    remarks = {shaped.part.name: f"{shaped}" for shaped in subject.shaped}
    for shaped in subject.shaped:
        claim = claims[subject.inputs.parts.index(shaped.part)]
        for words, numbers in shaped.readings:
            if claim.is_near(numbers, claim.reference):
                remarks[shaped.part.name] += f": {words}"
                break
    arrays = tuple(claim.summary(remarks.get(claim.part.name, "")) for claim in claims
                   if claim.part.shape is not None)  # fmt: skip
    verdict = "wrong" if subject.shaped else report.verdict
    reason = "" if verdict == "wrong" else report.reason
    found = list(_explanations(claims, wrong, subject))
    return dataclasses.replace(
        report, verdict=verdict, reason=reason, arrays=arrays, notes=(*notes, *found)
    )


@dataclasses.dataclass(frozen=True)
class Claimed:
    """What is claimed for one number or array, beside the reference.

    Attributes:
        part: The number or array.
        partials: The verdicts on its entries.
        unit: The unit roundoff of the claims.
    """

    part: Part
    partials: Sequence[Partial]
    unit: float

    @property
    def claimed(self) -> list[float]:
        """The claimed numbers."""
        return [p.claimed for p in self.partials]

    @property
    def reference(self) -> list[float]:
        """What they should be."""
        return [p.reference for p in self.partials]

    @property
    def at(self) -> list[float]:
        """The entries of the array itself."""
        return [p.at for p in self.partials]

    @property
    def is_wrong(self) -> bool:
        """Whether an entry is wrong."""
        return any(p.verdict == "wrong" for p in self.partials)

    def is_near(self, these: Sequence[float], those: Sequence[float]) -> bool:
        """Whether the numbers of two vectors are the same to rounding."""
        if len(these) != len(those):
            return False
        largest = max(map(abs, those), default=0.0)
        tolerances = [p.tolerance for p in self.partials if math.isfinite(p.tolerance)]
        near = max(LOOSE, 64 * self.unit) * largest + 4 * max(tolerances, default=0.0)
        return all(abs(x - y) <= near for x, y in zip(these, those, strict=True))

    def is_multiple(self, these: Sequence[float], of: Sequence[float]) -> float:
        """The factor if one vector is the other times a factor; 0 if it is not."""
        if len(of) < 3:
            return 0.0
        place = max(range(len(of)), key=lambda i: abs(of[i]))
        factor = these[place] / of[place] if of[place] else 0.0
        return factor if factor and self.is_near([factor * x for x in of], these) else 0.0

    def summary(self, remark: str) -> ArraySummary:
        """How many of the entries are wrong, and the worst."""
        bad = [p for p in self.partials if p.verdict != "right"]
        worst = max(bad, key=lambda p: (p.verdict == "wrong", _size(p.difference)), default=None)
        verdicts = [p.verdict for p in self.partials]
        return ArraySummary(
            self.part.name,
            self.part.shape or (),
            len(self.partials),
            verdicts.count("wrong"),
            verdicts.count("inconclusive"),
            worst,
            remark,
        )


def _size(difference: float) -> float:
    return math.inf if math.isnan(difference) else abs(difference)


def _explanations(
    claims: Sequence[Claimed], wrong: Sequence[Partial], subject: Subject
) -> Iterator[str]:
    """What explains all that is wrong, the first that does."""
    batches = {
        part.shape[0]: part.name for part in reversed(subject.inputs.parts)
        if part.shape and part.shape[0] > 1
    }  # fmt: skip
    if any(not math.isfinite(p.claimed) or not math.isfinite(p.reference) for p in wrong):
        return
    if not wrong and not subject.shaped:
        return
    off = [claim for claim in claims if claim.is_wrong]
    for found in (
        _transposed(off),
        _exchanged(claims, off, subject),
        _factor(wrong, batches),
        _terms(off, batches),
    ):
        if found:
            yield from found
            return


def _transposed(off: Sequence[Claimed]) -> list[str]:
    """Square matrices whose claims are those of their transposes."""
    for claim in off:
        shape = claim.part.shape or ()
        if len(shape) != 2 or shape[0] != shape[1]:
            return []
        rows = [claim.reference[i :: shape[1]] for i in range(shape[1])]
        if not claim.is_near(claim.claimed, [x for row in rows for x in row]):
            return []
    return [f"the claim for {claim.part.name} is transposed" for claim in off]


def _exchanged(claims: Sequence[Claimed], off: Sequence[Claimed], subject: Subject) -> list[str]:
    """Two arrays, or two numbers, each with the claim of the other."""
    raw = {claim.part.name: claim.claimed for claim in claims}
    raw |= {shaped.part.name: shaped.numbers for shaped in subject.shaped}
    names = {claim.part.name for claim in off} | {shaped.part.name for shaped in subject.shaped}
    pair = [claim for claim in claims if claim.part.name in names]
    if len(pair) != 2:
        return []
    first, second = pair
    if first.is_near(raw[first.part.name], second.reference) and second.is_near(
        raw[second.part.name], first.reference
    ):
        return [f"the claims for {first.part.name} and {second.part.name} are exchanged"]
    return []


def _factor(wrong: Sequence[Partial], batches: dict[int, str]) -> list[str]:
    """One factor, or a sign, between all that is claimed wrongly and what it should be."""
    wrong = [p for p in wrong if p.reference and p.claimed]
    if not wrong:
        return []
    largest = max(wrong, key=lambda p: abs(p.reference))
    ratio = largest.claimed / largest.reference
    if not math.isfinite(ratio) or ratio == 1:
        return []
    for p in wrong:
        near = LOOSE * abs(p.claimed) + 4 * p.tolerance
        if not abs(p.claimed - ratio * p.reference) <= near + abs(ratio) * near:
            return []
    if abs(ratio + 1) < 1e-5:
        return ["what is wrong has the wrong sign"]
    note = f"what is wrong is {ratio:g} times what it should be"
    for count, name in batches.items():
        if abs(ratio * count - 1) < 1e-5:
            note += f"; {name} has length {count}: is it averaged instead of summed?"
            break
        if abs(ratio / count - 1) < 1e-5:
            note += f"; {name} has length {count}: is a 1/{count} missing?"
            break
    return [note]


def _terms(off: Sequence[Claimed], batches: dict[int, str]) -> list[str]:
    """One of two terms is wrong, where the other is in proportion to the array, as a penalty's."""
    notes = []
    for claim in off:
        excess = [c - r for c, r in zip(claim.claimed, claim.reference, strict=True)]
        name = claim.part.name
        if factor := claim.is_multiple(excess, claim.at):
            notes.append(
                f"the claim for {name} is off by {factor:.6g} times {name} itself: a penalty's "
                "term, or its factor, is wrong"
            )
        elif count := _missing_mean(claim, excess):
            where = f", {count} being the length of {batches[count]}" if count in batches else ""
            notes.append(
                f"the claim for {name} has two terms: the one in proportion to {name} is right, "
                f"the other misses its 1/{count}{where}"
            )
        else:
            return []
    return notes


def _missing_mean(claim: Claimed, excess: Sequence[float]) -> int:
    """N if the claim is g + k·w where g/N + k·w is right, w being the array itself; else 0.

    The excess is then (1 - 1/N)·g, and the reference is excess/(N - 1) + k·w.
    """
    if len(excess) < 4:
        return 0
    import numpy as np

    basis = np.array([excess, claim.at]).T
    share, factor = np.linalg.lstsq(basis, np.array(claim.reference), rcond=None)[0]
    count = round(1 + 1 / share) if share > 1e-6 else 0
    is_whole = count > 1 and abs((1 + 1 / share) / count - 1) < 1e-4
    if not is_whole:
        return 0
    fitted = [e / (count - 1) + factor * x for e, x in zip(excess, claim.at, strict=True)]
    return count if claim.is_near(fitted, claim.reference) else 0
