"""LaTeX is set by pdflatex as it stands, and nothing in it runs past the margin."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, explain
from autograd.explaining.breaking import PAGE, broken, in_a_row, pieces, width
from tests.compiling import recorded
from tests.programs import Program, programs

PDFLATEX = shutil.which("pdflatex")
HEAD = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
LABELS = [
    "θ", "w_{12}", r"\theta_1", "ŷ", "y\u0302_1", "β_2", "Ω1", r"\hat{y}_1", "Σ", "σ'", "naïve",
    "é", "权重", "W" * 60, "W#1" * 20, "θ" * 60, "权" * 60, "a + b", "50%", "_", "\\frac{", "}{",
    "$x$", "~^`", "ℓ", "w[1][0]", "“q”", "\ud800", "∂E/∂w", "x₁", "m²", "𝐱", "i̇", "&", "#",
    "\\", "\\\\", "\x00", "-> n1", "",
]  # fmt: skip


def faults(bodies: Iterable[str], folder: Path) -> list[str]:
    """What pdflatex complains of: errors, and lines that run past the margin."""
    if PDFLATEX is None:
        pytest.skip("there is no pdflatex on this machine")
    body = "\n\n\\hrule\n\n".join(bodies)
    (folder / "a.tex").write_text(f"{HEAD}{body}\n\\end{{document}}\n", encoding="ascii")
    command = [PDFLATEX, "-interaction=nonstopmode", "a.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = (folder / "a.log").read_text(encoding="latin-1")
    assert "Output written on a.pdf" in log
    complaints = re.findall(r"^(?:!|Overfull|LaTeX Warning: Command).*(?:\n.*){0,4}", log, re.M)
    assert run.returncode == 0 or complaints
    return complaints


def graphs_of(label: str) -> Iterable[str]:
    """Derivations with the label in a chain, in a table, and among many operands."""
    x = Value(0.5, label=label)
    y = x.exp()
    y.label = f"{label}2"
    yield explain(y, x).latex()
    z = y
    for _ in range(5):
        z = z * z
    yield explain(z, x).latex()
    h = autograd.dot([x] * 6, [y.exp()] * 6, x).sigmoid()
    yield explain(autograd.logsumexp([h, x, y, h, x]), x).latex()
    yield explain(((x + y) / (x * y + 1) + y / x).sqrt() ** 3, x).latex()


def test_every_label_compiles_and_stays_within_the_margin(tmp_path: Path) -> None:
    assert faults((body for label in LABELS for body in graphs_of(label)), tmp_path) == []


@given(st.lists(programs(max_steps=12), min_size=8, max_size=8), st.lists(st.text(max_size=70)))
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
def test_any_graph_compiles_and_stays_within_the_margin(
    tmp_path_factory: pytest.TempPathFactory, several: list[Program], labels: list[str]
) -> None:
    bodies = []
    for program in several:
        inputs, output = recorded(program, program.inputs)
        for x, label in zip(inputs, labels, strict=False):
            x.label = label
        bodies += [explain(output, x).latex() for x in inputs]
    assert faults(bodies, tmp_path_factory.mktemp("latex")) == []


def test_conventions_and_other_words_compile(tmp_path: Path) -> None:
    zero, w = Value(0.0, label="z"), Value(2.0, label="w")
    doubled = w
    for _ in range(300):
        doubled = doubled + doubled
    stale = w * w
    w.data = 3.0
    bodies = [explain(y, x).latex() for y, x in [(zero**0, zero), (zero**-1, zero), (stale, w)]]
    assert "by convention: x**0 has $\\partial $x = 0" in bodies[0]
    assert "more than $10^{30}$ paths" in explain(doubled, w).latex()
    assert faults([*bodies, explain(doubled, w).latex()], tmp_path) == []


def test_without_the_breaks_a_line_does_run_past_the_margin(tmp_path: Path) -> None:
    long = " + ".join(f"x_{{{i}}}" for i in range(40))
    assert "Overfull" in "".join(faults([f"$${long}$$"], tmp_path))
    assert faults([broken(["y", long])], tmp_path) == []


def test_what_fits_is_one_line_and_what_does_not_is_broken_before_its_signs() -> None:
    assert broken(["y", "a + b", "a + b", "3"]) == "$$y = a + b = 3$$"
    terms = [rf"{i}.25 \cdot \mathrm{{out}}_{{h{i}}}" for i in range(12)]
    lines = broken(["y", " + ".join(terms)]).splitlines()[1:-1]
    assert [line.split("&")[1][:10] for line in lines] == ["= 0.25 \\cd", *[r"\qquad {} "] * 3]
    assert all(width(line.replace("&", "")) <= PAGE for line in lines)
    for term in terms:
        assert sum(term in line for line in lines) == 1


def test_in_a_row() -> None:
    assert in_a_row(r"\frac{\partial E}{\partial w_{1}}") == r"\partial E / \partial w_{1}"
    assert in_a_row(r"\frac{1}{1 + e^{-x}}") == r"1 / (1 + \mathrm{exp}(-x))"
    assert in_a_row(r"\sqrt{\frac{a + b}{2}}") == r"\mathrm{sqrt}((a + b) / 2)"
    assert in_a_row(r"{\left(x - \hat{y}\right)}^{2}") == r"(x - \hat{y})^{2}"
    assert in_a_row(r"{x}^{2}") == "x^{2}"


def test_a_long_name_is_in_pieces_without_losing_a_character() -> None:
    name = r"\mathrm{a\ b\%\acute{e}" + "W" * 40 + "}"
    parts = pieces(name)
    assert len(parts) > 5
    assert "".join(part.removeprefix(r"\mathrm{").removesuffix("}") for part in parts) == (
        name.removeprefix(r"\mathrm{").removesuffix("}")
    )
