"""The tolerance that a caller asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd.arguments import as_number
from autograd.errors import shown
from autograd.testing.entries import Unusable


@dataclass(frozen=True)
class Tolerance:
    """By how much claimed numbers may be off, as NumPy's `isclose` has it.

    Attributes:
        relative: Beside the reference.
        absolute: In itself.
    """

    relative: float = 0.0
    absolute: float = 0.0

    def of(self, reference: float) -> float:
        """The tolerance for a number."""
        return self.absolute + self.relative * abs(reference)


def tolerance(rtol: Any, atol: Any) -> Tolerance:
    """The tolerance that was asked for.

    Raises:
        Unusable: If one of the two is no number, or negative.
    """
    sizes = []
    for name, given, what in (
        ("rtol", rtol, "by how much of the reference"),
        ("atol", atol, "by how much"),
    ):
        number = as_number(given)
        if number is None or not number >= 0.0:
            raise Unusable(f"{name} is {shown(given)}; give {what} a number may be off, as in 1e-6")
        sizes.append(float(number))
    return Tolerance(*sizes)
