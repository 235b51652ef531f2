"""`gradient_property`, `check_operation` and the strategies."""

import dataclasses
import re
import subprocess
import sys
import unittest
from functools import reduce
from operator import add
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, find, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, extension, operation, tanh
from autograd.eager import function_of
from autograd.graph.order import topological_order
from autograd.table import TABLE, Interval
from autograd.testing import (
    Expression,
    GradientError,
    OperationError,
    check_gradient,
    check_operation,
    expressions,
    floats_in,
    gradient_property,
    gradient_report,
    networks,
    values,
)
from autograd.testing.strategies import operands

ROOT = Path(__file__).parent.parent.parent.parent
LATE = function_of(
    dataclasses.replace(TABLE["neg"], partials=lambda m, x, y: m.where(x >= 3, 1.0, -1.0)), Value
)


# --- The decorator --------------------------------------------------------------------------------


@gradient_property(floats_in((-3, 3)), values((0.1, 2)))
def test_a_right_function(x, y):
    return tanh(x * y) / y


class TestUnderUnittest(unittest.TestCase):
    @gradient_property(floats_in((-3, 3)))
    def test_a_method(self, x):
        assert isinstance(self, unittest.TestCase)
        return tanh(x)

    @settings(max_examples=5)
    @example(x=0.25)
    @gradient_property(floats_in((-3, 3)))
    def test_takes_settings_and_examples(self, x):
        return tanh(x)


def test_a_late_fault_shrinks_to_where_it_begins() -> None:
    @gradient_property(floats_in((-10, 10)))
    def late(x):
        return LATE(x) * 2

    with pytest.raises(GradientError) as caught:
        late()
    (partial,) = caught.value.report.partials
    assert partial.at == 3.0
    assert caught.value.report.blame[0].operation == "neg"
    reproduce = r"reproduce: check_gradient\(.*late\.function, 3\.0\)$"
    assert re.search(reproduce, str(caught.value))
    with pytest.raises(GradientError):
        check_gradient(late.function, 3.0)


def test_a_claim_is_checked_everywhere() -> None:
    @gradient_property(floats_in((-10, 10)), claimed=lambda x: 2 * x if x < 3 else 2.0)
    def square(x):
        return x * x

    with pytest.raises(GradientError, match=r"square at \(3\.0\): wrong"):
        square()


def test_lists_are_drawn_as_points() -> None:
    @gradient_property(st.lists(floats_in((-2, 2)), min_size=1, max_size=4))
    def energy(xs):
        return autograd.sum([x * x for x in xs])

    energy()


def test_as_many_strategies_as_arguments() -> None:
    message = "gradient_property: 1 strategies for the 3 arguments of three; give one for each"
    with pytest.raises(TypeError, match=message):

        @gradient_property(floats_in())
        def three(x, y, z):
            return x


# --- Strategies -----------------------------------------------------------------------------------


@given(st.floats(-50, 50), st.floats(0, 50), st.data())
def test_floats_stay_in_their_domain(low, width, data) -> None:
    domain = Interval(low, low + width)
    assert data.draw(floats_in(domain)) in domain
    assert data.draw(values((low, low + width))).data in domain


@pytest.mark.parametrize("wanted", [0.0, 5e-324, -5e-324, 1.0, 2.5, 1e-7])
def test_floats_are_drawn_at_and_next_to_kinks(wanted) -> None:
    assert find(floats_in(near=(0.0, 1.0, 2.5)), lambda x: x == wanted) == wanted


@settings(max_examples=200)
@given(operands(TABLE["prod"]))
def test_operands_of_many_have_no_subnormal_products(drawn) -> None:
    """81 · 5e-324 has two digits: what is multiplied by that is no fault of the operation."""
    numbers, _ = drawn
    for start in range(len(numbers)):
        product = 1.0
        for number in numbers[start:]:
            product *= abs(number)
            assert number == 0 or product >= sys.float_info.min or 0 in numbers


@given(expressions(max_nodes=60))
def test_expressions_are_right_and_inside_every_domain(expression: Expression) -> None:
    leaves, output = expression.recorded()
    assert [leaf.data for leaf in leaves] == list(expression.point)
    for node in topological_order([output]):
        assert all(abs(x) <= 1e6 for x in (node.data, *node.partials))
        if not node.is_leaf and not TABLE[node.op].groups:
            operands = [x.data if isinstance(x, Value) else x for x in node.operands]
            for x, interval in zip(operands, TABLE[node.op].domain, strict=False):
                assert x in interval
    assert expression(*expression.point) == output.data
    if output.is_leaf:
        return
    report = gradient_report(expression, *expression.point)
    # min(|x|, x) is x, which at 0 is known from all of the function only, and not edge by edge.
    assert report.verdict == "right" or "kinks that cancel" in str(report), report


def shares_a_node(expression: Expression) -> bool:
    _, output = expression.recorded()
    parents = [p for node in topological_order([output]) for p in node.parents if not p.is_leaf]
    return len(parents) > len(set(parents))


@pytest.mark.parametrize(
    "wanted",
    [
        shares_a_node,
        lambda e: len(e.steps) > 15,
        lambda e: any(step.operation.name == "relu" and e.point[0] == 0 for step in e.steps),
    ],
    ids=["shared nodes", "many nodes", "kinks"],
)
def test_expressions_have_variety(wanted) -> None:
    only_look = settings(max_examples=5000, phases=[Phase.generate])
    assert wanted(find(expressions(), wanted, settings=only_look))


