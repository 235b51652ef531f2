"""Large tapes, run by the interpreter on one sample."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.compiled.large.levels import Levels, Reverse
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
        self.tape = tape
        self.levels = levels = Levels(tape, TOGETHER)
        code = machine().compiled(formulas.text(levels.kinds), ("forward", "reverse"))
        self._code, self.forward, self.reverse = code, *code.functions.values()
        wanted = levels.places[list(tape.wrt)]
        self.wanted = np.where(wanted < 0, levels.size, wanted).astype(np.int32)
        self.passes = [levels.reverse(index) for index in range(len(tape.outputs))]
        self._idle: list[_Memory] = []

    def __call__(self, *numbers: float) -> Any:
        """The outputs and their gradients, as a program's function returns them."""
        try:
            memory = self._idle.pop()  # nobody else uses it until it is back
        except IndexError:
            memory = _Memory(self)
        found = memory.run(numbers)
        if len(self._idle) < IDLE:
            self._idle.append(memory)
        return found


class _Memory:
    """What an interpreter works in, for one sample at a time.

    Numbers go in and out as arrays of `ctypes`, whose calls are the cheapest.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        levels, tape = interpreter.levels, interpreter.tape
        self._interpreter, self._is_single = interpreter, tape.single
        self._outputs = levels.places[list(tape.outputs)].tolist()
        self._values = (ctypes.c_double * levels.size)()
        self._inputs = (ctypes.c_double * len(tape.inputs)).from_buffer(self._values)
        values = np.ctypeslib.as_array(self._values)
        values[len(tape.inputs) : levels.base] = levels.numbers
        self._shares = (ctypes.c_double * (1 + max(each.total for each in interpreter.passes)))()
        shares = np.ctypeslib.as_array(self._shares)
        self._passes = [_Pass(interpreter, each, values, shares) for each in interpreter.passes]

    def run(self, numbers: Sequence[float]) -> Any:
        """The outputs and their gradients."""
        self._inputs[:] = numbers  # type: ignore[call-overload]  # a tuple is taken, too
        self._interpreter.forward(self._passes[0].address)
        gradients = []
        for each in self._passes:
            if each.seed >= 0:  # else it depends on none of the inputs that are wanted
                self._shares[each.seed] = 1.0
                self._interpreter.reverse(each.address)
            gradients.append(tuple(each.gradients[:]))
        if self._is_single:
            return self._values[self._outputs[0]], gradients[0]
        return tuple([self._values[place] for place in self._outputs]), tuple(gradients)


class _Pass:
    """The memory for the reverse pass from one output.

    Attributes:
        address: The address of what the machine code is given.
        gradients: Where the gradients that are wanted are to be found.
        seed: As of `Reverse`.
    """

    def __init__(
        self, interpreter: Interpreter, reverse: Reverse, values: Any, shares: Any
    ) -> None:
        levels, wanted = interpreter.levels, interpreter.wanted
        self.seed = reverse.seed
        self.gradients = (ctypes.c_double * len(wanted))()
        arrays = {
            "groups": levels.groups,
            "operands": levels.operands,
            "values": values,
            "begins": reverse.begins,
            "slots": reverse.slots,
            "shares": shares,
            "wanted": wanted,
            "gradients": np.ctypeslib.as_array(self.gradients),
        }
        self._arrays = [arrays[name] for name in formulas.NAMES]
        self._call = np.array([len(levels.groups), len(wanted), *map(address, self._arrays)])
        self.address = address(self._call)
