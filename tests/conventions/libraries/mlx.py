"""MLX on the CPU: arrays of float64 and `mx.grad`."""

from importlib.metadata import version as version_of

import mlx.core as mx
import mlx.nn as nn
from measure import Functions, evaluated

mx.set_default_device(mx.cpu)

FUNCTIONS = Functions(
    mx,
    nn,
    mx.linalg,
    names={"asin": "arcsin", "acosh": "arccosh", "atan2": "arctan2", "logsigmoid": "log_sigmoid"},
    amax=mx.max,
    amin=mx.min,
    hypot=None,
)


def version():
    return version_of("mlx")


def _array(x):
    return mx.array(x, dtype=mx.float64)


def answer(formula, at, order):
    names, arrays = list(at), [_array(x) for x in at.values()]

    def function(*arrays):
        return evaluated(formula, FUNCTIONS, dict(zip(names, arrays, strict=True)))

    every = list(range(len(arrays)))
    if order == 0:
        return function(*arrays).tolist()
    if order == 1:
        return [d.tolist() for d in _tuple(mx.grad(function, argnums=every)(*arrays))]

    def slope(i, j=None):
        def of(*arrays):
            found = _tuple(mx.grad(function, argnums=every)(*arrays))[i]
            return found if j is None else found[j]

        return of

    inner = range(arrays[0].size) if arrays[0].ndim else [None]
    rows = [mx.grad(slope(i, j), argnums=every)(*arrays) for i in every for j in inner]
    return [[d.tolist() for d in _tuple(row)] for row in rows]


def _tuple(given):
    return given if isinstance(given, tuple | list) else (given,)


def second_backward():
    slope = mx.grad(lambda x: (x * x) * 5.0)
    return slope(mx.array(3.0)).item() + slope(mx.array(3.0)).item()


def in_place_on_needed():
    def function(x):
        y = mx.exp(x)
        y += 1.0
        return y

    return mx.grad(function)(mx.array(0.0)).item()


def integer_input():
    return mx.grad(lambda x: x * x)(mx.array(3)).item()


def boolean_input():
    return mx.grad(lambda x: 2.0 * x)(mx.array(True)).item()


def unused_input():
    return mx.grad(lambda x, y: x * x, argnums=1)(mx.array(2.0), mx.array(3.0)).item()


def constant_result():
    return mx.grad(lambda x: mx.array(3.0))(mx.array(2.0)).item()


BEHAVIOURS = {
    "second-backward": second_backward,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
