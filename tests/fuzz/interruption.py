"""Interrupted trainings and saves: Ctrl-C and `kill -9` at random moments.

A training that was cut short goes on, saved and loaded, to the numbers of one without a break, bit
for bit; a file is the old one or the new one, whole.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autograd
import nn
from autograd import Value
from tests import interruptions
from tests.interruptions import Interruption, Kind, Moment, drawn, moments

FILES = (str(Path(autograd.__file__).parent / "files.py"),)
CAN_FORK = "fork" in multiprocessing.get_all_start_methods()


def case(seed: int) -> str | None:
    """Interrupts one training or save; None, or a program that shows the difference."""
    rng = random.Random(seed)
    what = rng.random()
    if what < 0.7 or not CAN_FORK:
        return _of_training(rng)
    if what < 0.8:
        return _of_save(rng)
    if what < 0.95:
        return _of_killed_training(rng)
    return _of_killed_save(rng)


# --- Ctrl-C ---------------------------------------------------------------------------------------


def _of_training(rng: random.Random) -> str | None:
    kind = drawn(rng)
    when = moments(kind, rng, rng.choice([1, 1, 1, 2, 3]))
    if not interruptions.difference(kind, when):
        return None
    kind, when = _minimised(kind, when, rng)
    differing = interruptions.difference(kind, when).split("\n")[0][:60]
    return (
        "from tests.interruptions import Kind, Moment, difference\n"
        f"print(difference({kind}, {when!r}))  # {differing}\n"
    )


def _minimised(kind: Kind, when: list[Moment], rng: random.Random) -> tuple[Kind, list[Moment]]:
    """A plainer kind of training, with one interruption if that is enough."""
    for moment in when:
        if interruptions.difference(kind, [moment]):
            when = [moment]
            break
    for field in dataclasses.fields(Kind):
        plainer = dataclasses.replace(kind, **{field.name: field.default})
        if plainer == kind or (plainer.patience and not plainer.validation):
            continue
        for attempt in range(40):
            tried = when if attempt == 0 else moments(plainer, rng, len(when))
            if interruptions.difference(plainer, tried):
                kind, when = plainer, tried
                break
    return kind, when


def _of_save(rng: random.Random) -> str | None:
    name = rng.choice(list(SAVES))
    after = rng.randint(1, 700)
    failure = interrupted_save(name, after)
    if failure is None:
        return None
    for fewer in range(1, after):
        if interrupted_save(name, fewer) is not None:
            after = fewer
            break
    return (
        "from tests.fuzz import interruption\n"
        f"print(interruption.interrupted_save({name!r}, {after}))  # {failure}\n"
    )


def interrupted_save(name: str, after: int) -> str | None:
    """What is wrong with what a save leaves that is interrupted at a bytecode; None if nothing."""
    save = SAVES[name]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{_ending(name)}"
        contents = _contents(save, path)
        before = sys.gettrace()
        sys.settrace(Interruption(after, FILES, within_loop=False))
        try:
            with contextlib.suppress(KeyboardInterrupt):
                save(path, 1)
        finally:
            sys.settrace(before)
        return _wrong(path, contents)


# --- kill -9 --------------------------------------------------------------------------------------


def _of_killed_training(rng: random.Random) -> str | None:
    kind = drawn(rng)
    after = rng.uniform(0.0, 0.3)
    failure = killed_training(kind, after)
    if failure is None:
        return None
    return (
        "from tests.interruptions import Kind\n"
        "from tests.fuzz import interruption\n"
        f"print(interruption.killed_training({kind}, {after}))  # {failure}\n"
    )


def killed_training(kind: Kind, after: float) -> str | None:
    """What differs when a training that saves at every step is killed, and gone on with."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        _killed(_train_and_save, (kind, path), path, after)
        run = interruptions.parts(kind, 1)
        if not path.exists():
            return None
        nn.load(path, **run)
        interruptions.train(kind, run)
        found, expected = interruptions.state_of(run), interruptions.uninterrupted(kind)
        differing = [name for name in expected if found[name] != expected[name]]
        if differing:
            return f"{', '.join(differing)} differ"
        nn.save(path, **run)
        return _others(path)


def _train_and_save(kind: Kind, path: Path) -> None:
    run = interruptions.parts(kind)
    interruptions.train(kind, run, callback=lambda step: nn.save(path, **run))


def _of_killed_save(rng: random.Random) -> str | None:
    name, after = rng.choice(list(SAVES)), rng.uniform(0.0, 0.05)
    failure = killed_save(name, after)
    if failure is None:
        return None
    return (
        "from tests.fuzz import interruption\n"
        f"print(interruption.killed_save({name!r}, {after}))  # {failure}\n"
    )


def killed_save(name: str, after: float) -> str | None:
    """What is wrong with a file while a process that wrote it again and again was killed."""
    save = SAVES[name]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{_ending(name)}"
        contents = _contents(save, path)
        _killed(_save_again_and_again, (save, path), path, after)
        if path.read_bytes() not in contents:
            return "the file is neither the old one nor the new one"
        save(path, 1)
        return _wrong(path, contents)


def _save_again_and_again(save: Callable[[Path, int], None], path: Path) -> None:
    while True:
        save(path, 1)
        save(path, 0)


def _killed(target: Callable[..., None], arguments: tuple[Any, ...], path: Path, after: float):
    """Runs a function in a process that is killed some time after the file is there."""
    process = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    process.start()
    deadline = time.monotonic() + 20
    while process.is_alive() and not path.exists() and time.monotonic() < deadline:
        time.sleep(0.002)
    process.join(after)
    process.kill()
    process.join()


# --- Saves ----------------------------------------------------------------------------------------


def _states() -> Callable[[Path, int], None]:
    models = [nn.MLP(2, [16, 16, 1], rng=seed) for seed in range(2)]
    return lambda path, which: nn.save(path, model=models[which])


def _programs() -> Callable[[Path, int], None]:
    made = [autograd.compile(lambda x, n=n: sum((x**i for i in range(n)), 0.0)) for n in (20, 60)]
    return lambda path, which: made[which].save(path)


def _pictures() -> Callable[[Path, int], None]:
    drawings = [autograd.draw(Value(x, label="x").exp() * 2.0) for x in (1.0, 3.0)]
    return lambda path, which: drawings[which].save(path)


SAVES: dict[str, Callable[[], Callable[[Path, int], None]]] = {
    "states": _states,
    "programs": _programs,
    "pictures": _pictures,
}


def _ending(name: str) -> str:
    return ".html" if name == "pictures" else ".json"


def _contents(save: Callable[[Path, int], None], path: Path) -> list[bytes]:
    """The contents of the two files; the first is what is there at the end."""
    contents = []
    for which in (1, 0):
        save(path, which)
        contents.append(path.read_bytes())
    return contents


def _wrong(path: Path, contents: list[bytes]) -> str | None:
    if path.read_bytes() not in contents:
        return "the file is neither the old one nor the new one"
    return _others(path)


def _others(path: Path) -> str | None:
    """Which other files are in the folder."""
    others = sorted(other.name for other in path.parent.iterdir() if other != path)
    return f"other files are left: {json.dumps(others)[:80]}" if others else None
