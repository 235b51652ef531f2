"""The native back end: programs as machine code, made by LLVM where `llvmlite` is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiled.native.compiler import is_available
from autograd.compiled.tape import Tape


def back_end(tape: Tape) -> Callable[..., Any]:
    """The tape as a function of numbers and arrays; where there is no LLVM, NumPy's."""
    from autograd.compiled.numpy import OnArrays
    from autograd.compiled.python.sample import Sample

    return OnArrays(Sample(tape), native=is_available(asked=True))
