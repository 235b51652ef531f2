"""The page of NumPy's functions is what running them gives, and none is silently wrong."""

import re

import numpy as np
import pytest

from docs.website import numpy_functions

pytestmark = pytest.mark.filterwarnings("ignore:Degrees of freedom")


@pytest.fixture(scope="module")
def outcomes() -> list[numpy_functions.Outcomes]:
    return list(numpy_functions.outcomes())


def test_none_is_silently_wrong_and_every_error_is_the_librarys_own(outcomes) -> None:
    ways_out = r"make the numbers Values|sums and products|take value.data|np.frompyfunc\(autograd"
    for each in outcomes:
        for found in each.found:
            if found not in ("right", "–", "nan"):
                assert found.startswith("TypeError: "), each
                assert re.search(ways_out, found), each


def test_the_page_has_every_ufunc_and_what_is_usual(outcomes) -> None:
    seen = {each.name for each in outcomes}
    of_integers = {
        "bitwise_count",
        "gcd",
        "lcm",
        "ldexp",
        "invert",
        "bitwise_not",
        "bitwise_invert",
    }
    ufuncs = {name for name in np.__all__ if isinstance(getattr(np, name), np.ufunc)}
    left_out = {name for name in ufuncs if f"np.{name}" not in seen}
    assert {n for n in left_out if "bitwise" not in n and "shift" not in n} <= {
        *of_integers,
        "isnat",
    }
    usual = "sum prod mean std var max min median dot clip where interp sort cumsum linspace cov"
    assert {f"np.{name}" for name in usual.split()} - {"np.clip", "np.where", "np.interp"} <= seen


def test_rows_of_the_table_are_right_by_numpys_name(outcomes) -> None:
    right = {each.name for each in outcomes if each.found[0] == "right"}
    names = "floor ceil trunc rint sign exp2 fabs logaddexp sinc degrees radians mod divmod exp"
    assert {f"np.{name}" for name in names.split()} <= right


def test_what_is_wrong_is_seen() -> None:
    def wrong(x):
        return x * 2.0 if isinstance(x, float) else x * 3.0

    def constant(x):
        return x * 2.0 if isinstance(x, float) else x.data * 2.0

    assert numpy_functions.outcome(wrong, (0.5,)) == "wrong value"
    assert numpy_functions.outcome(constant, (0.5,)) == "wrong gradient"


def test_the_page_is_as_generated() -> None:
    text = numpy_functions.PAGE.read_text(encoding="utf-8")
    version = re.search(r"function of NumPy (\d+\.\d+)", text)
    assert version
    if not np.__version__.startswith(f"{version[1]}."):
        pytest.skip(f"the page is of NumPy {version[1]}")
    assert numpy_functions.page() == text
