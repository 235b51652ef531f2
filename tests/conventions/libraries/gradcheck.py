"""PyTorch's `gradcheck` and `gradgradcheck`, of PyTorch's own derivatives."""

from pathlib import Path

import torch
from measure import Missing, evaluated, loaded

peer = loaded(Path(__file__).parent / "torch.py")

version = peer.version


def answer(formula, at, order):
    if order == 0:
        raise Missing("values")
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at.values()]

    def function(*tensors):
        return evaluated(formula, peer.FUNCTIONS, dict(zip(at, tensors, strict=True)))

    function(*tensors)  # what is missing is said here
    check = torch.autograd.gradcheck if order == 1 else torch.autograd.gradgradcheck
    return "✓" if check(function, tensors, raise_exception=False) else "✗"


BEHAVIOURS = {}
