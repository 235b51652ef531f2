"""`check_gradient` and `gradient_report`: a gradient against the best reference there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd import Value, gradients
from autograd.testing import reasons
from autograd.testing.calling import described, name_of
from autograd.testing.differences import derivative
from autograd.testing.entries import Unusable
from autograd.testing.explanations import explained
from autograd.testing.judging import Claim, by_differences, by_replay, claims_of, settled
from autograd.testing.report import Blame, GradientError, GradientReport, Kink, Partial
from autograd.testing.results import Several, Single
from autograd.testing.safeguards import branching, recorded, replayable
from autograd.testing.second import second_report
from autograd.testing.several import jacobian_report, own_gradient
from autograd.testing.stability import Stability
from autograd.testing.subject import Recording, Subject
from autograd.testing.tolerance import Tolerance, tolerance

PRECISE = "the recorded graph, replayed in high precision and differentiated there"
DIFFERENCES = "differences with an adaptive step and an estimated error"


def check_gradient(
    function: Callable[..., Any],
    *point: Any,
    claimed: Any = None,
    order: int = 1,
    parameters: Sequence[Value] = (),
    rtol: float = 0.0,
    atol: float = 0.0,
    lines: bool = True,
) -> GradientReport:
    """Checks every partial derivative of a function at a point.

    Args:
        function: What to differentiate: a function of `Value`s, of torch's tensors or of JAX's
            arrays; or, if a gradient is claimed, any function. It returns a number, or several in
            an array or a container: then the Jacobian is checked.
        point: Its arguments: numbers, arrays of NumPy, torch or JAX of any float type, and lists,
            tuples, dictionaries and dataclasses of them. Code in float32 is given float64, if it
            runs with that.
        claimed: A gradient to check, by hand or from elsewhere, in the form of the point, or a
            function that takes the point and returns it; of a Jacobian a row for each number of the
            result, or a tuple with an array for each argument. A figure in quotes is right if the
            derivative rounds to it. Without it the gradient of torch or JAX is checked if the point
            has arrays of theirs, by a vector-Jacobian product if there are several results; else
            that of the engine's own reverse pass.
        order: 2 checks second derivatives.
        parameters: Nodes that the function uses besides its arguments, such as those of a network.
        rtol: By how much of the reference a claimed number may be off, besides what rounding can
            do, which is found out. As for `numpy.isclose`: off by up to atol + rtol·|reference|.
        atol: By how much it may be off in itself.
        lines: Whether a report of a wrong node says which line created it.

    Returns:
        The report, if everything is right.

    Raises:
        GradientError: If a derivative is wrong, or cannot be checked. Its text is the report.

    Example:
        >>> from autograd.testing import check_gradient
        >>> check_gradient(lambda x: x * x, 3.0).verdict
        'right'
        >>> check_gradient(lambda x: x * x, 3.0, claimed=lambda x: 2 * x).verdict
        'right'
    """
    __tracebackhide__ = True  # pytest shows the caller's line and the report
    report = gradient_report(
        function,
        *point,
        claimed=claimed,
        order=order,
        parameters=parameters,
        rtol=rtol,
        atol=atol,
        lines=lines,
    )
    if not report.is_right:
        raise GradientError(report)
    return report


def gradient_report(
    function: Callable[..., Any],
    *point: Any,
    claimed: Any = None,
    order: int = 1,
    parameters: Sequence[Value] = (),
    rtol: float = 0.0,
    atol: float = 0.0,
    lines: bool = True,
) -> GradientReport:
    """The same check as `check_gradient`, which never raises.

    Args:
        function: As for `check_gradient`.
        point: As for `check_gradient`.
        claimed: As for `check_gradient`.
        order: As for `check_gradient`.
        parameters: As for `check_gradient`.
        rtol: As for `check_gradient`.
        atol: As for `check_gradient`.
        lines: As for `check_gradient`.

    Returns:
        The report, whose verdict is "right", "wrong" or "inconclusive".

    Example:
        >>> from autograd.testing import gradient_report
        >>> gradient_report(lambda x: x * x, 3.0, claimed=[5.0]).verdict
        'wrong'
    """
    return report_on(
        function, point, claimed, order, parameters, {"rtol": rtol, "atol": atol, "lines": lines}
    )


def report_on(
    function: Callable[..., Any],
    point: Sequence[Any],
    claimed: Any,
    order: int,
    parameters: Sequence[Value],
    options: Mapping[str, Any],
    claim: str = "",
    result: Single | None = None,
) -> GradientReport:
    """The report of `gradient_report` and of `vjp_report`, which never raises.

    Args:
        function: As for `check_gradient`.
        point: As for `check_gradient`.
        claimed: As for `check_gradient`.
        order: As for `check_gradient`.
        parameters: As for `check_gradient`.
        options: rtol, atol and lines, as for `check_gradient`.
        claim: What the claim is called.
        result: What of the function's result is differentiated.
    """
    name = name_of(function)
    claim = claim or ("the engine's gradient" if claimed is None else "the claimed gradient")
    try:
        given = tolerance(options["rtol"], options["atol"])
        subject = Subject(function, point, parameters, result)
        if claimed is None and subject.owner is not None:
            claimed = own_gradient(subject)
            what = "gradient" if subject.result.count == 1 else "vector-Jacobian product"
            claim = f"{subject.owner.name}'s {what}"

        def check(subject: Subject, claimed: Any) -> GradientReport:
            if order != 1:
                return second_report(subject, claimed, order, claim, given, options["lines"])
            return _Check(subject, claimed, claim, given, options["lines"]).report()

        try:
            report = check(subject, claimed)
        except Several as several:
            if order != 1:
                raise Unusable(
                    f"{several}; for second derivatives check one of them at a time"
                ) from None
            report = jacobian_report(subject, claimed, several.count, check)
        return explained(report, subject)
    except Unusable as problem:
        reason = str(problem)
    except Exception as error:
        reason = f"the check itself failed, which is a fault of it: {described(error)}"
    return unchecked(reason, name, point, claim)


def unchecked(reason: str, name: str, point: Sequence[Any], claim: str) -> GradientReport:
    """The report where nothing could be checked, and why."""
    return GradientReport("inconclusive", reason, name, tuple(point), math.nan, claim, "none")


class _Check:
    """One check of first derivatives."""

    def __init__(
        self, subject: Subject, claimed: Any, claim: str, given: Tolerance, lines: bool
    ) -> None:
        self.subject = subject
        self.claimed = claimed
        self.claim = claim
        self.given = given
        self.lines = lines
        self.notes: list[str] = []

    def report(self) -> GradientReport:
        """The report against the best reference that there is for this function."""
        recording, value = recorded(self.subject, self.claimed)
        is_exact, stable = replayable(self.subject, recording)
        if recording is not None and is_exact:
            return self._against_replay(recording, value)
        return self._against_differences(recording, value, stable)

    def _claims(self, recording: Recording | None, value: float) -> list[Claim]:
        if self.claimed is None:
            assert recording is not None
            found: Sequence[Any] = gradients(recording.output, recording.leaves)
        else:
            found = self.subject.claimed_by(self.claimed)
        return claims_of(self.subject, self.claimed, found, self.given, value)

    def _against_replay(self, recording: Recording, value: float) -> GradientReport:
        from autograd.testing.replay import Replay

        replay = Replay(recording.order)
        partials = by_replay(replay, recording, self._claims(recording, value))
        blame: list[Blame] = []
        if replay.wrong or replay.off:
            blame = reasons.wrong_operations(replay)
        elif self.claimed is None and any(p.verdict == "wrong" for p in partials):
            blame = [reasons.cancelled(recording) if replay.kinks else (
                reasons.accumulation(recording)
            )]  # fmt: skip
        return self._finished(recording, value, PRECISE, partials, blame, reasons.kinks(replay))

    def _against_differences(
        self, recording: Recording | None, value: float, stable: Stability | None
    ) -> GradientReport:
        subject, partials = self.subject, []
        for i, claim in enumerate(self._claims(recording, value)):
            function = subject.along(i, recording is not None)
            estimate = derivative(
                function, subject.numbers[i], value, claim.number, claim.others, subject.spacing(i)
            )
            partials.append(by_differences(claim, estimate))
        blame: list[Blame] = []
        wrong = any(p.verdict == "wrong" for p in partials)
        if recording is not None:
            blame = reasons.wrong_locals(recording.order)
            if wrong and self.claimed is None:
                blame += reasons.without_replay(recording, stable)
        self.notes += branching(subject, stable)
        return self._finished(recording, value, DIFFERENCES, partials, blame, [])

    def _finished(
        self,
        recording: Recording | None,
        value: float,
        reference: str,
        partials: Sequence[Partial],
        blame: Sequence[Blame],
        kinks: Sequence[Kink],
    ) -> GradientReport:
        subject = self.subject
        verdict, reason = settled(partials, blame)
        if recording is not None:
            absent = [n for n, leaf in zip(subject.names, recording.leaves, strict=True)
                      if leaf not in set(recording.order)]  # fmt: skip
            if absent:
                self.notes.append(f"{subject.name} does not depend on {', '.join(absent)}")
            blame = reasons.with_origins(subject, recording, blame, self.lines)
        return GradientReport(
            verdict,
            reason,
            subject.name,
            tuple(subject.numbers),
            value,
            self.claim,
            reference,
            tuple(partials),
            tuple(blame),
            tuple(kinks),
            tuple(self.notes),
        )
