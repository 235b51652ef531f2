"""Programs too large for source text: the tape is swept, an operation at a time.

Python's compiler takes microseconds and hundreds of bytes for every step, and grows slower with the
length of a function. A sweep needs one small function for each kind of operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from autograd.compiled.tape import Entry, Tape
from autograd.eager.evaluation import evaluation
from autograd.graph.accumulation import Edge, accumulate
from autograd.language import floats
from autograd.language.writing import GUARDED, PLAIN
from autograd.table import Operation
from autograd.table.symbolic import SymbolicRow, flat_partials

UNROLLED = 64  # operands; with more, the rule itself is run

Evaluate = Callable[..., tuple[float, Sequence[float]]]


class Sweep:
    """Runs a tape on one sample."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        kinds: dict[Any, Evaluate] = {}
        slots: dict[Any, int] = {}
        self._functions: list[Evaluate] = []
        self._operands: list[tuple[int, ...]] = []
        self._fetch: list[Callable[[list[float]], Any]] = []
        for entry in tape.entries:
            key = entry.operation, len(entry.operands), entry.settings
            if key not in kinds:
                kinds[key] = _evaluation(entry)
            operands = tuple(
                x if type(x) is int else -1 - slots.setdefault(repr(x), len(slots))
                for x in entry.operands
            )
            self._functions.append(kinds[key])
            self._operands.append(operands)
            self._fetch.append(_fetching(operands))
        # The constants are at the end of the list of values, so that negative places find them.
        self._constants = [float(x) for x in reversed(slots)]
        self._depends = tape.depending(tape.wrt)
        orders = [tape.order(output) for output in tape.outputs]
        self._orders = [[p for p in order if p >= len(tape.inputs)] for order in orders]
        self._needed = sorted(set().union(*self._orders))

    def __call__(self, *numbers: float) -> Any:
        """The outputs and their gradients, as a program's function returns them."""
        tape, inputs = self.tape, len(self.tape.inputs)
        values = [*numbers, *[0.0] * len(tape.entries), *self._constants]
        partials: list[Sequence[float]] = [()] * len(tape.entries)
        functions, fetch = self._functions, self._fetch
        for place in self._needed:
            index = place - inputs
            values[place], partials[index] = functions[index](*fetch[index](values))
        outputs = tuple(values[place] for place in tape.outputs)
        gradients = tuple(
            self._reverse(output, order, partials)
            for output, order in zip(tape.outputs, self._orders, strict=True)
        )
        return (outputs[0], gradients[0]) if tape.single else (outputs, gradients)

    def _reverse(
        self, output: int, order: Sequence[int], partials: Sequence[Sequence[float]]
    ) -> tuple[float, ...]:
        """The reverse pass from one output."""
        tape, depends, inputs = self.tape, self._depends, len(self.tape.inputs)
        sums: dict[int, float] = {output: 1.0}

        def edges(place: int, upstream: float) -> Iterator[Edge[int]]:
            index = place - inputs
            drops_zero = tape.entries[index].operation.drops_zero
            for operand, partial in zip(self._operands[index], partials[index], strict=True):
                if operand >= 0 and depends[operand]:
                    yield operand, upstream * partial, drops_zero and partial == 0.0

        accumulate(floats, order, sums, edges)
        return tuple(sums.get(place, 0.0) for place in tape.wrt)


def _fetching(operands: tuple[int, ...]) -> Callable[[list[float]], Any]:
    """What takes the operands' numbers out of the list of all values, as a tuple."""
    if len(operands) == 1:
        return lambda values, place=operands[0]: (values[place],)  # type: ignore[misc]
    return itemgetter(*operands) if operands else lambda values: ()


def _evaluation(entry: Entry) -> Evaluate:
    """What computes the value and the local derivatives of entries of this kind."""
    operation, count = entry.operation, len(entry.operands)
    if count > UNROLLED:
        return _by_rule(operation, entry.settings)
    if operation.groups:
        sizes = [len(group) for group in operation.grouped(entry.operands)]
        formula = SymbolicRow(operation, sizes, entry.settings)
        settings: dict[str, str | None] = {}
    else:
        formula = SymbolicRow(operation)
        names = [name for name, _ in operation.settings]
        settings = dict(zip(names, map(_written, entry.settings), strict=True))
    plain = evaluation(formula, PLAIN, operation.name, settings)
    guarded = evaluation(formula, GUARDED, operation.name, settings)

    def evaluate(*numbers: float) -> tuple[float, Sequence[float]]:
        try:
            result: tuple[float, Sequence[float]] = plain(*numbers)
        except (ArithmeticError, ValueError):  # what IEEE 754 says instead
            result = guarded(*numbers)
        return result

    return evaluate


def _written(setting: float) -> str:
    """A setting as Python text, inf and nan included."""
    return f"float({str(setting)!r})" if setting - setting else repr(setting)


def _by_rule(operation: Operation, settings: tuple[Any, ...]) -> Evaluate:
    """By running the rules on numbers."""

    def evaluate(*numbers: float) -> tuple[float, Sequence[float]]:
        groups = operation.grouped(numbers)
        try:
            value = operation.value(floats, *groups, *settings)
            partials = operation.partials(floats, *groups, *settings, value)
            return value, flat_partials(operation, partials)
        except (ArithmeticError, ValueError):
            formula = SymbolicRow(operation, [len(group) for group in groups], settings)
            result: tuple[float, Sequence[float]] = evaluation(formula, GUARDED, operation.name)(
                *numbers
            )
            return result

    return evaluate
