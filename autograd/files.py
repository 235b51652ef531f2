"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import uuid
from os import PathLike
from pathlib import Path

_REMEDIES = {
    errno.ENOENT: "make its folder first",
    errno.EACCES: "the file, if there is one, and its folder must be writable",
}


def write_whole(path: str | PathLike[str], content: bytes) -> None:
    """Writes a file that is there as a whole or, if that fails, as it was before.

    It is written beside its place and then put there. A link stays a link, to what is written, and
    a file that is replaced keeps its permissions.

    Args:
        path: Where to write it.
        content: What will be in it.

    Raises:
        TypeError: If that is no path.
        ValueError: If something else than a file is there.
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
        reason = error.strerror or str(error)
        if error.errno in _REMEDIES:
            reason += f"; {_REMEDIES[error.errno]}"
        raise OSError(error.errno, reason, path) from None


def checked_path(given: str | PathLike[str]) -> str:
    """The path as text.

    Raises:
        TypeError: If it is no path.
    """
    if not isinstance(given, str | PathLike):
        raise TypeError(f"save: expected a path, such as 'run.json', got {given!r:.60}")
    return os.fspath(given)


def _replace(path: str, content: bytes) -> None:
    target = Path(path)
    if target.is_symlink():
        target = Path(os.path.realpath(target))
    before = _status(target)
    if before and not stat.S_ISREG(before.st_mode):
        raise ValueError(f"save: {path!r} is not a file; give the path of one")
    if before and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    beside = target.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        with beside.open("xb") as file:
            if before:  # first, before there is anything in it that others may not read
                _take_over(beside, before)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


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
