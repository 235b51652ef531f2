"""NumPy, pytest and pandas on Values: right, or an error that names the cause and the way out."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, grad, gradients

POINT = [0.5, 0.25, 2.0]
MATRIX = np.array([[2.0, 1.0], [1.0, 3.0]])


def slopes(function, at):
    """Central differences of the same function on plain numbers."""
    step = 1e-6 * np.eye(len(at))
    return [(function(at + h) - function(at - h)) / 2e-6 for h in step]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.linalg.norm(x, 3),
        lambda x: np.linalg.norm(x),
        lambda x: np.linalg.norm(x, 1),
        np.var,
        np.std,
        np.mean,
        lambda x: np.sum(np.sinc(x)),
        lambda x: np.sum(np.exp2(x) * np.fabs(x)),
        lambda x: np.sum(np.degrees(x) + np.radians(x)),
        lambda x: np.sum(x % 0.3 + x * (x // 0.3)),
        lambda x: np.sum(np.remainder(x, 0.3) * np.floor_divide(x, 0.3)),
        lambda x: np.sum(x * (np.floor(x + 0.3) + np.ceil(x + 0.3) + np.trunc(x + 0.3))),
        lambda x: np.sum(x * np.rint(x + 0.3)),
    ],
)
def test_numpys_functions_on_arrays_of_values(function) -> None:
    at = np.array(POINT)
    values = np.array([Value(x) for x in POINT])
    assert function(values).data == pytest.approx(function(at), rel=1e-14)
    assert grad(function)(at) == pytest.approx(slopes(function, at), rel=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        *("floor", "ceil", "trunc", "rint", "sign", "exp2", "fabs", "sinc"),
        *("degrees", "radians", "rad2deg", "deg2rad"),
    ],
)
def test_numpys_functions_of_one_value(name) -> None:
    x = Value(2.7)
    result = getattr(np, name)(x)
    assert isinstance(result, Value)
    assert result.data == pytest.approx(getattr(np, name)(2.7), rel=1e-15)


@pytest.mark.parametrize("other", [0.5, Value(0.5), np.array([0.5, -1.0])])
def test_numpys_functions_of_two(other) -> None:
    x = Value(2.7)
    for name in ("logaddexp", "remainder", "floor_divide", "divmod"):
        results = getattr(np, name)(x, other)
        plain = other.data if isinstance(other, Value) else other
        expected = getattr(np, name)(2.7, plain)
        for result, truth in zip(np.ravel(results), np.ravel(expected), strict=True):
            assert result.data == pytest.approx(truth, rel=1e-15)


def test_divmod_and_round_are_nodes() -> None:
    x = Value(7.5)
    quotient, rest = divmod(x, 2.0)
    assert (quotient.data, rest.data) == divmod(7.5, 2.0)
    assert gradients(rest, [x]) == [1.0]
    assert tuple(v.data for v in divmod(20.0, x)) == divmod(20.0, 7.5)
    for number in (20, np.float64(20.0), np.int32(20), np.array(20.0)):
        assert tuple(v.data for v in divmod(number, x)) == divmod(20.0, 7.5)
        assert tuple(v.data for v in np.divmod(x, number)) == divmod(7.5, 20.0)
        assert ((number % x).data, (number // x).data) == (5.0, 2.0)
    assert gradients(round(x), [x]) == [0.0]
    assert (round(x).data, math.floor(x).data, math.ceil(x).data) == (8.0, 7.0, 8.0)
    message = r"rounded to an integer only; write round\(value \* 100\) / 100"
    with pytest.raises(TypeError, match=message):
        round(x, 2)
    for convert in (lambda: "%f".__mod__(x), lambda: float(x), lambda: complex(x)):
        with pytest.raises(TypeError, match="a Value is not turned into a plain number"):
            convert()


@pytest.mark.parametrize(
    "power",
    [
        lambda z: z**2,
        lambda z: z**0.5,
        lambda z: np.power(z, 3),
        lambda z: 0.0**z,
        lambda z: np.array([0.0, 1.0]) ** z[1],
        lambda z: z[0] ** np.array([0.0, 1.0]),
        lambda z: np.float64(0.0) ** z[1],
        lambda z: 1 / z,
    ],
)
def test_powers_of_arrays_that_hold_zero_do_not_warn(power) -> None:
    """Warnings are errors here; the processor's flags are looked at under any setting."""
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        power(np.array([Value(0.0), Value(2.0)]))


