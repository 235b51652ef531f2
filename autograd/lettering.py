"""What is written in a picture: labels that cannot do harm, and numbers."""

from __future__ import annotations

from math import isnan

LONGEST = 60  # characters of a label that are shown
DASH = "—"
DIGITS = 6  # significant ones of a number in a picture


def shown(label: str) -> str:
    r"""The label with all that cannot be printed as a visible escape, shortened if it is long.

    Example:
        >>> shown("w\x00")
        'w\\x00'
    """
    text = "".join(map(_visible, label[: LONGEST + 1]))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def number(x: float, digits: int = DIGITS) -> str:
    """So many significant digits."""
    return f"{x:.{digits}g}"


def decimal(x: float) -> str:
    """Nine decimals, as tutorials print them; nine significant digits of large and small numbers.

    Example:
        >>> decimal(0.74136507), decimal(0.000438567734), decimal(2.0), decimal(1.7e-17)
        ('0.74136507', '0.000438568', '2', '1.7e-17')
        >>> decimal(0.9999999999)
        '1'
    """
    if not 1e-4 <= abs(x) < 1:
        return f"{x:.9g}"
    return f"{x:.9f}".rstrip("0").rstrip(".")


def signed(x: float, digits: int = DIGITS) -> str:
    """So many significant digits and the sign, which of a gradient is the direction."""
    return number(x, digits) if x == 0 or isnan(x) else f"{x:+.{digits}g}"


def counted(count: int, one: str) -> str:
    """A count in words.

    Example:
        >>> counted(1, "neuron"), counted(1600, "neuron")
        ('1 neuron', '1,600 neurons')
    """
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"
