"""The precise numbers against formulas of another kind: those of `tests/exact.py`."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.graph.order import topological_order
from autograd.table import TABLE
from autograd.testing import Expression, expressions
from autograd.testing.exact import context, mpf
from autograd.testing.operands import called
from autograd.testing.precise import Precise, evaluated
from autograd.testing.replay import Replay
from autograd.testing.strategies import operands
from tests.exact import exact_results

LARGEST = mpf(2) ** 1024  # beyond it, it does not matter how far


@given(st.data())
@pytest.mark.parametrize("name", [n for n in TABLE if n != "where"])
def test_values_and_derivatives_are_exact(name, data) -> None:
    row = TABLE[name]
    numbers, settings = data.draw(operands(row))
    home = Precise()
    result = evaluated(row, home, [home.variable(x, i) for i, x in enumerate(numbers)], settings)
    if home.tied or not context.isfinite(result.value):
        return
    given = row.grouped(numbers) if row.groups else numbers
    value, *slopes = exact_results(name, given, settings)
    found = [result.value, *(result.slopes.get(i, mpf(0)) for i in range(len(numbers)))]
    for precise, exact in zip(found, [value, *slopes], strict=True):
        if exact is not None and context.isfinite(precise) and abs(precise) < LARGEST:
            truth, size = exact
            # A rule that is an approximation, such as a tail's series, is one to a float's digits.
            assert abs(precise - truth) <= 2.0**-52 * max(abs(truth), size) + 2.0**-1074


@given(expressions(max_nodes=15, kinks=False))
def test_the_gradient_is_the_limit_of_exact_differences(expression: Expression) -> None:
    leaves, output = expression.recorded()
    order = topological_order([output])
    replay = Replay(order)
    if replay.kinks or output.is_leaf:
        return
    step = mpf(2) ** -90
    for leaf in set(leaves) & set(order):

        def at(shift, leaf=leaf):
            values = {}
            for node in order:
                if node.is_leaf:
                    values[node] = mpf(node.data) + (shift if node is leaf else 0)
                    continue
                home = Precise()
                given = [
                    home.constant(values[x] if isinstance(x, Value) else x) for x in node.operands
                ]
                row = TABLE[node.op]
                count = len(given) - len(row.settings)
                settings = list(node.operands[count:])
                values[node] = evaluated(row, home, given[:count], settings).value
            return values[output]

        (exact,) = replay.exact_gradient([leaf])
        difference = (at(step) - at(-step)) / (2 * step)
        assert abs(difference - exact) <= mpf(2) ** -60 * (1 + abs(exact))


@given(expressions(max_nodes=30))
def test_tolerances_are_tight_and_hold(expression: Expression) -> None:
    leaves, output = expression.recorded()
    if output.is_leaf:
        return
    output.backward()
    exact, size, error = Replay(topological_order([output])).gradient()
    for leaf in set(leaves) & set(exact):
        if math.isfinite(error[leaf]) and context.isfinite(exact[leaf]):
            assert abs(leaf.grad - exact[leaf]) <= error[leaf] + 1e-300
            assert error[leaf] <= 1e-11 * size[leaf] + 1e-300


def test_nobodys_precision_is_changed() -> None:
    import mpmath

    before = mpmath.mp.prec
    node = called(TABLE["tanh"], [Value(0.5)])
    Replay([*node.parents, node])
    assert mpmath.mp.prec == before
