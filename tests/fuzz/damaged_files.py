"""Damaged files: they are refused in words and at once, or they are what they say; none is code.

Files of programs, of parameters and of trainings, with flipped bits, cut, with parts repeated, with
keys twice, with numbers and lists of any size and kind in place of others. Some are given the
checksum of their new content, as a stranger can write it who means harm.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
import signal
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import autograd
import nn
from autograd.table import TABLE
from nn.saving import _digest, _text
from tests.fuzz.small_graphs import function_of, small_graph
from tests.interruptions import Kind, parts, train

SECONDS = 5  # of the processor's time, within which a damaged file of this size must be dealt with
KIND = Kind(size=3, dropout=0.3, adam=True, validation=True, patience=3, by_steps=True)
HOSTILE = "__import__('builtins').HARM.append(1)"
LARGEST = 1_000_000


def case(seed: int) -> str | None:
    """Damages one file and loads it; None, or a program that shows what went wrong."""
    rng = random.Random(seed)
    kind = rng.choice(["program", "program", "parameters", "training"])
    original = _written(kind, seed % 50)
    damages = [rng.choice(DAMAGES) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    seeds = [rng.random() for _ in damages]

    def damaged(chosen: list[int]) -> bytes:
        content = original
        for index in chosen:
            content = damages[index](content, random.Random(seeds[index]))
        return content

    chosen = list(range(len(damages)))
    failure = wrong(kind, damaged(chosen), original)
    if failure is None:
        return None
    for index in range(len(damages)):  # minimised: without the damages that it does not take
        fewer = [i for i in chosen if i != index]
        if wrong(kind, damaged(fewer), original) is not None:
            chosen = fewer
    failure = wrong(kind, damaged(chosen), original) or failure
    content = damaged(chosen)
    shown = repr(content) if len(content) < 800 else f"damaged_files.content({seed})"
    return (
        "from tests.fuzz import damaged_files\n"
        f"content = {shown}\n"
        f"print(damaged_files.wrong({kind!r}, content))  # {failure}\n"
    )


def content(seed: int) -> bytes:
    """The content that a case loads, with all of its damages."""
    rng = random.Random(seed)
    found = _written(rng.choice(["program", "program", "parameters", "training"]), seed % 50)
    damages = [rng.choice(DAMAGES) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    for damage, own in zip(damages, [rng.random() for _ in damages], strict=True):
        found = damage(found, random.Random(own))
    return found


def wrong(kind: str, content: bytes, original: bytes = b"") -> str | None:
    """What is wrong with how a file of this content is dealt with; None if nothing is."""
    import builtins

    builtins.HARM = []  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.json"
        path.write_bytes(content)
        try:
            with _limited(SECONDS):
                _load(kind, path, content, original)
        except _TooLongError:
            return f"took more than {SECONDS} s"
        except ValueError as error:
            message = str(error)
            if not message.startswith((str(path), "program")) or len(message) > 2000:
                return f"a message that is none of the library's: {message:.100}"
        except BaseException as error:
            return f"{type(error).__name__}: {error!s:.200}"
    if builtins.HARM:  # type: ignore[attr-defined]
        return "what is in the file was executed"
    return None


def _load(kind: str, path: Path, content: bytes, original: bytes) -> None:
    """Loads a file and uses it, and raises what is wrong; a ValueError means that it is refused."""
    if kind == "program":
        program = autograd.load_program(path)
        json.loads(content, object_pairs_hook=_without_keys_twice)
        numbers = [0.5] * len(program.inputs)
        try:
            first = program(*numbers)
        except ValueError as error:  # such as of what is too large
            raise ValueError(f"program: {error}") from None
        _require_numbers(first)
        program.save(path)
        again = autograd.load_program(path)
        assert repr(again(*numbers)) == repr(first), "saved and loaded it is another program"
        if json.loads(content) == json.loads(original or content):
            fresh = path.with_name("original.json")
            fresh.write_bytes(original or content)
            assert repr(autograd.load_program(fresh)(*numbers)) == repr(first)
        return
    run = parts(KIND, 5)
    if kind == "parameters":
        run = {"model": run["model"]}
    before = {name: json.dumps(part.state_dict()) for name, part in run.items()}
    try:
        nn.load(path, **run)
    except BaseException:
        after = {name: json.dumps(part.state_dict()) for name, part in run.items()}
        assert after == before, "it was refused, and something was changed"
        raise
    states = json.loads(content, object_pairs_hook=_without_keys_twice)["parts"]
    for name, part in run.items():
        loaded = json.loads(json.dumps(part.state_dict()))
        assert _equal(loaded, states[name]), f"{name} is not what the file says"
    if kind == "training" and all(map(math.isfinite, _numbers_of(run))):
        # The numbers are those of the file, and may be too large to train on.
        with contextlib.suppress(ValueError, OverflowError, RuntimeWarning):
            nn.fit(
                run["model"], run["batches"], nn.hinge, run["optimiser"], max_steps=1,
                history=run["history"], compiled=False, progress=False,
            )  # fmt: skip


def _equal(one: Any, other: Any) -> bool:
    """Whether two documents are equal, as numbers and not as text; a nan is equal to one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    try:
        one, other = (float(x) if type(x) in (int, float) else x for x in (one, other))
    except OverflowError:
        return False
    return bool(one == other or (one != one and other != other))


