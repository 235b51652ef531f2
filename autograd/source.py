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
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import ieee
from autograd.symbols import Formula, Symbol

# How tightly each construct of Python binds; what binds less is put in parentheses.
CONDITIONAL, OR, AND, COMPARISON, SUM, PRODUCT, NEGATIVE, ATOM = range(8)
INFIX = {
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT,
    "<": COMPARISON, "<=": COMPARISON, ">": COMPARISON, ">=": COMPARISON,
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How formulas are written.

    Attributes:
        function: The text of the function of a name.
        calls: Heads that are written as calls although Python has an operator for them, and what
            is called.
        constants: What stands before `inf` and `nan`.
    """

    function: Callable[[str], str]
    calls: dict[str, str]
    constants: str = "math."


def _plain_function(name: str) -> str:
    if name == "abs":
        return "math.fabs"
    return f"ieee.{name}" if name in ("cbrt", "product_error") else f"math.{name}"


GUARDED_CALLS = {"/": "divide", "where": "where", "both": "both", "equal": "equal"}
PLAIN = Style(_plain_function, {})
GUARDED = Style(
    lambda name: f"ieee.{name}",
    {head: f"ieee.{name}" for head, name in GUARDED_CALLS.items()},
)


def construct(symbol: Symbol, style: Style, text: Callable[[Symbol, int], str]) -> tuple[str, int]:
    """The text of one step and how tightly it binds.

    Args:
        symbol: The step.
        style: How it is written.
        text: What gives the text of an argument, in parentheses if it binds less than required.
    """
    head, arguments = symbol.head, symbol.arguments
    if head == "constant":
        written = repr(arguments[0])
        own = NEGATIVE if written.startswith("-") else ATOM
        if written in ("inf", "-inf", "nan"):
            written = written.replace("inf", f"{style.constants}inf")
            written = written.replace("nan", f"{style.constants}nan")
        return written, own
    if head in style.calls:
        inner = ", ".join(text(a, CONDITIONAL) for a in arguments)
        return f"{style.calls[head]}({inner})", ATOM
    if head in INFIX:
        own = INFIX[head]
        x, y = arguments
        return f"{text(x, own)} {head} {text(y, own + 1)}", own
    if head == "negative":
        return f"-{text(arguments[0], NEGATIVE)}", NEGATIVE
    if head == "where":
        condition, x, y = arguments
        return f"{text(x, OR)} if {text(condition, OR)} else {text(y, CONDITIONAL)}", CONDITIONAL
    if head in ("both", "either"):
        own, word = (AND, "and") if head == "both" else (OR, "or")
        first, second = arguments
        return f"{text(first, own)} {word} {text(second, own + 1)}", own
    if head == "equal":
        first, second = (text(a, SUM) for a in arguments)
        return f"{first} == {second}", COMPARISON
    inner = ", ".join(text(a, CONDITIONAL) for a in arguments)
    if head == "largest":
        return f"max({inner})" if len(arguments) > 1 else text(arguments[0], ATOM), ATOM
    return f"{style.function(head)}({inner})", ATOM


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
        for symbol in steps_of(outputs):
            self._uses.update(symbol.arguments)

    def assign(self, symbol: Symbol, name: str) -> None:
        """Adds lines that leave the symbol's number in a variable of that name."""
        self.lines.append(f"{name} = {self.expression(symbol)}")
        self.names.setdefault(symbol, name)

    def expression(self, symbol: Symbol, binding: int = CONDITIONAL) -> str:
        """The symbol as an expression, after lines for the shared steps that it needs."""
        for step in steps_of([symbol], self.names):
            if self._uses[step] > 1 and step not in self.names and step is not symbol:
                self.lines.append(f"t{len(self.lines)} = {self._text(step, CONDITIONAL)}")
                self.names[step] = f"t{len(self.lines) - 1}"
        return self._text(symbol, binding)

    def _text(self, symbol: Symbol, binding: int) -> str:
        if symbol in self.names:
            return self.names[symbol]
        text, own = construct(symbol, self.style, self._text)
        return text if own >= binding else f"({text})"


def steps_of(outputs: Sequence[Symbol], known: Container[Symbol] = ()) -> Iterator[Symbol]:
    """Each step that the outputs need beyond known ones, once, after what it is applied to."""
    done: set[Symbol] = set()
    stack = list(reversed(outputs))
    while stack:
        symbol = stack[-1]
        if symbol in done or symbol in known or symbol.head in ("argument", "constant"):
            done.add(stack.pop())
            continue
        waiting = [a for a in reversed(symbol.arguments) if a not in done]
        if waiting:
            stack.extend(waiting)
            continue
        done.add(stack.pop())
        yield symbol


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
    text = f"def guarded_{name}({', '.join(arguments)}):\n" + "".join(
        f"    {line}\n" for line in body
    )
    return compile_text(text, f"guarded_{name}", {})
