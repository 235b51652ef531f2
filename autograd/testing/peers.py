"""Other libraries that run a tape's operations with functions of their own, and differentiate them.

What a library calls an operation it runs by its own function; what it has no name for by the row's
formula, on its arrays. The derivatives are the library's.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from autograd.compiled import Program
from autograd.compiled.tape import Entry, Tape
from autograd.table import TABLE

Function = Callable[[Sequence[Any]], Any]  # of scalars of the library


class Unusable(Exception):  # noqa: N818 - never seen by a user
    """The library cannot be compared with; the message says why."""


class Peer(ABC):
    """A library.

    Attributes:
        name: What users call it.
        least: The oldest version that is run.
        places: The modules in which it has functions.
    """

    name: str
    least: tuple[int, ...]
    places: tuple[str, ...]

    def __init__(self) -> None:
        try:
            self.module: ModuleType = importlib.import_module(self.places[0])
            self.homes = [importlib.import_module(place) for place in self.places]
        except ImportError as error:
            raise Unusable(f"is not installed ({error})") from error
        self.version = importlib.metadata.version(self.name).partition("+")[0]
        known = tuple(int(part) for part in self.version.split(".")[:2] if part.isdigit())
        if known < self.least:
            least = ".".join(map(str, self.least))
            raise Unusable(f"is too old: {self.version}; {least} or newer is compared")

    @abstractmethod
    def running(self) -> contextlib.AbstractContextManager[Any]:
        """The context in which everything else is called."""

    @abstractmethod
    def array(self, number: float) -> Any:
        """A number as a scalar of float64."""

    @abstractmethod
    def known_as(self) -> dict[str, Callable[..., Any]]:
        """The functions that the library has by another name than the operation's."""

    @abstractmethod
    def stacked(self, numbers: Sequence[Any]) -> Any:
        """Scalars as a vector."""

    @abstractmethod
    def gradient(self, function: Function, at: Sequence[float]) -> list[float]:
        """The first derivatives, as the library has them."""

    @abstractmethod
    def hessian(self, function: Function, at: Sequence[float]) -> list[list[float]]:
        """The second derivatives, as the library has them."""

    def value(self, function: Function, at: Sequence[float]) -> float:
        """The function at some numbers."""
        return float(function([self.array(x) for x in at]))

    def program(self, tape: Tape) -> Function:
        """The tape as a function of the library's scalars."""
        nodes = [self.node(entry) for entry in tape.entries]

        def run(inputs: Sequence[Any]) -> Any:
            numbers = list(inputs)
            for entry, node in zip(tape.entries, nodes, strict=True):
                numbers.append(node([numbers[x] for x in entry.operands if type(x) is int]))
            return numbers[tape.outputs[0]]

        return run

    def node(self, entry: Entry) -> Function:
        """One operation as a function of the operands that are no constants."""
        own = self._own(entry) if entry.operation.name in TABLE else None
        formula = self._formula(entry)
        if own is None:
            return formula
        tested: list[Function] = []

        def run(operands: Sequence[Any]) -> Any:
            if not tested:
                try:
                    found = own(operands)
                except (TypeError, ValueError, RuntimeError, AttributeError):
                    tested.append(formula)  # it takes something else by that name
                else:
                    tested.append(own)
                    return found
            return tested[0](operands)

        return run

    def _own(self, entry: Entry) -> Function | None:
        """The library's own function for the operation, called with its operands."""
        operation = entry.operation
        called: Callable[..., Any] | None
        if operation.is_operator and hasattr(operator, operation.name):
            called = getattr(operator, operation.name)
        else:
            called = self.known_as().get(operation.name)
            called = called or self._found(operation.name, *operation.aliases)
        if called is None or len(operation.groups) > 1 or (operation.groups and entry.settings):
            return None
        function = called

        def run(operands: Sequence[Any]) -> Any:
            rest = iter(operands)
            given = [next(rest) if type(x) is int else x for x in entry.operands]
            if operation.groups:
                vector = self.stacked([x if hasattr(x, "shape") else self.array(x) for x in given])
                return self._reduced(function, vector)
            return function(*given, *entry.settings)

        return run

    def _found(self, *names: str) -> Callable[..., Any] | None:
        """The library's function of one of these names, with underscores or without."""
        for home in self.homes:
            plain = {name.replace("_", ""): name for name in reversed(dir(home)) if name[0] != "_"}
            for name in (n.replace("_", "") for n in names):
                found: Callable[..., Any] | None = getattr(home, plain.get(name, ""), None)
                if callable(found) and not isinstance(found, type):
                    return found
        return None

    def _reduced(self, function: Callable[..., Any], vector: Any) -> Any:
        try:
            return function(vector)
        except TypeError:
            return function(vector, 0)  # of those that ask for an axis

    def _formula(self, entry: Entry) -> Function:
        """The row's formula for the value, by `Program.on`."""
        count = sum(type(x) is int for x in entry.operands)
        places = iter(range(count))
        operands = tuple(next(places) if type(x) is int else x for x in entry.operands)
        labels = tuple(f"x{i}" for i in range(count))
        alone = Entry(entry.operation, operands, entry.settings, "")
        program = Program(Tape(labels, (alone,), (count,), (), True))
        made: list[Any] = []

        def run(operands: Sequence[Any]) -> Any:
            if not made:
                made.append(program.on(self.module))
            return made[0](*operands)[0]

        return run


