"""The operations of the derivative table as public functions and as methods of `Value`.

What this module holds is made at import by a loop over the table; `functions.pyi` lists it for
type checkers and editors, and is made from the same table by `python -m autograd.stubs`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.table.rules  # noqa: F401 - fills the table
from autograd.eager import function_of, operators_of
from autograd.operators import Operators
from autograd.table import TABLE, Operation
from autograd.value import Value


def publish(operation: Operation) -> Callable[..., Any]:
    """Makes the function of an operation and, where it has them, its methods."""
    if operation.is_operator:
        for name, method in operators_of(operation, Value).items():
            setattr(Operators, name, method)
    function = function_of(operation, Value)
    for name in operation.methods:
        setattr(Operators, name, function)
    return function


__all__ = [name for name, operation in TABLE.items() if operation.is_function]
globals().update({name: publish(operation) for name, operation in TABLE.items()})
