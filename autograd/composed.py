"""Functions that take several nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import overload

from autograd import functions
from autograd.value import Value


@overload
def softmax(logits: Iterable[float]) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def softmax(logits: Iterable[Value | float]) -> list[Value]: ...
def softmax(logits: Iterable[Value | float]) -> list[Value] | list[float]:
    """The probabilities exp(xᵢ) / Σ exp(x), as exp(xᵢ - logsumexp(x)), which cannot overflow.

    Args:
        logits: The logits, at least one.

    Returns:
        A probability for each logit.

    Raises:
        ValueError: If there are no logits.

    Example:
        >>> from autograd import softmax
        >>> [round(p, 8) for p in softmax([2.0, 4.0, 5.0])]
        [0.03511903, 0.25949646, 0.70538451]
    """
    logits = list(logits)
    if not logits:
        raise ValueError("softmax: logits is empty; give at least one")
    whole, exp = functions.logsumexp(logits), functions.exp
    return [exp(x - whole) for x in logits]
