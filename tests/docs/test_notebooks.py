"""The notebooks run as they are committed, without outputs, and show the published figures."""

import os
import subprocess
import sys

import nbformat
import pytest

from docs.website.blocks import ROOT

FOLDER = ROOT / "examples" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
KEY_FIGURES = {
    "mazur": [
        "E = 0.298371109",
        "∂E/∂w5 = 0.74136507 · 0.186815602 · 0.593269992 = 0.082167041",
        "∂E/∂w1 = 0.000668396 - 0.000229828 = 0.000438568",
        "0.149780716 0.199561432 0.249751144 0.299502287",
        "0.358916480 0.408666186 0.511301270 0.561370121",
        "E = 0.0000351085",
    ],
    "check_a_gradient": [
        "the claimed gradient of sigmoid at (0.5): right",
        "the claimed gradient of entropy at (0.5): wrong",
        "the claimed gradient of error at (0.5, 0.6): wrong",
        "-0.016850",
        "1.6993417021166355e-17",
        "GradientError",
    ],
}
SHOWN = {"mazur": {"image/svg+xml", "image/png", "text/html"}, "check_a_gradient": set()}
EXECUTE = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def test_there_is_a_test_for_each() -> None:
    assert {path.stem for path in NOTEBOOKS} == KEY_FIGURES.keys() == SHOWN.keys()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_committed_without_outputs(path) -> None:
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    assert cells
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_shows_the_key_figures(path, tmp_path) -> None:
    target = tmp_path / path.name
    result = subprocess.run(
        [sys.executable, "-c", EXECUTE, str(path), str(target)],
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert result.returncode == 0, result.stderr
    cells = [c for c in nbformat.read(target, as_version=4).cells if c.cell_type == "code"]
    outputs = [output for cell in cells for output in cell.outputs]
    printed = "".join(o.text for o in outputs if o.output_type == "stream" and o.name == "stdout")
    for figure in KEY_FIGURES[path.stem]:
        assert figure in printed
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert kinds >= SHOWN[path.stem]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
