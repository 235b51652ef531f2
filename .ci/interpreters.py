"""The interpreters on which the gate runs the suite, besides the one that it has run on already.

`.venv/bin/python .ci/interpreters.py` prints a line for each, its name and its path, and on stderr
which are not here: the oldest CPython that pyproject.toml allows, a newer one, one without the
global interpreter lock, PyPy. They are looked for on the PATH and among pyenv's; one that does not
start, as pyenv's stand-in for a version that is not selected, is as if it were not there.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"python3(\.\d+t?)?|pypy3(\.\d+)?")
CPYTHON, FREE_THREADED, PYPY = "CPython", "free-threaded CPython", "PyPy"
# What the suite needs beside: an environment of its own.
PROBE = """
import sys, sysconfig, ensurepip, venv
kind = {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, "another Python")
if sysconfig.get_config_var("Py_GIL_DISABLED"):
    kind = "free-threaded " + kind
if sys.version_info.releaselevel == "final":
    print(kind, *sys.version_info[:3], sep="\\t")
"""


class Interpreter(NamedTuple):
    """One that starts and is released."""

    kind: str
    version: tuple[int, ...]
    path: str

    def __str__(self) -> str:
        return f"{self.kind} {'.'.join(map(str, self.version))}"


def candidates() -> Iterator[Path]:
    """Files that are named as interpreters are."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders = [Path(folder) for folder in os.get_exec_path()]
    for folder in [*folders, *sorted(pyenv.glob("versions/*/bin"))]:
        with contextlib.suppress(OSError):  # it is not there, or not to be read
            yield from sorted(p for p in folder.iterdir() if NAME.fullmatch(p.name))


def probed(path: Path) -> Interpreter | None:
    """What a file is; None if it does not start, or cannot make an environment."""
    try:
        result = subprocess.run(
            [path, "-I", "-c", PROBE], capture_output=True, encoding="utf-8", timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    kind, *version = result.stdout.rstrip("\n").split("\t")
    if result.returncode or not version:
        return None
    return Interpreter(kind, tuple(map(int, version)), str(path))


def chosen(
    found: Iterable[Interpreter], this: Interpreter, oldest: tuple[int, ...]
) -> tuple[list[Interpreter], list[str]]:
    """Those to run on, and what is to be said of those that are not here."""
    newest: dict[str, Interpreter] = {}
    with_oldest = None
    for each in found:
        if each.kind not in newest or each.version > newest[each.kind].version:
            newest[each.kind] = each
        if each.kind == CPYTHON and each.version[:2] == oldest:
            with_oldest = with_oldest or each
    shown = ".".join(map(str, oldest))
    run: list[Interpreter] = []
    notes: list[str] = []
    if (this.kind, this.version[:2]) != (CPYTHON, oldest):
        if with_oldest:
            run.append(with_oldest)
        else:
            notes.append(f"CPython {shown}, the oldest that pyproject.toml allows, is not here")
    after = max(this.version[:2], oldest) if this.kind == CPYTHON else oldest
    if CPYTHON in newest and newest[CPYTHON].version[:2] > after:
        run.append(newest[CPYTHON])
    else:
        notes.append(f"a CPython newer than {'.'.join(map(str, after))} is not here")
    for kind in (FREE_THREADED, PYPY):
        if kind not in newest:
            notes.append(f"{kind} is not here")
        elif newest[kind].version[:2] < oldest:
            notes.append(f"{newest[kind]} is here, which is older than {shown}")
        elif (kind, newest[kind].version) != (this.kind, this.version):
            run.append(newest[kind])
    return run, notes


def main() -> None:
    """Prints them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = re.match(r">=(\d+)\.(\d+)", project["requires-python"])
    assert allowed is not None, "requires-python does not begin with the oldest version"
    oldest = tuple(map(int, allowed.groups()))
    this = probed(Path(sys.executable))
    assert this is not None, "this interpreter makes no environment"
    found = {path.resolve(): path for path in candidates()}
    run, notes = chosen(filter(None, map(probed, found.values())), this, oldest)
    for each in run:
        print(each, each.path, sep="\t")
    for note in notes:
        print(f"Not run: {note}", file=sys.stderr)


if __name__ == "__main__":
    main()
