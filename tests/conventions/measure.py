"""Runs one adapter: what a library answers at every point, as JSON.

    python -P -I measure.py libraries/torch.py

Runs in the library's own environment and needs nothing but the standard library, so this project is
not on the path. An adapter is a module with

* `version()`: the version that is measured;
* `answer(formula, at, order)`: the value, or the first or second derivatives by all arguments, as
  nested lists of floats;
* `BEHAVIOURS`: for each point of the group "behaviour" a function of nothing.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import math
import os
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DIGITS = 9  # significant ones; more would differ between processors


class Missing(Exception):  # noqa: N818
    """The library has no such function."""


class Functions(dict[str, Any]):
    """The names of a formula: functions that are given, else those of some modules.

    Args:
        *places: Modules and classes, searched in order.
        names: What they call a function, where that is not the name in the formula.
        **own: Functions that are written out, None for one that the library has not.
    """

    def __init__(self, *places: Any, names: dict[str, str] | None = None, **own: Any) -> None:
        super().__init__(own)
        self._places, self._names = places, names or {}

    def __missing__(self, name: str) -> Any:
        called = self._names.get(name, name)
        for place in self._places:
            if hasattr(place, called):
                return getattr(place, called)
        raise Missing(name)

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        if found is None:
            raise Missing(name)
        return found


class Methods(Functions):
    """The names of a formula where the functions of a library are methods of its numbers."""

    def __missing__(self, name: str) -> Any:
        called = self._names.get(name, name)

        def call(x: Any, *rest: Any) -> Any:
            if not hasattr(type(x), called):
                raise Missing(name)
            return getattr(x, called)(*rest)

        return call


def evaluated(formula: str, functions: Functions, arguments: dict[str, Any]) -> Any:
    """The formula on arguments of the library's kind."""
    names = _Names(functions, arguments)
    return eval(compile(formula, "formula", "eval"), {"__builtins__": {}}, names)


class _Names(dict[str, Any]):
    def __init__(self, functions: Functions, arguments: dict[str, Any]) -> None:
        super().__init__(arguments)
        self._functions = functions

    def __missing__(self, name: str) -> Any:
        return self._functions[name]


def flat(given: Any) -> Iterator[float]:
    """The numbers of nested lists, tuples and arrays, None as nan's word."""
    if hasattr(given, "tolist"):
        given = given.tolist()
    if isinstance(given, str) or not isinstance(given, Iterable):
        yield given
        return
    for entry in given:
        yield from flat(entry)


def number(given: Any) -> Any:
    """A number as the data have it: a few digits, words for what JSON has no number for."""
    if given is None or isinstance(given, str):
        return "none" if given is None else given
    if isinstance(given, complex) or (hasattr(given, "imag") and not _is_real(given)):
        return "complex"
    given = float(given)
    if not math.isfinite(given):
        return str(given)
    return float(f"{given:.{DIGITS}g}") + 0.0


def _is_real(given: Any) -> bool:
    try:
        return complex(given).imag == 0
    except (TypeError, ValueError):
        return True


def cell(run: Callable[[], Any]) -> dict[str, Any]:
    """What a point gives: `is`, a list of numbers; or `error`, its kind; or `missing`, a name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {"is": [number(x) for x in flat(run())]}
    except Missing as missing:
        return {"missing": str(missing)}
    except Exception as error:
        return {"error": type(error).__name__, "said": _line(error)}


def _line(error: Exception) -> str:
    """The first line of what the error says, short and without addresses in memory."""
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    return first.strip()[:120]


def measured(adapter: Any, points: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The cells of one library, by the points' names."""
    found: dict[str, Any] = {}
    for point in points:
        if "behaviour" in point:
            behaviour = adapter.BEHAVIOURS.get(point["id"])
            found[point["id"]] = {"missing": ""} if behaviour is None else cell(behaviour)
            continue
        formula, at, order = point["formula"], point["at"], point.get("order", 1)
        found[point["id"]] = cell(
            lambda formula=formula, at=at, order=order: adapter.answer(formula, at, order)
        )
    return found


def loaded(path: Path) -> Any:
    """The adapter, by its path: its name may be that of the library that it imports."""
    specification = importlib.util.spec_from_file_location(f"adapter_{path.stem}", path)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules.setdefault("measure", sys.modules[__name__])
    specification.loader.exec_module(module)
    return module


def main() -> None:
    """Prints the version and the cells."""
    with (HERE / "points.toml").open("rb") as file:
        points = tomllib.load(file)["point"]
    only = set(sys.argv[2:])
    # What libraries print is not mixed with the result: the standard output is theirs no more.
    out = os.dup(1)
    os.dup2(2, 1)
    with contextlib.redirect_stdout(sys.stderr):
        adapter = loaded(Path(sys.argv[1]))
        cells = measured(adapter, [p for p in points if not only or p["id"] in only])
        result = {"version": adapter.version(), "cells": cells}
    with os.fdopen(out, "w") as stream:
        json.dump(result, stream)
        stream.write("\n")
    stream.close() if not stream.closed else None
    sys.stderr.flush()
    os._exit(0)  # some libraries crash when they are torn down, after all is measured


if __name__ == "__main__":
    main()
