"""Points and claims in any container, of any type of float; what is wrong with them is named."""

import dataclasses
import re

import numpy as np
import pytest

import autograd
from autograd.testing import GradientError, check_gradient, gradient_report

RNG = np.random.default_rng(0)
W = RNG.normal(size=(3, 2))
B = RNG.normal(size=3)


@dataclasses.dataclass
class Weights:
    w: object
    b: object


def loss(w, b):
    return (np.tanh(w @ np.array([0.3, -0.7]) + b) ** 2).sum()


def slopes(w, b):
    x = np.array([0.3, -0.7])
    y = np.tanh(w @ x + b)
    delta = 2 * y * (1 - y * y)
    return np.outer(delta, x), delta


# --- Containers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble"])
def test_arrays_of_any_float_type(dtype) -> None:
    report = check_gradient(loss, W.astype(dtype), B.astype(dtype), claimed=slopes)
    assert [(a.name, a.shape, a.count, a.wrong) for a in report.arrays] == [
        ("w", (3, 2), 6, 0), ("b", (3,), 3, 0),
    ]  # fmt: skip
    wrong = lambda w, b: (slopes(w, b)[0] * 1.01, slopes(w, b)[1])  # noqa: E731
    report = gradient_report(loss, W.astype(dtype), B.astype(dtype), claimed=wrong)
    assert report.verdict == "wrong"
    assert [a.wrong for a in report.arrays] == [6, 0]


@pytest.mark.parametrize("scalar", [np.float32(0.5), np.float16(0.5), np.array(0.5, "float32")])
def test_scalars_and_arrays_of_no_dimension(scalar) -> None:
    seen = []

    def square(x):
        seen.append(type(x))
        return x * x

    assert check_gradient(square, scalar, claimed=lambda x: 2 * x).is_right
    assert gradient_report(square, scalar, claimed=lambda x: 3 * x).verdict == "wrong"
    assert check_gradient(square, scalar).is_right


@pytest.mark.parametrize(
    ("point", "claim"),
    [
        ({"w": W, "b": B}, lambda p: dict(zip("wb", slopes(p["w"], p["b"]), strict=True))),
        # The keys say what is what, in whatever order.
        ({"w": W, "b": B}, lambda p: dict(zip("bw", slopes(p["w"], p["b"])[::-1], strict=True))),
        (Weights(W, B), lambda p: Weights(*slopes(p.w, p.b))),
        ([W, {"b": B}], lambda p: (slopes(p[0], p[1]["b"])[0], {"b": slopes(p[0], p[1]["b"])[1]})),
        ((W, B.tolist()), lambda p: slopes(np.asarray(p[0]), np.asarray(p[1]))),
        ((W, B), lambda p: [d.tolist() for d in slopes(*p)]),
    ],
)
def test_containers_of_arrays(point, claim) -> None:
    def function(p):
        if isinstance(p, dict):
            return loss(p["w"], p["b"])
        if isinstance(p, Weights):
            return loss(p.w, p.b)
        w, b = p
        return loss(w, np.array(b["b"] if isinstance(b, dict) else b))

    report = check_gradient(function, point, claimed=claim)
    assert len(report.partials) == 9
    assert check_gradient(function, point).is_right  # the engine's own gradient


def test_names_say_where_a_number_stands() -> None:
    report = check_gradient(lambda p: p["a"][0] * p["b"][1][0], {"a": [2.0], "b": [1.0, (3.0,)]})
    assert [p.name for p in report.partials] == ["p['a'][0]", "p['b'][0]", "p['b'][1][0]"]


def test_code_that_computes_in_float32_only_is_checked_in_float32() -> None:
    def narrow(x):
        return np.float32(np.sum(np.asarray(x, dtype=np.float32) ** 2))

    x = np.array([0.5, 0.25], dtype=np.float32)
    claim = lambda x: 2 * np.asarray(x, dtype=np.float32)  # noqa: E731
    assert gradient_report(narrow, x, claimed=claim).verdict != "wrong"
    wrong = lambda x: 2.5 * np.asarray(x, dtype=np.float32)  # noqa: E731
    assert gradient_report(narrow, x, claimed=wrong).verdict != "right"


def test_code_that_follows_its_type_is_checked_in_float64() -> None:
    seen = []

    def square(x):
        seen.append(x.dtype)
        return float((np.asarray(x, dtype=x.dtype if x.dtype.kind == "f" else float) ** 2).sum())

    point = np.array([0.3, 0.7], dtype=np.float32)
    report = check_gradient(square, point, claimed=lambda x: 2 * x)
    assert {d for d in seen if d.kind != "O"} == {np.dtype("float32"), np.dtype("float64")}
    exact = 2 * point.astype(float)  # of the numbers that float32 has
    assert [p.reference for p in report.partials] == pytest.approx(exact, rel=1e-11)


def test_claims_in_float32_may_have_its_rounding_and_no_more() -> None:
    point = [a.astype("float32") for a in (W, B)]
    claim = [a.astype("float32") for a in slopes(*point)]
    assert claim[0].dtype == np.float32
    assert check_gradient(loss, *point, claimed=claim).is_right
    wrong = [claim[0], claim[1] * np.float32(1.001)]
    assert gradient_report(loss, *point, claimed=wrong).verdict == "wrong"


