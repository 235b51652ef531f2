"""Compiled programs beside whichever peers are installed, on the same work, results compared.

The peers write each task as their users would: micrograd and PyTorch with operators, JAX with
`jit`, ddx-ad and CasADi compiled, NumPy by hand with matrix products.

    python -m tests.benchmarks.programs                       # all, batches on one core, too
    taskset -c 0 python -m tests.benchmarks.programs batches  # these alone
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import MLP
from tests.benchmarks.measure import medians, table
from tests.benchmarks.moons import points

HIDDEN, OUTPUT = [[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]
B1, B2 = 0.35, 0.60
X, Y, RATE = (0.05, 0.10), (0.01, 0.99), 0.5
WEIGHTS = [w for row in HIDDEN + OUTPUT for w in row]

Runs = dict[str, Callable[[], Any]]
BATCHES = "batches"  # the argument with which this module measures what is of interest on one core


def installed(name: str) -> Any:
    """The module, or None."""
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keeps this thread, and those that begin in the block, to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> int:
    """How many cores there are; 1 where they cannot be chosen."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else 1


def report(title: str, runs: Runs, ours: str, unit: float, rounds: int, inner: int = 1) -> None:
    """Runs all in turns and prints the medians beside ours."""

    def repeated(run: Callable[[], Any]) -> Callable[[], None]:
        def repeat() -> None:
            for _ in range(inner):
                run()

        return repeat

    taken = medians({name: repeated(run) for name, run in runs.items()}, rounds)
    rows = [
        [name, f"{seconds / inner * unit:.3g}", f"{seconds / taken[ours]:.2f}"]
        for name, seconds in taken.items()
    ]
    table(title, ["", "time", f"× {ours}"], rows)


def check(runs: Runs, ours: str, relative: float = 1e-9) -> None:
    """Raises unless all runs give the same numbers."""
    expected = np.concatenate([np.ravel(part) for part in runs[ours]()])
    for name, run in runs.items():
        found = np.concatenate([np.ravel(np.asarray(part)) for part in run()])
        assert found == pytest.approx(expected, rel=relative, abs=1e-12), name


# --- T1: a 2-2-2 network of sigmoids --------------------------------------------------------------


def tutorial(x: list[Value]) -> tuple[Value, list[Value]]:
    """The loss, and the eight weights."""
    model = MLP.from_weights([HIDDEN, OUTPUT], [B1, B2], output_activation="sigmoid")
    loss = autograd.half_sse(model(x), Y)
    return loss, [p for p in model.parameters() if p.label.startswith("w")]


def written(exp: Callable[[Any], Any], w: Any, x: Any) -> Any:
    """The loss with operators, for any kind of number."""

    def sigmoid(net: Any) -> Any:
        return 1.0 / (1.0 + exp(-net))

    h1 = sigmoid(w[0] * x[0] + w[1] * x[1] + B1)
    h2 = sigmoid(w[2] * x[0] + w[3] * x[1] + B1)
    o1 = sigmoid(w[4] * h1 + w[5] * h2 + B2)
    o2 = sigmoid(w[6] * h1 + w[7] * h2 + B2)
    return 0.5 * ((o1 - Y[0]) * (o1 - Y[0]) + (o2 - Y[1]) * (o2 - Y[1]))


def by_hand(w: Any, x: Any) -> tuple[Any, Any]:
    """The losses and the gradient by matrix products; x has a row for each sample."""
    hidden, output = w[:4].reshape(2, 2), w[4:].reshape(2, 2)
    h = 1 / (1 + np.exp(-(x @ hidden.T + B1)))
    o = 1 / (1 + np.exp(-(h @ output.T + B2)))
    error = o - Y
    d_o = error * o * (1 - o)
    d_h = (d_o @ output) * h * (1 - h)
    return 0.5 * (error * error).sum(axis=-1), np.concatenate(
        [(d_h.T @ x).ravel(), (d_o.T @ h).ravel()]
    )


