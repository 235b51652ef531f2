"""The operators and methods of `Value` that come from the derivative table.

`functions.py` fills the class at import, row by row; `operators.pyi` lists what it then has for
type checkers and editors, and is made from the same table by `python -m autograd.stubs`.
"""

from __future__ import annotations

from autograd.graph.node import Node


class Operators(Node):
    """The base of `Value`: whatever a row of the table makes a method."""

    __slots__ = ()
