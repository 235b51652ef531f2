"""`fit`: what it computes, what ends it, and what it refuses."""

import json
import math
import re
import sys

import numpy as np
import pytest

import autograd
import nn
from autograd import Value

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 2))
SIGNS = np.where(X[:, 0] * X[:, 1] > 0, 1, -1)
LINE = X @ np.array([2.0, -1.0]) + 0.5
CLASSES = RNG.integers(0, 3, 30)


def linear(start=(0.0, 0.0)):
    return nn.MLP.from_weights([[list(start)]], [0.0])


def numbers(model):
    return [p.data for p in model.parameters()]


@pytest.mark.parametrize("compiled", [False, True])
def test_it_is_gradient_descent(compiled) -> None:
    """Held to the same steps in NumPy, with a penalty on the weights."""
    model = linear()
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(
        model,
        (X, LINE),
        nn.mse,
        optimiser,
        epochs=12,
        penalty=lambda model: nn.l2_penalty(model, 0.01),
        compiled=compiled,
    )
    w, ones = np.zeros(3), np.column_stack([X, np.ones(30)])
    decays = np.array([1.0, 1.0, 0.0])
    losses = []
    for _ in range(12):
        errors = ones @ w - LINE
        losses.append(np.mean(errors**2) + 0.01 * np.sum(decays * w**2))
        w -= 0.1 * (2 / 30 * ones.T @ errors + 0.02 * decays * w)
    assert history.losses == pytest.approx(losses, rel=1e-12)
    assert numbers(model) == pytest.approx(w.tolist(), rel=1e-12)
    assert history.compiled is compiled
    assert history.lrs == [0.1] * 12
    assert history.epochs == list(range(1, 13))
    assert history.stopped == "went through the data 12 times"
    assert optimiser.steps == 12
    assert not any(p.has_gradient for p in model.parameters())


@pytest.mark.parametrize(
    ("loss", "targets", "outputs"),
    [(nn.hinge, SIGNS, 1), (nn.half_sse, LINE, 1), (nn.cross_entropy, CLASSES, 3)],
    ids=["hinge", "half_sse", "cross_entropy"],
)
@pytest.mark.parametrize(
    "optimiser_of",
    [
        lambda parameters: nn.SGD(parameters, 0.05, momentum=0.9, nesterov=True),
        lambda parameters: nn.Adam(parameters, 0.05, weight_decay=0.01),
    ],
    ids=["sgd", "adam"],
)
def test_eager_and_compiled_training_are_the_same(loss, targets, outputs, optimiser_of) -> None:
    found = []
    for compiled in (False, None):
        model = nn.MLP(2, [6, outputs], "tanh", rng=0, dropout=0.2)
        history = nn.fit(
            model,
            (X, targets),
            loss,
            optimiser_of(model.parameters()),
            epochs=4,
            batch_size=8,
            rng=1,
            penalty=lambda model: nn.l1_penalty(model, 0.001),
            validation=(X[:5], targets[:5]),
            compiled=compiled,
        )
        assert history.compiled is (compiled is None)
        found.append((history, numbers(model)))
    (eager, first), (compiled_, second) = found
    assert len(eager.losses) == 16
    assert eager.losses == pytest.approx(compiled_.losses, rel=1e-10)
    assert eager.validation == pytest.approx(compiled_.validation, rel=1e-10)
    assert first == pytest.approx(second, rel=1e-9, abs=1e-12)


def test_a_schedule_is_asked_by_epoch_or_by_step() -> None:
    for by, expected in (("epoch", [1, 1, 1, 2, 2, 2, 3]), ("step", [1, 2, 3, 4, 5, 6, 7])):
        model = linear()
        optimiser = nn.SGD(model.parameters(), 0.5)
        history = nn.fit(
            model,
            (X, LINE),
            nn.mse,
            optimiser,
            batch_size=10,
            max_steps=7,
            schedule=lambda count: 0.01 * (count + 1),
            schedule_by=by,
        )
        assert history.lrs == pytest.approx([0.01 * n for n in expected])
        assert optimiser.lr == history.lrs[-1]


