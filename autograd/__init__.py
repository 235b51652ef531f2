"""A scalar autograd engine that one can see through."""

import builtins

from autograd.backward import gradients
from autograd.composed import softmax
from autograd.drawing import Drawing, draw
from autograd.extension import operation
from autograd.functions import *  # noqa: F403 - whatever the derivative table has
from autograd.functions import __all__ as _functions
from autograd.value import Value

__version__ = "0.1.0"

# `from autograd import *` leaves Python's own `sum` and `abs` as they are; autograd.sum is there.
__all__ = [
    *("Drawing", "Value", "draw", "gradients", "operation", "softmax"),
    *(name for name in _functions if not hasattr(builtins, name)),
]
