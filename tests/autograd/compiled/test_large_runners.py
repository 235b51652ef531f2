"""What runs tapes that are too large for source: each gives what the eager engine gives."""

import math
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import autograd
from autograd import Value, extension, gradients
from autograd.compiled.large import segments, sweep, trees
from autograd.compiled.large.levels import Levels
from autograd.compiled.large.sweep import Sweep
from autograd.compiled.native import formulas
from autograd.compiled.native.interpreted import Interpreter
from autograd.graph.order import topological_order
from autograd.language.elementary import ELEMENTARY
from tests.compiling import WITHOUT_EDGE, bits, every_operation, recorded, sizes
from tests.programs import Program, programs

RUNNERS = ["arrays", "loops", "patterns", "machine code"]


@pytest.fixture(params=RUNNERS)
def runner(request, monkeypatch):
    """What runs large tapes: the sweep with each of its ways alone, and machine code."""
    if request.param == "machine code":
        pytest.importorskip("llvmlite")
        return Interpreter
    monkeypatch.setattr(sweep, "WIDE", 1 if request.param == "arrays" else 10**9)
    monkeypatch.setattr(segments, "FEWEST", 1 if request.param == "patterns" else 10**9)
    return Sweep


def run(runner, output, inputs):
    """The graph's value and gradients."""
    outputs, slopes = runner(autograd.compile(output, inputs)._tape)(*(x.data for x in inputs))
    return outputs, [slope + 0.0 for slope in slopes]


def close(found, expected, sized) -> None:
    for x, y, size in zip(found, expected, sized, strict=True):
        assert x == pytest.approx(y, rel=0, abs=1e-12 * size)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(program=programs(max_steps=60, without=WITHOUT_EDGE))
def test_equals_the_eager_engine(runner, program: Program) -> None:
    inputs, output = recorded(program, program.inputs)
    value, slopes = run(runner, output, inputs)
    sized = sizes(output, inputs)
    own = sum(s * abs(x.data) for s, x in zip(sized, inputs, strict=True)) + abs(output.data)
    close([value], [output.data], [own])
    close(slopes, gradients(output, inputs), sized)


@pytest.mark.parametrize("name", [n for n in autograd.table.TABLE if n not in WITHOUT_EDGE])
def test_gives_the_same_bits(runner, name: str) -> None:
    inputs, output = every_operation([name, "add"])
    value, slopes = run(runner, output, inputs := [x for x in inputs if x in used_by(output)])
    if runner is Interpreter and name in ("hypot", "asinh"):  # Python's hypot is its own
        assert [value, *slopes] == pytest.approx([output.data, *gradients(output, inputs)], 1e-15)
        return
    assert value == output.data
    assert bits(slopes) == bits([slope + 0.0 for slope in gradients(output, inputs)])


def used_by(output):
    return set(topological_order([output]))


def test_nothing_of_an_arm_that_is_not_taken_reaches_a_gradient(runner) -> None:
    @autograd.compile
    def program(x, y):
        inner = autograd.where(x > 0, autograd.log(x) * y, y)
        return autograd.where(x > 1, inner * autograd.sqrt(x - 1), x * y) + x

    function = runner(program._tape)
    for numbers in ((-1.0, 2.0), (0.0, 2.0), (0.5, 2.0), (1.0, 3.0), (2.0, 3.0), (math.nan, 1.0)):
        assert repr(function(*numbers)) == repr(program(*numbers)).replace("-0.0", "0.0"), numbers


def test_several_outputs_and_inputs_without_a_gradient(runner) -> None:
    program = autograd.compile(
        lambda x, y, z: [x * y, autograd.exp(y) * 2.0, x * y + z * z], wrt=[1, 0]
    )
    assert runner(program._tape)(0.5, 0.25, 3.0) == program(0.5, 0.25, 3.0)
    none = autograd.compile(lambda x: x * x + x, wrt=[])
    assert runner(none._tape)(3.0) == (12.0, ())


def test_edges_are_those_of_ieee_754(runner) -> None:
    program = autograd.compile(lambda x: autograd.log(x) / x + autograd.exp(x) * 0.5)
    function = runner(program._tape)
    for x in (0.0, -1.0, math.inf, -math.inf, 710.0):
        np.testing.assert_array_equal(np.hstack(function(x)), np.hstack(program(x)))


def test_a_large_program_is_interpreted_and_runs_on_lanes() -> None:
    pytest.importorskip("llvmlite")
    x, w = Value(0.5), Value(0.999)
    y = x
    for _ in range(40_000):
        y = y * w + 0.001
    program = autograd.compile(y, [x, w])
    value, slopes = program(0.5, 0.999)
    assert type(program._sample._run) is Interpreter
    assert value == y.data
    assert bits(slopes) == bits(gradients(y, [x, w]))
    values, (dx, dw) = program(np.array([0.5, 0.25]), 0.999)
    assert values[0] == value
    assert dx[0] == slopes[0]
    assert dw == pytest.approx(slopes[1] + program(0.25, 0.999)[1][1], rel=1e-15)