def test_a_claim_that_cannot_take_float64_is_asked_in_float32() -> None:
    def claim(w, b):
        assert w.dtype == np.float32
        return slopes(w, b)

    asked = gradient_report(loss, W.astype("float32"), B.astype("float32"), claimed=claim)
    assert "raised" not in asked.reason


# --- Bad points -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        (np.array([1, 2]), "entry x is of type int64, by which there is no derivative; convert"),
        (np.array([True]), "entry x is of type bool, by which there is no derivative; convert"),
        (np.array([1j]), "entry x is complex, of type complex128; give its real and its imag"),
        ({"a": 1j}, "entry x['a'] is complex; give its real and its imaginary part as two"),
        (np.array(["1"]), "entry x is of type <U1, by which there is no derivative"),
        (np.array([None]), "the point's entry x has entries that are no numbers"),
        ([1.0, "a"], "entry x[1]: expected a number, or a container of numbers, got the text 'a'"),
        ({1.0}, "containers are lists, tuples, dictionaries, dataclasses and NumPy arrays"),
        ({}, "was given no inputs"),
    ],
)
def test_what_is_wrong_with_a_point_is_named(point, reason) -> None:
    with pytest.raises(GradientError, match=re.escape(reason)):
        check_gradient(lambda x: autograd.sum(x), point, claimed=[1.0])


def test_integers_among_numbers_are_numbers() -> None:
    assert check_gradient(lambda x, n: x * n, 2.0, 3).is_right


# --- Bad claims -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claimed", "reason"),
    [
        (
            [np.zeros((2, 2)), B],
            "the claim for w has shape (2, 2), 4 numbers; expected shape (3, 2)",
        ),
        ([W, np.zeros(2)], "the claim for b has shape (2,), 2 numbers; expected shape (3,)"),
        ([W * 1j, B], "the claim for w is complex; expected real numbers"),
        ([W], "claimed has 6 numbers for 9 inputs (w[0][0], w[0][1]"),
        ([[[1.0, 2.0], [3.0]], B], "the claim for w has rows of different lengths"),
        ([None, B], "claimed has None, which is no number"),
    ],
)
def test_what_is_wrong_with_a_claim_for_an_array_is_named(claimed, reason) -> None:
    report = gradient_report(loss, W, B, claimed=claimed)
    assert report.verdict == "inconclusive"
    assert reason in report.reason


def test_keys_that_are_missing_are_named() -> None:
    function = lambda p: loss(p["w"], p["b"])  # noqa: E731
    report = gradient_report(function, {"w": W, "b": B}, claimed={"w": W, "c": B})
    assert report.reason == (
        "claimed has the keys list ['w', 'c']; expected those of the point, list ['w', 'b']: 'b' "
        "is missing"
    )
    more = gradient_report(function, {"w": W, "b": B}, claimed={"w": W, "b": B, "c": B})
    assert more.reason.endswith("'c' is none of them")


# --- Bad functions --------------------------------------------------------------------------------


def test_a_function_that_writes_into_its_arguments_is_named() -> None:
    def doubles(x):
        x *= 2
        return float(np.sum(np.asarray(x, dtype=float)))

    point = np.array([1.0, 2.0])
    report = gradient_report(doubles, point, claimed=[2.0, 2.0])
    assert report.reason == "doubles changes its inputs; let it compute and return only"
    assert point.tolist() == [1.0, 2.0]


def test_a_function_that_raises_at_a_step_is_not_judged_there() -> None:
    def fragile(x):
        if not 0.9999 < x[0] < 1.0001:
            raise ValueError("out of range")
        return float(x[0]) ** 2

    report = gradient_report(fragile, np.array([1.0]), claimed=[3.0])
    assert report.verdict == "wrong"
    here = lambda x: float(x[0]) ** 2 if x[0] == 1.0 else 1 / 0  # noqa: E731
    report = gradient_report(here, np.array([1.0]), claimed=[2.0])
    assert report.verdict == "inconclusive"
    assert report.notes == (
        "next to the point <lambda> raised ZeroDivisionError: division by zero",
    )
    report = gradient_report(fragile, np.array([2.0]), claimed=[4.0])
    assert report.reason == "fragile raised ValueError: out of range"


def test_a_function_that_returns_another_shape_elsewhere_is_named() -> None:
    def changing(x):
        x = np.asarray(x, dtype=float)
        return x if x[0] == 1.0 else x[:1]

    report = gradient_report(changing, np.array([1.0, 2.0]), claimed=np.eye(2))
    assert report.verdict == "inconclusive"
    assert report.reason == (
        "changing returned 1 number at one point and 2 at another; its result has to have one shape"
    )


def test_complex_results_are_named() -> None:
    report = gradient_report(lambda x: np.asarray(x, dtype=float) * 1j, W, claimed=W)
    assert "returned complex numbers; return a real one, such as abs(z)" in report.reason
