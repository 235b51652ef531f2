"""Losses against their definitions."""

import numpy as np
import pytest

from autograd import Value, gradients
from nn import cross_entropy, half_sse, hinge, mse

PREDICTIONS, TARGETS = [0.5, -1.0, 2.0], [1.0, 0.0, 2.5]


def test_mse_and_half_sse() -> None:
    values = [Value(p) for p in PREDICTIONS]
    errors = np.subtract(PREDICTIONS, TARGETS)
    assert mse(values, TARGETS).data == pytest.approx(np.mean(errors**2))
    assert half_sse(values, TARGETS).data == pytest.approx(np.sum(errors**2) / 2)
    assert gradients(mse(values, TARGETS), values) == pytest.approx((2 / 3 * errors).tolist())
    assert gradients(half_sse(values, TARGETS), values) == pytest.approx(errors.tolist())


def test_cross_entropy() -> None:
    logits = [Value(p) for p in PREDICTIONS]
    expected = np.log(np.sum(np.exp(PREDICTIONS))) - PREDICTIONS[1]
    assert cross_entropy(logits, 1).data == pytest.approx(expected)


def test_hinge() -> None:
    scores = [Value(x) for x in (2.0, 0.25, -1.0)]
    loss = hinge(scores, [1, 1, 1])
    assert loss.data == pytest.approx((0 + 0.75 + 2) / 3)
    assert gradients(loss, scores) == pytest.approx([0, -1 / 3, -1 / 3])
    assert hinge(iter(scores), np.ones(3)).data == loss.data
    with pytest.raises(ValueError, match="hinge: 3 scores but 1 labels; give one label for each"):
        hinge(scores, [1])
