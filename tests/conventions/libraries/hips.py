"""HIPS autograd: its `autograd.numpy` and `autograd.scipy`."""

from importlib.metadata import version as version_of

from measure import Functions, evaluated

import autograd
import autograd.numpy as anp
import autograd.scipy.special as special
from autograd.differential_operators import make_vjp

FUNCTIONS = Functions(
    anp,
    special,
    anp.linalg,
    names={
        "atan2": "arctan2",
        "asin": "arcsin",
        "acosh": "arccosh",
        "sigmoid": "expit",
    },
)


def version():
    return version_of("autograd")


def answer(formula, at, order):
    names, numbers = list(at), [anp.array(x, dtype=float) for x in at.values()]

    def function(*arrays):
        return evaluated(formula, FUNCTIONS, dict(zip(names, arrays, strict=True)))

    if order == 0:
        return float(function(*numbers))
    every = tuple(range(len(numbers)))
    if order == 1:
        return list(autograd.grad(function, every)(*numbers))
    if len(numbers) == 1:
        return autograd.hessian(function)(numbers[0])
    return autograd.hessian(lambda v: function(*v))(anp.array(numbers))


def second_backward():
    back, _ = make_vjp(lambda x: (x * x) * 5.0)(3.0)
    return back(1.0) + back(1.0)


def changed_leaf():
    x = anp.array(2.0)
    back, _ = make_vjp(lambda x: x * x)(x)
    x[()] = 5.0
    return float(back(1.0))


def in_place_on_needed():
    def function(x):
        y = anp.exp(x)
        y[0] += 1.0
        return y[0]

    return autograd.grad(function)(anp.array([0.0]))


def integer_input():
    return autograd.grad(lambda x: x * x)(3)


def boolean_input():
    return autograd.grad(lambda x: 2.0 * x)(True)


def unused_input():
    return autograd.grad(lambda x, y: x * x, 1)(2.0, 3.0)


def constant_result():
    return autograd.grad(lambda x: 3.0)(2.0)


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
