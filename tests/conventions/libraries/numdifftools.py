"""numdifftools: `Gradient` and `Hessian` of NumPy's functions."""

from pathlib import Path

import numdifftools
from measure import Missing, loaded

numeric = loaded(Path(__file__).parent / "numeric.py")


def version():
    return numdifftools.__version__


def answer(formula, at, order):
    if order == 0:
        raise Missing("values")
    derivative = numdifftools.Gradient if order == 1 else numdifftools.Hessian
    return derivative(numeric.function(formula, at))(numeric.row(at))


BEHAVIOURS = {}