def _without_keys_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), "a key that is there twice was not refused"
    return dict(pairs)


def _numbers_of(run: dict[str, Any]) -> list[float]:
    return [parameter.data for parameter in run["model"].parameters()]


def _require_numbers(result: Any) -> None:
    """Raises unless a result of a program is numbers in tuples."""
    if isinstance(result, tuple):
        for entry in result:
            _require_numbers(entry)
    else:
        assert type(result) is float, f"the result is {result!r}"


class _TooLongError(BaseException):
    pass


class _limited:  # noqa: N801 - used like a function
    """Ends what takes too long, where there are signals."""

    def __init__(self, seconds: float) -> None:
        main = threading.current_thread() is threading.main_thread()
        self._seconds = seconds if hasattr(signal, "SIGPROF") and main else 0

    def __enter__(self) -> None:
        if self._seconds:
            self._before = signal.signal(signal.SIGPROF, self._end)
            signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def __exit__(self, *_: object) -> None:
        if self._seconds:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before)

    @staticmethod
    def _end(*_: object) -> None:
        raise _TooLongError


@cache
def _written(kind: str, seed: int) -> bytes:
    """A file as the library writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.json"
        if kind == "program":
            rng = random.Random(seed)
            graph = small_graph(rng)
            program = autograd.compile(function_of(graph), len(graph.inputs))
            program.save(path)
            return path.read_bytes()
        run = parts(KIND, seed % 3)
        if kind == "parameters":
            nn.save(path, model=run["model"])
        else:
            train(KIND, run)
            nn.save(path, **run)
        return path.read_bytes()


# --- Damages --------------------------------------------------------------------------------------

Damage = Callable[[bytes, random.Random], bytes]


def flipped_bits(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 8]) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def without_a_part(content: bytes, rng: random.Random) -> bytes:
    low, high = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return content[:low] + content[high:]


def with_a_part_twice(content: bytes, rng: random.Random) -> bytes:
    low, high = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    return content[:high] + content[low:high] + content[high:]


def bytes_between(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content) + 1)
    between = rng.choice([b"\x00", b"\xff\xfe", b"null", b"[" * 50_000, b"{}", b"9" * 5_000, b'"'])
    return content[:place] + between + content[place:]


def key_twice(content: bytes, rng: random.Random) -> bytes:
    """A key of some dictionary a second time, with another value."""
    places = [i for i in range(len(content)) if content[i : i + 2] == b'{"']
    if not places:
        return content
    place = rng.choice(places) + 1
    end = content.find(b'"', place + 1) + 1
    value = rng.choice([b"1", b"null", b"[]", b'"x"'])
    return content[:place] + content[place:end] + b":" + value + b"," + content[place:]


def another_entry(content: bytes, rng: random.Random) -> bytes:
    """Something else, of any kind and size, in place of an entry of the document."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content
    places = list(_places(document))
    if not places:
        return content
    container, key = rng.choice(places)
    container[key] = rng.choice(ENTRIES)(rng)
    return _document(document, rng)


