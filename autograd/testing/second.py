"""Second derivatives: the derivatives of the gradient.

The reference is the difference quotient of exact gradients: the graph is replayed in high precision
a tiny step to each side, so that neither truncation nor rounding reaches a float. Where the graph
is not the function, or there is none, it is the second difference of the function's values.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from autograd import Value, gradients
from autograd.graph.accumulation import Edge, accumulate
from autograd.graph.order import topological_order
from autograd.language import floats
from autograd.testing import reasons
from autograd.testing.curvature import second_differences
from autograd.testing.entries import Figure, Unusable
from autograd.testing.judging import BESIDE, COARSE, settled
from autograd.testing.ladder import Estimate
from autograd.testing.report import Blame, GradientReport, Partial
from autograd.testing.safeguards import branching, recorded, replayable
from autograd.testing.subject import Recording, Subject
from autograd.testing.tolerance import Tolerance

REFERENCE = "exact gradients of the recorded graph, and their differences in high precision"
DIFFERENCES = "second differences with an adaptive step and an estimated error"
CLOSE, FAR = (
    2.0**-40,
    2.0**-24,
)  # of the largest in the row: right within the one, wrong beyond the other
STEP = 2.0**-140  # of an input, or of 1 if that is less
JUMP = 2.0**-30  # of the largest in the row: more than the third derivative does in so tiny a step


def second_report(
    subject: Subject, claimed: Any, order: int, claim: str, given: Tolerance, lines: bool
) -> GradientReport:
    """The report on second derivatives, one for each pair of inputs.

    Raises:
        Unusable: If the order is neither 1 nor 2, or there is nothing to check or to check against.
    """
    if order != 2:
        raise Unusable(f"order is {order!r}; give 1 for first derivatives, 2 for second")
    recording, value = recorded(subject, claimed)
    is_exact, stable = replayable(subject, recording)
    has_kinks = recording is not None and is_exact and _has_kinks(recording)
    is_exact = is_exact and not has_kinks
    count = len(subject.numbers)
    sizes = [0.0] * count**2
    if claimed is None:
        assert recording is not None
        numbers, sizes = _own(recording)
    else:
        numbers = subject.claimed_by(claimed, count=2)
    names = [(f"{a}, {b}", x) for a in subject.names
             for b, x in zip(subject.names, subject.numbers, strict=True)]  # fmt: skip
    blame: list[Blame] = []
    if recording is not None and is_exact:
        exact = second_derivatives(recording)
        largest = [max(map(abs, row)) for row in exact for _ in row]
        partials = [
            _judged(name, at, number, reference, max(most, size), given)
            for (name, at), number, reference, most, size in zip(
                names, numbers, [x for row in exact for x in row], largest, sizes, strict=True
            )
        ]
    else:
        rows = second_differences(subject, value, recording is not None)
        partials = [
            _judged_by_differences(name, at, number, estimate, given)
            for (name, at), number, estimate in zip(
                names, numbers, [x for row in rows for x in row], strict=True
            )
        ]
        if claimed is None and recording is not None and (
            any(p.verdict == "wrong" for p in partials)
        ):  # fmt: skip
            blame = reasons.without_replay(recording, stable)
            blame += [reasons.cancelled(recording)] if has_kinks else []
            blame = reasons.with_origins(subject, recording, blame, lines)
    verdict, reason = settled(partials, blame)
    return GradientReport(
        verdict,
        reason,
        subject.name,
        tuple(subject.numbers),
        value,
        claim.replace("gradient", "second derivatives"),
        REFERENCE if is_exact else DIFFERENCES,
        tuple(partials),
        tuple(blame),
        notes=tuple(branching(subject, stable)),
        order=2,
    )


def _judged(
    name: str, at: float, claimed: float, exact: float, largest: float, given: Tolerance
) -> Partial:
    """The verdict on one number; `largest` is the size to which rounding is relative."""
    number = float(claimed)
    if not math.isfinite(exact) and number != exact:
        reason = "there is no second derivative here, or it is beyond the floats"
        return Partial(name, at, number, exact, 0.0, "inconclusive", reason)
    tolerance = CLOSE * max(abs(exact), 2.0**-8 * largest) + _printed(claimed)
    tolerance = max(tolerance, given.of(exact))
    distance = abs(number - exact)
    if distance <= tolerance or number == exact:
        return Partial(name, at, number, exact, tolerance, "right")
    if not distance <= FAR * largest + _printed(claimed):
        return Partial(name, at, number, exact, tolerance, "wrong")
    reason = f"it is off by {distance:.1e}, which rounding may explain"
    return Partial(name, at, number, exact, tolerance, "inconclusive", reason)


def _judged_by_differences(
    name: str, at: float, claimed: float, estimate: Estimate, given: Tolerance
) -> Partial:
    """The verdict on one number beside what second differences say."""
    number, reference = float(claimed), estimate.left
    reason = estimate.reason
    if estimate.is_kink and not reason:
        reason = "the second derivative jumps here, so there is none"
    if reason:
        return Partial(name, at, number, reference, estimate.error, "inconclusive", reason)
    tolerance = max(estimate.error + _printed(claimed), given.of(reference))
    distance = abs(number - reference)
    if not distance <= 4 * tolerance:
        return Partial(name, at, number, reference, tolerance, "wrong")
    tells = max(COARSE * abs(reference), BESIDE * estimate.scale, given.of(reference))
    if distance <= tolerance and estimate.error <= tells:
        return Partial(name, at, number, reference, tolerance, "right")
    reason = f"it is off by {distance:.1e}, and differences are good to ±{estimate.error:.1e}"
    return Partial(name, at, number, reference, tolerance, "inconclusive", reason)


def _printed(claimed: float) -> float:
    """Half a unit of the last digit of a figure that was printed."""
    return claimed.half_unit * (1 + 1e-9) if isinstance(claimed, Figure) else 0.0


def _has_kinks(recording: Recording) -> bool:
    """Whether a node is at a point where its operation has no derivative."""
    from autograd.testing.replay import Replay

    return bool(Replay(recording.order).kinks)


def second_derivatives(recording: Recording) -> list[list[float]]:
    """The exact second derivatives, a row for each input."""
    from autograd.testing.exact import BITS, context, mpf
    from autograd.testing.replay import Replay

    # So tiny a step must show in an input of any size, and in what is added to 1.
    exponents = [abs(math.frexp(leaf.data)[1]) for leaf in recording.leaves]
    with context.workprec(6 * BITS + 2 * max(exponents)):
        replay = Replay(recording.order)
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
