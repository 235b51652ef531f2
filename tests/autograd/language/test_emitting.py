"""Generated functions: a user's name is that and nothing else, and each text is its own."""

import ast
import builtins
import gc
import inspect
import keyword
import linecache
import traceback
from unittest import mock

import hypothesis
import numpy as np
import pytest

import autograd
from autograd import Value, extension, gradients, operation
from autograd.compiled.large.sweep import Sweep
from autograd.eager import variadic
from autograd.language import emitting
from autograd.language.emitting import MARK, FunctionText, compiled
from autograd.testing import check_operation

QUICK = hypothesis.settings(max_examples=5, deadline=None, database=None)


def rules(x: str, y: str) -> dict:
    """Rows whose argument is called x and whose setting, or second group, is called y."""
    scope: dict = {}
    text = f"""
one = lambda m_, {x}: m_.log({x})
one_slope = lambda m_, {x}, y_: 1 / ({x} + 0.0)
two = lambda m_, {x}, {y}: {y} * m_.cbrt({x})
two_slope = lambda m_, {x}, {y}, y_: {y} / (3 * (m_.cbrt({x}) * m_.cbrt({x})))
many = lambda m_, {x}, {y}: {x}[0] * {y}[1] + m_.exp({x}[1]) * {y}[0]
many_slopes = lambda m_, {x}, {y}, y_: (
    [{y}[1], m_.exp({x}[1]) * {y}[0]], [m_.exp({x}[1]), {x}[0]])
"""
    exec(text, scope)
    return scope


@mock.patch.object(variadic, "OFTEN", 1)  # code for a number of operands is written at once
def exercise(x: str, y: str) -> None:
    """Rows with these names are right on numbers, Values, arrays, in programs and when checked."""
    rows = rules(x, y)
    inside = {"domain": [(0.1, 9.0)]}
    with added("hygienic_one", rows["one"], rows["one_slope"], **inside) as function:
        run(function, [1.5], [x])
        assert type(function(Value(0.0)).partials[0]) is float
        check_operation(function, settings=QUICK)
    with added(
        "hygienic_two", rows["two"], rows["two_slope"], settings=((y, 2.0),), **inside
    ) as function:
        run(function, [1.5], [x])
        assert function(**{x: 8.0, y: 3.0}) == function(8.0, 3.0) == 6.0
        assert type(function(Value(0.0)).partials[0]) is float
    with added("hygienic_many", rows["many"], rows["many_slopes"], groups=(x, y)) as function:
        run(function, [[0.3, 0.2], [1.0, 0.5]], [x, y])
        assert type(function([Value(0.0), Value(1e4)], [Value(0.0)] * 2).partials[0]) is float


class added:  # noqa: N801 - reads as a statement
    """A context in which an operation is there."""

    def __init__(self, *row, **more) -> None:
        self.row, self.more = row, more

    def __enter__(self):
        return operation(*self.row, **self.more)

    def __exit__(self, *_: object) -> None:
        extension.remove(self.row[0])


def run(function, arguments: list, names: list[str]) -> None:
    """One function in every back end."""

    def applied(*flat):
        entries = iter(flat)
        return function(
            *([next(entries) for _ in a] if type(a) is list else next(entries) for a in arguments)
        )

    flat = [x for a in arguments for x in (a if type(a) is list else [a])]
    value = applied(*flat)
    assert type(value) is float
    assert function(**dict(zip(names, arguments, strict=True))) == value
    nodes = [Value(x) for x in flat]
    for _ in range(2):  # the second time by code that the first has written
        node = applied(*nodes)
        assert (node.data, node.parents) == (value, tuple(nodes))
    slopes = gradients(node, nodes)
    assert [slope.data for slope in gradients(node, nodes, create_graph=True)] == slopes
    program = autograd.compile(applied, len(flat))
    assert program(*flat) == Sweep(program._tape)(*flat) == (value, tuple(slopes))
    values, _ = program(*(np.full(3, x) for x in flat))
    assert values == pytest.approx([value] * 3, rel=1e-14)
    assert float(program.on(np)(*flat)[0]) == pytest.approx(value, rel=1e-14)


