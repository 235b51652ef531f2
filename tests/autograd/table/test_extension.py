"""A user's own operation: works like a built-in one, or is refused and leaves nothing behind."""

import copy
import math
import pickle
import re

import numpy as np
import pytest

import autograd
from autograd import Value, extension, gradients, operation
from autograd.operators import Operators
from autograd.table import TABLE


@pytest.fixture
def swish():
    yield operation(
        "swish",
        lambda m, x, beta: x / (1 + m.exp(-beta * x)),
        lambda m, x, beta, y: (y / x) * (1 + beta * (x - y)),
        "x · sigmoid(beta · x)",
        settings=(("beta", 1.0),),
        convention="at 0 the derivative is nan",
    )
    extension.remove("swish")


def test_works_like_a_built_in_one(swish) -> None:
    x = Value(1.5, "x")
    node = swish(x, beta=2.0)
    assert node.op == "swish"
    assert node.data == swish(1.5, 2.0) == x.swish(2.0).data == autograd.swish(1.5, 2.0)
    step = 1e-6
    slope = (swish(1.5 + step, 2.0) - swish(1.5 - step, 2.0)) / (2 * step)
    assert gradients(node * 3, [x]) == pytest.approx([3 * slope], rel=1e-8)
    assert "swish" in autograd.draw(node).source
    assert "sigmoid(beta · x)" in swish.__doc__
    for twin in (copy.deepcopy(node), pickle.loads(pickle.dumps(node))):
        assert (twin.data, twin.partials) == (node.data, node.partials)


def test_removed_it_is_gone() -> None:
    operation("cube", lambda m, x: x * x * x, lambda m, x, y: 3 * (x * x))
    extension.remove("cube")
    assert "cube" not in TABLE
    assert not hasattr(Value, "cube")
    assert not hasattr(autograd, "cube")
    with pytest.raises(LookupError, match="no operation named 'cube' was added"):
        extension.remove("cube")
    with pytest.raises(LookupError, match="no operation named 'exp' was added"):
        extension.remove("exp")


def one(m, x):
    return x * x


def slope(m, x, y):
    return 2 * x


@pytest.mark.parametrize(
    ("arguments", "more", "kind", "message"),
    [
        (("exp", one, slope), {}, ValueError, "autograd has a 'exp' already; choose another"),
        (("draw", one, slope), {}, ValueError, "autograd has a 'draw' already"),
        (("data", one, slope), {}, ValueError, "Value has a 'data' already; choose another name"),
        (("odd", one, slope), {"aliases": ("exp",)}, ValueError, "Value has a 'exp' already"),
        (("2x", one, slope), {}, ValueError, "operation: '2x' is no name for a function"),
        (("lambda", one, slope), {}, ValueError, "operation: 'lambda' is no name for a function"),
        ((None, one, slope), {}, ValueError, "operation: None is no name for a function"),
        (("odd", 3, slope), {}, TypeError, "operation 'odd': value is 3; give a function of"),
        (("odd", one, None), {}, TypeError, "operation 'odd': partials is None; give a function"),
        (("odd", one, slope), {"colour": 1}, TypeError, "a row has no field colour"),
        (("odd", one, slope), {"symbol": "+"}, TypeError, "a row has no field symbol"),
        (
            ("odd", lambda m, x: x if x > 0 else -x, slope),
            {},
            ValueError,
            "its rules cannot be read: a rule cannot branch with `if`",
        ),
        (
            ("odd", lambda m, x: m.gamma(x), slope),
            {},
            ValueError,
            "its rules cannot be read: rules have no function or constant 'gamma'; they have abs",
        ),
        (("odd", one, one), {}, ValueError, "its rules cannot be read"),
        (
            ("odd", lambda m, x, y: x * y, lambda m, x, y, z: y),
            {},
            ValueError,
            "partials gives 1 derivatives for 2 arguments; give one for each",
        ),
        (
            ("odd", lambda m, x, y, z: x, lambda m, x, y, z, v: (1.0, 0.0, 0.0)),
            {},
            ValueError,
            "value takes 3 arguments after m, but one or two are possible; for more give groups=",
        ),
        (
            ("odd", lambda m, x, y: x * y, lambda m, x, y, z: (y, x)),
            {"domain": [(0, 1)]},
            ValueError,
            "1 intervals in domain for 2 arguments",
        ),
        (
            ("odd", lambda m, xs, b: xs[0], lambda m, xs, b, y: ([1.0], [0.0])),
            {"groups": ("xs", "b"), "single": ("b",)},
            ValueError,
            "at most one group is single, the last of three or more",
        ),
        (
            ("odd", lambda m, xs: xs[0], lambda m, xs, y: ([1.0, 0.0],)),
            {"groups": ("x s",)},
            ValueError,
            "operation 'odd': a group is named 'x s', which is no name in Python; give",
        ),
        (
            ("odd", lambda m, xs: xs[0], lambda m, xs, y: ([1.0, 0.0],)),
            {"groups": ("lambda",)},
            ValueError,
            "operation 'odd': a group is named 'lambda', which is no name in Python",
        ),
        (
            ("odd", lambda m, xs, ys: xs[0], lambda m, xs, ys, y: ([1.0, 0.0], [0.0, 0.0])),
            {"groups": ("ﬁt", "fit")},
            ValueError,
            "operation 'odd': a group is named 'fit', and so is another; give each a name",
        ),
        (
            ("odd", lambda m, x, k: x, lambda m, x, k, y: 1.0),
            {"settings": (("x", 1.0),)},
            ValueError,
            "operation 'odd': an argument is named 'x', and so is another",
        ),
        (
            ("odd", lambda m, x, k: x, lambda m, x, k, y: 1.0),
            {"settings": ((2, 1.0),)},
            ValueError,
            "operation 'odd': a setting is named 2, which is no name in Python",
        ),
        (("ｅxp", one, slope), {}, ValueError, "autograd has a 'exp' already; choose another"),
        (
            ("__del__", one, slope),
            {},
            ValueError,
            "Python itself calls methods that are named like",
        ),
        (("__debug__", one, slope), {}, ValueError, "'__debug__' is no name for a function"),
        (("odd", one, slope), {"aliases": ("__len__",)}, ValueError, "'__len__'; choose another"),
        (("odd", one, slope), {"aliases": ("odd",)}, ValueError, "give each other name once"),
        (("odd", one, slope), {"aliases": ("ﬁt", "fit")}, ValueError, "give each other name once"),
        (("odd", one, slope), {"aliases": (3,)}, ValueError, "3 in aliases is no name for a meth"),
        (("odd", one, slope), {"aliases": ("a b",)}, ValueError, "'a b' in aliases is no name"),
        (
            ("odd", one, slope),
            {"aliases": "ab"},
            ValueError,
            "operation 'odd': aliases is 'ab'; give a list, as in ['ab']",
        ),
        (("odd", one, slope), {"groups": 5}, ValueError, "groups is 5; give a list, as in [5]"),
        (("odd", one, slope), {"settings": ("k",)}, ValueError, "settings has 'k'; give pairs of"),
        (
            ("odd", one, slope),
            {"domain": 5},
            ValueError,
            "operation 'odd': domain is 5; give an interval for each argument, as in [(0, inf)]",
        ),
        (("odd", one, slope), {"domain": [("a", 1)]}, ValueError, "domain is [('a', 1)]; give an"),
        (
            ("odd", lambda m, x, k: x, lambda m, x, k, y: 1.0),
            {"settings": (("k", "2"),)},
            ValueError,
            "operation 'odd': the default of k: expected a real number, got the text '2'",
        ),
        (
            ("odd", lambda m, xs, k: xs[0], lambda m, xs, k, y: ([1.0, 0.0],)),
            {"groups": ("xs",), "settings": (("k", 2.0),)},
            ValueError,
            "operation 'odd': the default of k: expected an integer, got 2.0",
        ),
        (
            ("odd", lambda m, x: m.where(x < 0, x > -1, 1.0), lambda m, x, y: 0.0),
            {},
            ValueError,
            "operation 'odd': value gives a condition and no number; write m.where(condition, 1.0",
        ),
        (
            ("odd", lambda m, x: m.abs(x), lambda m, x, y: x > 0),
            {},
            ValueError,
            "operation 'odd': partials gives a condition and no number",
        ),
    ],
)
def test_a_bad_row_is_refused_and_leaves_nothing(arguments, more, kind, message) -> None:
    before = dict(TABLE), set(vars(Operators)), set(dir(autograd))
    with pytest.raises(kind, match=re.escape(message)):
        operation(*arguments, **more)
    assert (dict(TABLE), set(vars(Operators)), set(dir(autograd))) == before


