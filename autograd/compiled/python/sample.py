"""A tape on one sample: as source, as a function, and as what never raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd.compiled.lowering import Lowered, TooLargeError
from autograd.compiled.python import text
from autograd.compiled.tape import Tape

SMALL = 2_000  # operations; with fewer a program is always run as source


class Sample:
    """Runs a tape on plain floats.

    Args:
        tape: The program.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    @property
    def lowered(self) -> Lowered:
        """The tape as elementary steps; whether there are too many is found out once."""
        if isinstance(self._lowered, str):
            raise TooLargeError(self._lowered)
        return self._lowered

    @cached_property
    def _lowered(self) -> Lowered | str:
        try:
            return Lowered(self.tape)
        except TooLargeError as error:
            return str(error)

    @cached_property
    def source(self) -> str:
        """The forward and the reverse pass as Python."""
        return text.plain_source(self.lowered)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The source as a function; what runs a tape that is too large for source."""
        try:
            function: Callable[..., Any] = text.plain_function(self.source)
        except TooLargeError:
            function = self._runner
        return function

    @cached_property
    def _runner(self) -> Callable[..., Any]:
        """What runs a large tape."""
        from autograd.compiled.large.choice import runner

        return runner(self.tape)

    @cached_property
    def _run(self) -> Callable[..., Any]:
        """What `at` calls: the faster of the two, which give the same bits."""
        if len(self.tape.entries) >= SMALL:
            from autograd.compiled.large.choice import is_large

            if is_large(self.tape):
                return self._runner
        return self.function

    @cached_property
    def _guarded(self) -> Callable[..., Any]:
        """The function in steps that never raise."""
        function: Callable[..., Any] = text.guarded_function(self.lowered)
        return function

    def at(self, numbers: Sequence[float]) -> Any:
        """The outputs and their gradients."""
        try:
            value, gradients = self._run(*numbers)
        except (ArithmeticError, ValueError):  # what IEEE 754 says instead
            value, gradients = self._guarded(*numbers)
        if not self.tape.single:
            return value, tuple(_without_negative_zeros(each) for each in gradients)
        return value, _without_negative_zeros(gradients) if 0.0 in gradients else gradients


def _without_negative_zeros(gradients: tuple[float, ...]) -> tuple[float, ...]:
    """The gradients with 0 for -0, as sums that start from 0 have it."""
    return tuple([gradient + 0.0 for gradient in gradients])