class Torch(Peer):
    """PyTorch."""

    name = "torch"
    least = (2, 0)
    places = ("torch", "torch.nn.functional", "torch.special")

    def running(self) -> contextlib.AbstractContextManager[Any]:
        return contextlib.nullcontext()

    def array(self, number: float) -> Any:
        return self.module.tensor(number, dtype=self.module.float64)

    def known_as(self) -> dict[str, Callable[..., Any]]:
        return {"stop_gradient": self.module.Tensor.detach}

    def stacked(self, numbers: Sequence[Any]) -> Any:
        return self.module.stack(list(numbers))

    def gradient(self, function: Function, at: Sequence[float]) -> list[float]:
        leaves = [self.array(x).requires_grad_() for x in at]
        result = function(leaves)
        if not result.requires_grad:
            return [0.0] * len(leaves)
        found = self.module.autograd.grad(result, leaves, allow_unused=True)
        return [0.0 if d is None else float(d) for d in found]

    def hessian(self, function: Function, at: Sequence[float]) -> list[list[float]]:
        leaves = [self.array(x).requires_grad_() for x in at]
        grad, result = self.module.autograd.grad, function(leaves)
        if not result.requires_grad:
            return [[0.0] * len(leaves) for _ in leaves]
        slopes = grad(result, leaves, create_graph=True, allow_unused=True)
        rows = []
        for slope in slopes:
            row: Sequence[Any] = [None] * len(leaves)
            if slope is not None and slope.requires_grad:
                row = grad(slope, leaves, retain_graph=True, allow_unused=True)
            rows.append([0.0 if d is None else float(d) for d in row])
        return rows


class Jax(Peer):
    """JAX, in float64."""

    name = "jax"
    least = (0, 4)
    places = ("jax.numpy", "jax.nn", "jax.scipy.special")

    def running(self) -> contextlib.AbstractContextManager[Any]:
        jax = importlib.import_module("jax")
        owner = jax if hasattr(jax, "enable_x64") else importlib.import_module("jax.experimental")
        context: contextlib.AbstractContextManager[Any] = owner.enable_x64(True)
        return context

    def array(self, number: float) -> Any:
        return self.module.asarray(number, dtype=self.module.float64)

    def known_as(self) -> dict[str, Callable[..., Any]]:
        return {"stop_gradient": importlib.import_module("jax").lax.stop_gradient}

    def stacked(self, numbers: Sequence[Any]) -> Any:
        return self.module.stack(list(numbers))

    def gradient(self, function: Function, at: Sequence[float]) -> list[float]:
        jax = importlib.import_module("jax")
        return [float(d) for d in jax.grad(function)([self.array(x) for x in at])]

    def hessian(self, function: Function, at: Sequence[float]) -> list[list[float]]:
        jax = importlib.import_module("jax")
        rows = jax.hessian(function)([self.array(x) for x in at])
        return [[float(d) for d in row] for row in rows]


PEERS: dict[str, type[Peer]] = {peer.name: peer for peer in (Torch, Jax)}
