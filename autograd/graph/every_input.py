"""Whether a function is recorded for every input at once, and what is refused meanwhile.

While it is recorded, its inputs have no numbers: there is nothing to branch on, and none to read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _State(threading.local):
    """Whether this thread records a function now."""

    active = False


_state = _State()


def active() -> bool:
    """Whether this thread records a function now."""
    return _state.active


@contextmanager
def recording() -> Iterator[None]:
    """What is computed in the block is recorded for every input."""
    before = active()
    _state.active = True
    try:
        yield
    finally:
        _state.active = before


def refuse_to_branch() -> None:
    """Raises, as a branch that is taken for one input may be wrong for another."""
    raise TypeError(
        "a function that is compiled is recorded once for every input, so it cannot branch with "
        "`if`, `and`, `not`, `max` or the like on a Value; write autograd.where(x > 0, a, b), "
        "autograd.maximum(a, b) or autograd.clip(x, low, high)"
    )


def refuse_to_read() -> None:
    """Raises, as a number that is read while recording would be a constant of the program."""
    raise TypeError(
        "a function that is compiled is recorded once for every input, so a Value has no number "
        "yet and its .data cannot be read; compute with the Value itself, or with "
        "autograd.stop_gradient(value), which has no gradient"
    )
