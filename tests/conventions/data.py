"""What the page is made of: points, libraries, what was measured, and notes."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ADAPTERS = HERE / "libraries"
MEASURED = HERE / "measured.json"
ENGINE = "chainrule"

Cell = dict[str, Any]  # {"is": numbers} or {"error": kind, "said": text} or {"missing": name}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def points() -> list[dict[str, Any]]:
    """The points, in the order of the page."""
    return list(_read("points.toml")["point"])


def groups() -> list[dict[str, str]]:
    """The groups of points, in the order of the page."""
    return list(_read("points.toml")["group"])


def libraries() -> dict[str, dict[str, Any]]:
    """The libraries by the names of their adapters."""
    return _read("libraries.toml")


def notes() -> dict[str, list[dict[str, Any]]]:
    """What documentation and sources say of single cells."""
    return _read("notes.toml")


def measured() -> dict[str, dict[str, Any]]:
    """For each library its version, the date, and a cell for each point."""
    if not MEASURED.exists():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(MEASURED.read_text(encoding="utf-8"))
    return found


def write(found: dict[str, dict[str, Any]]) -> None:
    """Writes what was measured, a line a cell, in the order of libraries and points."""
    lines = []
    for name in (name for name in libraries() if name in found):
        entry = found[name]
        head = {key: value for key, value in entry.items() if key != "cells"}
        cells = [
            f"   {json.dumps(point['id'])}: {json.dumps(entry['cells'][point['id']])}"
            for point in points()
            if point["id"] in entry["cells"]
        ]
        inner = json.dumps(head)[1:-1]
        lines.append(f' "{name}": {{{inner}, "cells": {{\n' + ",\n".join(cells) + "\n }}")
    MEASURED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def alike(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same but for rounding."""
    if "is" in one and "is" in other:
        return _same(one["is"], other["is"])
    return "is" not in one and "is" not in other and _kind(one) == _kind(other)


def _kind(cell: Cell) -> tuple[Any, ...]:
    """What counts of a cell without numbers: not the words of an error."""
    return ("error", cell["error"]) if "error" in cell else ("missing",)


def _same(one: list[Any], other: list[Any]) -> bool:
    """Entries are compared beside the largest of them, as of matrices the others are rounding."""
    sizes = [abs(x) for x in (*one, *other) if not isinstance(x, str)]
    slack = 1e-9 * max(sizes, default=0.0)
    return len(one) == len(other) and all(map(lambda x, y: _near(x, y, slack), one, other))


def _near(x: Any, y: Any, slack: float) -> bool:
    if isinstance(x, str) or isinstance(y, str):
        return bool(x == y)
    return math.isclose(x, y, rel_tol=1e-6, abs_tol=slack)


def exact(point: dict[str, Any]) -> Cell | None:
    """The answer of mathematics, as a cell; None where there is none."""
    if "exact" not in point:
        return None
    return {"is": [x if math.isfinite(x) else str(x) for x in point["exact"]]}
