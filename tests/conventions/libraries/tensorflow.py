"""TensorFlow: variables of float64 and `tf.GradientTape`."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf
from measure import Functions, Missing, evaluated

FUNCTIONS = Functions(
    tf.math,
    tf.nn,
    tf,
    tf.linalg,
    where=tf.where,
    amax=tf.reduce_max,
    amin=tf.reduce_min,
    prod=tf.reduce_prod,
    sum=tf.reduce_sum,
    std=tf.math.reduce_std,
    var=tf.math.reduce_variance,
    logsumexp=tf.reduce_logsumexp,
    logsigmoid=tf.math.log_sigmoid,
    clip=tf.clip_by_value,
    leaky_relu=lambda x: tf.nn.leaky_relu(x, 0.01),
    norm=tf.norm,
    sort=tf.sort,
)


def version():
    return tf.__version__


def answer(formula, at, order):
    variables = [tf.Variable(x, dtype=tf.float64) for x in at.values()]
    with tf.GradientTape(persistent=True) as outer:
        with tf.GradientTape() as inner:
            named = dict(zip(at, [tf.identity(v) for v in variables], strict=True))
            result = evaluated(formula, FUNCTIONS, named)
        if order == 0:
            return result.numpy().item()
        slopes = inner.gradient(result, variables)
        if order == 1:
            return [None if d is None else tf.convert_to_tensor(d).numpy() for d in slopes]
        if any(d is None for d in slopes):
            raise Missing("the derivative, of which it has no record")
        if variables[0].shape.rank:
            (slope,) = slopes
            parts = [slope[i] for i in range(slope.shape[0])]
        else:
            parts = slopes
    rows = [outer.gradient(part, variables) for part in parts]
    return [[None if d is None else tf.convert_to_tensor(d).numpy() for d in row] for row in rows]


def second_backward():
    x, y = tf.Variable(3.0), tf.Variable(5.0)
    with tf.GradientTape(persistent=True) as tape:
        z = (x * x) * y
    return tape.gradient(z, x).numpy() + tape.gradient(z, x).numpy()


def changed_leaf():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
    x.assign(5.0)
    return tape.gradient(y, x).numpy()


def in_place_on_needed():
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = tf.exp(x)
        y += 1.0
    return tape.gradient(y, x).numpy()


def _constant_gradient(given):
    x = tf.constant(given)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    found = tape.gradient(y, x)
    return None if found is None else found.numpy()


def integer_input():
    return _constant_gradient(3)


def boolean_input():
    return _constant_gradient(True)


def unused_input():
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        z = x * x
    return tape.gradient(z, y)


def constant_result():
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        z = tf.constant(3.0)
    return tape.gradient(z, x)


BEHAVIOURS = {
    "second-backward": second_backward,
    "changed-leaf": changed_leaf,
    "in-place-on-needed": in_place_on_needed,
    "integer-input": integer_input,
    "boolean-input": boolean_input,
    "unused-input": unused_input,
    "constant-result": constant_result,
}
