"""Local derivatives beyond the floats: a row's rules, run on floats with exponents of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd.graph.node import Node
from autograd.language import floats
from autograd.language.elementary import CONSTANTS, FUNCTIONS
from autograd.table.symbolic import flat_partials

DIGITS = 53  # binary digits of a float
FAR = 1100  # binary digits; of two numbers that far apart the sum is the larger


class Scaled:
    """The number mantissa · 2^exponent, whose exponent has no bounds."""

    __slots__ = ("exponent", "mantissa")

    mantissa: float
    exponent: int

    def __init__(self, mantissa: float, exponent: int = 0) -> None:
        self.mantissa, shift = math.frexp(mantissa)
        self.exponent = exponent + shift if self.mantissa and math.isfinite(mantissa) else 0

    def __float__(self) -> float:
        try:
            return math.ldexp(self.mantissa, self.exponent)
        except OverflowError:
            return math.copysign(math.inf, self.mantissa)

    def __neg__(self) -> Scaled:
        return Scaled(-self.mantissa, self.exponent)

    def __mul__(self, given: Any) -> Scaled:
        other = scaled(given)
        return Scaled(self.mantissa * other.mantissa, self.exponent + other.exponent)

    __rmul__ = __mul__

    def __truediv__(self, given: Any) -> Scaled:
        other = scaled(given)
        quotient = floats.divide(self.mantissa, other.mantissa)
        return Scaled(quotient, self.exponent - other.exponent)

    def __rtruediv__(self, given: Any) -> Scaled:
        quotient: Scaled = scaled(given) / self
        return quotient

    def __add__(self, given: Any) -> Scaled:
        small, large = sorted((self, scaled(given)), key=lambda x: (bool(x.mantissa), x.exponent))
        shift = max(small.exponent - large.exponent, -FAR) if small.mantissa else 0
        return Scaled(large.mantissa + math.ldexp(small.mantissa, shift), large.exponent)

    __radd__ = __add__

    def __sub__(self, given: Any) -> Scaled:
        return self + -scaled(given)

    def __rsub__(self, given: Any) -> Scaled:
        return -self + scaled(given)

    def __floordiv__(self, given: Any) -> Scaled:
        other = scaled(given)
        quotient = self / other
        if quotient.exponent > DIGITS:
            return quotient  # an integer, which floats may not hold
        return Scaled(floats.floor_divide(float(self), float(other)))

    def __rfloordiv__(self, given: Any) -> Scaled:
        quotient: Scaled = scaled(given) // self
        return quotient

    def __mod__(self, given: Any) -> Scaled:
        return Scaled(floats.remainder(float(self), float(scaled(given))))

    def __rmod__(self, given: Any) -> Scaled:
        rest: Scaled = scaled(given) % self
        return rest

    def beside(self, given: Any) -> tuple[float, float]:
        """Two floats that compare as the number and another one do."""
        other = scaled(given)
        if math.isfinite(self.mantissa + other.mantissa):
            return (self - other).mantissa, 0.0
        return self.mantissa, other.mantissa  # the difference of infinities would be no number

    def __lt__(self, given: Any) -> bool:
        x, y = self.beside(given)
        return x < y

    def __gt__(self, given: Any) -> bool:
        x, y = self.beside(given)
        return x > y

    def __le__(self, given: Any) -> bool:
        x, y = self.beside(given)
        return x <= y

    def __ge__(self, given: Any) -> bool:
        x, y = self.beside(given)
        return x >= y


def scaled(given: Any) -> Scaled:
    """The number itself, or a float as one."""
    return given if isinstance(given, Scaled) else Scaled(given)


class Vocabulary:
    """The vocabulary `m` on these numbers. Elementary functions take and give what floats hold."""

    def where(self, condition: bool, x: Any, y: Any) -> Any:
        """x where the condition holds, else y."""
        return x if condition else y

    def both(self, first: bool, second: bool) -> bool:
        """Whether both conditions hold."""
        return first and second

    def either(self, first: bool, second: bool) -> bool:
        """Whether one condition holds."""
        return first or second

    def equal(self, x: Any, y: Any) -> bool:
        """Whether x == y."""
        left, right = scaled(x).beside(y)
        return left == right

    def abs(self, x: Any) -> Scaled:
        """|x|."""
        number = scaled(x)
        return Scaled(abs(number.mantissa), number.exponent)

    def largest(self, values: Sequence[Any]) -> float:
        """The largest of the values."""
        return max(map(float, values))

    def __getattr__(self, name: str) -> Any:
        found = getattr(floats, name)
        if name in CONSTANTS:
            return found
        if name not in FUNCTIONS:
            raise AttributeError(name)
        return lambda *given: Scaled(found(*map(float, given)))


def scaled_partials(node: Node) -> list[Scaled]:
    """The local derivatives of a computed node by its parents, also where no float holds them."""
    operation: Any = node._op
    operands, settings = node.applied_to
    at = [i for i, operand in enumerate(operands) if isinstance(operand, Node)]
    numbers: list[Any] = [Scaled(x._data if isinstance(x, Node) else x) for x in operands]
    given = operation.grouped(numbers) if operation.groups else numbers
    given = [*given, *settings]
    m = Vocabulary()
    value = operation.value(m, *given)
    flat = flat_partials(operation, operation.partials(m, *given, value))
    return [scaled(flat[i]) for i in at]
