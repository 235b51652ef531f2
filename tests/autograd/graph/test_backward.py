"""The reverse pass against independent ways to the same gradient."""

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from mpmath import mp

from autograd import Value, dot, gradients, tanh, where
from autograd.graph.node import NO_GRADIENT
from autograd.graph.order import topological_order
from autograd.table import TABLE
from tests.exact import EXACT
from tests.programs import ENGINE, Program, programs


def recorded(program: Program) -> tuple[list[Value], Value]:
    inputs = [Value(x) for x in program.inputs]
    return inputs, program.run(ENGINE, inputs)[-1]


def forward_sweep(output: Value, leaf: Value) -> tuple[float, float]:
    """∂output/∂leaf from the leaf up; and without signs, the size that rounding acts on."""
    tangents = {leaf: (1.0, 1.0)}
    for node in topological_order([output]):
        if node.is_leaf:
            tangents.setdefault(node, (0.0, 0.0))
            continue
        edges = list(zip(node.parents, node.partials, strict=True))
        tangents[node] = (
            math.fsum(tangents[parent][0] * partial for parent, partial in edges),
            math.fsum(tangents[parent][1] * abs(partial) for parent, partial in edges),
        )
    return tangents[output]


@given(programs(max_steps=200))
def test_equals_a_forward_sweep_over_the_same_partials(program: Program) -> None:
    inputs, output = recorded(program)
    output.backward()
    nodes = len(topological_order([output]))
    for leaf in inputs:
        tangent, size = forward_sweep(output, leaf)
        assert leaf.grad == pytest.approx(tangent, rel=0, abs=8 * nodes * 2.0**-53 * size)


def exact_output(program: Program, inputs: list[Any]) -> Any:
    """The program's output in high precision, by formulas that are not the engine's."""
    numbers = list(inputs)
    for step in program.steps:
        groups = [[numbers[i] for i in group] for group in step.groups]
        arguments = groups if TABLE[step.name].groups else groups[0]
        numbers.append(EXACT[step.name].value(*arguments, *step.settings))
    return numbers[-1]


@settings(max_examples=50)
@given(programs(max_steps=20, without=["stop_gradient"]))  # which differences look through
def test_equals_central_differences_in_high_precision(program: Program) -> None:
    inputs, output = recorded(program)
    output.backward()
    with mp.workprec(400):
        h = mp.mpf(2) ** -100
        for i, leaf in enumerate(inputs):
            ahead, behind = ([mp.mpf(x) for x in program.inputs] for _ in range(2))
            ahead[i] += h
            behind[i] -= h
            slope = (exact_output(program, ahead) - exact_output(program, behind)) / (2 * h)
            _, size = forward_sweep(output, leaf)
            # Rounded values of inner nodes move the local derivatives, by less than this in all.
            assert leaf.grad == pytest.approx(float(slope), abs=1e-7 * size)


@given(programs())
def test_gradients_equals_backward_and_leaves_grad_alone(program: Program) -> None:
    inputs, output = recorded(program)
    for leaf in inputs:
        leaf.grad = 7.0
    computed = gradients(output, inputs)
    assert all(leaf.grad == 7.0 for leaf in inputs)
    for leaf in inputs:
        leaf.zero_grad()
    output.backward()
    for leaf, gradient in zip(inputs, computed, strict=True):
        _, size = forward_sweep(output, leaf)
        assert gradient == pytest.approx(leaf.grad, rel=0, abs=1e-12 * size)


@given(programs())
def test_leaves_add_up_and_a_second_pass_is_right(program: Program) -> None:
    inputs, output = recorded(program)
    output.backward()
    first = [leaf.grad for leaf in inputs]
    inner = [node.grad for node in topological_order([output]) if not node.is_leaf]
    output.backward()
    for leaf, gradient in zip(inputs, first, strict=True):
        _, size = forward_sweep(output, leaf)
        assert leaf.grad == pytest.approx(2 * gradient, rel=0, abs=1e-12 * size)
    assert [n.grad for n in topological_order([output]) if not n.is_leaf] == inner


def test_an_operand_that_is_used_twice_is_two_edges() -> None:
    a = Value(3.0)
    assert (a + a).parents == (a, a)
    assert (a + a).partials == (1.0, 1.0)
    assert gradients(a + a, [a]) == [2.0]
    assert gradients(a * a, [a]) == [6.0]
    assert gradients(dot([a, a], [a, a], a), [a]) == [13.0]


def test_gradient_by_a_computed_node_and_by_the_output_itself() -> None:
    x = Value(2.0)
    y = x * x
    z = y * y
    assert gradients(z, [y, x, z]) == [8.0, 32.0, 1.0]


def test_gradient_by_what_the_output_does_not_depend_on_is_zero() -> None:
    assert gradients(Value(1.0) * 2.0, [Value(1.0)]) == [0.0]


def test_backward_on_a_leaf() -> None:
    x = Value(2.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_changing_data_afterwards_does_not_change_a_recorded_gradient() -> None:
    w, x = Value(2.0), Value(3.0)
    y = tanh(w * x)
    before = gradients(y, [w])
    w.data = 100.0
    x.data = -5.0
    assert gradients(y, [w]) == before
    y.backward()
    assert [w.grad] == before


def test_two_outputs_over_one_graph() -> None:
    x = Value(2.0)
    shared = x * x
    first, second = shared * 3.0, shared + x
    first.backward()
    assert (x.grad, shared.grad) == (12.0, 3.0)
    second.backward()
    assert (x.grad, shared.grad) == (17.0, 1.0)


def test_an_unset_gradient_reads_zero_and_is_known_to_be_unset() -> None:
    x = Value(2.0)
    assert x.grad == 0.0
    assert not x.has_gradient
    (x * 0.0).backward()
    assert x.grad == 0.0
    assert x.has_gradient
    x.zero_grad()
    assert not x.has_gradient


def test_a_node_without_edges_passes_nothing_on() -> None:
    x = Value(1.0)
    chosen = where(x, 2.0, 3.0)  # of numbers, by a condition that gets no gradient
    assert chosen.parents == ()
    assert gradients(chosen, [x]) == [0.0]
    assert gradients(chosen * x, [x, chosen]) == [2.0, 1.0]
    chosen.backward()
    (chosen * x).backward()
    assert (x.grad, chosen.grad) == (2.0, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gradients(3.0, []), "gradients: expected a Value, got float 3.0"),
        (lambda: gradients(Value(1.0), [2]), "gradients: expected a Value, got int 2"),
        (
            lambda: gradients(Value(1.0), Value(2.0)),
            "gradients: expected a list of inputs, got",
        ),
    ],
)
def test_bad_input(call, message) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        call()


@settings(max_examples=20)
@given(programs())
def test_random_programs_use_many_operations(program: Program) -> None:
    """The strategy itself: what it draws records without falling back to plain numbers."""
    _, output = recorded(program)
    assert isinstance(output, Value)


def test_marks_are_no_plain_floats_and_gradients_are() -> None:
    """PyPy and Nuitka take plain floats that are equal for one and the same object."""
    assert type(NO_GRADIENT) is not float
    x, unused = Value(3.0), Value(1.0)
    y = x * x
    assert not y.has_gradient
    y.backward()
    assert (x.grad, y.grad, unused.grad) == (6.0, 1.0, 0.0)
    assert {type(node.grad) for node in (x, y, unused)} == {float}
    x.grad = 0.0
    assert x.has_gradient
    x.zero_grad()
    assert not x.has_gradient
    assert repr(x) == "Value(data=3.0, grad=0.0)"
