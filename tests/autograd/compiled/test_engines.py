"""The same program on the arrays of other libraries, where they are installed."""

import importlib
import math
import pickle
import re
import sys
import types
from collections.abc import Iterator

import numpy as np
import pytest

import autograd
from autograd import Value
from tests.compiling import every_operation

LIBRARIES = ["numpy", "jax.numpy", "torch"]
# Rows whose functions Numba does not know by the names of this library; its back end is another.
STEPS = {"floor", "ceil", "trunc", "round", "sinc"}


@pytest.fixture(autouse=True)
def _precision_of_jax_as_it_was() -> Iterator[None]:
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_enable_x64", False)


def library(name: str) -> types.ModuleType:
    module = pytest.importorskip(name)
    if name == "jax.numpy":
        importlib.import_module("jax").config.update("jax_enable_x64", True)
    return module


def array(module: types.ModuleType, numbers):
    return module.asarray(np.asarray(numbers, float))


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_operation(name) -> None:
    module = library(name)
    names = [n for n in autograd.table.TABLE if name != "numpy" or ("erf" not in n and n != "gelu")]
    inputs, output = every_operation(names)
    program = autograd.compile(output, inputs)
    numbers = [x.data for x in inputs]
    value, slopes = program(*numbers)
    values, arrays = program.on(module)(
        array(module, numbers[0]), array(module, [numbers[1]] * 3), array(module, [[numbers[2]]])
    )
    assert [tuple(a.shape) for a in (values, *arrays)] == [(1, 3), (), (3,), (1, 1)]
    assert np.asarray(values) == pytest.approx(np.full((1, 3), value), rel=1e-12)
    for found, slope, count in zip(arrays, slopes, (3, 1, 3), strict=True):
        assert np.asarray(found).ravel() == pytest.approx(slope * count, rel=1e-11)


@pytest.mark.parametrize("name", LIBRARIES)
def test_nothing_of_the_other_arm_reaches_the_gradient(name) -> None:
    module = library(name)
    program = autograd.compile(lambda x: autograd.where(x > 0, x * autograd.log(x), 0.0) + x)
    with np.errstate(all="ignore"):
        _, (slope,) = program.on(module)(array(module, [-1.0, 0.0, 1.0]))
    assert np.asarray(slope).tolist() == [1.0, 1.0, 2.0]


@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("name", [*LIBRARIES, "array_api_strict", "dask.array"])
def test_numbers_take_the_kind_of_the_arrays_beside_them(name, kind) -> None:
    module = library(name)
    program = autograd.compile(lambda w, x: 0.1 * w * x + autograd.exp(x) + 0.1)
    x = np.array([0.25, 1.5], kind)
    values, (dw, dx) = program.on(module)(0.1, module.asarray(x))
    expected, (slope, slopes) = program(0.1, x)
    rel = 1e-15 if kind == "float64" else 1e-6
    assert {kind} == {str(a.dtype).rpartition(".")[2] for a in (values, dw, dx)}
    assert np.asarray(values) == pytest.approx(expected, rel=rel)
    assert float(dw) == pytest.approx(slope, rel=rel)
    assert np.asarray(dx) == pytest.approx(slopes, rel=rel)


@pytest.mark.parametrize("name", [*LIBRARIES, "array_api_strict", "dask.array"])
def test_constants_beyond_the_kind_of_the_arrays_are_infinities(name) -> None:
    module = library(name)
    x = np.array([8.0, 1e-30, 0.0], "float32")
    least = autograd.compile(lambda x, y: autograd.minimum(x, y)).on(module)
    assert np.asarray(least(module.asarray(x), -1e300)[0]).tolist() == [-math.inf] * 3
    if name in LIBRARIES:  # with a cubic root, whose rule has such constants
        with np.errstate(all="ignore"):
            values, (slopes,) = autograd.compile(autograd.cbrt, 1).on(module)(module.asarray(x))
        assert np.asarray(values) == pytest.approx([2.0, 1e-10, 0.0], rel=1e-6)
        assert np.asarray(slopes)[:2] == pytest.approx([1 / 12, 1e20 / 3], rel=1e-5)


def test_on_a_library_is_pickled_with_the_program() -> None:
    on_numpy = autograd.compile(lambda w, x: w * x).on(np)
    twin = pickle.loads(pickle.dumps(on_numpy))
    assert [a.tolist() for a in twin(2.0, np.ones(2))[1]] == [2.0, [2.0, 2.0]]


