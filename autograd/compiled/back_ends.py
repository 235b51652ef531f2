"""The seam between a program and what runs it: a back end makes a tape a callable.

A back end is a function of a `Tape`. It returns a function of one argument for each input of the
tape, whose results are those of a `Program`: the output and the tuple of its gradients. To add one
add a module and, if it is to be found by name, a line to `MODULES`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from autograd.compiled.tape import Tape
from autograd.errors import shown

BackEnd = Callable[[Tape], Callable[..., Any]]

# The module of each back end that has a name; its `back_end` is imported when it is asked for.
MODULES = {
    "python": "autograd.compiled.python",
    "numpy": "autograd.compiled.numpy",
    "native": "autograd.compiled.native",
}


def found(given: str | BackEnd) -> BackEnd:
    """A back end by its name, or itself.

    Raises:
        TypeError: If it is neither a name nor a function.
        ValueError: If there is none of that name.
    """
    if callable(given):
        return given
    if not isinstance(given, str):
        raise TypeError(
            f"program: expected the name of a back end or a function of a tape, got {shown(given)}"
        )
    if given not in MODULES:
        raise ValueError(
            f"program: there is no back end {given!r}; there are {', '.join(map(repr, MODULES))}, "
            "or give a function of a tape"
        )
    back_end: BackEnd = importlib.import_module(MODULES[given]).back_end
    return back_end


def require_count(tape: Tape, given: int, hint: str = "") -> None:
    """Raises a TypeError unless there are as many arguments as inputs."""
    if given != len(tape.inputs):
        raise TypeError(
            f"program: expected {len(tape.inputs)} arguments, one for each input, got {given}{hint}"
        )
