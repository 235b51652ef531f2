"""Derivatives of first to sixth order of every operation at floats of all sizes; ties; symmetry."""

from __future__ import annotations

import itertools
import math
import random
import sys
from collections.abc import Callable, Sequence
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import autograd
from autograd import Value, extension, gradients, operation
from autograd.table import TABLE, Operation
from tests.accuracy import Arguments, Case, Draw, choices, function_of
from tests.exact import softmax
from tests.orders import (
    Index,
    engines_derivatives,
    exact_derivative,
    flat,
    is_settled,
    rebuilt,
)

RELATIVE = 1e-12
OF_OPERANDS = 1e-14  # next to a zero of a derivative: as if the operands differed by so much
ORDER = 6
SUBNORMAL = sys.float_info.min

every_operation = pytest.mark.parametrize("name", TABLE)


# --- What the rows say: the size to which the errors are relative, inf for none -------------------

Size = Callable[[Index, Arguments], float]


def near_0(index: Index, arguments: Arguments) -> float:
    """Relative to 1/16 for -4 < x < 4."""
    (x,) = arguments
    return 1 / 16 if abs(x) < 4 else 0.0


def least_probability(index: Index, arguments: Arguments) -> float:
    """Relative to the least of the probabilities of these operands."""
    (values,) = arguments
    chances = softmax([mpf(x) for x in values])
    return float(min(chances[place] for place in index))


def less_than_sure(index: Index, arguments: Arguments) -> float:
    """Relative to 1 less the largest probability."""
    (values,) = arguments
    return float(mp.fsum(sorted(softmax([mpf(x) for x in values]))[:-1]))


def plane(index: Index, arguments: Arguments) -> float:
    """No operand but 0 is subnormal, nor 1e100 times the other."""
    sizes = [abs(x) for x in arguments]
    subnormal = any(0 < size < SUBNORMAL for size in sizes)
    return inf if subnormal or (min(sizes) > 0 and max(sizes) / min(sizes) > 1e100) else 0.0


def power(index: Index, arguments: Arguments) -> float:
    """|p| < 1e50; by p: x is between 1e±100, for p = 0 above 1e-40, and x^p·p⁵ a normal float."""
    x, p = arguments
    if abs(p) >= 1e50:
        return inf
    if 1 not in index or x <= 0:
        return 0.0
    ordinary = (1e-100 if p else 1e-40) < x < 1e100
    ordinary = ordinary and abs(p * math.log(x)) + 5 * math.log(max(1.0, abs(p))) < 708
    return 0.0 if ordinary else inf


SIZES: dict[str, Size] = {
    "pow": power,
    "atan2": plane,
    "hypot": plane,
    "sigmoid": near_0,
    "softplus": near_0,
    "logsigmoid": near_0,
    "silu": near_0,
    "gelu": lambda index, arguments: 1e-290,
    "erf": lambda index, arguments: 1e-290,
    "erfc": lambda index, arguments: 1e-290,
    "logsumexp": least_probability,
    "logaddexp": lambda index, arguments: least_probability(index, (list(arguments),)),
    "cross_entropy": less_than_sure,
}


def test_a_row_says_where_its_derivatives_are_less_exact() -> None:
    assert {name for name, row in TABLE.items() if row.orders_reason} == set(SIZES)


def is_next_to_a_multiple(name: str, arguments: Arguments) -> bool:
    """Whether the row's bound is relative to something else here: x by a multiple of π/2."""
    if name not in ("sin", "cos", "tan") or abs(arguments[0]) <= 1e8:
        return False
    with mp.workprec(1300):
        x = mpf(arguments[0])
        return bool(min(abs(mp.sin(x)), abs(mp.cos(x))) < mpf(2) ** -38)


def jumps_within_a_step(name: str, arguments: Arguments) -> bool:
    """Whether a derivative jumps so often that the steps of the exact difference go beyond it."""
    return name == "mod" and abs(arguments[0]) > 1e30 * abs(arguments[1])


# --- All orders -----------------------------------------------------------------------------------


def case(row: Operation, seed: int) -> tuple[Case, Index]:
    """Operands of all sizes, up to three in a group, and by which of them to differentiate."""
    source = random.Random(f"{row.name} {seed}")
    draw = Draw(row, source)
    if not row.groups:
        arguments, chosen = draw.few(), source.choice(list(choices(row)))
    else:
        arguments, chosen = draw.many()
        few = source.randint(1, 3)
        arguments, chosen = tuple(a[:few] for a in arguments), tuple(s % few for s in chosen)
    return (arguments, chosen), tuple(source.choices(range(len(flat(arguments)) or 1), k=ORDER))


