"""Dr.Jit: `llvm.ad.Float64` and reverse mode; it has no second derivatives."""

import drjit as dr
from drjit.llvm.ad import Float64
from measure import Functions, Missing, evaluated

FUNCTIONS = Functions(
    dr,
    where=dr.select,
    amax=dr.max,
    amin=dr.min,
    std=dr.std,
    var=dr.var,
    relu=None,
    sort=None,
    det=None,  # of matrices of fixed size, which are other types
)


def version():
    return dr.__version__


def answer(formula, at, order):
    if order == 2:
        raise Missing("second derivatives")
    if any(isinstance(x, list) and isinstance(x[0], list) for x in at.values()):
        raise Missing("matrices")
    # An opaque number is none that the compiler may put into its formulas.
    arrays = {name: dr.opaque(Float64, x) if not isinstance(x, list) else Float64(x)
              for name, x in at.items()}  # fmt: skip
    for array in arrays.values():
        dr.enable_grad(array)
    result = evaluated(formula, FUNCTIONS, arrays)
    if order == 0:
        return dr.detach(result)
    dr.backward(result)
    return [dr.grad(array) for array in arrays.values()]


def second_backward():
    x, y = dr.opaque(Float64, 3.0), dr.opaque(Float64, 5.0)
    dr.enable_grad(x, y)
    z = (x * x) * y
    dr.backward(z)
    dr.backward(z)
    return dr.grad(x)


def unused_input():
    x, y = dr.opaque(Float64, 2.0), dr.opaque(Float64, 3.0)
    dr.enable_grad(x, y)
    dr.backward(x * x)
    return dr.grad(y)


BEHAVIOURS = {"second-backward": second_backward, "unused-input": unused_input}
