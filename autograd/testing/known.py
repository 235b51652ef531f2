"""Which row of docs/conventions.md explains a disagreement of libraries, by operation and numbers.

The rows are anchors of that page; a test holds them to it. What is tried first stands first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isinf, isnan
from typing import NamedTuple

VALUE, GRADIENT, SECOND = "value", "gradient", "second derivative"
Numbers = Sequence[float]


class Row(NamedTuple):
    """A row of the page.

    Attributes:
        name: Its anchor.
        operation: The operation that it is about.
        when: Whether it is about these operands, followed by the settings.
        what: What differs; () for anything.
        fixed: Whether it is only about operations of which an operand is a constant.
    """

    name: str
    operation: str
    when: Callable[[Numbers], bool]
    what: tuple[str, ...] = ()
    fixed: bool = False


def always(_: Numbers) -> bool:
    """About any operands."""
    return True


def at(*numbers: float) -> Callable[[Numbers], bool]:
    """About these operands."""
    return lambda given: tuple(given[: len(numbers)]) == numbers


def beyond(low: float, high: float) -> Callable[[Numbers], bool]:
    """About a first operand outside of these bounds."""
    return lambda given: given[0] < low or given[0] > high


def equal(how_many: int, largest: Callable[[Numbers], float]) -> Callable[[Numbers], bool]:
    """About at least so many operands that are equal to the largest or the smallest."""
    return lambda given: sum(x == largest(given) for x in given) >= how_many


def zeros(how_many: int) -> Callable[[Numbers], bool]:
    """About at least so many operands that are 0."""
    return lambda given: sum(x == 0 for x in given) >= how_many


TIE: Callable[[Numbers], bool] = lambda given: given[0] == given[1]  # noqa: E731
NAN: Callable[[Numbers], bool] = lambda given: any(map(isnan, given))  # noqa: E731

ROWS = (
    Row("abs-at-0", "abs", at(0.0), (GRADIENT,)),
    Row("abs-second", "abs", at(0.0)),
    Row("relu-at-0", "relu", at(0.0)),
    Row("leaky-relu-at-0", "leaky_relu", at(0.0)),
    Row("elu-second", "elu", at(0.0), (SECOND,)),
    Row("elu-at-minus-40", "elu", beyond(-14.0, inf)),
    Row("clip-crossed", "clip", lambda given: given[1] > given[2]),
    Row("clip-at-low", "clip", lambda given: given[0] == given[1]),
    Row("clip-at-high", "clip", lambda given: given[0] == given[2]),
    Row("maximum-of-nan", "maximum", NAN),
    Row("maximum-of-nan", "minimum", NAN),
    Row("maximum-second", "maximum", TIE, (SECOND,)),
    Row("maximum-second", "minimum", TIE, (SECOND,)),
    Row("maximum-tie", "maximum", TIE),
    Row("minimum-tie", "minimum", TIE),
    Row("amax-tie-of-three", "amax", equal(3, max)),
    Row("amax-tie-of-two", "amax", equal(2, max)),
    Row("amin-tie-of-three", "amin", equal(2, min)),
    Row("sqrt-second", "sqrt", at(0.0), (SECOND,)),
    Row("sqrt-at-0", "sqrt", at(0.0)),
    Row("sqrt-outside", "sqrt", beyond(0.0, inf)),
    Row("cbrt-at-0", "cbrt", at(0.0)),
    Row("hypot-squared-second", "hypot", at(0.0, 0.0), (SECOND,)),
    Row("hypot-at-origin", "hypot", at(0.0, 0.0)),
    Row("hypot-tie-second", "hypot", lambda given: abs(given[0]) == abs(given[1]), (SECOND,)),
    Row("atan2-at-origin", "atan2", at(0.0, 0.0)),
    Row("atan2-tiny", "atan2", lambda given: max(map(abs, given)) < 1e-150),
    Row("asin-at-1", "asin", lambda given: abs(given[0]) == 1),
    Row("asin-at-1", "acos", lambda given: abs(given[0]) == 1),
    Row("acosh-at-1", "acosh", at(1.0)),
    Row("power-0-float-at-0", "pow", lambda given: given[1] == 0, fixed=True),
    Row("power-at-0-0", "pow", at(0.0, 0.0)),
    Row("power-1-second", "pow", at(0.0, 1.0), (SECOND,)),
    Row("power-both-second", "pow", lambda given: given[0] == 0 < given[1], (SECOND,)),
    Row("power-half-at-0", "pow", lambda given: given[0] == 0 < given[1] < 1),
    Row("power-at-0-1", "pow", at(0.0, 1.0)),
    Row("power-at-0-2", "pow", lambda given: given[0] == 0 < given[1]),
    Row("power-minus-1-at-0", "pow", at(0.0)),
    Row("power-negative-base-value", "pow", beyond(0.0, inf), (VALUE,)),
    Row("power-negative-base", "pow", beyond(0.0, inf)),
    Row("reciprocal-at-0", "truediv", lambda given: given[1] == 0),
    Row("log-at-0", "log", at(0.0)),
    Row("log-outside", "log", beyond(0.0, inf)),
    Row("prod-second", "prod", zeros(1), (SECOND,)),
    Row("prod-two-zeros", "prod", zeros(2)),
    Row("prod-one-zero", "prod", zeros(1)),
    Row("prod-underflow", "prod", always),
    Row("where-condition", "where", at(0.0)),
    Row("tanh-second", "tanh", beyond(-8.0, 8.0), (SECOND,)),
    Row("tanh-at-20", "tanh", beyond(-8.0, 8.0)),
    Row("sigmoid-second", "sigmoid", beyond(-inf, 15.0), (SECOND,)),
    Row("sigmoid-at-40", "sigmoid", beyond(-inf, 15.0)),
    Row("sigmoid-at-minus-800", "sigmoid", beyond(-700.0, inf)),
    Row("softplus-second-at-0", "softplus", at(0.0), (SECOND,)),
    Row("softplus-second", "softplus", beyond(-inf, 15.0), (SECOND,)),
    Row("softplus-at-800", "softplus", beyond(-inf, 700.0)),
    Row("softplus-at-25", "softplus", beyond(-inf, 15.0)),
    Row("softplus-at-minus-40", "softplus", beyond(-15.0, inf)),
    Row("logsigmoid-at-minus-800", "logsigmoid", beyond(-15.0, 15.0)),
    Row("erf-second", "erf", beyond(-4.0, 4.0), (SECOND,)),
    Row("erf-at-6", "erf", beyond(-4.0, 4.0)),
    Row("gelu-at-minus-10", "gelu", beyond(-5.0, inf), (GRADIENT, SECOND)),
    Row("gelu-at-1", "gelu", always),
    Row("expm1-tail", "expm1", beyond(-14.0, inf)),
    Row("sinc-second", "sinc", at(0.0), (SECOND,)),
    Row("sinc-first", "sinc", at(0.0)),
    Row("sign-at-0", "sign", at(0.0)),
    Row("floor-at-1", "floor", lambda given: given[0] % 1 == 0),
    Row("remainder-at-2", "mod", lambda given: given[1] != 0 and given[0] % given[1] == 0),
    Row("logsumexp-second", "logsumexp", always, (SECOND,)),
    Row("logsumexp-all-minus-inf", "logsumexp", lambda given: max(given) == -inf),
    Row("logsumexp-inf", "logsumexp", lambda given: max(given) == inf),
    Row("logsumexp-minus-inf", "logsumexp", lambda given: any(map(isinf, given))),
    Row("logsumexp-tie-of-1000", "logsumexp", lambda given: max(map(abs, given)) > 700),
)

# Where all operations agree, and what they are put together to does not.
UNTAKEN, UNTAKEN_NAN, TIMES_ZERO, SQUARED_NORM = (
    "where-sqrt",
    "where-nan-value",
    "multiplied-by-zero",
    "abs-squared-second",
)


def row_of(operation: str, numbers: Numbers, what: str, fixed: bool) -> str:
    """The row that is about an operation; "" if there is none.

    Args:
        operation: Its name.
        numbers: Its operands and settings.
        what: What differs.
        fixed: Whether an operand is a constant.
    """
    for row in ROWS:
        if row.operation != operation or (row.what and what not in row.what):
            continue
        if (fixed or not row.fixed) and row.when(numbers):
            return row.name
    return ""
