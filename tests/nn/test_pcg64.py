"""Uniform numbers without NumPy are NumPy's, to the last bit."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.pcg64 import Generator


@given(st.one_of(st.integers(0, 2**64), st.integers(0, 2**300)))
def test_every_seed_gives_numpys_numbers(seed: int) -> None:
    expected = np.random.default_rng(seed).uniform(-1.0, 1.0, (3, 4)).tolist()
    assert Generator(seed).uniform(-1.0, 1.0, (3, 4)) == expected


def test_the_sequence_goes_on_from_matrix_to_matrix() -> None:
    ours, numpys = Generator(7), np.random.default_rng(7)
    for size in [(2, 3), (1, 1), (4, 1)]:
        assert ours.uniform(-0.3, 0.5, size) == numpys.uniform(-0.3, 0.5, size).tolist()


@pytest.fixture
def no_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)


@pytest.mark.parametrize("init", ["uniform", "glorot", "he_uniform"])
def test_a_network_has_the_same_weights_without_numpy(
    init: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [p.data for p in nn.MLP(3, [4, 2], rng=5, init=init).parameters()]
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert [p.data for p in nn.MLP(3, [4, 2], rng=5, init=init).parameters()] == expected


def test_without_a_seed_each_network_is_another(no_numpy: None) -> None:
    weights = {nn.MLP(1, [1]).parameters()[0].data for _ in range(3)}
    assert len(weights) == 3


def test_without_numpy_other_numbers_are_refused(no_numpy: None) -> None:
    with pytest.raises(AttributeError) as caught:
        nn.MLP(2, [2], rng=0, init="he_normal")
    assert str(caught.value) == (
        'rng.normal: without NumPy only uniform numbers are drawn, as by init="uniform", '
        '"glorot_uniform" and "he_uniform"'
    )


@pytest.mark.parametrize(("seed", "kind"), [(-1, ValueError), ("a", TypeError)])
def test_a_seed_that_is_none_is_named(no_numpy: None, seed: object, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="rng: expected a seed, which is an integer from 0"):
        nn.MLP(2, [2], rng=seed)  # type: ignore[arg-type]