@given(expressions(operations=["tanh", autograd.exp, TABLE["mul"]], max_nodes=10))
def test_expressions_of_some_operations(expression: Expression) -> None:
    assert {step.operation.name for step in expression.steps} <= {"tanh", "exp", "mul"}
    assert len(expression.steps) <= 10


def test_expressions_can_be_read() -> None:
    found = find(
        expressions(operations=["mul"], max_nodes=2), lambda e: len(e.steps) == 2,
        settings=settings(max_examples=2000, phases=[Phase.generate]),
    )  # fmt: skip
    assert re.fullmatch(
        r"Expression\(x1 = .*; x2 = .*; t1 = mul\(\w+, \w+\); t2 = mul\(\w+, \w+\)\)", repr(found)
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(networks(), st.data())
def test_networks_are_checked_by_their_parameters(model, data) -> None:
    count = model.layers[0].n_inputs
    x = data.draw(st.lists(floats_in((-2, 2)), min_size=count, max_size=count))

    def loss():
        outputs = model(x)
        return autograd.half_sse(
            outputs, [0.5] * len(outputs) if isinstance(outputs, list) else 0.5
        )

    check_gradient(loss, parameters=model.parameters())


# --- A user's own operation -----------------------------------------------------------------------


@pytest.fixture
def registered():
    names = []

    def register(name, *rest, **more):
        names.append(name)
        return operation(name, *rest, **more)

    yield register
    for name in names:
        extension.remove(name)


def test_a_right_operation_passes(registered) -> None:
    cube = registered("cube", lambda m, x: x * x * x, lambda m, x, y: 3 * (x * x), "x³")
    check_operation(cube)
    check_operation("cube")
    check_operation(TABLE["cube"], settings=settings(max_examples=10, deadline=None))


def test_a_variadic_operation_passes(registered) -> None:
    registered(
        "weigh",
        lambda m, weights, inputs, bias: reduce(
            add, [*(w * x for w, x in zip(weights, inputs, strict=True)), *bias]
        ),
        lambda m, weights, inputs, bias, y: (inputs, weights, [1.0] * len(bias)),
        groups=("weights", "inputs", "bias"),
        single=("bias",),
    )
    check_operation("weigh")


@pytest.mark.parametrize(
    ("rules", "more", "message"),
    [
        (
            (lambda m, x: x * x, lambda m, x, y: 2.0 * x * (1 + 1e-6)),
            {},
            "odd(1.0): the local derivative by x is 2.000002, but should be 2.0",
        ),
        (
            (lambda m, x: x * x, lambda m, x, y: m.where(x >= 3, x, 2 * x)),
            {},
            "odd(3.0): the local derivative by x is 3.0, but should be 6.0",
        ),
        (
            (lambda m, x: m.tanh(x), lambda m, x, y: 1 - y * y),
            {},
            "the local derivative by x is ",
        ),
        (
            (lambda m, x: m.log(x), lambda m, x, y: 1 / m.abs(x)),
            {},
            "nan inside of its domain",
        ),
        (
            (lambda m, x: m.where(x > 0, x, 0.0), lambda m, x, y: m.where(x > 0, 1.0, 0.0)),
            {},
            "odd(0.0): there is a kink here; say in `convention` what is taken",
        ),
        (
            (lambda m, x: m.where(x > 0, x, 0.0), lambda m, x, y: m.where(x >= 0, 1.5, 0.0)),
            {"convention": "at 0 the derivative is wrong"},
            "the local derivative by x is 1.5, but should be between 0 and 1",
        ),
        (
            (lambda m, x, y: x * y, lambda m, x, y, z: (x, y)),
            {},
            "the local derivative by x is 0.0, but should be 1.0",
        ),
    ],
)
def test_a_wrong_operation_is_shown_at_its_simplest(registered, rules, more, message) -> None:
    registered("odd", *rules, **more)
    with pytest.raises(OperationError, match=re.escape(message)):
        check_operation("odd")


def test_an_unknown_operation() -> None:
    with pytest.raises(LookupError, match="no operation named 'nosuch' is registered"):
        check_operation("nosuch")


# --- Without Hypothesis ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "used", "printed"),
    [
        ("hypothesis", "check_gradient(lambda x: x * x, 3.0).verdict", "right"),
        ("mpmath", "check_gradient(lambda x: x * x, 3.0).verdict", "right"),
        ("hypothesis", "values()", "values needs hypothesis: pip install hypothesis mpmath"),
        ("hypothesis", "gradient_property", "gradient_property needs hypothesis: pip install"),
    ],
)
def test_what_is_missing_is_said_when_it_is_used(missing, used, printed) -> None:
    script = f"""
import sys
from importlib.abc import MetaPathFinder
class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {missing!r}:
            raise ModuleNotFoundError(name, name={missing!r})
sys.meta_path.insert(0, Missing())
import autograd.testing as t
try:
    print(t.{used})
except ImportError as error:
    print(error)
print(sorted({{"hypothesis", "mpmath"}} & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT
    )
    assert printed in result.stdout, result.stderr
    if missing == "hypothesis" and "verdict" not in used:
        assert result.stdout.endswith("[]\n")
