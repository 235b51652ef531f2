"""A program as the straight-line Python that a careful person would write."""

from __future__ import annotations

import builtins
import keyword
import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograd.compiled.lowering import Backward, Lowered
from autograd.compiled.styles import READABLE, UNRAISING
from autograd.compiled.tape import Entry, Tape
from autograd.language import floats
from autograd.language.emitting import FunctionText, Names, compiled
from autograd.language.symbols import Symbol
from autograd.language.writing import Style, Writer, tuple_of

NAME = "program"  # of the function
RESERVED = {NAME, "math", "floats", *dir(math), *dir(builtins)}


class StraightLine:
    """Writes a program as one function.

    Args:
        lowered: The program.
        style: How its steps are written.

    Attributes:
        text: The function.
    """

    def __init__(self, lowered: Lowered, style: Style) -> None:
        self.lowered = lowered
        tape, inputs = lowered.tape, len(lowered.inputs)
        self._of_place = _names(tape)
        self.text = FunctionText(NAME, self._of_place[:inputs], taken=self._of_place[inputs:])
        known = dict(zip(lowered.inputs, self._of_place, strict=False))
        self._writer = Writer(self.text, style, lowered.results, known)
        for place in range(inputs, len(tape)):
            entry = tape.entries[place - inputs]
            self._keep(lowered.values[place], self._of_place[place], self._applied(entry))
        for number, gradients in enumerate(lowered.backward):
            self._backward(number, gradients)
        self.text.lines += ["", f"return {self._returned()}"]

    def _keep(self, symbol: Symbol, name: str, comment: str) -> None:
        """Lines that leave the symbol's number in a variable, if that is worth one."""
        if self._writer.wants(symbol):
            self._writer.assign(symbol, name, comment)

    def _backward(self, number: int, gradients: Sequence[Backward]) -> None:
        """The reverse pass from one output."""
        tape, text = self.lowered.tape, self.text
        of = self._of_place[tape.outputs[number]]
        prefix = "d_" if len(tape.outputs) == 1 else f"d_{of}_"
        if gradients:
            text.lines += ["", f"# ∂{of}/∂…"]
        for place, symbol, through in gradients:
            entries = [tape.entries[p - len(tape.inputs)] for p in through]
            operations = dict.fromkeys(entry.operation.name for entry in entries)
            comment = f"through {', '.join(operations)}" if operations else ""
            self._keep(symbol, text.variable(f"{prefix}{self._of_place[place]}"), comment)

    def _returned(self) -> str:
        """The outputs and their gradients as the function returns them."""
        lowered, writer = self.lowered, self._writer
        values = [writer.expression(symbol) for symbol in lowered.outputs]
        gradients = [tuple_of([writer.expression(g) for g in each]) for each in lowered.gradients]
        if lowered.tape.single:
            return f"{values[0]}, {gradients[0]}"
        return f"{tuple_of(values)}, {tuple_of(gradients)}"

    def _applied(self, entry: Entry) -> str:
        """An entry as a call, for its comment."""
        operands = [self._of_place[x] if type(x) is int else repr(x) for x in entry.operands[:6]]
        if len(entry.operands) > 6:
            operands.append("…")
        return f"{entry.operation.name}({', '.join(operands)})"


def _names(tape: Tape) -> list[str]:
    """A name for each place of the tape.

    A label is one if it is a plain identifier that means nothing else in Python or in the source,
    and no other place has it. No other text of a user gets into the source.
    """
    labels = [*tape.inputs, *(entry.label for entry in tape.entries)]
    labels = [unicodedata.normalize("NFKC", label) for label in labels]
    counts = Counter(labels)
    plain = {label for label in counts if counts[label] == 1 and _is_plain(label)}
    free = Names([NAME, *plain])
    inputs = len(tape.inputs)
    otherwise = [f"x{i + 1}" if i < inputs else f"v{i - inputs + 1}" for i in range(len(labels))]
    return [
        label if label in plain else free.new(stem)
        for label, stem in zip(labels, otherwise, strict=True)
    ]


def _is_plain(label: str) -> bool:
    reserved = keyword.iskeyword(label) or label in RESERVED or label.startswith("_")
    return label.isidentifier() and not reserved and len(label) <= 40


def plain_source(lowered: Lowered) -> str:
    """The readable source: what it imports and the function."""
    text = StraightLine(lowered, READABLE).text
    imports, left = [], dict(text.used)
    for home in (math, floats):
        names = [name for name, thing in left.items() if getattr(home, name, None) is thing]
        left = {name: thing for name, thing in left.items() if name not in names}
        if names:
            imports.append(f"from {home.__name__} import {', '.join(sorted(names))}\n")
    imports.sort()
    return f"{''.join(imports)}\n\n{text}" if imports else str(text)


def plain_function(source: str) -> Any:
    """The function of the readable source."""
    return compiled(source, NAME, {})


def guarded_function(lowered: Lowered) -> Any:
    """The same function in steps that never raise."""
    return StraightLine(lowered, UNRAISING).text.compiled()
