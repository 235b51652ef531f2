"""The seam: whatever makes a tape a callable runs programs."""

import importlib.util
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest

import autograd
from autograd.compiled.back_ends import MODULES
from autograd.compiled.lowering import Lowered
from autograd.compiled.tape import Tape
from autograd.language.elementary import ELEMENTARY
from autograd.language.symbols import steps_of

LLVM = importlib.util.find_spec("llvmlite")

# --- A back end of its own: it counts the elementary operations that a program does ---------------


class Counting:
    """Runs the steps of a program one by one, and counts them by their name."""

    def __init__(self, tape: Tape) -> None:
        self.lowered = Lowered(tape)
        self.counts: Counter[str] = Counter()

    def __call__(self, *numbers: float) -> Any:
        """The output and the gradients."""
        values = dict(zip(self.lowered.inputs, numbers, strict=True))
        for step in steps_of(self.lowered.results):
            self.counts[step.head] += 1
            operands = [values.get(a, a.arguments[0]) for a in step.arguments]
            values[step] = ELEMENTARY[step.head].on_floats(*operands)
        output, *gradients = [values.get(r, r.arguments[0]) for r in self.lowered.results]
        return output, tuple(gradients)


def test_a_back_end_of_a_few_lines_plugs_in() -> None:
    program = autograd.compile(lambda w, x: autograd.tanh(w * x) + w)
    counting = program.using(Counting)
    assert counting(0.3, 0.7) == program(0.3, 0.7)
    assert counting.counts["tanh"] == 1
    assert counting.counts["exp"] == 1


# --- Those that are there -------------------------------------------------------------------------

NAMED = [
    pytest.param(name, marks=pytest.mark.skipif(name == "native" and not LLVM, reason="no LLVM"))
    for name in MODULES
]


@pytest.mark.parametrize("name", NAMED)
def test_every_back_end_gives_what_the_program_gives(name: str) -> None:
    program = autograd.compile(lambda w, x: [autograd.log(w) * x, autograd.exp(w)], wrt=[1])
    run = program.using(name)
    for numbers in ((0.3, 0.7), (0.0, 1.0), (-1.0, np.float64(2.0)), (1, 2)):
        assert repr(run(*numbers)) == repr(program(*map(float, numbers)))


def test_arrays_are_for_numpy() -> None:
    program = autograd.compile(lambda w, x: w * x)
    values, (slope, _) = program.using("numpy")(2.0, np.array([1.0, 3.0]))
    assert values.tolist() == [2.0, 6.0]
    assert slope == 4.0
    with pytest.raises(TypeError, match="program: expected a real number, got a ndarray"):
        program.using("python")(2.0, np.array([1.0, 3.0]))


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        (
            "fortran",
            ValueError,
            "there is no back end 'fortran'; there are 'python', 'numpy', 'native', or",
        ),
        (3, TypeError, "expected the name of a back end or a function of a tape, got int 3"),
    ],
)
def test_a_back_end_that_is_not_there_is_refused(given, kind, message) -> None:
    program = autograd.compile(lambda x: x * x)
    with pytest.raises(kind, match=re.escape(f"program: {message}")):
        program.using(given)


@pytest.mark.parametrize("name", NAMED)
def test_too_many_arguments_are_refused(name: str) -> None:
    program = autograd.compile(lambda x: x * x)
    with pytest.raises(TypeError, match="program: expected 1 arguments, one for each input, got 2"):
        program.using(name)(1.0, 2.0)


@pytest.mark.parametrize("made", [None, 3])
def test_a_back_end_that_makes_no_function_is_named(made) -> None:
    program = autograd.compile(lambda x: x * x)

    def forgetful(tape: Tape) -> Any:
        return made

    message = rf"program: the back end .*forgetful.* made .*{made}.*; a back end has to return a"
    with pytest.raises(TypeError, match=message):
        program.using(forgetful)
