"""`import autograd` in a process of its own: what it loads, and what comes when it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd import functions
from autograd.table import TABLE

ROOT = Path(autograd.__file__).parents[1]


def printed(program: str) -> str:
    """What a program prints in a process of its own."""
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_nothing_is_generated_and_no_room_is_loaded_before_it_is_used() -> None:
    program = """
import sys, linecache, autograd
def generated():
    return [file.split()[1] for file in linecache.cache if file.startswith("<autograd ")]
def rooms():
    names = {name.split(".")[1] for name in sys.modules if name.startswith("autograd.")}
    return sorted(names & {"compiled", "drawing", "eager", "explaining", "extension", "page",
                           "testing", "transforms"})
print(rooms(), generated())
autograd.exp(1.0)
print(rooms(), generated())
autograd.grad(lambda x: x * x)(3.0)
print(rooms(), "tanh" in generated(), "drawing" in sys.modules)
"""
    assert printed(program).splitlines() == [
        "[] []",
        "['eager'] ['exp']",
        "['eager', 'transforms'] False False",
    ]


@pytest.mark.parametrize("name", sorted({*autograd.__all__, "compile", "abs", "sum"}))
def test_every_public_name_is_there_and_listed(name) -> None:
    assert name in dir(autograd)
    assert getattr(autograd, name) is getattr(autograd, name)
    assert vars(autograd)[name] is getattr(autograd, name)


def test_what_type_checkers_are_told_is_what_is_found() -> None:
    told = set()
    for statement in ast.parse(Path(autograd.__file__).read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            for line in statement.body:
                assert isinstance(line, ast.ImportFrom)
                assert line.module is not None
                home = line.module.removeprefix("autograd.")
                told |= {(alias.name, home) for alias in line.names if alias.name != "*"}
    found = {pair for pair in autograd._HOME_OF.items() if pair[1] != "functions"}
    assert told == found
    assert {name for name, home in autograd._HOME_OF.items() if home == "functions"} == set(
        functions.__all__
    )


def test_a_function_is_one_object_however_one_comes_to_it() -> None:
    program = """
import pickle, inspect, autograd
from autograd import Value, functions
method = Value.tanh                     # first as a method
assert method is autograd.tanh is functions.tanh
from autograd import sin                # first by `from`
assert sin is Value.sin is functions.sin
assert functions.sub is not Value.__sub__ and Value.__rsub__.__name__ == "__rsub__"
for function in (autograd.cos, autograd.logsumexp, autograd.leaky_relu):
    assert pickle.loads(pickle.dumps(function)) is function
    assert inspect.getsource(function).startswith(f"def {function.__name__}(")
print(inspect.signature(autograd.leaky_relu), inspect.signature(autograd.cross_entropy))
x = Value(2.0)
print((2.0 - x).data, (2.0 ** x).data, abs(-x).data, x.softplus().op)
"""
    signatures, numbers = printed(program).splitlines()
    assert signatures == "(x, slope=0.01) (logits, target)"
    assert numbers == "0.0 4.0 2.0 softplus"


def test_a_pickle_of_a_function_is_read_where_nothing_was_used_yet() -> None:
    program = "import pickle; print(pickle.loads(b'cautograd\\nexp\\n.')(0.0))"
    assert printed(program) == "1.0\n"


def test_help_shows_all_functions_and_methods() -> None:
    program = """
import pydoc, autograd, autograd.functions
print(pydoc.render_doc(autograd.functions, renderer=pydoc.plaintext))
print(pydoc.render_doc(autograd.Value, renderer=pydoc.plaintext))
"""
    text = printed(program)
    for name, operation in TABLE.items():
        if operation.is_function:
            assert f"\n    {name}(" in text
            assert operation.meaning in text
    assert " |  __rtruediv__(y, x)" in text
    assert "Promised" not in text.replace("class Promised", "")


def test_threads_that_look_a_function_up_at_once_get_the_same() -> None:
    program = """
import sys, threading, autograd
sys.setswitchinterval(1e-6)
names = [name for name in autograd.functions.__all__]
found = [[] for _ in range(8)]
barrier = threading.Barrier(8)
def look(mine):
    barrier.wait()
    for name in names:
        mine.append(getattr(autograd, name))
        mine.append(getattr(autograd.Value, "__add__"))
threads = [threading.Thread(target=look, args=(mine,)) for mine in found]
[t.start() for t in threads]; [t.join() for t in threads]
print(all(mine == found[0] for mine in found), len(found[0]) == 2 * len(names))
"""
    assert printed(program) == "True True\n"


def test_a_function_whose_making_was_interrupted_is_made_when_it_is_next_looked_up() -> None:
    program = """
import sys, autograd
from autograd import Value
def broken(frame, event, argument):
    if frame.f_code.co_name == "compiled":
        raise KeyboardInterrupt
    return broken
x = Value(2.0)
for use in (lambda: x + x, lambda: autograd.exp(1.0), lambda: x.sin()):
    sys.settrace(broken)
    try:
        use()
    except KeyboardInterrupt:
        print("interrupted", end=" ")
    finally:
        sys.settrace(None)
    print(use())
"""
    lines = printed(program).splitlines()
    assert [line.split()[0] for line in lines] == ["interrupted"] * 3
    assert lines[1] == "interrupted 2.718281828459045"


@pytest.mark.parametrize(
    "module", ["autograd", "autograd.functions", "autograd.transforms.vocabulary"]
)
def test_what_is_not_there_is_said(module) -> None:
    program = f"import importlib; importlib.import_module('{module}').nothing"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert f"AttributeError: module '{module}' has no attribute 'nothing'" in found.stderr
