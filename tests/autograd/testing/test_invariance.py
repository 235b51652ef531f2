"""What may not change a verdict: the units of x and of f, the order of arguments, their names."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.testing import gradient_report
from tests.benchmarks.cases import RIGHT, WRONG

PLAIN = [case for case in RIGHT if case.dtype == "float64"]
SEVERAL = [case for case in PLAIN if len(case.point) > 1]
KNOWN_WRONG = [case for case in WRONG if case.dtype == "float64"]


def parts(case):
    """The function and the claimed gradient of a case, as plain code."""
    return case.plain(case.function), case.plain(case.gradient)


def is_within_floats(*numbers):
    return all(x == 0 or 1e-290 < abs(x) < 1e290 for x in numbers)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(PLAIN), st.integers(-40, 40))
def test_a_right_claim_stays_right_where_the_function_has_another_unit(case, exponent) -> None:
    function, gradient = parts(case)
    factor = 2.0**exponent
    report = gradient_report(
        lambda *xs: factor * function(*map(float, xs)), *case.point,
        claimed=lambda *xs: [factor * d for d in gradient(*xs)],
    )  # fmt: skip
    assert report.verdict != "wrong", report


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(PLAIN), st.integers(-40, 40))
def test_a_right_claim_stays_right_where_the_inputs_have_another_unit(case, exponent) -> None:
    function, gradient = parts(case)
    factor = 2.0**exponent
    point = [x / factor for x in case.point]
    if not is_within_floats(*point):
        return
    report = gradient_report(
        lambda *xs: function(*(factor * float(x) for x in xs)), *point,
        claimed=lambda *xs: [factor * d for d in gradient(*(factor * x for x in xs))],
    )  # fmt: skip
    assert report.verdict != "wrong", report


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(SEVERAL), st.data())
def test_a_right_claim_stays_right_where_the_arguments_are_in_another_order(case, data) -> None:
    function, gradient = parts(case)
    order = data.draw(st.permutations(range(len(case.point))))
    back = [order.index(i) for i in range(len(order))]
    report = gradient_report(
        lambda *xs: function(*(float(xs[i]) for i in back)), *(case.point[i] for i in order),
        claimed=lambda *xs: [gradient(*(xs[i] for i in back))[i] for i in order],
    )  # fmt: skip
    assert report.verdict != "wrong", report


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([*PLAIN, *KNOWN_WRONG]), st.sampled_from(["alpha", "x1", "value", "self"]))
def test_names_do_not_matter(case, name) -> None:
    function, gradient = parts(case)
    count = len(case.point)
    names = [f"{name}_{i}" for i in range(count)]
    renamed = eval(
        f"lambda {', '.join(names)}: function({', '.join(f'float({n})' for n in names)})",
        {"function": function},
    )
    plain = gradient_report(lambda *xs: function(*map(float, xs)), *case.point, claimed=gradient)
    report = gradient_report(renamed, *case.point, claimed=gradient)
    assert report.verdict == plain.verdict
    assert [p.name for p in report.partials] == names[: len(report.partials)]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([*PLAIN, *KNOWN_WRONG]),
    st.floats(0, 1e-2), st.floats(1, 10), st.floats(0, 1e-2), st.floats(1, 10),
)  # fmt: skip
def test_a_larger_tolerance_never_turns_right_into_wrong(case, rtol, more, atol, most) -> None:
    function, gradient = parts(case)
    verdicts = [
        gradient_report(
            lambda *xs: function(*map(float, xs)), *case.point, claimed=gradient, **tolerance
        ).verdict
        for tolerance in ({}, {"rtol": rtol, "atol": atol},
                          {"rtol": more * rtol, "atol": most * atol})
    ]  # fmt: skip
    rank = ["wrong", "inconclusive", "right"]
    assert rank.index(verdicts[0]) <= rank.index(verdicts[1]) <= rank.index(verdicts[2]), verdicts


@pytest.mark.parametrize("exponent", [-300, 300])
def test_units_near_the_ends_of_the_floats_do_not_make_an_error(exponent) -> None:
    factor = 2.0**exponent
    report = gradient_report(
        lambda x: factor * math.sin(x), 1.0, claimed=lambda x: factor * math.cos(x)
    )
    assert report.verdict == "right"