def test_what_a_schedule_changes_is_trained_on() -> None:
    """Such as weights that are kept below a bound: it is asked before each step."""
    found = []
    for compiled in (False, True):
        model = linear()

        def schedule(step, weights=model.layers[0].neurons[0].weights):
            for weight in weights:
                weight.data = min(weight.data, 0.5)
            return 0.1

        history = nn.fit(
            model,
            (X, LINE),
            nn.mse,
            nn.SGD(model.parameters(), 0.1),
            max_steps=30,
            schedule=schedule,
            schedule_by="step",
            compiled=compiled,
        )
        found.append([*history.losses, *numbers(model)])
        assert 0.5 < numbers(model)[0] < 1.0  # two, without the bound
    assert found[0] == pytest.approx(found[1], rel=1e-9)


# --- Going on -------------------------------------------------------------------------------------


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("by", ["epoch", "step"])
@pytest.mark.parametrize("kind", ["momentum", "adam"])
def test_a_run_that_is_resumed_gives_the_numbers_of_one_that_was_not(
    compiled, by, kind, tmp_path
) -> None:
    """Bit for bit: momentum, Adam, dropout, shuffling and schedules."""

    def parts(seed):
        model = nn.MLP(2, [5, 1], "tanh", rng=seed, dropout=0.3)
        optimiser = (
            nn.SGD(model.parameters(), 0.1, momentum=0.9, nesterov=True)
            if kind == "momentum"
            else nn.Adam(model.parameters(), 0.1)
        )
        batches = nn.Batches((X, SIGNS), 7, rng=seed)
        return {
            "model": model, "optimiser": optimiser, "batches": batches, "history": nn.History(),
        }  # fmt: skip

    def train(parts, epochs):
        nn.fit(
            parts["model"],
            parts["batches"],
            nn.hinge,
            parts["optimiser"],
            epochs=epochs,
            schedule=nn.cosine_annealing_lr(0.1, 6 if by == "epoch" else 30),
            schedule_by=by,
            compiled=compiled,
            history=parts["history"],
            progress=False,
        )

    whole = parts(0)
    train(whole, 6)
    first = parts(0)
    train(first, 2)
    nn.save(tmp_path / "run.json", **first)
    second = parts(1)
    nn.load(tmp_path / "run.json", **second)
    train(second, 4)
    assert json.dumps(second["model"].state_dict()) == json.dumps(whole["model"].state_dict())
    for name in ("optimiser", "batches"):
        assert second[name].state_dict() == whole[name].state_dict()
    assert second["history"].losses == whole["history"].losses
    assert second["history"].lrs == whole["history"].lrs
    assert len(set(whole["history"].lrs)) > 5


def test_frozen_parameters_stay_and_get_no_gradient() -> None:
    for compiled in (False, True):
        model = nn.MLP(2, [3, 1], rng=0)
        trained, frozen = model.layers[0].parameters(), model.layers[1].parameters()
        before = [p.data for p in frozen]
        nn.fit(model, (X, LINE), nn.mse, nn.SGD(trained, 0.1), epochs=3, compiled=compiled)
        assert [p.data for p in frozen] == before
        assert not any(p.has_gradient for p in frozen)


# --- What ends training ---------------------------------------------------------------------------


def test_tolerance_as_in_the_tutorials() -> None:
    """The last loss is that of the parameters, as no step was made after it."""
    model = linear()
    history = nn.fit(
        model, (X, LINE), nn.mse, nn.SGD(model.parameters(), 0.1), max_steps=999, tolerance=1e-3
    )
    falls = [a - b for a, b in zip(history.losses, history.losses[1:], strict=False)]
    assert falls[-1] < 1e-3 <= min(falls[:-1])
    last = len(history.losses) - 1
    assert history.stopped == f"converged at step {last} with loss {history.losses[-1]:.6g}"
    errors = [model(x).data - y for x, y in zip(X.tolist(), LINE, strict=True)]
    assert history.losses[-1] == pytest.approx(np.mean(np.square(errors)), rel=1e-12)


def test_tolerance_in_mini_batches_is_of_the_epochs_mean() -> None:
    model = linear()
    history = nn.fit(
        model,
        (X, LINE),
        nn.mse,
        nn.SGD(model.parameters(), 0.05),
        epochs=999,
        batch_size=10,
        rng=0,
        tolerance=1e-2,
    )
    means = np.array(history.losses).reshape(-1, 3).mean(axis=1)
    falls = means[:-1] - means[1:]
    assert falls[-1] < 1e-2 <= falls[:-1].min()
    assert history.stopped.startswith("converged at step")


