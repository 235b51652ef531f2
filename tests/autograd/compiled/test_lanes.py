"""Programs on arrays: every lane is the eager engine's result, and gradients sum over lanes."""

import math
import re
import tracemalloc
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, gradients
from nn import MLP
from tests.compiling import WITHOUT_EDGE, every_operation, recorded, sizes, used
from tests.programs import Program, programs

LANES = 5


@settings(max_examples=200)
@given(programs(max_steps=40, without=WITHOUT_EDGE), st.data())
def test_equals_the_eager_engine_lane_by_lane(program: Program, data) -> None:
    inputs, output = recorded(program, program.inputs)
    compiled = autograd.compile(output, inputs)
    factors = 1 + 1e-9 * np.arange(LANES)
    varying = [data.draw(st.booleans()) for _ in inputs]
    varying[0] = True
    arguments = [x.data * factors if v else x.data for x, v in zip(inputs, varying, strict=True)]
    values, slopes = compiled(*arguments)
    places = used(program)
    total, size = np.zeros(len(inputs)), np.zeros(len(inputs))
    for lane in range(LANES):
        numbers = list(program.inputs)
        for place, argument in zip(places, arguments, strict=True):
            numbers[place] = float(argument if np.ndim(argument) == 0 else argument[lane])
        leaves, twin = recorded(program, numbers)
        sized = np.array(sizes(twin, leaves))
        own = sum(s * abs(x.data) for s, x in zip(sized, leaves, strict=True)) + abs(twin.data)
        assert values[lane] == pytest.approx(twin.data, rel=0, abs=1e-12 * own)
        expected = np.array(gradients(twin, leaves))
        total, size = total + expected, size + sized
        for slope, number, s, v in zip(slopes, expected, sized, varying, strict=True):
            if v:
                assert slope[lane] == pytest.approx(number, rel=0, abs=1e-12 * s)
    for slope, number, s, v in zip(slopes, total, size, varying, strict=True):
        if not v:
            assert type(slope) is float
            assert slope == pytest.approx(number, rel=0, abs=1e-12 * s)


def test_every_operation_on_lanes() -> None:
    inputs, output = every_operation()
    program = autograd.compile(output, inputs)
    numbers = [x.data for x in inputs]
    value, slopes = program(*numbers)
    values, arrays = program(*(np.full(3, x) for x in numbers))
    assert values == pytest.approx([value] * 3, rel=1e-12)
    for array, slope in zip(arrays, slopes, strict=True):
        assert array == pytest.approx([slope] * 3, rel=1e-12)


def moons_program():
    """A network with the lanes' points and classes as its last inputs."""
    model = MLP(2, [16, 16, 1], rng=0)
    x, y = [Value(0.5, label="x1"), Value(0.25, label="x2")], Value(1.0, label="y")
    loss = autograd.relu(1 - y * model(x))
    parameters = model.parameters()
    return model, autograd.compile(loss, [*parameters, *x, y], wrt=parameters)


def test_a_network_equals_matrix_products_written_by_hand() -> None:
    model, program = moons_program()
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20_000, 2)), np.sign(rng.normal(size=20_000))
    losses, slopes = program(*(p.data for p in model.parameters()), *x.T, y)
    layers = list(zip(model.weights(), model.biases(), strict=True))
    nets, outs = [], [x]
    for weights, biases in layers:
        nets.append(outs[-1] @ np.array(weights).T + np.array(biases, float))
        outs.append(np.maximum(nets[-1], 0))
    margins = 1 - y * nets[-1][:, 0]
    assert losses == pytest.approx(np.maximum(margins, 0), rel=1e-12, abs=1e-12)
    upstream = np.where(margins > 0, -y, 0.0)[:, None]
    expected = []
    for (weights, _), net, out in zip(
        reversed(layers), [*nets[1::-1], None], outs[2::-1], strict=True
    ):
        expected.insert(0, np.column_stack([upstream.T @ out, upstream.sum(axis=0)]).ravel())
        if net is not None:
            upstream = (upstream @ np.array(weights)) * (net > 0)
    assert slopes == pytest.approx(np.concatenate(expected), rel=1e-11, abs=1e-9)


