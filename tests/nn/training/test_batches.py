"""Mini-batches: every sample once an epoch, in an order that the seed says."""

import json
import re

import numpy as np
import pytest

from nn import Batches

X, Y = [[float(i), -float(i)] for i in range(10)], list(range(10))


def orders(batches, epochs):
    return [[y for _, targets in batches for y in targets] for _ in range(epochs)]


def test_an_epoch_has_every_sample_once_and_the_last_batch_the_rest() -> None:
    batches = Batches((X, Y), size=4, rng=0)
    parts = list(batches)
    assert [len(targets) for _, targets in parts] == [4, 4, 2]
    assert len(batches) == 3
    assert sorted(y for _, targets in parts for y in targets) == Y
    for rows, targets in parts:
        assert rows == [X[y] for y in targets]
        assert all(type(y) is int for y in targets)
        assert all(type(x) is float for row in rows for x in row)
    assert repr(batches) == "Batches(10 samples, 3 batches of 4)"


def test_orders_differ_between_epochs_and_follow_the_seed() -> None:
    first, second = orders(Batches((X, Y), 3, rng=1), 2)
    assert first != second
    assert orders(Batches((X, Y), 3, rng=1), 2) == [first, second]
    assert orders(Batches((X, Y), 3, rng=2), 2) != [first, second]
    rng = np.random.default_rng(1)
    before = rng.bit_generator.state
    assert orders(Batches((X, Y), 3, rng), 1) != orders(Batches((X, Y), 3, rng), 1)
    assert rng.bit_generator.state == before


def test_every_order_is_as_likely() -> None:
    batches = Batches((X[:3], Y[:3]), 1, rng=0)
    counts = {}
    for order in orders(batches, 3000):
        counts[tuple(order)] = counts.get(tuple(order), 0) + 1
    assert len(counts) == 6
    chi_square = sum((n - 500) ** 2 / 500 for n in counts.values())
    assert chi_square < 20.5  # of 5 degrees of freedom: once in 1,000


def test_without_shuffling_and_in_one_batch_the_order_stays() -> None:
    assert orders(Batches((X, Y), 4, rng=0, shuffle=False), 2) == [Y, Y]
    assert orders(Batches((X, Y), rng=0), 2) == [Y, Y]
    assert len(Batches((X, Y))) == 1


