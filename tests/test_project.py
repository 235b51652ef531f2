"""The README, the gate and the packaging agree with each other."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import autograd
from docs.website import tree
from tests.budget import code_lines

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python3 -m venv .*$", README, flags=re.MULTILINE)


def test_the_readme_has_two_set_up_commands_of_one_line() -> None:
    assert len(COMMANDS) == 2
    assert COMMANDS[0].endswith(" -m examples.mazur")
    assert COMMANDS[1].endswith(" -m pytest")


def test_the_gate_runs_the_commands_of_the_readme() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    patterns = re.findall(r"grep -E '(.*)' README.md", gate)
    found = [
        [line for line in README.splitlines() if re.search(pattern, line)] for pattern in patterns
    ]
    assert found == [[COMMANDS[1]], [COMMANDS[0]]]
    assert gate.count('bash -c "$') == 2


def test_every_folder_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    folders = {  # also of data: setuptools warns of each file in a folder that is not listed
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in ("autograd", "nn")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    assert listed == folders


def test_the_version_is_the_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert autograd.__version__ == project["project"]["version"]


def test_no_page_installs_a_release_before_there_is_one() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall("^## .*", changelog, flags=re.MULTILINE) == [
        "## Unreleased"
    ]  # else: drop this
    pages = [
        path
        for place in (".", "docs", "examples", "autograd", "nn")
        for pattern in ("*.md", "*.ipynb", "*.py", "*.html", "*.js")
        for path in ((ROOT / place).glob if place == "." else (ROOT / place).rglob)(pattern)
    ]
    assert {"README.md", "how-to-draw.md", "mazur.ipynb", "__init__.py"} <= {p.name for p in pages}
    for path in pages:
        found = re.search(r"(pip|uv) install [^\n]*chainrule", path.read_text(encoding="utf-8"))
        assert found is None, f"{path}: {found}; there is no release: install from a clone"


def test_two_packages_in_one_folder_are_told_apart(tmp_path) -> None:
    shutil.copytree(ROOT / "autograd", tmp_path / "autograd")
    (tmp_path / "autograd" / "tracer.py").touch()
    result = subprocess.run(
        [sys.executable, "-c", "import autograd"], capture_output=True, text=True, cwd=tmp_path
    )
    assert "ImportError: two packages of the name autograd were unpacked into one" in result.stderr


def test_import_is_light() -> None:
    check = "import sys, autograd, nn; print(sorted({'numpy', 'graphviz'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=ROOT)
    assert result.stdout == "[]\n", result.stderr


def test_docstring_examples_run() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("autograd", "nn")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]
    check = (
        "import doctest, importlib, sys\n"
        "import tests.conftest\n"  # whose profile lets an example of Hypothesis take its time
        "runs = [doctest.testmod(importlib.import_module(m)) for m in sys.argv[1:]]\n"
        "print(sum(r.failed for r in runs), sum(r.attempted for r in runs) > 20)"
    )
    result = subprocess.run(
        [sys.executable, "-c", check, *modules], capture_output=True, text=True, cwd=ROOT
    )
    assert result.stdout.splitlines()[-1:] == ["0 True"], result.stdout + result.stderr


def test_the_tree_of_the_architecture_page_is_the_real_one() -> None:
    page = tree.PAGE.read_text(encoding="utf-8")
    assert page == tree.rewritten(page), "run python -m docs.website.tree --write"
    assert len(tree.tree().splitlines()) > 80


def test_a_line_of_code_is_no_comment_and_no_docstring() -> None:
    assert code_lines('"""What it is.\n\nMore.\n"""\n\n# why\nx = """a\nb"""  # c\n') == 2


def test_testing_is_there_without_an_import_of_its_own() -> None:
    program = "import sys, autograd; assert 'autograd.testing' not in sys.modules; "
    program += "print(autograd.testing.check_gradient.__name__); autograd.nothing"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert found.stdout == "check_gradient\n"
    assert "module 'autograd' has no attribute 'nothing'" in found.stderr
