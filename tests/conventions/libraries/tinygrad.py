"""tinygrad: tensors of float64 on its device PYTHON, which needs no compiler; `Tensor.gradient`."""

import os

os.environ["DEV"] = "PYTHON"

from importlib.metadata import version as version_of

from measure import Methods, evaluated
from tinygrad import Tensor, dtypes

FUNCTIONS = Methods(
    where=lambda condition, x, y: condition.where(x, y),
    amax=lambda v: v.max(),
    amin=lambda v: v.min(),
    cumprod=lambda v: v.cumprod(0),
    sort=lambda v: v.sort()[0],
    # Without it, population and sample are the same name.
    std=lambda v: v.std(),
    elu=lambda x: x.elu(),
)


def version():
    return version_of("tinygrad")


def _tensor(x):
    return Tensor(x if isinstance(x, list) else [x], dtype=dtypes.float64)


def _list(tensor):
    # What does not depend on the numbers is a constant on no device, and would go to the CPU.
    return tensor.to("PYTHON").tolist()


def answer(formula, at, order):
    inputs = [_tensor(x) for x in at.values()]
    # A number is an entry of a tensor: tensors of no dimension are constants of its compiler.
    named = {
        name: tensor if isinstance(x, list) else tensor.reshape(())
        for (name, x), tensor in zip(at.items(), inputs, strict=True)
    }
    result = evaluated(formula, FUNCTIONS, named)
    if order == 0:
        return result.item()
    slopes = result.gradient(*inputs)
    if order == 1:
        return [_list(d) for d in slopes]
    parts = [d[i] for d in slopes for i in range(d.shape[0])]
    return [[_list(d) for d in part.gradient(*inputs)] for part in parts]


def second_backward():
    x, y = Tensor([3.0]), Tensor([5.0])
    z = ((x * x) * y).sum()
    z.backward()
    z.backward()
    return x.grad.tolist()


def changed_leaf():
    x = Tensor([2.0]).realize()
    y = (x * x).sum()
    x.assign(Tensor([5.0])).realize()
    return y.gradient(x)[0].tolist()


def in_place_on_needed():
    x = Tensor([0.0])
    y = x.exp()
    y += 1.0
    return y.sum().gradient(x)[0].tolist()


def integer_input():
    x = Tensor([3])
    return (x * x).sum().gradient(x)[0].tolist()


def boolean_input():
    x = Tensor([True])
    return (2.0 * x).sum().gradient(x)[0].tolist()


def unused_input():
    x, y = Tensor([2.0]), Tensor([3.0])
    return _list((x * x).sum().gradient(y)[0])


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
}
