"""SymPy: derivatives as formulas in real symbols, then the numbers put in."""

import sympy
from measure import Functions, evaluated

FUNCTIONS = Functions(
    sympy,
    names={"abs": "Abs", "maximum": "Max", "minimum": "Min", "det": "Determinant"},
    where=lambda condition, x, y: sympy.Piecewise((x, condition), (y, True)),
    amax=lambda v: sympy.Max(*v),
    amin=lambda v: sympy.Min(*v),
    prod=lambda v: sympy.prod(v),
    norm=lambda v: sympy.Matrix(v).norm(),
    det=lambda rows: sympy.Matrix(rows).det(),
    median=None,
    std=None,
    var=None,
    sort=None,
    sum=None,
    # SymPy's sinc is sin(x)/x; those of arrays have a factor of pi.
    sinc=lambda x: sympy.sinc(sympy.pi * x),
)


def version():
    return sympy.__version__


def answer(formula, at, order):
    symbols = {name: _symbols(name, x) for name, x in at.items()}
    result = evaluated(formula, FUNCTIONS, symbols)
    if isinstance(result, tuple):
        raise TypeError("no number")
    row = [s for value in symbols.values() for s in _flat(value)]
    numbers = dict(zip(row, (sympy.Float(x) for v in at.values() for x in _flat(v)), strict=True))
    if order == 0:
        wanted = [result]
    elif order == 1:
        wanted = [sympy.diff(result, s) for s in row]
    else:
        wanted = [sympy.diff(result, s, t) for s in row for t in row]
    return [_number(formula.subs(numbers)) for formula in wanted]


def _number(found):
    """A number of SymPy; what has no number stays a word."""
    if found in (sympy.zoo, sympy.nan):
        return "complex infinity" if found == sympy.zoo else "nan"
    try:
        return float(sympy.N(found))
    except TypeError:
        real = sympy.N(found).is_real
        return "complex" if real is False else f"no number: {type(found).__name__}"


def _symbols(name, x):
    if isinstance(x, list):
        return [_symbols(f"{name}{i}", entry) for i, entry in enumerate(x)]
    return sympy.Symbol(name, real=True)


def _flat(x):
    return [n for entry in x for n in _flat(entry)] if isinstance(x, list) else [x]


def unused_input():
    x, y = sympy.symbols("x y", real=True)
    return float(sympy.diff(x * x, y))


def integer_input():
    x = sympy.Symbol("x", real=True)
    return float(sympy.diff(x * x, x).subs(x, 3))


def boolean_input():
    x = sympy.Symbol("x", real=True)
    return float(sympy.diff(2.0 * x, x).subs(x, True))


def constant_result():
    return float(sympy.diff(3.0, sympy.Symbol("x", real=True)))


BEHAVIOURS = {
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
