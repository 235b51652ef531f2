"""A claimed partial beside its reference: right, wrong, or inconclusive and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd.testing.entries import Figure
from autograd.testing.ladder import Estimate
from autograd.testing.report import Blame, Partial, Verdict
from autograd.testing.rounding import Rounding
from autograd.testing.subject import Recording, Subject
from autograd.testing.tolerance import Tolerance

if TYPE_CHECKING:
    from autograd.testing.replay import Replay

UNIT = 2.0**-53
COARSE = 1 / 32  # a tolerance beyond this part of the derivative decides nothing
BESIDE = 1e-3  # one up to this part of what the derivative is close by tells enough
OTHERS = 1 / 32  # and one up to this part of the largest in its array
WRITTEN = 64  # units: what a formula written by hand may lose to rounding, without cancelling


@dataclass(frozen=True)
class Claim:
    """One claimed partial.

    Attributes:
        subject: The function.
        claimed: What was claimed as a whole; None for the engine's own gradient.
        index: Which input it is the derivative by.
        number: The claimed number.
        given: The tolerance that was asked for.
        rounding: What rounding can do to the claims.
        others: The size of the claims for the array that the input is in, this one among them.
    """

    subject: Subject
    claimed: Any
    index: int
    number: float
    given: Tolerance
    rounding: Rounding
    others: float = 0.0

    @property
    def is_own(self) -> bool:
        """Whether this is the engine's own."""
        return self.claimed is None

    @property
    def finite(self) -> float:
        """The claimed number; 0 if it is none that can be compared."""
        return float(self.number) if math.isfinite(self.number) else 0.0

    def off(self, reference: float) -> float:
        """How far it is from a reference."""
        return abs(float(self.number) - reference)

    @property
    def printed(self) -> float:
        """Half a unit of the last digit of a figure that was printed."""
        return self.number.half_unit * (1 + 1e-9) if isinstance(self.number, Figure) else 0.0

    @property
    def written(self) -> float:
        """What a formula written by hand may lose to rounding, of itself."""
        return WRITTEN * max(UNIT, self.subject.claim_unit)

    def judged(
        self,
        reference: float,
        tolerance: float,
        verdict: Verdict,
        reason: str = "",
        sides: tuple[float, float] | None = None,
    ) -> Partial:
        """The partial with a verdict."""
        name, at = self.subject.names[self.index], self.subject.numbers[self.index]
        number = float(self.number)
        return Partial(name, at, number, reference, tolerance, verdict, reason, sides)


def claims_of(
    subject: Subject, claimed: Any, found: Sequence[Any], given: Tolerance, value: float
) -> list[Claim]:
    """The claimed numbers, each with what is known of it.

    Args:
        subject: The function.
        claimed: What was claimed as a whole; None for the engine's own gradient.
        found: The claimed numbers.
        given: The tolerance that was asked for.
        value: The function's value.
    """
    rounding = Rounding(subject, claimed, found, value)
    arrays = [part for part in subject.inputs.parts if part.shape]
    apart = {i for part in arrays for i in range(part.start, part.stop)}
    groups = [range(part.start, part.stop) for part in arrays]
    others = [0.0] * len(found)
    for group in (*groups, [i for i in range(len(found)) if i not in apart]):
        sizes = [abs(float(found[i])) for i in group]
        largest = max((size for size in sizes if math.isfinite(size)), default=0.0)
        for i in group:
            others[i] = largest
    return [
        Claim(subject, claimed, i, number, given, rounding, others[i])
        for i, number in enumerate(found)
    ]


def settled(partials: Sequence[Partial], blame: Sequence[Blame]) -> tuple[Verdict, str]:
    """The verdict of a whole gradient and, if it is inconclusive, the reason."""
    if blame or any(p.verdict == "wrong" for p in partials):
        return "wrong", ""
    for partial in partials:
        if partial.verdict == "inconclusive":
            return "inconclusive", f"by {partial.name}: {partial.reason}"
    return "right", ""


def _zero_tells(claim: Claim, estimate: Estimate) -> float:
    """The largest tolerance that still tells a claimed 0, or next to it, from another number."""
    if claim.number == 0.0 and estimate.is_still:
        return math.inf
    unseen = claim.rounding.unseen(claim.index)
    if claim.number == 0.0:
        return max(unseen, BESIDE * estimate.scale)
    return unseen if abs(claim.number) <= unseen else 0.0


def _fine(claim: Claim, *sizes: float) -> float:
    """The largest tolerance that still tells a right number from a wrong one."""
    return max(COARSE * max(map(abs, sizes)), OTHERS * claim.others)


def _zero(claim: Claim, reference: float, allowed: float) -> tuple[Verdict, str]:
    """The verdict on a claimed 0, which has no digits in which rounding would show."""
    allowed = max(allowed, claim.rounding.cancelled(claim.index))
    if abs(reference) > allowed:
        return "wrong", ""
    if allowed <= OTHERS * claim.others:
        return "right", ""
    return "inconclusive", (
        f"it is {reference:.1e}, which a formula with numbers of the function's size may round to 0"
    )


# --- Against a replay -----------------------------------------------------------------------------


