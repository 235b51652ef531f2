"""Learning rates, held to PyTorch's figures."""

import json
import pickle
import re
from pathlib import Path

import pytest

import nn
from nn import cosine_annealing_lr, linear_lr, sequential_lr

# Made by make_torch_figures.py beside it.
DOCUMENT = json.loads(
    (Path(__file__).parent / "data" / "torch_schedules.json").read_text(encoding="utf-8")
)
FIGURES = DOCUMENT["figures"]
LR = 0.1


def schedule_named(name):
    if name in nn.__all__:
        return getattr(nn, name)(LR, **FIGURES[name]["settings"])
    warm_up = linear_lr(LR, start_factor=0.2, total_iters=5)
    return sequential_lr([warm_up, cosine_annealing_lr(LR, T_max=20)], milestones=[5])


@pytest.mark.parametrize("name", FIGURES)
def test_rates_are_pytorchs(name) -> None:
    """PyTorch multiplies from epoch to epoch, which rounds more often than a formula."""
    schedule = schedule_named(name)
    rates = [schedule(epoch) for epoch in range(len(FIGURES[name]["rates"]))]
    assert rates == pytest.approx(FIGURES[name]["rates"], rel=1e-14, abs=1e-17)
    assert len(set(rates)) > 1


def test_a_constant_rate_is_constant() -> None:
    assert {nn.constant_lr(LR)(epoch) for epoch in range(100)} == {LR}


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: nn.constant_lr(0), ValueError, "constant_lr: lr must be a positive number, got 0"),
        (lambda: nn.step_lr("a", 1), ValueError, "step_lr: lr must be a positive number, got 'a'"),
        (lambda: nn.step_lr(1, 0), ValueError, "step_lr: step_size: expected a positive integer"),
        (lambda: nn.step_lr(1, 1.5), TypeError, "step_lr: step_size: expected a positive integer"),
        (lambda: nn.linear_lr(1, total_iters=-1), ValueError, "linear_lr: total_iters: expected a"),
        (lambda: nn.cosine_annealing_lr(1, 0), ValueError, "cosine_annealing_lr: T_max: expected"),
        (
            lambda: sequential_lr([linear_lr(1)], [3]),
            ValueError,
            "sequential_lr: 1 schedules need 0 milestones, got 1",
        ),
        (
            lambda: sequential_lr([linear_lr(1)] * 3, [3, 3]),
            ValueError,
            "sequential_lr: the milestones must rise, got [3, 3]",
        ),
    ],
)
def test_bad_input(call, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        call()


@pytest.mark.parametrize(
    "schedule",
    [
        nn.constant_lr(0.1, factor=0.5, total_iters=2),
        nn.step_lr(1.0, step_size=2, gamma=0.5),
        nn.exponential_lr(1.0, gamma=0.9),
        nn.linear_lr(1.0, start_factor=0.25, total_iters=3),
        nn.cosine_annealing_lr(1.0, T_max=4),
        nn.sequential_lr([nn.linear_lr(1.0), nn.step_lr(1.0, step_size=2)], [3]),
    ],
)
def test_a_schedule_can_be_pickled(schedule) -> None:
    twin = pickle.loads(pickle.dumps(schedule))
    assert [twin(epoch) for epoch in range(9)] == [schedule(epoch) for epoch in range(9)]
