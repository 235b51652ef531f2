"""Penalties against their definitions."""

import re

import numpy as np
import pytest

from autograd import Value, gradients
from nn import MLP, l1_penalty, l2_penalty

MODEL = MLP.from_weights([[[1.0, -2.0], [0.0, 3.0]], [[-4.0, 5.0]]], [[7.0, 8.0], 9.0])
WEIGHTS = [w for w in MODEL.parameters() if w.label.startswith("w")]


@pytest.mark.parametrize(
    ("penalty", "value", "slopes"),
    [
        (l1_penalty, 15.0, [1.0, -1.0, 0.0, 1.0, -1.0, 1.0]),
        (l2_penalty, 55.0, [2.0, -4.0, 0.0, 6.0, -8.0, 10.0]),
    ],
)
def test_of_a_model_its_weights_count_and_of_a_list_all(penalty, value, slopes) -> None:
    term = penalty(MODEL, 0.5)
    assert term.data == 0.5 * value
    assert gradients(term, WEIGHTS) == (0.5 * np.array(slopes)).tolist()
    biases = [p for p in MODEL.parameters() if p not in WEIGHTS]
    assert gradients(term, biases) == [0.0] * 3
    assert penalty(WEIGHTS, 0.5).data == 0.5 * value
    assert penalty(MODEL.parameters(), 1.0).data > value
    assert penalty([Value.parameter(-3.0)], 2.0).data == {15.0: 6.0, 55.0: 18.0}[value]


@pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])
@pytest.mark.parametrize(
    ("of", "strength", "kind", "message"),
    [
        (3, 1.0, TypeError, "expected a model or a list of parameters, got 3"),
        ([1.0], 1.0, TypeError, "expected a list of parameters, got 1.0 in it"),
        ([], 1.0, ValueError, "there is no weight; give a model or a list of parameters"),
        (MODEL, 0.0, ValueError, "strength must be a positive number, got 0.0"),
        (MODEL, "1", ValueError, "strength must be a positive number, got '1'"),
    ],
)
def test_bad_input(penalty, of, strength, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(f"{penalty.__name__}: {message}")):
        penalty(of, strength)
