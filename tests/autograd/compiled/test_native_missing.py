"""What is said where machine code cannot be made or kept, and that programs run all the same."""

import re
import sys
import types

import numpy as np
import pytest

import autograd
from autograd.compiled.native import cache, compiler

ARGUMENTS = 0.5, np.linspace(-1.0, 1.0, 300_000)


@pytest.fixture
def program():
    return autograd.compile(lambda w, x: autograd.tanh(w * x))


@pytest.fixture
def anew(monkeypatch):
    """LLVM is looked for as if for the first time."""
    monkeypatch.setattr(compiler, "_told", set())
    compiler.machine.cache_clear()
    yield
    compiler.machine.cache_clear()


def of_version(version: str) -> types.ModuleType:
    module = types.ModuleType("llvmlite")
    module.__version__ = version
    return module


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("module", "message"),
    [
        (None, "llvmlite is not installed; pip install"),
        (of_version("0.39.1"), "llvmlite is too old, 0.39.1; pip install"),
        (of_version("0.99.0"), "llvmlite is broken: "),
        (of_version("unknown"), "llvmlite is broken: ValueError: invalid literal"),
    ],
)
def test_what_is_wrong_is_said_once_and_numpy_runs_it(
    monkeypatch, program, module, message
) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", module)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    expected = program.using("numpy")(*ARGUMENTS)
    whole = f"program: no machine code can be made, and NumPy is used in its place: {message}"
    if module is not None:  # without being asked only what is there is spoken of
        with pytest.warns(RuntimeWarning, match=re.escape(whole)):
            program(*ARGUMENTS)
    else:
        program(*ARGUMENTS)
        with pytest.warns(RuntimeWarning, match=re.escape(whole)):
            program.using("native")
    values, slopes = program.using("native")(*ARGUMENTS)
    assert np.array_equal(values, expected[0])
    assert slopes[0] == expected[1][0]


def test_a_folder_that_cannot_be_written_is_said_once(monkeypatch, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(cache, "_told", set())
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.warns(
        RuntimeWarning, match=r"machine code cannot be kept in .* \(Not a directory\)"
    ):
        cache.write("a", b"code")
    cache.write("b", b"code")
    assert cache.read("a") is None


def test_what_is_kept_is_read_again_unless_it_is_damaged(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache.read("a") is None
    cache.write("a", b"code")
    assert cache.read("a") == b"code"
    (file,) = (tmp_path / "chainrule").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert cache.read("a") is None
    assert cache.key("ab", "c") != cache.key("a", "bc")


def test_old_files_make_room(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(cache, "MOST", 4)
    for name in "abcdefgh":
        cache.write(name, b"code")
    assert len(list((tmp_path / "chainrule").iterdir())) <= 5


def test_machine_code_comes_from_the_folder_the_second_time(monkeypatch, tmp_path, program) -> None:
    pytest.importorskip("llvmlite")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    expected, _ = program.using("native")(*ARGUMENTS)
    (file,) = (tmp_path / "chainrule").iterdir()
    written = file.stat().st_mtime_ns
    again = autograd.compile(lambda w, x: autograd.tanh(w * x))
    assert np.array_equal(again.using("native")(*ARGUMENTS)[0], expected)
    (file,) = (tmp_path / "chainrule").iterdir()
    assert file.stat().st_mtime_ns == written
    file.write_bytes(b"damaged")
    assert np.array_equal(again.using("native")(*ARGUMENTS)[0], expected)
