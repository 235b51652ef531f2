"""`Value`: a number that remembers how it was computed."""

from __future__ import annotations

import operator
from collections.abc import Callable
from numbers import Number, Real
from typing import TYPE_CHECKING, Any, NoReturn, Self, SupportsFloat

from autograd import arrays
from autograd.arguments import as_number, number, text
from autograd.graph import backward as reverse
from autograd.graph import constancy, copies, every_input, tracing
from autograd.graph.node import INPUT, NO_GRADIENT, PARAMETER, Leaf
from autograd.operators import Operators


class Value(Operators):
    """A number in a computation graph.

    Arithmetic on a `Value`, and every function of this package, gives a new `Value` that keeps its
    parents and its local derivatives. `backward` then fills `grad` by the chain rule.

    Args:
        data: A real number.
        label: The name under which pictures and explanations show it.

    Raises:
        TypeError: If `data` is not one real number, or `label` is not a string.

    Example:
        >>> from autograd import Value
        >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
        >>> y = w * x + 1
        >>> y.backward()
        >>> y.data, w.grad, x.grad
        (7.0, 3.0, 2.0)

    Source: the shape of micrograd's `Value`, by Andrej Karpathy.
    """

    __slots__ = ()

    def __init__(self, data: SupportsFloat, label: str = "") -> None:
        self._data = number(data, "Value")
        self._label = text(label, "label")
        self._become(INPUT)

    @classmethod
    def parameter(cls, data: SupportsFloat, label: str = "") -> Self:
        """A `Value` that training changes; pictures show it as a parameter.

        Args:
            data: A real number.
            label: The name under which it is shown.

        Returns:
            The new leaf.

        Raises:
            TypeError: As for `Value`.
        """
        value = cls(data, label)
        value._become(PARAMETER)
        return value

    def _become(self, leaf: Leaf) -> None:
        self._grad = NO_GRADIENT
        self._op = leaf
        self._left = self._right = self._dleft = self._dright = None

    def backward(self) -> None:
        """Fills `grad` of every `Value` that this one depends on with ∂self/∂value.

        Leaves add to the gradient that they have, so set it to zero between training steps;
        computed values hold the gradient of the last call only.

        Example:
            >>> from autograd import Value
            >>> x = Value(3.0)
            >>> (x * x + x).backward()
            >>> x.grad
            7.0

        Source: reverse accumulation, Griewank & Walther, "Evaluating Derivatives", 2008, ch. 3.
        """
        reverse.backward(self)

    def __repr__(self) -> str:
        label = f", label={self._label!r}" if self._label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    def __format__(self, specification: str) -> str:
        return format(self._data, specification) if specification else repr(self)

    def __pos__(self) -> Self:
        return self

    def conjugate(self) -> Self:
        """The value itself, as it is real; `np.var` and `np.std` ask every object for it."""
        return self

    def __divmod__(self, other: Any) -> tuple[Self, Self]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Self, Self]:
        return other // self, other % self

    def __round__(self, ndigits: int | None = None) -> Value:
        if ndigits is not None:
            raise TypeError(
                "a Value is rounded to an integer only; write round(value * 100) / 100 for two "
                "digits, or round(value.data, 2) for the number"
            )
        return super().__round__()

    # Comparisons are of numbers; hashing is of nodes, so that a graph can be a dictionary's keys.

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return _compared(self, "==", other)

    def __ne__(self, other: object) -> bool:
        return _compared(self, "!=", other)

    def __lt__(self, other: Any) -> bool:
        return _compared(self, "<", other)

    def __le__(self, other: Any) -> bool:
        return _compared(self, "<=", other)

    def __gt__(self, other: Any) -> bool:
        return _compared(self, ">", other)

    def __ge__(self, other: Any) -> bool:
        return _compared(self, ">=", other)

    def __bool__(self) -> bool:
        if every_input.active():
            every_input.refuse_to_branch()
        return self._data != 0.0

    if not TYPE_CHECKING:  # to a type checker a Value is no SupportsFloat

        def __float__(self) -> NoReturn:
            raise TypeError(
                "a Value is not turned into a plain number, which would lose the graph; take "
                "value.data for the number, or a function of autograd, such as autograd.sin, for "
                "a node"
            )

        __int__ = __float__

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions on values: our function of that name, or as on object arrays."""
        return arrays.ufunc_on_values(ufunc, method, inputs, options)

    @property
    def dtype(self) -> Any:
        """NumPy's type of an entry of an array of Values, an object; `np.linalg.norm` asks it."""
        import numpy as np

        return np.dtype(object)

    def __copy__(self) -> Self:
        return copies.copied(self, {})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copies.deep_copied(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        return copies.reduced(self)


def _comparable(other: object) -> Any:
    """What Python compares with a float; None if it is no real number."""
    if isinstance(other, Value):
        return other._data
    return other if isinstance(other, Real) else as_number(other)


def _may_know(other: object) -> bool:
    """Whether what is no number is asked if a number equals it, as `pytest.approx` can tell."""
    return not isinstance(other, Number) and not every_input.active()


COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compared(left: Value, symbol: str, right: Any) -> bool:
    """Whether the comparison holds; a recorded one is a `Value`, which `where` takes as well."""
    given = _comparable(right)
    result: bool
    if given is None and symbol in ("==", "!=") and _may_know(right):
        result = COMPARE[symbol](left._data, right)
    elif given is None:
        result = NotImplemented
    elif every_input.active():
        result = tracing.comparison(
            symbol, left, right if isinstance(right, Value) else float(given)
        )
    else:
        constancy.note()
        result = COMPARE[symbol](left._data, given)
    return result
