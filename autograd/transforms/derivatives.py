"""`grad` and its kin: a function in, the function of its derivatives out."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from types import MethodType
from typing import Any

from autograd.graph.backward import plain_gradients, plain_rows
from autograd.transforms.call import Call, checked_argnum, name_of, require_function
from autograd.transforms.containers import Container, Shape, array, size
from autograd.transforms.independence import warn_if_independent
from autograd.transforms.reverse import recorded_gradients
from autograd.value import Value

Function = Callable[..., Any]
Argnum = int | Sequence[int]


def grad(fun: Function, argnum: Argnum = 0, has_aux: bool = False) -> Function:
    """The gradient of a function as a function.

    Args:
        fun: A function that returns one number. It is called on Values in place of numbers: what
            it is differentiated by may be a number, or a list, tuple, dictionary, dataclass or
            NumPy array of numbers, or containers of these in each other.
        argnum: By which positional argument, or by which arguments, it is differentiated.
        has_aux: Whether it returns a pair, of which only the first is differentiated; the second
            may be anything, such as a list of what was computed on the way.

    Returns:
        A function of the same arguments. It returns the gradient in the form of the argument, an
        array for an array; for several arguments a tuple of gradients. Where Values were given,
        or an outer derivative depends on it, the gradient consists of Values; so `grad(grad(f))`
        is the second derivative. With `has_aux` it returns the pair of the gradient and the second
        of what `fun` returned, there in numbers. It pickles where `fun` does, for other processes.
        It warns (`IndependentWarning`) if what `fun` returned does not depend on the argument.

    Raises:
        TypeError: If `fun` is no function, or `argnum` is neither an integer nor several. The
            function that is returned raises it if `fun` returns no number, or was given what is
            none.
        ValueError: If `argnum` is empty; the function, if it is out of range.

    Example:
        >>> from autograd import grad, tanh
        >>> grad(tanh)(0.0)
        1.0
        >>> grad(grad(lambda x: x**3))(2.0)
        12.0
        >>> grad(lambda p: p["w"] * p["x"])({"w": 2.0, "x": 3.0})
        {'w': 3.0, 'x': 2.0}

    Source: the names and their meaning are those of HIPS/autograd and JAX.
    """
    return _Derivative(grad, _gradient, fun, argnum, has_aux)


def value_and_grad(fun: Function, argnum: Argnum = 0, has_aux: bool = False) -> Function:
    """The value and the gradient of a function, for one run of it.

    Args:
        fun: As for `grad`.
        argnum: As for `grad`.
        has_aux: As for `grad`.

    Returns:
        A function of the same arguments that returns the pair of the value and the gradient, as
        `scipy.optimize.minimize(..., jac=True)` takes it. With `has_aux` the first is itself a
        pair, the value and what else `fun` returned.

    Raises:
        TypeError: As for `grad`.
        ValueError: As for `grad`.

    Example:
        >>> from autograd import value_and_grad
        >>> value_and_grad(lambda x, y: x * y, argnum=(0, 1))(2.0, 3.0)
        (6.0, (3.0, 2.0))
    """
    return _Derivative(value_and_grad, _value_and_gradient, fun, argnum, has_aux)


def jacobian(fun: Function, argnum: Argnum = 0, has_aux: bool = False) -> Function:
    """The derivatives of every number that a function returns.

    Args:
        fun: A function that returns numbers, in any container that it may take, or one number.
        argnum: As for `grad`.
        has_aux: As for `grad`.

    Returns:
        A function of the same arguments. It returns the container that `fun` returns, with the
        gradient of each number, as `grad` gives it, in place of the number. For an array of shape
        s and an array argument of shape t that is one array of shape s + t. With `has_aux` it is
        the first of a pair.

    Raises:
        TypeError: As for `grad`.
        ValueError: As for `grad`.

    Example:
        >>> from autograd import jacobian
        >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
        [[3.0, 2.0], [1.0, 1.0]]
    """
    return _Derivative(jacobian, _jacobian, fun, argnum, has_aux)


def hessian(fun: Function, argnum: Argnum = 0, has_aux: bool = False) -> Function:
    """The second derivatives of a function.

    The function is recorded once, and its gradient once; each row is one reverse pass over that.

    Args:
        fun: As for `jacobian`.
        argnum: As for `grad`.
        has_aux: As for `grad`.

    Returns:
        A function of the same arguments. It returns the gradient of each number of the gradient,
        in a container of containers: h[i][j] for a list, h["w"]["x"] for a dictionary, an array of
        shape s + s for an array of shape s. Of several results it is such a container in the place
        of each, of an array of shape r one array of shape r + s + s. With `has_aux` it is the
        first of a pair.

    Raises:
        TypeError: As for `grad`.
        ValueError: As for `grad`.

    Example:
        >>> from autograd import hessian
        >>> hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
        [[6.0, 4.0], [4.0, 0.0]]
    """
    return _Derivative(hessian, _hessian, fun, argnum, has_aux)


class _Derivative:
    """The derivative of a function: under its name, with its signature, pickled where it is."""

    def __init__(
        self,
        transform: Callable[[Function, Argnum, bool], Function],
        rule: Callable[[Call], Any],
        fun: Function,
        argnum: Argnum,
        has_aux: bool,
    ) -> None:
        name = transform.__name__
        require_function(name, fun)
        self._argnum, self._has_aux = checked_argnum(name, argnum), has_aux
        self._name, self._transform, self._rule, self._fun = name, transform, rule, fun
        self.__name__ = name_of(fun)
        functools.update_wrapper(self, fun, updated=())

    def __call__(self, /, *arguments: Any, **keywords: Any) -> Any:
        given = (arguments, keywords, self._argnum, self._has_aux)
        return self._rule(Call(self._name, self._fun, *given))

    def __get__(self, instance: object, owner: type | None = None) -> Function:
        """In the body of a class it is a method, as a function is."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<{self._name} of {self.__name__}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        name: str = getattr(self, "__qualname__", "")
        found: Any = sys.modules.get(self.__module__)
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is self:  # `@grad`: what was the name of `fun` is that of its derivative
            return name
        return self._transform, (self._fun, self._argnum, self._has_aux)


