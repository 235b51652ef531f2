"""A training that Ctrl-C interrupts, wherever, ends with the numbers of one that it does not."""

import contextlib
import json
import random
import signal
import sys
from dataclasses import replace

import pytest

import nn
from tests.interruptions import (
    HELD_OUT,
    KINDS,
    OWN,
    SIGNS,
    Interruption,
    Kind,
    Moment,
    X,
    bytecodes,
    difference,
    drawn,
    is_over,
    moments,
    parts,
    state_of,
    train,
    uninterrupted,
)

pytestmark = pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="bytecodes are traced, which is CPython's"
)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_at_random_moments(kind) -> None:
    rng = random.Random(str(kind))
    for _ in range(12):
        when = moments(kind, rng, rng.choice([1, 1, 2, 3]))
        assert difference(kind, when) == "", when


def test_random_kinds_of_training() -> None:
    for seed in range(15):
        rng = random.Random(seed)
        kind = drawn(rng)
        when = moments(kind, rng, rng.choice([1, 2]))
        assert difference(kind, when) == "", (kind, when)


def test_the_end_of_an_epoch_that_was_cut_short_is_made_up_for_without_a_step() -> None:
    """Ctrl-C comes at each line between the last step and the end of the training."""
    kind = Kind(size=3, validation=True, patience=4, dropout=0.3)
    last = bytecodes(kind)
    for after in range(last - 600, last + 1, 7):
        assert difference(kind, [Moment(after)]) == "", after


def test_what_a_callback_saves_is_gone_on_with() -> None:
    for seed in range(12):
        kind = replace(
            drawn(random.Random(seed)), patience=None if seed % 2 else 3, validation=True
        )
        saved: list[str] = []
        run = parts(kind)

        def save(_, run=run, saved=saved) -> None:
            saved.append(json.dumps({name: part.state_dict() for name, part in run.items()}))

        train(kind, run, callback=save)
        assert state_of(run) == uninterrupted(kind)
        for written in saved[:: max(1, len(saved) // 5)]:
            twin = parts(kind, seed=1)
            for name, state in json.loads(written).items():
                twin[name].load_state_dict(state)
            train(kind, twin)
            assert state_of(twin) == uninterrupted(kind)


class Noise(nn.Module):
    """Adds what it draws; its state is its own."""

    def __init__(self, seed: int) -> None:
        self.inner = nn.MLP(2, [1], rng=seed)
        self.seed = 1

    def __call__(self, row):
        if self.training:
            self.seed = 16807 * self.seed % (2**31 - 1)
        return self.inner(row) + 1e-10 * self.seed

    def get_extra_state(self):
        return self.seed

    def set_extra_state(self, state):
        self.seed = state


def test_a_module_of_ones_own_that_draws(tmp_path) -> None:
    def made(seed):
        model = Noise(seed)
        return {"model": model, "optimiser": nn.SGD(model.parameters(), 0.1)}

    def go_on(run):
        left = 12 - run["optimiser"].steps
        loss, data = nn.half_sse, (X, SIGNS)
        nn.fit(run["model"], data, loss, run["optimiser"], max_steps=left, compiled=False)

    whole = made(0)
    go_on(whole)
    for after in range(1, 12000, 331):
        run = made(0)
        interruption = Interruption(after, OWN["nn"], True)
        sys.settrace(interruption)
        try:
            go_on(run)
        except KeyboardInterrupt:
            pass
        finally:
            sys.settrace(None)
        nn.save(tmp_path / "run.json", **run)
        twin = made(1)
        nn.load(tmp_path / "run.json", **twin)
        go_on(twin)
        assert twin["model"].state_dict() == whole["model"].state_dict(), after


def test_parameters_that_somebody_has_changed_are_trained_on() -> None:
    kind = Kind(validation=True, patience=2)
    run = parts(kind)
    train(replace(kind, patience=4), run)
    assert run["history"].unfinished is not None
    weight = run["model"].parameters()[0]
    for changed in (weight.data, 5.0):
        history = nn.History()
        history.load_state_dict(run["history"].state_dict())
        weight.data = changed
        seen: list[float] = []
        nn.fit(
            run["model"], run["batches"], nn.hinge, nn.SGD(run["model"].parameters(), 1e-9),
            epochs=1, validation=HELD_OUT, patience=3, history=history,
            callback=lambda step, seen=seen: seen.append(step.parameters[0].data),
        )  # fmt: skip
        assert (seen == [5.0]) == (changed == 5.0)


def test_ctrl_c_that_is_pressed_again_and_again() -> None:
    """Each line in which the first one is dealt with gets another."""
    kind = Kind(size=3, dropout=0.3, validation=True, patience=2)
    presses = 0

    def pressed(frame, event, argument):
        nonlocal presses
        if not frame.f_code.co_filename.endswith("changes.py"):
            return None
        if event == "line" and presses < 40 and rng.random() < 0.05:
            presses += 1
            sys.settrace(None)
            signal.raise_signal(signal.SIGINT)
        return pressed

    def resumed(*ignored):
        sys.settrace(pressed)
        raise KeyboardInterrupt

    rng = random.Random(0)
    run = parts(kind)
    before = signal.signal(signal.SIGINT, resumed)
    try:
        while presses < 40:
            sys.settrace(pressed)
            with contextlib.suppress(KeyboardInterrupt):
                train(kind, run)
            if is_over(run["history"]):
                assert state_of(run) == uninterrupted(kind)
                run = parts(kind)
    finally:
        sys.settrace(None)
        signal.signal(signal.SIGINT, before)
    train(kind, run)
    assert state_of(run) == uninterrupted(kind)
