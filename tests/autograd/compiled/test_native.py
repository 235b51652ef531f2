"""Programs as machine code, where llvmlite is installed."""

import math
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, extension, gradients
from autograd.compiled.native import batches, cores, functions
from autograd.compiled.native.compiler import machine
from autograd.language.elementary import ELEMENTARY
from nn.training.objective import Objective
from nn.training.stepping import step_for
from tests.compiling import WITHOUT_EDGE, every_operation, recorded, sizes, used
from tests.programs import Program, programs

pytest.importorskip("llvmlite")
LANES = 13


def native(program):
    return program.using("native")


# --- Elementary functions -------------------------------------------------------------------------

SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1e-310, -1e-310, 1.0, -1.0]
SPECIAL += [709.78, 709.79, 710.0, -745.1, -745.2, -746.0, 1e-300, 1.7e308, 2.0**-54, 20.0, -38.0]


def units(found: float, exact: mpmath.mpf) -> float:
    """The error in units in the last place."""
    return float(abs(mpmath.mpf(found) - exact) / math.ulp(float(exact)))


def on_lanes(head: str):
    """The elementary function of machine code, on an array."""
    name = f"native_{head}"
    extension.operation(name, lambda m, x: getattr(m, head)(x), lambda m, x, y: x)
    try:
        return native(autograd.compile(lambda x: getattr(autograd, name)(x), wrt=[]))
    finally:
        extension.remove(name)


@pytest.mark.parametrize("head", functions.FORMULAS)
def test_functions_of_machine_code_are_within_their_bounds(head: str) -> None:
    rng = np.random.default_rng(0)
    xs = np.concatenate(
        [
            rng.uniform(-2, 2, 800),
            rng.uniform(-40, 40, 800),
            rng.uniform(-745, 709.7, 800),
            rng.choice([-1, 1], 800) * np.exp(rng.uniform(-700, 700, 800)),
            1 + 1e-3 * rng.normal(size=800),
        ]
    )
    xs = {"log": np.abs(xs), "log1p": np.where(xs <= -1, -xs, xs)}.get(head, xs)
    found, _ = on_lanes(head)(xs)
    bound = 2.0 if head in ("exp", "log", "log1p") else 3.0
    with mpmath.workprec(200):
        for x, y in zip(xs.tolist(), found.tolist(), strict=True):
            exact = getattr(mpmath, head)(mpmath.mpf(x))
            if abs(exact) < 1.7e308 and abs(exact) > 1e-323:
                assert units(y, exact) < bound, x


@pytest.mark.parametrize("head", functions.FORMULAS)
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_functions_of_machine_code_at_the_edges(head: str, kind) -> None:
    with np.errstate(over="ignore"):
        xs = np.array(SPECIAL, kind)
    found, _ = on_lanes(head)(xs)
    assert found.dtype == kind
    for x, y in zip(xs.tolist(), found.tolist(), strict=True):
        with np.errstate(over="ignore"):
            expected = float(kind(ELEMENTARY[head].on_floats(x)))
        if expected == 0.0 or not math.isfinite(expected):
            assert repr(y) == repr(expected), x
        else:
            assert y == pytest.approx(
                expected, rel=1e-15 if kind is np.float64 else 1e-6, abs=5e-324
            )


# --- Batches --------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(programs(max_steps=40, without=WITHOUT_EDGE), st.data())
def test_lanes_equal_the_eager_engine(program: Program, data) -> None:
    inputs, output = recorded(program, program.inputs)
    compiled = native(autograd.compile(output, inputs))
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
            assert slope == pytest.approx(number, rel=0, abs=1e-12 * s)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_every_operation_on_lanes(kind) -> None:
    inputs, output = every_operation()
    program = autograd.compile(output, inputs)
    numbers = [x.data for x in inputs]
    value, slopes = program(*numbers)
    values, arrays = native(program)(*(np.full(LANES, x, kind) for x in numbers))
    rel = 1e-12 if kind is np.float64 else 1e-4
    assert values.dtype == kind
    assert values == pytest.approx([value] * LANES, rel=rel)
    for array, slope in zip(arrays, slopes, strict=True):
        assert array == pytest.approx([slope] * LANES, rel=rel)


