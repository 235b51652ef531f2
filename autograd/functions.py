"""The operations of the derivative table as public functions and as methods of `Value`.

A function is generated when it is first looked up, here, in `autograd` or as a method, and is from
then on simply there. `functions.pyi` lists them all for type checkers and editors, and is made from
the table by `python -m autograd.stubs`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import autograd.table.rules  # noqa: F401 - fills the table
from autograd.operators import Operators, Promised
from autograd.table import TABLE, Operation
from autograd.value import Value

__all__ = [name for name, operation in TABLE.items() if operation.is_function]
_one_at_a_time = threading.RLock()  # so that each function is made once


def __getattr__(name: str) -> Any:
    """The function of an operation, made when it is first looked up."""
    if name not in TABLE:
        raise AttributeError(f"module 'autograd.functions' has no attribute {name!r}")
    with _one_at_a_time:
        if name not in globals():
            globals()[name] = publish(TABLE[name])
        return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *TABLE})


def publish(operation: Operation) -> Callable[..., Any]:
    """Makes the function of an operation and, where it has them, its methods."""
    from autograd.eager import function_of, operators_of  # imports what writes source text

    function = function_of(operation, Value)
    methods = operators_of(operation, Value) if operation.is_operator else {}
    for name in methods_of(operation):
        setattr(Operators, name, methods.get(name, function))
    return function


def methods_of(operation: Operation) -> list[str]:
    """The names of the methods that an operation gives to `Value`."""
    name = operation.name
    special = [f"__{name}__", f"__r{name}__"][: len(operation.arguments)]
    return [*special, *operation.methods] if operation.is_operator else [*operation.methods]


for _operation in TABLE.values():
    for _method in methods_of(_operation):
        setattr(Operators, _method, Promised(_method, partial(__getattr__, _operation.name)))