@pytest.mark.parametrize("name", ["ﬁx", "ｆoo", "µ"])
def test_a_name_is_what_python_reads(name) -> None:
    """Python reads a ligature in source as its letters, and so finds the operation."""
    function = operation(name, one, slope, aliases=[f"{name}_too"])
    try:
        assert eval(f"autograd.{name}(3.0)") == eval(f"Value(3.0).{name}_too().data") == 9.0
        assert pickle.loads(pickle.dumps(function(Value(3.0)))).partials == (6.0,)
    finally:
        extension.remove(name)
    assert not hasattr(Value, function.__name__)


@pytest.mark.parametrize("default", [math.inf, -math.inf, math.nan, -2, np.float64(0.5)])
def test_a_default_may_be_any_number(default) -> None:
    function = operation(
        "capped",
        lambda m, x, high: m.where(x > high, high, x),
        lambda m, x, high, y: m.where(x > high, 0.0, 1.0),
        settings=[("high", default)],
    )
    try:
        expected = float(default) if default < 3.0 else 3.0
        assert function(3.0) == function(Value(3.0)).data == expected
        assert repr(function(3.0, default)) == repr(expected)
    finally:
        extension.remove("capped")


def test_a_setting_of_several_operands_may_be_negative() -> None:
    function = operation(
        "shifted",
        lambda m, xs, k: xs[0] + k,
        lambda m, xs, k, y: ([1.0] + [0.0] * (len(xs) - 1),),
        groups=["xs"],
        settings=[("k", -3)],
    )
    try:
        x = [Value(1.0), Value(2.0)]
        assert function(x).data == function(x).data == -2.0
        assert autograd.compile(function(x, -1), x)(5.0, 0.0) == (4.0, (1.0, 0.0))
    finally:
        extension.remove("shifted")


def test_a_pickled_program_has_the_rows_of_today() -> None:
    """A program that was read once is not what its text means after the row has changed."""
    try:
        operation("power", lambda m, x: x * x, lambda m, x, y: 2 * x)
        pickled = pickle.dumps(autograd.compile(lambda x: autograd.power(x)))
        assert pickle.loads(pickled)(3.0) == (9.0, (6.0,))
        assert pickle.loads(pickled) is pickle.loads(pickled)
        extension.remove("power")
        with pytest.raises(ValueError, match="no operation named 'power' is registered"):
            pickle.loads(pickled)
        operation("power", lambda m, x: x * x * x, lambda m, x, y: 3 * (x * x))
        assert pickle.loads(pickled)(3.0) == (27.0, (27.0,))
    finally:
        extension.remove("power")
