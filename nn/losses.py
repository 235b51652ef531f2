"""Losses of one sample: functions of a network's output and the target.

==================  ==============================  =============================
loss                output                          target
==================  ==============================  =============================
`mse`, `half_sse`   a `Value`, or a list of them    a number, or one for each
`hinge`             a `Value`, or a list of them    -1 or 1, or one for each
`cross_entropy`     a list of logits                an integer, the class's index
==================  ==============================  =============================
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import autograd
from autograd import Value, half_sse, mse, relu

__all__ = ["cross_entropy", "half_sse", "hinge", "mse"]


def hinge(scores: Value | Iterable[Value], labels: float | Iterable[float | Value]) -> Value:
    """The mean hinge loss of n scores, (1/n) Σ max(0, 1 - label · score).

    Args:
        scores: The output of a classifier, or a list of n outputs.
        labels: The right class, -1 or 1; one for each score.

    Returns:
        The loss, a `Value` from 0 on.

    Raises:
        ValueError: If there are no scores, the number of labels is another one than that of scores,
            or a label is neither -1 nor 1.

    Example:
        >>> from autograd import Value
        >>> from nn import hinge
        >>> hinge([Value(0.5), Value(-2.0)], [1, -1]).data
        0.25
        >>> hinge(Value(0.5), -1).data
        1.5

    Source: Cortes & Vapnik, "Support-vector networks", 1995.
    """
    scores = [scores] if isinstance(scores, Value) else list(scores)
    given = list(labels) if isinstance(labels, Iterable) else [labels]
    if len(scores) != len(given):
        raise ValueError(
            f"hinge: {len(scores)} scores but {len(given)} labels; give one label for each score"
        )
    for label in given:
        if not isinstance(label, Value) and label not in (-1, 1):
            raise ValueError(f"hinge: a label is -1 or 1, got {label!r}; 2 * label - 1 is for 0, 1")
    margins = [relu(1 - y * s) for s, y in zip(scores, given, strict=True)]
    return margins[0] if len(margins) == 1 else autograd.mean(margins)


def cross_entropy(logits: Sequence[Value | float], target: int | Value) -> Value:
    """The cross-entropy loss: -log of the probability that softmax gives to the right class.

    Args:
        logits: A number for each class, the output of a classifier before softmax; at least one.
        target: The right class, an integer: its index in `logits`, from 0. If it is a `Value` with
            such an integer as its number, it can be an input of a compiled program.

    Returns:
        The loss, a `Value` from 0 on, in nats. Its derivative with respect to a logit is the
        probability of that class, less 1 for the right class; no digits cancel in it.

    Raises:
        TypeError: If the target is neither an integer nor a `Value`.
        ValueError: If there are no logits, or the target is not the index of one.

    Example:
        >>> from autograd import Value
        >>> from nn import cross_entropy
        >>> round(cross_entropy([Value(1.0), Value(3.0), Value(0.0)], 1).data, 6)
        0.169846
    """
    if not isinstance(target, Value):
        if not hasattr(target, "__index__"):
            raise TypeError(
                f"cross_entropy: a target is the index of a class, an integer, got {target!r}; "
                "of an array of floats make them by y.astype(int), of one-hot rows by y.argmax(1)"
            )
        return autograd.cross_entropy(logits, target)
    chosen: Value | float = math.nan
    for index, logit in enumerate(logits):
        chosen = autograd.where(target == index, logit, chosen)
    # The loss is log(1 + Σ exp(logit - chosen)), summed over the classes other than the target. No
    # digits cancel in it, nor in its gradient. Adding -inf makes the target's own term exp(-inf),
    # which is 0; a `where` in its place would add a condition to every later gradient.
    out = [autograd.where(target == index, -math.inf, 0.0) for index in range(len(logits))]
    others = [(x - chosen) + nothing for x, nothing in zip(logits, out, strict=True)]
    return autograd.logsumexp([0.0, *others])
