"""Losses; those that are one operation are the operations of `autograd`."""

from __future__ import annotations

from collections.abc import Iterable

import autograd
from autograd import Value, cross_entropy, half_sse, mse, relu

__all__ = ["cross_entropy", "half_sse", "hinge", "mse"]


def hinge(scores: Iterable[Value], labels: Iterable[float]) -> Value:
    """The mean hinge loss, (1/n) Σ max(0, 1 - label · score).

    Args:
        scores: The outputs of a classifier, one for each sample.
        labels: The classes, -1 or 1, one for each sample.

    Returns:
        The loss.

    Raises:
        ValueError: If there are no scores, or not as many labels as scores.

    Example:
        >>> from autograd import Value
        >>> from nn import hinge
        >>> hinge([Value(0.5), Value(-2.0)], [1, -1]).data
        0.25

    Source: Cortes & Vapnik, "Support-vector networks", 1995.
    """
    scores, labels = list(scores), list(labels)
    if len(scores) != len(labels):
        raise ValueError(
            f"hinge: {len(scores)} scores but {len(labels)} labels; give one label for each score"
        )
    return autograd.mean([relu(1 - y * s) for s, y in zip(scores, labels, strict=True)])
