"""Trainings that are interrupted, saved, loaded and gone on with, beside those that are not.

`Kind` says how a network is trained. `gone_on` interrupts a training at given moments, each a
number of bytecodes that Python has run, saves all parts, loads them into new ones and goes on.

    python -m tests.interruptions 200    interrupts each kind of training so many times
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import autograd
import nn

X = [[0.5, -1.0], [1.5, 0.25], [-0.75, 0.5], [0.1, 0.2], [-1.2, -0.4], [0.9, 0.8], [-0.3, 1.1]]
SIGNS = [1, -1, 1, 1, -1, -1, 1]
HELD_OUT = [[0.3, -0.6], [-0.2, 0.9], [1.0, -0.5]], [-1, 1, 1]
EPOCHS = 5
OWN = {
    "nn": (str(Path(nn.__file__).parent),),
    "all": (str(Path(nn.__file__).parent), str(Path(autograd.__file__).parent), "<autograd"),
}


@dataclass(frozen=True)
class Kind:
    """How a network is trained.

    Attributes:
        compiled: Whether by a compiled program.
        adam: Whether by Adam, or by SGD with momentum.
        size: The number of samples in a batch; None for all of them.
        dropout: The probability of dropping a unit.
        schedule: When the learning rate changes: at every "epoch", every "step", or "" for never.
        validation: Whether there are validation data.
        patience: The epochs without a better validation loss after which training ends, or None.
        tolerance: As of `fit`.
        penalty: Whether there is a penalty.
        pair: Whether the data are given as a pair, with a seed of their order, and not as Batches.
        by_steps: Whether the limit is a number of steps, and not of epochs.
    """

    compiled: bool = False
    adam: bool = False
    size: int | None = None
    dropout: float = 0.0
    schedule: str = ""
    validation: bool = False
    patience: int | None = None
    tolerance: float | None = None
    penalty: bool = False
    pair: bool = False
    by_steps: bool = False

    def __str__(self) -> str:
        given = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        changed = [f"{name}={value!r}" for name, value in given.items() if value != _PLAIN[name]]
        return f"Kind({', '.join(changed)})"


KINDS = [
    Kind(),
    Kind(dropout=0.3),
    Kind(size=3),
    Kind(size=3, dropout=0.3, adam=True, schedule="step"),
    Kind(compiled=True, size=3, dropout=0.3, schedule="epoch", by_steps=True),
    Kind(compiled=True, dropout=0.3, validation=True, patience=4, adam=True),
    Kind(size=3, validation=True, patience=2, schedule="epoch"),
    Kind(size=3, dropout=0.3, tolerance=1e-2, penalty=True),
    Kind(size=2, pair=True, schedule="epoch", tolerance=1e-3),
    Kind(compiled=True, pair=True, dropout=0.3, validation=True, by_steps=True),
]

_PLAIN = {field.name: field.default for field in dataclasses.fields(Kind)}


def drawn(rng: random.Random) -> Kind:
    """A random kind of training."""
    validation = rng.random() < 0.6
    return Kind(
        compiled=rng.random() < 0.4,
        adam=rng.random() < 0.5,
        size=rng.choice([None, 1, 2, 3, 3, 7]),
        dropout=rng.choice([0.0, 0.3, 0.3]),
        schedule=rng.choice(["", "epoch", "step"]),
        validation=validation,
        patience=rng.choice([None, 1, 2, 4]) if validation else None,
        tolerance=rng.choice([None, None, 1e-3, 1e-2]),
        penalty=rng.random() < 0.3,
        pair=rng.random() < 0.3,
        by_steps=rng.random() < 0.5,
    )


def parts(kind: Kind, seed: int = 0) -> dict[str, Any]:
    """What is trained, and saved: model, optimiser, history, and Batches where they are given."""
    model = nn.MLP(2, [3, 1], "tanh", rng=seed, dropout=kind.dropout)
    optimiser: nn.Optimiser
    if kind.adam:
        optimiser = nn.Adam(model.parameters(), 0.1)
    else:
        optimiser = nn.SGD(model.parameters(), 0.2, momentum=0.9)
    made = {"model": model, "optimiser": optimiser, "history": nn.History()}
    return made if kind.pair else made | {"batches": nn.Batches((X, SIGNS), kind.size, rng=seed)}


def train(kind: Kind, run: dict[str, Any], callback: Any = None) -> None:
    """Trains until the end: what is left of all steps or epochs."""
    steps = EPOCHS * -(-len(X) // (kind.size or len(X))) - 1
    options: dict[str, Any] = {"batch_size": kind.size, "rng": 0} if kind.pair else {}
    if kind.by_steps:
        options["max_steps"] = steps - run["optimiser"].steps
    else:
        options["epochs"] = EPOCHS - len(run["history"].epochs)
    nn.fit(
        run["model"],
        (X, SIGNS) if kind.pair else run["batches"],
        nn.hinge,
        run["optimiser"],
        penalty=(lambda model: nn.l2_penalty(model, 1e-2)) if kind.penalty else None,
        schedule=nn.cosine_annealing_lr(0.2, 20) if kind.schedule else None,
        schedule_by=kind.schedule or "epoch",
        tolerance=kind.tolerance,
        validation=HELD_OUT if kind.validation else None,
        patience=kind.patience,
        compiled=kind.compiled,
        progress=False,
        history=run["history"],
        callback=callback,
        **options,
    )


def state_of(run: dict[str, Any]) -> dict[str, str]:
    """The states of all parts, as text that shows every bit; why training ended is left out."""
    states = {name: dict(part.state_dict()) for name, part in run.items()}
    states["history"].pop("stopped")
    return {name: json.dumps(state, sort_keys=True) for name, state in states.items()}


@cache
def uninterrupted(kind: Kind) -> dict[str, str]:
    """The states at the end of a training that nothing interrupts."""
    run = parts(kind)
    train(kind, run)
    return state_of(run)


class Interruption:
    """A trace function: Ctrl-C at the n-th bytecode that is run in some packages.

    Args:
        after: The number of the bytecode, from 1; 0 for none, to count them.
        own: What the names of the files of those packages begin with.
        within_loop: Whether to count from the first step on, after a program is compiled.
    """

    def __init__(self, after: int, own: tuple[str, ...], within_loop: bool) -> None:
        self.seen, self._after, self._own = 0, after, own
        self._counts = not within_loop

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(self._own):
            return None
        if not self._counts:
            self._counts = code.co_name == "run" and code.co_filename.endswith("loop.py")
        frame.f_trace_opcodes = self._counts
        if event == "opcode" and self._counts:
            self.seen += 1
            if self.seen == self._after:
                raise KeyboardInterrupt
        return self


@dataclass(frozen=True)
class Moment:
    """When a training is interrupted: at this bytecode, of "nn" or of "all", maybe in the loop."""

    after: int
    packages: str = "nn"
    within_loop: bool = True


def interrupted(kind: Kind, run: dict[str, Any], moment: Moment) -> tuple[bool, int]:
    """Trains until the moment; whether that came, and how many bytecodes were run."""
    interruption = Interruption(moment.after, OWN[moment.packages], moment.within_loop)
    before = sys.gettrace()
    # CPython 3.12 traces bytecodes only if some frame has asked for it before.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(interruption)
    try:
        train(kind, run)
    except KeyboardInterrupt:
        pass  # before the first step, or after the last
    finally:
        sys.settrace(before)
    return 0 < moment.after <= interruption.seen, interruption.seen


@cache
def bytecodes(kind: Kind, packages: str = "nn", within_loop: bool = True) -> int:
    """How many moments there are at which a training can be interrupted."""
    return interrupted(kind, parts(kind), Moment(0, packages, within_loop))[1]


def moments(kind: Kind, rng: random.Random, count: int) -> list[Moment]:
    """Random moments, one after the other in one training."""
    found = []
    for _ in range(count):
        packages, within_loop = rng.choice(["nn", "nn", "all"]), rng.random() < 0.8
        last = bytecodes(kind, packages, within_loop)
        found.append(Moment(rng.randint(1, max(1, last // count)), packages, within_loop))
    return found


def gone_on(kind: Kind, when: list[Moment]) -> dict[str, str]:
    """The states at the end of a training that was interrupted, saved and loaded each time."""
    run = parts(kind)
    seeds = itertools.count(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        for moment in when:
            came, _ = interrupted(kind, run, moment)
            if not came or is_over(run["history"]):
                return state_of(run)
            nn.save(path, **run)
            run = parts(kind, next(seeds))
            nn.load(path, **run)
    train(kind, run)
    return state_of(run)


def is_over(history: nn.History) -> bool:
    """Whether training came to its end before it was interrupted, so that nothing is left."""
    return bool(history.stopped) and not history.stopped.startswith("interrupted")


def difference(kind: Kind, when: list[Moment]) -> str:
    """Which parts differ at the end from those of the training without interruptions, and how."""
    found, expected = gone_on(kind, when), uninterrupted(kind)
    return "\n".join(
        f"{name}: {found[name]}\nexpected: {expected[name]}"
        for name in expected
        if found[name] != expected[name]
    )


def main(count: int) -> int:
    """Interrupts each kind of training; returns the number of those that ended otherwise."""
    wrong = 0
    for kind in KINDS:
        rng = random.Random(f"{kind} {count}")
        found = [difference(kind, moments(kind, rng, 1)) for _ in range(count)]
        differing = sum(map(bool, found))
        print(f"{count - differing} of {count} as without a break: {kind}", flush=True)
        wrong += differing
    return wrong


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])) > 0)