def test_shapes_broadcast_and_each_gradient_has_its_argument_s_shape() -> None:
    program = autograd.compile(lambda a, b, c, d: a * b * c + d)
    a, b, c = np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 5.0]), 2.0
    d = np.arange(6.0).reshape(2, 3)
    value, slopes = program(a, b, c, d)
    assert value.tolist() == (a * b * c + d).tolist()
    assert [np.shape(s) for s in slopes] == [(2, 1), (3,), (), (2, 3)]
    assert slopes[0].tolist() == [[24.0], [24.0]]
    assert slopes[1].tolist() == [6.0, 6.0, 6.0]
    assert slopes[2] == 36.0
    assert slopes[3].tolist() == np.ones((2, 3)).tolist()
    value, slopes = program(np.array([3.0]), 2.0, 1.0, np.asfortranarray(d))
    assert value.tolist() == (6.0 + d).tolist()
    assert slopes[0].tolist() == [12.0]
    value, slopes = program(np.array([[3.0]]), 2.0, 1.0, 1)
    assert (value.tolist(), slopes[0].tolist(), slopes[1]) == ([[7.0]], [[2.0]], 3.0)


def test_no_lanes() -> None:
    program = autograd.compile(lambda w, x: w * x)
    value, (dw, dx) = program(2.0, np.array([]))
    assert (value.shape, dw, dx.shape) == ((0,), 0.0, (0,))


def test_lists_and_integers_are_arrays_of_floats() -> None:
    program = autograd.compile(lambda w, x: w / x)
    value, (dw, _) = program(1, [1, 2, 4])
    assert value.tolist() == [1.0, 0.5, 0.25]
    assert dw == 1.75
    assert program(np.array([True, False]), 2.0)[0].tolist() == [0.5, 0.0]


def test_single_precision_stays_so_and_its_sums_keep_their_digits() -> None:
    program = autograd.compile(lambda w, x: w * x)
    x = np.full(1_000_000, 0.1, np.float32)
    value, (dw, dx) = program(1.0, x)
    assert (value.dtype, dx.dtype) == (np.float32, np.float32)
    assert dw == pytest.approx(float(np.float32(0.1)) * 1_000_000, rel=1e-12)
    mixed, _ = program(np.ones(x.size), x)
    assert mixed.dtype == np.float64
    inputs, output = every_operation()
    numbers = [x.data for x in inputs]
    everything = autograd.compile(output, inputs)
    value, slopes = everything(*(np.full(2, x, np.float32) for x in numbers))
    assert value.dtype == np.float32
    expected, expected_slopes = everything(*numbers)
    assert value == pytest.approx([expected] * 2, rel=1e-5)
    for slope, each in zip(slopes, expected_slopes, strict=True):
        assert slope == pytest.approx([each] * 2, rel=1e-4)


def test_sums_are_accurate_over_many_lanes() -> None:
    program = autograd.compile(lambda w, x: w * x)
    x = np.random.default_rng(0).uniform(0, 1, 3_000_000)
    _, (dw, _) = program(1.0, x)
    assert dw == pytest.approx(math.fsum(x), rel=1e-15)


def test_edges_follow_ieee_754_without_warnings() -> None:
    program = autograd.compile(lambda x: autograd.log(x) / x)
    value, (slope,) = program(np.array([0.0, -1.0, 1.0, np.inf]))
    expected = [program(x) for x in (0.0, -1.0, 1.0, math.inf)]
    np.testing.assert_array_equal(value, [v for v, _ in expected])
    np.testing.assert_array_equal(slope, [s for _, (s,) in expected])


@pytest.mark.parametrize("lanes", [[-0.0], [-0.0, 0.0, -1.0, 2.0], [-0.0] * 5000])
def test_a_pole_at_a_negative_zero_is_the_eager_engine_s(lanes) -> None:
    value, (slope,) = autograd.compile(lambda x: 1 / autograd.relu(x))(np.array(lanes))
    for lane in range(min(len(lanes), 4)):
        x = Value(lanes[lane])
        y = 1 / autograd.relu(x)
        np.testing.assert_array_equal([value[lane], slope[lane]], [y.data, *gradients(y, [x])])


@pytest.mark.parametrize("count", [1, 2, 5000])
@pytest.mark.parametrize("wrt", [None, []])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_the_power_of_a_half_is_no_square_root_at_remote_numbers(kind, wrt, count) -> None:
    powers = [
        (autograd.compile(lambda x: x**0.5, wrt=wrt), ()),
        (autograd.compile(lambda x, p: x**p, wrt=wrt), (0.5,)),
    ]
    for x, expected in [(-math.inf, "inf"), (-0.0, "0.0"), (math.inf, "inf"), (4.0, "2.0")]:
        for program, exponent in powers:
            value, _ = program(np.full(count, x, kind), *exponent)
            assert set(map(repr, value.tolist())) == {expected}


