"""A tape as elementary steps: the forward pass and the reverse pass, symbol by symbol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd.compiled.steps import LARGEST, Steps, TooLargeError
from autograd.compiled.tape import Entry, Tape
from autograd.graph.accumulation import Edge, accumulate
from autograd.language.symbols import Symbol
from autograd.table.symbolic import flat_partials

__all__ = ["Backward", "Lowered", "TooLargeError"]


class Backward(NamedTuple):
    """The gradient of one output by one place.

    Attributes:
        place: The place.
        symbol: The gradient.
        through: The entries through which it came.
    """

    place: int
    symbol: Symbol
    through: tuple[int, ...]


class Lowered:
    """The symbols of a program.

    Args:
        tape: The program.
        two_words: As in `Steps`.

    Attributes:
        steps: The vocabulary that the symbols are of.
        inputs: The symbols of the inputs.
        values: The symbol of each place.
        backward: For each output the gradients by all places that get one, in the order in which
            the reverse pass comes to them; the inputs last.
        gradients: For each output the gradients by the inputs that were asked for.

    Raises:
        TooLargeError: If there are more steps than source is written for.
    """

    def __init__(self, tape: Tape, two_words: bool = True) -> None:
        self.tape = tape
        self.steps = Steps(two_words)
        operands = sum(len(entry.operands) for entry in tape.entries)
        try:
            if len(tape.entries) > LARGEST // 4 or operands > LARGEST:
                raise TooLargeError
            self._lower()
            self.steps.limited = False  # passes over the program add few
        except TooLargeError:
            raise TooLargeError(
                f"the program has {len(tape.entries):,} operations on {operands:,} operands, which "
                f"takes more than the {LARGEST:,} steps that are written out as source; it runs on "
                "numbers and on NumPy arrays only"
            ) from None

    def _lower(self) -> None:
        tape = self.tape
        self.inputs = [self.steps.argument(f"input {i}") for i in range(len(tape.inputs))]
        self.values = list(self.inputs)
        self.values += [self.steps.symbol(0.0)] * len(tape.entries)
        wanted = set(tape.order(tape.outputs[0]))
        for output in tape.outputs[1:]:
            wanted.update(tape.order(output))
        for place in range(len(tape.inputs), len(tape)):
            if place in wanted:
                self.values[place] = self._value(tape.entries[place - len(tape.inputs)])
        self._depends = tape.depending(tape.wrt)
        self._partials: dict[int, list[Symbol]] = {}
        self.backward = [self._reverse(output) for output in tape.outputs]
        self.gradients = []
        for gradients in self.backward:
            found = {gradient.place: gradient.symbol for gradient in gradients}
            zero = self.steps.symbol(0.0)
            self.gradients.append([found.get(place, zero) for place in tape.wrt])

    @property
    def outputs(self) -> list[Symbol]:
        """The symbols of the outputs."""
        return [self.values[place] for place in self.tape.outputs]

    @property
    def results(self) -> list[Symbol]:
        """The symbols of the outputs and of all gradients."""
        return [*self.outputs, *(g for gradients in self.gradients for g in gradients)]

    def _arguments(self, entry: Entry) -> list[Any]:
        """What the rules of an entry are applied to."""
        operands = [
            self.values[x] if type(x) is int else self.steps.symbol(x) for x in entry.operands
        ]
        if entry.operation.groups:
            return [*entry.operation.grouped(operands), *entry.settings]
        return [*operands, *(self.steps.symbol(setting) for setting in entry.settings)]

    def _value(self, entry: Entry) -> Symbol:
        return self.steps.symbol(entry.operation.value(self.steps, *self._arguments(entry)))

    def partials(self, place: int) -> list[Symbol]:
        """The local derivatives of an entry by its operands."""
        if place not in self._partials:
            entry = self.tape.entries[place - len(self.tape.inputs)]
            arguments = self._arguments(entry)
            result = entry.operation.partials(self.steps, *arguments, self.values[place])
            flat = flat_partials(entry.operation, result)
            self._partials[place] = [self.steps.symbol(partial) for partial in flat]
        return self._partials[place]

    def _reverse(self, output: int) -> list[Backward]:
        """The reverse pass from one output, its additions in the order of the eager engine."""
        if not self._depends[output]:
            return []
        inputs = len(self.tape.inputs)
        sums: dict[int, Symbol] = {output: self.steps.symbol(1.0)}
        through: dict[int, list[int]] = {output: []}
        result: list[Backward] = []

        def edges(place: int, upstream: Symbol) -> Iterator[Edge[int]]:
            if place < inputs:
                return
            result.append(Backward(place, upstream, tuple(through[place])))
            entry = self.tape.entries[place - inputs]
            if not any(type(x) is int and self._depends[x] for x in entry.operands):
                return
            for operand, partial in zip(entry.operands, self.partials(place), strict=True):
                if type(operand) is int and self._depends[operand]:
                    if place not in through.setdefault(operand, []):
                        through[operand].append(place)
                    zero = entry.operation.drops_zero and self.steps.equal(partial, 0.0)
                    yield operand, upstream * partial, zero

        accumulate(self.steps, self.tape.order(output), sums, edges)
        for place in self.tape.wrt:
            if place in sums:
                result.append(Backward(place, sums[place], tuple(through[place])))
        return result