def words() -> list[str]:
    """The names that the texts of all of these use, and Python's builtins."""
    names = {name for name in dir(builtins) if not name.startswith("__")} | {"m"}
    ordinary = emitting.compiled

    def watching(text, name, namespace):
        nodes = ast.walk(ast.parse(text))
        names.update(getattr(n, "id", None) or getattr(n, "arg", "") or "x" for n in nodes)
        return ordinary(text, name, namespace)

    emitting.compiled = watching
    try:
        exercise("first", "second")
    finally:
        emitting.compiled = ordinary
    return sorted(n for n in names if n.isidentifier() and not keyword.iskeyword(n))


WORDS = words()


def test_the_words_are_those_of_the_texts() -> None:
    assert {"value", "t1", "node", "new", "number", "guard", "math", "floats"} <= set(WORDS)
    assert {"Value", "record", "isinstance", "bodies", "operands", "_", "first_data"} <= set(WORDS)


@pytest.mark.parametrize("part", range(10))
def test_an_argument_may_have_any_name(part: int) -> None:
    for word in WORDS[part::10]:
        exercise(word, f"{word}_data")
        exercise(f"d_{word}", word)


def test_a_row_of_any_name_is_that_row() -> None:
    """The function's own name hides nothing that its text speaks of."""
    for word in WORDS:
        if hasattr(autograd, word) or hasattr(Value, word) or word in dir(autograd.functions):
            continue
        with added(word, lambda m, x: m.exp(x) * m.cbrt(x), lambda m, x, y: y) as function:
            node = function(Value(0.5))
            assert (node.op, node.data) == (word, function(0.5))
            assert type(function(Value(1e4)).data) is float


# --- Texts ----------------------------------------------------------------------------------------


def generated() -> set[str]:
    """The files of generated texts that Python knows, once another text was made."""
    gc.collect()
    another = compiled("def another():\n    pass\n", "another", {})
    files = {file for file in linecache.cache if file.startswith(MARK)}
    return files - {another.__code__.co_filename}


def test_each_source_is_found_as_long_as_its_function_is_there() -> None:
    before = generated()
    functions = [compiled(f"def f():\n    return {i}\n", "f", {}) for i in range(3)]
    assert len(generated() - before) == 3
    for i, function in enumerate(functions):
        assert inspect.getsource(function) == f"def f():\n    return {i}\n"
    del functions, function
    assert generated() == before


def test_code_that_is_freed_takes_no_text_from_who_goes_through_the_texts() -> None:
    function = compiled("def f():\n    return 1\n", "f", {})
    file = function.__code__.co_filename
    names = list(linecache.cache)  # as `linecache.checkcache` begins
    del function
    gc.collect()
    assert all(name in linecache.cache for name in names)
    compiled("def g():\n    return 1\n", "g", {})
    assert file not in linecache.cache


def test_a_traceback_shows_the_program_that_raised() -> None:
    one = autograd.compile(lambda x: 1 / x).function
    two = autograd.compile(lambda x: autograd.log(x)).function
    assert "log" in inspect.getsource(two)
    assert "log" not in inspect.getsource(one)
    with pytest.raises(ZeroDivisionError) as error:
        one(0.0)
    assert "1.0 / x" in "".join(traceback.format_exception(error.value))


def test_dropped_programs_leave_no_text() -> None:
    before = generated()
    x = Value(0.5)
    for i in range(10_000):
        program = autograd.compile(x * float(i) if i % 100 else autograd.log(x), [x])
        program(0.0)
        if i % 500 == 0:
            program(np.zeros(3))
    assert len(generated()) > len(before)
    del program
    assert generated() == before


def test_a_removed_operation_leaves_no_text() -> None:
    exercise("first", "second")
    before = generated()
    for _ in range(3):
        exercise("first", "second")
    assert len(generated()) == len(before)


def test_a_name_is_given_once() -> None:
    text = FunctionText("f", ["x", "len"], taken=["y"])
    assert [text.variable(stem) for stem in ("x", "x", "y", "z", "f")] == [
        "x_",
        "x__",
        "y_",
        "z",
        "f_",
    ]
    assert text.use(len) == text.use(len) == "len_"
    text.lines.append(f"return {text.use(len)}(len) + x")
    assert text.compiled()(1, "ab") == 3