@pytest.mark.parametrize("count", [1, 2])
def test_an_output_may_be_a_negative_zero_and_a_gradient_may_not(count) -> None:
    value, (slope,) = autograd.compile(lambda x: x * -0.0)(np.full(count, 2.0))
    assert [*map(repr, value.tolist())] == ["-0.0"] * count
    assert [*map(repr, slope.tolist())] == ["0.0"] * count
    outputs, _ = autograd.compile(lambda x, y: [x * -0.0, x * y])(2.0, np.ones(count))
    assert [*map(repr, outputs[0].tolist())] == ["-0.0"] * count


@pytest.mark.skipif(
    np.dtype(np.longdouble) == np.dtype(float), reason="a platform without wider floats"
)
def test_floats_that_would_lose_digits_are_refused() -> None:
    program = autograd.compile(lambda w, x: w * x)
    message = f"or of integers, got one of {np.dtype(np.longdouble)}; convert it"
    with pytest.raises(TypeError, match=message):
        program(np.ones(2, np.longdouble), 1.0)


def test_a_masked_array_without_masked_entries_is_an_array() -> None:
    program = autograd.compile(lambda w, x: w * x)
    whole = np.ma.array([1.0, 2.0], mask=[False, False])
    assert program(whole, 2.0)[0].tolist() == [2.0, 4.0]
    assert program(whole.filled(0), 2.0)[0].tolist() == [2.0, 4.0]


@pytest.fixture(scope="module")
def tutorial():
    """T1's network with the weights and the sample as inputs, and many samples."""
    w = [Value(x) for x in (0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55)]
    x = [Value(0.05), Value(0.1)]
    model = MLP.from_weights(
        [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]], [0.35, 0.6],
        output_activation="sigmoid",
    )  # fmt: skip
    loss = autograd.half_sse(model(x), [0.01, 0.99])
    weights = [p for p in model.parameters() if p.label.startswith("w")]
    program = autograd.compile(loss, [*weights, *x])
    rng = np.random.default_rng(1)
    samples = rng.normal(size=(2, 600_000))
    return program, [*(v.data for v in w), *samples]


def equal(first, second) -> bool:
    pairs = zip([first[0], *first[1]], [second[0], *second[1]], strict=True)
    return all(np.array_equal(x, y) for x, y in pairs)


def test_the_executor_does_not_change_the_result(tutorial) -> None:
    program, arguments = tutorial
    here = program(*arguments)
    with ThreadPoolExecutor(3) as threads:
        assert equal(program(*arguments, executor=threads), here)
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        assert equal(program(*arguments, executor=processes), here)


def test_memory_is_bounded_however_long_the_batch(tutorial) -> None:
    program, arguments = tutorial
    only_weights = autograd.compile(lambda *xs: autograd.tanh(autograd.prod(xs)), 10, wrt=range(8))
    for compiled, results in ((program, 3), (only_weights, 1)):
        compiled(*arguments)
        tracemalloc.start()
        kept = compiled(*arguments)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < results * 8 * 600_000 + 16 * 2**20
        del kept


def test_a_worker_that_fails_leaves_no_work_behind(tutorial) -> None:
    class Failing(Executor):
        def __init__(self) -> None:
            self.futures: list[Future] = []

        def submit(self, *task) -> Future:
            self.futures.append(Future())
            if len(self.futures) == 1:
                self.futures[0].set_exception(OSError("gone"))
            return self.futures[-1]

    program, arguments = tutorial
    executor = Failing()
    with pytest.raises(OSError, match="gone"):
        program(*arguments, executor=executor)
    assert len(executor.futures) > 1
    assert all(future.cancelled() for future in executor.futures[1:])


def test_a_closed_executor_is_an_error(tutorial) -> None:
    program, arguments = tutorial
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(RuntimeError, match=r"the executor takes no work .*; give one that is not"):
        program(*arguments, executor=executor)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(3), np.ones(4)), "do not broadcast: (3,), (4,); give arrays with one entry for"),
        ((np.ones(3), "text"), "program: x: expected a real number, got the text 'text'"),
        (
            (np.array(["a", "b"]), 1.0),
            "program: w: expected an array of float64 or float32, or of integers, got on",
        ),
        (
            ([1.0, [2.0]], 1.0),
            "program: w: got a list whose rows have different lengths; give rows",
        ),
        (
            (np.ones(2) * 1j, 1.0),
            "or of integers, got one of complex128; take its real part",
        ),
        (
            (1.0, np.ones(2, np.float16)),
            "or of integers, got one of float16; convert it, as in x.astype(float)",
        ),
        ((np.array([Value(1.0)]), 1.0), "got one of object; convert it, as in x.astype(float)"),
        (
            (np.ma.array([1.0, 2.0], mask=[0, 1]), 1.0),
            "which a program would not leave out; give the others alone, as in x.comp",
        ),
        ((np.ones(2),), "expected 2 arguments, one for each input, got 1"),
        (([1.0, 2.0],), "one for each input, got 1; write program(*arguments)"),
        ((np.ones(2), 1.0, 2.0), "expected 2 arguments, one for each input, got 3"),
        ((np.ones(2), None), "program: x: expected a real number, got None"),
        ((np.ones(2), Value(1.0)), "a Value, which is a node already; take its number with .data"),
    ],
)
def test_bad_input(arguments, message) -> None:
    program = autograd.compile(lambda w, x: w * x)
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        program(*arguments)


