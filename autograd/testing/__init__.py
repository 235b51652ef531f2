"""Gradient checking: is a derivative right, and if not, where and whose fault is it?

`check_gradient` is one line of any test. The strategies need Hypothesis and the best reference
needs mpmath: `pip install hypothesis mpmath`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from autograd.testing.check import check_gradient, gradient_report
from autograd.testing.comparing import compare
from autograd.testing.disagreements import Comparison, Disagreement
from autograd.testing.report import (
    ArraySummary,
    Blame,
    GradientError,
    GradientReport,
    Kink,
    Partial,
)
from autograd.testing.vjp import check_vjp, vjp_report

if TYPE_CHECKING:
    from autograd.testing.expression import Expression
    from autograd.testing.properties import OperationError, check_operation, gradient_property
    from autograd.testing.strategies import expressions, floats_in, networks, values

__all__ = [
    "ArraySummary",
    "Blame",
    "Comparison",
    "Disagreement",
    "Expression",
    "GradientError",
    "GradientReport",
    "Kink",
    "OperationError",
    "Partial",
    "check_gradient",
    "check_operation",
    "check_vjp",
    "compare",
    "expressions",
    "floats_in",
    "gradient_property",
    "gradient_report",
    "networks",
    "values",
    "vjp_report",
]

_LATER = {  # imported when they are first used, as they need Hypothesis
    "Expression": "expression",
    "OperationError": "properties",
    "check_operation": "properties",
    "gradient_property": "properties",
    "expressions": "strategies",
    "floats_in": "strategies",
    "networks": "strategies",
    "values": "strategies",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in ("hypothesis", "mpmath"):
            raise ImportError(
                f"autograd.testing.{name} needs {error.name}: pip install hypothesis mpmath"
            ) from error
        raise
