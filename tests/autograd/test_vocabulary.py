"""The vocabulary on Values has what rules may use, and its functions keep the graph."""

import pytest

from autograd import Value, gradients, ieee, recording, vocabulary
from autograd.symbols import CONSTANTS, FUNCTIONS


@pytest.mark.parametrize("name", sorted(FUNCTIONS | CONSTANTS | {"largest"}))
def test_it_has_everything(name) -> None:
    assert hasattr(vocabulary, name)


@pytest.mark.parametrize("name", sorted(FUNCTIONS - {"where", "both", "equal", "product_error"}))
def test_functions_are_those_on_numbers(name) -> None:
    two = name in ("pow", "hypot", "atan2")
    given = (1.5, 2.0) if two else (1.5,) if name == "acosh" else (0.5,)
    expected = getattr(ieee, name)(*given)
    assert getattr(vocabulary, name)(*map(Value, given)).data == expected
    assert getattr(vocabulary, name)(*given) == expected


def test_where_takes_one_arm_into_the_graph() -> None:
    x, y = Value(1.0), Value(0.0)
    assert vocabulary.where(x > y, x, y) is x
    assert vocabulary.where(x < y, x, y) is y
    assert vocabulary.both(x > y, x > 2.0) is False
    assert vocabulary.either(x > y, x > 2.0) is True
    assert vocabulary.equal(x, 1.0) is True
    assert vocabulary.largest([y, x, Value(1.0)]) is x


def test_for_every_input_both_arms_stay() -> None:
    x, y = Value(1.0), Value(0.0)
    with recording.for_every_input():
        both = vocabulary.both(x > y, x > 2.0)
        node = vocabulary.where(both, x, vocabulary.largest([x, y]))
        error = vocabulary.product_error(x, 3.0)
    assert node.op == "where"
    assert x in node.parents
    assert error.op == "product_error"


def test_a_product_error_is_a_number_without_a_derivative() -> None:
    x = Value(0.1)
    error = vocabulary.product_error(x, x)
    assert error == ieee.product_error(0.1, 0.1) != 0.0
    assert gradients(x * (1 + error), [x]) == [1 + error]
