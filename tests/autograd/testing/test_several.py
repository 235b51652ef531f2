"""Functions of several results: Jacobians, and layers by their vector-Jacobian products."""

import numpy as np
import pytest

import autograd
from autograd.testing import GradientError, check_gradient, check_vjp, gradient_report, vjp_report

RNG = np.random.default_rng(1)
X = RNG.normal(size=(5, 4))
W = RNG.normal(size=(4, 3))
B = RNG.normal(size=3)


class Layer:
    """tanh(x·W + b), as it is written by hand; `change` plants a mistake."""

    def __init__(self, change=lambda gradients: gradients) -> None:
        self.change = change

    def forward(self, x, w, b):
        self.x, self.w = x, w
        self.y = np.tanh(x @ w + b)
        return self.y

    def backward(self, upstream):
        delta = upstream * (1 - self.y**2)
        return self.change((delta @ self.w.T, self.x.T @ delta, delta.sum(axis=0)))


# --- Jacobians ------------------------------------------------------------------------------------


def polar(r, angle):
    return [r * autograd.cos(angle), r * autograd.sin(angle)]


def test_the_engines_own_jacobian() -> None:
    report = check_gradient(polar, 2.0, 0.5)
    names = ["result[0] by r", "result[0] by angle", "result[1] by r", "result[1] by angle"]
    assert [p.name for p in report.partials] == names
    assert report.claim == "the engine's Jacobian"


@pytest.mark.parametrize(
    "claimed",
    [
        lambda r, a: [[np.cos(a), -r * np.sin(a)], [np.sin(a), r * np.cos(a)]],
        lambda r, a: np.array([[np.cos(a), -r * np.sin(a)], [np.sin(a), r * np.cos(a)]]),
    ],
)
def test_a_claimed_jacobian(claimed) -> None:
    assert check_gradient(polar, 2.0, 0.5, claimed=claimed).is_right
    black_box = lambda r, a: np.array([r * np.cos(a), r * np.sin(a)], dtype=float)  # noqa: E731
    report = check_gradient(black_box, 2.0, 0.5, claimed=claimed)
    assert report.reference.startswith("differences")
    wrong = lambda r, a: np.array(claimed(r, a)).T  # noqa: E731
    for function in (polar, black_box):
        report = gradient_report(function, 2.0, 0.5, claimed=wrong)
        assert report.verdict == "wrong"
        assert [p.verdict for p in report.partials] == ["right", "wrong", "wrong", "right"]


def test_rows_of_a_jacobian_share_the_runs_of_the_function() -> None:
    def runs_for(count):
        runs = []

        def function(x):
            x = np.asarray(x, dtype=float)
            runs.append(x)
            return np.array([(i + 1) * np.sin(x[0]) * x[1] for i in range(count)])

        def jacobian(x):
            return np.array([[(i + 1) * np.cos(x[0]) * x[1], (i + 1) * np.sin(x[0])]
                             for i in range(count)])  # fmt: skip

        assert check_gradient(function, np.array([0.5, 2.0]), claimed=jacobian).is_right
        return len(runs)

    assert runs_for(12) < runs_for(2) + 12 * 8  # a few to look at each row, and none for a partial


def test_an_array_for_each_argument_as_jax_has_it() -> None:
    linear = lambda w, x: w @ x  # noqa: E731
    x = np.array([1.0, 2.0, 3.0])
    w = np.arange(6.0).reshape(2, 3)
    by_w = np.einsum("ij,k->ijk", np.eye(2), x)
    assert check_gradient(linear, w, x, claimed=(by_w, w)).is_right
    report = gradient_report(linear, w, x, claimed=(by_w, 2 * w))
    wrong = [p.name for p in report.partials if p.verdict == "wrong"]
    assert wrong == [f"result[{i}] by x[{j}]" for i in range(2) for j in range(3) if i or j]


def test_a_jacobian_of_the_wrong_size_is_named() -> None:
    report = gradient_report(polar, 2.0, 0.5, claimed=[1.0, 2.0, 3.0])
    assert report.reason == (
        "claimed has 3 numbers, but a Jacobian of polar has 2 × 2: a row for each number that it "
        "returns"
    )
    report = gradient_report(polar, 2.0, 0.5, order=2)
    assert "for second derivatives check one of them at a time" in report.reason


# --- Layers ---------------------------------------------------------------------------------------


def test_a_right_backward_pass() -> None:
    layer = Layer()
    report = check_vjp(layer.forward, X, W, B, backward=layer.backward)
    assert [(a.name, a.count, a.wrong) for a in report.arrays] == [
        ("x", 20, 0), ("w", 12, 0), ("b", 3, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda g: (g[0], -g[1], g[2]), "w"),
        (lambda g: (g[0], g[1], g[2] * 1.001), "b"),
        (lambda g: (g[0] + 0.01, g[1], g[2]), "x"),
    ],
)
def test_a_wrong_backward_pass(dtype, change, name) -> None:
    layer = Layer(change)
    report = vjp_report(
        layer.forward, *(a.astype(dtype) for a in (X, W, B)), backward=layer.backward
    )
    assert report.verdict == "wrong"
    assert [a.name for a in report.arrays if a.wrong] == [name]
    with pytest.raises(GradientError, match="backward's vector-Jacobian product of forward at x"):
        check_vjp(layer.forward, X, W, B, backward=layer.backward)


def test_black_boxes_have_a_backward_pass_as_well() -> None:
    forward = lambda x: np.exp(np.asarray(x, dtype=float))  # noqa: E731
    x = np.array([0.5, -1.0])
    report = check_vjp(forward, x, backward=lambda upstream: upstream * np.exp(x))
    assert report.reference.startswith("differences")
    assert vjp_report(forward, x, backward=lambda upstream: upstream).verdict == "wrong"


def test_the_upstream_has_the_form_of_the_result() -> None:
    def backward(upstream):
        assert sorted(upstream) == ["double", "square"]
        assert upstream["square"].shape == (2,)
        return 2 * np.array([1.0, 2.0]) * upstream["square"] + 2 * upstream["double"]

    forward = lambda x: {"square": x * x, "double": 2 * x}  # noqa: E731
    x = np.array([1.0, 2.0])
    assert check_vjp(forward, x, backward=backward).is_right
    mine = {"double": np.array([0.5, 0.25]), "square": [1.0, -2.0]}
    report = check_vjp(forward, x, backward=backward, upstream=mine)
    assert [p.reference for p in report.partials] == [2 * 1 * 1 + 2 * 0.5, 2 * 2 * -2 + 2 * 0.25]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"backward": 3}, "expected a function as backward, got int 3"),
        ({"backward": lambda g: 1 / 0}, "the claimed gradient raised ZeroDivisionError"),
        (
            {"backward": lambda g: g, "upstream": [1.0, 2.0]},
            "upstream has 2 numbers, expected 1: one",
        ),
        (
            {"backward": lambda g: g, "upstream": "u"},
            "upstream does not have the form of the result: claimed has the text",
        ),
    ],
)
def test_what_is_wrong_with_a_layer_is_named(options, reason) -> None:
    report = vjp_report(lambda x: x * x, 3.0, **options)
    assert report.verdict == "inconclusive"
    assert reason in report.reason
