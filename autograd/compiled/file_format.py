"""Programs as files: JSON that names operations and holds numbers, never code."""

from __future__ import annotations

import json
from typing import Any

from autograd.compiled.tape import Entry, Tape
from autograd.files import RepeatedKeyError, read_json
from autograd.graph import tracing
from autograd.table import TABLE, Operation

FORMAT, VERSION = "chainrule program", 1
SHOWN = 500  # letters of what a message says about a file, in which anything may be
FIELDS = {"format", "version", "inputs", "wrt", "outputs", "single", "entries"}


def written(tape: Tape) -> str:
    """The text of a tape; floats are hexadecimal, so that they come back exactly."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "inputs": tape.inputs,
            "wrt": tape.wrt,
            "outputs": tape.outputs,
            "single": tape.single,
            "entries": [
                [
                    _name(entry.operation),
                    [x if type(x) is int else float(x).hex() for x in entry.operands],
                    [x if type(x) is int else float(x).hex() for x in entry.settings],
                    entry.label,
                ]
                for entry in tape.entries
            ],
        },
        separators=(",", ":"),
    )


def read(text: str | bytes, origin: str) -> Tape:
    """The tape of a text.

    Args:
        text: What `written` gave.
        origin: Where it is from, for messages.

    Raises:
        ValueError: If it is not such a text in every detail.
    """
    try:
        return _tape(read_json(text))
    except (_DamagedError, RepeatedKeyError) as error:
        reason = str(error)
    except (ValueError, RecursionError):  # no JSON, or numbers that are none
        reason = "it is not the JSON that Program.save writes"
    raise ValueError(f"{origin} is not a saved program: {reason:.{SHOWN}}")


class _DamagedError(Exception):
    """What is wrong with a text."""


def _name(operation: Operation) -> str:
    recorded = tracing.ROWS.get(operation.symbol)
    return operation.symbol if operation is recorded else operation.name


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise _DamagedError(reason)


def _list(given: Any, name: str) -> list[Any]:
    _require(type(given) is list, f"its {name} are not a list")
    result: list[Any] = given
    return result


def _tape(document: Any) -> Tape:
    known = type(document) is dict and document.get("format") == FORMAT
    _require(known, "it does not say that it is one")
    version = document.get("version")
    right = type(version) is int and version == VERSION  # True and 1.0 equal 1
    _require(right, f"it has version {version!r:.60}, and this chainrule reads {VERSION}")
    _require(set(document) == FIELDS, f"its fields are not {', '.join(sorted(FIELDS))}")
    inputs = _list(document["inputs"], "inputs")
    _require(all(type(label) is str for label in inputs), "an input's label is not text")
    rows = _list(document["entries"], "entries")
    entries = tuple(_entry(row, len(inputs) + index) for index, row in enumerate(rows))
    size = len(inputs) + len(entries)
    outputs = _places(document["outputs"], "outputs", size)
    _require(bool(outputs), "it has no output")
    single = document["single"]
    _require(type(single) is bool and (len(outputs) == 1 or not single), "single is not right")
    wrt = _places(document["wrt"], "wrt", len(inputs))
    _require(len(set(wrt)) == len(wrt), "wrt has an entry twice")
    tape = Tape(tuple(inputs), entries, outputs, wrt, single)
    depends = tape.depending(range(len(inputs)))
    _require(all(depends[output] for output in outputs), "an output depends on no input")
    return tape


def _places(given: Any, name: str, below: int) -> tuple[int, ...]:
    places = _list(given, name)
    right = all(type(place) is int and 0 <= place < below for place in places)
    _require(right, f"its {name} are not places on the tape")
    return tuple(places)


def _entry(row: Any, place: int) -> Entry:
    _require(type(row) is list and len(row) == 4, f"entry {place} has not four fields")
    name, operands, settings, label = row
    _require(type(name) is str and type(label) is str, f"entry {place}: a name is not text")
    operation = TABLE.get(name) or tracing.ROWS.get(name)
    if operation is None:
        raise _DamagedError(
            f"entry {place}: no operation named {name!r:.60} is registered; import the module that "
            "registers it before loading"
        )
    numbers = tuple(_number(x, place) for x in _list(operands, "operands"))
    right = all(type(x) is float or 0 <= x < place for x in numbers)
    _require(right, f"entry {place}: an operand is not an earlier place")
    values = tuple(_number(x, place) for x in _list(settings, "settings"))
    _require(
        len(values) == len(operation.settings), f"entry {place}: settings of {name} are missing"
    )
    _check_operands(operation, numbers, values, place)
    return Entry(operation, numbers, values, label)


def _number(given: Any, place: int) -> int | float:
    if type(given) is int:
        return given
    _require(type(given) is str, f"entry {place}: a number is neither an integer nor hexadecimal")
    try:
        return float.fromhex(given)
    except (ValueError, OverflowError):
        raise _DamagedError(f"entry {place}: {given[:40]!r} is not a number") from None


def _check_operands(
    operation: Operation, operands: tuple[Any, ...], settings: tuple[Any, ...], place: int
) -> None:
    """Raises unless the operation can have these operands and settings."""
    wrong = f"entry {place}: {operation.name} cannot have {len(operands)} operands"
    if not operation.groups:
        _require(len(operands) == len(operation.arguments), wrong)
        return
    try:
        groups = operation.grouped(operands)
    except ValueError:
        raise _DamagedError(wrong) from None
    sizes = {
        len(group)
        for name, group in zip(operation.groups, groups, strict=True)
        if name not in operation.single
    }
    _require(len(sizes) == 1 and min(sizes) >= operation.at_least, wrong)
    _require(sum(map(len, groups)) == len(operands), wrong)
    if operation.check is not None:
        try:
            operation.check(*groups, *settings)
        except (ValueError, TypeError) as error:
            raise _DamagedError(f"entry {place}: {error}") from None
