"""Every operation against exact results, by the same tests for each row of the table."""

from __future__ import annotations

import itertools
import math
import random
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value
from autograd.table import BOUND, TABLE, Operation
from tests.accuracy import Case, Draw, choices, computed, function_of, quantities
from tests.exact import EXACT, exact_results, units

LARGEST, LEAST = 1.7976931348623157e308, 5e-324
SPECIAL = (nan, inf, -inf, 0.0, -0.0, LEAST, -LEAST, LARGEST, -LARGEST, 1.0, -1.0)

every_operation = pytest.mark.parametrize("name", TABLE)


def some_cases(operation: Operation) -> st.SearchStrategy[Case]:
    """Arguments and settings: what Hypothesis finds nasty, and the points of the long measurement.

    The latter crowd where something happens, and are drawn from a seed.
    """
    drawn = st.integers(0, 2**32).map(lambda seed: Draw(operation, random.Random(seed)))
    if operation.groups:
        return drawn.map(lambda draw: draw.many())
    floats = [
        st.floats(d.low, d.high, allow_nan=False, allow_infinity=False) for d in operation.domain
    ]
    arguments = st.one_of(st.tuples(*floats), drawn.map(lambda draw: draw.few()))
    return st.tuples(arguments, st.sampled_from(choices(operation)))


@every_operation
def test_results_are_exact_within_the_bounds_of_the_row(name: str) -> None:
    operation = TABLE[name]

    @settings(max_examples=max(150, settings().max_examples))
    @given(some_cases(operation))
    def check(case: Case) -> None:
        arguments, chosen = case
        results = computed(operation, arguments, chosen)
        truths = exact_results(name, arguments, chosen)
        what = quantities(operation, arguments)
        for quantity, result, truth in zip(what, results, truths, strict=True):
            bound = operation.value_bound if quantity == "value" else BOUND
            if truth is not None:
                error = units(result, *truth)
                exact = mp.nstr(truth[0], 20)
                assert error <= bound, f"{quantity} is {result!r}, exactly {exact}: {error:.3g} ulp"

    check()


@pytest.mark.parametrize("p", [-7.3, -0.4, 2.01, 2.03, 2.5, 3.3, 3.999, 4.0, 5.7, 20.3, 300.1])
@pytest.mark.parametrize("exponent", range(-1070, -960, 7))
def test_a_power_keeps_its_digits_near_the_end_of_the_floats(p, exponent) -> None:
    """The derivative by x is about 2^exponent; the value is often out of range, or subnormal."""
    x = 2.0 ** (exponent / (p - 1)) * 1.3
    results = computed(TABLE["pow"], (x, p), ())
    for result, truth in zip(results, exact_results("pow", (x, p), ()), strict=True):
        assert truth is not None
        assert units(result, *truth) <= 4.0


def test_every_operation_has_an_exact_form() -> None:
    assert set(EXACT) == set(TABLE), "add the exact form of a new row to tests/exact.py"


@every_operation
def test_a_bound_that_is_not_plain_states_its_reason(name: str) -> None:
    operation, exact = TABLE[name], EXACT[name]
    wide = operation.value_bound > BOUND
    relative = exact.value_size is not None or exact.partial_size is not None
    assert bool(operation.bound_reason) == (wide or relative)


# --- Numbers that are not numbers, or at the end of them ------------------------------------------


def identical(x: float, y: float) -> bool:
    """Whether two floats are the same bit for bit; one nan is as good as another."""
    same_sign = math.copysign(1.0, x) == math.copysign(1.0, y)
    return (x == y and same_sign) or (math.isnan(x) and math.isnan(y))


