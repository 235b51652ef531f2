"""Derivatives of functions, of any order."""

from autograd.transforms.derivatives import grad, hessian, jacobian, value_and_grad
from autograd.transforms.products import hvp, jvp, vjp
from autograd.transforms.reverse import gradients

__all__ = ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]
