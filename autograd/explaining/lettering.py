"""What nodes are called in LaTeX: a word with its index, or all of a label as upright text."""

from __future__ import annotations

import re
import unicodedata

from autograd.explaining.characters import ACCENTS, GREEK

# What LaTeX does not take as it is, but for what `characters.py` knows.
ESCAPES = {
    "\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim ", '"': "''", "|": r"\vert ",
    "<": r"\langle ", ">": r"\rangle ", "*": r"\ast ", " ": r"\ ", "’": "'",
    "[": r"\lbrack ", "]": r"\rbrack ", "`": r"\grave{\ }",
    **{character: f"\\{character}" for character in "_#%&${}"},
}  # fmt: skip
COMMANDS = "|".join(sorted(GREEK.values(), key=len, reverse=True))
LETTER = f"[A-Za-z{''.join(GREEK)}]"
BASE = "|".join(
    [
        rf"\\(?:{COMMANDS})",
        rf"\\(?:{'|'.join(ACCENTS.values())}){{[A-Za-z]}}",
        f"{LETTER}[{''.join(ACCENTS)}]",
        "[A-Za-z]+",
        LETTER,
    ]
)
INDEX = r"_?(?P<number>[0-9]+)|_(?P<word>[A-Za-z0-9]+)|_{(?P<group>[A-Za-z0-9,]+)}"
PLACES = r"(?P<places>(?:\[[0-9]+\])*)"  # as in w2[0][1]
INDEXED = re.compile(rf"(?P<base>{BASE})(?:{INDEX})?{PLACES}")


def latex_name(name: str) -> str:
    r"""A node's name in LaTeX: a word with its index, or all of it as upright text.

    Greek letters may be written as such or as LaTeX has them, and an index in braces. Places in
    brackets stay as they are.

    Example:
        >>> latex_name("w5"), latex_name("net_o1"), latex_name("50%")
        ('w_{5}', '\\mathrm{net}_{o1}', '\\mathrm{50\\%}')
        >>> latex_name("w2[0][1]")
        'w_{2}\\lbrack 0\\rbrack \\lbrack 1\\rbrack '
        >>> latex_name(r"\theta_1"), latex_name("θ1"), latex_name("w_{12}"), latex_name("ŷ")
        ('\\theta_{1}', '\\theta_{1}', 'w_{12}', '\\hat{y}')
    """
    found = INDEXED.fullmatch(unicodedata.normalize("NFD", name))
    if found is None:
        return latex_text(name)
    index = found["number"] or found["word"] or found["group"]
    places = "".join(ESCAPES.get(character, character) for character in found["places"])
    return _word(found["base"]) + (f"_{{{index}}}" if index else "") + places


def latex_text(text: str) -> str:
    """Any text upright, each of its characters as it is."""
    return rf"\mathrm{{{''.join(ESCAPES.get(character, character) for character in text)}}}"


def _word(word: str) -> str:
    """A letter as a variable, several upright."""
    if word.startswith("\\"):
        return word
    letter, accent = word[0], word[1:]
    letter = rf"\{GREEK[letter]}" if letter in GREEK else letter
    if accent in ACCENTS:
        return rf"\{ACCENTS[accent]}{{{letter}}}"
    return rf"\mathrm{{{word}}}" if accent else letter
