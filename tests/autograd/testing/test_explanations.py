"""What is said of wrong claims: counts for each array, the worst entry, what explains them."""

import numpy as np
import pytest

from autograd.testing import check_gradient, gradient_report, vjp_report

RNG = np.random.default_rng(2)
N = 8
X = RNG.normal(size=(N, 3))
T = RNG.normal(size=(N, 3))
SQUARE = RNG.normal(size=(3, 3))
OTHER = RNG.normal(size=(3, 3))
BIAS = RNG.normal(size=3)
PENALTY = 0.1


def loss(w, v, b):
    """A mean over N samples, and a penalty on w."""
    return (np.tanh(X @ w @ v + b) * T).sum() / N + PENALTY / 2 * (w * w).sum()


def terms(w, v, b):
    """The gradient of the sum over the samples, by w, v and b."""
    delta = (1 - np.tanh(X @ w @ v + b) ** 2) * T
    return X.T @ delta @ v.T, (X @ w).T @ delta, delta.sum(axis=0)


def slopes(w, v, b):
    by_w, by_v, by_b = terms(w, v, b)
    return by_w / N + PENALTY * w, by_v / N, by_b / N


def black_box(w, v, b):
    return float(loss(*(np.asarray(a, dtype=float) for a in (w, v, b))))


def report_on(change, dtype="float64", function=loss):
    point = [a.astype(dtype) for a in (SQUARE, OTHER, BIAS)]
    return gradient_report(function, *point, claimed=lambda *p: change(p, *slopes(*p)))


def test_the_right_gradient_is_right() -> None:
    assert check_gradient(loss, SQUARE, OTHER, BIAS, claimed=slopes).notes == ()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("function", [loss, black_box])
@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda p, w, v, b: (w, v.T, b), "the claim for v is transposed"),
        (lambda p, w, v, b: (v, w, b), "the claims for w and v are exchanged"),
        (lambda p, w, v, b: (w, v, -b), "what is wrong has the wrong sign"),
        (lambda p, w, v, b: (w, 2.5 * v, b), "what is wrong is 2.5 times what it should be"),
        (
            lambda p, w, v, b: (terms(*p)[0] + PENALTY * p[0], v, b),
            "the claim for w has two terms: the one in proportion to w is right, the other misses "
            "its 1/8",
        ),
        (
            lambda p, w, v, b: (w + 0.3 * p[0], v, b),
            "the claim for w is off by 0.3 times w itself: a penalty's term, or its factor, is "
            "wrong",
        ),
        (lambda p, w, v, b: (w, v.T, -b), None),  # two mistakes: neither explains all
    ],
)
def test_what_explains_all_that_is_wrong_is_named(dtype, function, change, note) -> None:
    report = report_on(change, dtype, function)
    assert report.verdict == "wrong"
    assert report.notes == (() if note is None else (note,))


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (
            lambda w, sums, penalty: sums + penalty,
            "the claim for w has two terms: the one in proportion to w is right, the other misses "
            "its 1/8, 8 being the length of x",
        ),
        (
            lambda w, sums, penalty: 8 * (sums / N + penalty),
            "what is wrong is 8 times what it should be; x has length 8: is a 1/8 missing?",
        ),
        (
            lambda w, sums, penalty: (sums / N + penalty) / 8,
            "what is wrong is 0.125 times what it should be; x has length 8: is it averaged "
            "instead of summed?",
        ),
    ],
)
def test_a_missing_mean_is_named_where_the_batch_is_an_input(change, note) -> None:
    def mean(x, w):
        return (np.tanh(x @ w) * T).sum() / N + PENALTY / 2 * (w * w).sum()

    def claim(x, w):
        delta = (1 - np.tanh(x @ w) ** 2) * T
        return delta @ w.T / N, change(w, x.T @ delta, PENALTY * w)

    report = gradient_report(mean, X, SQUARE, claimed=claim)
    assert (report.verdict, report.notes) == ("wrong", (note,))


# --- The shape of a claim -------------------------------------------------------------------------


def layer_loss(x, w, b):
    return (np.tanh(x @ w + b) * T[:, :2]).sum()


