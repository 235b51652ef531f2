"""Finding parameters."""

import numpy as np

from autograd import Value
from nn import Module, Neuron


class Nested(Module):
    def __init__(self) -> None:
        self.first = Value.parameter(1.0)
        self.by_name = {"a": Value.parameter(2.0), "b": (Value.parameter(3.0), 5, "text")}
        self.neuron = Neuron([self.first])
        self.constant = Value(4.0)


def test_parameters_are_found_in_containers_and_each_once() -> None:
    module = Nested()
    names = [name for name, _ in module.named_parameters()]
    assert names == ["first", "by_name.a", "by_name.b.0"]
    assert [p.data for p in module.parameters()] == [1.0, 2.0, 3.0]


def test_a_module_may_know_itself() -> None:
    module = Nested()
    module.parent = module
    assert len(module.parameters()) == 3


def test_parameters_in_numpy_arrays() -> None:
    module = Module()
    module.W = np.array([[Value.parameter(1.0), Value.parameter(2.0)]])
    module.b = np.array(3.0)
    assert [(n, p.data) for n, p in module.named_parameters()] == [("W.0.0", 1.0), ("W.0.1", 2.0)]


def test_zero_grad() -> None:
    module = Nested()
    (module.first * 2).backward()
    module.zero_grad()
    assert module.first.grad == 0.0
    assert not module.first.has_gradient
