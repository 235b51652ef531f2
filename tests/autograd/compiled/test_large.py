"""Graphs that are too large for source text: no cliff in what they take, the same results."""

import json
import re
import time
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Value, gradients
from autograd.compiled import steps
from autograd.compiled.native.compiler import is_available
from tests.compiling import bits


def wide(nodes: int) -> tuple[list[Value], Value]:
    xs = [Value(0.01 * i) for i in range(1, 101)]
    total = Value(0.0)
    for i in range(nodes // 3):
        total = total + (xs[i % 100] * xs[(7 * i) % 100]).tanh()
    return xs, total


@pytest.mark.parametrize(("nodes", "seconds"), [(1_000, 1), (30_000, 5), (120_000, 6)])
def test_compiles_in_time_and_equals_the_eager_engine(nodes, seconds) -> None:
    xs, total = wide(nodes)
    numbers = [x.data for x in xs]
    start = time.process_time()
    program = autograd.compile(total, xs)
    value, slopes = program(*numbers)
    assert time.process_time() - start < seconds
    assert value == total.data
    assert bits(slopes) == bits(gradients(total, xs))


@pytest.fixture(scope="module")
def chain():
    x, w = Value(0.5), Value(0.999)
    y = x
    for _ in range(150_000):
        y = y * w + 0.001
    return autograd.compile(y, [x, w]), y, [x, w]


def test_a_deep_chain(chain) -> None:
    program, y, inputs = chain
    value, slopes = program(0.5, 0.999)
    assert value == y.data
    assert bits(slopes) == bits(gradients(y, inputs))


def test_a_large_program_runs_on_lanes(chain) -> None:
    program, _, _ = chain
    xs = np.array([0.5, 0.25, 0.125])
    values, (dx, dw) = program(xs, 0.999)
    single = [program(float(x), 0.999) for x in xs]
    assert values.tolist() == [value for value, _ in single]
    assert dx.tolist() == [slopes[0] for _, slopes in single]
    assert dw == pytest.approx(sum(slopes[1] for _, slopes in single), rel=1e-15)


def test_its_source_is_refused(chain) -> None:
    program, _, _ = chain
    message = (
        "the program has 300,000 operations on 600,000 operands, which takes more than the 240,000 "
        "steps that are written out as source; it runs on numbers and on NumPy arrays only"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        _ = program.source
    with pytest.raises(ValueError, match=re.escape(message)):
        program.on(np)


def test_one_operation_with_many_operands() -> None:
    xs = [Value(0.001 * i) for i in range(1, 5_000)]
    for out in (autograd.sum(xs), autograd.logsumexp(xs), autograd.dot(xs, xs)):
        value, slopes = autograd.compile(out, xs)(*(x.data for x in xs))
        assert value == out.data
        assert bits(slopes) == bits(gradients(out, xs))
    squares = autograd.sum([x * x for x in xs * 25])
    value, slopes = autograd.compile(squares, xs)(*(x.data for x in xs))
    assert value == squares.data
    assert bits(slopes) == bits(gradients(squares, xs))


def test_a_long_scalar_chain_within_lanes() -> None:
    w, x = Value(0.5), Value(0.25)
    y = w
    for _ in range(2_000):
        y = y * w + 0.5
    out = y * x
    for _ in range(2_000):
        out = out * 0.5 + x
    program = autograd.compile(out, [w, x])
    values, (dw, dx) = program(0.5, np.array([0.25, 0.25]))
    assert values == pytest.approx([out.data] * 2, rel=1e-12)
    slopes = gradients(out, [w, x])
    assert (dw, dx[0]) == pytest.approx((2 * slopes[0], slopes[1]), rel=1e-9)


def saved(entries: list[list[object]], path: Path) -> autograd.compiled.Program:
    document = {
        "format": "chainrule program",
        "version": 1,
        "inputs": ["x", "y"],
        "wrt": [0, 1],
        "outputs": [1 + len(entries)],
        "single": True,
        "entries": entries,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return autograd.load_program(path)


@pytest.mark.parametrize("repeated", [False, True])
def test_what_takes_too_many_steps_is_refused_before_they_are_all_found(
    repeated, tmp_path, monkeypatch
) -> None:
    """One operation of many operands; many of a few each; and many that are one and the same."""
    monkeypatch.setattr(steps, "LARGEST", 20_000)
    monkeypatch.setattr(steps, "MOST_ASKED", 60_000)
    found: list[str] = []
    step = steps.Steps.step
    monkeypatch.setattr(
        steps.Steps,
        "step",
        lambda self, head, *terms: (found.append(head), step(self, head, *terms))[1],
    )
    if repeated:
        products = [["prod", [0, 1] * 100, [], ""] for _ in range(100)]
        entries = [*products, ["sum", list(range(2, 102)), [], ""]]
        operands, value, slope = 20_100, 100 * 1.01**100, 10_000 * 1.01**99
    else:
        entries = [["prod", [0, 1] * 1_000, [], ""]]
        operands, value, slope = 2_000, 1.01**1_000, 1_000 * 1.01**999
    program = saved(entries, tmp_path / "program.json")
    message = f"the program has {len(entries):,} operations on {operands:,} operands, which takes"
    with pytest.raises(ValueError, match=re.escape(message)):
        _ = program.source
    assert len(found) < 2 * steps.MOST_ASKED
    found.clear()
    result, (dx, dy) = program(1.0, 1.01)
    assert (result, dy) == pytest.approx((value, slope), rel=1e-10)
    assert dx == pytest.approx(dy * 1.01, rel=1e-10)
    if is_available(asked=False):  # its interpreter of tapes is made of steps, too
        assert len(found) <= 2 * steps.MOST_ASKED
        found.clear()
    lanes = np.array([1.0, 2.0 / 3.0])
    assert program(lanes, 1.01)[0][0] == result
    assert found == []  # that they are too many is found out once


def test_many_operands_are_refused_at_once(tmp_path, monkeypatch) -> None:
    products = [["prod", [0, 1] * 100, [], ""] for _ in range(2_000)]
    program = saved([*products, ["sum", list(range(2, 2_002)), [], ""]], tmp_path / "program.json")
    monkeypatch.setattr(steps.Steps, "step", None)
    with pytest.raises(ValueError, match="has 2,001 operations on 402,000 operands, which takes"):
        _ = program.source
