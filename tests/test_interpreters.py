"""Which interpreters the gate runs the suite on, and what it says of those that are not here."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / ".ci" / "interpreters.py"
SPEC = importlib.util.spec_from_file_location("interpreters", SCRIPT)
assert SPEC is not None
assert SPEC.loader is not None
interpreters = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(interpreters)

OLDEST = (3, 11)


def python(*version: int, kind: str = "CPython") -> interpreters.Interpreter:
    return interpreters.Interpreter(kind, version, f"/{kind}/{version[1]}")


@pytest.mark.parametrize(
    ("this", "found", "expected", "missing"),
    [
        (python(3, 11, 7), [], [], ["newer than 3.11", "free-threaded", "PyPy is not"]),
        (
            python(3, 11, 7),
            [python(3, 10, 1), python(3, 11, 2), python(3, 13, 0), python(3, 12, 1)],
            ["CPython 3.13.0"],
            ["free-threaded CPython is not here", "PyPy is not here"],
        ),
        (
            python(3, 13, 0),
            [python(3, 11, 2), python(3, 13, 0)],
            ["CPython 3.11.2"],
            ["a CPython newer than 3.13 is not here", "free-threaded", "PyPy"],
        ),
        (
            python(3, 12, 1),
            [python(3, 13, 0), python(3, 14, 0), python(3, 11, 2)],
            ["CPython 3.11.2", "CPython 3.14.0"],
            ["free-threaded", "PyPy"],
        ),
        (
            python(3, 12, 1),
            [python(3, 9, 1, kind="PyPy")],
            [],
            [
                "CPython 3.11, the oldest that pyproject.toml allows, is not here",
                "a CPython newer than 3.12 is not here",
                "free-threaded CPython is not here",
                "PyPy 3.9.1 is here, which is older than 3.11",
            ],
        ),
        (
            python(3, 11, 7),
            [
                python(3, 9, 1, kind="PyPy"),
                python(3, 11, 9, kind="PyPy"),
                python(3, 14, 1, kind="free-threaded CPython"),
            ],
            ["free-threaded CPython 3.14.1", "PyPy 3.11.9"],
            ["a CPython newer than 3.11 is not here"],
        ),
        (
            python(3, 11, 9, kind="PyPy"),
            [python(3, 11, 9, kind="PyPy"), python(3, 11, 2), python(3, 12, 0)],
            ["CPython 3.11.2", "CPython 3.12.0"],
            ["free-threaded CPython is not here"],
        ),
    ],
)
def test_the_oldest_a_newer_one_and_other_kinds_are_run(this, found, expected, missing) -> None:
    for order in (found, found[::-1]):
        run, notes = interpreters.chosen(order, this, OLDEST)
        assert [str(each) for each in run] == expected
        assert len(notes) == len(missing)
        assert all(part in note for part, note in zip(missing, notes, strict=True))


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="the gate is a shell script")
def test_only_what_starts_is_an_interpreter(tmp_path, monkeypatch) -> None:
    right = r"printf 'CPython\t3\t13\t1\n'"
    good = program(tmp_path / "python3.13", right)
    assert interpreters.probed(good) == ("CPython", (3, 13, 1), str(good))
    for text in ("echo 'pyenv: python3.12: command not found' >&2; exit 127", "exit 0", "kill $$"):
        assert interpreters.probed(program(tmp_path / "python3.12", text)) is None
    program(tmp_path / "python3.11-config", right)
    (tmp_path / "python3").symlink_to("missing")
    (tmp_path / "python3.10").touch()  # not executable
    assert interpreters.probed(tmp_path / "python3") is None
    assert interpreters.probed(tmp_path / "python3.10") is None
    root = tmp_path / "pyenv"
    (root / "versions" / "3.14.0" / "bin").mkdir(parents=True)
    kept = program(root / "versions" / "3.14.0" / "bin" / "python3.14", right)
    monkeypatch.setenv("PYENV_ROOT", str(root))
    monkeypatch.setenv("PATH", f"{tmp_path}:{tmp_path / 'nowhere'}")
    names = [path.name for path in interpreters.candidates()]
    assert names == ["python3", "python3.10", "python3.12", "python3.13", kept.name]


def test_this_interpreter_is_what_it_is() -> None:
    """As the gate calls it: lines of a name and a path that starts, notes apart."""
    result = subprocess.run(
        [sys.executable, SCRIPT], capture_output=True, encoding="utf-8", check=True
    )
    for line in result.stdout.splitlines():
        name, path = line.split("\t")
        assert str(interpreters.probed(Path(path))) == name
    notes = result.stderr.splitlines()
    assert all(note.startswith("Not run: ") for note in notes)
    assert len(result.stdout.splitlines()) + len(notes) in (3, 4)
