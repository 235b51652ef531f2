"""States as files: JSON that holds numbers and names, never code."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

FORMAT, VERSION = "chainrule state", 1


class Stateful(Protocol):
    """What can be saved: modules, optimisers, `Batches`, histories."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


def save(path: str | PathLike[str], **parts: Stateful) -> None:
    """Writes the states of the parts to a file, for `load`.

    The file is there as a whole or, if writing fails, as it was before: it is written beside its
    place and then put there. Floats come back exactly.

    Args:
        path: Where to write it.
        **parts: What to save, each under a name: `model=model, optimiser=optimiser`.

    Raises:
        TypeError: If there is no part, or one has no state.
        ValueError: If the path is of something else than a file.
        OSError: If it cannot be written.

    Example:
        >>> import tempfile, nn
        >>> model = nn.MLP(2, [3, 1], rng=0)
        >>> optimiser = nn.Adam(model.parameters())
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     nn.save(f"{folder}/run.json", model=model, optimiser=optimiser)
        ...     twin = nn.MLP(2, [3, 1])
        ...     nn.load(f"{folder}/run.json", model=twin)
        >>> twin.weights() == model.weights()
        True
    """
    _check_parts("save", parts)
    states = {name: part.state_dict() for name, part in parts.items()}
    content = _text(states)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "sha256": _digest(content),
        "parts": states,
    }
    _replace(Path(os.path.realpath(path)), json.dumps(document) + "\n")


def load(path: str | PathLike[str], **parts: Stateful) -> None:
    """Puts parts into the states that `save` wrote: all of them or, if one does not fit, none.

    Args:
        path: The file.
        **parts: What to load, under the names under which they were saved.

    Raises:
        TypeError: If there is no part, or one cannot take a state.
        ValueError: If the file is damaged or none of `save`, it has no part of that name, or a
            state does not fit.
        OSError: If it cannot be read.
    """
    _check_parts("load", parts)
    states = _read(path)
    for name in parts:
        if name not in states:
            raise ValueError(f"{path} has no part {name!r}; it has {', '.join(states)}")
    before = {name: part.state_dict() for name, part in parts.items()}
    try:
        for name, part in parts.items():
            part.load_state_dict(states[name])
    except BaseException as error:
        for name, part in parts.items():
            part.load_state_dict(before[name])
        if isinstance(error, ValueError | TypeError):
            raise ValueError(f"{path} does not fit: {error}") from None
        raise


def _check_parts(name: str, parts: dict[str, Stateful]) -> None:
    if not parts:
        raise TypeError(f"{name}: there is nothing to {name}; write nn.{name}(path, model=model)")
    for key, part in parts.items():
        if not hasattr(part, "state_dict") or not hasattr(part, "load_state_dict"):
            raise TypeError(f"{name}: {key} has no state_dict, got {part!r:.60}")


def _text(states: dict[str, Any]) -> str:
    return json.dumps(states, sort_keys=True, separators=(",", ":"))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _replace(path: Path, text: str) -> None:
    """Puts a file with that text in place of what is there."""
    if path.exists() and not path.is_file():
        raise ValueError(f"save: {path} is not a file; give the path of one")
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with beside.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _read(path: str | PathLike[str]) -> dict[str, Any]:
    """The states in a file.

    Raises:
        ValueError: If it is not as `save` wrote it.
    """
    try:
        document = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError):
        raise ValueError(f"{path} is not a saved state: it is not JSON as nn.save writes") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} is not a saved state: it does not say that it is one")
    if document.get("version") != VERSION:
        raise ValueError(
            f"{path} has version {document.get('version')!r}, and this chainrule reads {VERSION}"
        )
    states = document.get("parts")
    if not isinstance(states, dict) or document.get("sha256") != _digest(_text(states)):
        raise ValueError(f"{path} is damaged: its content is not what was saved")
    return states
