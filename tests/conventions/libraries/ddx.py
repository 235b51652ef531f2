"""ddx-ad: expressions as a graph at run time; `gradient` and `hessian` of a scalar equation."""

from importlib.metadata import version as version_of

import ddx
from measure import Functions, Missing, evaluated

FUNCTIONS = Functions(
    ddx,
    abs=abs,
    maximum=ddx.max,
    minimum=ddx.min,
    where=ddx.select,
    sum=None,
    clip=None,
)


def version():
    return version_of("ddx-ad")


def _equation(formula, at):
    if any(isinstance(x, list) for x in at.values()):
        raise Missing("functions of arrays")

    def model():
        variables = {name: ddx.var(name) for name in at}
        return evaluated(formula, FUNCTIONS, variables)

    return ddx.equation(model)


def answer(formula, at, order):
    function = _equation(formula, at)
    names = list(map(str, function.symbols))
    if order == 0:
        return function.evaluate(at)
    # What the formula does not name is no symbol of it; the others come in the order of naming.
    places = [names.index(name) for name in at]
    if order == 1:
        slopes = function.gradient(at)
        return [slopes[i] for i in places]
    matrix = function.hessian(at)[2]
    return [[matrix[i][j] for j in places] for i in places]


def integer_input():
    return _equation("x * x", {"x": 3}).gradient([3])


def boolean_input():
    return _equation("2.0 * x", {"x": True}).gradient([True])


BEHAVIOURS = {"integer-input": integer_input, "boolean-input": boolean_input}
