"""A scalar autograd engine that one can see through."""

import builtins
from pathlib import Path

if (Path(__file__).parent / "tracer.py").exists():
    raise ImportError(
        "two packages of the name autograd were unpacked into one folder, chainrule's and that of "
        "HIPS; uninstall both, and install each into an environment of its own"
    )

from autograd.compiled import Program, load_program
from autograd.compiled import compile as compile
from autograd.composed import softmax
from autograd.drawing import Drawing, draw
from autograd.errors import AnomalyError, IndependentWarning
from autograd.explaining import Explanation, explain
from autograd.extension import operation
from autograd.functions import *  # noqa: F403 - whatever the derivative table has
from autograd.functions import __all__ as _functions
from autograd.graph.anomaly import detect_anomaly
from autograd.transforms import grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.value import Value

__version__ = "0.1.0"

__all__ = ["AnomalyError", "Drawing", "Explanation", "IndependentWarning", "Program", "Value"]
__all__ += ["detect_anomaly", "draw", "explain", "load_program", "operation", "softmax"]
__all__ += ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]
# `from autograd import *` leaves Python's own `sum`, `abs`, `compile` as they are.
__all__ += [name for name in _functions if not hasattr(builtins, name)]