def test_masked_arrays_are_refused() -> None:
    with pytest.raises(TypeError, match=re.escape("got an array with a mask, which the result")):
        autograd.compile(lambda x: x * x).on(np)(np.ma.array([1.0, 2.0], mask=[False, True]))


def test_no_lanes_and_integers() -> None:
    on_numpy = autograd.compile(lambda w, x: w * x).on(np)
    assert [a.shape for a in on_numpy(np.zeros(0), 2.0)[1]] == [(0,), ()]
    assert on_numpy(np.array([1, 2]), 0.5)[0].tolist() == [0.5, 1.0]


def test_tensors_that_are_numbers_and_tensors_with_a_gradient() -> None:
    torch = library("torch")
    program = autograd.compile(lambda w, x: w * x)
    two, three = torch.tensor(2.0), torch.tensor(3.0, requires_grad=True)
    assert program(two, three) == (6.0, (3.0, 2.0))
    value = Value(three)
    assert (value.data, value == three, three == value) == (3.0, True, True)
    assert (value * two).data == (two * value).data == 6.0
    lanes, (slope, _) = program.on(torch)(three, torch.ones(2))  # warns of nothing
    assert (lanes.requires_grad, slope.tolist()) == (True, 2.0)
    (lanes,) = (program.on(torch)(0.5, torch.zeros(2, device="meta"))[0],)
    assert (lanes.device.type, tuple(lanes.shape)) == ("meta", (2,))
    for bad in (torch.tensor(1 + 2j), torch.zeros((), device="meta")):
        with pytest.raises(TypeError, match="Value: expected a real number, got tensor"):
            Value(bad)


def test_an_explicit_mesh_of_jax() -> None:
    jnp, jax = library("jax.numpy"), importlib.import_module("jax")
    mesh = jax.make_mesh((1,), ("lanes",), axis_types=(jax.sharding.AxisType.Explicit,))
    run = autograd.compile(lambda w, x: autograd.tanh(w * x)).on(jnp)
    with jax.set_mesh(mesh):
        lanes = jax.device_put(jnp.arange(4.0), jax.NamedSharding(mesh, jax.P("lanes")))
        values, (slope, slopes) = run(0.5, lanes)
    assert values == pytest.approx(np.tanh(0.5 * np.arange(4.0)), rel=1e-6)
    assert slopes.shape == (4,)
    assert float(slope) == pytest.approx(sum(np.arange(4) / np.cosh(0.5 * np.arange(4)) ** 2))


def test_jax_transforms_it() -> None:
    jnp = library("jax.numpy")
    jax = importlib.import_module("jax")
    program = autograd.compile(lambda w, x: autograd.leaky_relu(w * x, 0.01))
    run = jax.jit(program.on(jnp))
    value, (dw, dx) = run(2.0, jnp.array([1.0, -1.0]))
    assert (value.tolist(), float(dw), dx.tolist()) == ([2.0, -0.02], 0.99, [2.0, 0.02])
    each = jax.vmap(program.on(jnp), in_axes=(None, 0))(2.0, jnp.array([1.0, -1.0]))
    assert each[1][0].tolist() == [1.0, -0.01]


def test_a_library_without_a_function_is_named() -> None:
    bare = types.ModuleType("bare")
    with pytest.raises(TypeError, match="on: bare has no function 'sin', which the program needs"):
        autograd.compile(lambda x: autograd.sin(x), wrt=[]).on(bare)


def test_numba_compiles_the_function_as_it_stands() -> None:
    numba = pytest.importorskip("numba")
    inputs, output = every_operation([name for name in autograd.table.TABLE if name not in STEPS])
    program = autograd.compile(output, inputs)
    compiled = numba.njit(program.function)
    for numbers in ([x.data for x in inputs], [0.25, 0.5, 1.25]):
        value, slopes = compiled(*numbers)
        expected, expected_slopes = program(*numbers)
        assert value == pytest.approx(expected, rel=1e-12)
        assert slopes == pytest.approx(expected_slopes, rel=1e-12)
    ratio = numba.njit(autograd.compile(lambda x: 1 / x).function, error_model="numpy")
    assert ratio(0.0) == (math.inf, (-math.inf,))


def test_workers_of_dask_run_the_blocks() -> None:
    distributed = pytest.importorskip("distributed")
    program = autograd.compile(lambda w, x: autograd.tanh(w * x), wrt=[0])
    samples = np.linspace(-1.0, 1.0, 500_000)
    values, slopes = program(2.0, samples)
    cluster = distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        found, sums = program(2.0, samples, executor=client.get_executor())
    assert np.array_equal(found, values)
    assert sums == slopes
