"""docs/conventions.md is what the data say, and this engine's column is what it gives now."""

import importlib.util
import json
import math
import re
import subprocess
import sys

import pytest
from mpmath import mp, mpf

from tests.conventions import data, measuring, page
from tests.conventions.__main__ import main

POINTS = {point["id"]: point for point in data.points()}


@pytest.fixture(scope="module")
def measure():
    """The script that runs in the libraries' environments; adapters import it by this name."""
    specification = importlib.util.spec_from_file_location("measure", data.HERE / "measure.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules["measure"] = module
    specification.loader.exec_module(module)
    yield module
    del sys.modules["measure"]


def test_the_page_is_what_the_data_say() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(), (
        "run python -m tests.conventions --page"
    )


def test_the_column_of_this_engine_is_what_it_gives_now(measure) -> None:
    adapter = measure.loaded(data.ADAPTERS / f"{data.ENGINE}.py")
    now = {"version": adapter.version(), "cells": measure.measured(adapter, data.points())}
    lines = measuring.differences(data.ENGINE, now, data.measured()[data.ENGINE])
    assert not lines, "run python -m tests.conventions chainrule"


def test_every_library_has_an_adapter_pins_and_a_cell_for_each_point() -> None:
    found = data.measured()
    for name, library in data.libraries().items():
        assert all("==" in one for one in library["requires"]), name
        assert (data.ADAPTERS / f"{name}.py").exists()
        assert set(found[name]["cells"]) == set(POINTS), name
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", found[name]["date"])


def test_there_are_as_many_points_and_libraries_as_the_page_is_for() -> None:
    kinds = [data.libraries()[name].get("kind") for name in data.measured()]
    assert len(POINTS) == len(data.points()) >= 60
    assert (kinds.count(None) >= 15, kinds.count("checker") >= 6) == (True, True)


def test_what_is_no_exact_answer_has_a_rule() -> None:
    for point in data.points():
        assert ("exact" in point) != (point.get("rule") in page.RULES), point["id"]


def test_notes_are_of_cells_that_are_there_and_name_their_source() -> None:
    for note in data.notes()["note"]:
        cells = data.measured()[note["library"]]["cells"]
        assert all("missing" not in cells[point] for point in note["points"]), note
        assert note["text"]
        assert note["source"]


SMOOTH = {
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "logsigmoid": lambda x: -mp.log(1 + mp.exp(-x)),
    "erf": mp.erf,
    "gelu": lambda x: x * mp.ncdf(x),
    "elu": lambda x: mp.exp(x) - 1 if x < 0 else x,
    "expm1": lambda x: mp.exp(x) - 1,
    "log": mp.log,
    "exp": mp.exp,
    "sinc": lambda x: mp.sinc(mp.pi * x),
    "atan2": mp.atan2,
    "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "prod": lambda v: mp.fprod(v),
    "det": lambda rows: mp.det(mp.matrix(rows)),
    "logsumexp": lambda v: mp.log(mp.fsum(map(mp.exp, v))),
}


def _checkable(point) -> bool:
    names = set(re.findall(r"[a-z_]+\d?(?=\()", point.get("formula", "")))
    finite = all(map(math.isfinite, point.get("exact", [math.inf])))
    numbers = [x for x in _row(point.get("at", {})) if math.isfinite(x)]
    inside = len(numbers) == len(_row(point.get("at", {})))
    return bool(names) and names <= set(SMOOTH) and finite and inside


def _row(at) -> list[float]:
    return [x for value in at.values() for x in _flat(value)]


def _flat(value) -> list[float]:
    return [x for entry in value for x in _flat(entry)] if isinstance(value, list) else [value]


def _argument(value, numbers):
    if isinstance(value, list):
        return [_argument(entry, numbers) for entry in value]
    return next(numbers)


@pytest.mark.parametrize("name", [name for name, point in POINTS.items() if _checkable(point)])
def test_the_exact_answers_are_those_of_high_precision(name) -> None:
    """Central differences at 600 digits, with steps of 1e-250 beside the numbers' size."""
    point = POINTS[name]
    with mp.workdps(1200):
        row = [mpf(x) for x in _row(point["at"])]

        def at(shifts):
            numbers = iter([x + shifts.get(i, 0) for i, x in enumerate(row)])
            names = {name: _argument(value, numbers) for name, value in point["at"].items()}
            return eval(point["formula"], {**SMOOTH}, names)

        h, order, places = mpf(10) ** -450, point.get("order", 1), range(len(row))
        if order == 0:
            found = [at({})]
        elif order == 1:
            found = [(at({i: h}) - at({i: -h})) / (2 * h) for i in places]
        else:
            found = [
                (at(_both(i, h, j, h)) - at(_both(i, h, j, -h)) - at(_both(i, -h, j, h))
                 + at(_both(i, -h, j, -h))) / (4 * h * h)
                for i in places for j in places
            ]  # fmt: skip
        assert [float(x) for x in found] == pytest.approx(point["exact"], rel=1e-14, abs=1e-300)


def _both(i, h, j, k):
    return {i: h + k} if i == j else {i: h, j: k}


# --- The tool -------------------------------------------------------------------------------------


def test_differences_are_found_and_rounding_is_none() -> None:
    then = {"version": "1", "cells": {name: {"is": [1.0, 2.0]} for name in POINTS}}
    now = json.loads(json.dumps(then))
    now["cells"]["abs-at-0"] = {"is": [1.0 + 1e-9, 2.0]}
    assert not measuring.differences("torch", now, then)
    now["cells"]["abs-at-0"] = {"is": [1.0, 0.0]}
    now["cells"]["relu-at-0"] = {"error": "TypeError", "said": ""}
    now["version"] = "2"
    assert measuring.differences("torch", now, then) == [
        "torch: abs-at-0 was [1.0, 2.0], is [1.0, 0.0]",
        "torch: relu-at-0 was [1.0, 2.0], is TypeError",
        "torch: the version was 1, is 2",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"is": [0.0]}, {"is": [1.7e-17]}, False),
        ({"is": [4.0, 0.0]}, {"is": [4.0, -3e-16]}, True),
        ({"is": ["nan"]}, {"is": ["nan"]}, True),
        ({"is": ["nan"]}, {"is": [0.0]}, False),
        ({"is": [0.0]}, {"is": [0.0, 0.0]}, False),
        ({"missing": "relu"}, {"missing": "abs"}, True),
        ({"error": "TypeError", "said": "a"}, {"error": "TypeError", "said": "b"}, True),
        ({"error": "TypeError", "said": "a"}, {"error": "ValueError", "said": "a"}, False),
    ],
)
def test_cells_are_compared_by_what_they_say(one, other, same) -> None:
    assert data.alike(one, other) is same