@pytest.mark.parametrize("steps", [1, 3, 4, 7])
def test_at_most_so_many_steps(steps) -> None:
    model = linear()
    optimiser = nn.SGD(model.parameters(), 0.1)
    batches = nn.Batches((X, LINE), 10, rng=0)
    history = nn.fit(model, batches, nn.mse, optimiser, max_steps=steps)
    assert len(history.losses) == optimiser.steps == steps
    assert history.stopped == ("made 1 step" if steps == 1 else f"made {steps} steps")
    assert len(history.epochs) == steps // 3
    assert batches.epoch == -(-steps // 3)
    before = model.state_dict(), optimiser.state_dict(), batches.state_dict(), list(history.losses)
    nn.fit(model, batches, nn.mse, optimiser, max_steps=0, history=history)
    nn.fit(model, batches, nn.mse, optimiser, epochs=0, history=history)
    assert before == (
        model.state_dict(),
        optimiser.state_dict(),
        batches.state_dict(),
        history.losses,
    )


def test_early_stopping_puts_the_best_parameters_back() -> None:
    """Training and validation disagree, so that the validation loss falls and then rises."""
    seen = []

    def loss(output, target):
        return (output - target) ** 2

    for patience in (1, 4):
        model = nn.MLP.from_weights([[[0.0]]])
        history = nn.fit(
            model,
            ([[1.0]], [1.0]),
            loss,
            nn.SGD(model.parameters(), 0.05),
            epochs=100,
            validation=([[1.0]], [0.5]),
            patience=patience,
        )
        best = int(np.argmin(history.validation))
        assert 0 < best < 20
        assert len(history.validation) == best + 1 + patience
        assert history.stopped == (
            f"no better validation loss for {patience} epochs than {min(history.validation):.6g} "
            f"after epoch {best + 1}"
        )
        assert loss(model([1.0]), 0.5).data == pytest.approx(min(history.validation), rel=1e-12)
        seen.append(numbers(model))
    assert seen[0] == seen[1]


def test_validation_is_in_evaluation_mode_without_the_penalty() -> None:
    model = nn.MLP(2, [20, 1], rng=0, dropout=0.5)
    for compiled in (False, True):
        history = nn.fit(
            model,
            (X, LINE),
            nn.mse,
            nn.SGD(model.parameters(), 1e-4),
            epochs=1,
            validation=(X, LINE),
            penalty=lambda model: nn.l2_penalty(model, 100.0),
            compiled=compiled,
        )
        model.eval()
        losses = [nn.mse(model(x), y).data for x, y in zip(X.tolist(), LINE, strict=True)]
        assert history.validation == [pytest.approx(np.mean(losses), rel=1e-12)]
        model.train()


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_left_as_it_was(training) -> None:
    model = nn.MLP(2, [4, 1], rng=0, dropout=0.5).train(training)
    optimiser = nn.SGD(model.parameters(), 0.1)
    nn.fit(model, (X, LINE), nn.mse, optimiser, epochs=2, validation=(X, LINE))
    assert {module.training for _, module in model.named_modules()} == {training}


@pytest.mark.parametrize("compiled", [False, True])
def test_a_loss_that_runs_away_ends_training_before_the_step(compiled) -> None:
    model = linear()
    with pytest.warns(RuntimeWarning, match="fit: diverged: .* a smaller learning rate") as caught:
        history = nn.fit(
            model,
            (X, LINE),
            nn.mse,
            nn.SGD(model.parameters(), 1e10),
            epochs=1000,
            compiled=compiled,
        )
    assert [warning.filename for warning in caught] == [__file__]  # the line that called fit
    assert history.stopped.startswith("diverged: the ")
    assert all(math.isfinite(number) for number in numbers(model))
    assert all(math.isfinite(loss) for loss in history.losses)


def test_a_gradient_that_is_not_finite_is_no_step() -> None:
    model = nn.MLP.from_weights([[[0.0]]])
    with pytest.warns(RuntimeWarning, match="the gradient is not finite, the loss 0 at step 0"):
        history = nn.fit(
            model,
            ([[1.0]], [1.0]),
            lambda output, target: autograd.sqrt(output) * target,
            nn.SGD(model.parameters(), 0.1),
            epochs=3,
        )
    assert (numbers(model), history.losses) == ([0.0], [])
    assert history.stopped.endswith(
        "in sample 0 the derivative of sqrt(0.0) is inf; give a loss and a model that are finite "
        "there, such as a loss that takes logits"
    )


def by_definition(p, y):
    return -(y * autograd.log(p) + (1 - y) * autograd.log(1 - p))


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    ("loss", "weight", "cause"),
    [
        (by_definition, 1.0, "log(0.0) is -inf and mul(0.0, -inf) is nan"),
        (lambda p, y: -autograd.log(1 - p), 1.0, "log(0.0) is -inf"),
        (lambda p, y: 1 / (1 - p) - 1 / (1 - p), 1.0, "inf and sub(inf, inf) is nan"),
        (lambda p, y: autograd.log(p - 2), 0.0, "log(-1.5) is nan"),
        (lambda p, y: autograd.exp(p * 1e300) * y, 1.0, ""),
        (lambda p, y: p * 1e300 * 1e300, 1.0, ""),
        (lambda p, y: p * 1e300 * 1e300 - p * 1e300 * 1e300, 1.0, ""),
    ],
    ids=["0 · log 0", "log 0", "1 / 0", "outside", "exp", "product", "difference"],
)
def test_what_made_a_loss_infinite_is_named(loss, weight, cause, compiled) -> None:
    """Only numbers that became too large are blamed on the learning rate."""
    model = nn.MLP.from_weights([[[weight]]], output_activation="sigmoid")
    model.train()
    data = [[0.5], [800.0]], [1.0, 1.0]
    optimiser = nn.SGD(model.parameters(), 0.1)
    with pytest.warns(RuntimeWarning, match="fit: diverged: the loss is"):
        history = nn.fit(model, data, loss, optimiser, epochs=1, compiled=compiled)
    assert (cause and cause in history.stopped) or "smaller learning rate" in history.stopped
    assert ("learning rate" in history.stopped) is (not cause)
    assert numbers(model) == [weight]
    assert model.training


