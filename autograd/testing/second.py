"""Second derivatives: the derivatives of the gradient.

The reference is the difference quotient of exact gradients: the graph is replayed in high precision
a tiny step to each side, so that neither truncation nor rounding reaches a float.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from autograd import Value, gradients
from autograd.graph.accumulation import Edge, accumulate
from autograd.graph.order import topological_order
from autograd.language import floats
from autograd.testing.entries import Figure, Unusable
from autograd.testing.judging import Tolerance
from autograd.testing.reasons import can_replay
from autograd.testing.report import GradientReport, Partial, Verdict
from autograd.testing.subject import Recording, Subject

REFERENCE = "exact gradients of the recorded graph, and their differences in high precision"
CLOSE, FAR = (
    2.0**-40,
    2.0**-24,
)  # of the largest in the row: right within the one, wrong beyond the other
STEP = 2.0**-140  # of an input, or of 1 if that is less
JUMP = 2.0**-30  # of the largest in the row: more than the third derivative does in so tiny a step


def second_report(
    subject: Subject, claimed: Any, order: int, claim: str, given: Tolerance
) -> GradientReport:
    """The report on second derivatives, one for each pair of inputs.

    Raises:
        Unusable: If the order is neither 1 nor 2, or there is nothing to check or to check against.
    """
    if order != 2:
        raise Unusable(f"order is {order!r}; give 1 for first derivatives, 2 for second")
    if not can_replay():
        raise Unusable("second derivatives need mpmath: pip install mpmath")
    recording = subject.record()
    exact = second_derivatives(recording)
    sizes = [0.0] * len(subject.numbers) ** 2
    if claimed is None:
        numbers, sizes = _own(recording)
    else:
        numbers = subject.claimed_by(claimed, count=2)
    partials = []
    size = len(subject.numbers)
    for i in range(size):
        row = exact[i]
        largest = max(map(abs, row))
        for j in range(size):
            name = f"{subject.names[i]}, {subject.names[j]}"
            number = numbers[i * size + j]
            scale = max(largest, sizes[i * size + j])
            partials.append(_judged(name, number, row[j], scale, subject.numbers[j], given))
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


def _judged(
    name: str, claimed: float, exact: float, largest: float, at: float, given: Tolerance
) -> Partial:
    """The verdict on one number; `largest` is the size to which rounding is relative."""
    number = float(claimed)
    printed = claimed.half_unit * (1 + 1e-9) if isinstance(claimed, Figure) else 0.0
    if not math.isfinite(exact) and number != exact:
        reason = "there is no second derivative here, or it is beyond the floats"
        return Partial(name, at, number, exact, 0.0, "inconclusive", reason)
    tolerance = max(CLOSE * max(abs(exact), 2.0**-8 * largest) + printed, given.of(exact))
    distance = abs(number - exact)
    if distance <= tolerance or number == exact:
        return Partial(name, at, number, exact, tolerance, "right")
    if not distance <= FAR * largest + printed:
        return Partial(name, at, number, exact, tolerance, "wrong")
    reason = f"it is off by {distance:.1e}, which rounding may explain"
    return Partial(name, at, number, exact, tolerance, "inconclusive", reason)


def second_derivatives(recording: Recording) -> list[list[float]]:
    """The exact second derivatives, a row for each input."""
    from autograd.testing.exact import BITS, context, mpf
    from autograd.testing.replay import Replay

    # So tiny a step must show in an input of any size, and in what is added to 1.
    exponents = [abs(math.frexp(leaf.data)[1]) for leaf in recording.leaves]
    with context.workprec(6 * BITS + 2 * max(exponents)):
        replay = Replay(recording.order)
        if replay.kinks:
            raise Unusable("the first derivative jumps here, so there is no second one")
        leaves = recording.leaves
        here = replay.exact_gradient(leaves)

        def sides(leaf: Value, step: Any) -> tuple[list[Any], list[Any]]:
            """The difference quotients to the right and to the left."""
            above = replay.exact_gradient(leaves, {leaf: leaf.data + step})
            below = replay.exact_gradient(leaves, {leaf: leaf.data - step})
            right = [(a - h) / step for a, h in zip(above, here, strict=True)]
            return right, [(h - b) / step for h, b in zip(here, below, strict=True)]

        rows = []
        for leaf in leaves:
            step = mpf(STEP) * min(abs(leaf.data) or 1, 1)
            right, left = sides(leaf, step)
            gap, largest = _gap(right, left), max(map(abs, right + left))
            # A jump stays where the step shrinks; what the third derivative does shrinks too.
            if gap > JUMP * largest and _gap(*sides(leaf, step / 2**20)) > gap / 2**10:
                raise Unusable("the second derivative jumps here, so there is none")
            rows.append([float((r + s) / 2) for r, s in zip(right, left, strict=True)])
    return rows


def _gap(right: Sequence[Any], left: Sequence[Any]) -> Any:
    """How far the two sides are apart."""
    return max(abs(r - s) for r, s in zip(right, left, strict=True))


def _own(recording: Recording) -> tuple[list[float], list[float]]:
    """The engine's second derivatives, row by row, and the sizes that rounding acts on."""
    numbers: list[float] = []
    sizes: list[float] = []
    for slope in gradients(recording.output, recording.leaves, create_graph=True):
        numbers += gradients(slope, recording.leaves)
        sizes += _sizes(slope, recording.leaves)
    return numbers, sizes


def _sizes(output: Value, inputs: Sequence[Value]) -> list[float]:
    """The sum over all paths from the output to each input, none of them cancelling another."""
    sums = dict.fromkeys(topological_order([output]), 0.0)
    sums[output] = 1.0

    def edges(node: Value, size: float) -> Iterator[Edge[Value]]:
        for parent, partial in zip(node.parents, node.partials, strict=True):
            yield parent, size * abs(partial), False

    accumulate(floats, list(sums), sums, edges)
    return [sums.get(node, 0.0) for node in inputs]
