"""Small neural networks, built from the nodes of `autograd` and thin enough to see through."""

from nn.layers import Layer, Neuron
from nn.losses import cross_entropy, half_sse, hinge, mse
from nn.mlp import MLP
from nn.module import Module
from nn.optim import SGD

__all__ = [
    "MLP",
    "SGD",
    "Layer",
    "Module",
    "Neuron",
    "cross_entropy",
    "half_sse",
    "hinge",
    "mse",
]
