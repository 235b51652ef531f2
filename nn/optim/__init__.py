"""Optimisers, which change parameters along their gradients, and learning-rate schedules."""

from nn.optim.adam import Adam
from nn.optim.optimiser import Optimiser
from nn.optim.schedules import (
    constant_lr,
    cosine_annealing_lr,
    exponential_lr,
    linear_lr,
    sequential_lr,
    step_lr,
)
from nn.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adam",
    "Optimiser",
    "constant_lr",
    "cosine_annealing_lr",
    "exponential_lr",
    "linear_lr",
    "sequential_lr",
    "step_lr",
]
