"""A scalar autograd engine that one can see through."""

import builtins
import importlib
import importlib.machinery
from typing import TYPE_CHECKING, Any

if importlib.machinery.PathFinder.find_spec("tracer", [__file__.rpartition("__init__")[0]]):
    raise ImportError(
        "two packages of the name autograd were unpacked into one folder, chainrule's and that of "
        "HIPS; uninstall both, and install each into an environment of its own"
    )

from autograd import functions as _functions
from autograd.value import Value

if TYPE_CHECKING:  # at run time `__getattr__` finds them
    from autograd.compiled import Program, load_program
    from autograd.compiled import compile as compile
    from autograd.composed import softmax
    from autograd.drawing import Drawing, draw
    from autograd.errors import AnomalyError, IndependentWarning
    from autograd.explaining import Explanation, explain
    from autograd.extension import operation
    from autograd.functions import *  # noqa: F403 - whatever the derivative table has
    from autograd.graph.anomaly import detect_anomaly
    from autograd.transforms import grad, gradients, hessian, hvp, jacobian, jvp, value_and_grad
    from autograd.transforms import vjp as vjp

__version__ = "0.1.0"

__all__ = ["AnomalyError", "Drawing", "Explanation", "IndependentWarning", "Program", "Value"]
__all__ += ["detect_anomaly", "draw", "explain", "load_program", "operation", "softmax"]
__all__ += ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]
# `from autograd import *` leaves Python's own `sum`, `abs`, `compile` as they are.
__all__ += [name for name in _functions.__all__ if not hasattr(builtins, name)]

# Where each name is that is imported when it is first used.
_HOMES = {
    "compiled": ("Program", "compile", "load_program"),
    "composed": ("softmax",),
    "drawing": ("Drawing", "draw"),
    "errors": ("AnomalyError", "IndependentWarning"),
    "explaining": ("Explanation", "explain"),
    "extension": ("operation",),
    "functions": tuple(_functions.__all__),
    "graph.anomaly": ("detect_anomaly",),
    "page": (),
    "testing": (),
    "transforms": (
        *("grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"),
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name or a room, imported when it is first used and from then on simply there."""
    if name in _HOME_OF:
        found = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = found
        return found
    if name in _HOMES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF, *_HOMES} - {"graph.anomaly"})