def by_replay(replay: Replay, recording: Recording, claims: Sequence[Claim]) -> list[Partial]:
    """Each claim beside the exact gradient of the recorded graph."""
    from autograd.testing.exact import context
    from autograd.testing.local import agree

    exact, size, error = replay.gradient()
    unrounded: list[Any] = []
    partials = []
    for claim, leaf in zip(claims, recording.leaves, strict=True):
        reference, paths = exact.get(leaf, context.mpf(0)), size.get(leaf, 0.0)
        doubt = error.get(leaf, 0.0)
        if context.isnan(reference) or not math.isfinite(doubt):
            if context.isinf(reference) and float(claim.number) == float(reference):
                partials.append(claim.judged(float(reference), 0.0, "right"))
            else:
                reason = _undefined(replay)
                partials.append(claim.judged(float(reference), doubt, "inconclusive", reason))
            continue
        sides = None
        if replay.kinks and leaf in size:
            left, right = (replay.along(leaf, sign) for sign in (-1, 1))
            if abs(left - right) > 2.0**-40 * max(abs(left), abs(right)):
                sides = (float(left), float(right))
                reference = min(max(context.mpf(claim.finite), min(left, right)), max(left, right))
            elif not context.isnan(left):  # the kinks cancel, whatever is taken at each
                reference = left
        tolerance = doubt
        if not claim.is_own:
            tolerance = 16 * doubt + claim.written * paths + claim.printed
        given = claim.given.of(float(reference))
        if agree(claim.number, reference, max(tolerance, given)):
            tells = _fine(claim, float(reference), claim.number)
            if (
                claim.is_own
                or sides is not None
                or (tolerance - claim.printed <= max(tells, given))
            ):
                partials.append(
                    claim.judged(float(reference), max(tolerance, given), "right", "", sides)
                )
                continue
        if claim.is_own or sides is not None:
            partials.append(claim.judged(float(reference), tolerance, "wrong", "", sides))
            continue
        if not replay.kinks:
            unrounded = unrounded or replay.exact_gradient(recording.leaves)
            best = unrounded[claim.index]
            if not context.isnan(best):
                doubt, reference = 4 * float(abs(best - reference)), best
        partials.append(_closer(claim, reference, doubt, tolerance))
    return partials


def _closer(claim: Claim, reference: Any, doubt: float, wide: float) -> Partial:
    """A claim on which a general bound of rounding cannot decide: what is known of its own?

    Args:
        claim: The claim.
        reference: The exact derivative.
        doubt: What the function's own rounding does to it.
        wide: What rounding of a formula as long as the function's may do.
    """
    from autograd.testing.local import agree

    exact = float(reference)
    given = claim.given.of(exact)
    if agree(claim.number, reference, claim.written * abs(exact) + 2.0**-100 * wide):
        return claim.judged(exact, claim.written * abs(exact), "right")
    allowed = claim.written * abs(exact) + claim.printed
    if not claim.rounding.is_measured:
        allowed += doubt
    if not agree(claim.number, reference, allowed):
        allowed += claim.rounding.of(claim.index, claim.off(exact))
    verdict: Verdict = "wrong"
    reason = ""
    if agree(claim.number, reference, max(allowed, given)):
        verdict = "right"
        if allowed - claim.printed > max(given, _fine(claim, exact, claim.number)):
            verdict = "inconclusive"
            reason = f"rounding alone may change it by {allowed:.1e}: the formulas cancel here"
    elif agree(claim.number, reference, wide) and not claim.rounding.is_measured:
        verdict = "inconclusive"
        reason = (
            f"rounding alone may change it by {wide:.1e}: the formulas cancel here; claim a "
            "function, so that its rounding can be seen"
        )
    elif claim.number == 0.0:
        verdict, reason = _zero(claim, exact, wide)
    elif agree(claim.number, reference, 4 * allowed - 3 * claim.printed) and (
        allowed > 2 * claim.written * abs(exact) + claim.printed
    ):
        verdict = "inconclusive"
        reason = f"it is off by {claim.off(exact):.1e}, which rounding may explain"
    return claim.judged(exact, max(allowed, given), verdict, reason)


def _undefined(replay: Replay) -> str:
    """Why a replay has no gradient."""
    for local in replay.unknown:
        numbers = ", ".join(f"{p.data:.6g}" for p in local.node.parents)
        return f"{local.node.op} has no derivative at ({numbers})"
    return "an infinite derivative, or one beyond the floats, is on the way"


# --- Against differences --------------------------------------------------------------------------


def by_differences(claim: Claim, estimate: Estimate) -> Partial:
    """A claim beside an estimate: right within its error, wrong if well beyond it."""
    if estimate.reason:
        return claim.judged(math.nan, math.inf, "inconclusive", estimate.reason)
    low, high = sorted((estimate.left, estimate.right))
    number = float(claim.number)
    if not math.isfinite(number):
        return claim.judged(low, estimate.error, "wrong")
    nearest = min(max(number, low), high)
    sides = (estimate.left, estimate.right) if estimate.is_kink else None
    given = claim.given.of(nearest)
    tolerance = estimate.error + claim.written * abs(nearest) + claim.printed
    distance = abs(number - nearest)
    if distance > max(tolerance, given):
        tolerance += claim.rounding.of(claim.index, distance)
    verdict: Verdict = "wrong"
    reason = ""
    if distance <= max(tolerance, given):
        verdict = "right"
        tells = max(_fine(claim, low, high, number), given, _zero_tells(claim, estimate))
        if tolerance - claim.printed > tells:
            verdict = "inconclusive"
            reason = f"differences are only good to ±{estimate.error:.1e} here"
            if tolerance - claim.printed > 2 * estimate.error:
                reason = f"rounding alone may change it by {tolerance:.1e}: the formulas cancel"
    elif distance <= 4 * tolerance - 3 * claim.printed:
        verdict = "inconclusive"
        reason = f"it is off by {distance:.1e}, and differences are good to ±{estimate.error:.1e}"
    elif number == 0.0:
        verdict, reason = _zero(claim, nearest, estimate.error)
    return claim.judged(nearest, max(tolerance, given), verdict, reason, sides)
