"""Files that are written whole or not at all, and JSON that is read strictly."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
import sys
import uuid
import zlib
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

if sys.platform != "win32":
    import fcntl

_REMEDIES = {
    errno.ENOENT: "make its folder first",
    errno.EACCES: "the file, if there is one, and its folder must be writable",
}


class RepeatedKeyError(ValueError):
    """A key occurs twice in one object of a JSON text, which has no meaning then."""


def read_json(text: str | bytes) -> Any:
    """What a JSON text says.

    Raises:
        RepeatedKeyError: If a key occurs twice in one object; `json.loads` would take the last.
        ValueError: If it is no JSON.
        RecursionError: If it is nested too deeply.

    Example:
        >>> from autograd.files import read_json
        >>> read_json('{"w": 1.5}')
        {'w': 1.5}
    """
    return json.loads(text, object_pairs_hook=_without_repeats)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise RepeatedKeyError(f"the key {key!r:.60} occurs twice")
            seen.add(key)
    return found


def write_whole(path: str | PathLike[str], content: bytes) -> None:
    """Writes a file that is there as a whole or, if that fails, as it was before.

    It is written beside its place and then put there. A link stays a link, to what is written, and
    a file that is replaced keeps its permissions. What earlier writers of that file left beside it,
    as they were killed, is cleared, except on Windows.

    Args:
        path: Where to write it.
        content: What will be in it.

    Raises:
        TypeError: If that is no path.
        ValueError: If something else than a file is there, or no file can be.
        OSError: If it cannot be written: there is no such folder, no permission, no space.

    Example:
        >>> import tempfile
        >>> from autograd.files import write_whole
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(f"{folder}/notes.txt", b"dy/dx")
        ...     open(f"{folder}/notes.txt").read()
        'dy/dx'
    """
    path = checked_path(path)
    try:
        _replace(path, content)
    except OSError as error:  # it may speak of the file beside, which the user has never seen
        raise _failure(error.errno, error.strerror or str(error), path) from None


def checked_path(
    given: str | PathLike[str], receiver: str = "save", example: str = "run.json"
) -> str:
    """The path as text, of a file that can be in its folder; checked before there is any work.

    Args:
        given: The path.
        receiver: Who takes it, for messages.
        example: A path that is right.

    Raises:
        TypeError: If it is no path.
        ValueError: If it holds the character of number 0, which no file's name has.
        FileNotFoundError: If its folder is not there.
    """
    if not isinstance(given, str | PathLike):
        raise TypeError(f"{receiver}: expected a path, such as {example!r}, got {given!r:.60}")
    path = os.fspath(given)
    if "\0" in path:
        raise ValueError(f"{receiver}: no path holds the character \\0, got {path!r:.60}")
    if not Path(path).parent.exists():
        raise _failure(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return path


def _failure(number: int | None, reason: str, path: str) -> OSError:
    """What is raised of a path, with the remedy where there is one."""
    remedy = _REMEDIES.get(number) if number is not None else None
    return OSError(number, f"{reason}; {remedy}" if remedy else reason, path)


def _replace(path: str, content: bytes) -> None:
    target = Path(path)
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    before = _status(target)
    if before and not stat.S_ISREG(before.st_mode):
        raise ValueError(f"save: {path!r} is not a file; give the path of one")
    if before and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    _clear(target)
    with _beside(target) as (temporary, file):
        if before:  # first, before there is anything in it that others may not read
            _take_over(temporary, before)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if sys.platform == "win32":  # which moves no open file
            file.close()
        temporary.replace(target)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside another, locked as long as it is written; it is gone if that fails."""
    while True:
        temporary = target.with_name(f"{_mark(target)}{uuid.uuid4().hex}.tmp")
        try:
            with temporary.open("xb") as file:
                if _is_locked(file.fileno()) and os.fstat(file.fileno()).st_nlink == 0:
                    continue  # another writer took it for left, before it was locked
                yield temporary, file
            return
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise


def _clear(target: Path) -> None:
    """Removes what writers of a file left beside it, as they were killed.

    A writer holds a lock on what it writes, and the system releases it when the writer ends. So
    what others are writing at this time stays, also if they run on the same folder elsewhere.
    """
    if sys.platform == "win32":
        return
    left = re.compile(re.escape(_mark(target)) + r"[0-9a-f]{32}\.tmp")
    with contextlib.suppress(OSError):
        for entry in target.parent.iterdir():
            if left.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    _remove_unless_locked(entry)


def _remove_unless_locked(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if stat.S_ISREG(os.fstat(handle).st_mode) and _is_locked(handle, wait=False):
            path.unlink()
    finally:
        os.close(handle)


def _is_locked(handle: int, wait: bool = True) -> bool:
    """Locks an open file, and returns whether it is; some file systems have no locks."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _mark(target: Path) -> str:
    """How the names of the files begin that are written beside a file of that name."""
    return f".{zlib.crc32(os.fsencode(target.name)):08x}."


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _take_over(path: Path, before: os.stat_result) -> None:
    """Gives a file the permissions that another has, and if that is allowed its owner."""
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(path, before.st_uid, before.st_gid)
    path.chmod(stat.S_IMODE(before.st_mode))