def test_nothing_is_drawn_to_find_what_made_a_loss_infinite() -> None:
    """And the mask of the step that was not made is put back."""
    model, twin = (
        nn.MLP(1, [2, 1], rng=0, dropout=0.5, output_activation="sigmoid") for _ in range(2)
    )
    for p in (*model.parameters(), *twin.parameters()):
        p.data = 1e4
    optimiser = nn.SGD(model.parameters(), 0.1)
    with pytest.warns(RuntimeWarning, match=r"log\(0.0\) is -inf and mul\(0.0, -inf\) is nan"):
        nn.fit(model, ([[1.0]], [1.0]), by_definition, optimiser, epochs=1, compiled=False)
    assert model.state_dict() == twin.state_dict()


def test_a_history_goes_on() -> None:
    model = linear()
    optimiser = nn.SGD(model.parameters(), 0.1)
    history = nn.fit(model, (X, LINE), nn.mse, optimiser, epochs=2)
    again = nn.fit(
        model, (X, LINE), nn.mse, optimiser, epochs=2, history=history, validation=(X, LINE)
    )
    assert again is history
    assert history.epochs == [1, 2, 3, 4]
    assert history.losses == sorted(history.losses, reverse=True)
    assert [math.isnan(loss) for loss in history.validation] == [True, True, False, False]


# --- The progress bar -----------------------------------------------------------------------------


def test_a_bar_is_shown_on_a_terminal_only(monkeypatch, capsys) -> None:
    model = linear()
    optimiser = nn.SGD(model.parameters(), 0.1)
    nn.fit(model, (X, LINE), nn.mse, optimiser, epochs=3)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    nn.fit(model, (X, LINE), nn.mse, optimiser, epochs=3)
    shown = capsys.readouterr().err
    assert re.search(r"\d/3 .*step", shown), shown
    nn.fit(model, (X, LINE), nn.mse, optimiser, epochs=3, progress=False)
    assert capsys.readouterr().err == ""


