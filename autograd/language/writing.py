"""Symbols as Python: the one writer of source text.

A `Style` says what the functions are called. `PLAIN` is what a person would write, `math.exp(x)`,
`a / b`, `a if x > 0 else b`: it is fast, and raises where Python raises. In `GUARDED` every step
that may raise is a call of `floats`, which never does.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from autograd.language import floats
from autograd.language.elementary import ATOM, CONDITIONAL, ELEMENTARY, NEGATIVE
from autograd.language.emitting import FunctionText
from autograd.language.symbols import Symbol, steps_of


def _constant_of_math(text: FunctionText, name: str) -> str:
    return f"{text.use(math)}.{name}"


@dataclass(frozen=True)
class Style:
    """How steps are written.

    Attributes:
        function: `function(text, head)`, what is called for a step of that head.
        called: The heads that are calls although Python has a construct for them.
        number: `number(text, name)`, how the constants inf and nan are written.
        widest: How many characters an expression may have before it gets a variable of its own.
        repeated: The heads of steps that are written again rather than kept, on what has a name.
    """

    function: Callable[[FunctionText, str], str]
    called: frozenset[str] = frozenset()
    number: Callable[[FunctionText, str], str] = _constant_of_math
    widest: float = inf
    repeated: frozenset[str] = frozenset()


HOMES = {"math": math, "floats": floats}


def _plain(text: FunctionText, head: str) -> str:
    home, _, name = ELEMENTARY[head].plain.partition(".")
    return f"{text.use(HOMES[home], home)}.{name}" if name else text.use(max)


def _guarded(text: FunctionText, head: str) -> str:
    if head == "largest":
        return text.use(max)
    name = head if head.isidentifier() else ELEMENTARY[head].on_floats.__name__
    return f"{text.use(floats, 'floats')}.{name}"


PLAIN = Style(_plain)
GUARDED = Style(_guarded, frozenset({"/", "%", "//", "where", "both", "equal"}))


class Writer:
    """Writes symbols as lines and expressions of a function; what is shared gets a variable.

    Args:
        text: The function.
        style: How steps are written.
        outputs: The symbols that will be asked for.
        known: What symbols are called that have a name already, such as the arguments.

    Attributes:
        known: The same, with the variables that were written since.
    """

    def __init__(
        self,
        text: FunctionText,
        style: Style,
        outputs: Sequence[Symbol],
        known: dict[Symbol, str],
    ) -> None:
        self.text, self.style, self.known = text, style, known
        self._written = {symbol: (name, ATOM) for symbol, name in known.items()}
        self._uses: Counter[Symbol] = Counter(outputs)
        for step in steps_of(outputs):
            self._uses.update(step.arguments)

    def assign(self, symbol: Symbol, name: str, comment: str = "") -> None:
        """Adds lines that leave the symbol's number in a variable of that name."""
        line = f"{name} = {self.expression(symbol)}"
        self.text.lines.append(f"{line}  # {comment}" if comment else line)
        self._name(symbol, name)

    def _name(self, symbol: Symbol, name: str) -> None:
        """Notes that a variable has the symbol's number, unless another has."""
        if symbol not in self.known:
            self.known[symbol] = name
            self._written[symbol] = name, ATOM

    def wants(self, symbol: Symbol) -> bool:
        """Whether it is worth a variable: it is used, is no constant and has no name yet."""
        return bool(self._uses[symbol]) and symbol.head != "constant" and symbol not in self.known

    def expression(self, symbol: Symbol) -> str:
        """The symbol as an expression, after lines for the variables that it needs."""
        for step in steps_of([symbol], self._written):
            written, own = self._construct(step)
            shared = self._uses[step] > 1 and not self._is_repeated(step)
            if step is not symbol and (shared or len(written) > self.style.widest):
                name = self.text.temporary()
                self.text.lines.append(f"{name} = {written}")
                self._name(step, name)
            else:
                self._written[step] = written, own
        return self._part(symbol, CONDITIONAL)

    def _is_repeated(self, step: Symbol) -> bool:
        """Whether to do it again costs no more than to keep it."""
        if step.head not in self.style.repeated:
            return False
        return all(a in self.known or a.head == "constant" for a in step.arguments)

    def _part(self, symbol: Symbol, binding: int) -> str:
        """The text of a part of a step, in parentheses if it binds less than required."""
        written, own = self._written.get(symbol) or self._construct(symbol)
        return written if own >= binding else f"({written})"

    def _construct(self, symbol: Symbol) -> tuple[str, int]:
        """The text of one step and how tightly it binds."""
        head, arguments = symbol.head, symbol.arguments
        if head == "constant":
            return self._constant(arguments[0])
        form = ELEMENTARY[head]
        if form.construct and head not in self.style.called:
            parts = map(self._part, arguments, form.inner)
            return form.construct.format(*parts), form.binding
        inner = ", ".join(self._part(a, CONDITIONAL) for a in arguments)
        return f"{self.style.function(self.text, head)}({inner})", ATOM

    def _constant(self, number: float) -> tuple[str, int]:
        written = repr(number)
        own = NEGATIVE if written.startswith("-") else ATOM
        name = written.lstrip("-")
        if name in ("inf", "nan"):
            written = written.replace(name, self.style.number(self.text, name))
        return written, own


def tuple_of(texts: Sequence[str]) -> str:
    """The text of a tuple."""
    return f"({', '.join(texts)},)" if len(texts) == 1 else f"({', '.join(texts)})"
