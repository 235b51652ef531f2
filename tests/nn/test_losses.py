"""Losses against their definitions."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import autograd
from autograd import Value, gradients
from nn import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_sse,
    hinge,
    mse,
)

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


BINARY = [binary_cross_entropy, binary_cross_entropy_with_logits]


def exact_binary(loss, x: float, target: float) -> tuple[float, float]:
    """The loss and its derivative by the output, from their definitions in 2500 bits."""
    with mpmath.workprec(2500):
        t = mpmath.mpf(target)
        if loss is binary_cross_entropy:
            p, slope = mpmath.mpf(x), mpmath.mpf(1)
        else:
            p = 1 / (1 + mpmath.exp(-mpmath.mpf(x)))
            slope = p * (1 - p)
        yes = -t * mpmath.log(p) if t else 0
        no = -(1 - t) * mpmath.log(1 - p) if t != 1 else 0
        by_p = (-t / p if t else 0) + ((1 - t) / (1 - p) if t != 1 else 0)
        return float(yes + no), float(by_p * slope)


@given(st.floats(-740, 740), st.sampled_from([0, 1, True, 0.25]))
@example(-40.0, 0)
@example(700.0, 1)
@example(-1e-300, 1)
def test_binary_cross_entropy_of_a_logit_keeps_its_digits(x, target) -> None:
    value, slope = exact_binary(binary_cross_entropy_with_logits, x, target)
    logit = Value(x)
    loss = binary_cross_entropy_with_logits(logit, target)
    # The slope is the difference of (1 - t) · sigmoid(x) and t · sigmoid(-x).
    size = 0.5 if target == 0.25 else 1e-300
    assert loss.data == pytest.approx(value, rel=1e-15 * 4, abs=1e-300)
    assert gradients(loss, [logit]) == pytest.approx([slope], rel=1e-15 * 4, abs=1e-15 * size)


@given(st.floats(1e-300, 1, exclude_max=True), st.sampled_from([0, 1, 0.25]))
def test_binary_cross_entropy_of_a_probability_keeps_its_digits(p, target) -> None:
    value, slope = exact_binary(binary_cross_entropy, p, target)
    probability = Value(p)
    loss = binary_cross_entropy(probability, target)
    size = 1 / p if target == 0.25 else 1e-300
    assert loss.data == pytest.approx(value, rel=1e-15 * 4, abs=1e-300)
    assert gradients(loss, [probability]) == pytest.approx([slope], rel=1e-15 * 4, abs=1e-15 * size)


@pytest.mark.parametrize(
    ("loss", "x", "target", "value", "slope"),
    [
        (binary_cross_entropy, 0.0, 0, 0.0, 1.0),
        (binary_cross_entropy, 1.0, 1, 0.0, -1.0),
        (binary_cross_entropy, 0.0, 1, math.inf, -math.inf),
        (binary_cross_entropy, 1.0, 0, math.inf, math.inf),
        (binary_cross_entropy, 0.0, 0.5, math.inf, -math.inf),
        (binary_cross_entropy, -0.5, 0, math.nan, None),
        (binary_cross_entropy, 1.5, 1, math.nan, None),
        (binary_cross_entropy, 1.5, 0.5, math.nan, None),
        (binary_cross_entropy, math.nan, 1, math.nan, None),
        (binary_cross_entropy_with_logits, math.inf, 1, 0.0, 0.0),
        (binary_cross_entropy_with_logits, -math.inf, 0, 0.0, 0.0),
        (binary_cross_entropy_with_logits, math.inf, 0, math.inf, 1.0),
        (binary_cross_entropy_with_logits, -math.inf, 1, math.inf, -1.0),
        (binary_cross_entropy_with_logits, -math.inf, 0.25, math.inf, -0.25),
        (binary_cross_entropy_with_logits, math.nan, 1, math.nan, None),
    ],
)
def test_binary_cross_entropy_at_its_edges(loss, x, target, value, slope) -> None:
    """Eagerly, with the target as an input, and compiled: 0 · log(0) is 0."""
    program = autograd.compile(loss, 2, wrt=[0])
    lanes, (slopes,) = program(np.array([x, x]), np.array([target, target], float))
    found = [program(x, target), (float(lanes[0]), [float(slopes[0])])]
    for given_target in (target, Value(target)):
        output = Value(x)
        node = loss(output, given_target)
        found.append((node.data, gradients(node, [output])))
    for data, (gradient,) in found:
        assert data == value or (math.isnan(value) and math.isnan(data))
        assert gradient == slope or slope is None


@pytest.mark.parametrize("loss", BINARY)
@given(x=st.floats(0, 1), target=st.floats(0, 1))
def test_compiled_binary_cross_entropy_is_the_eager_one(loss, x, target) -> None:
    program = autograd.compile(loss, 2, wrt=[0])
    output = Value(x)
    eager = loss(output, target)
    value, gradient = program(x, target)
    assert value == pytest.approx(eager.data, rel=1e-14)
    assert list(gradient) == pytest.approx(gradients(eager, [output]), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_by_its_target(target) -> None:
    t = Value(target)
    assert gradients(binary_cross_entropy_with_logits(Value(3.0), t), [t]) == pytest.approx([-3.0])
    odds = gradients(binary_cross_entropy(Value(0.25), t), [t])
    assert odds == pytest.approx([math.log(3)])


@pytest.mark.parametrize("loss", BINARY)
def test_binary_cross_entropy_of_a_list_is_the_mean(loss) -> None:
    outputs = [Value(0.25), Value(0.5), Value(0.75)]
    targets = np.array([1, 0, 1])
    single = [loss(x, int(t)).data for x, t in zip(outputs, targets, strict=True)]
    assert loss(outputs, targets).data == pytest.approx(sum(single) / 3, rel=1e-15)


@pytest.mark.parametrize("loss", BINARY)
def test_binary_cross_entropy_refuses_what_is_no_target(loss) -> None:
    name = loss.__name__
    for target in (-1, 2, math.nan, None):
        message = f"^{name}: a target is a number from 0 to 1, got {target!r}; .target . 1. / 2 is"
        with pytest.raises(ValueError, match=message):
            loss(Value(0.5), target)
    message = f"{name}: the number of outputs is 2, that of targets 1; give one target for each"
    with pytest.raises(ValueError, match=message):
        loss([Value(0.5), Value(0.5)], [1])
    with pytest.raises(ValueError, match="the number of outputs is 0"):
        loss([], [])
