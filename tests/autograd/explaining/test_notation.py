"""Formulas are right as they stand, in text and in LaTeX, and labels stay text in them."""

import math
import string

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from autograd import Value, explain
from autograd.explaining.notation import derivatives_of, evaluated, latex_name, textbook_row
from autograd.table import TABLE
from tests.compiling import recorded
from tests.programs import ENGINE, Program, programs

OPERATIONS = sorted(TABLE)
PARSER = MathTextParser("agg")


def render(latex: str) -> None:
    """Fails unless matplotlib's mathtext reads each line of mathematics."""
    with mpl.rc_context({"mathtext.fontset": "dejavusans"}):
        for line in latex.split("\n\n"):
            if line.startswith("$$"):
                PARSER.parse(line.replace("$$", "$"))


def applied(name: str) -> Value:
    """The operation on operands inside its domain."""
    operation = TABLE[name]
    x, y, z = (Value(v, label=n) for v, n in ((0.3, "x"), (0.7, "y"), (1.6, "z")))
    if operation.groups:
        groups = [[x, y], [y, z]][: len(operation.groups)]
        if operation.single:
            groups = [[x, y], [z, x], y]
        return ENGINE[name](*groups, *(1 for _ in operation.settings))
    operands = [z if interval.low == 1.0 else x for interval in operation.domain]
    if len(operands) > 1:
        operands[1] = y
    settings = (0.1, 3.0)[: len(operation.settings)]
    return ENGINE[name](*operands[: len(operation.arguments)], *settings)


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_a_textbook_writes_is_the_local_derivative(name: str) -> None:
    node = applied(name)
    operation = TABLE[name]
    count = len(node.operands) - len(operation.settings)
    reading = textbook_row(operation, count, node.operands[count:])
    data = [x.data if isinstance(x, Value) else x for x in node.operands]
    numbers = dict(zip(reading.arguments, data, strict=False)) | {reading.value: node.data}
    partials = iter(node.partials)
    for operand, symbol in zip(node.operands, reading.partials, strict=False):
        if isinstance(operand, Value):
            assert evaluated(symbol, numbers) == pytest.approx(next(partials), rel=1e-12)
    if reading.computed is not None:
        assert evaluated(reading.computed, numbers) == pytest.approx(node.data, rel=1e-12)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_explained(name: str) -> None:
    node = applied(name)
    for parent in dict.fromkeys(node.parents):
        explanation = explain(node, parent)
        render(explanation.latex())
        lines = [line for line in explanation.text().splitlines() if line.startswith("    ∂")]
        assert lines
        for line in lines:
            # What is written with numbers is what it is said to be.
            *_, side, result = line.split(" = ") if line.count(" = ") > 1 else ("", "0", "0")
            code = side.replace("·", "*").replace("²", "**2").replace("³", "**3")
            code = code.replace("^", "**").replace("√", "sqrt").replace("|", " ")
            if set(code) <= set(string.digits + " .()+-*/e") or "sqrt" in code or "exp" in code:
                value = eval(code, vars(math).copy())
                assert value == pytest.approx(float(result), rel=1e-6, abs=1e-9), line


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_in_general(name: str) -> None:
    for operand, text, latex in derivatives_of(TABLE[name]):
        assert operand
        assert text
        PARSER.parse(f"${latex}$")


@settings(max_examples=20)
@given(programs(max_steps=12))
def test_latex_of_random_graphs_renders(program: Program) -> None:
    inputs, output = recorded(program, program.inputs)
    render(explain(output, inputs[0]).latex())


HOSTILE = [
    "</script><img onerror=alert(1)>", "a|b", "$x$", "$$", "\\frac{", "}{", "a_b_c", "_", "*bold*",
    "`code`", "[link](javascript:x)", "line\nbreak", "\x00\x1b[31m", "\u202egnp", "%", "#", "&lt;",
    "~", "^", "  ", "w'", "naïve", "权重", "é", "a b", "1", "2x", "∂", "\ud800", "| --- |", "“",
]  # fmt: skip


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_text(label: str) -> None:
    x = Value(0.5, label=label)
    y = x.exp()
    y.label = label + "2"
    for _ in range(9):
        y = y * y  # more than a few paths: the table
    for output in (x.exp(), y):
        explanation = explain(output, x)
        text, markdown, latex = explanation.text(), explanation.markdown(), explanation.latex()
        assert "\x1b" not in text
        assert "\x00" not in text
        assert text.isascii() or all(c.isprintable() or c == "\n" for c in text)
        for form in (markdown, latex):
            assert "<" not in form
            assert "`" not in form
            assert form.count("$") % 2 == 0
        rows = [line for line in markdown.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1
        if latex.isascii():
            render(latex)


@settings(max_examples=40)
@given(st.text(max_size=12))
def test_any_label_renders_in_latex(label: str) -> None:
    x = Value(0.5, label=label)
    latex = explain(x.exp(), x).latex()
    if latex.isascii():
        render(latex)


def test_names() -> None:
    assert latex_name("w5") == "w_{5}"
    assert latex_name("net_o1") == r"\mathrm{net}_{o1}"
    assert latex_name("E") == "E"
    assert latex_name("loss") == r"\mathrm{loss}"
    assert latex_name("layers.0.bias") == r"\mathrm{layers.0.bias}"


def test_nodes_without_a_label_and_with_the_same() -> None:
    a, b = Value(1.0, label="w"), Value(2.0, label="w")
    taken = Value(3.0, label="v1")
    text = explain((a * b) * taken, a).text()
    assert "∂v3/∂w#1 = ∂v3/∂v2 · ∂v2/∂w#1" in text
    assert "v2 = w#1 · w#2 = 1 · 2 = 2" in text
