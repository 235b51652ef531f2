"""Gradient descent, held to PyTorch's figures."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from autograd import Value
from nn import SGD, Adam, Optimiser

# Made by make_torch_figures.py beside it.
DOCUMENT = json.loads(
    (Path(__file__).parent / "data" / "torch_optimisers.json").read_text(encoding="utf-8")
)
FIGURES = DOCUMENT["figures"]
KINDS = {"SGD": SGD, "Adam": Adam}


def optimiser_of(figures):
    parameters = [Value.parameter(number) for number in figures["start"]]
    return KINDS[figures["kind"]](parameters, **figures["settings"])


def take_step(optimiser, gradient) -> list[float]:
    for parameter, slope in zip(optimiser.parameters, gradient, strict=True):
        parameter.grad = slope
    optimiser.step()
    return [parameter.data for parameter in optimiser.parameters]


@pytest.mark.parametrize("name", [n for n in FIGURES if FIGURES[n]["kind"] == "SGD"])
def test_sgd_is_pytorchs_bit_for_bit(name) -> None:
    figures = FIGURES[name]
    optimiser = optimiser_of(figures)
    found = [take_step(optimiser, gradient) for gradient in figures["gradients"]]
    assert found == figures["after"]


@pytest.mark.parametrize("name", [n for n in FIGURES if FIGURES[n]["kind"] == "Adam"])
def test_adam_is_pytorchs(name) -> None:
    """To the last digit but one, as PyTorch's square root is not always rounded to the nearest."""
    figures = FIGURES[name]
    optimiser = optimiser_of(figures)
    for gradient, after in zip(figures["gradients"], figures["after"], strict=True):
        assert take_step(optimiser, gradient) == pytest.approx(after, rel=1e-15, abs=0)


def test_all_settings_are_among_the_figures() -> None:
    used = {setting for figures in FIGURES.values() for setting in figures["settings"]}
    assert used == {"lr", *SGD.settings, *Adam.settings}
    assert all(len(figures["after"]) == 25 for figures in FIGURES.values())


def test_a_step_subtracts_rate_times_gradient() -> None:
    w, b = Value.parameter(2.0), Value.parameter(-1.0)
    optimiser = SGD([w, b], lr=0.25)
    (w * w + 3 * b).backward()
    optimiser.step()
    assert (w.data, b.data) == (1.0, -1.75)
    optimiser.zero_grad()
    assert (w.grad, b.grad) == (0.0, 0.0)
    with pytest.warns(UserWarning, match="no gradient"):
        optimiser.step()
    assert (w.data, b.data) == (1.0, -1.75)


