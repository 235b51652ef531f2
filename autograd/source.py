"""Formulas as Python source text, and the only place that compiles text.

Two ways of writing the same formula:

* `PLAIN`: what a person would write, `math.exp(x)`, `a / b`, `a if x > 0 else b`. It is fast, and
  raises where Python raises.
* `GUARDED`: every step a call of `autograd.ieee`, which never raises.
"""

from __future__ import annotations

import linecache
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import ieee
from autograd.symbols import Formula, Symbol

# How tightly each construct of Python binds; what binds less is put in parentheses.
CONDITIONAL, AND, COMPARISON, SUM, PRODUCT, NEGATIVE, ATOM = range(7)
INFIX = {
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT,
    "<": COMPARISON, "<=": COMPARISON, ">": COMPARISON, ">=": COMPARISON,
}  # fmt: skip
NAMES = {"inf": "math.inf", "-inf": "-math.inf", "nan": "math.nan"}


@dataclass(frozen=True)
class Style:
    """How formulas are written.

    Attributes:
        function: The text of the function of a name.
        calls: Heads that are written as calls although Python has an operator for them.
    """

    function: Callable[[str], str]
    calls: dict[str, str]


def _plain_function(name: str) -> str:
    if name == "abs":
        return "math.fabs"
    return f"ieee.{name}" if name in ("cbrt", "product_error") else f"math.{name}"


PLAIN = Style(_plain_function, {})
GUARDED = Style(
    lambda name: f"ieee.{name}",
    {"/": "divide", "where": "where", "both": "both", "equal": "equal"},
)


class Writer:
    """Writes symbols as assignments and expressions; shared steps get a name.

    Args:
        outputs: The symbols that will be asked for.
        style: How they are written.
        names: The text of symbols that have a name already (the arguments).
    """

    def __init__(self, outputs: Sequence[Symbol], style: Style, names: dict[Symbol, str]) -> None:
        self.style = style
        self.names = names
        self.lines: list[str] = []
        self._uses: Counter[Symbol] = Counter(outputs)
        for symbol in _steps(outputs):
            self._uses.update(symbol.arguments)

    def assign(self, symbol: Symbol, name: str) -> None:
        """Adds lines that leave the symbol's number in a variable of that name."""
        self.lines.append(f"{name} = {self.expression(symbol)}")
        self.names.setdefault(symbol, name)

    def expression(self, symbol: Symbol, binding: int = CONDITIONAL) -> str:
        """The symbol as an expression, after lines for the shared steps that it needs."""
        for step in _steps([symbol]):
            if self._uses[step] > 1 and step not in self.names and step is not symbol:
                self.lines.append(f"t{len(self.lines)} = {self._text(step, CONDITIONAL)}")
                self.names[step] = f"t{len(self.lines) - 1}"
        return self._text(symbol, binding)

    def _text(self, symbol: Symbol, binding: int) -> str:
        if symbol in self.names:
            return self.names[symbol]
        text, own = self._construct(symbol)
        return text if own >= binding else f"({text})"

    def _construct(self, symbol: Symbol) -> tuple[str, int]:
        """The text of one step and how tightly it binds."""
        head, arguments = symbol.head, symbol.arguments
        if head == "constant":
            text = repr(arguments[0])
            return NAMES.get(text, text), NEGATIVE if text.startswith("-") else ATOM
        if head in self.style.calls:
            inner = ", ".join(self._text(a, CONDITIONAL) for a in arguments)
            return f"ieee.{self.style.calls[head]}({inner})", ATOM
        if head in INFIX:
            own = INFIX[head]
            x, y = arguments
            return f"{self._text(x, own)} {head} {self._text(y, own + 1)}", own
        if head == "negative":
            return f"-{self._text(arguments[0], NEGATIVE)}", NEGATIVE
        if head == "where":
            condition, x, y = (
                self._text(a, b) for a, b in zip(arguments, (AND, AND, CONDITIONAL), strict=True)
            )
            return f"{x} if {condition} else {y}", CONDITIONAL
        if head == "both":
            first, second = (self._text(a, COMPARISON) for a in arguments)
            return f"{first} and {second}", AND
        if head == "equal":
            first, second = (self._text(a, SUM) for a in arguments)
            return f"{first} == {second}", COMPARISON
        inner = ", ".join(self._text(a, CONDITIONAL) for a in arguments)
        if head == "largest":
            return f"ieee.largest(({inner},))", ATOM
        return f"{self.style.function(head)}({inner})", ATOM


def _steps(outputs: Sequence[Symbol]) -> Iterator[Symbol]:
    """Each step that the outputs need, once, after what it is applied to."""
    done: set[Symbol] = set()
    stack = list(reversed(outputs))
    while stack:
        symbol = stack[-1]
        waiting = [a for a in reversed(symbol.arguments) if isinstance(a, Symbol) and a not in done]
        if waiting and symbol not in done:
            stack.extend(waiting)
            continue
        stack.pop()
        if symbol not in done and symbol.head not in ("argument", "constant"):
            yield symbol
        done.add(symbol)


def compile_text(text: str, name: str, namespace: dict[str, Any]) -> Any:
    """Runs generated source and returns what it defines under `name`.

    The text is kept where tracebacks, debuggers and `inspect.getsource` find it.
    """
    file = f"<autograd {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {"math": math, "ieee": ieee, **namespace}
    exec(compile(text, file, "exec"), namespace)
    return namespace[name]


def guarded_function(formula: Formula, name: str, settings: Sequence[str] = ()) -> Any:
    """A function of floats that returns the value and the tuple of local derivatives."""
    arguments = [*formula.arguments, *settings]
    names = {formula.trace.argument(a): a for a in arguments}
    writer = Writer([formula.value, *formula.partials], GUARDED, names)
    writer.assign(formula.value, "value")
    partials = [writer.expression(partial) for partial in formula.partials]
    body = [*writer.lines, f"return value, ({', '.join(partials)},)"]
    text = f"def {name}({', '.join(arguments)}):\n" + "".join(f"    {line}\n" for line in body)
    return compile_text(text, name, {})
