"""A few cases of each kind that is fuzzed, and faults that are found once these are planted.

`python -m tests.fuzz` runs as many cases as there is time.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest

import autograd.files
import nn.training.changes
from autograd.compiled import file_format
from autograd.compiled.numpy.forms import Form, Space
from autograd.language import emitting
from tests.fuzz import damaged_files, interruption, memory, threads
from tests.fuzz.small_graphs import small_graph
from tests.interruptions import Kind, difference, moments, uninterrupted

pytestmark = pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="blocks of memory and bytecodes are CPython's"
)

KINDS = {damaged_files: 60, threads: 20, memory: 9, interruption: 12}


@pytest.mark.parametrize("module", KINDS)
def test_cases(module) -> None:
    for seed in range(KINDS[module]):
        failure = module.case(seed)
        assert failure is None, f"seed {seed}:\n{failure}"


@pytest.mark.parametrize(
    ("place", "name", "change"),
    [
        (nn.training.changes, "_put_back", lambda states: None),
        (nn.training.changes.Changes, "complete", lambda self: None),
    ],
    ids=["masks are not put back", "a step is not completed"],
)
def test_a_fault_of_training(place, name, change, monkeypatch) -> None:
    kind, rng = Kind(dropout=0.3), random.Random(0)
    uninterrupted(kind)
    monkeypatch.setattr(place, name, change)

    def is_seen() -> bool:
        try:
            return bool(difference(kind, moments(kind, rng, 1)))
        except ValueError:  # what was saved does not fit together
            return True

    assert any(is_seen() for _ in range(400))  # a moment in thirty shows it


@pytest.mark.skipif(not interruption.CAN_FORK, reason="needs processes that are forked")
def test_a_file_that_is_written_in_its_place(monkeypatch) -> None:
    def in_place(path, content) -> None:
        with Path(path).open("wb", buffering=0) as file:
            for start in range(0, len(content), 100):
                file.write(content[start : start + 100])

    monkeypatch.setattr(autograd.files, "_replace", in_place)
    failures = (interruption.killed_save("states", 0.002 * tries) for tries in range(40))
    assert "the file is neither the old one nor the new one" in failures


@pytest.mark.parametrize(
    ("name", "change"),
    [("_check_operands", lambda *_: None), ("_places", lambda given, *_: tuple(given))],
)
def test_a_check_of_programs_that_is_left_out(name, change, monkeypatch) -> None:
    monkeypatch.setattr(file_format, name, change)
    failure = next(filter(None, map(damaged_files.case, range(600))), "")
    assert "damaged_files.wrong('program', content)" in failure
    assert failure.count("\n") == 3


def test_buffers_that_threads_share(monkeypatch) -> None:
    def run(self, x, o, size):
        if not self._idle or self._idle[0].size != size:
            self._idle[:] = [Space(self, size)]
        return self._idle[0].block(x, o)

    monkeypatch.setattr(Form, "run", run)
    graphs = (small_graph(random.Random(seed), 8) for seed in range(100))
    assert any(threads.wrong(graph, ["on_arrays"], 0) for graph in graphs)


def test_texts_that_are_never_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(emitting, "_forget_with", lambda code, file: None)
    failure = memory.wrong(small_graph(random.Random(0), 2), "programs", 0)
    assert failure is not None
    assert failure.endswith("generated texts each time")


def test_what_is_kept_for_ever(monkeypatch) -> None:
    kept = []
    monkeypatch.setattr(autograd.Value, "zero_grad", lambda self: kept.append([self]))
    failure = memory.wrong(small_graph(random.Random(0), 2), "graphs", 0)
    assert failure is not None
    assert failure.endswith("blocks of memory each time")


def test_the_command_prints_what_it_did() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--minutes", "0.05", "--kinds", "threads"]
    root = Path(__file__).parents[2]
    found = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert found.returncode == 0, found.stdout + found.stderr
    counted, failures = found.stdout.splitlines()[-2:]
    assert int(counted.split()[1]) > 0
    assert counted.split()[::2] == ["threads", "cases"]
    assert failures == "0 failures"