def test_a_row_of_a_user_runs_too(runner) -> None:
    extension.operation("cube_of", lambda m, x: x * x * x, lambda m, x, y: 3 * x * x)
    try:
        x = Value(1.25)
        out = autograd.cube_of(x) * x
        value, slopes = run(runner, out, [x])
        assert (value, slopes) == (out.data, list(gradients(out, [x])))
    finally:
        extension.remove("cube_of")


def test_results_that_are_used_once_are_taken_together() -> None:
    w = [Value(0.1 * i) for i in range(1, 10)]
    x = [Value(0.3), Value(0.7)]
    nets = []
    for i in range(40):
        total = w[0]
        for k in range(8):
            total = total + w[k + 1] * x[(i + k) % 2]
        nets.append(autograd.relu(total * (1 + 0.1 * i)))
    out = autograd.sum(nets[:20]) + autograd.dot(nets[20:], nets[20:])
    tape = autograd.compile(out, [*w, *x])._tape
    alone, together = Levels(tape), Levels(tape, 8)
    assert len(together.groups) < len(alone.groups)
    assert together.size < alone.size / 3
    assert max(kind.arity for kind in together.kinds) >= 9
    assert len(Levels(tape, 1).kinds) == len(alone.kinds)


def turns(factor: float, term: float) -> tuple[Value, list[Value]]:
    """A recurrence with two constants, in every place of an operation."""
    x, w = Value(0.5), Value(0.999)
    y = x
    for i in range(40):
        y = (y * w * factor + term) - (factor - y) / (term / w) + (0.0 if i % 2 else -0.0)
    return y, [x, w]


@pytest.mark.parametrize(("factor", "term"), [(0.5, 0.001), (-0.0, 1.0), (math.nan, 2.0)])
def test_constants_that_occur_often_are_part_of_what_is_taken_together(factor, term) -> None:
    pytest.importorskip("llvmlite")
    output, inputs = turns(factor, term)
    value, slopes = run(Interpreter, output, inputs)
    assert bits([value, *slopes]) == bits([output.data, *gradients(output, inputs)])


def test_other_constants_need_no_other_code() -> None:
    pytest.importorskip("llvmlite")
    texts, counts = [], []
    for numbers in ((0.5, 0.001), (0.25, 0.003)):
        output, inputs = turns(*numbers)
        levels = Levels(autograd.compile(output, inputs)._tape, 8)
        texts.append(formulas.text(levels.kinds))
        counts.append(len(levels.operands))
        assert {x for kind in levels.kinds for x in kind.constants} == set(numbers)
    assert texts[0] == texts[1]
    assert counts[0] < 40 * 6


def test_constants_in_a_great_many_places_are_no_kinds_of_their_own() -> None:
    pytest.importorskip("llvmlite")
    source = np.random.default_rng(0)
    x = [Value(0.1 * i) for i in range(1, 10)]
    sums = []
    for _ in range(200):
        terms = [x[i] if i < 9 else Value((0.5, 0.25)[i % 2]) for i in source.integers(0, 18, 6)]
        sums.append(autograd.sum([x[0], *terms]))
    output = autograd.sum(sums[:100]) * autograd.sum(sums[100:])
    value, slopes = run(Interpreter, output, x)
    assert bits([value, *slopes]) == bits([output.data, *gradients(output, x)])
    assert len(Levels(autograd.compile(output, x)._tape, 8).kinds) <= trees.MOST


@pytest.mark.parametrize("first", ["large.choice", "native.interpreted", "large.sweep", "native"])
def test_modules_can_be_imported_in_any_order(first: str) -> None:
    subprocess.run([sys.executable, "-c", f"import autograd.compiled.{first}"], check=True)


NUMBERS = [0.0, -0.0, 0.5, -0.5, 1.5, -2.5, 3.0, -7.3, 0.1, 1e300, 5e-324, math.inf, -math.inf]
NUMBERS += [math.nan, 710.0, -746.0]
ONE = [name for name, form in ELEMENTARY.items() if name.isidentifier() and form.derivative]
TWO = ["%", "//", "pow", "atan2"]


@pytest.mark.parametrize("head", [*ONE, *TWO])
def test_elementary_functions_give_the_same_bits_at_the_edges(runner, head: str) -> None:
    def value(m, *xs):
        if head in ("%", "//"):
            return xs[0] % xs[1] if head == "%" else xs[0] // xs[1]
        return getattr(m, head)(*xs)

    if head in TWO:
        rules = lambda m, x, y: value(m, x, y), lambda m, x, y, z: (x, y)
    else:
        rules = lambda m, x: value(m, x), lambda m, x, y: x
    function = extension.operation("applied", *rules)
    try:
        if head in TWO:
            program = autograd.compile(lambda x, y: function(x, y))
        else:
            program = autograd.compile(lambda x: function(x))
        run = runner(program._tape)
        for numbers in product(NUMBERS, repeat=len(program.inputs)):
            found, expected = run(*numbers)[0], ELEMENTARY[head].on_floats(*numbers)
            assert repr(found) == repr(expected), numbers
    finally:
        extension.remove("applied")
