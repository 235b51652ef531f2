"""micrograd: `Value` and its `backward`; first derivatives only."""

from importlib.metadata import version as version_of

from measure import Functions, Missing, evaluated
from micrograd.engine import Value

FUNCTIONS = Functions(Value)


def version():
    return version_of("micrograd")


def answer(formula, at, order):
    if order == 2:
        raise Missing("second derivatives")
    if any(isinstance(x, list) for x in at.values()):
        raise Missing("functions of arrays")
    values = {name: Value(x) for name, x in at.items()}
    result = evaluated(formula, FUNCTIONS, values)
    if order == 0:
        return result.data
    result.backward()
    return [v.grad for v in values.values()]


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
    raise Missing("exp")


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
    (x * x).backward()
    return y.grad


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
}