def two_entries_exchanged(content: bytes, rng: random.Random) -> bytes:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return content
    places = list(_places(document))
    if not places:
        return content
    (one, first), (other, second) = rng.choice(places), rng.choice(places)
    copies = json.dumps(one[first]), json.dumps(other[second])
    one[first] = json.loads(copies[1])
    if other is not one or first != second:
        try:
            other[second] = json.loads(copies[0])
        except (IndexError, KeyError):
            return content
    return _document(document, rng)


def another_operation(content: bytes, rng: random.Random) -> bytes:
    """Another operation of the table in an entry of a program, or more or fewer operands."""
    try:
        entries = json.loads(content)["entries"]
        entry = rng.choice(entries)
    except (ValueError, RecursionError, LookupError, TypeError):
        return content
    if type(entry) is not list or len(entry) < 2:
        return content
    operands = entry[1]
    if rng.random() < 0.5:
        entry[0] = rng.choice(list(TABLE))
    elif isinstance(operands, list):
        entry[1] = rng.choice([operands[1:], operands[:-1], operands * 2, [*operands, 0]])
    return _document(json.loads(content) | {"entries": entries}, rng)


def _document(document: Any, rng: random.Random) -> bytes:
    """The document as a file, often with the checksum of what is in it now."""
    if isinstance(document, dict) and "sha256" in document and rng.random() < 0.8:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            document["sha256"] = _digest(_text(document["parts"]))
    return json.dumps(document).encode()


def _places(document: Any) -> Any:
    """All entries of a document, as pairs of a container and a key."""
    if isinstance(document, dict):
        pairs = list(document.items())
    elif isinstance(document, list):
        pairs = list(enumerate(document))
    else:
        return
    for key, entry in pairs:
        yield document, key
        yield from _places(entry)


def _nested(depth: int) -> Any:
    found: Any = 1
    for _ in range(depth):
        found = [found]
    return found


ENTRIES: list[Callable[[random.Random], Any]] = [
    lambda rng: None,
    lambda rng: rng.choice([True, False]),
    lambda rng: rng.choice([0, -1, 1, 2, 3, 7, 2**31, 2**63, -(2**63), 10**400]),
    lambda rng: rng.choice([0.5, -0.0, 1e308, 1e-320, math.inf, -math.inf, math.nan]),
    lambda rng: rng.choice(["", "x", "0x1p+0", "inf", "nan", "0x1p+99999", "é" * 10, HOSTILE]),
    lambda rng: rng.choice(["add", "sum", "dot", "exp", "numpy", "prod", "MT19937", "Adam"]),
    lambda rng: "x" * rng.choice([1000, LARGEST]),
    lambda rng: [],
    lambda rng: {},
    lambda rng: [0] * rng.choice([1, 10, 1000, 100_000]),
    lambda rng: ["0x1p+0"] * rng.choice([2, 300, 100_000]),
    lambda rng: _nested(rng.choice([1, 20, 500])),
    lambda rng: {"__class__": "os.system", "numbers": HOSTILE},
    lambda rng: {f"k{i}": i for i in range(rng.choice([1, 10, 10_000]))},
    lambda rng: ["sum", [rng.randrange(3) for _ in range(100_000)], [], ""],
    lambda rng: [["prod", [0] * 200, [], ""]] * 300,
]

DAMAGES: list[Damage] = [
    flipped_bits,
    cut,
    without_a_part,
    with_a_part_twice,
    bytes_between,
    key_twice,
    another_entry,
    another_entry,
    another_entry,
    two_entries_exchanged,
    another_operation,
    another_operation,
]
