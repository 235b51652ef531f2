"""The operators and methods of `Value` that come from the derivative table.

`functions.py` fills the class, row by row, with promises of methods, which are generated when they
are first looked up. `operators.pyi` lists them for type checkers and editors, and is made from the
same table by `python -m autograd.stubs`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.graph.node import Node


class Operators(Node):
    """The base of `Value`: whatever a row of the table makes a method."""

    __slots__ = ()


class Promised:
    """A method until it is first looked up: then it is made, and takes this one's place.

    Args:
        name: What the method is called.
        make: What puts the method, and whatever comes of the same row, into `Operators`.
    """

    def __init__(self, name: str, make: Callable[[], object]) -> None:
        self.name = name
        self.make = make

    def __get__(self, node: Node | None, kind: type[Node]) -> Any:
        self.make()
        return vars(Operators)[self.name].__get__(node, kind)