def moved_by(
    name: str, arguments: Arguments, chosen: Sequence[Any], index: Index, truth: Any
) -> float:
    """How much a derivative changes as its operands do by their own size, or by 1 if that is less.

    The derivatives of operations of two operands scale with these.
    """
    change = 0.0
    for place, x in enumerate(flat(arguments)):
        slope = exact_derivative(name, arguments, chosen, (*index, place)) or 0
        change += abs(x if len(arguments) == 2 else max(-1.0, min(1.0, x))) * abs(slope)
    return change


@every_operation
def test_derivatives_of_all_orders_are_exact(name: str) -> None:
    row = TABLE[name]

    @settings(max_examples=max(40, settings().max_examples // 4))
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        (arguments, chosen), index = case(row, seed)
        if not flat(arguments) or is_next_to_a_multiple(name, arguments):
            return
        if jumps_within_a_step(name, arguments):
            return
        found = engines_derivatives(row, arguments, chosen, index)
        for order, computed in enumerate(found, 1):
            by = index[:order]
            size = SIZES[name](by, arguments) if name in SIZES and order > 1 else 0.0
            truth = exact_derivative(name, arguments, chosen, by) if size < inf else None
            if truth is None:
                break
            if truth and not SUBNORMAL <= abs(truth) <= sys.float_info.max:
                continue
            error = abs(computed - truth) if math.isfinite(computed) else inf
            if error <= RELATIVE * max(abs(truth), size) + SUBNORMAL:
                continue
            if not is_settled(name, arguments, chosen, by, truth):
                continue
            near = OF_OPERANDS * moved_by(name, arguments, chosen, by, truth)
            exactly = mp.nstr(truth, 17)
            assert error <= near, f"{by} at {arguments}, {chosen}: {computed!r}, exactly {exactly}"

    check()


@pytest.mark.parametrize(
    "exponent", [-300, -160, -80, -40, -20, -10, -3, 3, 10, 20, 40, 80, 160, 300]
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("p", [-1, -2, 0, 0.5, 1, 1.5, 3, 5, 7])
def test_poles_and_powers_at_any_size(p: float, sign: float, exponent: int) -> None:
    x = sign * 1.7 * 10.0**exponent
    if sign < 0 and p != int(p):
        return
    kinds: list[Callable[[Any], Any]] = [lambda x: x**p]
    if p == -1:
        kinds += [lambda x: 1 / x, lambda x: 2.0 * (1 / (x + x)), lambda x: x / x / x]
    for function in kinds:
        leaf = Value(x)
        node = function(leaf)
        falling = mpf(1)
        for order in range(1, ORDER + 1):
            (node,) = gradients(node, [leaf], create_graph=True)
            falling *= mpf(p) - order + 1
            truth = falling * mp.power(mpf(x), mpf(p) - order)
            if falling == 0 or not SUBNORMAL <= abs(truth) <= sys.float_info.max:
                assert falling or node.data == 0.0
                continue
            assert abs(node.data - truth) <= RELATIVE * abs(truth), (order, node.data)


def test_a_slope_written_with_a_square_leaves_the_floats() -> None:
    """What the tests above are there to see: x/(y·y) is no slope of a quotient to differentiate."""
    square = operation(
        "over", lambda m, x, y: x / y, lambda m, x, y, z: (1 / y, -(x / (y * y))), "x/y"
    )
    try:
        assert square(6.0, 2.0) == 3.0
        found = engines_derivatives(TABLE["over"], (1.0, 1e80), (), (1, 1))
        truths = [exact_derivative("truediv", (1.0, 1e80), (), (1,) * n) for n in (1, 2)]
        assert found[0] == pytest.approx(float(truths[0]), rel=RELATIVE)
        assert abs(found[1] - truths[1]) > 1e6 * RELATIVE * truths[1]
    finally:
        extension.remove("over")


# --- Hessians -------------------------------------------------------------------------------------

SPECIAL = (
    nan, inf, -inf, 0.0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, 1.0, -1.0, 0.5, 2.0, -2.0,
    3.0, 1.5, 1e-300, -1e200,
)  # fmt: skip


def special_cases(row: Operation) -> list[Case]:
    """All pairs and triples of special numbers; of many operands some."""
    if not row.groups:
        pairs = itertools.product(SPECIAL, repeat=len(row.domain))
        return list(itertools.product(pairs, list(choices(row))[:2]))
    source = random.Random(row.name)
    cases: list[Case] = []
    for _ in range(300):
        count = source.choice([2, 3, 4])
        groups = tuple(
            [source.choice(SPECIAL) for _ in range(1 if g in row.single else count)]
            for g in row.groups
        )
        cases.append((groups, (source.randrange(count),) if row.settings else ()))
    return cases


def hessian_of(row: Operation, arguments: Arguments, chosen: Sequence[Any]) -> list[list[float]]:
    """The second derivatives of an operation by its operands."""
    leaves = [Value(x) for x in flat(arguments)]
    given_ = rebuilt(arguments, iter(leaves))
    for i, group in enumerate(row.groups):
        if group in row.single:
            (given_[i],) = given_[i]
    slopes = gradients(function_of(row)(*given_, *chosen), leaves, create_graph=True)
    return [gradients(slope, leaves) for slope in slopes]


def is_said_to_be_less_exact(name: str, arguments: Arguments) -> bool:
    """Whether the row says that mixed derivatives are not exact here.

    Beside what SIZES has: an exponent that is no number or subnormal, and -0, which is on the
    negative side for the powers that have a sign.
    """
    if name != "pow":
        return name in SIZES and SIZES[name]((0, 1), arguments) == inf
    x, p = arguments
    odd = not math.isfinite(p) or 0 < abs(p) < SUBNORMAL
    negative_zero = x == 0 and math.copysign(1.0, x) < 0 and p < 0
    finite = math.isfinite(x) and power((0, 1), arguments) == inf
    return odd or negative_zero or finite


@pytest.mark.parametrize(
    "name", [n for n, row in TABLE.items() if len(row.domain) > 1 or row.groups]
)
def test_hessians_are_symmetric_also_at_edges(name: str) -> None:
    row, compared = TABLE[name], 0
    for arguments, chosen in special_cases(row):
        if is_said_to_be_less_exact(name, arguments):
            continue
        rows = hessian_of(row, arguments, chosen)
        finite = [abs(x) for line in rows for x in line if math.isfinite(x)]
        for i, j in itertools.combinations(range(len(rows)), 2):
            first, second = rows[i][j], rows[j][i]
            compared += 1
            if first == second or (math.isnan(first) and math.isnan(second)):
                continue
            assert abs(first - second) <= 1e-12 * max(finite), (arguments, chosen, i, j, rows)
    assert compared > 100


# --- Ties -----------------------------------------------------------------------------------------

TIES: list[tuple[str, Callable[[list[Value]], Any], float]] = [
    ("amax", autograd.amax, 2.0),
    ("amin", autograd.amin, -3.5),
    ("amax of infinities", autograd.amax, inf),
    ("amin of zeros", autograd.amin, 0.0),
    ("logsumexp", autograd.logsumexp, 1.0),
    ("logsumexp of infinities", autograd.logsumexp, inf),
]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 100, 300, 301, 1200])
@pytest.mark.parametrize(("function", "x"), [t[1:] for t in TIES], ids=[t[0] for t in TIES])
def test_equal_ones_share_the_gradient(
    function: Callable[[list[Value]], Any], x: float, count: int
) -> None:
    values = [Value(x) for _ in range(count)]
    best = function(values)
    shares = gradients(best, values)
    assert shares == pytest.approx([1 / count] * count, rel=1e-12)
    assert math.fsum(shares) == pytest.approx(1.0, rel=1e-12)
    recorded = gradients(best, values, create_graph=True) if count < 300 else []
    assert [share.data for share in recorded] == shares[: len(recorded)]


@given(st.lists(st.sampled_from([-1.0, -0.0, 0.0, 2.0, 5e-324, inf]), min_size=1, max_size=12))
def test_the_best_of_many(numbers: list[float]) -> None:
    for function, best in ((autograd.amax, max(numbers)), (autograd.amin, min(numbers))):
        values = [Value(x) for x in numbers]
        node = function(values)
        assert node.data == best == function(numbers)
        share = 1 / numbers.count(best)
        assert list(node.partials) == [share if x == best else 0.0 for x in numbers]


@pytest.mark.parametrize("function", [autograd.amax, autograd.amin])
def test_the_best_of_what_is_no_number(function: Callable[..., Any]) -> None:
    for numbers in ([nan, 1.0], [1.0, nan], [inf, nan, -inf]):
        node = function([Value(x) for x in numbers])
        assert math.isnan(node.data)
        assert all(map(math.isnan, node.partials))
    with pytest.raises(ValueError, match="values is empty; give at least one"):
        function([])
