"""Finding parameters."""

import json
import re

import numpy as np
import pytest

from autograd import Value
from nn import MLP, Dropout, Module, Neuron


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


class Deep(Module):
    def __init__(self) -> None:
        self.layers = [Neuron([1.0]), {"x": Nested()}]
        self.dropout = Dropout(0.5, rng=0)
        self.again = self.dropout


def test_modules_inside_are_found_once() -> None:
    module = Deep()
    names = [name for name, _ in module.named_modules()]
    assert names == ["", "layers.0", "layers.1.x", "layers.1.x.neuron", "dropout"]


def test_modes_reach_all_modules() -> None:
    module = Deep()
    assert all(found.training for _, found in module.named_modules())
    assert module.eval() is module
    assert not any(found.training for _, found in module.named_modules())
    assert module.train() is module
    assert all(found.training for _, found in module.named_modules())


def test_a_state_has_the_numbers_by_name() -> None:
    assert Nested().state_dict() == {"first": 1.0, "by_name.a": 2.0, "by_name.b.0": 3.0}
    module, twin = Deep(), Deep()
    for index, parameter in enumerate(module.parameters()):
        parameter.data = 0.1 * index
    module.dropout.mask(5)
    state = json.loads(json.dumps(module.state_dict()))
    twin.load_state_dict(state)
    assert twin.state_dict() == module.state_dict() == state
    assert twin.dropout.mask(9) == module.dropout.mask(9)


@pytest.mark.parametrize(
    ("spoil", "kind", "message"),
    [
        (
            lambda state: [1.0],
            TypeError,
            "Nested: expected a state as state_dict() gives it, got [",
        ),
        (
            lambda state: {"first": 5.0, "second": 1.0},
            ValueError,
            "Nested: the state is of another architecture: it has no by_name.a, by_name.b.0; the "
            "model has no second; build the model as it was when the state was taken",
        ),
        (
            lambda state: {**state, "by_name.b.0": "3"},
            ValueError,
            "Nested: by_name.b.0 is no number in the state, but '3'",
        ),
        (
            lambda state: {**dict.fromkeys(state, 5.0), "by_name.b.0": 10**400},
            ValueError,
            "Nested: by_name.b.0 in the state is beyond the largest float, 1.8e308",
        ),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(spoil, kind, message) -> None:
    module = Nested()
    with pytest.raises(kind, match=re.escape(message)):
        module.load_state_dict(spoil({"first": 5.0, "by_name.a": 6.0, "by_name.b.0": 7.0}))
    assert [p.data for p in module.parameters()] == [1.0, 2.0, 3.0]


def test_two_parameters_of_one_name_have_no_state() -> None:
    module = Module()
    module.found = {"a": {"b": Value.parameter(1.0)}, "a.b": Value.parameter(2.0)}
    assert len(module.parameters()) == 2
    with pytest.raises(ValueError, match="Module: two parameters have the same name in the state"):
        module.state_dict()


def test_a_network_with_other_activations_is_another_architecture() -> None:
    model = MLP(2, [3, 1], activation="relu", rng=0)
    before = model.state_dict()
    for other in (MLP(2, [3, 1], activation="tanh"), MLP(2, [4, 1]), MLP(2, [3, 1], dropout=0.1)):
        with pytest.raises(ValueError, match="the state is of another architecture"):
            model.load_state_dict(other.state_dict())
        assert model.state_dict() == before
    model.load_state_dict(MLP(2, [3, 1], activation="relu", rng=1).state_dict())
    assert model.weights() == MLP(2, [3, 1], rng=1).weights()
