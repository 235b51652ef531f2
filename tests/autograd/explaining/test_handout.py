"""Sheets to be handed out: they compile within the margin, and an exercise gives nothing away."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import autograd
from autograd import Value, explain
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


@pytest.mark.parametrize("blanks", [False, True])
@pytest.mark.parametrize("name", ["mazur", "two_two_two", "two_two_one", "three_two_one"])
def test_the_tutorials_compile_and_stay_within_the_margin(
    name: str, blanks: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = published(name)
    for label in ("w1", "w5"):
        sheet = explain(output, leaf(output, label)).latex(document=True, blanks=blanks)
        assert compiled(sheet, tmp_path) == []


@pytest.mark.parametrize("blanks", [False, True])
def test_long_names_and_tables_compile_and_stay_within_the_margin(
    blanks: bool, tmp_path: Path
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
    w5 = leaf(output, "w5")
    derivation = explain(output, w5)
    sheet = derivation.latex(document=True, blanks=True)
    body = sheet.partition("Given: ")[2]
    given, _, rest = body.replace(r"\allowbreak ", "").partition("\n\n")
    for said in ("$w_{5} = 0.4$", r"$\mathrm{out}_{h1} = 0.593269992$", "$y_{1} = 0.01$"):
        assert said in given
    assert "0.082167041" not in sheet
    for computed in (0.082167041, 0.74136507, 0.186815602, 0.75136507, 1.105905967):
        assert f"{computed:.6f}"[:6] not in rest
    solved = derivation.latex(document=True)
    assert solved.count(r"\underline") == 0
    assert rest.count(r"\underline{\hspace{4em}}") >= 6


@pytest.mark.parametrize(
    "graph",
    [
        lambda x: x.exp(),
        lambda x: x * x + 2 * x,
        lambda x: x.relu(),
        lambda x: autograd.maximum(x, 1.0),
    ],
)
def test_every_equation_of_an_exercise_ends_with_one_blank(
    graph: Callable[[Value], Value],
) -> None:
    x = Value(1.75, label="x")
    y = graph(x)
    y.label = "y"
    text = explain(y, x).latex(blanks=True)
    for equation in re.findall(r"\$\$(.*?)\$\$", text, re.S):
        blank = equation.strip().endswith(r"\underline{\hspace{4em}}")
        assert equation.count(r"\underline") == blank
        # Chains of derivatives by name have no numbers.
        assert blank or r"\cdot \frac{\partial" in equation or r"\mathrm{path" in equation
    assert f"{y.data:.6g}" not in text