def step() -> None:
    """One step of gradient descent on one sample."""
    loss, leaves = tutorial([Value(x) for x in X])
    program = autograd.compile(loss, leaves)
    function = program.function

    def descent(run: Callable[..., Any]) -> Callable[[], Any]:
        def one() -> Any:
            w1, w2, w3, w4, w5, w6, w7, w8 = WEIGHTS
            value, (d1, d2, d3, d4, d5, d6, d7, d8) = run(w1, w2, w3, w4, w5, w6, w7, w8)
            updated = (
                w1 - RATE * d1,
                w2 - RATE * d2,
                w3 - RATE * d3,
                w4 - RATE * d4,
                w5 - RATE * d5,
                w6 - RATE * d6,
                w7 - RATE * d7,
                w8 - RATE * d8,
            )
            return updated, value

        return one

    matrix, sample = np.array(WEIGHTS), np.array([X])

    def hand() -> Any:
        value, slopes = by_hand(matrix, sample)
        return matrix - RATE * slopes, value

    runs: Runs = {
        "program.function": descent(function),
        "program(...)": descent(program),
        "NumPy by hand": hand,
    }
    if engine := installed("micrograd.engine" if installed("micrograd") else "micrograd"):

        def micrograd() -> Any:
            w = [engine.Value(number) for number in WEIGHTS]
            out = _micrograd(engine, w)
            out.backward()
            return [p.data - RATE * p.grad for p in w], out.data

        runs["micrograd"] = micrograd
    if torch := installed("torch"):

        def pytorch() -> Any:
            w = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in WEIGHTS]
            out = written(torch.exp, w, X)
            out.backward()
            return [p.item() - RATE * p.grad.item() for p in w], out.item()

        runs["PyTorch"] = pytorch
    if jax := installed("jax"):
        jax.config.update("jax_enable_x64", True)
        jnp = importlib.import_module("jax.numpy")
        slope = jax.value_and_grad(lambda w: written(jnp.exp, w, X))

        @jax.jit
        def jitted(w: Any) -> Any:
            value, gradient = slope(w)
            return w - RATE * gradient, value

        start = jnp.array(WEIGHTS)
        runs["jax.jit"] = lambda: jax.block_until_ready(jitted(start))
    if ddx := installed("ddx"):
        equation = _ddx(ddx, list(X)).compile()
        call = equation.buffer(matrix.copy())

        def ddx_compiled() -> Any:
            call()
            return matrix - RATE * call.jacobian, call.value

        def ddx_called() -> Any:
            value, slopes = equation.jacobian(matrix)
            return matrix - RATE * slopes, value

        runs["ddx-ad compiled, buffered"] = ddx_compiled
        runs["ddx-ad compiled, called"] = ddx_called
        runs["ddx-ad compiled, gradient only"] = lambda: (call() or call.jacobian, call.value)
    if casadi := installed("casadi"):
        symbols = casadi.SX.sym("w", 8)
        out = written(casadi.exp, [symbols[i] for i in range(8)], X)
        updated = symbols - RATE * casadi.gradient(out, symbols)
        solver = casadi.Function("step", [symbols], [updated, out])
        runs["CasADi"] = lambda: [np.asarray(part) for part in solver(WEIGHTS)]
    gradient_only = runs.pop("ddx-ad compiled, gradient only", None)
    check(runs, "program.function")
    runs["program.function, gradient only"] = lambda: function(*WEIGHTS)
    if gradient_only:
        runs["ddx-ad compiled, buffered, gradient only"] = gradient_only
    report("T1, one step of gradient descent, µs", runs, "program.function", 1e6, 15, 300)
    if numba := installed("numba"):
        peers = {name: run for name, run in runs.items() if name.startswith("ddx-ad")}
        _under_numba(numba, function, peers)


