"""Losses against their definitions."""

import math

import mpmath
import numpy as np
import pytest

import autograd
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


def test_hinge_of_one_output() -> None:
    score = Value(0.25)
    loss = hinge(score, -1)
    assert (loss.data, gradients(loss, [score])) == (1.25, [1.0])
    assert hinge([score], [1]).data == 0.75
    for label in (0, 2, 0.5):
        with pytest.raises(ValueError, match=f"hinge: a label is -1 or 1, got {label}; 2 . label"):
            hinge(score, label)


@pytest.mark.parametrize(
    "logits",
    [[0.5, -1.0, 2.0], [1.0, 1.0, 1.0, 1.0], [60.0, 0.0, -3.0], [-5.0, 700.0, -700.0], [3.0]],
    ids=str,
)
def test_cross_entropy_of_a_target_that_is_an_input(logits) -> None:
    """Held to 50 digits: where the target is nearly sure, nothing cancels."""
    size = len(logits)
    program = autograd.compile(
        lambda *given: cross_entropy(given[:-1], given[-1]), size + 1, wrt=range(size)
    )
    for target in range(size):
        with mpmath.workdps(50):
            weights = [mpmath.exp(x) for x in logits]
            whole = mpmath.fsum(weights)
            expected = mpmath.log(whole) - logits[target]
            rest = mpmath.fsum(w for i, w in enumerate(weights) if i != target)
            slopes = [w / whole for w in weights]
            slopes[target] = -rest / whole
        values = [Value(x) for x in logits]
        loss = cross_entropy(values, Value(target))
        value, gradient = program(*logits, target)
        lanes, slopes_of_lanes = program(
            *(np.array([x, x]) for x in logits), np.array([target, target])
        )
        assert loss.data == pytest.approx(float(expected), rel=1e-14, abs=1e-300)
        assert gradients(loss, values) == pytest.approx(
            [float(s) for s in slopes], rel=1e-14, abs=1e-300
        )
        assert value == loss.data
        assert list(gradient) == gradients(loss, values)
        assert lanes.tolist() == pytest.approx([loss.data] * 2, rel=1e-15, abs=1e-300)
        assert [s[0] for s in slopes_of_lanes] == pytest.approx(gradient, rel=1e-14, abs=1e-300)


def test_a_class_that_is_none() -> None:
    with pytest.raises(ValueError, match="cross_entropy: target index 3 is out of range for 3"):
        cross_entropy([Value(p) for p in PREDICTIONS], 3)
    assert math.isnan(cross_entropy([Value(p) for p in PREDICTIONS], Value(3)).data)
