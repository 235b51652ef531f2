"""Sheets to be handed out: they compile within the margin, and an exercise gives nothing away."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograd
from autograd import Value, explain
from autograd.errors import shown
from autograd.explaining.handout import Blanks
from docs.website.playground.build import examples
from tests.drawn import network, tutorial

PDFLATEX = shutil.which("pdflatex")


def leaf(output: Value, label: str) -> Value:
    from autograd.graph.order import topological_order

    return next(node for node in topological_order([output]) if node.label == label)


def published(name: str) -> Value:
    """The output of one of the tutorials, as the playground has it."""
    namespace: dict[str, object] = {}
    exec(examples()[name]["text"], namespace)
    output = namespace["E"]
    assert isinstance(output, Value)
    return output


def compiled(sheet: str, folder: Path) -> list[str]:
    """What pdflatex complains of."""
    if PDFLATEX is None:
        pytest.skip("there is no pdflatex on this machine")
    (folder / "a.tex").write_text(sheet, encoding="ascii")
    command = [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = (folder / "a.log").read_text(encoding="latin-1")
    assert run.returncode == 0, log[-2000:]
    return re.findall(r"^(?:!|Overfull|LaTeX Warning: Command).*(?:\n.*){0,4}", log, re.M)


@pytest.mark.parametrize("blanks", [False, True, "formulas"])
@pytest.mark.parametrize("name", ["mazur", "two_two_two", "two_two_one", "three_two_one"])
def test_the_tutorials_compile_and_stay_within_the_margin(
    name: str, blanks: Blanks, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = published(name)
    for label in ("w1", "w5"):
        sheet = explain(output, leaf(output, label)).latex(document=True, blanks=blanks)
        assert compiled(sheet, tmp_path) == []


@pytest.mark.parametrize("blanks", [False, True, "formulas"])
def test_long_names_and_tables_compile_and_stay_within_the_margin(
    blanks: Blanks, tmp_path: Path
) -> None:
    x = Value(0.5, label="W" * 60)
    h = autograd.dot([x] * 6, [x.exp()] * 6, x).sigmoid()
    deep = network([2, 3, 3, 3, 1])
    inputs = [node for node in autograd.graph.order.topological_order([deep]) if node.is_leaf]
    for output, wrt in [(h, x), (deep, inputs[0])]:
        sheet = explain(output, wrt).latex(document=True, blanks=blanks)
        assert compiled(sheet, tmp_path) == []


def test_an_exercise_says_what_is_given_and_leaves_out_what_is_asked() -> None:
    output = tutorial()
    derivation = explain(output, leaf(output, "w5"))
    sheet = derivation.latex(document=True, blanks=True)
    given, _, rest = sheet.partition("Given: ")[2].partition("\n\n")
    for said in ("$w_{5} = 0.4$", r"$\mathrm{out}_{h1} = 0.593269992$", "$y_{1} = 0.01$"):
        assert said in given
    assert "0.082167041" not in sheet
    for computed in (0.082167041, 0.74136507, 0.186815602, 0.75136507, 1.105905967):
        assert f"{computed:.6f}"[:6] not in rest
    solved = derivation.latex(document=True)
    assert solved.count(r"\underline") == 0
    assert rest.count(BLANK) == 7  # three values, three local derivatives, their product


@pytest.mark.parametrize("label", ["w1", "w5", "b2"])
def test_each_value_is_computed_from_what_stands_above_it(label: str) -> None:
    output = tutorial()
    text = explain(output, leaf(output, label)).latex(document=True)
    name = r"(?:\\mathrm{\w+}_{\w+}|(?<![\w{])[a-zE](?:_{\d})?(?![\w}]))"
    known = set(re.findall(rf"({name}) =", text.partition("Given: ")[2].partition("\n\n")[0]))
    forward = text.partition("The forward pass")[2].partition(r"\partial")[0]
    equations = re.findall(r"\$\$(.*?)\$\$", forward, re.S)
    for equation in equations:
        left, _, right = equation.partition("=")
        applied = right.partition(r"\left(")[2].partition(r"\right)")[0]
        assert set(re.findall(name, applied)) <= known
        known |= set(re.findall(name, left))
    assert len(equations) == {"w1": 7, "w5": 3, "b2": 5}[label]
    assert "E" in known


GRAPHS = [
    lambda x: x.exp(),
    lambda x: x * x + 2 * x,
    lambda x: x.relu(),
    lambda x: autograd.maximum(x, 1.0),
    lambda x: autograd.dot([x] * 3, [x.exp(), x, x.tanh()]) ** 3 * x.sigmoid(),
]
BLANK = r"\rule{0pt}{15pt}\underline{\hspace{70pt}}"


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("blanks", [True, "formulas"])
def test_an_equation_of_an_exercise_ends_with_room_for_its_number(
    graph: Callable[[Value], Value], blanks: Blanks
) -> None:
    x = Value(1.75, label="x")
    y = graph(x)
    y.label = "y"
    derivation = explain(y, x)
    exercise, solution = derivation.latex(True, blanks=blanks), derivation.latex(True)
    pairs = zip(*(re.findall(r"\$\$(.*?)\$\$", s, re.S) for s in (exercise, solution)), strict=True)
    for equation, solved in pairs:
        # Chains of derivatives by name have no numbers.
        has_number = re.search(r"[\d.]+(?:e-?\d+)?\s*(?:\\end{aligned})?\s*$", solved)
        end = equation.replace(r"\end{aligned}", "").strip()
        assert end.endswith(BLANK) == bool(has_number)
        assert has_number or (blanks == "formulas") == (r"\underline" in equation)
    for number in [y.data, derivation.gradient, *(p.product for p in derivation.paths or [])]:
        written = f"{number:.9g}"
        assert written in solution
        assert written not in exercise or number in (0, 1, 2, x.data)


def test_an_exercise_in_formulas_gives_the_network_but_not_the_chain_rule() -> None:
    output = tutorial()
    derivation = explain(output, leaf(output, "w5"))
    numbers, formulas = derivation.latex(blanks=True), derivation.latex(blanks="formulas")
    for given in (r"= w_{5} \cdot \mathrm{out}_{h1} + w_{6}", r"\frac{1}{1 + e^{"):
        assert given in numbers
        assert given in formulas
    for asked in (
        r"\frac{\partial E}{\partial \mathrm{out}_{o1}} \cdot",
        r"\mathrm{out}_{o1} \cdot \left(1 - \mathrm{out}_{o1}\right)",
    ):
        assert asked in numbers
        assert asked not in formulas


def test_the_derivative_of_a_value_by_itself_is_an_exercise_too() -> None:
    x = Value(2.0, label="x")
    assert explain(x, x).latex(blanks=True).splitlines() == [
        "Given: $x = 2$.",
        "",
        r"To be found: $\partial x / \partial x$.",
        rf"$$\frac{{\partial x}}{{\partial x}} = {BLANK}$$",
    ]
    assert "by itself is 1" in explain(x, x).latex(document=True)


@pytest.mark.parametrize("blanks", [False, True, "formulas"])
def test_a_sheet_of_one_path_is_one_page(blanks: Blanks, tmp_path: Path) -> None:
    output = tutorial()
    sheet = explain(output, leaf(output, "w5")).latex(document=True, blanks=blanks)
    assert compiled(sheet, tmp_path) == []
    assert "(1 page" in (tmp_path / "a.log").read_text(encoding="latin-1")


@pytest.mark.parametrize("blanks", ["numbers", 2, None])
def test_other_blanks_are_refused(blanks: Any) -> None:
    x = Value(2.0)
    said = f"latex: blanks takes True, False or 'formulas', got {shown(blanks)}"
    with pytest.raises(ValueError, match=re.escape(said)):
        explain(x.exp(), x).latex(blanks=blanks)
