"""Second derivatives: the derivatives of the gradient.

The reference is the difference quotient of exact gradients: the graph is replayed in high precision
a tiny step to each side, so that neither truncation nor rounding reaches a float.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from autograd import gradients
from autograd.testing.judging import Claim
from autograd.testing.reasons import can_replay
from autograd.testing.report import GradientReport, Partial, Verdict
from autograd.testing.subject import Recording, Subject, Unusable

REFERENCE = "exact gradients of the recorded graph, and their differences in high precision"
CLOSE, FAR = 2.0**-40, 2.0**-24  # of the row's size: right within the one, wrong beyond the other


def second_report(subject: Subject, claimed: Any, order: int, claim: str) -> GradientReport:
    """The report on second derivatives, one for each pair of inputs.

    Raises:
        Unusable: If the order is neither 1 nor 2, or there is nothing to check or to check against.
    """
    if order != 2:
        raise Unusable(f"order is {order!r}; give 1 for first derivatives, 2 for second")
    if claimed is None and "create_graph" not in inspect.signature(gradients).parameters:
        raise Unusable("the engine does not record its gradients, so it has no second derivatives")
    if not can_replay():
        raise Unusable('second derivatives need mpmath: pip install "chainrule[testing]"')
    recording = subject.record()
    exact = second_derivatives(recording)
    numbers = _own(recording) if claimed is None else subject.claimed_by(claimed, count=2)
    partials = []
    size = len(subject.numbers)
    for i in range(size):
        row = exact[i]
        largest = max(map(abs, row))
        for j in range(size):
            name = f"{subject.names[i]}, {subject.names[j]}"
            number = Claim(subject, claimed, j, numbers[i * size + j], None)
            partials.append(_judged(name, number, row[j], largest, subject.numbers[j]))
    verdicts = [partial.verdict for partial in partials]
    verdict: Verdict = "wrong" if "wrong" in verdicts else "right"
    reason = ""
    if verdict == "right" and "inconclusive" in verdicts:
        verdict = "inconclusive"
        first = partials[verdicts.index("inconclusive")]
        reason = f"by {first.name}: {first.reason}"
    point = tuple(subject.numbers)
    return GradientReport(
        verdict,
        reason,
        subject.name,
        point,
        recording.output.data,
        claim.replace("gradient", "second derivatives"),
        REFERENCE,
        tuple(partials),
        order=2,
    )


def _judged(name: str, claim: Claim, exact: float, largest: float, at: float) -> Partial:
    number = float(claim.number)
    tolerance = CLOSE * max(abs(exact), 2.0**-8 * largest) + claim.printed
    distance = abs(number - exact)
    if distance <= tolerance:
        return Partial(name, at, number, exact, tolerance, "right")
    if not distance <= FAR * largest + claim.printed:
        return Partial(name, at, number, exact, tolerance, "wrong")
    reason = f"it is off by {distance:.1e}, which rounding may explain"
    return Partial(name, at, number, exact, tolerance, "inconclusive", reason)


def second_derivatives(recording: Recording) -> list[list[float]]:
    """The exact second derivatives, a row for each input."""
    from autograd.testing.precise import mpf
    from autograd.testing.replay import Replay

    replay = Replay(recording.order)
    if replay.kinks:
        raise Unusable("the first derivative jumps here, so there is no second one")
    rows = []
    for leaf in recording.leaves:
        step = mpf(2) ** -70 * (abs(leaf.data) or 1)
        above, below = (
            replay.exact_gradient(recording.leaves, {leaf: leaf.data + sign * step})
            for sign in (1, -1)
        )
        rows.append([float((a - b) / (2 * step)) for a, b in zip(above, below, strict=True)])
    return rows


def _own(recording: Recording) -> Sequence[float]:
    """The engine's second derivatives, row by row."""
    differentiate: Any = gradients
    rows = []
    for slope in differentiate(recording.output, recording.leaves, create_graph=True):
        rows += gradients(slope, recording.leaves)
    return rows
