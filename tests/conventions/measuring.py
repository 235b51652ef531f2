"""One environment a library, and its adapter run in it."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from tests.conventions import data

MEASURE = data.HERE / "measure.py"
MINUTES = 20


class Failed(Exception):  # noqa: N818
    """A library could not be installed or did not run; the message says what it said."""


def default_folder() -> Path:
    """Where environments are kept, outside of the checkout."""
    given = os.environ.get("CONVENTIONS_ENVIRONMENTS")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) if given else Path(cache) / "chainrule-conventions"


def environment(name: str, folder: Path) -> Path:
    """The interpreter of the environment of a library, which is made if it is not there as pinned.

    Raises:
        Failed: If it cannot be installed.
    """
    requires = data.libraries()[name]["requires"]
    if not requires:
        return Path(sys.executable)
    place = folder / name
    python, stamp = place / "bin" / "python", place / "requires.json"
    if stamp.exists() and json.loads(stamp.read_text()) == requires:
        return python
    venv.create(place, clear=True, with_pip=True)
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *requires]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "ERROR" in line]
        raise Failed(f"{name} cannot be installed: {' '.join(errors[:2]) or done.stderr[-300:]}")
    stamp.write_text(json.dumps(requires))
    return python


def column(name: str, folder: Path) -> dict[str, Any]:
    """What a library answers at every point, with its version and the date.

    Raises:
        Failed: If it cannot be installed, or its adapter does not come to its end.
    """
    command: list[str | Path] = [environment(name, folder), "-P"]
    # This project is on the path of this engine's adapter, and of no other.
    variables = {**os.environ, **data.libraries()[name].get("variables", {})}
    if name == data.ENGINE:
        variables["PYTHONPATH"] = str(data.HERE.parents[1])
    else:
        command.append("-I")
    command += [MEASURE, data.ADAPTERS / f"{name}.py"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60 * MINUTES, env=variables
    )
    if done.returncode or not done.stdout.strip():
        raise Failed(f"{name} ended with {done.returncode}: {done.stderr[-1000:]}")
    found = json.loads(done.stdout)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return {"version": found["version"], "date": today, "cells": found["cells"]}


def differences(name: str, now: dict[str, Any], then: dict[str, Any]) -> list[str]:
    """Where a column is not what it was, a line each."""
    lines = []
    for point in data.points():
        cells = [column["cells"].get(point["id"]) for column in (then, now)]
        if None in cells:
            lines.append(f"{name}: {point['id']} has not been measured")
        elif not data.alike(*cells):
            was, is_ = (cell.get("is") or cell.get("error") or "missing" for cell in cells)
            lines.append(f"{name}: {point['id']} was {was}, is {is_}")
    if now["version"] != then["version"]:
        lines.append(f"{name}: the version was {then['version']}, is {now['version']}")
    return lines
