"""Large tapes, run by the interpreter on one sample."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiled.large.levels import Levels, results
from autograd.compiled.native import formulas
from autograd.compiled.native.compiler import address, machine
from autograd.compiled.tape import Tape

IDLE = 2  # memories that are kept for the next call


TOGETHER = 8  # operations at most whose results between them stay in registers
MOST_OPERANDS = 300  # of an operation that the interpreter has machine code for


def takes(tape: Tape) -> bool:
    """Whether the interpreter can run a tape: not where an operation has a great many operands."""
    return all(len(entry.operands) <= MOST_OPERANDS for entry in tape.entries)


class Interpreter:
    """Runs a tape on one sample.

    Args:
        tape: The program.

    Raises:
        UnavailableError: If there is no LLVM.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        levels = Levels(tape, TOGETHER)
        self._code = machine().compiled(formulas.text(levels.kinds), ("forward", "reverse"))
        self._inputs, self._size, self._numbers = len(tape.inputs), levels.size, levels.numbers
        self._groups, self._operands = levels.groups, levels.operands
        self._outputs = levels.places[list(tape.outputs)]
        self._wanted = np.array(levels.places[list(tape.wrt)], np.int32)
        self._wanted = np.where(self._wanted < 0, levels.size, self._wanted).astype(np.int32)
        self._passes = [levels.reverse(index) for index in range(len(tape.outputs))]
        self._idle: list[_Memory] = []

    def __call__(self, *numbers: float) -> Any:
        """The outputs and their gradients, as a program's function returns them."""
        try:
            memory = self._idle.pop()  # nobody else uses it until it is back
        except IndexError:
            memory = self._memory()
        memory.values[: self._inputs] = numbers
        self._code.functions["forward"](memory.calls[0][1])
        outputs = memory.values[self._outputs].tolist()
        gradients = []
        for (_, call), each in zip(memory.calls, self._passes, strict=True):
            if each.seed < 0:  # it depends on none of the inputs that are wanted
                gradients.append([0.0] * len(self._wanted))
                continue
            memory.shares[each.seed] = 1.0
            self._code.functions["reverse"](call)
            gradients.append(memory.gradients.tolist())
        if len(self._idle) < IDLE:
            self._idle.append(memory)
        return results(self._tape, outputs, gradients)

    def _memory(self) -> _Memory:
        values = np.zeros(self._size)
        values[self._inputs : self._inputs + len(self._numbers)] = self._numbers
        shares = np.zeros(max(each.total for each in self._passes) + 1)
        gradients = np.zeros(len(self._wanted))
        calls = []
        for each in self._passes:
            arrays = {
                "groups": self._groups,
                "operands": self._operands,
                "values": values,
                "begins": each.begins,
                "slots": each.slots,
                "shares": shares,
                "wanted": self._wanted,
                "gradients": gradients,
            }
            addresses = [address(arrays[name]) for name in formulas.NAMES]
            call = np.array([len(self._groups), len(self._wanted), *addresses])
            calls.append((call, address(call)))
        return _Memory(values, shares, gradients, calls)


class _Memory:
    """What the interpreter works in, for one sample at a time."""

    def __init__(self, values: Any, shares: Any, gradients: Any, calls: Any) -> None:
        self.values, self.shares, self.gradients, self.calls = values, shares, gradients, calls