def _under_numba(numba: Any, function: Any, peers: Runs) -> None:
    """A step under numba, called from compiled code, as a call from Python costs more than it."""
    compiled = numba.njit(error_model="numpy")(function)

    @numba.njit
    def loop(times: int, w: Any) -> float:
        total = 0.0
        for _ in range(times):
            value, d = compiled(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7])
            w[0] -= RATE * d[0]
            w[1] -= RATE * d[1]
            w[2] -= RATE * d[2]
            w[3] -= RATE * d[3]
            w[4] -= RATE * d[4]
            w[5] -= RATE * d[5]
            w[6] -= RATE * d[6]
            w[7] -= RATE * d[7]
            total += value
        return total

    count = 1000
    loop(1, np.array(WEIGHTS))
    runs: Runs = {"numba": lambda: loop(count, np.array(WEIGHTS))}
    for name, run in peers.items():
        runs[name] = lambda run=run: [run() for _ in range(count)]
    report("T1 under numba.njit, µs a step", runs, "numba", 1e6 / count, 15)


def _micrograd(engine: Any, w: list[Any]) -> Any:
    """The loss on micrograd, with the exponential that it lacks."""

    def exp(x: Any) -> Any:
        out = engine.Value(math.exp(x.data), (x,), "exp")

        def backward() -> None:
            x.grad += out.data * out.grad

        out._backward = backward
        return out

    return written(exp, w, X)


def _ddx(ddx: Any, x: list[Any]) -> Any:
    def model() -> Any:
        w = [ddx.var(f"w{i}") for i in range(8)]
        inputs = [ddx.param(f"x{i}") if i is None else i for i in x]
        return written(ddx.exp, w, inputs)

    return ddx.equation(model)


def tutorial_batch() -> Any:
    """The program of a sample's loss and its gradient by the weights."""
    x = [Value(0.0), Value(0.0)]
    loss, leaves = tutorial(x)
    return autograd.compile(loss, [*leaves, *x], wrt=leaves)


def batch(lanes: int, rounds: int, inner: int = 1) -> None:
    """The loss of every sample and the gradient of their sum by the weights."""
    program = tutorial_batch()
    x1, x2 = np.random.default_rng(0).normal(size=(2, lanes))
    rows, matrix = np.stack([x1, x2], axis=1), np.array(WEIGHTS)
    runs: Runs = {
        "program(...)": lambda: program(*WEIGHTS, x1, x2),
        "NumPy by hand": lambda: by_hand(matrix, rows),
    }
    if lanes > 100_000 and cores() > 1:  # PyTorch and JAX use all cores, too

        def alone() -> Any:
            with on_one_core():
                return program(*WEIGHTS, x1, x2)

        runs["program(...), on one core"] = alone
        threads = ThreadPoolExecutor(os.cpu_count())
        name = "program(..., executor=), a thread a core"
        runs[name] = lambda: program(*WEIGHTS, x1, x2, executor=threads)
    if torch := installed("torch"):
        t1, t2 = torch.from_numpy(x1), torch.from_numpy(x2)

        def pytorch() -> Any:
            w = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in WEIGHTS]
            h1 = torch.sigmoid(w[0] * t1 + w[1] * t2 + B1)
            h2 = torch.sigmoid(w[2] * t1 + w[3] * t2 + B1)
            o1 = torch.sigmoid(w[4] * h1 + w[5] * h2 + B2)
            o2 = torch.sigmoid(w[6] * h1 + w[7] * h2 + B2)
            losses = 0.5 * ((o1 - Y[0]) ** 2 + (o2 - Y[1]) ** 2)
            losses.sum().backward()
            return losses.detach().numpy(), np.array([p.grad.item() for p in w])

        runs["PyTorch"] = pytorch
    if jax := installed("jax"):
        jax.config.update("jax_enable_x64", True)
        jnp = importlib.import_module("jax.numpy")

        def losses_and_sum(w: Any, x: Any) -> Any:
            losses = written(jnp.exp, w, x)
            return losses.sum(), losses

        slope = jax.jit(jax.value_and_grad(losses_and_sum, has_aux=True))
        start, samples = tuple(WEIGHTS), (jnp.array(x1), jnp.array(x2))

        def jitted() -> Any:
            (_, losses), gradient = jax.block_until_ready(slope(start, samples))
            return losses, np.array(gradient)

        runs["jax.jit"] = jitted
    if ddx := installed("ddx"):
        equation = _ddx_batch(ddx).compile(points=lanes)
        many = np.vstack([np.repeat(matrix[:, None], lanes, axis=1), [x1, x2]])

        def ddx_compiled() -> Any:
            losses, slopes = equation.jacobian(many)
            return losses, slopes[:8].sum(axis=1)

        runs["ddx-ad compiled"] = ddx_compiled
    check(runs, "program(...)")
    unit = 1e9 / lanes
    title = f"T1 over {lanes:,} samples on {cores()} cores, ns a sample"
    report(title, runs, "program(...)", unit, rounds, inner)