def test_a_value_is_approximately_a_number() -> None:
    x = Value(3.0)
    assert x == pytest.approx(3.0)
    assert x == pytest.approx(3.0 + 1e-9)
    assert x != pytest.approx(3.1)
    assert [x, x] == pytest.approx([3.0, 3.0])
    assert x != "3.0"
    assert x != [3.0]


@pytest.mark.parametrize(
    ("function", "at", "cause", "way_out"),
    [
        (
            lambda x: np.sum(np.exp(np.append(x, 1.0))),
            np.array(POINT),
            "float which has no callable exp method",
            r"np\.append\(x, Value\(1\.0\)\)",
        ),
        (np.linalg.det, MATRIX, "dtype", "sums and products"),
        (lambda x: np.linalg.inv(x)[0, 0], MATRIX, "dtype", "sums and products"),
        (lambda x: np.linalg.solve(x, [1.0, 2.0])[0], MATRIX, "dtype", "sums and products"),
        (lambda x: np.interp(x, [0, 1], [0, 1])[0], np.array(POINT), "dtype", "sums and products"),
        (lambda x: np.cov(x, x)[0, 1], np.array(POINT), "arrays of numbers only", "value.data"),
        (lambda x: np.logaddexp(x, 1.0)[0], np.array(POINT), "input types", "value.data"),
    ],
)
def test_what_numpy_cannot_do_is_refused_with_cause_and_way_out(
    function, at, cause, way_out
) -> None:
    with pytest.raises(TypeError, match=f"^grad: .* raised .*{cause}.*{way_out}"):
        grad(function)(at)


def test_a_mixed_array_of_values_only_is_right() -> None:
    slope = grad(lambda x: np.sum(np.exp(np.append(x, Value(1.0)))))(np.array(POINT))
    assert slope == pytest.approx(np.exp(POINT))


def test_an_error_of_the_user_stays_his() -> None:
    with pytest.raises(TypeError, match=r"^unsupported operand"):
        grad(lambda x: x + "a")(1.0)
    with pytest.raises(AttributeError, match="'Value' object has no attribute 'nothing'"):
        grad(lambda x: x.nothing)(1.0)
    with pytest.raises(AttributeError, match=r"^type object 'float' has no attribute 'nothing'"):
        grad(lambda x: x * float.nothing)(np.array([1.0]))

    def raising(x):
        raise AttributeError("of the user")

    with pytest.raises(AttributeError, match=r"^of the user$"):
        grad(raising)(np.array([1.0]))


def test_a_function_of_numpys_without_a_row_is_refused() -> None:
    for function in (np.isnan, np.spacing, np.signbit):
        with pytest.raises(TypeError, match=r"autograd has no row for it; take value\.data"):
            function(Value(1.0))
    with pytest.raises(TypeError, match=r"np\.heaviside: NumPy has it for numbers only"):
        np.heaviside(Value(1.0), 0.5)


def test_compile_says_so_too() -> None:
    with pytest.raises(TypeError, match=r"^compile: .* sums and products of the entries"):
        autograd.compile(lambda a, b: np.linalg.det(np.array([[a, b], [b, a]])))


def test_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    series = pandas.Series([Value(x) for x in POINT])
    assert np.mean(series.to_numpy()).data == pytest.approx(np.mean(POINT))
    assert series.sum().data == pytest.approx(sum(POINT))
    for name in ("mean", "std", "var"):
        with pytest.raises(TypeError, match=r"^grad: .* to numeric; .* take series\.to_numpy\(\)"):
            grad(lambda x, name=name: getattr(pandas.Series(x), name)())(np.array(POINT))
