"""This engine."""

import numpy
from measure import Functions, evaluated

import autograd
from autograd import Value, grad, gradients, hessian

# NumPy's functions of arrays of Values record what they compute; its determinant takes none.
FUNCTIONS = Functions(
    autograd,
    norm=numpy.linalg.norm,
    cumprod=numpy.cumprod,
    median=numpy.median,
    sort=numpy.sort,
    std=numpy.std,
    var=numpy.var,
    det=None,
)


def version():
    return autograd.__version__


def _at(at):
    """The numbers of all arguments in a row, and how to make arguments of such a row."""
    sizes = {name: numpy.shape(x) for name, x in at.items()}
    row = [float(n) for x in at.values() for n in numpy.ravel(x)]

    def arguments(numbers):
        rest, made = list(numbers), {}
        for name, shape in sizes.items():
            count = int(numpy.prod(shape, dtype=int))
            entries, rest = rest[:count], rest[count:]
            made[name] = numpy.array(entries, dtype=object) if shape else entries[0]
        return made

    return row, arguments


def answer(formula, at, order):
    row, arguments = _at(at)

    def function(numbers):
        return evaluated(formula, FUNCTIONS, arguments(numbers))

    if order == 0:
        return function([Value(x) for x in row]).data
    return grad(function)(row) if order == 1 else hessian(function)(row)


def second_backward():
    x, y = Value(3.0), Value(5.0)
    z = (x * x) * y
    z.backward()
    z.backward()
    return x.grad


def changed_leaf():
    x = Value(2.0)
    y = x * x
    x.data = 5.0
    y.backward()
    return x.grad


def in_place_on_needed():
    x = Value(0.0)
    y = autograd.exp(x)
    y += 1.0
    y.backward()
    return x.grad


def integer_input():
    x = Value(3)
    (x * x).backward()
    return x.grad


def boolean_input():
    x = Value(True)
    (2.0 * x).backward()
    return x.grad


def unused_input():
    x, y = Value(2.0), Value(3.0)
    return gradients(x * x, [y])[0]


def constant_result():
    return grad(lambda x: 3.0)(2.0)


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
