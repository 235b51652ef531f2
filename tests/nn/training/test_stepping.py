"""Compiled and eager steps are the same, dropout included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value
from nn.training.objective import Objective
from nn.training.stepping import CompiledStep, EagerStep, step_for

LOSSES = {
    # The loss, what its targets are drawn from, and how many outputs it needs (0: any).
    "mse": (nn.mse, "numbers", 0),
    "half_sse": (nn.half_sse, "numbers", 0),
    "hinge": (nn.hinge, "signs", 0),
    "cross_entropy": (nn.cross_entropy, "classes", 3),
    "binary": (nn.binary_cross_entropy_with_logits, "answers", 0),
}
PENALTIES = {
    "none": None,
    "l1": lambda model: nn.l1_penalty(model, 0.01),
    "l2 of all": lambda model: nn.l2_penalty(model.parameters(), 0.1),
}


def targets_of(kind, samples, outputs, rng):
    if kind == "classes":
        return rng.integers(0, outputs, samples)
    shape = samples if outputs == 1 else (samples, outputs)
    if kind == "answers":
        return rng.integers(0, 2, shape)
    return rng.normal(size=shape) if kind == "numbers" else 2 * rng.integers(0, 2, shape) - 1


@settings(max_examples=25)
@given(
    hidden=st.lists(st.integers(1, 5), max_size=2),
    outputs=st.integers(1, 3),
    activation=st.sampled_from(["relu", "tanh", "sigmoid", "gelu", "leaky_relu"]),
    loss=st.sampled_from(sorted(LOSSES)),
    penalty=st.sampled_from(sorted(PENALTIES)),
    dropout=st.sampled_from([0.0, 0.4]),
    samples=st.integers(1, 9),
    frozen=st.integers(0, 3),
    seed=st.integers(0, 99),
)
def test_loss_and_gradient(
    hidden, outputs, activation, loss, penalty, dropout, samples, frozen, seed
) -> None:
    function, kind, needed = LOSSES[loss]
    outputs = needed or outputs
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(9, 3)), targets_of(kind, 9, outputs, rng)
    found = []
    for step_class in (EagerStep, CompiledStep):
        model = nn.MLP(3, [*hidden, outputs], activation, rng=seed, dropout=dropout)
        parameters = model.parameters()[frozen:]
        numbers = [p.data for p in parameters]
        step = step_class(
            Objective(model, parameters, nn.Batches((x, y)), function, PENALTIES[penalty])
        )
        first = step(numbers, np.arange(samples))
        second = step(numbers, np.arange(9)[::-1][:samples])
        found.append((*first, *second, [p.data for p in model.parameters()], model.state_dict()))
    (a, da, b, db, *rest), (c, dc, d, dd, *others) = found
    assert (a, b) == pytest.approx((c, d), rel=1e-12, abs=1e-14)
    assert da == pytest.approx(list(dc), rel=1e-11, abs=1e-13)
    assert db == pytest.approx(list(dd), rel=1e-11, abs=1e-13)
    assert rest == others  # the generators of dropout, too


def objective(model, loss, targets=(1, -1), penalty=None):
    return Objective(
        model, model.parameters(), nn.Batches(([[1.0, 2.0], [-1.0, 0.5]], targets)), loss, penalty
    )


def test_on_one_sample_the_program_is_the_eager_engine_bit_for_bit() -> None:
    model = nn.MLP(2, [5, 1], "tanh", rng=0)
    numbers = [p.data for p in model.parameters()]
    eager = EagerStep(objective(model, nn.mse))(numbers, np.array([1]))
    compiled = CompiledStep(objective(model, nn.mse))(numbers, np.array([1]))
    assert (compiled[0], list(compiled[1])) == (eager[0], list(eager[1]))


def test_the_gradient_is_that_of_numpy() -> None:
    """A linear model and its squared error, by the formula 2/n · Xᵀ(Xw - y)."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    model = nn.MLP(3, [1], rng=0)
    w = np.array([*model.weights()[0][0], 0.0])
    ones = np.column_stack([x, np.ones(20)])
    errors = ones @ w - y
    for step_class in (EagerStep, CompiledStep):
        step = step_class(Objective(model, model.parameters(), nn.Batches((x, y)), nn.mse))
        loss, gradient = step(w.tolist(), np.arange(20))
        assert loss == pytest.approx(np.mean(errors**2), rel=1e-13)
        assert gradient == pytest.approx((2 / 20 * ones.T @ errors).tolist(), rel=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_the_losses_are_compiled(name) -> None:
    function, kind, needed = LOSSES[name]
    model = nn.MLP(2, [needed or 1], rng=0)
    targets = {"numbers": [0.5, 2.0], "signs": [1, -1], "classes": [2, 0]}.get(kind, [1, 0])
    assert step_for(objective(model, function, targets), None).compiled


def branching(output, target):
    return output * 1.0 if output > 0 else -output


def looking(output, target):
    return (output - target) ** 2 * (1.0 if output.data > 0 else 2.0)


def reading(output, target):
    return output * output.data + target


SCALE = Value.parameter(2.0, label="scale")


class Outside(nn.Module):
    """A model that uses a parameter which is none of its own attributes."""

    def __init__(self) -> None:
        self.w = Value.parameter(3.0)

    def __call__(self, x):
        return self.w * x[0] * SCALE

    def parameters(self):
        return [self.w, SCALE]


class Uncopied(nn.Module):
    """A model that cannot be copied."""

    def __init__(self) -> None:
        self.w, self.lock = Value.parameter(3.0), (i for i in [])

    def __call__(self, x):
        return self.w * x[0]


@pytest.mark.parametrize(
    ("model", "loss", "message"),
    [
        (nn.MLP.from_weights([[[1.0, 1.0]]]), branching, "it cannot branch with `if`"),
        (nn.MLP.from_weights([[[1.0, 1.0]]]), looking, "its .data cannot be read"),
        (nn.MLP.from_weights([[[1.0, 1.0]]]), reading, "its .data cannot be read"),
        (Outside(), nn.mse, "parameter 'scale' is used from outside the model"),
        (Uncopied(), nn.mse, "cannot pickle 'generator' object"),
    ],
)
def test_what_cannot_be_compiled_is_eager_and_right(model, loss, message) -> None:
    numbers = [p.data for p in model.parameters()]
    step = step_for(objective(model, loss), None)
    assert not step.compiled
    samples = [loss(model(x), y) for x, y in (([1.0, 2.0], 1), ([-1.0, 0.5], -1))]
    value, gradient = step(numbers, np.array([0, 1]))
    assert value == pytest.approx(sum(s.data for s in samples) / 2)
    expected = autograd.gradients(sum(samples) / 2, model.parameters())
    assert gradient == pytest.approx(expected)
    with pytest.raises(Exception, match=message) as caught:
        step_for(objective(model, loss), True)
    assert caught.value.__notes__ == [
        "fit: with compiled=None it trains without a program where it must"
    ]


def test_a_loss_with_a_where_is_compiled_for_both_arms() -> None:
    def loss(output, target):
        error = output - target
        return autograd.where(error > 0, 3 * error, -error)

    model = nn.MLP.from_weights([[[1.0, -1.0]]])
    step = step_for(objective(model, loss), None)
    assert step.compiled
    value, _ = step([1.0, -1.0], np.array([0, 1]))  # errors -2 and -0.5
    assert value == 1.25
    value, _ = step([3.0, 1.0], np.array([0, 1]))  # errors 4 and -1.5
    assert value == 6.75


def test_a_sample_is_not_looked_up_by_value() -> None:
    """Two samples with the same inputs have targets of their own."""
    model = nn.MLP.from_weights([[[1.0, 1.0]]])
    data = nn.Batches(([[1.0, 2.0]] * 2, [0.0, 10.0]))
    step = CompiledStep(Objective(model, model.parameters(), data, nn.mse))
    assert step([1.0, 1.0], np.array([0, 1]))[0] == (9 + 49) / 2


def test_a_penalty_that_looks_at_data_is_eager() -> None:
    model = nn.MLP.from_weights([[[1.0, -1.0]]])
    w = model.parameters()[0]
    penalty = lambda model: model.parameters()[0] * model.parameters()[0].data  # noqa: E731
    step = step_for(objective(model, nn.mse, (-1.0, -1.5), penalty), None)
    assert not step.compiled
    assert step([1.0, -1.0], np.array([0, 1])) == (1.0, [1.0, 0.0])
    assert w.data == 1.0