def test_it_trains_without_tqdm(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    model = linear()
    history = nn.fit(model, (X, LINE), nn.mse, nn.SGD(model.parameters(), 0.1), epochs=3)
    assert len(history.losses) == 3


# --- What it refuses ------------------------------------------------------------------------------


class Uncallable(nn.Module):
    """Without `__call__`."""


MODEL = nn.MLP(2, [3, 3], rng=0, dropout=0.5)
OPTIMISER = nn.SGD(MODEL.parameters(), 0.1, momentum=0.9)


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"model": abs}, TypeError, "fit: expected a Module as the model, such as nn.MLP(2, [3,"),
        (
            {"model": Uncallable()},
            TypeError,
            "such as nn.MLP(2, [3, 1]), got a Uncallable without __call__",
        ),
        (
            {"optimiser": 3},
            TypeError,
            "fit: expected an optimiser such as nn.SGD(model.parameters(",
        ),
        (
            {"loss": "mse"},
            TypeError,
            "fit: loss must be a function, got 'mse'; give one such as nn",
        ),
        ({"loss": None}, TypeError, "fit: loss must be a function, got None"),
        (
            {"schedule": "cosine"},
            TypeError,
            "fit: schedule must be a function, got 'cosine'; give ",
        ),
        (
            {"penalty": 0.1},
            TypeError,
            "fit: penalty must be a function, got 0.1; give one such as ",
        ),
        ({"schedule_by": "day"}, ValueError, "fit: schedule_by is 'epoch' or 'step', got 'day'"),
        ({"epochs": None}, ValueError, "fit: give epochs or max_steps, so that training ends"),
        ({"epochs": -1}, ValueError, "fit: epochs: expected an integer from 0 on, got -1"),
        ({"epochs": 1.5}, TypeError, "fit: epochs: expected an integer from 0 on, got 1.5"),
        ({"max_steps": -1}, ValueError, "fit: max_steps: expected an integer from 0 on, got -1"),
        ({"tolerance": -1}, ValueError, "fit: tolerance must be a number from 0, got -1"),
        ({"patience": 3}, ValueError, "fit: patience needs validation data to judge by"),
        (
            {"patience": 0, "validation": (X, CLASSES)},
            ValueError,
            "fit: patience: expected a positive integer, got 0",
        ),
        ({"history": []}, TypeError, "fit: expected an nn.History to go on with, got []"),
        (
            {"batch_size": 31},
            ValueError,
            "batch size: 31 is more than the 30 samples that there ar",
        ),
        ({"batch_size": -1}, ValueError, "batch size: expected a positive integer, got -1"),
        ({"data": ([], [])}, ValueError, "inputs: there is no sample"),
        (
            {"data": (X * np.nan, CLASSES)},
            ValueError,
            "inputs: sample 0 has nan in it; leave the sa",
        ),
        ({"data": (X[:, :1], CLASSES)}, ValueError, "MLP: expected 2 inputs, got 1"),
        (
            {"data": nn.Batches((X, CLASSES), 3), "batch_size": 3},
            ValueError,
            "fit: batch_size and rng belong to the Batches that are given as data",
        ),
        (
            {"data": (X, [*CLASSES[:29], 3])},
            ValueError,
            "cross_entropy: target index 3 is out of range for 3 logits; give an integer from 0 to "
            "2\nwith the output of sample 0 and the target of sample 29",
        ),
        (
            {"data": (X, CLASSES.astype(float))},
            TypeError,
            "cross_entropy: a target is the index of a class, an integer, got 0.0; of an array of "
            "floats make them by y.astype(int), of one-hot rows by y.argmax(1)",
        ),
        (
            {"data": (X, np.eye(3)[CLASSES])},
            TypeError,
            "cross_entropy: a target is the index of a class, an integer, got [0.0, 0.0, 1.0]; of",
        ),
        ({"loss": nn.mse, "data": (X, X)}, ValueError, "mse: 3 predictions but 2 targets; give as"),
        (
            {"loss": lambda output, target: 1.0},
            TypeError,
            "loss: expected a function of the output and the target that returns a Value, it re",
        ),
        (
            {"penalty": lambda model: [1.0]},
            TypeError,
            "penalty: expected a function of the model that returns a Value, it returned list [1",
        ),
        (
            {"optimiser": nn.SGD(nn.MLP(2, [3]).parameters(), lr=0.1)},
            ValueError,
            "fit: the loss depends on no parameter of the optimiser; make the optimiser of model.",
        ),
        (
            {"schedule": lambda epoch: -1.0},
            ValueError,
            "fit: what the schedule returns must be a number from 0 on, got -1.0",
        ),
        (
            {"schedule": lambda epoch: None},
            ValueError,
            "fit: what the schedule returns must be a number from 0 on, got None",
        ),
        ({"max_steps": "3"}, TypeError, "fit: max_steps: expected an integer from 0 on, got '3'"),
        ({"batch_size": 2.0}, TypeError, "batch size: expected a positive integer, got 2.0"),
        ({"tolerance": math.nan}, ValueError, "fit: tolerance must be a number from 0, got nan"),
        ({"progress": 3}, TypeError, "fit: progress: expected True or False, got 3"),
        ({"progress": None}, TypeError, "fit: progress: expected True or False, got None"),
        ({"compiled": "yes"}, TypeError, "fit: compiled: expected True, False or None, got 'yes'"),
        ({"compiled": 1}, TypeError, "fit: compiled: expected True, False or None, got 1"),
        (
            {"rng": "x"},
            TypeError,
            "rng: expected a seed, which is an integer from 0, or a NumPy generator, got 'x'",
        ),
        ({"rng": -1}, ValueError, "rng: expected a seed, which is an integer from 0, or a NumPy"),
        (
            {"validation": nn.Batches((X, CLASSES), 15)},
            TypeError,
            "data: expected a pair (inputs, targets), with a row of numbers and a target for each "
            "sample, got a Batches of length 2",
        ),
        ({"validation": (X, CLASSES[:3])}, ValueError, "30 rows of inputs but 3 targets"),
        (
            {"validation": (X, CLASSES + 3)},
            ValueError,
            f"the target of sample {list(CLASSES).index(0)}\nin the validation data",
        ),
    ],
)
def test_bad_input_changes_nothing(given, kind, message) -> None:
    def state():
        modes = [module.training for _, module in MODEL.named_modules()]
        return json.dumps([MODEL.state_dict(), OPTIMISER.state_dict(), modes])

    before = state()
    arguments = {
        "model": MODEL, "data": (X, CLASSES), "loss": nn.cross_entropy, "optimiser": OPTIMISER,
        "epochs": 3,
    }  # fmt: skip
    with pytest.raises(kind) as caught:
        nn.fit(**(arguments | given))
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert re.search(re.escape(message), text), text
    assert state() == before