def test_a_column_that_differs_fails_the_check(tmp_path, monkeypatch, capsys) -> None:
    written = json.loads(data.MEASURED.read_text(encoding="utf-8"))
    written[data.ENGINE]["cells"]["abs-at-0"] = {"is": [1.0]}
    changed = tmp_path / "measured.json"
    changed.write_text(json.dumps(written), encoding="utf-8")
    assert main(["--check", data.ENGINE]) == 0
    monkeypatch.setattr(data, "MEASURED", changed)
    assert main(["--check", data.ENGINE]) == 1
    assert "chainrule: abs-at-0 was [1.0], is [0.0]" in capsys.readouterr().out
    assert json.loads(changed.read_text(encoding="utf-8")) == written


def test_the_adapters_are_run_without_this_project(tmp_path) -> None:
    """A library's environment has neither the checkout nor the adapters' folder on its path."""
    script = tmp_path / "probe.py"
    script.write_text(
        "import sys\n\n\ndef version():\n    return repr(sys.path)\n\n\nBEHAVIOURS = {}\n\n\n"
        "def answer(formula, at, order):\n    raise KeyError(formula)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-I", data.HERE / "measure.py", script, "abs-at-0"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert str(data.HERE) not in found["version"]
    assert found["cells"] == {"abs-at-0": {"error": "KeyError", "said": "'abs(x)'"}}


def test_two_libraries_are_compared_by_the_lines_on_which_they_differ(capsys) -> None:
    assert main(["--between", "torch", "jax"]) == 0
    printed = capsys.readouterr().out
    assert '| <a href="#abs-at-0"><code>abs(x)</code> at x = 0</a> | 0 | 1 | 0 |' in printed
    assert "#sqrt-at-0" not in printed