@pytest.mark.parametrize("which", range(3))
def test_a_network_of_which_one_input_varies(which: int) -> None:
    """A layer's products with the only row that varies are products of matrices, too."""
    model = MLP(3, [5, 2], activation="tanh", rng=1)
    inputs = [Value(0.1 * i) for i in range(3)]
    leaves = [*inputs, *model.parameters()]
    program = autograd.compile(autograd.logsumexp(model(inputs)), leaves)
    numbers = [x.data for x in leaves]
    lanes = np.array([0.4, -0.2, 0.1])
    arguments: list = [*numbers]
    arguments[which] = lanes
    values, slopes = program(*arguments)
    singles = [program(*numbers[:which], lane, *numbers[which + 1 :]) for lane in lanes.tolist()]
    assert values == pytest.approx([value for value, _ in singles], rel=1e-12)
    assert slopes[which] == pytest.approx([each[which] for _, each in singles], rel=1e-12)
    for index, slope in enumerate(slopes):
        if index != which:
            assert slope == pytest.approx(sum(each[index] for _, each in singles), rel=1e-12)


def test_a_condition_that_all_lanes_share_and_that_is_part_of_another_has_its_name() -> None:
    def function(x, y, z):
        low = autograd.amin([z, y * y])
        return low * autograd.acos(autograd.mse([z, z, z], [y, x, y])) ** low

    # The second lane leaves the domain of acos, so that nothing may be assumed of the first one.
    x, y, z = np.array([0.2, 1.557]), 0.3, -0.315
    value, (by_x, _) = autograd.compile(function, 3, (0, 1))(x, y, z)
    for lane, number in enumerate(x.tolist()):
        leaves = Value(number), Value(y), Value(z)
        output = function(*leaves)
        assert value[lane] == pytest.approx(output.data, rel=1e-12, nan_ok=True)
        slope = gradients(output, leaves)[0]
        assert by_x[lane] == pytest.approx(slope, rel=1e-12, nan_ok=True)
    assert np.isfinite([value[0], by_x[0]]).all()


def test_an_assumption_on_what_turned_out_the_same_in_all_lanes_is_none() -> None:
    """With ordinary numbers assumed, a step that differs between lanes may become one that is not.

    Found by comparing the engines on random graphs.
    """

    def f(x, y):
        ce = autograd.cross_entropy
        return autograd.prod([ce([x, y], 1), ce([y], 0), ce([y], 0), ce([x], 0)])

    program = autograd.compile(f, 2)
    x = np.array([0.1, 0.2, -3.0])
    values, (by_x, by_y) = program(x, 0.5)
    for lane, number in enumerate(x.tolist()):
        leaves = Value(number), Value(0.5)
        output = f(*leaves)
        assert values[lane] == output.data
        assert by_x[lane] == autograd.gradients(output, leaves)[0]
    assert by_y == 0.0


@pytest.mark.parametrize("lanes", [1, 7, 16384, 16385, 40001])
@pytest.mark.parametrize("threads", [False, True])
def test_a_derivative_that_is_the_same_in_all_lanes_is_no_sum_over_blocks(lanes, threads) -> None:
    program = autograd.compile(lambda x, y, z: [3.0 * x - y + z, x + 2.0 * z], 3)
    x, y = np.full(lanes, 2.0), np.arange(lanes, dtype=float)
    with ThreadPoolExecutor(2) as pool:
        (_, _), (first, second) = program(x, y, 0.5, executor=pool if threads else None)
    for slope, number in ((first[0], 3.0), (first[1], -1.0), (second[0], 1.0), (second[1], 0.0)):
        assert slope.shape == (lanes,)
        assert (slope == number).all()
    assert (first[2], second[2]) == (lanes, 2.0 * lanes)