@pytest.fixture(scope="module")
def many():
    """A program over several parts, and its arguments; one array is not contiguous."""
    program = autograd.compile(lambda w, x, y: autograd.tanh(w * x) * autograd.sigmoid(y) + w)
    x, y = np.random.default_rng(0).normal(size=(3 * batches.PART + 1001, 2)).T
    return program, (0.7, x, np.ascontiguousarray(y))


def same(first, second) -> bool:
    pairs = zip([first[0], *first[1]], [second[0], *second[1]], strict=True)
    return all(np.array_equal(x, y) for x, y in pairs)


@pytest.fixture
def on_cores(monkeypatch):
    """Says how many cores there are; even small batches use them all."""
    monkeypatch.setattr(batches, "TOGETHER", 0)
    return lambda count: monkeypatch.setattr(cores, "available", lambda: count)


def test_the_number_of_cores_does_not_change_the_result(many, on_cores) -> None:
    program, arguments = many
    run = native(program)
    results = []
    for count in (1, 2, 5):
        on_cores(count)
        results.append(run(*arguments))
    assert same(results[0], results[1])
    assert same(results[0], results[2])
    with ThreadPoolExecutor(3) as threads:
        assert same(results[0], run(*arguments, executor=threads))
    values, (dw, dx, dy) = program.using("numpy")(*arguments)
    assert results[0][0] == pytest.approx(values, rel=1e-14)
    assert results[0][1][0] == pytest.approx(dw, rel=1e-13)
    assert results[0][1][1] == pytest.approx(dx, rel=1e-12)
    assert results[0][1][2] == pytest.approx(dy, rel=1e-12)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 2047, 2048, 2049, 40_000])
def test_any_number_of_lanes(size: int) -> None:
    program = autograd.compile(lambda w, x: w * x * x)
    x = np.arange(float(size))
    values, (dw, dx) = native(program)(3.0, x)
    assert values.tolist() == (3.0 * x * x).tolist()
    assert dw == float((x * x).sum())
    assert dx.tolist() == (6.0 * x).tolist()


def test_what_is_beyond_32_bits_is_infinite_without_a_warning() -> None:
    program = autograd.compile(lambda w, x: w * x * 1e300)
    for size in (1, 2, 5000):
        values, _ = native(program)(1e200, np.resize(np.array([1.0, -1.0], np.float32), size + 1))
        assert values.tolist()[:2] == [math.inf, -math.inf]


@pytest.mark.parametrize("back_end", ["numpy", "native"])
def test_an_output_beyond_32_bits_that_all_lanes_share_is_infinite_without_a_warning(
    back_end,
) -> None:
    program = autograd.compile(lambda w, x: [w * 1e300, w * x]).using(back_end)
    (values, _), _ = program(2.0, np.ones(3, np.float32))
    assert values.tolist() == [math.inf] * 3
    assert values.dtype == np.float32


def test_results_of_earlier_calls_stay_as_they_were() -> None:
    run = native(autograd.compile(lambda w, x: w * x))
    first, second = run(2.0, np.arange(9.0)), run(3.0, np.arange(9.0))
    assert first[0].tolist() == [2.0 * i for i in range(9)]
    assert second[0].tolist() == [3.0 * i for i in range(9)]
    assert first[1][1].tolist() == [2.0] * 9


@pytest.mark.parametrize("size", [5, 2048, 70_001])
def test_arrays_of_any_layout_and_kind_give_the_same_bits(size: int) -> None:
    program = autograd.compile(lambda w, x, y: autograd.tanh(w * x) * y)
    run = native(program)
    x, y = np.random.default_rng(0).normal(size=(2, size)).astype(np.float32).astype(float)
    expected = run(0.5, x, y)
    apart = np.repeat(x, 2)[::2]
    assert not apart.flags.c_contiguous
    assert same(run(0.5, apart, y), expected)
    assert same(run(0.5, x.astype(np.float32), y), expected)
    still = x.copy()
    still.flags.writeable = False
    assert same(run(0.5, still, y[::-1].copy()[::-1]), expected)


def test_a_large_batch_chooses_machine_code_by_itself(many) -> None:
    program, arguments = many
    assert same(program(*arguments), native(program)(*arguments))
    small = [a if isinstance(a, float) else a[:50] for a in arguments]
    assert same(program(*small), program.using("numpy")(*small))


