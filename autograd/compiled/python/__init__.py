"""The back end for one sample of plain floats: Python source, or what runs longer tapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arguments import number
from autograd.compiled.back_ends import require_count
from autograd.compiled.python.sample import Sample
from autograd.compiled.tape import Tape


def back_end(tape: Tape) -> Callable[..., Any]:
    """The tape as a function of numbers."""
    sample = Sample(tape)

    def program(*arguments: Any) -> Any:
        require_count(tape, len(arguments))
        return sample.at([number(argument, "program") for argument in arguments])

    return program
