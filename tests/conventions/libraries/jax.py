"""JAX: arrays of float64, `jax.grad` and `jax.hessian`."""

import jax
import jax.numpy as jnp
from measure import Functions, evaluated

jax.config.update("jax_enable_x64", True)

FUNCTIONS = Functions(
    jnp,
    jax.nn,
    jax.scipy.special,
    jnp.linalg,
    names={"atan2": "arctan2", "logsigmoid": "log_sigmoid"},
    cumprod=jnp.cumprod,
    logsumexp=jax.nn.logsumexp,
    softmax=jax.nn.softmax,
)


def version():
    return jax.__version__


def answer(formula, at, order):
    names, numbers = list(at), [jnp.asarray(x, dtype=float) for x in at.values()]

    def function(*arrays):
        return evaluated(formula, FUNCTIONS, dict(zip(names, arrays, strict=True)))

    if order == 0:
        return function(*numbers).tolist()
    every = tuple(range(len(numbers)))
    if order == 1:
        return [d.tolist() for d in jax.grad(function, argnums=every)(*numbers)]
    return [[d.tolist() for d in row] for row in jax.hessian(function, argnums=every)(*numbers)]


def second_backward():
    _, back = jax.vjp(lambda x, y: (x * x) * y, 3.0, 5.0)
    return float(back(1.0)[0] + back(1.0)[0])


def changed_leaf():
    import numpy

    x = numpy.array(2.0)
    _, back = jax.vjp(lambda x: x * x, x)
    x[()] = 5.0
    return float(back(1.0)[0])


def in_place_on_needed():
    def function(x):
        y = jnp.exp(x).reshape(1)
        y[0] += 1.0
        return y[0]

    return float(jax.grad(function)(0.0))


def integer_input():
    return float(jax.grad(lambda x: x * x)(3))


def boolean_input():
    return float(jax.grad(lambda x: 2.0 * x)(True))


def unused_input():
    return float(jax.grad(lambda x, y: x * x, argnums=1)(2.0, 3.0))


def constant_result():
    return float(jax.grad(lambda x: 3.0)(2.0))


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