W = Value.parameter(1.0)
LR = "the learning rate must be a positive number, got"


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: SGD([], 0.1),
            ValueError,
            "SGD: there are no parameters; give model.parameters(), of a model whose attributes "
            "are made by Value.parameter(data)",
        ),
        (
            lambda: SGD([W], 1, momentum=0.5, nesterov="no"),
            TypeError,
            "SGD: nesterov: expected True or False, got 'no'",
        ),
        (lambda: SGD([1.0], 0.1), TypeError, "SGD: expected Values as parameters, got float 1.0"),
        (lambda: SGD(3, 0.1), TypeError, "SGD: expected a list of parameters, got 3; give model.p"),
        (lambda: Adam(3, 0.1), TypeError, "Adam: expected a list of parameters, got 3; give mode"),
        (lambda: SGD([W * 2], 0.1), ValueError, "is computed and no leaf; give model.parameters()"),
        (lambda: SGD([W], None), ValueError, f"SGD: {LR} None"),
        (lambda: SGD([W], 0), ValueError, f"SGD: {LR} 0"),
        (lambda: SGD([W], "0.1"), ValueError, f"SGD: {LR} '0.1'"),
        (lambda: SGD([W], float("inf")), ValueError, f"SGD: {LR} inf"),
        (lambda: Adam([W], float("nan")), ValueError, f"Adam: {LR} nan"),
        (
            lambda: SGD([W], 1, momentum=-0.1),
            ValueError,
            "SGD: momentum must be a number from 0 on",
        ),
        (lambda: SGD([W], 1, weight_decay=-1), ValueError, "SGD: weight_decay must be a number fr"),
        (
            lambda: SGD([W], lr=Value(0.1)),
            ValueError,
            "SGD: the learning rate must be a positive number, got Value(data=0.1",
        ),
        (lambda: SGD([W], 1, nesterov=True), ValueError, "nesterov=True needs a momentum above 0"),
        (lambda: Adam([W], betas=0.9), ValueError, "Adam: betas must be two numbers, got 0.9"),
        (
            lambda: Adam([W], betas=(0.9, 1.0)),
            ValueError,
            "Adam: betas must be numbers from 0 to b",
        ),
        (lambda: Adam([W], eps=0.0), ValueError, "Adam: eps must be a positive number, got 0.0"),
        (
            lambda: Adam([W], weight_decay="a"),
            ValueError,
            "Adam: weight_decay must be a number fro",
        ),
    ],
)
def test_bad_input(call, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        call()


def test_the_rate_may_change_and_a_bad_one_leaves_the_old() -> None:
    optimiser = SGD([Value.parameter(1.0)], np.float32(0.5))
    assert optimiser.lr == 0.5
    optimiser.lr = 0.25
    with pytest.raises(ValueError, match="the learning rate must be a positive number, got '1'"):
        optimiser.lr = "1"
    assert repr(optimiser) == "SGD(1 parameters, lr=0.25)"
    optimiser.lr = 0.0  # where a schedule ends
    assert optimiser.lr == 0.0


def test_they_show_their_settings() -> None:
    optimiser = SGD([W], 0.1, momentum=0.9, nesterov=True)
    assert repr(optimiser) == "SGD(1 parameters, lr=0.1, momentum=0.9, nesterov=True)"
    assert repr(Adam([W])) == "Adam(1 parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-08)"


def test_a_parameter_that_is_given_twice_moves_once() -> None:
    w = Value.parameter(1.0)
    (w * 2).backward()
    SGD([w, w], lr=0.25).step()
    assert w.data == 0.5


@pytest.mark.parametrize("name", FIGURES)
def test_an_optimiser_goes_on_from_a_state(name) -> None:
    figures = FIGURES[name]
    first = optimiser_of(figures)
    for gradient in figures["gradients"][:10]:
        take_step(first, gradient)
    state = json.loads(json.dumps(first.state_dict()))
    parameters = [Value.parameter(p.data) for p in first.parameters]
    second = KINDS[figures["kind"]](parameters, lr=123.0)
    second.load_state_dict(state)
    assert second.state_dict() == first.state_dict()
    for gradient in figures["gradients"][10:]:
        assert take_step(second, gradient) == take_step(first, gradient)


def test_a_state_is_a_copy() -> None:
    optimiser = optimiser_of(FIGURES["momentum"])
    take_step(optimiser, FIGURES["momentum"]["gradients"][0])
    state = optimiser.state_dict()
    before = json.dumps(state)
    take_step(optimiser, FIGURES["momentum"]["gradients"][1])
    assert json.dumps(state) == before


def changed(state, **entries):
    return {**state, **entries}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda state: None, "SGD: expected a state with"),
        (lambda state: {}, "SGD: expected a state with"),
        (lambda state: changed(state, kind="Adam"), "the state is of 'Adam', another optimiser"),
        (lambda state: changed(state, lr=-1.0), "the learning rate must be a positive number"),
        (lambda state: changed(state, steps=-1), "-1 is no number of steps"),
        (lambda state: changed(state, settings={}), "SGD: expected a state with ['momentum', 'nes"),
        (
            lambda state: changed(state, settings=changed(state["settings"], momentum=None)),
            "SGD: momentum must be a number from 0 on, got None",
        ),
        (lambda state: changed(state, buffers=3), "the buffers of the state are damaged"),
        (
            lambda state: changed(state, buffers={"velocity": [1.0]}),
            "the state is of 1 parameters, and there are 6",
        ),
        (lambda state: changed(state, steps=True), "SGD: True is no number of steps"),
        (
            lambda state: changed(state, steps=2**63),
            "SGD: 9223372036854775808 is no number of steps",
        ),
        (
            lambda state: changed(state, steps=0),
            "SGD: expected the buffers [] in a state after 0 steps, got ['velocity']",
        ),
        (
            lambda state: changed(state, buffers={"mean": [1.0] * 6}),
            "SGD: expected the buffers ['velocity'] in a state after 1 steps, got ['mean']",
        ),
        (
            lambda state: changed(state, buffers={"velocity": ["1"] * 6}),
            "'velocity' in the state is no list of numbers",
        ),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(spoil, message) -> None:
    optimiser = optimiser_of(FIGURES["momentum"])
    take_step(optimiser, FIGURES["momentum"]["gradients"][0])
    before = json.dumps(optimiser.state_dict())
    with pytest.raises(ValueError, match=re.escape(message)):
        optimiser.load_state_dict(spoil(optimiser.state_dict()))
    assert json.dumps(optimiser.state_dict()) == before


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        (
            {"buffers": {"mean": [0.0] * 6}},
            ValueError,
            "Adam: expected the buffers ['mean', 'mean_square'] in a state after 1 steps, got "
            "['mean']",
        ),
        ({"buffers": {}}, ValueError, "in a state after 1 steps, got []"),
        ({"steps": 0}, ValueError, "Adam: expected the buffers [] in a state after 0 steps, got"),
        (
            {"buffers": {"mean": [0.0] * 6, "mean_square": [1.0] * 5 + [-1e-9]}},
            ValueError,
            "Adam: 'mean_square' in the state has a number below 0",
        ),
        (
            {"buffers": {"mean": [0.0] * 5, "mean_square": [1.0] * 5}},
            ValueError,
            "Adam: the state is of 5 parameters, and there are 6",
        ),
    ],
)
def test_adams_state_that_does_not_fit_changes_nothing(changes, kind, message) -> None:
    optimiser = Adam(Value.parameter(number) for number in range(6))
    take_step(optimiser, [1.0] * 6)
    before = json.dumps(optimiser.state_dict())
    with pytest.raises(kind, match=re.escape(message)):
        optimiser.load_state_dict(changed(optimiser.state_dict(), **changes))
    assert json.dumps(optimiser.state_dict()) == before


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_the_states_that_training_leaves_fit(kind) -> None:
    """Also that of a gradient which is nan, and that of no step."""
    options = {"momentum": 0.9} if kind is SGD else {}
    for gradients in ([], [1.0], [1.0, float("nan"), float("inf")]):
        optimiser, twin = (kind([Value.parameter(1.0)], 0.1, **options) for _ in range(2))
        for gradient in gradients:
            take_step(optimiser, [gradient])
        state = json.dumps(optimiser.state_dict())
        twin.load_state_dict(json.loads(state))
        assert json.dumps(twin.state_dict()) == state


