"""Noise is told from what is smooth, from what swings fast, and from a kink."""

import math
import random

import pytest

from autograd.testing.fit import odd_slope
from autograd.testing.noise import (
    discontinuity,
    is_single_precision,
    odd_step,
    quantum,
    scatter,
)


def test_scatter_is_the_deviation_of_noise_and_nothing_of_a_curve() -> None:
    draw = random.Random(1)
    samples = [[math.sin(0.01 * i) + draw.gauss(0, 1e-6) for i in range(40)] for _ in range(4)]
    assert scatter(*samples) == pytest.approx(1e-6, rel=0.4)
    assert scatter([math.exp(0.1 * i) for i in range(6)]) == 0.0
    assert scatter([math.exp(2.0 * i) for i in range(6)]) == 0.0  # growth is no noise
    assert scatter([3.0] * 6) == 0.0
    assert scatter([1.0, math.inf, 2.0, 3.0, 4.0, 5.0]) == 0.0


@pytest.mark.parametrize("height", [1e-3, 1e-9])
def test_a_jump_is_found_wherever_it_is(height) -> None:
    def steps(x):  # falls between the jumps, so that a halving by the change alone misses them
        return height * (math.floor(37 * x) - 37 * x)

    assert discontinuity(steps, 0.3, 0.9, height / 5) == pytest.approx(height, rel=1e-6)


@pytest.mark.parametrize(
    "function", [math.sin, lambda x: math.sin(1e4 * x), lambda x: abs(x - 0.5), math.sqrt]
)
def test_what_is_continuous_has_no_jump(function) -> None:
    assert discontinuity(function, 0.3, 0.9, 1e-6) == 0.0


def test_the_steps_in_which_values_come() -> None:
    assert quantum([0.5, 0.75, -3.0]) == 0.25
    assert quantum([1 - math.tanh(x) ** 2 for x in (11.0, 12.0)]) == 2.0**-52
    assert quantum([0.0]) == 0.0
    assert quantum([5e-324, 1.0]) == 5e-324


def test_single_precision_is_told_from_short_numbers() -> None:
    assert is_single_precision([0.10000000149011612, 0.5])
    assert not is_single_precision([0.1, 0.5])
    assert not is_single_precision([0.5, 0.75, 3.0])


@pytest.mark.parametrize("x", [0.0, 1.0, 0.3, -7e8, 1e-300])
def test_odd_steps_are_exact_multiples(x) -> None:
    step = odd_step(x, 2.0**-10 * max(abs(x), 1.0), 0.0)
    for j in range(1, 7):
        assert (x + j * step) - x == j * step
    assert math.frexp(step)[0] != 0.5


def test_the_slope_of_an_odd_polynomial() -> None:
    places = [0.1 * j for j in range(1, 20)]
    slope, gain = odd_slope(places, [2 * t - t**3 + 0.5 * t**5 for t in places], 3)
    assert slope == pytest.approx(2.0, rel=1e-10)
    draw = random.Random(2)
    found = [odd_slope(places, [draw.gauss(0, 1) for _ in places], 3)[0] for _ in range(2000)]
    assert gain == pytest.approx(math.sqrt(sum(s * s for s in found) / len(found)), rel=0.1)
