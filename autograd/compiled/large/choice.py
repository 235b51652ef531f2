"""Whether a program is too large for source, and what runs it then: machine code or NumPy."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from autograd.compiled.native import interpreted
from autograd.compiled.native.compiler import is_available
from autograd.compiled.steps import TooLargeError
from autograd.compiled.tape import Tape

# Operations from which on a program is run in levels by NumPy. Source is run faster, but Python's
# compiler takes some 0.1 ms for each operation.
LARGE = 20_000


def is_large(tape: Tape) -> bool:
    """Whether a program of some thousand operations is better not run as source."""
    if len(tape.entries) >= LARGE:
        return True
    return interpreted.takes(tape) and is_available(asked=False)


def runner(tape: Tape) -> Callable[..., Any]:
    """The program as a function of numbers that never raises."""
    if interpreted.takes(tape) and is_available(asked=False):
        with contextlib.suppress(TooLargeError):  # the formula of a single operation
            return interpreted.Interpreter(tape)
    from autograd.compiled.large.sweep import Sweep

    return Sweep(tape)
