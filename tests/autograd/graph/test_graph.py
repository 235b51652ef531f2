"""Order, depth, and what is left when a graph is dropped."""

import copy
import gc
import math
import pickle

import pytest
from hypothesis import given

import autograd
from autograd import Value, gradients
from autograd.graph.order import topological_order
from tests.programs import ENGINE, Program, programs

DEPTH = 1_000_000


@given(programs())
def test_topological_order(program: Program) -> None:
    output = program.run(ENGINE, [Value(x) for x in program.inputs])[-1]
    order = topological_order([output])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is output
    for node in order:
        assert all(place[parent] < place[node] for parent in node.parents)
    assert topological_order([output]) == order


@given(programs())
def test_copies_and_pickles_compute_the_same_gradients(program: Program) -> None:
    inputs = [Value(x) for x in program.inputs]
    output = program.run(ENGINE, inputs)[-1]
    output.backward()
    before = [leaf.grad for leaf in inputs]
    for restored in (copy.deepcopy, lambda graph: pickle.loads(pickle.dumps(graph))):
        leaves, twin = restored((inputs, output))
        assert twin is not output
        assert [leaf.grad for leaf in leaves] == before
        assert [leaf.has_gradient for leaf in leaves] == [leaf.has_gradient for leaf in inputs]
        assert gradients(twin, leaves) == gradients(output, inputs)
        for leaf in leaves:
            leaf.zero_grad()
        twin.backward()
        assert [leaf.grad for leaf in inputs] == before
    assert len(topological_order([output])) == len(topological_order([twin]))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_keep_what_is_shared_between_graphs(protocol) -> None:
    x = Value.parameter(2.0, label="x")
    y = x * x
    first, second = y + 1.0, autograd.dot([y, x], [x, 3.0])
    x2, first2, second2 = pickle.loads(pickle.dumps([x, first, second], protocol))
    assert first2.parents[0] is second2.parents[0]
    assert first2.parents[0].parents == (x2, x2)
    assert first2.parents[0].parents[0] is x2
    assert (x2.label, x2.op) == ("x", "parameter")
    assert second2.operands == (first2.parents[0], x2, x2, 3.0)


class Named(Value):
    """A user's subclass with an attribute of its own."""


def test_attributes_of_a_subclass_are_kept() -> None:
    x = Named(2.0)
    x.unit = "m"
    y = x * 2.0
    for copied in (copy.copy, copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
        assert copied(x).unit == "m"
        assert copied(y).parents[0].unit == "m"


def test_copying_a_list_of_states_takes_each_node_once() -> None:
    states = [Value(1.0)]
    for _ in range(20_000):
        states.append(states[-1] + 1.0)
    twins = copy.deepcopy(states)
    assert all(twin.parents[0] is twins[i] for i, twin in enumerate(twins[1:]))


def test_a_shallow_copy_has_the_same_parents() -> None:
    x = Value(2.0)
    y = x * x
    twin = copy.copy(y)
    assert twin is not y
    assert twin.parents[0] is x
    twin.data = 5.0
    assert y.data == 4.0


def test_an_unknown_operation_in_a_pickle_says_what_to_do() -> None:
    with pytest.raises(LookupError, match="no operation named 'nosuch' is registered; import"):
        autograd.table.find("nosuch")


@pytest.fixture(scope="module")
def chain() -> tuple[Value, Value]:
    x = Value(1.0)
    y = x
    for _ in range(DEPTH):
        y = y * (1 + 1e-6)
    return x, y


def test_a_deep_chain_has_a_gradient(chain) -> None:
    x, y = chain
    assert y.data == pytest.approx(math.e, rel=1e-6)
    y.backward()
    assert x.grad == pytest.approx(y.data, rel=1e-9)
    assert gradients(y, [x]) == pytest.approx([y.data], rel=1e-9)


def test_a_deep_chain_is_copied_pickled_and_dropped(chain) -> None:
    _, y = chain
    twin = copy.deepcopy(y)
    assert len(topological_order([twin])) == DEPTH + 1
    del twin
    text = pickle.dumps(y)
    del y
    restored = pickle.loads(text)
    assert len(topological_order([restored])) == DEPTH + 1
    del restored


def test_dropped_graphs_leave_nothing_behind() -> None:
    def live() -> int:
        return sum(type(found) is Value for found in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = live()
        for _ in range(1000):
            x = Value(0.5)
            hidden = [autograd.dot([x, x], [x, x], x).tanh() for _ in range(3)]
            loss = autograd.mse(hidden, [0.0] * 3) + autograd.where(x > 0, x, 1.0) / 2
            loss.backward()
            gradients(loss, [x])
            repr(loss)
        del x, hidden, loss
        assert live() == before
    finally:
        gc.enable()