def growth() -> None:
    """Nanoseconds a sample of batches of growing size, on one core and on all of them."""
    program = tutorial_batch()
    runs: Runs = {}
    lanes_of: dict[str, int] = {}
    for lanes in (10_000, 100_000, 1_000_000, 10_000_000):
        samples = np.random.default_rng(0).normal(size=(2, lanes))

        def run(samples: Any = samples, times: int = max(1, 1_000_000 // lanes)) -> None:
            for _ in range(times):
                program(*WEIGHTS, *samples)

        def alone(run: Callable[[], Any] = run) -> Any:
            with on_one_core():
                return run()

        for name, way in (("one core", alone), (f"{cores()} cores", run)):
            if way is alone or cores() > 1:
                runs[f"{lanes:,} samples, {name}"] = way
                lanes_of[f"{lanes:,} samples, {name}"] = max(lanes, 1_000_000)
        run()
    each = {name: s / lanes_of[name] * 1e9 for name, s in medians(runs, 15).items()}
    rows = []
    for name, taken in each.items():
        first, one = (f"{size}, one core" for size in ("100,000 samples", name.rpartition(", ")[0]))
        ratios = taken / each[first], each[one] / taken
        rows.append([name, f"{taken:.1f}", *(f"{ratio:.2f}" for ratio in ratios)])
    columns = ["", "time", "× 100,000 on one core", "one core's time ÷ this"]
    table("T1 over more and more samples, ns a sample", columns, rows)


def _ddx_batch(ddx: Any) -> Any:
    def model() -> Any:
        w = [ddx.var(f"w{i}") for i in range(8)]
        return written(ddx.exp, w, [ddx.param("x1"), ddx.param("x2")])

    return ddx.equation(model)


def peak() -> None:
    """Memory that a gradient over 1,000,000 samples takes beside its arguments."""
    program = tutorial_batch()
    samples = np.random.default_rng(0).normal(size=(2, 1_000_000))
    tracemalloc.start()
    program(*WEIGHTS, *samples)
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    table("T1 over 1,000,000 samples, memory", ["", "MB"], [["peak", f"{size / 2**20:.0f}"]])


# --- The moons network ----------------------------------------------------------------------------


def moons_batch(lanes: int = 10_000) -> None:
    """The loss of each of many points and the gradient of their sum, MLP 2-16-16-1."""
    model = MLP(2, [16, 16, 1], rng=0)
    x, y = [Value(0.0), Value(0.0)], Value(1.0)
    leaves = model.parameters()
    program = autograd.compile(autograd.relu(1 - y * model(x)), [*leaves, *x, y], wrt=leaves)
    data, classes = points(lanes)
    samples, labels = np.array(data), np.array(classes, float)
    columns = np.ascontiguousarray(samples.T)
    numbers = [leaf.data for leaf in leaves]
    weights = [np.array(w) for w in model.weights()]
    biases = [np.array(b, float) for b in model.biases()]

    def hand() -> Any:
        z1 = samples @ weights[0].T + biases[0]
        h1 = np.maximum(z1, 0)
        z2 = h1 @ weights[1].T + biases[1]
        h2 = np.maximum(z2, 0)
        margin = 1 - labels * (h2 @ weights[2].T + biases[2])[:, 0]
        d3 = np.where(margin > 0, -labels, 0.0)[:, None]
        d2 = (d3 @ weights[2]) * (z2 > 0)
        d1 = (d2 @ weights[1]) * (z1 > 0)
        slopes = [
            np.column_stack([d.T @ h, d.sum(axis=0)]).ravel()
            for d, h in ((d1, samples), (d2, h1), (d3, h2))
        ]
        return np.maximum(margin, 0), np.concatenate(slopes)

    runs: Runs = {
        "program(...)": lambda: program(*numbers, *columns, labels),
        "NumPy by hand": hand,
    }
    check(runs, "program(...)")
    title = f"MLP 2-16-16-1 over {lanes:,} moons points, ms"
    report(title, runs, "program(...)", 1e3, 15)
    if engine := installed("micrograd.engine" if installed("micrograd") else "micrograd"):
        few = 100

        def micrograd() -> None:
            p = [engine.Value(number) for number in numbers]
            for (a, b), label in zip(data[:few], classes[:few], strict=True):
                values = [engine.Value(a), engine.Value(b)]
                start = 0
                for index, size in enumerate((16, 16, 1)):
                    width = len(values) + 1
                    rows = [p[start + i * width : start + (i + 1) * width] for i in range(size)]
                    nets = [
                        sum((w * v for w, v in zip(row, values, strict=False)), row[-1])
                        for row in rows
                    ]
                    values = nets if index == 2 else [net.relu() for net in nets]
                    start += size * width
                (1 + -label * values[0]).relu().backward()

        runs = {
            "program(...)": runs["program(...)"],
            f"micrograd, {few} points": micrograd,
        }
        taken = medians(runs, 5)
        ours, theirs = taken.values()
        rows = [[f"{theirs / few * 1e6:.0f}", f"{ours / lanes * 1e6:.3f}"]]
        rows[0].append(f"{theirs / few / (ours / lanes):.0f}")
        table("The same beside micrograd, µs a point", ["micrograd", "ours", "ratio"], rows)


# --- Compiling ------------------------------------------------------------------------------------


def compiling() -> None:
    """Seconds to compile and run graphs of growing size."""
    rows = []
    for nodes in (1_000, 10_000, 100_000, 1_000_000):
        xs = [Value(0.01 * i) for i in range(1, 101)]
        total = Value(0.0)
        for i in range(nodes // 3):
            total = total + (xs[i % 100] * xs[(7 * i) % 100]).tanh()
        numbers = [x.data for x in xs]
        start = time.perf_counter()
        program = autograd.compile(total, xs)
        program(*numbers)
        compiled = time.perf_counter() - start
        start = time.perf_counter()
        program(*numbers)
        run = time.perf_counter() - start
        rows.append([f"{nodes:,}", f"{compiled:.2f}", f"{run / nodes * 1e9:.0f}"])
        del program, total, xs
    columns = ["nodes", "compile and first run, s", "later runs, ns a node"]
    table("Graphs of growing size", columns, rows)


def main() -> None:
    """All of them."""
    step()
    batch(100, 15, 100)
    batch(1_000_000, 9)
    growth()
    peak()
    moons_batch()
    compiling()
    if cores() > 1:
        with on_one_core():  # a process of its own, all of whose threads begin there
            run = [sys.executable, "-m", "tests.benchmarks.programs", BATCHES]
            subprocess.run(run, check=True)


def batches() -> None:
    """What is measured on one core, too."""
    print("\nOn one core")
    batch(1_000_000, 9)
    moons_batch()


if __name__ == "__main__":
    batches() if BATCHES in sys.argv else main()
