"""A program as the straight-line Python that a careful person would write."""

from __future__ import annotations

import builtins
import keyword
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.compiled.lowering import Backward, Lowered
from autograd.compiled.tape import Entry
from autograd.source import CONDITIONAL, GUARDED, Style, compile_text, construct, steps_of
from autograd.symbols import Symbol

WIDTH = 72  # of an expression; a longer one is taken apart
BARE = Style(lambda name: "fabs" if name == "abs" else name, {}, constants="")
FUNCTIONS = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
NAME = "program"  # of the function


class Names:
    """Names for the variables of generated source, each given once.

    A label becomes a name if it is a plain identifier that means nothing else in Python or in the
    source; no other text of a user gets there.
    """

    def __init__(self, labels: Iterable[str]) -> None:
        self._taken = {NAME, "math", "ieee", *FUNCTIONS, *dir(builtins)}
        counts = Counter(unicodedata.normalize("NFKC", label) for label in labels)
        self._plain = {label for label in counts if counts[label] == 1 and self._fits(label)}

    def _fits(self, label: str) -> bool:
        reserved = keyword.iskeyword(label) or label in self._taken or label.startswith("_")
        return label.isidentifier() and not reserved and len(label) <= 40

    def label(self, label: str, otherwise: str) -> str:
        """The label as a name, or a name made from `otherwise`."""
        plain = unicodedata.normalize("NFKC", label)
        if plain in self._plain:
            self._plain.discard(plain)
            self._taken.add(plain)
            return plain
        return self.new(otherwise)

    def new(self, stem: str) -> str:
        """The stem, with underscores after it until it is free."""
        while stem in self._taken or stem in self._plain:
            stem += "_"
        self._taken.add(stem)
        return stem


class Assignments:
    """Writes steps as lines of assignments: what is shared or long gets a variable of its own.

    Args:
        results: The symbols that will be asked for.
        style: How steps are written.
        known: The names of symbols that have one already.
        names: Where new names come from.
    """

    def __init__(
        self, results: Sequence[Symbol], style: Style, known: dict[Symbol, str], names: Names
    ) -> None:
        self.style = style
        self.known = known
        self.names = names
        self.lines: list[str] = []
        self._fragments: dict[Symbol, tuple[str, int]] = {}
        self._temporaries = 0
        self._uses: Counter[Symbol] = Counter(results)
        for step in steps_of(results):
            self._uses.update(step.arguments)

    def assign(self, symbol: Symbol, name: str, comment: str = "") -> None:
        """Lines that leave the symbol's number in a variable, unless it has one or needs none."""
        if symbol in self.known or symbol.head == "constant" or not self._uses[symbol]:
            return
        line = f"{name} = {self.expression(symbol)}"
        self.lines.append(f"{line}  # {comment}" if comment else line)
        self.known[symbol] = name

    def expression(self, symbol: Symbol) -> str:
        """The symbol as an expression, after lines for the variables that it needs."""
        for step in steps_of([symbol], _Either(self.known, self._fragments)):
            text, own = construct(step, self.style, self._part)
            shared = self._uses[step] > 1 and not self._trivial(step)
            if step is not symbol and (shared or len(text) > WIDTH):
                self._temporaries += 1
                self.known[step] = name = self.names.new(f"t{self._temporaries}")
                self.lines.append(f"{name} = {text}")
            else:
                self._fragments[step] = text, own
        return self._part(symbol, CONDITIONAL)

    def _part(self, symbol: Symbol, binding: int) -> str:
        if symbol in self.known:
            return self.known[symbol]
        if symbol in self._fragments:
            text, own = self._fragments[symbol]
        else:
            text, own = construct(symbol, self.style, self._part)  # a constant
        return text if own >= binding else f"({text})"

    def _trivial(self, step: Symbol) -> bool:
        """Whether to do it again costs no more than to keep it."""
        if step.head not in ("negative", "<", "<=", ">", ">=", "equal"):
            return False
        return all(a in self.known or a.head == "constant" for a in step.arguments)


