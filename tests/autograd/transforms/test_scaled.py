"""Local derivatives on floats whose exponents have no bounds."""

import math
import random
import sys

import pytest
from mpmath import mp, mpf

from autograd import jvp
from autograd.table import TABLE
from autograd.transforms.scaled import Scaled, Vocabulary, scaled_partials
from tests.accuracy import Draw, choices, recorded
from tests.exact import exact_results, units

ODD = (0.0, 1.0, -1.0, 1e-300, -1e300, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize("name", TABLE)
def test_they_are_exact_where_floats_hold_them(name: str) -> None:
    operation, draw = TABLE[name], Draw(TABLE[name], random.Random(name))
    for _ in range(40):
        drawn = draw.many() if operation.groups else (draw.few(), choices(operation)[0])
        node = recorded(operation, *drawn)
        truths = exact_results(name, *drawn)[1:]
        if operation.drops_zero:
            truths = [t for t, x in zip(truths, node.operands, strict=True) if x in node.parents]
        for found, truth in zip(scaled_partials(node), truths, strict=True):
            if truth is not None and sys.float_info.min <= abs(truth[0]) <= sys.float_info.max:
                assert units(float(found), *truth) < 1000, drawn


@pytest.mark.parametrize("name", TABLE)
def test_at_odd_points_they_are_conventions(name: str) -> None:
    operation, rng = TABLE[name], random.Random(name)
    for _ in range(100):
        if operation.groups:
            sizes = [1 if group in operation.single else 2 for group in operation.groups]
            arguments = [tuple(rng.choices(ODD, k=size)) for size in sizes]
            settings = tuple(0 for _ in operation.settings)
        else:
            arguments = tuple(rng.choices(ODD, k=len(operation.domain)))
            settings = choices(operation)[0]
        node = recorded(operation, arguments, settings)
        for partial, found in zip(node.partials, map(float, scaled_partials(node)), strict=True):
            if math.isnan(partial):
                assert math.isnan(found), arguments
            elif sys.float_info.min <= abs(partial) < math.inf:
                assert found == pytest.approx(partial, rel=1e-12, abs=0), arguments


@pytest.mark.parametrize(
    ("x", "y"), [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (1e-300, -3.0), (1e300, 7.0)]
)
def test_quotients_without_a_rest(x: float, y: float) -> None:
    for left, right in [(Scaled(x), Scaled(y)), (x, Scaled(y)), (Scaled(x), y)]:
        assert float(left // right) == x // y
        assert float(left % right) == x % y


def test_a_quotient_that_no_float_holds() -> None:
    found = Scaled(3e300) // Scaled(1e-300)
    with mp.workprec(100):
        exact = mp.ldexp(mpf(found.mantissa), found.exponent) / (mpf(3e300) / mpf(1e-300))
        assert abs(exact - 1) < 1e-15


@pytest.mark.parametrize("pair", [(True, True), (True, False), (False, True), (False, False)])
def test_conditions_are_conditions(pair: tuple[bool, bool]) -> None:
    m = Vocabulary()
    assert m.where(m.both(*pair), 1.0, 2.0) == (1.0 if all(pair) else 2.0)
    assert m.where(m.either(*pair), 1.0, 2.0) == (1.0 if any(pair) else 2.0)


@pytest.mark.parametrize("name", ["floordiv", "mod"])
def test_what_moves_fast_into_a_step(name: str) -> None:
    run = {"floordiv": lambda x, y: x // y, "mod": lambda x, y: x % y}[name]
    slope = jvp(run, (7.5, 2.0), (1e200, 0.0))[1]
    assert slope == {"floordiv": 0.0, "mod": 1e200}[name]
    assert math.isnan(jvp(run, (7.5, 0.0), (1e200, 0.0))[1])
