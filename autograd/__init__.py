"""A scalar autograd engine that one can see through."""

from autograd.backward import gradients
from autograd.composed import softmax
from autograd.drawing import draw
from autograd.functions import *  # noqa: F403 - whatever the derivative table has
from autograd.functions import __all__ as _functions
from autograd.value import Value

__all__ = ["Value", "draw", "gradients", "softmax", *_functions]
