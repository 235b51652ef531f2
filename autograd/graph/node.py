"""The recorded node: a number, its parents, and its local derivatives at the recorded point."""

from __future__ import annotations

from typing import Any, Self

from autograd.arguments import number, text
from autograd.graph import every_input
from autograd.table import Operation


class Mark(float):
    """A gradient of 0 that is told from all others by its identity.

    Every Python keeps the identity of an object of a class. PyPy and Nuitka take plain floats that
    are equal for one and the same.
    """

    __slots__ = ()


NO_GRADIENT = Mark()  # no backward pass has come here yet


class Leaf:
    """What a node without parents is: an input, a parameter or a constant."""

    __slots__ = ("name",)
    settings = ()

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> str:
        return self.name.upper()


INPUT, PARAMETER = Leaf("input"), Leaf("parameter")


class Node:
    """A number in a graph, how it came about, and its gradient.

    A node with one or two parents keeps them, and its local derivatives, in slots of its own: a
    node is one object to the garbage collector, and the graph is built twice as fast.

    ========== ========================= ============= ========== =========================
    kind       ``_left``                 ``_dleft``    ``_right`` ``_dright``
    ========== ========================= ============= ========== =========================
    leaf       None                      None          None       None
    one parent parent                    partial       None       constants
    two        parent                    partial       parent     partial
    many       tuple of parents          tuple         None       constants
    ========== ========================= ============= ========== =========================

    Constants: None, or the number that is the second operand, or a tuple of all operands in order
    with None in place of each parent.
    """

    __slots__ = ("_data", "_dleft", "_dright", "_grad", "_label", "_left", "_op", "_right")

    _data: float
    _grad: float
    _op: Operation | Leaf
    _label: str
    _left: Any
    _right: Any
    _dleft: Any
    _dright: Any

    @property
    def data(self) -> float:
        """The number. Setting it leaves the local derivatives of what was recorded as they are.

        Raises:
            TypeError: If a function is being recorded for every input, so that there is none yet.
        """
        data = self._data
        # All numbers that depend on an input are nan while a function is recorded for every one.
        if data != data and every_input.active():
            every_input.refuse_to_read()
        return data

    @data.setter
    def data(self, given: float) -> None:
        # A step of training sets every parameter: a float needs no second look.
        self._data = given if type(given) is float else number(given, "data")

    @property
    def grad(self) -> float:
        """The gradient of the last output on which `backward` was called; 0 before that.

        In a leaf gradients add up until they are set to zero; other nodes hold the last pass.
        """
        return 0.0 if self._grad is NO_GRADIENT else self._grad

    @grad.setter
    def grad(self, given: float) -> None:
        self._grad = number(given, "grad")

    @property
    def label(self) -> str:
        """The name under which the node is shown."""
        return self._label

    @label.setter
    def label(self, given: str) -> None:
        self._label = text(given, "label")

    @property
    def op(self) -> str:
        """The operation's name; of a leaf "input" or "parameter"."""
        return self._op.name

    @property
    def parents(self) -> tuple[Self, ...]:
        """The nodes that this one was computed from, in order; one that is used twice, twice."""
        if self._right is not None:
            return (self._left, self._right)
        if type(self._left) is tuple:
            many: tuple[Self, ...] = self._left
            return many
        return () if self._left is None else (self._left,)

    @property
    def partials(self) -> tuple[float, ...]:
        """The local derivative by each of the parents, at the recorded point."""
        if self._right is not None:
            return (self._dleft, self._dright)
        if type(self._left) is tuple:
            return tuple(self._dleft)
        return () if self._left is None else (self._dleft,)

    @property
    def applied_to(self) -> tuple[tuple[Self | float, ...], tuple[Any, ...]]:
        """The operands, and apart from them the settings, which have no derivative."""
        operands, settings = self.operands, len(self._op.settings)
        count = len(operands) - settings
        return operands[:count], operands[count:]

    @property
    def operands(self) -> tuple[Self | float, ...]:
        """The parents and the plain numbers that the operation was applied to, in order."""
        constants = self._dright if self._right is None else None
        if constants is None:
            return self.parents
        if type(constants) is float:
            return (self._left, constants)
        parents = iter(self.parents)
        return tuple(next(parents) if c is None else c for c in constants)

    @property
    def is_leaf(self) -> bool:
        """Whether the node was given and not computed."""
        return self._left is None

    @property
    def has_gradient(self) -> bool:
        """Whether a backward pass has come here since the gradient was last cleared."""
        return self._grad is not NO_GRADIENT

    def zero_grad(self) -> None:
        """Sets the gradient to 0, as before any backward pass."""
        self._grad = NO_GRADIENT
