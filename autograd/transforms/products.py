"""`jvp`, `vjp`, `hvp`: products of derivatives with a vector, without the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import functions
from autograd.errors import shown
from autograd.transforms.call import Call, require_function
from autograd.transforms.containers import Container, flattened, form_shown
from autograd.transforms.derivatives import Function, slopes_of
from autograd.transforms.forward import plain_tangents, recorded_tangents
from autograd.transforms.independence import warn_if_independent
from autograd.transforms.reverse import recorded_gradients
from autograd.value import Value


def jvp(
    fun: Function, primals: Sequence[Any], tangents: Sequence[Any], has_aux: bool = False
) -> tuple[Any, ...]:
    """The value of a function and how fast it changes as its arguments move: J · tangents.

    One forward sweep, whatever the number of arguments and results.

    Args:
        fun: A function that returns numbers, in any container that `grad` knows.
        primals: Its arguments, in a tuple or a list.
        tangents: How fast each of them moves, in the same form.
        has_aux: As for `grad`.

    Returns:
        The value, and its derivative along the tangents in the same form; with `has_aux` then what
        else `fun` returned.

    Raises:
        TypeError: If something is no number, or the tangents have not the form of the primals.

    Example:
        >>> from autograd import jvp, sin
        >>> jvp(lambda x, y: [x * y, sin(x)], (0.0, 2.0), (1.0, 0.0))
        ([0.0, 0.0], [2.0, 1.0])

    Source: forward accumulation, Griewank & Walther, "Evaluating Derivatives", 2008, ch. 3.
    """
    require_function("jvp", fun, "(f, (x,), (v,))")
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, tuple | list):
            raise TypeError(
                f"jvp: expected {name} to be a tuple with an entry for each argument, got "
                f"{shown(given)}; write jvp(f, (x,), (v,))"
            )
    primals, tangents = tuple(primals), tuple(tangents)
    direction, form = flattened(tangents, "jvp: tangents")
    given_form = flattened(primals, "jvp: primals")[1]
    _require_form("jvp", "tangents", form, "primals", given_form)
    call = Call("jvp", fun, primals, None, tuple(range(len(primals))), has_aux)
    outputs, nested = call.outputs, call.is_nested(call.outputs) or _any_values(direction)
    if nested:
        moved: Sequence[Any] = recorded_tangents(outputs, call.leaves, direction, call.outside)
    else:
        moved = plain_tangents(outputs, call.leaves, direction)
    warn_if_independent(call, outputs, moved)
    value = call.result if nested else call.numbers
    return value, call.container.assembled(moved), *call.beside(nested)


def vjp(fun: Function, *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """The value of a function, and the function of its reverse pass: cotangents · J.

    Args:
        fun: As for `jvp`.
        *primals: Its arguments.
        has_aux: As for `grad`.

    Returns:
        The value, and a function of the derivatives of some final number by each number of the
        value, in the form of the value. It returns the tuple of that number's gradients by the
        arguments, and can be called any number of times. With `has_aux` then what else `fun`
        returned.

    Raises:
        TypeError: If something is no number; the function that is returned raises it for
            cotangents that have not the form of the value.

    Example:
        >>> from autograd import vjp
        >>> value, pull_back = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
        >>> value, pull_back([1.0, 0.0]), pull_back([0.0, 1.0])
        ([6.0, 5.0], (3.0, 2.0), (1.0, 1.0))

    Source: reverse accumulation, Griewank & Walther, "Evaluating Derivatives", 2008, ch. 3.
    """
    require_function("vjp", fun, "(f, x)")
    call = Call("vjp", fun, primals, None, tuple(range(len(primals))), has_aux)
    outputs, container = call.outputs, call.container
    nested = call.is_nested(outputs)

    def pull_back(cotangents: Any) -> tuple[Any, ...]:
        weights, form = flattened(cotangents, "vjp: cotangents")
        _require_form("vjp", "cotangents", form, f"what {call.name} returned", container)
        final = _weighted(weights, outputs)
        slopes = slopes_of(final, call, nested or _any_values(weights))
        warn_if_independent(call, outputs, slopes)
        gradients: tuple[Any, ...] = call.inputs.assembled(slopes)
        return gradients

    value = call.result if nested else call.numbers
    return value, pull_back, *call.beside(nested)


def hvp(fun: Function, x: Any, v: Any) -> Any:
    """The Hessian of a function times a vector, as the gradient of ∇fun · v.

    Args:
        fun: A function of one argument, in any container that `grad` knows, that returns a number.
        x: Where.
        v: The vector, in the form of `x`.

    Returns:
        The product, in the form of `x`. It costs two reverse passes, and not one for each input.

    Raises:
        TypeError: If something is no number, or `v` has not the form of `x`.

    Example:
        >>> from autograd import hvp
        >>> hvp(lambda x: x[0] ** 2 * x[1], [2.0, 3.0], [1.0, 0.0])
        [6.0, 4.0]

    Source: Pearlmutter, "Fast exact multiplication by the Hessian", 1994.
    """
    require_function("hvp", fun, "(f, x, v)")
    vector, form = flattened(v, "hvp: v")
    _require_form("hvp", "v", form, "x", flattened(x, "hvp: x")[1])
    call = Call("hvp", fun, (x,))
    slopes = recorded_gradients(call.scalar, call.leaves, call.outside)
    warn_if_independent(call, [call.scalar], slopes)
    along = _weighted(vector, slopes)
    nested = call.is_nested([call.scalar]) or _any_values(vector)
    return call.inputs.assembled(slopes_of(along, call, nested))


def _require_form(
    transform: str, name: str, given: Container, like: str, expected: Container
) -> None:
    if given.form != expected.form:
        raise TypeError(
            f"{transform}: {name} has to have the form of {like}, {form_shown(expected.form)}, "
            f"but is {form_shown(given.form)}"
        )


def _weighted(weights: Sequence[Any], nodes: Sequence[Value]) -> Value:
    """Σ weight · node; a weight of zero takes no part, whatever the derivatives of its node are."""
    pairs = [(w, x) for w, x in zip(weights, nodes, strict=True) if _counts(w)]
    if not pairs:
        return Value(0.0)
    return functions.dot([weight for weight, _ in pairs], [node for _, node in pairs])


def _counts(weight: Any) -> bool:
    """Whether a weight is no plain zero."""
    return isinstance(weight, Value) or weight != 0.0


def _any_values(numbers: Sequence[Any]) -> bool:
    return any(isinstance(x, Value) for x in numbers)
