"""Formulas are right as they stand, in text and in LaTeX, and labels stay text in them."""

import math
import string
from typing import Any

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from autograd import Value, explain
from autograd.explaining.lettering import latex_name
from autograd.explaining.notation import derivatives_of, evaluated, textbook_row
from autograd.explaining.simplifying import simplified
from autograd.language.symbols import steps_of
from autograd.table import TABLE
from tests.compiling import recorded
from tests.programs import ENGINE, Program, programs

OPERATIONS = sorted(TABLE)
PARSER = MathTextParser("agg")


def render(markdown: str) -> None:
    """Fails unless matplotlib's mathtext reads each line of mathematics."""
    with mpl.rc_context({"mathtext.fontset": "dejavusans"}):
        for line in markdown.split("\n\n"):
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
        render(explanation.markdown())
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
def test_mathematics_of_random_graphs_renders(program: Program) -> None:
    inputs, output = recorded(program, program.inputs)
    render(explain(output, inputs[0]).markdown())


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
        assert latex.isascii()
        if markdown.isascii():
            render(markdown)


@settings(max_examples=40)
@given(st.text(max_size=12))
def test_any_label_renders_as_mathematics(label: str) -> None:
    x = Value(0.5, label=label)
    markdown = explain(x.exp(), x).markdown()
    if markdown.isascii():
        render(markdown)


def test_names() -> None:
    assert latex_name("w5") == "w_{5}"
    assert latex_name("net_o1") == r"\mathrm{net}_{o1}"
    assert latex_name("E") == "E"
    assert latex_name("loss") == r"\mathrm{loss}"
    assert latex_name("layers.0.bias") == r"\mathrm{layers.0.bias}"
    assert latex_name(r"\foo_1") == r"\mathrm{\backslash foo\_1}"
    for written in ("θ1", "θ_1", r"\theta_1", r"\theta1", r"\theta_{1}"):
        assert latex_name(written) == r"\theta_{1}"
    for written in ("ŷ", "y\u0302", r"\hat{y}"):
        assert latex_name(written) == r"\hat{y}"
    assert latex_name("w_{12}") == latex_name("w_12") == latex_name("w12") == "w_{12}"
    assert latex_name("w_{1,2}") == "w_{1,2}"


def test_nodes_without_a_label_and_with_the_same() -> None:
    a, b = Value(1.0, label="w"), Value(2.0, label="w")
    taken = Value(3.0, label="v1")
    text = explain((a * b) * taken, a).text()
    assert "∂v3/∂w#1 = ∂v3/∂v2 · ∂v2/∂w#1" in text
    assert "v2 = w#1 · w#2 = 1 · 2 = 2" in text


# --- What a person would leave out ----------------------------------------------------------------


def test_no_zero_is_added_and_no_exponent_is_a_difference() -> None:
    es = [Value(0.25, label="e1"), Value(0.5, label="e2")]
    total = sum(es)
    assert isinstance(total, Value)
    total.label = "E"
    text = explain(total, es[0]).text()
    assert "0 + e1" not in text
    assert "v1 = e1 = 0.25" in text
    y = Value(0.3, label="y3")
    written = {power: explain(y**power, y).text().splitlines()[-1] for power in (0.5, 1, 2, 3, -1)}
    assert written == {
        0.5: "    ∂v1/∂y3 = 0.5 · y3^(-0.5) = 0.5 · 0.3^(-0.5) = 0.912870929",
        1: "    ∂v1/∂y3 = 1",
        2: "    ∂v1/∂y3 = 2 · y3 = 2 · 0.3 = 0.6",
        3: "    ∂v1/∂y3 = 3 · y3² = 3 · 0.3² = 0.27",
        -1: "    ∂v1/∂y3 = -y3^(-2) = -0.3^(-2) = -11.1111111",
    }


NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 2.0, 3.0, 0.5, 0.1, -0.1, 1e-7, 12345.678])


@given(st.sampled_from(["add", "sub", "mul", "truediv", "pow", "mean", "dot", "prod"]), NUMBERS)
@settings(max_examples=200)
def test_a_simpler_formula_has_the_same_value(name: str, number: float) -> None:
    operation, x = TABLE[name], Value(1.75, label="x")
    groups: list[Any] = [x, number]
    if operation.groups:
        groups = [x if n in operation.single else [x, number] for n in operation.groups]
    node = ENGINE[name](*groups)
    operands, settings = node.applied_to
    row = textbook_row(operation, len(operands), settings)
    data = [x.data if isinstance(x, Value) else x for x in operands]
    numbers = dict(zip(row.arguments, data, strict=False)) | {row.value: node.data}
    pairs = zip(row.arguments, operands, strict=False)
    constants = {symbol: x for symbol, x in pairs if not isinstance(x, Value)}
    for symbol in [row.computed, *row.partials]:
        assert symbol is not None
        simple = simplified(symbol, constants)
        before, after = evaluated(symbol, numbers), evaluated(simple, numbers)
        assert after == pytest.approx(before, rel=1e-15, nan_ok=True)
        for step in steps_of([simple]):
            assert not (step.head in "+-" and step.arguments[-1].is_constant(0.0))
            assert not (step.head == "+" and step.arguments[0].is_constant(0.0))
            assert not (step.head in ("*", "/", "pow") and step.arguments[-1].is_constant(1.0))


def test_pi_is_written_as_its_letter() -> None:
    row = TABLE["sinc"]
    assert derivatives_of(row)[0][1] == "(cos(π · x) - value) / x"
