"""PyTensor: graphs of float64 and `pytensor.grad`, in the mode FAST_COMPILE, without a compiler."""

import pytensor
import pytensor.tensor as pt
from measure import Functions, evaluated

pytensor.config.cxx = ""
MODE = pytensor.compile.mode.Mode(linker="py", optimizer="fast_compile")

FUNCTIONS = Functions(
    pt,
    pt.special,
    pt.linalg,
    names={"where": "switch", "atan2": "arctan2", "asin": "arcsin", "acosh": "arccosh"},
    norm=lambda v: pt.linalg.norm(v),
    abs=pt.abs,
    amax=pt.max,
    amin=pt.min,
    logsigmoid=None,
)


def version():
    return pytensor.__version__


def _symbol(x):
    kinds = (pt.dscalar, pt.dvector, pt.dmatrix)
    depth = 0 if not isinstance(x, list) else 2 if isinstance(x[0], list) else 1
    return kinds[depth]()


def _run(outputs, symbols, numbers):
    run = pytensor.function(symbols, outputs, mode=MODE, on_unused_input="ignore")
    return run(*numbers)


def answer(formula, at, order):
    symbols = [_symbol(x) for x in at.values()]
    result = evaluated(formula, FUNCTIONS, dict(zip(at, symbols, strict=True)))
    numbers = list(at.values())
    if order == 0:
        return _run(result, symbols, numbers)
    slopes = pytensor.grad(result, symbols, disconnected_inputs="ignore")
    if order == 1:
        return _run(slopes, symbols, numbers)
    if slopes[0].ndim:
        (slope,) = slopes
        rows = [pytensor.grad(slope[i], symbols) for i in range(len(numbers[0]))]
    else:
        rows = [pytensor.grad(d, symbols, disconnected_inputs="ignore") for d in slopes]
    return _run([d for row in rows for d in row], symbols, numbers)


def integer_input():
    x = pt.lscalar()
    return _run(pytensor.grad((x * x).astype("float64"), x), [x], [3])


def boolean_input():
    x = pt.bscalar()
    return _run(pytensor.grad(2.0 * x, x), [x], [True])


def unused_input():
    x, y = pt.dscalar(), pt.dscalar()
    return _run(pytensor.grad(x * x, y), [x, y], [2.0, 3.0])


def constant_result():
    x = pt.dscalar()
    return _run(pytensor.grad(pt.constant(3.0), x), [x], [2.0])


BEHAVIOURS = {
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