def test_an_optimiser_of_ones_own() -> None:
    class Signs(Optimiser):
        """Steps of one length, along the signs of the gradient."""

        def update(self, numbers, gradients):
            pairs = zip(numbers, gradients, strict=True)
            new = [p - self.lr * float(np.sign(g)) for p, g in pairs]
            return SGD([W], 1.0).update(numbers, gradients)._replace(numbers=new)

    w = Value.parameter(1.0)
    optimiser = Signs([w], lr=0.25)
    (-100 * w).backward()
    optimiser.step()
    assert (w.data, optimiser.steps) == (1.25, 1)
    assert repr(optimiser) == "Signs(1 parameters, lr=0.25)"


def test_a_step_without_any_gradient_is_warned_of_once() -> None:
    first, second = Value.parameter(1.0), Value.parameter(2.0)
    optimiser = SGD([first, second], lr=0.5)
    said = (
        r"SGD.step\(\) found no gradient in any of 2 parameters; call loss.backward\(\) before it"
    )
    with pytest.warns(UserWarning, match=said):
        optimiser.step()
    optimiser.step()  # a warning would be an error here
    assert (first.data, second.data) == (1.0, 2.0)


def test_a_step_where_some_have_a_gradient_is_not_warned_of() -> None:
    first, second = Value.parameter(1.0), Value.parameter(2.0)
    optimiser = SGD([first, second], lr=0.5)
    (second * 0.0).backward()  # a gradient of 0 is one
    optimiser.step()
    optimiser.zero_grad()
    with pytest.warns(UserWarning, match="found no gradient"):
        optimiser.step()
