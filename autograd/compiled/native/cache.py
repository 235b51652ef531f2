"""Machine code that is kept on disk, in the user's folder for caches."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import warnings
from pathlib import Path

from autograd.files import write_whole

MOST = 1000  # files; beyond that the oldest go
_told: set[str] = set()


def folder() -> Path:
    """Where machine code is kept."""
    if sys.platform == "darwin":
        base = Path("~/Library/Caches").expanduser()
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path("~/AppData/Local").expanduser())
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return base / "chainrule"


def key(*parts: str) -> str:
    """The name of what was made of these texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def read(name: str) -> bytes | None:
    """What is kept under a name; None if that is nothing, or no longer what was written."""
    try:
        content = (folder() / f"{name}.o").read_bytes()
    except OSError:
        return None
    digest, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == digest else None


def write(name: str, code: bytes) -> None:
    """Keeps something under a name. Where that cannot be done, a warning says it, once."""
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / f"{name}.o", hashlib.sha256(code).digest() + code)
        _tidy(place)
    except OSError as error:
        if str(place) not in _told:
            _told.add(str(place))
            warnings.warn(
                f"program: machine code cannot be kept in {str(place)!r} ({error.strerror}), so it "
                "is made again in every process; set XDG_CACHE_HOME to a folder that can be "
                "written",
                RuntimeWarning,
                stacklevel=2,
            )


def _tidy(place: Path) -> None:
    """Removes the oldest files where there are too many."""
    with contextlib.suppress(OSError):
        files = list(place.glob("*.o"))
        if len(files) > MOST:
            files.sort(key=lambda file: file.stat().st_mtime)
            for file in files[: MOST // 2]:
                file.unlink(missing_ok=True)
