"""A claimed partial beside its reference: right, wrong, or inconclusive and why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd.testing.differences import Estimate, third_differences
from autograd.testing.entries import Figure
from autograd.testing.report import Blame, Partial, Verdict
from autograd.testing.subject import Recording, Subject

if TYPE_CHECKING:
    from autograd.testing.replay import Replay

UNIT = 2.0**-53
COARSE = 1e-3  # a tolerance beyond this part of the derivative decides nothing
WRITTEN = 64 * UNIT  # what a formula written by hand may lose to rounding, without cancelling


@dataclass(frozen=True)
class Claim:
    """One claimed partial.

    Attributes:
        subject: The function.
        claimed: What was claimed as a whole; None for the engine's own gradient.
        index: Which input it is the derivative by.
        number: The claimed number.
        relative: The tolerance that was asked for.
    """

    subject: Subject
    claimed: Any
    index: int
    number: float
    relative: float | None

    @property
    def is_own(self) -> bool:
        """Whether this is the engine's own."""
        return self.claimed is None

    @property
    def printed(self) -> float:
        """Half a unit of the last digit of a figure that was printed."""
        return self.number.half_unit * (1 + 1e-9) if isinstance(self.number, Figure) else 0.0

    def noise(self) -> float:
        """How much the claimed derivative is off by rounding: how its neighbours scatter."""
        if not callable(self.claimed):
            return 0.0
        x = self.subject.numbers[self.index]
        size = abs(x) if x else 2.0**-20
        return 2 * max(
            third_differences(self._number, x, sign * unit)
            for unit in (4 * math.ulp(size), 2.0**-40 * size, 2.0**-24 * size)
            for sign in (1, -1)
        )

    def _number(self, x: float) -> float:
        """The claimed derivative at another number of its input."""
        i, numbers = self.index, self.subject.numbers
        close = [*numbers[:i], x, *numbers[i + 1 :]]
        return float(self.subject.claimed_by(self.claimed, close)[i])

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


def settled(partials: Sequence[Partial], blame: Sequence[Blame]) -> tuple[Verdict, str]:
    """The verdict of a whole gradient and, if it is inconclusive, the reason."""
    if blame or any(p.verdict == "wrong" for p in partials):
        return "wrong", ""
    for partial in partials:
        if partial.verdict == "inconclusive":
            return "inconclusive", f"by {partial.name}: {partial.reason}"
    return "right", ""


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
        tolerance = error.get(leaf, 0.0)
        if context.isnan(reference) or not math.isfinite(tolerance):
            if context.isinf(reference) and float(claim.number) == float(reference):
                partials.append(claim.judged(float(reference), 0.0, "right"))
            else:
                reason = _undefined(replay)
                partials.append(claim.judged(float(reference), tolerance, "inconclusive", reason))
            continue
        if claim.relative is not None:
            tolerance = claim.relative * float(abs(reference))
        elif not claim.is_own:
            tolerance = 16 * tolerance + WRITTEN * paths + claim.printed
        sides = None
        if replay.kinks and leaf in size:
            left, right = (float(replay.along(leaf, sign)) for sign in (-1, 1))
            if abs(left - right) > 2.0**-40 * max(abs(left), abs(right)):
                sides = (left, right)
                if min(sides) - tolerance <= claim.number <= max(sides) + tolerance:
                    nearest = min(max(float(claim.number), min(sides)), max(sides))
                    partials.append(claim.judged(nearest, tolerance, "right", "", sides))
                    continue
            elif not math.isnan(left) and agree(claim.number, context.mpf(left), tolerance):
                partials.append(claim.judged(left, tolerance, "right"))
                continue
        verdict: Verdict = "right" if agree(claim.number, reference, tolerance) else "wrong"
        reason = ""
        if verdict == "wrong" and sides is None and not claim.is_own and claim.relative is None:
            unrounded = unrounded or replay.exact_gradient(recording.leaves)
            best = unrounded[claim.index]
            ill = 4 * float(abs(best - reference))
            allowed = tolerance + ill + 2 * claim.noise()
            if agree(claim.number, best, allowed):
                verdict, reason = _unless_coarse(allowed, float(best), claim.number)
                reference, tolerance = best, allowed
        partials.append(claim.judged(float(reference), tolerance, verdict, reason, sides))
    return partials


def _unless_coarse(tolerance: float, *sizes: float) -> tuple[Verdict, str]:
    """Right, unless the tolerance is so large that it would let anything pass."""
    if tolerance > COARSE * max(map(abs, sizes)):
        return "inconclusive", (
            f"rounding alone may change it by {tolerance:.1e}: the formulas cancel here"
        )
    return "right", ""


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
    tolerance = estimate.error + WRITTEN * abs(nearest) + claim.printed
    if claim.relative is not None:
        tolerance = max(tolerance, claim.relative * abs(nearest))
    if abs(number - nearest) > tolerance:
        tolerance += 2 * claim.noise()
    distance = abs(number - nearest)
    if distance <= tolerance:
        size = max(abs(low), abs(high), abs(number), estimate.scale)
        if estimate.error > COARSE * size > 0:
            reason = f"differences are only good to ±{estimate.error:.1e} here"
            return claim.judged(nearest, tolerance, "inconclusive", reason, sides)
        return claim.judged(nearest, tolerance, "right", "", sides)
    if distance > 4 * tolerance:
        return claim.judged(nearest, tolerance, "wrong", "", sides)
    reason = f"it is off by {distance:.1e}, and differences are good to ±{estimate.error:.1e}"
    return claim.judged(nearest, tolerance, "inconclusive", reason, sides)
