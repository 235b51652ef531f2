"""NumPy's functions of a row of numbers, for the libraries that differentiate by differences."""

import numpy
import scipy.special
from measure import Functions, evaluated

FUNCTIONS = Functions(
    numpy,
    scipy.special,
    numpy.linalg,
    names={"atan2": "arctan2", "asin": "arcsin", "acosh": "arccosh", "sigmoid": "expit"},
    logsigmoid=scipy.special.log_expit,
    softplus=lambda x: numpy.logaddexp(0.0, x),
    relu=lambda x: numpy.maximum(x, 0.0),
    leaky_relu=lambda x: numpy.where(x > 0, x, 0.01 * x),
    gelu=lambda x: x * scipy.special.ndtr(x),
    elu=lambda x: numpy.where(x > 0, x, numpy.expm1(x)),
)


def row(at):
    """All numbers of the arguments, in order."""
    return numpy.concatenate([numpy.ravel(x) for x in at.values()]).astype(float)


def function(formula, at):
    """The formula as a function of such a row."""
    shapes = {name: numpy.shape(x) for name, x in at.items()}

    def of(numbers):
        start, named = 0, {}
        for name, shape in shapes.items():
            count = int(numpy.prod(shape, dtype=int))
            named[name] = numpy.reshape(numbers[start : start + count], shape)
            start += count
        with numpy.errstate(all="ignore"):
            return numpy.asarray(evaluated(formula, FUNCTIONS, named))

    return of
