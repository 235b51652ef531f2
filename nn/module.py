"""`Module`: whatever has parameters."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from typing import Any

from autograd import Value


class Module:
    """The base of neurons, layers and networks.

    The parameters of a module are the parameter leaves among its attributes, and in the modules,
    lists, tuples, dictionaries and NumPy object arrays among them, in the order in which they were
    set.

    Example:
        >>> from autograd import Value
        >>> from nn import Module
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.offset = Value.parameter(2.0), Value.parameter(1.0)
        ...     def __call__(self, x):
        ...         return self.slope * x + self.offset
        >>> [name for name, parameter in Line().named_parameters()]
        ['slope', 'offset']
    """

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their names, such as "layers.1.neurons.0.weights.2".

        Returns:
            A pair for each parameter; a shared one once, under its first name.
        """
        found: dict[int, tuple[str, Value]] = {}
        for name, parameter in _walk("", self, set()):
            found.setdefault(id(parameter), (name, parameter))
        return list(found.values())

    def parameters(self) -> list[Value]:
        """The parameters, each once."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to zero."""
        for parameter in self.parameters():
            parameter.zero_grad()


def _walk(name: str, found: Any, above: set[int]) -> Iterator[tuple[str, Value]]:
    """All parameters below an attribute, with their names; `above` are the containers it is in."""
    if isinstance(found, Value):
        if found.op == "parameter":
            yield name, found
        return
    entries: Iterator[tuple[Any, Any]]
    if isinstance(found, Module):
        entries = iter(vars(found).items())
    elif isinstance(found, dict):
        entries = iter(found.items())
    elif isinstance(found, list | tuple):
        entries = iter(enumerate(found))
    elif _is_object_array(found):
        entries = ((".".join(map(str, index)), found[index]) for index in _indices(found.shape))
    else:
        return
    if id(found) in above:
        return
    above.add(id(found))
    for key, entry in entries:
        yield from _walk(f"{name}.{key}" if name else str(key), entry, above)
    above.remove(id(found))


def _is_object_array(found: Any) -> bool:
    """Whether it is a NumPy array of Python objects; NumPy is not imported to find out."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(found, numpy.ndarray) and found.dtype == object


def _indices(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, shape))
