"""A user's own operation: works like a built-in one, or is refused and leaves nothing behind."""

import copy
import pickle
import re

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
    ],
)
def test_a_bad_row_is_refused_and_leaves_nothing(arguments, more, kind, message) -> None:
    before = dict(TABLE), set(vars(Operators)), set(vars(autograd))
    with pytest.raises(kind, match=re.escape(message)):
        operation(*arguments, **more)
    assert (dict(TABLE), set(vars(Operators)), set(vars(autograd))) == before
