"""Saving and loading: states as files of JSON, which hold numbers and names and never code."""

from __future__ import annotations

import hashlib
import json
from os import PathLike
from pathlib import Path
from typing import Any, Never, Protocol

from autograd.files import RepeatedKeyError, read_json, write_whole

FORMAT, VERSION = "chainrule state", 1
SHOWN = 500  # letters of a message about what is in a file, which may be of any size


class Stateful(Protocol):
    """Anything with a state that can be saved: a module, an optimiser, `Batches`, a history."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


def save(path: str | PathLike[str], *unnamed: Never, **parts: Stateful) -> None:
    """Writes the states of some parts to a file, for `load`.

    The file is written whole or, if that fails, left as it was before: the new one is written under
    another name in the same folder, and then takes the place of the old one. Floats come back
    exactly.

    Args:
        path: The path of the file.
        *unnamed: Nothing; a part that is given without a name raises TypeError.
        **parts: The parts to save, each under a name: `model=model, optimiser=optimiser`.

    Raises:
        TypeError: If there is no path or no part, a part has no name or no state, or a state has
            something in it that JSON cannot hold.
        ValueError: If there is something else than a file at the path.
        OSError: If the file cannot be written.

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
    _check_arguments("save", path, unnamed, parts)
    states = {name: part.state_dict() for name, part in parts.items()}
    try:
        content = _text(states)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"save: a state may hold numbers, text, lists and dictionaries by text: {error}"
        ) from None
    document = {
        "format": FORMAT,
        "version": VERSION,
        "sha256": _digest(content),
        "parts": states,
    }
    write_whole(path, f"{json.dumps(document)}\n".encode())


def load(path: str | PathLike[str], *unnamed: Never, **parts: Stateful) -> None:
    """Puts parts into the states that `save` wrote: all of them or, if one does not fit, none.

    Args:
        path: The path of the file.
        *unnamed: Nothing; a part that is given without a name raises TypeError.
        **parts: The parts to load, each under the name under which it was saved.

    Raises:
        TypeError: If there is no path or no part, or a part has no name or cannot take a state.
        ValueError: If the file is damaged or was not written by `save`, it has no part of a given
            name, or a state does not fit its part.
        OSError: If the file cannot be read.

    Example:
        >>> import tempfile, nn
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     nn.save(f"{folder}/run.json", model=nn.MLP(2, [1], rng=0))
        ...     model = nn.MLP(2, [1])
        ...     nn.load(f"{folder}/run.json", model=model)
        >>> model.weights() == nn.MLP(2, [1], rng=0).weights()
        True
    """
    _check_arguments("load", path, unnamed, parts)
    states = _read(path)
    for name in parts:
        if name not in states:
            raise ValueError(f"{path} has no part {name!r}; it has {', '.join(states):.{SHOWN}}")
    before = {name: part.state_dict() for name, part in parts.items()}
    try:
        for name, part in parts.items():
            part.load_state_dict(states[name])
    except BaseException as error:
        for name, part in parts.items():
            part.load_state_dict(before[name])
        if isinstance(error, ValueError | TypeError):
            raise ValueError(f"{path} does not fit: {error!s:.{SHOWN}}") from None
        raise


def _check_arguments(
    name: str, path: Any, unnamed: tuple[Any, ...], parts: dict[str, Stateful]
) -> None:
    """Raises TypeError unless there are a path and at least one part, all with names and states."""
    remedy = f'write nn.{name}("run.json", model=model)'
    if not isinstance(path, str | PathLike):
        raise TypeError(f"{name}: expected a path first, got {path!r:.60}; {remedy}")
    if unnamed:
        raise TypeError(f"{name}: a part needs a name, {unnamed[0]!r:.60} has none; {remedy}")
    if not parts:
        raise TypeError(f"{name}: there is nothing to {name}; {remedy}")
    for key, part in parts.items():
        stateful = hasattr(part, "state_dict") and hasattr(part, "load_state_dict")
        if not stateful or isinstance(part, type):
            raise TypeError(f"{name}: {key} has no state_dict, got {part!r:.60}")


def _text(states: dict[str, Any]) -> str:
    return json.dumps(states, sort_keys=True, separators=(",", ":"))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _read(path: str | PathLike[str]) -> dict[str, Any]:
    """The states in a file, by the names of their parts.

    Raises:
        ValueError: If the file is not as `save` wrote it.
    """
    try:
        document = read_json(Path(path).read_bytes())
    except RepeatedKeyError as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{path} is not a saved state: it is not JSON as nn.save writes") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} is not a saved state: it does not say that it is one")
    version = document.get("version")
    if type(version) is not int or version != VERSION:  # True and 1.0 equal 1
        raise ValueError(f"{path} has version {version!r:.60}, and this chainrule reads {VERSION}")
    states = document.get("parts")
    if not isinstance(states, dict) or document.get("sha256") != _digest(_text(states)):
        raise ValueError(f"{path} is damaged: its content is not what was saved")
    return states