def layer_slopes(x, w, b):
    delta = (1 - np.tanh(x @ w + b) ** 2) * T[:, :2]
    return delta @ w.T, x.T @ delta, delta


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (
            lambda x, w, d: (x, w.T, d.sum(axis=0)),
            "the claim for w has shape (2, 3), expected (3, 2): it is transposed",
        ),
        (
            lambda x, w, d: (x, w, d.sum(axis=0)[:, None]),
            "the claim for b has shape (2, 1), expected (2,): it is a column, expected a vector",
        ),
        (
            lambda x, w, d: (x, w, d.sum(axis=0)[None]),
            "the claim for b has shape (1, 2), expected (2,): it is a row, expected a vector",
        ),
        (
            lambda x, w, d: (x, w, d),
            "the claim for b has shape (8, 2), expected (2,): a batch of 8 was not summed",
        ),
        (
            lambda x, w, d: (x, w, N * d),
            "the claim for b has shape (8, 2), expected (2,): a batch of 8 was not averaged",
        ),
        (
            lambda x, w, d: (x, w, 7 * d),
            "the claim for b has shape (8, 2), expected (2,)",
        ),
    ],
)
def test_claims_of_another_shape_are_wrong_and_read(change, remark) -> None:
    point = (X, SQUARE[:, :2], BIAS[:2])
    report = gradient_report(layer_loss, *point, claimed=lambda *p: change(*layer_slopes(*p)))
    assert report.verdict == "wrong"
    assert [array.remark for array in report.arrays if array.remark] == [remark]
    assert remark in str(report)


def test_exchanged_arrays_of_different_shapes_are_named() -> None:
    w, v = RNG.normal(size=(3, 2)), RNG.normal(size=(2, 3))
    function = lambda w, v: (np.tanh(X @ w) @ v * T).sum()  # noqa: E731

    def claim(w, v):
        y = np.tanh(X @ w)
        return y.T @ T, X.T @ (T @ v.T * (1 - y * y))

    report = gradient_report(function, w, v, claimed=claim)
    assert report.notes == ("the claims for w and v are exchanged",)


def test_claims_in_another_order_are_named() -> None:
    point = (X, SQUARE[:, :2], BIAS[:2])

    def claim(*p):
        by_x, by_w, delta = layer_slopes(*p)
        return by_x, delta.sum(axis=0), by_w

    report = gradient_report(layer_loss, *point, claimed=claim)
    assert report.verdict == "wrong"
    assert report.notes == ("the claims for w and b are exchanged",)
    assert [array.remark for array in report.arrays] == [
        "",
        "the claim for w has shape (2,), expected (3, 2): it is in the place of b",
        "the claim for b has shape (3, 2), expected (2,): it is in the place of w",
    ]


# --- Summaries ------------------------------------------------------------------------------------


def test_each_array_has_a_summary_before_single_entries() -> None:
    def claim(p, w, v, b):
        v = v.copy()
        v[1, 2] += 1.0
        v[0, 0] += 0.25
        return w, v, b

    report = report_on(claim)
    assert [(a.name, a.shape, a.count, a.wrong) for a in report.arrays] == [
        ("w", (3, 3), 9, 0), ("v", (3, 3), 9, 2), ("b", (3,), 3, 0),
    ]  # fmt: skip
    assert report.arrays[1].worst.name == "v[1][2]"
    lines = str(report).splitlines()
    assert lines[1] == "  w (3, 3): 9 entries right"
    assert lines[2].startswith("  v (3, 3): 2 of 9 entries wrong; the worst is v[1][2]: claimed ")
    assert lines[3] == "  b (3,): 3 entries right"
    assert lines.index("reference: " + report.reference) > 3


def test_a_layers_mistake_is_named() -> None:
    y = np.tanh(X @ SQUARE)
    backward = lambda g: (X.T @ (g * (1 - y * y))).T  # noqa: E731
    report = vjp_report(lambda w: np.tanh(X @ w), SQUARE, backward=backward)
    assert report.notes == ("the claim for w is transposed",)