def special_cases(operation: Operation) -> list[Case]:
    """Every combination of special numbers; of many operands, some combinations."""
    if not operation.groups:
        combinations = itertools.product(SPECIAL, repeat=len(operation.domain))
        return list(itertools.product(combinations, choices(operation)))
    source = random.Random(operation.name)
    cases = []
    for count in (1, 1, 2, 3, 5):
        for _ in range(150):
            groups = [[source.choice(SPECIAL) for _ in range(count)] for _ in operation.groups]
            for i, name in enumerate(operation.groups):
                if name in operation.single:
                    groups[i] = groups[i][: source.randrange(2)]
            chosen = (source.randrange(count),) if operation.settings else ()
            cases.append((tuple(groups), chosen))
    return cases


@every_operation
def test_nothing_raises_and_plain_numbers_give_the_recorded_value(name: str) -> None:
    operation = TABLE[name]
    function = function_of(operation)
    for arguments, chosen in special_cases(operation):
        value, *partials = computed(operation, arguments, chosen)
        assert all(type(number) is float for number in (value, *partials))
        if not operation.symbol:
            plain: Any = [
                (g[0] if g else None) if group in operation.single else g
                for g, group in zip(arguments, operation.groups or arguments, strict=True)
            ]
            result = function(*plain, *chosen)
            assert type(result) is float
            assert identical(result, value), (arguments, chosen)


@pytest.mark.parametrize("name", [n for n, row in TABLE.items() if len(row.domain) == 2])
def test_a_constant_operand_changes_no_number(name: str) -> None:
    operation = TABLE[name]
    function = function_of(operation)
    for (x, y), chosen in special_cases(operation):
        value, by_x, by_y = computed(operation, (x, y), chosen)
        left, right = function(Value(x), y), function(x, Value(y))
        assert identical(left.data, value)
        assert identical(right.data, value)
        assert identical(left.partials[0], by_x), (x, y)
        assert identical(right.partials[0], by_y), (x, y)


# --- The oracle itself ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in TABLE if name != "stop_gradient"])
def test_exact_derivatives_are_those_of_the_exact_values(name: str) -> None:
    exact, checked = EXACT[name], 0
    draw, step = Draw(TABLE[name], random.Random(name)), mpf(2) ** -400
    chosen: tuple[Any, ...]
    for _ in range(200):
        if TABLE[name].groups:
            groups, chosen = draw.many()
        else:
            groups, chosen = draw.few(), choices(TABLE[name])[0]
        flat = [x for g in groups for x in (g if isinstance(g, list) else [g])]
        if checked > 40 or not all(1e-3 < abs(x) < 20 for x in flat):
            continue
        for i, truth in enumerate(exact_results(name, groups, chosen)[1:]):
            with mp.workprec(2400):
                moves = (mpf(flat[i]) * (1 + step), mpf(flat[i]) * (1 - step))
                right, left = (exact.value(*_moved(groups, i, x), *chosen) for x in moves)
                if truth is not None and right is not None and left is not None:
                    slope = (right - left) / (moves[0] - moves[1])
                    size = max(abs(slope), truth[1], mpf(2) ** -1000)
                    assert abs(slope - truth[0]) <= mpf(2) ** -80 * size
                    checked += 1
    assert checked > 5


def _moved(groups: Any, index: int, x: Any) -> list[Any]:
    """The arguments as mpmath's numbers, the flat one at `index` replaced."""
    counter = itertools.count()

    def placed(old: float) -> Any:
        return x if next(counter) == index else mpf(old)

    return [[*map(placed, g)] if isinstance(g, list) else placed(g) for g in groups]


def test_units_in_the_last_place() -> None:
    assert units(1.0 + 2**-52, mpf(1)) == 1.0
    assert units(LEAST, mpf(0)) == 1.0
    assert units(0.0, mpf(2) ** -1075) == 0.5
    assert units(inf, mpf(10) ** 400) == 0.0
    assert units(LARGEST, mpf(10) ** 400) == 1.0
    assert units(-inf, mpf(10) ** 400) > 1e15
    assert units(inf, mpf(1)) > 1e15
    assert units(nan, mpf(1)) == inf
    assert units(1e-20, mpf(0), 1) == pytest.approx(1e-20 / 2**-52)
