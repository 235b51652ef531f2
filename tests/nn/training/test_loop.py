"""Ctrl-C at every moment of training leaves whole steps."""

import signal
import sys
from pathlib import Path

import numpy as np
import pytest

import nn

FILES = {
    str(Path(nn.__file__).parent / name)
    for name in ("training/loop.py", "training/history.py", "optim/optimiser.py", "optim/sgd.py")
}
X, Y = [[1.0, 2.0], [-1.0, 0.5], [0.5, 0.5]], [1.0, -1.0, 0.5]
SAMPLE = [[1.0, 2.0]], [1.0]
STEPS = 3


def parts():
    model = nn.MLP.from_weights([[[0.3, -0.2]]], [0.1])
    return model, nn.SGD(model.parameters(), 0.1, momentum=0.5), nn.History()


def train(model, optimiser, history, steps=STEPS, validation=SAMPLE, patience=None):
    nn.fit(
        model,
        SAMPLE,
        nn.mse,
        optimiser,
        max_steps=steps,
        validation=validation,
        patience=patience,
        compiled=False,
        history=history,
        progress=False,
    )


def states_after_each_step():
    found = []
    for steps in range(STEPS + 1):
        model, optimiser, history = parts()
        if steps:
            train(model, optimiser, history, steps)
        found.append((model.state_dict(), optimiser.state_dict(), history.losses, history.lrs))
    return found


class Interruption:
    """Ctrl-C at the n-th line that runs in the files of the loop."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, frame, event, argument):
        if frame.f_code.co_filename not in FILES:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self


def interrupted_at_every_line(**options):
    """The parts after a training that was interrupted at the first line, then the second."""
    lines, left = 0, 0
    while left <= 0:
        lines += 1
        model, optimiser, history = parts()
        interruption = Interruption(lines)
        before = sys.gettrace()
        sys.settrace(interruption)
        try:
            train(model, optimiser, history, **options)
        except KeyboardInterrupt:
            pass  # before the first step or after the last
        finally:
            sys.settrace(before)
        yield lines, model, optimiser, history
        left = interruption.left


def test_ctrl_c_at_every_line() -> None:
    expected = states_after_each_step()
    seen = set()
    for lines, model, optimiser, history in interrupted_at_every_line():
        made = optimiser.steps
        found = (model.state_dict(), optimiser.state_dict(), history.losses, history.lrs)
        assert found == expected[made], (lines, made)
        assert len(history.epochs) == len(history.validation)
        assert len(history.epochs) in (made, made - 1)
        seen.add((made, history.stopped))
    assert lines > 120
    assert {(n, f"interrupted after {n} step{'s' * (n != 1)}") for n in range(STEPS)} <= seen
    assert (STEPS, f"made {STEPS} steps") in seen
    # And it goes on from there.
    train(model, optimiser, history)
    assert len(history.losses) == 2 * STEPS


def test_the_best_parameters_come_back_after_ctrl_c_at_every_line() -> None:
    """The validation loss rises, as training wants another output, and by momentum falls again."""
    x, y = [[1.0, 2.0]], [0.5]
    bests = set()
    for lines, model, optimiser, history in interrupted_at_every_line(
        validation=(x, y), patience=STEPS
    ):
        if history.validation:
            assert nn.mse(model(x[0]), y[0]).data == min(history.validation), lines
            bests.add((len(history.validation), history.validation.index(min(history.validation))))
        else:
            assert optimiser.steps <= 1, lines
    assert bests == {(1, 0), (2, 0), (3, 2)}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs interval timers")
@pytest.mark.parametrize("compiled", [False, True])
def test_a_real_signal_ends_training_and_returns_the_history(compiled) -> None:
    model = nn.MLP(2, [4, 1], rng=0)
    optimiser = nn.SGD(model.parameters(), 0.01)

    def schedule(epoch):
        if epoch == 0:  # the alarm is set when the program is compiled and training has begun
            signal.setitimer(signal.ITIMER_REAL, 0.2)
        return 0.01

    def interrupt(*ignored):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        history = nn.fit(
            model,
            (X, Y),
            nn.mse,
            optimiser,
            max_steps=10**9,
            schedule=schedule,
            compiled=compiled,
            progress=False,
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    made = len(history.losses)
    assert history.stopped == f"interrupted after {made:,} steps"
    assert optimiser.steps == made > 0
    twin = nn.MLP(2, [4, 1], rng=0)
    nn.fit(twin, (X, Y), nn.mse, nn.SGD(twin.parameters(), 0.01), max_steps=made, compiled=compiled)
    assert np.array_equal([p.data for p in model.parameters()], [p.data for p in twin.parameters()])


def test_the_best_parameters_come_back_after_ctrl_c() -> None:
    model = nn.MLP.from_weights([[[0.0]]])
    calls = iter(range(10**6))

    def loss(output, target):
        if next(calls) == 90:
            raise KeyboardInterrupt
        return (output - target) ** 2

    history = nn.fit(
        model,
        ([[1.0]], [1.0]),
        loss,
        nn.SGD(model.parameters(), 0.05),
        epochs=1000,
        validation=([[1.0]], [0.5]),
        patience=500,
        compiled=False,
    )
    assert history.stopped.startswith("interrupted after")
    best = min(history.validation)
    assert history.validation[-1] > best
    assert (model([1.0]).data - 0.5) ** 2 == pytest.approx(best, rel=1e-12)
