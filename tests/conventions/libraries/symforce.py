"""SymForce: derivatives as formulas of SymEngine, then the numbers put in; its epsilon is 0."""

import symforce

symforce.set_epsilon_to_number(0.0)

import symforce.symbolic as sf  # noqa: E402 - the epsilon has to be chosen first
from measure import Functions, evaluated  # noqa: E402

FUNCTIONS = Functions(
    sf,
    names={"abs": "Abs", "maximum": "Max", "minimum": "Min"},
    where=lambda condition, x, y: sf.Piecewise((x, condition), (y, True)),
    amax=lambda v: sf.Max(*v),
    amin=lambda v: sf.Min(*v),
    norm=lambda v: sf.Matrix(v).norm(),
    det=lambda rows: sf.Matrix(rows).det(),
    clip=lambda x, low, high: sf.clamp(x, low, high),
    sum=None,
    var=None,  # makes variables
)


def version():
    return symforce.__version__


def answer(formula, at, order):
    symbols = {name: _symbols(name, x) for name, x in at.items()}
    result = evaluated(formula, FUNCTIONS, symbols)
    row = [s for value in symbols.values() for s in _flat(value)]
    numbers = dict(zip(row, (x for v in at.values() for x in _flat(v)), strict=True))
    if order == 0:
        wanted = [result]
    elif order == 1:
        wanted = [sf.diff(result, s) for s in row]
    else:
        wanted = [sf.diff(sf.diff(result, s), t) for s in row for t in row]
    return [_number(formula, numbers) for formula in wanted]


def _number(formula, numbers):
    found = sf.S(formula).subs(numbers)
    if found in (sf.zoo, sf.nan):
        return "complex infinity" if found == sf.zoo else "nan"
    try:
        return float(found)
    except (TypeError, RuntimeError):
        kind = type(found).__name__
        return "complex" if "Complex" in kind else f"no number: {kind}"


def _symbols(name, x):
    if isinstance(x, list):
        return [_symbols(f"{name}{i}", entry) for i, entry in enumerate(x)]
    return sf.Symbol(name)


def _flat(x):
    return [n for entry in x for n in _flat(entry)] if isinstance(x, list) else [x]


def unused_input():
    x, y = sf.symbols("x y")
    return float(sf.diff(x * x, y))


def integer_input():
    x = sf.Symbol("x")
    return float(sf.diff(x * x, x).subs({x: 3}))


def constant_result():
    return float(sf.diff(sf.S(3.0), sf.Symbol("x")))


BEHAVIOURS = {
    "integer-input": integer_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
