"""gvar: the derivatives that it propagates errors with; first ones only."""

import gvar
from measure import Functions, Missing, evaluated

# What gvar has of its own: NumPy's functions on arrays of its numbers are NumPy's.
FUNCTIONS = Functions(
    gvar,
    names={"atan2": "arctan2", "asin": "arcsin", "acosh": "arccosh"},
    det=gvar.linalg.det,
    var=None,  # means the variance of the error
)


def version():
    return gvar.__version__


def answer(formula, at, order):
    import numpy

    if order == 2:
        raise Missing("second derivatives")
    arrays = [numpy.array(x, dtype=float) for x in at.values()]
    # Independent numbers: a standard deviation of 1 each.
    given = [
        gvar.gvar(a, numpy.ones_like(a)) if a.ndim else gvar.gvar(float(a), 1.0) for a in arrays
    ]
    result = evaluated(formula, FUNCTIONS, dict(zip(at, given, strict=True)))
    if order == 0:
        return result.mean
    return [result.deriv(x) for g in given for x in numpy.ravel(g)]


def integer_input():
    x = gvar.gvar(3, 1)
    return (x * x).deriv(x)


def boolean_input():
    x = gvar.gvar(True, 1)
    return (2.0 * x).deriv(x)


def unused_input():
    x, y = gvar.gvar(2.0, 1.0), gvar.gvar(3.0, 1.0)
    return (x * x).deriv(y)


BEHAVIOURS = {
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
}
