"""`Value`: construction, arithmetic with other numbers, comparison, NumPy, micrograd's ways."""

import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Value, gradients
from autograd.arguments import as_number


@pytest.mark.parametrize(
    "given",
    [2, 2.0, True, np.float64(2), np.float32(2), np.int64(2), Fraction(2), np.array(2.0)],
    ids=repr,
)
def test_takes_any_real_number(given) -> None:
    value = Value(given)
    assert type(value.data) is float
    assert value.data == float(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("1.5", "Value: expected a real number, got the text '1.5'; convert it first"),
        (1j, "Value: expected a real number, got the complex number 1j; a graph is of real"),
        (np.complex128(1), "Value: expected a real number, got the complex number"),
        ([1, 2], "Value: expected a real number, got a list; give its entries one by one"),
        (np.array([1.0]), "Value: expected a real number, got a ndarray; give its entries one"),
        (None, "Value: expected a real number, got None"),
        (b"1", "Value: expected a real number, got a bytes"),
        (np.str_("1.5"), "Value: expected a real number, got the text"),
        (np.array("1.5"), "Value: expected a real number, got array('1.5'"),
        (np.datetime64("2020-01-01"), "Value: expected a real number, got"),
        (np.array(1j), "Value: expected a real number, got"),
        (Value(1.0), "Value: expected a real number, got a Value, which is a node already"),
    ],
    ids=repr,
)
def test_refuses_what_is_no_number(given, message) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        Value(given)


def test_refuses_an_integer_beyond_the_floats() -> None:
    for given in (10**400, 10**5000, Fraction(10**400)):
        message = f"a number of type {type(given).__name__} is beyond the largest float, 1.8e308"
        with pytest.raises(OverflowError, match=message):
            Value(given)


def test_refuses_a_label_that_is_no_text_and_stays_as_it_was() -> None:
    with pytest.raises(TypeError, match="label: expected a string, got None"):
        Value(1.0, label=None)
    with pytest.raises(TypeError, match="label: expected a string, got the number 3"):
        Value(1.0, label=3)
    value = Value(1.0, "x")
    with pytest.raises(TypeError, match="label: expected a string"):
        value.label = 3
    with pytest.raises(TypeError, match="data: expected a real number, got the text 'a'"):
        value.data = "a"
    with pytest.raises(TypeError, match="grad: expected a real number, got None"):
        value.grad = None
    assert (value.label, value.data, value.grad) == ("x", 1.0, 0.0)


@pytest.mark.parametrize(
    "convert",
    [float, int, complex, math.sin, math.sqrt, "%f".__mod__, np.float64, np.int64,
     lambda v: math.fsum([v]), lambda v: np.array([v], float), lambda v: np.ones(2).fill(v)],
)  # fmt: skip
def test_is_not_turned_into_a_plain_number(convert) -> None:
    message = "take value.data for the number, or a function of autograd, such as autograd.sin"
    with pytest.raises(TypeError, match=message):
        convert(Value(2.0))


def test_is_still_an_object_to_numpy_and_no_number_to_the_engine() -> None:
    x = Value(2.0)
    for array in (np.array(x), np.array([x, 1.0]), np.full(2, x), np.zeros(1) + x):
        assert array.dtype == object
    assert (np.float64(3) * x).data == (x * np.float64(3)).data == 6.0
    assert as_number(x) is None


def test_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Value(1.0).gradient = 2.0


def test_knows_how_it_was_computed() -> None:
    x, y = Value(2.0, label="x"), Value.parameter(3.0, label="y")
    z = x / y
    assert (x.op, y.op, z.op) == ("input", "parameter", "truediv")
    assert (x.is_leaf, z.is_leaf) == (True, False)
    assert z.parents == (x, y)
    assert z.partials == (1 / 3, -2 / 9)
    assert z.operands == (x, y)
    assert (5.0 - x).operands == (5.0, x)
    assert (x - 5.0).operands == (x, 5.0)
    assert autograd.clip(x, 0, 1).operands == (x, 0.0, 1.0)
    assert autograd.dot([x, 2], [1, y], 3).operands == (x, 2.0, 1.0, y, 3.0)
    assert autograd.dot([x, 2], [1, y], 3).parents == (x, y)
    assert autograd.dot([x, 2], [1, y], 3).partials == (1.0, 2.0)
    assert (x.parents, x.partials, x.operands) == ((), (), ())


@pytest.mark.parametrize(
    "number", [3, 3.0, True, np.float64(3), np.int32(3), Fraction(3)], ids=repr
)
def test_arithmetic_with_numbers_on_either_side(number) -> None:
    x, c = 2.0, float(number)
    cases = [
        (lambda v: v + number, x + c, 1.0),
        (lambda v: number + v, c + x, 1.0),
        (lambda v: v - number, x - c, 1.0),
        (lambda v: number - v, c - x, -1.0),
        (lambda v: v * number, x * c, c),
        (lambda v: number * v, c * x, c),
        (lambda v: v / number, x / c, 1 / c),
        (lambda v: number / v, c / x, -c / x**2),
        (lambda v: v**number, x**c, c * x ** (c - 1)),
        (lambda v: number**v, c**x, c**x * math.log(c)),
    ]
    for make, value, slope in cases:
        v = Value(x)
        result = make(v)
        assert isinstance(result, Value)
        assert result.data == pytest.approx(value, rel=1e-15)
        assert gradients(result, [v]) == pytest.approx([slope], rel=1e-15)


