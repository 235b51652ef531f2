"""Numbers of high precision that carry their derivatives: what the table's values are run on.

Only the *value* of a row is run here, never its local derivatives, for those are what is checked.

A derivative along a direction is lexicographic: a number that equals another is larger if it grows
faster. So at a kink each side is followed exactly, however small the step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.language.elementary import ELEMENTARY
from autograd.table import Operation
from autograd.testing.exact import (
    INF,
    Real,
    context,
    divided,
    elementary,
    mpf,
    power,
    remainder,
)

Slopes = dict[int, Real]


class Number:
    """A real number and its derivatives by some variables, those that are not zero."""

    __slots__ = ("home", "slopes", "value")

    def __init__(self, home: Precise, value: Real, slopes: Slopes) -> None:
        self.home = home
        self.value = value
        self.slopes = slopes

    def _other(self, given: Any) -> Number:
        return self.home.number(given)

    def __neg__(self) -> Number:
        return Number(self.home, -self.value, {k: -s for k, s in self.slopes.items()})

    def __add__(self, given: Any) -> Number:
        other = self._other(given)
        return Number(self.home, self.value + other.value, added(self.slopes, other.slopes))

    __radd__ = __add__

    def __sub__(self, given: Any) -> Number:
        return self + -self._other(given)

    def __rsub__(self, given: Any) -> Number:
        return -self + self._other(given)

    def __mul__(self, given: Any) -> Number:
        x, y = self, self._other(given)
        slopes = added(scaled(x.slopes, y.value), scaled(y.slopes, x.value))
        return Number(self.home, x.value * y.value, slopes)

    __rmul__ = __mul__

    def __truediv__(self, given: Any) -> Number:
        x, y = self, self._other(given)
        quotient = divided(x.value, y.value)
        slopes = scaled(x.slopes, divided(mpf(1), y.value))
        if y.slopes:
            slopes = added(slopes, scaled(y.slopes, -divided(quotient, y.value)))
        return Number(self.home, quotient, slopes)

    def __rtruediv__(self, given: Any) -> Number:
        return self._other(given) / self

    def __mod__(self, given: Any) -> Number:
        x, y = self, self._other(given)
        quotient, rest = remainder(x.value, y.value)
        slopes = added(scaled(x.slopes, rest - rest + 1), scaled(y.slopes, -quotient))
        return Number(self.home, rest, slopes)

    def __rmod__(self, given: Any) -> Number:
        return self._other(given) % self

    def __floordiv__(self, given: Any) -> Number:
        y = self._other(given)
        quotient, _ = remainder(self.value, y.value)
        flat = quotient - quotient  # 0, or nan where there is no quotient
        slopes = scaled(added(self.slopes, y.slopes), flat)
        return Number(self.home, quotient, slopes)

    def __rfloordiv__(self, given: Any) -> Number:
        return self._other(given) // self

    def __lt__(self, given: Any) -> bool:
        return self.home.order(self, self._other(given), below=True)

    def __gt__(self, given: Any) -> bool:
        return self.home.order(self._other(given), self, below=True)

    def __le__(self, given: Any) -> bool:
        return self.home.order(self, self._other(given), below=False)

    def __ge__(self, given: Any) -> bool:
        return self.home.order(self._other(given), self, below=False)


class Precise:
    """The vocabulary of the rules on these numbers.

    Args:
        directed: Whether the numbers carry their derivatives along one direction, the only
            variable 0. Then equal numbers are compared by these.

    Attributes:
        tied: Whether two equal numbers that vary differently were compared, or a function taken
            where it has no derivative: the result is one side's and depends on the direction.
    """

    def __init__(self, directed: bool = False) -> None:
        self.directed = directed
        self.tied = False
        one, two = mpf(1), mpf(2)
        self.pi = +context.pi
        self.log2_e = 1 / context.log(2)
        self.log10_e = 1 / context.log(10)
        self.sqrt_half = context.sqrt(one / 2)
        self.sqrt_half_rest = mpf(0)
        self.two_over_sqrt_pi = two / context.sqrt(context.pi)
        self.inverse_sqrt_two_pi = one / context.sqrt(2 * context.pi)

    def variable(self, value: Any, index: int, slope: Any = 1) -> Number:
        """A number that varies with the variable of that index."""
        return Number(self, mpf(value), {index: mpf(slope)} if slope else {})

    def number(self, given: Any) -> Number:
        """A number itself, or a plain one that does not vary."""
        return given if isinstance(given, Number) else Number(self, mpf(given), {})

    def constant(self, value: Any) -> Number:
        """A number that does not vary."""
        return Number(self, mpf(value), {})

    def order(self, x: Number, y: Number, below: bool) -> bool:
        """Whether x < y (`below`) or x ≤ y."""
        if x.value != y.value:
            return bool(x.value < y.value)
        apart = (y - x).slopes
        if not any(apart.values()):
            return not below
        self.tied = True
        growth = apart[0] if self.directed else 0
        return bool(growth > 0) if below else bool(growth >= 0)

    def where(self, condition: bool, x: Any, y: Any) -> Any:
        """x if the condition holds, else y."""
        return x if condition else y

    def both(self, first: bool, second: bool) -> bool:
        """Whether both conditions hold."""
        return first and second

    def either(self, first: bool, second: bool) -> bool:
        """Whether at least one of the conditions holds."""
        return first or second

    def equal(self, x: Any, y: Any) -> bool:
        """Whether the numbers are equal; along a direction, whether they stay so."""
        difference = x - y
        if not isinstance(difference, Number):
            return bool(difference == 0)
        if difference.value == 0 and any(difference.slopes.values()):
            self.tied = True
            return not self.directed
        return bool(difference.value == 0)

    def largest(self, values: Sequence[Any]) -> Any:
        """The largest of the values."""
        best = self.constant(-INF)
        for given in values:
            x = best._other(given)
            if context.isnan(x.value):
                return x
            best = x if best <= x else best
        return best

    def product_error(self, x: Any, y: Any) -> float:
        """What the rounding of x·y leaves out: nothing here."""
        return 0.0

    def abs(self, given: Any) -> Number:
        """|x|; at 0 along the direction."""
        x = self.number(given)
        return -x if x < 0 else x

    def hypot(self, x: Any, y: Any) -> Number:
        """√(x² + y²); at the origin along the direction."""
        x, y = self.number(x), self.number(y)
        size = context.hypot(x.value, y.value)
        if size != 0:
            slopes = added(scaled(x.slopes, x.value / size), scaled(y.slopes, y.value / size))
            return Number(self, size, slopes)
        self.tied = self.tied or bool(x.slopes or y.slopes)
        speed = context.hypot(x.slopes.get(0, 0), y.slopes.get(0, 0)) if self.directed else mpf(0)
        return Number(self, size, {0: speed} if speed else {})

    def atan2(self, y: Any, x: Any) -> Number:
        """The angle of (x, y)."""
        y, x = self.number(y), self.number(x)
        square = x.value * x.value + y.value * y.value
        slopes = added(
            scaled(y.slopes, divided(x.value, square)), scaled(x.slopes, -divided(y.value, square))
        )
        return Number(self, context.atan2(y.value, x.value), slopes)

    def pow(self, x: Any, p: Any) -> Number:
        """x to the power p; nan where it is not real."""
        x, p = self.number(x), self.number(p)
        value = power(x.value, p.value)
        by_base = p.value * divided(value, x.value) if x.value else p.value * power(
            x.value, p.value - 1
        )  # fmt: skip
        if p.value == 0:
            by_base = mpf(0)
        by_exponent = mpf(0)
        if p.slopes:
            if x.value == 0 and p.value <= 0:
                self.tied = True
            log = elementary("log", x.value)
            by_exponent = mpf(0) if x.value == 0 and p.value >= 0 else value * log
        slopes = added(scaled(x.slopes, by_base), scaled(p.slopes, by_exponent))
        return Number(self, value, slopes)

    def __getattr__(self, name: str) -> Callable[[Any], Number]:
        row = ELEMENTARY.get(name)
        if row is None or row.derivative is None:
            raise AttributeError(name)
        derivative = row.derivative

        def function(given: Any) -> Number:
            x = self.number(given)
            value = elementary(name, x.value)
            if not x.slopes:
                return Number(self, value, {})
            # In the textbook's form: what cancels there does not reach a float.
            by_rule = derivative(self, self.constant(x.value), self.constant(value))
            slope = self.number(by_rule).value
            if context.isinf(slope):
                self.tied = True
            return Number(self, value, scaled(x.slopes, slope))

        return function


def added(first: Slopes, second: Slopes) -> Slopes:
    """The derivatives of a sum."""
    if not second:
        return first
    if not first:
        return second
    result = dict(first)
    for k, slope in second.items():
        result[k] = result[k] + slope if k in result else slope
    return result


def scaled(slopes: Slopes, factor: Real) -> Slopes:
    """The derivatives of a multiple; what does not move adds nothing, even to an infinite slope."""
    return {k: s * factor for k, s in slopes.items() if s} if factor else {}


def evaluated(
    operation: Operation, home: Precise, operands: Sequence[Number], settings: Sequence[Any]
) -> Number:
    """The operation's value on these numbers."""
    given: Sequence[Any] = operands
    if operation.groups:
        given = operation.grouped(operands)
    return home.number(operation.value(home, *given, *settings))
