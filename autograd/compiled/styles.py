"""How the steps of programs are written: lines of a length that can be read."""

from __future__ import annotations

import builtins
import math
from dataclasses import replace

from autograd.language.elementary import ELEMENTARY
from autograd.language.emitting import FunctionText
from autograd.language.writing import GUARDED, HOMES, Style

WIDEST = 72  # characters of an expression; a longer one is taken apart
CHEAP = frozenset({"negative", "<", "<=", ">", ">=", "equal"})


def _imported(text: FunctionText, head: str) -> str:
    """A function of `math`, or of `floats`, by its own name, which the source imports."""
    home, _, name = ELEMENTARY[head].plain.partition(".")
    return text.use(getattr(HOMES[home], name) if name else getattr(builtins, home))


def _bare(text: FunctionText, name: str) -> str:
    """The constant by its own name."""
    return text.use(getattr(math, name), name)


READABLE = Style(_imported, number=_bare, widest=WIDEST, repeated=CHEAP)
UNRAISING = replace(GUARDED, widest=WIDEST, repeated=CHEAP)


def calling(functions: dict[str, str], called: frozenset[str]) -> Style:
    """As a library's functions, which the text has under these names.

    Args:
        functions: The name of the function for each head that is a call.
        called: The heads among them for which Python has a construct.
    """
    return Style(lambda _, head: functions[head], called, _bare, WIDEST, CHEAP)