@pytest.mark.parametrize("other", ["a", None, [1], 1j, object()])
def test_arithmetic_with_anything_else_is_a_type_error(other) -> None:
    for make in (
        lambda: Value(1.0) + other,
        lambda: other * Value(1.0),
        lambda: Value(2.0) ** other,
    ):
        with pytest.raises(TypeError):
            make()


def test_comparisons_are_of_data_and_hashes_of_nodes() -> None:
    a, b = Value(1.0), Value(1.0)
    assert a == b
    assert a == 1
    assert a != 2.0
    assert a < 2
    assert a <= b
    assert a > -1
    assert 2 >= a  # noqa: SIM300 - the reflected comparison is what is tested
    assert len({a, b}) == 2
    assert a != "a"
    assert bool(a)
    assert not Value(0.0)
    with pytest.raises(TypeError):
        a < "b"  # noqa: B015


def test_comparisons_with_what_is_no_float_are_as_exact_as_pythons() -> None:
    v = Value(2.0**53)
    assert v != 2**53 + 1
    assert v < 10**5000
    assert v != 10**400
    assert v < Fraction(2**53 + 1)
    assert bool(Value(math.nan))
    for other in (np.array(None), np.array("a"), np.array(1j), np.str_("2.0"), Decimal("sNaN")):
        assert v != other


def test_math_functions_raise_instead_of_dropping_the_graph() -> None:
    with pytest.raises(TypeError):
        math.exp(Value(1.0))
    with pytest.raises(TypeError):
        float(Value(1.0))
    with pytest.raises(TypeError):
        np.array([Value(1.0)], dtype=float)


def test_numpy_scalars_make_values() -> None:
    x = Value(3.0)
    for result in (np.float64(2) * x, np.int64(2) * x, x * np.float64(2), np.array(2.0) * x):
        assert type(result) is Value
        assert gradients(result, [x]) == [2.0]
    assert gradients(np.float64(6) / x, [x]) == pytest.approx([-6 / 9])


@pytest.mark.parametrize("kind", [np.longdouble, np.float16, np.uint8, np.bool_])
def test_every_numpy_scalar_may_stand_on_the_left(kind) -> None:
    x = Value(3.0)
    for result in (kind(1) + x, kind(1) - x, kind(1) * x, kind(1) / x, kind(1) ** x):
        assert isinstance(result, Value)
    assert kind(1) < x
    assert kind(1) != x
    assert (np.array(x) + x).data == (x + np.array(x)).data == 6.0


def test_numpy_does_not_write_into_a_value() -> None:
    x = Value(3.0)
    with pytest.raises(TypeError, match=r"np\.add: NumPy would write .*; leave out= away"):
        np.add(1.0, 2.0, out=x)
    with pytest.raises(TypeError):
        np.clongdouble(1j) * x


def test_works_inside_object_arrays() -> None:
    weights = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]])
    x = np.array([Value(5.0), Value(6.0)])
    y = np.tanh(0.01 * (weights @ x) + np.array([0.1, 0.2]))
    assert [v.data for v in y] == pytest.approx([math.tanh(0.27), math.tanh(0.59)])
    y.sum().backward()
    assert weights[1, 0].grad == pytest.approx(0.05 / math.cosh(0.59) ** 2)
    assert x[1].grad == pytest.approx(0.02 / math.cosh(0.27) ** 2 + 0.04 / math.cosh(0.59) ** 2)
    assert (np.array([1.0, 2.0]) * Value(3.0))[1].data == 6.0
    assert (Value(3.0) * np.array([1.0, 2.0]))[1].data == 6.0
    assert (Value(3.0) - np.array([1.0, 2.0]))[1].data == 1.0


@pytest.mark.parametrize(
    "name",
    [
        *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "sin", "cos", "tan"),
        *("arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arctanh"),
        *("absolute", "negative"),
    ],
)
def test_numpy_functions(name) -> None:
    function = getattr(np, name)
    x = Value(0.3)
    assert function(x).data == pytest.approx(function(0.3), rel=1e-15)
    (entry,) = function(np.array([x]))
    assert isinstance(entry, Value)
    assert entry.parents == (x,)


def test_numpy_functions_of_two_arguments() -> None:
    x, y = Value(0.3), Value(-2.0)
    assert np.arctan2(x, y).data == pytest.approx(np.arctan2(0.3, -2.0), rel=1e-15)
    assert np.hypot(x, y).data == pytest.approx(np.hypot(0.3, -2.0), rel=1e-15)
    assert np.power(y, 3).data == -8.0
    assert np.arccosh(Value(2.0)).data == pytest.approx(np.arccosh(2.0), rel=1e-15)


def test_numpy_functions_with_a_kink_keep_the_graph_and_the_convention() -> None:
    x = Value(0.0)
    for result in (np.maximum(x, 0.0), np.maximum(0.0, x), np.minimum(x, x * 1.0)):
        assert isinstance(result, Value)
        assert result.partials[0] == 0.5
    assert math.isnan(np.maximum(Value(math.nan), 0.0).data)


def test_shows_itself() -> None:
    w = Value(0.4, label="w5")
    assert repr(w) == "Value(data=0.4, grad=0.0, label='w5')"
    assert repr(w * 2) == "Value(data=0.8, grad=0.0)"
    assert f"{w:.3f}" == "0.400"
    assert f"{w}" == repr(w)


def test_what_micrograds_users_know() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    # The figures that micrograd's README prints for this expression.
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"
    total = sum([a, b, c])
    assert isinstance(total, Value)
    assert total.data == a.data + b.data + c.data
    assert Value(0.5).tanh().data == math.tanh(0.5)
    assert Value(0.5).exp().data == math.exp(0.5)
