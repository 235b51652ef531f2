"""MyGrad: tensors of float64; it has no second derivatives."""

from importlib.metadata import version as version_of

import mygrad
from measure import Functions, Missing, evaluated
from mygrad import tensor
from mygrad.nnet import activations

FUNCTIONS = Functions(
    mygrad,
    activations,
    mygrad.linalg,
    names={"atan2": "arctan2", "asin": "arcsin", "acosh": "arccosh"},
    logsumexp=None,
    leaky_relu=lambda x: activations.leaky_relu(x, 0.01),
    elu=lambda x: activations.elu(x, 1.0),
    logsoftmax=None,
)


def version():
    return version_of("mygrad")


def answer(formula, at, order):
    if order == 2:
        raise Missing("second derivatives")
    tensors = {name: tensor(x, dtype=float) for name, x in at.items()}
    result = evaluated(formula, FUNCTIONS, tensors)
    if order == 0:
        return result.item()
    result.backward()
    return [None if t.grad is None else t.grad.tolist() for t in tensors.values()]


def second_backward():
    x, y = tensor(3.0), tensor(5.0)
    z = (x * x) * y
    z.backward()
    z.backward()
    return x.grad


def changed_leaf():
    x = tensor(2.0)
    y = x * x
    x.data[...] = 5.0
    y.backward()
    return x.grad


def in_place_on_needed():
    x = tensor(0.0)
    y = mygrad.exp(x)
    y += 1.0
    y.backward()
    return x.grad


def integer_input():
    x = tensor(3)
    (x * x).backward()
    return x.grad


def boolean_input():
    x = tensor(True)
    (2.0 * x).backward()
    return x.grad


def unused_input():
    x, y = tensor(2.0), tensor(3.0)
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
