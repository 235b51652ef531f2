"""The same program on the arrays of other libraries, where they are installed."""

import importlib
import math
import types

import numpy as np
import pytest

import autograd
from tests.compiling import every_operation

LIBRARIES = ["numpy", "jax.numpy", "torch"]


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
    inputs, output = every_operation()
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
