"""CasADi: symbols of kind SX, their gradients and Hessians as functions."""

import casadi
from measure import Functions, evaluated

FUNCTIONS = Functions(
    casadi,
    names={"abs": "fabs", "maximum": "fmax", "minimum": "fmin", "norm": "norm_2", "amax": "mmax"},
    amin=casadi.mmin,
    where=lambda condition, x, y: casadi.if_else(condition, x, y),
    sum=None,
    prod=None,
    cumprod=None,
)


def version():
    return casadi.__version__


def answer(formula, at, order):
    symbols = {name: _symbol(name, x) for name, x in at.items()}
    numbers = [casadi.DM(x) for x in at.values()]
    result = evaluated(formula, FUNCTIONS, symbols)
    # A matrix is read row by row, as everywhere else; CasADi has it column by column.
    inputs = casadi.vertcat(*(casadi.vec(s.T) for s in symbols.values()))
    if order == 0:
        outputs = result
    elif order == 1:
        outputs = casadi.gradient(result, inputs)
    else:
        outputs = casadi.hessian(result, inputs)[0]
    function = casadi.Function("f", list(symbols.values()), [outputs])
    return function(*numbers).full().tolist()


def _symbol(name, x):
    shape = (len(x), len(x[0])) if isinstance(x, list) and isinstance(x[0], list) else None
    if shape:
        return casadi.SX.sym(name, *shape)
    return casadi.SX.sym(name, len(x)) if isinstance(x, list) else casadi.SX.sym(name)


def unused_input():
    x, y = casadi.SX.sym("x"), casadi.SX.sym("y")
    function = casadi.Function("f", [x, y], [casadi.gradient(x * x, y)])
    return function(2.0, 3.0).full().tolist()


def integer_input():
    x = casadi.SX.sym("x")
    return casadi.Function("f", [x], [casadi.gradient(x * x, x)])(3).full().tolist()


def boolean_input():
    x = casadi.SX.sym("x")
    return casadi.Function("f", [x], [casadi.gradient(2.0 * x, x)])(True).full().tolist()


def constant_result():
    x = casadi.SX.sym("x")
    return casadi.Function("f", [x], [casadi.gradient(casadi.SX(3.0), x)])(2.0).full().tolist()


BEHAVIOURS = {
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
