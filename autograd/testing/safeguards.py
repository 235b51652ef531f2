"""What is looked at before anything is compared: can the function be checked, and by what?"""

from __future__ import annotations

import math
from typing import Any

from autograd.testing import reasons
from autograd.testing.entries import Unusable
from autograd.testing.results import Raised
from autograd.testing.stability import Stability, stability
from autograd.testing.subject import Recording, Subject


def recorded(subject: Subject, claimed: Any) -> tuple[Recording | None, float]:
    """The function's graph, None if it can only be run on numbers; and its value.

    Raises:
        Unusable: If there is nothing to check: it raises, has no finite value, does not depend on
            its inputs, gives another value at each call, or no gradient is known of it.
    """
    recording = _recorded(subject, claimed)
    value = subject.plain(subject.numbers) if recording is None else recording.output.data
    if not math.isfinite(value):
        raise Unusable(f"{subject.name} is {value} here, so it has no gradient")
    if recording is not None:
        reasons.require_dependence(subject, recording)
    return recording, value


def replayable(subject: Subject, recording: Recording | None) -> tuple[bool, Stability | None]:
    """Whether the recorded graph is the function and can be replayed; and what runs have shown."""
    if recording is None:
        return False, None
    stable = stability(subject, recording, reasons.matters)
    return stable.is_stable and reasons.can_replay(), stable


def branching(subject: Subject, stable: Stability | None) -> list[str]:
    """What to note of a function that branches on its inputs."""
    if stable is None or not stable.branches:
        return []
    return [
        f"{subject.name} records another graph however close the point is: it branches "
        "on its inputs here"
    ]


def _recorded(subject: Subject, claimed: Any) -> Recording | None:
    """The function's graph; None if it can only be run on numbers."""
    try:
        first = subject.record()
    except Unusable as problem:
        if claimed is None and not isinstance(problem, Raised):
            raise
        try:
            value = subject.plain(subject.numbers)
        except Raised:
            raise problem from None
        if claimed is None:
            raise Unusable(
                f"{problem} when it was given Values, so the engine has no gradient of it to "
                "check; give the one to check as claimed="
            ) from problem
        again = subject.plain(subject.numbers)
        if value != again and not math.isnan(value):
            raise Unusable(reasons.not_deterministic(subject, value, again)) from problem
        return None
    second = subject.record()
    reasons.require_determinism(subject, first, second)
    return first
