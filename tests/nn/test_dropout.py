"""Dropout: its distribution, its modes, and the numbers of its generator."""

import re

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Dropout, Module

ONES = [Value(1.0) for _ in range(1000)]


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_the_share_of_zeros_is_p_and_the_mean_stays(p) -> None:
    dropout = Dropout(p, rng=0)
    drawn = np.array([[x.data for x in dropout(ONES)] for _ in range(20)])
    assert set(np.unique(drawn)) == {0.0, 1 / (1 - p)}
    deviation = np.sqrt(p * (1 - p) / drawn.size)
    assert abs(np.mean(drawn == 0) - p) < 4 * deviation
    # Neighbours, and the same unit in the next sample, are independent.
    zeros = (drawn == 0) - p
    assert abs(np.mean(zeros[:, 1:] * zeros[:, :-1])) < 4 * p * (1 - p) / np.sqrt(drawn.size)
    assert abs(np.mean(zeros[1:] * zeros[:-1])) < 4 * p * (1 - p) / np.sqrt(drawn.size)


def test_evaluation_changes_nothing_and_draws_nothing() -> None:
    dropout = Dropout(0.5, rng=0)
    before = dropout.state_dict()
    assert dropout.eval()(ONES) == ONES
    assert dropout.state_dict() == before
    assert dropout.train()(ONES) != ONES
    assert Dropout(0.0)(ONES) == ONES


def test_the_gradient_passes_through_what_is_kept() -> None:
    x, y, z = (Value(v) for v in (1.0, 2.0, 3.0))
    out = Dropout(0.5, rng=0)([x, y, z])
    sum(out).backward()
    assert [v.grad for v in (x, y, z)] == [
        o.data / v.data for o, v in zip(out, (x, y, z), strict=True)
    ]
    assert {v.grad for v in (x, y, z)} == {0.0, 2.0}


def test_masks_of_many_samples_are_those_of_one_after_the_other() -> None:
    one, many = Dropout(0.3, rng=5), Dropout(0.3, rng=5)
    assert [one.mask(7) for _ in range(11)] == many.masks(11, 7).tolist()


def test_generators() -> None:
    rng = np.random.default_rng(3)
    before = rng.bit_generator.state
    first, second = Dropout(0.5, rng), Dropout(0.5, rng)
    assert first.mask(50) != second.mask(50)
    assert rng.bit_generator.state == before
    assert Dropout(0.5, rng=3).mask(50) == Dropout(0.5, rng=3).mask(50)


def test_a_network_drops_hidden_outputs_only_in_training() -> None:
    model = MLP(2, [400, 3], activation="sigmoid", rng=0, dropout=0.5)
    assert repr(model) == "MLP(2 → 400 sigmoid → 3 linear, 2403 parameters, dropout 0.5)"
    # Weights come from the seed as they do without.
    assert model.weights() == MLP(2, [400, 3], rng=0).weights()
    dropped = [o.operands for o in model([1.0, 2.0])]
    assert all(operands == dropped[0] or len(operands) == 801 for operands in dropped)
    hidden = [h.data for h in model([1.0, 2.0])[0].operands[400:800]]
    assert 150 < hidden.count(0.0) < 250
    first, second = model([1.0, 2.0]), model([1.0, 2.0])
    assert [o.data for o in first] != [o.data for o in second]
    model.eval()
    plain = MLP(2, [400, 3], activation="sigmoid", rng=0)
    assert [o.data for o in model([1.0, 2.0])] == [o.data for o in plain([1.0, 2.0])]


def test_states() -> None:
    dropout = Dropout(0.5, rng=0)
    dropout.mask(3)
    state = dropout.state_dict()
    expected = dropout.mask(100)
    twin = Dropout(0.5)
    twin.load_state_dict(state)
    assert twin.mask(100) == expected
    for spoiled, message in (
        ({}, "Dropout: the state is of another architecture: it has no _extra_state"),
        ({"_extra_state": 3}, "Dropout: expected a state with ['generator', 'p'], got int"),
        (
            {"_extra_state": {"p": 0.4, "generator": {}}},
            "Dropout: the state is of p=0.4, this one has p=0.5",
        ),
        (
            {"_extra_state": {"p": 0.5, "generator": {"bit_generator": "os"}}},
            "Dropout: expected the state of a random generator, got",
        ),
        (
            {"_extra_state": {"p": 0.5, "generator": {"bit_generator": "PCG64", "state": 3}}},
            "Dropout: the state of its PCG64 generator is damaged",
        ),
    ):
        before = twin.state_dict()
        with pytest.raises(ValueError, match=re.escape(message)):
            twin.load_state_dict(spoiled)
        assert twin.state_dict() == before


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_states_of_all_generators_of_numpy(kind) -> None:
    import json

    rng = np.random.Generator(getattr(np.random, kind)(7))
    dropout = Dropout(0.5, rng)
    dropout.mask(3)
    state = json.loads(json.dumps(dropout.state_dict()))
    twin = Dropout(0.5)
    twin.load_state_dict(state)
    assert twin.mask(700) == dropout.mask(700)


def test_a_state_that_fits_in_part_changes_nothing() -> None:
    module = Module()
    module.first, module.second = Dropout(0.5, rng=0), Dropout(0.4, rng=1)
    other = Module()
    other.first, other.second = Dropout(0.5, rng=2), Dropout(0.3, rng=3)
    before = module.state_dict()
    with pytest.raises(ValueError, match=re.escape("the state is of p=0.3, this one has p=0.4")):
        module.load_state_dict(other.state_dict())
    assert module.state_dict() == before


@pytest.mark.parametrize("p", [-0.1, 1.0, 2, float("nan"), "0.5", None])
def test_bad_probabilities(p) -> None:
    message = f"Dropout: p must be a number from 0 to below 1, got {p!r}"
    with pytest.raises(ValueError, match=re.escape(message)):
        Dropout(p)