def _gradient(call: Call) -> Any:
    (_, gradient), nested = _value_and_slopes(call)
    return _with_aux(gradient, call, nested)


def _value_and_gradient(call: Call) -> tuple[Any, Any]:
    (value, gradient), nested = _value_and_slopes(call)
    return _with_aux(value, call, nested), gradient


def _value_and_slopes(call: Call) -> tuple[tuple[Any, Any], bool]:
    output = call.scalar
    nested = call.is_nested([output])
    slopes = slopes_of(output, call, nested)
    warn_if_independent(call, [output], slopes)
    return ((output if nested else output.data), call.inputs.assembled(slopes)), nested


def _jacobian(call: Call) -> Any:
    outputs = call.outputs
    nested = call.is_nested(outputs)
    matrix = rows_of(outputs, call, nested)
    warn_if_independent(call, outputs, (x for row in matrix for x in row))
    return _with_aux(arranged([matrix], None, [call.container, call.inputs]), call, nested)


def _hessian(call: Call) -> Any:
    outputs = call.outputs
    nested = call.is_nested(outputs)
    recorded = [recorded_gradients(output, call.leaves, call.outside) for output in outputs]
    warn_if_independent(call, outputs, (x for slopes in recorded for x in slopes))
    matrices = [rows_of(slopes, call, nested) for slopes in recorded]
    tensor = arranged([matrices], None, [call.container, call.inputs, call.inputs])
    return _with_aux(tensor, call, nested)


def _with_aux(result: Any, call: Call, nested: bool) -> Any:
    """The result, and in a pair with it what else the function returned, if it does."""
    return (result, *call.beside(nested)) if call.has_aux else result


def slopes_of(output: Value, call: Call, nested: bool) -> Sequence[Any]:
    """The gradient of a node by the inputs of a call, flat: Values if it is nested."""
    if nested:
        return recorded_gradients(output, call.leaves, call.outside)
    return plain_gradients(output, call.leaves)


def rows_of(outputs: Sequence[Value], call: Call, nested: bool) -> Sequence[Sequence[Any]]:
    """The gradients of several nodes by the inputs of a call: Values if it is nested."""
    if nested:
        return [recorded_gradients(output, call.leaves, call.outside) for output in outputs]
    return plain_rows(outputs, call.leaves)


def arranged(band: Sequence[Any], lead: Shape, containers: Sequence[Container]) -> Any:
    """Derivatives as a container of containers, the first the outermost.

    Args:
        band: For each entry of one part of what is around, or for the one number that it is, the
            derivatives, nested: a level for each container.
        lead: The shape of that part.
        containers: What they are arranged in.
    """
    if not containers:
        return band[0] if lead is None else array(band, lead)
    outer, *inner = containers

    def blocks() -> Iterator[Any]:
        left = 0
        for shape in outer.shapes:
            right = left + size(shape)
            entries = [x for whole in band for x in whole[left:right]]
            joined = None if lead is None and shape is None else (lead or ()) + (shape or ())
            yield arranged(entries, joined, inner)
            left = right

    return outer.build(blocks())
