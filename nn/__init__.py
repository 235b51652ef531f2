"""Small neural networks, built from the nodes of `autograd` and thin enough to see through."""

from nn.dropout import Dropout
from nn.layers import Layer, Neuron
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_sse,
    hinge,
    mse,
)
from nn.mlp import MLP
from nn.module import Module
from nn.optim import (
    SGD,
    Adam,
    Optimiser,
    constant_lr,
    cosine_annealing_lr,
    exponential_lr,
    linear_lr,
    sequential_lr,
    step_lr,
)
from nn.penalties import l1_penalty, l2_penalty
from nn.recording import Recording
from nn.recording.boundary import plot_decision_boundary
from nn.saving import load, save
from nn.training import Batches, History, Step, fit

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Batches",
    "Dropout",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "Optimiser",
    "Recording",
    "Step",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "constant_lr",
    "cosine_annealing_lr",
    "cross_entropy",
    "exponential_lr",
    "fit",
    "half_sse",
    "hinge",
    "l1_penalty",
    "l2_penalty",
    "linear_lr",
    "load",
    "mse",
    "plot_decision_boundary",
    "save",
    "sequential_lr",
    "step_lr",
]