def test_a_row_of_a_user_is_machine_code_too() -> None:
    extension.operation("cube_of", lambda m, x: x * x * x, lambda m, x, y: 3 * x * x)
    try:
        program = autograd.compile(lambda x: autograd.cube_of(autograd.exp(x)))
        x = np.linspace(-1, 1, 9)
        values, (slopes,) = native(program)(x)
        assert values == pytest.approx(np.exp(3 * x), rel=1e-14)
        assert slopes == pytest.approx(3 * np.exp(3 * x), rel=1e-14)
        assert values.tolist() == native(program)(x[::-1].copy())[0][::-1].tolist()
    finally:
        extension.remove("cube_of")


def test_a_gradient_is_no_negative_zero_and_no_lane_beyond_the_last_counts() -> None:
    program = autograd.compile(lambda w, x: w / x)
    values, (dw, _) = native(program)(1.0, np.array([2.0, 4.0]))
    assert values.tolist() == [0.5, 0.25]
    assert dw == 0.75
    _, (slope, _) = native(autograd.compile(lambda w, x: w * x))(1.0, np.array([-0.0]))
    assert repr(slope) == "0.0"


def test_many_operands_and_shared_conditions() -> None:
    xs = [Value(0.1 * i) for i in range(1, 40)]
    lane = Value(0.5)
    picked = autograd.where(xs[0], lane * xs[1], lane)
    program = autograd.compile(autograd.logsumexp([*xs, picked]), [*xs, lane])
    numbers = [x.data for x in xs]
    value, slopes = program(*numbers, 0.5)
    values, found = native(program)(*numbers, np.full(3, 0.5))
    assert values == pytest.approx([value] * 3, rel=1e-14)
    assert found[0] == pytest.approx(3 * slopes[0], rel=1e-12)
    assert found[-1] == pytest.approx([slopes[-1]] * 3, rel=1e-12)


# --- Who runs it ----------------------------------------------------------------------------------


def test_training_runs_as_machine_code() -> None:
    rng = np.random.default_rng(0)
    model = nn.MLP(2, [16, 16, 1], rng=0)
    data = rng.normal(size=(200, 2)).tolist(), rng.choice([-1, 1], 200).tolist()
    optimiser = nn.SGD(model.parameters(), lr=0.01)
    objective = Objective(model, optimiser.parameters, nn.Batches(data), nn.hinge)
    numbers = [p.data for p in optimiser.parameters]
    compiled, eager = step_for(objective, True), step_for(objective, False)
    loss, slopes = compiled(numbers, np.arange(200))
    assert isinstance(compiled._program._on_arrays.recent.plan, batches.NativePlan)
    expected, expected_slopes = eager(numbers, np.arange(200))
    assert loss == pytest.approx(expected, rel=1e-12)
    assert slopes == pytest.approx(expected_slopes, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_of_dask_run_machine_code(workers: int, many) -> None:
    distributed = pytest.importorskip("distributed")
    program, arguments = many
    x, y = (np.tile(a, 6) for a in arguments[1:])  # several tasks
    run = native(program)
    expected = run(arguments[0], x, y)
    cluster = distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None
    )
    with cluster, distributed.Client(cluster) as client:
        assert same(expected, run(arguments[0], x, y, executor=client.get_executor()))
        # Each worker ran it as machine code.
        found = client.run(lambda: "autograd.compiled.native.batches" in sys.modules)
        assert list(found.values()) == [True] * workers


@pytest.mark.parametrize("where", ["compiling", "running"])
def test_after_ctrl_c_a_program_is_as_it_was(where: str, many, monkeypatch, on_cores) -> None:
    program, arguments = many
    run = native(program)
    expected = native(program)(*arguments)
    taken = (batches, "machine") if where == "compiling" else (batches.Run, "_lanes_from")
    kept, calls = getattr(*taken), []

    def interrupted(*given):
        calls.append(given)
        if len(calls) == (1 if where == "compiling" else 3):
            raise KeyboardInterrupt
        return kept(*given)

    monkeypatch.setattr(*taken, interrupted)
    for count in (1, 2):
        on_cores(count)
        calls.clear()
        with pytest.raises(KeyboardInterrupt):
            native(program)(*arguments) if where == "compiling" else run(*arguments)
    monkeypatch.undo()
    assert same(run(*arguments), expected)


