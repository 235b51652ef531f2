"""Every edge convention, one by one."""

import math
from math import inf, nan

import pytest

import autograd as ag
from autograd import Value, gradients


def slopes(function, *numbers):
    """The local derivatives of one operation at these numbers."""
    return function(*map(Value, numbers)).partials


def same(x: float, y: float) -> bool:
    """Equal as numbers, with nan the same as nan."""
    return x == y or (math.isnan(x) and math.isnan(y))


VALUES = [
    ("1/0", lambda: Value(1.0) / 0, inf),
    ("-1/0", lambda: Value(-1.0) / 0.0, -inf),
    ("1/-0", lambda: 1 / Value(-0.0), -inf),
    ("0/0", lambda: Value(0.0) / Value(0.0), nan),
    ("log(0)", lambda: ag.log(Value(0.0)), -inf),
    ("log(-1)", lambda: ag.log(Value(-1.0)), nan),
    ("log1p(-1)", lambda: ag.log1p(Value(-1.0)), -inf),
    ("exp(710)", lambda: ag.exp(Value(710.0)), inf),
    ("cosh(-711)", lambda: ag.cosh(Value(-711.0)), inf),
    ("sinh(-711)", lambda: ag.sinh(Value(-711.0)), -inf),
    ("(-2)**0.5", lambda: Value(-2.0) ** 0.5, nan),
    ("(-2)**3", lambda: Value(-2.0) ** 3, -8.0),
    ("(-10)**309", lambda: Value(-10.0) ** 309, -inf),
    ("0**-1", lambda: Value(0.0) ** -1, inf),
    ("(-0)**-1", lambda: Value(-0.0) ** -1, -inf),
    ("(-0)**-2", lambda: Value(-0.0) ** -2, inf),
    ("0**0", lambda: Value(0.0) ** 0, 1.0),
    ("nan**0", lambda: Value(nan) ** 0, 1.0),
    ("sqrt(-1)", lambda: ag.sqrt(Value(-1.0)), nan),
    ("asin(2)", lambda: ag.asin(Value(2.0)), nan),
    ("acosh(0)", lambda: ag.acosh(Value(0.0)), nan),
    ("atanh(1)", lambda: ag.atanh(Value(1.0)), inf),
    ("atanh(2)", lambda: ag.atanh(Value(2.0)), nan),
    ("sin(inf)", lambda: ag.sin(Value(inf)), nan),
    ("relu(nan)", lambda: ag.relu(Value(nan)), nan),
    ("maximum(nan, 1)", lambda: ag.maximum(Value(nan), 1.0), nan),
    ("minimum(1, nan)", lambda: ag.minimum(1.0, Value(nan)), nan),
    ("clip(nan)", lambda: ag.clip(Value(nan), 0.0, 1.0), nan),
    ("clip, bounds crossed, below", lambda: ag.clip(Value(0.5), 2.0, 1.0), 1.0),
    ("clip, bounds crossed, between", lambda: ag.clip(Value(1.5), 2.0, 1.0), 1.0),
    ("clip, bounds crossed, above", lambda: ag.clip(Value(2.5), 2.0, 1.0), 1.0),
    ("gelu(inf)", lambda: ag.gelu(Value(inf)), inf),
    ("gelu(-inf)", lambda: ag.gelu(Value(-inf)), 0.0),
    ("silu(-inf)", lambda: ag.silu(Value(-inf)), 0.0),
    ("logsumexp(inf, 0)", lambda: ag.logsumexp([Value(inf), 0.0]), inf),
    ("logsumexp(-inf)", lambda: ag.logsumexp([Value(-inf)]), -inf),
    ("logsumexp(1000, 1000)", lambda: ag.logsumexp([Value(1000.0)] * 2), 1000 + math.log(2)),
    ("7 % -3", lambda: 7 % Value(-3.0), -2.0),
    ("-1e-20 % 1", lambda: Value(-1e-20) % 1, 1.0),
    ("1 % 0", lambda: Value(1.0) % 0.0, nan),
    ("inf % 1", lambda: Value(inf) % 1, nan),
    ("-1 % inf", lambda: -1 % Value(inf), inf),
    ("-7 // 2", lambda: Value(-7.0) // 2, -4.0),
    ("1 // 0", lambda: Value(1.0) // 0.0, inf),
    ("1 // -0", lambda: 1 // Value(-0.0), -inf),
    ("0 // 0", lambda: Value(0.0) // 0.0, nan),
    ("floor(inf)", lambda: math.floor(Value(inf)), inf),
    ("floor(nan)", lambda: math.floor(Value(nan)), nan),
    ("ceil(-0.5)", lambda: math.ceil(Value(-0.5)), -0.0),
    ("trunc(-2.7)", lambda: math.trunc(Value(-2.7)), -2.0),
    ("round(2.5)", lambda: round(Value(2.5)), 2.0),
    ("round(2**52 + 1)", lambda: round(Value(2.0**52 + 1)), 2.0**52 + 1),
    ("sign(nan)", lambda: ag.sign(Value(nan)), nan),
    ("exp2(1024)", lambda: ag.exp2(Value(1024.0)), inf),
    ("logaddexp(1000, 1000)", lambda: ag.logaddexp(Value(1000.0), 1000.0), 1000 + math.log(2)),
    ("logaddexp(-inf, -inf)", lambda: ag.logaddexp(Value(-inf), -inf), -inf),
    ("sinc(0)", lambda: ag.sinc(Value(0.0)), 1.0),
    ("sinc(1e300)", lambda: ag.sinc(Value(1e300)), 0.0),
    ("sum of nothing", lambda: Value(ag.sum([])), 0.0),
    ("product of nothing", lambda: Value(ag.prod([])), 1.0),
]


@pytest.mark.parametrize(("make", "value"), [v[1:] for v in VALUES], ids=[v[0] for v in VALUES])
def test_values_follow_ieee_754(make, value) -> None:
    assert same(make().data, value)


SLOPES = [
    ("relu at 0", ag.relu, (0.0,), (0.0,)),
    ("relu at -0", ag.relu, (-0.0,), (0.0,)),
    ("relu above 0", ag.relu, (5e-324,), (1.0,)),
    ("leaky relu at 0", ag.leaky_relu, (0.0,), (0.01,)),
    ("abs at 0", abs, (0.0,), (0.0,)),
    ("elu at 0", ag.elu, (0.0,), (1.0,)),
    ("maximum at a tie", ag.maximum, (2.0, 2.0), (0.5, 0.5)),
    ("minimum at a tie", ag.minimum, (2.0, 2.0), (0.5, 0.5)),
    ("maximum", ag.maximum, (2.0, 1.0), (1.0, 0.0)),
    ("minimum", ag.minimum, (2.0, 1.0), (0.0, 1.0)),
    ("sqrt at 0", ag.sqrt, (0.0,), (inf,)),
    ("sqrt at -0", ag.sqrt, (-0.0,), (inf,)),
    ("cbrt at 0", ag.cbrt, (0.0,), (inf,)),
    ("log at 0", ag.log, (0.0,), (inf,)),
    ("log at -0", ag.log, (-0.0,), (inf,)),
    ("log below 0", ag.log, (-1.0,), (nan,)),
    ("log2 below 0", ag.log2, (-1.0,), (nan,)),
    ("log10 below 0", ag.log10, (-1.0,), (nan,)),
    ("log1p at -1", ag.log1p, (-1.0,), (inf,)),
    ("log1p below -1", ag.log1p, (-2.0,), (nan,)),
    ("asin at 1", ag.asin, (1.0,), (inf,)),
    ("asin outside", ag.asin, (1.5,), (nan,)),
    ("acos at -1", ag.acos, (-1.0,), (-inf,)),
    ("acosh at 1", ag.acosh, (1.0,), (inf,)),
    ("acosh below 1", ag.acosh, (-3.0,), (nan,)),
    ("atanh at -1", ag.atanh, (-1.0,), (inf,)),
    ("atanh outside", ag.atanh, (2.0,), (nan,)),
    ("hypot at the origin", ag.hypot, (0.0, 0.0), (0.0, 0.0)),
    ("atan2 at the origin", ag.atan2, (0.0, 0.0), (nan, nan)),
    ("x**0 at 0", lambda x, p: x**p, (0.0, 0.0), (0.0, 0.0)),
    ("x**0 at nan", lambda x: x**0, (nan,), (0.0,)),
    ("x**0 at inf", lambda x: x**0, (inf,), (0.0,)),
    ("x**1 at 0", lambda x: x**1, (0.0,), (1.0,)),
    ("x**2 at 0", lambda x: x**2, (0.0,), (0.0,)),
    ("x**3 at 0", lambda x: x**3, (0.0,), (0.0,)),
    ("x**0.5 at 0", lambda x: x**0.5, (0.0,), (inf,)),
    ("0**p above 0", lambda p: 0.0**p, (2.0,), (0.0,)),
    ("0**p at 0", lambda p: 0.0**p, (0.0,), (0.0,)),
    ("x**p by p below 0", lambda x, p: x**p, (-2.0, 3.0), (12.0, nan)),
    ("% where it jumps", lambda x, y: x % y, (6.0, 2.0), (1.0, -3.0)),
    ("% below", lambda x, y: x % y, (-0.5, 2.0), (1.0, 1.0)),
    ("% of 0", lambda x, y: x % y, (1.0, 0.0), (nan, nan)),
    ("// where it jumps", lambda x, y: x // y, (6.0, 2.0), (0.0, 0.0)),
    ("// of 0", lambda x, y: x // y, (1.0, 0.0), (nan, nan)),
    ("floor where it jumps", math.floor, (2.0,), (0.0,)),
    ("ceil where it jumps", math.ceil, (2.0,), (0.0,)),
    ("trunc where it jumps", math.trunc, (2.0,), (0.0,)),
    ("round where it jumps", round, (2.5,), (0.0,)),
    ("round at nan", round, (nan,), (nan,)),
    ("floor at inf", math.floor, (inf,), (0.0,)),
    ("sign where it jumps", ag.sign, (0.0,), (0.0,)),
    ("fabs at 0", ag.fabs, (0.0,), (0.0,)),
    ("exp2 where it overflows", ag.exp2, (1024.0,), (1.2460659279417838e308,)),
    ("logaddexp at a tie", ag.logaddexp, (3.0, 3.0), (0.5, 0.5)),
    ("sinc at 0", ag.sinc, (0.0,), (0.0,)),
    ("sinc at 1", ag.sinc, (1.0,), (-1.0,)),
    ("1/x at 0", lambda x: 1 / x, (0.0,), (-inf,)),
]


@pytest.mark.parametrize(
    ("function", "at", "slope"), [s[1:] for s in SLOPES], ids=[s[0] for s in SLOPES]
)
def test_local_derivatives_at_edges(function, at, slope) -> None:
    computed = slopes(function, *at)
    assert len(computed) == len(slope)
    assert all(map(same, computed, slope)), computed


@pytest.mark.parametrize(
    ("slope", "expected"), [(0.01, 0.01), (0.0, 0.0), (-0.5, 0.0), (1.0, 1.0), (3.0, 1.0)]
)
def test_leaky_relu_at_zero_takes_what_is_nearest_to_zero(slope, expected) -> None:
    assert ag.leaky_relu(Value(0.0), slope).partials == (expected,)


@pytest.mark.parametrize(("x", "slope"), [(-2, 0), (-1, 0), (0, 1), (1, 0), (2, 0)])
def test_clip(x, slope) -> None:
    assert ag.clip(Value(x), -1, 1).partials == (slope,)


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (ag.tanh, 20.0, 1.6993417021166355e-17),
        (ag.tanh, -20.0, 1.6993417021166355e-17),
        (ag.sigmoid, 37.0, 8.533047625744066e-17),
        (ag.sigmoid, 700.0, 9.859676543759770e-305),
        (ag.sigmoid, -700.0, 9.859676543759770e-305),
    ],
)
def test_tails_keep_their_digits(function, x, slope) -> None:
    assert function(Value(x)).partials[0] == pytest.approx(slope, rel=1e-15)


def test_where_lets_nothing_of_the_other_arm_through() -> None:
    x = Value(0.0)
    safe = ag.where(x > 0, x * ag.log(x), 0.0)
    assert safe.data == 0.0
    assert gradients(safe + x, [x]) == [1.0]
    taken = ag.where(x <= 0, x + 1.0, 1 / x)
    assert gradients(taken, [x]) == [1.0]


def test_where_with_a_value_as_condition() -> None:
    condition, x, y = Value(1.0), Value(2.0), Value(3.0)
    assert ag.where(condition, x, y).operands == (1.0, x, 3.0)
    assert gradients(ag.where(condition, x, y), [condition, x, y]) == [0.0, 1.0, 0.0]
    assert gradients(ag.where(0, x, y), [x, y]) == [0.0, 1.0]
    assert ag.where(True, 2.0, 3.0) == 2.0


def test_products_with_zeros_have_the_right_gradient() -> None:
    x, y, z = Value(0.0), Value(2.0), Value(3.0)
    assert gradients(ag.prod([x, y, z]), [x, y, z]) == [6.0, 0.0, 0.0]
    assert gradients(ag.prod([x, x, z]), [x, z]) == [0.0, 0.0]


@pytest.mark.parametrize("shift", [-1000.0, 0.0, 1000.0])
def test_softmax_and_cross_entropy_are_stable(shift) -> None:
    logits = [Value(shift + x) for x in (0.0, 1.0, 3.0)]
    probabilities = ag.softmax(logits)
    whole = 1 + math.e + math.e**3
    expected = [1 / whole, math.e / whole, math.e**3 / whole]
    assert [p.data for p in probabilities] == pytest.approx(expected, rel=1e-12)
    loss = ag.cross_entropy(logits, 1)
    assert loss.data == pytest.approx(-math.log(expected[1]), rel=1e-12)
    expected[1] -= 1
    assert gradients(loss, logits) == pytest.approx(expected, rel=1e-12)


def test_cross_entropy_of_a_sure_prediction_keeps_its_digits() -> None:
    logits = [Value(0.0), Value(-50.0)]
    loss = ag.cross_entropy(logits, 0)
    assert loss.data == pytest.approx(math.exp(-50), rel=1e-14)
    assert gradients(loss, logits) == pytest.approx([-math.exp(-50), math.exp(-50)], rel=1e-14)
