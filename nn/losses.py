"""Losses of one sample: functions of a network's output and the target.

==================================  ==============================  =============================
loss                                output                          target
==================================  ==============================  =============================
`mse`, `half_sse`                   a `Value`, or a list of them    a number, or one for each
`hinge`                             a `Value`, or a list of them    -1 or 1, or one for each
`binary_cross_entropy_with_logits`  a logit, or a list of them      0 to 1, or one for each
`binary_cross_entropy`              a probability, or a list        0 to 1, or one for each
`cross_entropy`                     a list of logits                an integer, the class's index
==================================  ==============================  =============================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import autograd
from autograd import Value, half_sse, log, log1p, mse, relu, softplus

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "half_sse",
    "hinge",
    "mse",
]


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


def binary_cross_entropy_with_logits(
    logits: Value | Iterable[Value], targets: float | Value | Iterable[float | Value]
) -> Value:
    """The mean binary cross-entropy of n logits: -log of the probability of the right answer.

    For a logit x and a target t it is t · softplus(-x) + (1 - t) · softplus(x). Its derivative by x
    is sigmoid(x) - t. With a target of 0 or 1 both are exact to a few units in the last place at
    any logit, also far in the tails.

    Args:
        logits: The output of a network before the sigmoid, or a list of n outputs.
        targets: The probability of "yes", from 0 to 1; one for each logit. If it is a `Value`, it
            can be an input of a compiled program.

    Returns:
        The loss, a `Value` from 0 on, in nats. At a logit of inf or -inf it is 0 where the target
        is that answer, else inf.

    Raises:
        ValueError: If there are no logits, the number of targets is another one than that of
            logits, or a target is a number that is not from 0 to 1.

    Example:
        >>> from autograd import Value
        >>> from nn import binary_cross_entropy_with_logits
        >>> x = Value(-40.0)
        >>> loss = binary_cross_entropy_with_logits(x, 0)
        >>> loss.backward()
        >>> f"{loss.data:.9g} {x.grad:.9g}"
        '4.24835426e-18 4.24835426e-18'

    Source: `torch.nn.functional.binary_cross_entropy_with_logits`, for its name and meaning.
    """
    return _binary(
        "binary_cross_entropy_with_logits", "logit", logits, targets,
        lambda x: softplus(-x), softplus,
    )  # fmt: skip


def binary_cross_entropy(
    probabilities: Value | Iterable[Value], targets: float | Value | Iterable[float | Value]
) -> Value:
    """The mean binary cross-entropy of n probabilities: -log of that of the right answer.

    For a probability p and a target t it is -(t · log(p) + (1 - t) · log(1 - p)). A p that is
    nearly 1 has lost the digits of 1 - p, and beyond a logit of 37 it is 1. So a network that ends
    in a sigmoid is better trained without that, by `binary_cross_entropy_with_logits`.

    Args:
        probabilities: The output of a network after the sigmoid, or a list of n outputs.
        targets: The probability of "yes", from 0 to 1; one for each probability. If it is a
            `Value`, it can be an input of a compiled program.

    Returns:
        The loss, a `Value` from 0 on, in nats; 0 · log(0) is 0 in it, as its limit is. If p is 0 or
        1 and the target is not, the loss is inf: logarithms are not cut off at -100 as PyTorch's
        are. If p is not from 0 to 1, the loss is nan.

    Raises:
        ValueError: If there are no probabilities, the number of targets is another one than that of
            probabilities, or a target is a number that is not from 0 to 1.

    Example:
        >>> from autograd import Value
        >>> from nn import binary_cross_entropy
        >>> round(binary_cross_entropy([Value(0.8), Value(0.4)], [1, 0]).data, 6)
        0.366985
        >>> binary_cross_entropy(Value(0.0), 0).data
        0.0

    Source: `torch.nn.functional.binary_cross_entropy`, for its name and meaning.
    """
    return _binary(
        "binary_cross_entropy", "probability", probabilities, targets,
        lambda p: autograd.where(p <= 1, -log(p), math.nan),
        lambda p: autograd.where(p >= 0, -log1p(-p), math.nan),
    )  # fmt: skip


def _binary(
    name: str,
    one: str,
    outputs: Value | Iterable[Value],
    targets: float | Value | Iterable[float | Value],
    if_yes: Callable[[Value], Value],
    if_no: Callable[[Value], Value],
) -> Value:
    """The mean over the outputs of t · if_yes(output) + (1 - t) · if_no(output)."""
    outputs = [outputs] if isinstance(outputs, Value) else list(outputs)
    given = list(targets) if isinstance(targets, Iterable) else [targets]
    if len(outputs) != len(given) or not outputs:
        raise ValueError(
            f"{name}: the number of outputs is {len(outputs)}, that of targets {len(given)}; give "
            f"one target for each {one}, and at least one"
        )
    losses = []
    for output, target in zip(outputs, given, strict=True):
        if isinstance(target, Value):
            losses.append(_part(target, if_yes(output)) + _part(1 - target, if_no(output)))
            continue
        if not hasattr(target, "__float__") or not 0 <= float(target) <= 1:
            raise ValueError(
                f"{name}: a target is a number from 0 to 1, got {target!r}; (target + 1) / 2 is "
                "for -1, 1"
            )
        yes = float(target)
        if yes in (0, 1):
            losses.append(if_yes(output) if yes else if_no(output))
        else:
            losses.append(yes * if_yes(output) + (1 - yes) * if_no(output))
    return losses[0] if len(losses) == 1 else autograd.mean(losses)


def _part(weight: Value, loss: Value) -> Value:
    """weight · loss, where 0 · inf is 0; nan stays nan."""
    bounded = autograd.where(weight == 0, 0.0, loss)
    return weight * autograd.where(loss == math.inf, bounded, loss)


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
