"""What instructions compute with: one number or the lanes of a vector, of 64 or of 32 bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What instructions compute with.

    Attributes:
        width: The number of lanes of a vector; 0 for one number.
        bits: The bits of a float.
    """

    width: int = 0
    bits: int = 64

    def vector(self, element: str) -> str:
        """The type of as many of these as there are lanes."""
        return f"<{self.width} x {element}>" if self.width else element

    @property
    def number(self) -> str:
        """The type of numbers."""
        return self.vector("double" if self.bits == 64 else "float")

    @property
    def condition(self) -> str:
        """The type of conditions."""
        return self.vector("i1")

    def constant(self, number: float) -> str:
        """A number, or true or false, the same in all lanes, without its type."""
        if isinstance(number, bool):
            return self.repeated("i1", str(number).lower())
        if self.bits == 32:  # in hexadecimal, the bits of the same number as a double
            (number,) = struct.unpack("f", struct.pack("f", _within_32_bits(number)))
        (pattern,) = struct.unpack("Q", struct.pack("d", number))
        return self.repeated("double" if self.bits == 64 else "float", f"0x{pattern:016X}")

    def integer(self, number: int) -> str:
        """An integer of as many bits as the floats, the same in all lanes, without its type."""
        return self.repeated(f"i{self.bits}", str(number))

    def repeated(self, element: str, written: str) -> str:
        """A constant that is the same in all lanes, without its type."""
        return f"<{', '.join([f'{element} {written}'] * self.width)}>" if self.width else written


def _within_32_bits(number: float) -> float:
    """The number, or an infinity where it is beyond floats of 32 bits."""
    return number if abs(number) < 3.4028235677973366e38 else number * float("inf")
