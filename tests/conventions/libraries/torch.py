"""PyTorch: tensors of float64 and `torch.autograd`."""

import torch
from measure import Functions, evaluated
from torch import nn

FUNCTIONS = Functions(
    torch,
    torch.special,
    nn.functional,
    torch.linalg,
    names={"atan2": "arctan2"},
    maximum=lambda x, y: torch.maximum(x, torch.as_tensor(y, dtype=torch.float64)),
    norm=torch.linalg.norm,
    cumprod=lambda v: torch.cumprod(v, 0),
    logsumexp=lambda v: torch.logsumexp(v, 0),
    softmax=lambda v: torch.softmax(v, 0),
    sort=lambda v: torch.sort(v).values,
)


def version():
    return torch.__version__.partition("+")[0]


def answer(formula, at, order):
    names = list(at)
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at.values()]

    def function(*tensors):
        return evaluated(formula, FUNCTIONS, dict(zip(names, tensors, strict=True)))

    if order == 0:
        return function(*tensors).item()
    if order == 1:
        found = torch.autograd.grad(function(*tensors), tensors, allow_unused=True)
        return [None if d is None else d.tolist() for d in found]
    matrix = torch.autograd.functional.hessian(function, tuple(tensors))
    rows = [torch.stack(row) if row[0].ndim == 0 else row[0] for row in matrix]
    return [row.tolist() for row in rows]


def _leaf(x):
    return torch.tensor(x, requires_grad=True)


def second_backward():
    x, y = _leaf(3.0), _leaf(5.0)
    z = (x * x) * y
    z.backward()
    z.backward()
    return x.grad.item()


def changed_leaf():
    x = _leaf(2.0)
    y = x * x
    x.data.fill_(5.0)
    y.backward()
    return x.grad.item()


def in_place_on_needed():
    x = _leaf(0.0)
    y = torch.exp(x)
    y += 1.0
    y.backward()
    return x.grad.item()


def integer_input():
    x = torch.tensor(3, requires_grad=True)
    (x * x).backward()
    return x.grad.item()


def boolean_input():
    x = torch.tensor(True, requires_grad=True)
    (2.0 * x).backward()
    return x.grad.item()


def unused_input():
    x, y = _leaf(2.0), _leaf(3.0)
    (x * x).backward()
    return y.grad


def constant_result():
    x = _leaf(2.0)
    return torch.autograd.grad(torch.tensor(3.0), x)[0].item()


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
