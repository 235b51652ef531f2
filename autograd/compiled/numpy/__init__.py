"""The back end for NumPy arrays: blocks of lanes, run by code that `passes.py` makes."""

from __future__ import annotations

from typing import Any

from autograd.arguments import as_number
from autograd.compiled.back_ends import require_count
from autograd.compiled.numpy.batch import Batch, batch_of
from autograd.compiled.numpy.plans import Plans
from autograd.compiled.python.sample import Sample
from autograd.compiled.tape import Tape


def back_end(tape: Tape) -> OnArrays:
    """The tape as a function of numbers and arrays."""
    return OnArrays(Sample(tape))


class OnArrays:
    """A program on numbers and arrays of any shapes.

    Args:
        sample: The program on one sample.
        native: Whether they run as machine code; None where that is worth its start.
    """

    def __init__(self, sample: Sample, native: bool | None = False) -> None:
        self.plans = Plans(sample, native)
        self._sample = sample
        self.recent: Batch | None = None  # another thread may put its own in the place

    def __call__(self, *arguments: Any, executor: Any = None) -> Any:
        """The outputs and their gradients; see `Program.__call__`."""
        return self.at(arguments, executor)

    def at(self, arguments: tuple[Any, ...], executor: Any = None) -> Any:
        """The same, of arguments in a tuple."""
        batch = self.recent
        if batch is not None and batch.fits(arguments):
            return batch(arguments, executor)
        is_list = len(arguments) == 1 and isinstance(arguments[0], list | tuple)
        hint = "; write program(*arguments)" if is_list else ""
        require_count(self._sample.tape, len(arguments), hint)
        if not any(getattr(argument, "ndim", 0) for argument in arguments):
            numbers: list[Any] = [as_number(argument) for argument in arguments]
            if None not in numbers:
                return self._sample.at(numbers)
        batch, checked = batch_of(self.plans, arguments)
        self.recent = batch
        return batch(checked, executor)
