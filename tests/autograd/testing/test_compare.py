"""`compare`: a function here and on other libraries, and the node at which they begin to differ."""

import importlib.util
import math
import re

import pytest
from hypothesis import given, settings

import autograd
from autograd import (
    abs,
    atan2,
    clip,
    cos,
    elu,
    exp,
    expm1,
    gelu,
    hypot,
    leaky_relu,
    log,
    logsumexp,
    prod,
    sigmoid,
    sin,
    sinc,
    softplus,
    sqrt,
    tanh,
    where,
)
from autograd.testing import compare, known, peers
from tests.conventions import data
from tests.programs import ENGINE, programs

INSTALLED = [name for name in peers.PEERS if importlib.util.find_spec(name)]


# --- One known disagreement each ------------------------------------------------------------------

PROGRAMS = [
    # library, function, point, node, row
    ("jax", lambda x, y: abs(x) * 3 + cos(y), [0.0, 1.0], "v1 = abs(x = 0)", "abs-at-0"),
    ("jax", lambda x, y: exp(y) * leaky_relu(x), [0.0, 1.0], "v2 = leaky_relu(x = 0, 0.01)",
     "leaky-relu-at-0"),
    ("torch", lambda x: sin(clip(2 * x, -1.0, 1.0)), [0.5], "v2 = clip(v1 = 1, -1.0, 1.0)",
     "clip-at-high"),
    ("jax", lambda x, y: y * clip(x, -1.0, 1.0) + x, [-1.0, 3.0], "v1 = clip(x = -1, -1.0, 1.0)",
     "clip-at-low"),
    ("jax", lambda x, y: 2 * hypot(x, y) + x, [0.0, 0.0], "v1 = hypot(x = 0, y = 0)",
     "hypot-at-origin"),
    ("torch", lambda x, y: hypot(x - 1, y - 2) ** 2 + x, [1.0, 2.0], "v3 = hypot(v1 = 0, v2 = 0)",
     "hypot-at-origin"),
    ("torch", lambda x, y: atan2(y, x) + x, [0.0, 0.0], "v1 = atan2(y = 0, x = 0)",
     "atan2-at-origin"),
    ("torch", lambda x, y: atan2(y, x) * 2, [1e-200, 1e-200], "v1 = atan2(y = 1e-200, x = 1e-200)",
     "atan2-tiny"),
    ("jax", lambda x, y: x**0.0 + y, [0.0, 1.0], "v1 = pow(x = 0, 0)", "power-0-float-at-0"),
    ("jax", lambda x, y: 2 * x**y, [0.0, 0.0], "v1 = pow(x = 0, y = 0)", "power-at-0-0"),
    ("torch", lambda x, y, z: prod([x, y, z]) + x, [1e-200, 1e-200, 1e200],
     "v1 = prod(x = 1e-200, y = 1e-200, z = 1e+200)", "prod-underflow"),
    ("torch", lambda x: tanh(2 * x) * 5, [10.0], "v2 = tanh(v1 = 20)", "tanh-at-20"),
    ("jax", lambda x, y: sigmoid(x) * y, [40.0, 0.0], "v1 = sigmoid(x = 40)", "sigmoid-second"),
    ("jax", lambda x: gelu(x) + 1, [1.0], "v1 = gelu(x = 1)", "gelu-at-1"),
    ("jax", lambda x: exp(elu(x)), [-40.0], "v1 = elu(x = -40)", "elu-at-minus-40"),
    ("torch", lambda x: 3 * expm1(x), [-40.0], "v1 = expm1(x = -40)", "expm1-tail"),
    ("torch", lambda x, y: x + log(y), [1.0, -1.0], "v1 = log(y = -1)", "log-outside"),
    ("torch", lambda x: where(x > 0, sqrt(x), 2 * x) + sin(x), [0.0], "v2 = sqrt(x = 0)",
     "where-sqrt"),
    ("jax", lambda x: where(x > 0, sqrt(x), -x) + sin(x), [-1.0], "v2 = sqrt(x = -1)",
     "where-nan-value"),
    ("torch", lambda x: exp(abs(x) ** 2), [0.0], "v1 = abs(x = 0)", "abs-squared-second"),
    ("jax", lambda x, y: x**1.0 * y, [0.0, 1.0], "v1 = pow(x = 0, 1)", "power-1-second"),
    ("torch", lambda x, y: x**y + y, [0.0, 2.0], "v1 = pow(x = 0, y = 2)", "power-both-second"),
    ("jax", lambda x, y: 2 * hypot(x, y), [1.5, -1.5], "v1 = hypot(x = 1.5, y = -1.5)",
     "hypot-tie-second"),
    ("torch", lambda x: sinc(2 * x), [0.0], "v2 = sinc(v1 = 0)", "sinc-second"),
    ("torch", lambda x: 2 * elu(x), [0.0], "v1 = elu(x = 0)", "elu-second"),
    ("torch", lambda x, y: logsumexp([x, y]) + y, [math.inf, 0.0], "v1 = logsumexp(x = inf, y = 0)",
     "logsumexp-inf"),
    ("torch", lambda x: softplus(x) * 2, [25.0], "v1 = softplus(x = 25)", "softplus-second"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("library", "function", "point", "node", "row"),
    PROGRAMS,
    ids=[f"{library}-{row}" for library, _, _, _, row in PROGRAMS],
)
def test_a_known_disagreement_is_found_with_its_node_and_row(
    library, function, point, node, row
) -> None:
    pytest.importorskip(library)
    report = compare(function, point, with_=[library])
    assert not report.agrees
    assert {(d.node, d.row) for d in report.disagreements} == {(node, row)}, str(report)


def test_there_are_at_least_twenty_of_them() -> None:
    assert len(PROGRAMS) >= 20
    assert len({row for *_, row in PROGRAMS}) >= 20


# --- No disagreement ------------------------------------------------------------------------------

TAILS = {"tanh": 8.0, "sigmoid": 12.0, "softplus": 12.0, "logsigmoid": 12.0, "erf": 4.0,
         "erfc": 4.0, "elu": 14.0, "expm1": 14.0, "silu": 12.0}  # fmt: skip


def has_known_disagreement(program) -> bool:
    """Whether it is far in a tail, JAX means another or sees a tie, or torch has no derivative."""
    numbers = [autograd.Value(x) for x in program.inputs]
    values = [math.fabs(x.data) for x in program.run(ENGINE, numbers)]
    for step in program.steps:
        operands = [values[i] for group in step.groups for i in group]
        tie = step.name == "hypot" and operands[0] == operands[1]
        if (
            step.name in ("gelu", "floordiv")
            or tie
            or max(operands) > TAILS.get(step.name, math.inf)
        ):
            return True
    return False


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_random_graphs_without_a_disagreement_have_none(library) -> None:
    pytest.importorskip(library)
    compared = []

    @settings(max_examples=200, derandomize=True, deadline=None, database=None)
    @given(programs(max_steps=10).filter(lambda p: not has_known_disagreement(p)))
    def agree(program) -> None:
        report = compare(
            lambda *xs: program.run(ENGINE, xs)[-1], list(program.inputs), with_=[library]
        )
        assert report.agrees, f"{program}\n{report}"
        compared.append(program)

    agree()
    assert len(compared) >= 200


# --- What is said ---------------------------------------------------------------------------------


def test_the_report_names_what_differs_once_and_its_place() -> None:
    pytest.importorskip("torch")
    version = peers.Torch().version
    report = compare(lambda x, y: hypot(x, y) + x, [0.0, 0.0], with_="torch")
    assert str(report) == repr(report) == (
        f"<lambda> and torch {version}: differs\n"
        "  the gradient by x is 1.0 here, nan there\n"
        "  the gradient by y is 0.0 here, nan there\n"
        "    first at v1 = hypot(x = 0, y = 0): its derivatives: 0, 0 here, nan, nan in torch\n"
        "    see docs/conventions.md#hypot-at-origin"
    )  # fmt: skip
    assert str(compare(lambda x: x * x, 2.0, with_="torch")) == (
        f"<lambda> and torch {version}: value, gradient and second derivatives agree"
    )


def test_a_function_of_the_engine_alone_runs_by_its_formula() -> None:
    """torch has no cube root and no mean squared error of pairs of scalars."""
    pytest.importorskip("torch")
    assert compare(lambda x, y: autograd.cbrt(x) + autograd.mse([x, y], [1.0, 2.0]), [8.0, 3.0],
                   with_=["torch"]).agrees  # fmt: skip


def test_what_stops_a_gradient_here_stops_it_there() -> None:
    assert not INSTALLED or compare(lambda x: autograd.stop_gradient(x) * x, 2.0, INSTALLED).agrees


def test_rows_are_those_of_the_page_and_operations_those_of_the_table() -> None:
    anchors = {point["id"] for point in data.points()}
    composed = {known.UNTAKEN, known.UNTAKEN_NAN, known.TIMES_ZERO, known.SQUARED_NORM}
    assert {row.name for row in known.ROWS} | composed <= anchors
    assert {row.operation for row in known.ROWS} <= set(autograd.table.TABLE)


# --- Bad input ------------------------------------------------------------------------------------


def test_a_library_that_is_not_there_is_named_and_the_rest_compared(monkeypatch) -> None:
    class Absent(peers.Torch):
        places = ("no_such_library",)

    monkeypatch.setitem(peers.PEERS, "absent", Absent)
    report = compare(lambda x: x * x, 2.0, with_=["abacus", "absent", *INSTALLED])
    assert report.left_out == {
        "abacus": "is not known; torch and jax and absent are",
        "absent": "is not installed (No module named 'no_such_library')",
    }
    assert list(report.compared) == INSTALLED
    assert report.agrees == bool(INSTALLED)  # nothing compared is no agreement
    assert "absent is not installed" in str(report)


def test_a_library_that_is_too_old_or_cannot_run_it_is_named(monkeypatch) -> None:
    pytest.importorskip("torch")

    class Old(peers.Torch):
        least = (99, 1)

    class Broken(peers.Torch):
        def node(self, entry):
            raise TypeError("on: torch has no function 'sin', which the program needs")

    monkeypatch.setitem(peers.PEERS, "old", Old)
    monkeypatch.setitem(peers.PEERS, "broken", Broken)
    report = compare(autograd.sin, [0.5], with_=["old", "broken", "torch"])
    assert re.fullmatch(r"is too old: [\d.]+; 99.1 or newer is compared", report.left_out["old"])
    assert report.left_out["broken"] == (
        "cannot run it: TypeError: on: torch has no function 'sin', which the program needs"
    )
    assert report.agrees


class Counting:
    """A function that computes something else each time."""

    calls = 0

    def __call__(self, x):
        self.calls += 1
        return x * self.calls


def test_an_operation_that_a_library_does_not_differentiate_is_named() -> None:
    pytest.importorskip("torch")
    report = compare(lambda x: x // 2.0 + x, 3.0, with_=["torch"])
    assert report.left_out["torch"] == (
        "cannot run it: RuntimeError: derivative for aten::floor_divide is not implemented"
    )
    assert not report.agrees


@pytest.mark.parametrize(
    ("function", "point", "error", "said"),
    [
        (lambda x: x if x > 0 else -x, 1.0, TypeError, "it cannot branch with `if`"),
        (lambda x: x * x.data, 2.0, TypeError, "its .data cannot be read"),
        (lambda x: x * float(x), 2.0, TypeError, "is not turned into a plain number"),
        (Counting(), 2.0, ValueError,
         "leaves the graph: what is recorded for every input gives 2.0 at the point, the function "
         "itself 4.0; it has to compute the same each time, by operations on Values alone"),
        (lambda x: [x, x], 2.0, TypeError, "returns several results; give a function of one"),
        (lambda x: 3.0, 2.0, TypeError, "to be a Value or a list of Values"),
        (lambda x: x, "2", TypeError, "expected a number or a list of numbers as the point"),
        (lambda x: x, [None], TypeError, "got None in it"),
    ],
)  # fmt: skip
def test_functions_and_points_that_cannot_be_compared(function, point, error, said) -> None:
    with pytest.raises(error, match=re.escape(said)):
        compare(function, point, with_=[])