def test_what_is_interrupted_leaves_no_lanes_to_other_threads(many, monkeypatch, on_cores) -> None:
    program, arguments = many
    run = native(program)
    run(*arguments)
    on_cores(3)
    kept, main, begun, ended = batches.Run._lanes_from, threading.get_ident(), [], []
    helping = threading.Event()

    def interrupted(self, low):
        if threading.get_ident() == main:
            helping.wait()
            raise KeyboardInterrupt
        begun.append(low)
        helping.set()
        time.sleep(0.02)
        kept(self, low)
        ended.append(low)

    monkeypatch.setattr(batches.Run, "_lanes_from", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(*arguments)
    assert 1 <= len(begun) <= 2
    assert sorted(begun) == sorted(ended)
    time.sleep(0.1)
    assert len(begun) <= 2


def test_an_error_in_another_thread_is_raised_here(many, monkeypatch, on_cores) -> None:
    program, arguments = many
    run = native(program)
    expected = run(*arguments)
    on_cores(2)
    kept, main = batches.Run._lanes_from, threading.get_ident()
    failed = threading.Event()

    def failing(self, low):
        if threading.get_ident() != main:
            failed.set()
            raise MemoryError("no memory there")
        failed.wait()
        kept(self, low)

    with monkeypatch.context() as patched:
        patched.setattr(batches.Run, "_lanes_from", failing)
        with pytest.raises(MemoryError, match="no memory there"):
            run(*arguments)
    assert same(run(*arguments), expected)


def test_where_no_thread_can_be_started_this_one_does_all(many, monkeypatch, on_cores) -> None:
    program, arguments = many
    run = native(program)
    expected = run(*arguments)
    on_cores(2)
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    monkeypatch.setattr(cores, "_pool", lambda process, count: pool)
    assert same(run(*arguments), expected)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
@pytest.mark.parametrize("size", [1, 5, 8, 9, 16, 17, 3000])
def test_two_vectors_at_a_time_give_the_bits_of_one(kind, size: int, monkeypatch) -> None:
    program = autograd.compile(lambda w, x, y: autograd.tanh(w * x) * autograd.exp(y) + x / w)
    x, y = np.random.default_rng(0).normal(size=(2, size + 1)).astype(kind)
    results = []
    for bits, width in ((128, 8), (512, 16)):
        monkeypatch.setattr(machine(), "vector", bits)
        run = native(program)
        results.append(run(0.7, x, y))
        assert run.recent.plan.kernel.width == width
    assert same(*results)


def test_calls_from_several_threads_at_once(many, on_cores) -> None:
    program, arguments = many
    run = native(program)
    few = [a if isinstance(a, float) else a[:100] for a in arguments]
    expected, expected_few = run(*arguments), run(*few)
    on_cores(2)
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: run(*arguments), range(8)):
            assert same(found, expected)
        for found in threads.map(lambda _: run(*few), range(200)):
            assert same(found, expected_few)


def test_ctrl_c_in_a_long_run_ends_it_soon() -> None:
    program = autograd.compile(
        lambda w, x: autograd.sin(autograd.tan(autograd.sin(w * x))), wrt=[0]
    )
    run = native(program)
    x = np.linspace(0.0, 1.0, 6_000_000)
    run(0.5, x[:8])
    timer = threading.Timer(0.1, lambda: signal.raise_signal(signal.SIGINT))
    # A shell that starts something with & has it ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            run(0.5, x)
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    values, _ = run(0.5, x[:100])
    assert values == pytest.approx(np.sin(np.tan(np.sin(0.5 * x[:100]))), rel=1e-14)


@pytest.mark.parametrize("lanes", [1, 7, 40_001, 200_001])
def test_a_derivative_that_is_the_same_in_all_lanes_is_no_sum_over_parts(lanes) -> None:
    program = autograd.compile(lambda x, y, z: 3.0 * x - y + z, 3).using("native")
    _, slopes = program(np.full(lanes, 2.0), np.arange(lanes, dtype=float), 0.5)
    for slope, number in zip(slopes, (3.0, -1.0, lanes), strict=True):
        assert np.all(slope == number)
    assert [np.shape(slope) for slope in slopes] == [(lanes,), (lanes,), ()]