def test_states() -> None:
    batches = Batches((X, Y), 3, rng=0)
    orders(batches, 2)
    state = json.loads(json.dumps(batches.state_dict()))
    twin = Batches((X, Y), 3)
    twin.load_state_dict(state)
    assert twin.epoch == 2
    assert orders(twin, 3) == orders(batches, 3)
    before = twin.state_dict()
    for spoiled, message in (
        (None, "Batches: expected a state with ['epoch', 'generator', 'seen'], got NoneType"),
        ({**state, "seen": 2.0}, "Batches: 2.0 is no number of samples"),
        ({**state, "seen": 100}, "Batches: the state is after 100 samples of epoch 2, of which"),
        ({**state, "seen": 3, "epoch": 0}, "Batches: the state is after 3 samples of epoch 0, of"),
        ({**state, "epoch": -1}, "Batches: -1 is no number of epochs"),
        ({**state, "generator": {}}, "Batches: expected the state of a random generator, got {}"),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            twin.load_state_dict(spoiled)
        assert twin.state_dict() == before


def test_an_epoch_that_fit_has_begun_is_gone_on_with_by_fit_and_given_up_by_iteration() -> None:
    def begun():
        batches = Batches((X, Y), 3, rng=0)
        index, place = next(batches.rest())
        batches.take(*place)
        return batches, index.tolist()

    twin = Batches((X, Y), 3, rng=0)
    first, second = orders(twin, 2)
    batches, index = begun()
    assert batches.under_way
    assert (batches.epoch, batches.current) == (1, 0)
    assert index + [i for rest, _ in batches.rest() for i in rest.tolist()] == first
    loaded = Batches((X, Y), 3, rng=5)
    loaded.load_state_dict(json.loads(json.dumps(batches.state_dict())))
    rest = [(i.tolist(), place) for i, place in batches.rest()]
    assert [(i.tolist(), place) for i, place in loaded.rest()] == rest
    batches.take(*rest[-1][1])
    batches.end_epoch()
    batches.end_epoch()
    assert not batches.under_way
    assert orders(batches, 1) == [second]
    given_up, _ = begun()
    assert orders(given_up, 1) == [second]
    assert given_up.epoch == 2


def test_arrays_and_rows_of_targets() -> None:
    batches = Batches((np.array(X, np.float32), np.array(X)))
    ((rows, targets),) = list(batches)
    assert rows == targets == X
    ((_, labels),) = list(Batches(([[1], [2]], [True, False])))
    assert labels == [1, 0]


def test_whether_to_shuffle_is_true_or_false() -> None:
    with pytest.raises(TypeError, match="shuffle: expected True or False, got 'no'"):
        Batches((X, Y), 3, shuffle="no")
    assert not Batches((X, Y), 3, shuffle=np.False_).shuffle


def test_the_data_are_copied() -> None:
    x, y = np.array(X), np.array(Y)
    batches = Batches((x, y))
    x[0], y[0] = 99.0, 99
    assert (batches.inputs[0, 0], batches.targets[0]) == (0.0, 0)


nan = float("nan")


@pytest.mark.parametrize(
    ("data", "size", "kind", "message"),
    [
        (3, None, TypeError, "data: expected a pair (inputs, targets), with a row of numbers and"),
        ("xy", None, TypeError, "data: expected a pair (inputs, targets)"),
        (
            [(x, y) for x, y in zip(X, Y, strict=True)],
            None,
            TypeError,
            "got a list of length 10; a list of pairs becomes one by tuple(zip(*pairs))",
        ),
        (([], []), None, ValueError, "inputs: there is no sample; expected a pair"),
        (([[]], [1]), None, ValueError, "inputs: there is no sample"),
        ((X, Y[:9]), None, ValueError, "data: 10 rows of inputs but 9 targets; give one target fo"),
        (([[1.0, 2.0], [1.0]], [1, 2]), None, ValueError, "inputs: the rows have different widths"),
        ((X, [[1], [1, 2]] * 5), None, ValueError, "targets: the rows have different widths"),
        (([1.0, 2.0], [1, 2]), None, ValueError, "got shape (2,); write [[x] for x in inputs] for"),
        (([[[1.0]]], [1]), None, ValueError, "inputs: expected an array of 2 dimensions, one row"),
        ((X, ["a"] * 10), None, TypeError, "targets: expected numbers, got an array of <U1"),
        (([[1.0], [nan]], [1, 2]), None, ValueError, "inputs: sample 1 has nan in it; leave the"),
        (
            (np.ma.masked_array(X, np.array(X) == 0.0), Y),
            None,
            ValueError,
            "inputs: an entry is masked; leave its sample out, or put a number there by filled()",
        ),
        (
            (X, np.ma.masked_array(Y, np.array(Y) == Y[0])),
            None,
            ValueError,
            "targets: an entry is masked",
        ),
        (
            (np.array(X, np.longdouble) + np.finfo(np.longdouble).max, Y),
            None,
            ValueError,
            "inputs: sample 0 has inf in it",
        ),
        ((X, [1.0] * 9 + [float("inf")]), None, ValueError, "targets: sample 9 has inf in it"),
        ((X, Y), 11, ValueError, "batch size: 11 is more than the 10 samples that there are"),
        ((X, Y), 0, ValueError, "batch size: expected a positive integer, got 0"),
        ((X, Y), -3, ValueError, "batch size: expected a positive integer, got -3"),
        ((X, Y), 2.5, TypeError, "batch size: expected a positive integer, got 2.5"),
        ((X, Y), True, TypeError, "batch size: expected a positive integer, got True"),
    ],
)
def test_bad_input(data, size, kind, message) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        Batches(data, size)