def test_a_generator_that_was_given_is_as_it_was_after_a_mistake() -> None:
    """Its children are counted: the next one must be the first."""
    rng, twin = (np.random.default_rng(0) for _ in range(2))
    with pytest.raises(ValueError, match="fit: tolerance"):
        nn.fit(MODEL, (X, CLASSES), nn.cross_entropy, OPTIMISER, epochs=1, rng=rng, tolerance=-1)
    assert rng.spawn(1)[0].random() == twin.spawn(1)[0].random()


def test_a_parameter_of_the_loss_alone_may_be_trained() -> None:
    model, scale = nn.MLP(1, [1], rng=0), Value.parameter(1.0)
    before = model.state_dict()
    nn.fit(
        model, ([[1.0]], [2.0]), lambda output, target: (output * scale - target) ** 2,
        nn.SGD([scale], lr=0.01), max_steps=2,
    )  # fmt: skip
    assert scale.data != 1.0
    assert model.state_dict() == before


def test_an_error_of_the_loss_leaves_whole_steps() -> None:
    """A loss that fails later on: what was trained until then stays."""
    calls = iter(range(100))

    def loss(output, target):
        if next(calls) > 70:
            raise ZeroDivisionError("of the user")
        return nn.mse(output, target)

    model, twin = linear(), linear()
    history = nn.History()
    with pytest.raises(ZeroDivisionError, match="of the user"):
        nn.fit(
            model,
            (X, LINE),
            loss,
            nn.SGD(model.parameters(), 0.1),
            epochs=9,
            compiled=False,
            history=history,
        )
    nn.fit(
        twin,
        (X, LINE),
        nn.mse,
        nn.SGD(twin.parameters(), 0.1),
        max_steps=len(history.losses),
        compiled=False,
    )
    assert len(history.losses) == 1
    assert numbers(model) == numbers(twin)
    assert not any(p.has_gradient for p in model.parameters())


def test_a_model_with_parameters_that_are_no_inputs_of_the_loss() -> None:
    class Idle(nn.Module):
        def __init__(self) -> None:
            self.used, self.idle = Value.parameter(1.0), Value.parameter(5.0)

        def __call__(self, x):
            return self.used * x[0]

    for compiled in (False, True):
        model = Idle()
        nn.fit(
            model,
            (X, LINE),
            nn.mse,
            nn.SGD(model.parameters(), 0.1),
            epochs=2,
            compiled=compiled,
        )
        assert model.used.data != 1.0
        assert model.idle.data == 5.0
