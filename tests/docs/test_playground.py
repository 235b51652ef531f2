"""The playground without a browser: its examples, what runs programs, its build, its server."""

from __future__ import annotations

import builtins
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd.drawing import set_renderer
from docs.website.__main__ import add_playground
from docs.website.playground import build
from docs.website.playground.page import engine
from docs.website.playground.serving import server_of

LOCK = json.loads((build.HERE / "package-lock.json").read_text(encoding="utf-8"))

# What the tutorials published, as far as the examples print it.
PUBLISHED = {
    "mazur": ["∂E/∂w5 = 0.082167041", "∂E/∂w1 = 0.000438568"],
    "two_two_two": ["∂E/∂w5 = -0.01685008"],
    "two_two_one": ["prediction 0.394700000, E 1.288494045", "prediction 0.507468808"],
    "three_two_one": ["output 0.484973430850", "-0.00017700555", "-0.0080404739"],
    "neuron": ["∂o/∂w1 = 1"],
    "cross_entropy": ["∂E/∂z1 = -0.294615   p - y = -0.294615"],
    "used_twice": ["∂y/∂a = 8"],
    "moons": ["step 80: loss"],
}


class Ran:
    """What programs printed, and their results."""

    def __init__(self) -> None:
        self.printed = ""

    def __call__(self, program: str) -> dict[str, Any]:
        self.printed = ""
        result: dict[str, Any] = json.loads(engine.run(program))
        return result

    def send(self, text: str, is_error: bool) -> None:
        self.printed += text


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ran]:
    monkeypatch.setattr(builtins, "input", builtins.input)  # put back afterwards
    ran = Ran()
    engine.start(ran.send, lambda source, form: "<svg></svg>")
    yield ran
    set_renderer(None)


def test_each_example_has_its_published_figures() -> None:
    assert build.examples().keys() == PUBLISHED.keys()


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_example_draws_and_prints_the_published_figures(name: str, run: Ran) -> None:
    result = run(build.examples()[name]["text"])
    assert result["error"] is None
    assert result["hasPicture"]
    assert "<svg></svg>" in result["html"]
    for figure in PUBLISHED[name]:
        assert figure in run.printed


@pytest.mark.parametrize(
    ("program", "message", "lines"),
    [
        ("x = 1\n\n1 / 0", "ZeroDivisionError: division by zero", [3]),
        ("def f():\n    raise ValueError('no')\nf()", "ValueError: no", [3, 2]),
        ("x = (", "SyntaxError: '(' was never closed", [1]),
        ("from autograd import Value\nValue('a')", "TypeError: Value: expected a real number", [2]),
        ("from autograd import draw\nfrom autograd import Value\n\ndraw(Value(1.0)).png()",
         "RuntimeError: the playground draws SVG and no png", [4]),
        ("input('name? ')", "RuntimeError: input('name? '): the playground asks nobody", [1]),
    ],
)  # fmt: skip
def test_an_error_has_its_lines(run: Ran, program: str, message: str, lines: list[int]) -> None:
    error = run(program)["error"]
    assert error["message"].startswith(message)
    assert error["lines"] == lines


def test_what_cannot_be_shown_is_an_error_of_the_last_line(run: Ran) -> None:
    program = (
        "from autograd import Value, draw\ny = x = Value(1.0)\n"
        "for _ in range(2500):\n    y = y.tanh()\ndraw(y, fold=False)"
    )
    error = run(program)["error"]
    assert error["message"].startswith("ValueError: a picture of 5,0")
    assert error["lines"] == [5]


@pytest.mark.parametrize(
    ("module", "hint"),
    [
        ("numpy", "There is no NumPy in the playground. What works without it: Python's standard"),
        ("numpy.linalg", "There is no NumPy in the playground."),
        ("matplotlib", "There is no Matplotlib in the playground; draw(...) shows pictures."),
        ("torch", "There is no torch in the playground. What there is: Python's standard library"),
        ("nn.nothing", ""),
        ("json.nothing", ""),
    ],
)
def test_what_is_not_there_is_named(
    run: Ran, module: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str, *arguments: Any, **named: Any) -> Any:
        if name == module:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return imported(name, *arguments, **named)

    imported = builtins.__import__
    for loaded in ("numpy", "matplotlib", "torch"):
        monkeypatch.delitem(engine.sys.modules, loaded, raising=False)
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", missing)
        error = run(f"import {module}")["error"]
    assert error["hint"].startswith(hint)
    assert bool(error["hint"]) == bool(hint)


def test_what_is_printed_is_cut_and_counted(run: Ran) -> None:
    run("for i in range(20_000):\n    print('x' * 99)")
    assert len(run.printed) < 101_000
    assert run.printed.endswith("… 1,900,000 characters more were printed and are not shown\n")


@pytest.mark.parametrize("program", ["", "x = 1", "# nothing", "raise SystemExit"])
def test_a_program_that_draws_nothing_is_no_error(run: Ran, program: str) -> None:
    assert run(program) == {"html": None, "error": None, "hasPicture": False}


def test_what_a_program_ends_with_is_shown(run: Ran) -> None:
    start = "from autograd import Value, explain, draw\nx = Value(2.0, label='x')\ny = x * x\n"
    for last in ("draw(y).page()", "y", "[y, x]", "draw(y)"):
        assert "<svg></svg>" in run(start + last)["html"]
    assert engine.svg() == "<svg></svg>"
    assert run(f"{start}explain(y, x)")["html"] is None
    assert "∂" in run.printed
    run(f"{start}x.data, None")
    assert run.printed == "(2.0, None)\n"


def test_every_package_is_checked_by_its_hash_and_names_no_host() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert {"node_modules/pyodide", "node_modules/@viz-js/viz"} <= packages.keys()
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def test_without_npm_the_site_has_no_playground_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("REQUIRE_PLAYGROUND", raising=False)
    assert add_playground(tmp_path) == 0
    assert capsys.readouterr().err == (
        "the site has no playground: there is no npm here to fetch Pyodide, Viz.js and CodeMirror "
        "by; install Node.js\n"
    )
    monkeypatch.setenv("REQUIRE_PLAYGROUND", "1")
    assert add_playground(tmp_path) == 1
    assert not list(tmp_path.iterdir())


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Asks a server of a folder for a file."""
    for name in ("a.wasm", "a.mjs", "a.js"):
        (tmp_path / name).write_bytes(b"\x00asm")
    server = server_of(tmp_path, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    host, port = server.server_address[:2]
    assert host == "127.0.0.1"  # nobody else's machine reaches it
    yield lambda name: urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_files_are_served_as_what_browsers_take_them_for(served: Callable[[str], Any]) -> None:
    kinds = {"a.wasm": "application/wasm", "a.mjs": "text/javascript", "a.js": "text/javascript"}
    for name, kind in kinds.items():
        with served(name) as answer:
            assert answer.headers["Content-Type"] == kind
