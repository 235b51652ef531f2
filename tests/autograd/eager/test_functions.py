"""The public functions: on plain numbers, as methods, on bad input; and the stubs."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, stubs
from autograd.eager.variadic import UNROLLED
from autograd.table import TABLE, Interval
from tests.programs import ENGINE

unchecked: Any = autograd  # for calls that a type checker refuses, as it should

ELEMENTWISE = [o for o in TABLE.values() if not o.groups and not o.symbol and not o.drops_zero]
VARIADIC = [o for o in TABLE.values() if o.groups]
SETTINGS: dict[str, list[tuple[float, ...]]] = {
    "leaky_relu": [(), (0.2,)],
    "clip": [(-0.5, 0.75)],
    "cross_entropy": [(1,)],
}
DEFAULT: list[tuple[float, ...]] = [()]


def point(interval: Interval) -> float:
    """A number inside the domain."""
    return 1.5 if 1.5 in interval else 0.3


@pytest.mark.parametrize("operation", ELEMENTWISE, ids=lambda o: o.name)
def test_plain_numbers_give_the_same_plain_number(operation) -> None:
    function = getattr(autograd, operation.name)
    numbers = [point(interval) for interval in operation.domain]
    for settings in SETTINGS.get(operation.name, DEFAULT):
        result = function(*numbers, *settings)
        assert type(result) is float
        assert result == function(*map(Value, numbers), *settings).data
        assert type(function(*(np.float64(x) for x in numbers), *settings)) is float


@pytest.mark.parametrize("operation", VARIADIC, ids=lambda o: o.name)
def test_many_plain_numbers_give_the_same_plain_number(operation) -> None:
    function = getattr(autograd, operation.name)
    groups = [[0.5, -0.25], [2.0, 1.5]][: len(operation.groups) - len(operation.single)]
    (settings,) = SETTINGS.get(operation.name, DEFAULT)
    result = function(*groups, *settings)
    assert type(result) is float
    assert result == function(*([Value(x) for x in g] for g in groups), *settings).data
    assert result == function(*(iter(g) for g in groups), *settings)
    assert result == function(*(np.array(g) for g in groups), *settings)


@pytest.mark.parametrize("operation", ELEMENTWISE, ids=lambda o: o.name)
def test_methods(operation) -> None:
    first, *rest = (point(interval) for interval in operation.domain)
    for settings in SETTINGS.get(operation.name, DEFAULT):
        expected = getattr(autograd, operation.name)(Value(first), *rest, *settings)
        for name in (operation.name, *operation.aliases):
            assert getattr(Value(first), name)(*rest, *settings).data == expected.data


@pytest.mark.parametrize("operation", ELEMENTWISE, ids=lambda o: o.name)
def test_refuses_what_is_no_number(operation) -> None:
    function = getattr(autograd, operation.name)
    settings = SETTINGS.get(operation.name, DEFAULT)[0]
    for bad in ("1", None, [1.0], 1j):
        for position in range(len(operation.arguments)):
            for kind in (float, Value):
                arguments: list[Any] = [kind(point(interval)) for interval in operation.domain]
                arguments[position] = bad
                message = f"{operation.name}: expected a real number, got"
                with pytest.raises(TypeError, match=re.escape(message)):
                    function(*arguments, *settings)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: unchecked.leaky_relu(Value(1.0), slope="-0.1"),
            TypeError,
            "leaky_relu: slope: expected a real number, got the text '-0.1'",
        ),
        (
            lambda: unchecked.clip(Value(1.0), Value(0.0), 1),
            TypeError,
            "clip: low: expected a real number, got a Value",
        ),
        (
            lambda: unchecked.cross_entropy([Value(1.0), 2.0], 2),
            ValueError,
            "cross_entropy: target index 2 is out of range for 2 logits; give an integer from 0",
        ),
        (lambda: unchecked.cross_entropy([1.0, 2.0], -1), ValueError, "target index -1 is out of"),
        (
            lambda: unchecked.cross_entropy([1.0, 2.0], 0.5),
            TypeError,
            "target: expected an integer, got 0.5",
        ),
        (
            lambda: unchecked.mse([Value(1.0)], [1.0, 2.0]),
            ValueError,
            "mse: 1 predictions but 2 targets; give as many of the one as of the other",
        ),
        (
            lambda: unchecked.dot([Value(1.0), 2.0], [1.0]),
            ValueError,
            "dot: 2 weights but 1 inputs; give as many of the one as of the other",
        ),
        (lambda: unchecked.half_sse([], []), ValueError, "half_sse: predictions is empty"),
        (lambda: unchecked.mean([]), ValueError, "mean: values is empty; give at least one"),
        (lambda: unchecked.softmax([]), ValueError, "softmax: logits is empty; give at least one"),
        (
            lambda: unchecked.sum("12"),
            TypeError,
            "sum: expected a list of Values or numbers as values, got str '12'",
        ),
        (lambda: unchecked.tanh([1.0]), TypeError, "as in [tanh(x) for x in entries]"),
        (lambda: unchecked.maximum(2.0, [1.0]), TypeError, "as in [maximum(…, x) for x in ent"),
        (
            lambda: unchecked.sum([[1.0, 2.0], [3.0, 4.0]]),
            TypeError,
            "sum: expected a list of Values or numbers, got a list of rows such as [1.0, 2.0]; "
            "make one list of them, as in [x for row in rows for x in row]",
        ),
        (
            lambda: unchecked.mean(np.ones((2, 2))),
            TypeError,
            "mean: expected a list of Values or numbers, got a list of rows such as array([1.",
        ),
        (lambda: unchecked.mean([(Value(1.0),)]), TypeError, "got a list of rows such as (Value("),
        (lambda: unchecked.sum([None]), TypeError, "sum: expected a real number, got None"),
        (lambda: unchecked.sum([Value(1.0), "2"]), TypeError, "sum: expected a real number, got"),
        (
            lambda: unchecked.dot([1.0], [1.0], "b"),
            TypeError,
            "dot: expected a Value or a number as bias, got str 'b'",
        ),
    ],
)
def test_bad_input(call, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        call()


def test_a_target_is_any_integer_and_never_a_float() -> None:
    logits = [Value(1.0), Value(2.0)]
    expected = autograd.cross_entropy(logits, 1)
    assert autograd.cross_entropy(logits, np.int64(1)).data == expected.data
    with pytest.raises(TypeError, match=r"cross_entropy: target: expected an integer, got 1\.0"):
        unchecked.cross_entropy(logits, 1.0)


def test_what_only_looks_like_a_node_is_refused() -> None:
    values = [Value(1.0), Value(2.0)]
    autograd.sum(values)

    class Lookalike:
        _data = np.float64(1.0)

    with pytest.raises(TypeError, match="sum: expected a real number, got a Lookalike"):
        unchecked.sum([values[0], Lookalike()])
    for unordered in ({1.0, 2.0}, {1.0: 2.0}, bytearray(b"12")):
        with pytest.raises(TypeError, match="sum: expected a list of Values or numbers as values"):
            unchecked.sum(unordered)
    with pytest.raises(TypeError, match="dot: expected a Value or a number as bias"):
        unchecked.dot(values, values, values)


def test_operands_keep_their_order_and_settings() -> None:
    x, y = Value(2.0), Value(3.0)
    assert autograd.hypot(3.0, x).operands == (3.0, x)
    assert autograd.atan2(x, 3.0).operands == (x, 3.0)
    for _ in range(2):
        assert autograd.cross_entropy([x, y], 1).operands == (x, y, 1)
        assert autograd.cross_entropy([x, 3.0], 0).operands == (x, 3.0, 0)


def test_all_masked_logits_are_as_fast_as_others() -> None:
    result = autograd.logsumexp([Value(-math.inf)] * 2000)
    assert result.data == -math.inf
    assert all(map(math.isnan, result.partials))


def test_a_single_prediction_needs_no_list() -> None:
    prediction = Value(0.4)
    assert autograd.half_sse(prediction, 2).data == autograd.half_sse([prediction], [2]).data
    assert autograd.mse(prediction, 2).partials == (2 * (0.4 - 2),)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.data())
@pytest.mark.parametrize("operation", VARIADIC, ids=lambda o: o.name)
def test_numbers_among_the_operands_change_nothing(operation, numbers, data) -> None:
    """A body written for all-Value operands and the general way give the same, bit for bit."""
    function = ENGINE[operation.name]
    groups = [numbers] * (len(operation.groups) - len(operation.single))
    settings = (data.draw(st.integers(0, len(numbers) - 1)),) if operation.settings else ()
    values = [[Value(x) for x in group] for group in groups]
    usual = [function(*values, *settings) for _ in range(2)][-1]
    mixed = function([numbers[0], *values[0][1:]], *values[1:], *settings)
    assert repr(usual.data) == repr(function(*groups, *settings))
    if isinstance(mixed, Value):
        assert repr(mixed.data) == repr(usual.data)
        assert repr(mixed.partials) == repr(usual.partials[1:])


def test_more_operands_than_get_code_of_their_own() -> None:
    values = [Value(float(i)) for i in range(UNROLLED + 1)]
    result = autograd.sum(values)
    assert result.data == sum(range(UNROLLED + 1))
    assert result.parents == tuple(values)
    assert result.partials == (1.0,) * (UNROLLED + 1)


def test_every_row_is_public() -> None:
    for name, operation in TABLE.items():
        if operation.is_function:
            function = getattr(autograd, name)
            assert function.__name__ == name
            assert function.__doc__.startswith(operation.meaning)
            assert operation.convention in function.__doc__


def test_a_star_import_leaves_builtins_alone() -> None:
    names = set(autograd.__all__)
    assert {"tanh", "dot", "Value", "draw"} <= names
    assert not {"sum", "abs"} & names
    assert autograd.abs(Value(-2.0)).data == autograd.sum([Value(2.0)]).data == 2.0


def test_stubs_are_those_of_the_table() -> None:
    folder = Path(autograd.__file__).parent
    remedy = "run python -m autograd.stubs"
    assert (folder / "functions.pyi").read_text(encoding="utf-8") == stubs.functions_stub(), remedy
    assert (folder / "operators.pyi").read_text(encoding="utf-8") == stubs.operators_stub(), remedy