class _Either:
    """What is in one of two dictionaries."""

    def __init__(self, first: dict[Symbol, Any], second: dict[Symbol, Any]) -> None:
        self._first, self._second = first, second

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._first or symbol in self._second


class StraightLine:
    """Writes a program as one function.

    Args:
        lowered: The program.
        style: How its steps are written.
    """

    def __init__(self, lowered: Lowered, style: Style) -> None:
        self.lowered = lowered
        tape = lowered.tape
        self._names = Names([*tape.inputs, *(entry.label for entry in tape.entries)])
        self._of_place: list[str] = []
        for index, label in enumerate(tape.inputs):
            self._of_place.append(self._names.label(label, f"x{index + 1}"))
        for index, entry in enumerate(tape.entries):
            self._of_place.append(self._names.label(entry.label, f"v{index + 1}"))
        known = dict(zip(lowered.inputs, self._of_place, strict=False))
        self._body = Assignments(lowered.results, style, known, self._names)

    def text(self) -> str:
        """The source of the function, without what it imports."""
        tape, body = self.lowered.tape, self._body
        inputs = len(tape.inputs)
        for place in range(inputs, len(tape)):
            entry = tape.entries[place - inputs]
            body.assign(self.lowered.values[place], self._of_place[place], self._applied(entry))
        for number, gradients in enumerate(self.lowered.backward):
            self._backward(number, gradients)
        body.lines += ["", f"return {self._returned()}"]
        parameters = ", ".join(self._of_place[:inputs])
        lines = "".join(f"    {line}\n" if line else "\n" for line in body.lines)
        return f"def {NAME}({parameters}):\n{lines}"

    def _backward(self, number: int, gradients: Sequence[Backward]) -> None:
        """The reverse pass from one output."""
        tape, body = self.lowered.tape, self._body
        of = self._of_place[tape.outputs[number]]
        prefix = "d_" if len(tape.outputs) == 1 else f"d_{of}_"
        if gradients:
            body.lines += ["", f"# ∂{of}/∂…"]
        for place, symbol, through in gradients:
            entries = [tape.entries[p - len(tape.inputs)] for p in through]
            operations = dict.fromkeys(entry.operation.name for entry in entries)
            comment = f"through {', '.join(operations)}" if operations else ""
            body.assign(symbol, self._names.new(f"{prefix}{self._of_place[place]}"), comment)

    def _returned(self) -> str:
        """The outputs and their gradients as the function returns them."""
        lowered, body = self.lowered, self._body
        values = [body.expression(symbol) for symbol in lowered.outputs]
        gradients = [tuple_of([body.expression(g) for g in each]) for each in lowered.gradients]
        if lowered.tape.single:
            return f"{values[0]}, {gradients[0]}"
        return f"{tuple_of(values)}, {tuple_of(gradients)}"

    def _applied(self, entry: Entry) -> str:
        """An entry as a call, for its comment."""
        operands = [self._of_place[x] if type(x) is int else repr(x) for x in entry.operands[:6]]
        if len(entry.operands) > 6:
            operands.append("…")
        return f"{entry.operation.name}({', '.join(operands)})"


def tuple_of(texts: Sequence[str]) -> str:
    """The text of a tuple."""
    return f"({', '.join(texts)},)" if len(texts) == 1 else f"({', '.join(texts)})"


def plain_source(lowered: Lowered) -> str:
    """The readable source: what it imports and the function."""
    text = StraightLine(lowered, BARE).text()
    code = "\n".join(line.partition("#")[0] for line in text.splitlines())
    words = set(_words(code))
    used = sorted(words & FUNCTIONS.keys())
    return f"from math import {', '.join(used)}\n\n\n{text}" if used else text


def _words(text: str) -> Iterable[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in text).split()


def plain_function(source: str) -> Any:
    """The function of the readable source."""
    return compile_text(source, NAME, {})


def guarded_function(lowered: Lowered) -> Any:
    """The same function in steps that never raise."""
    return compile_text(StraightLine(lowered, GUARDED).text(), NAME, {})
