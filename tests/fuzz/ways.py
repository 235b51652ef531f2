"""Ways to compute a function and its gradient.

Each takes the function, its arguments and a `Call`. It returns the value, and derivatives by input
or along a direction; None where the function cannot be computed in that way.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any

import autograd
from autograd import Value, gradients
from tests.fuzz.calls import Call

Function = Callable[..., Any]
Key = int | tuple[float, ...]  # an input, or how fast each of them moves
Found = tuple[Any, dict[Key, Any]] | None
Way = Callable[[Function, Sequence[Any], Call], Found]


# --- On numbers -----------------------------------------------------------------------------------


def backward(f: Function, point: Sequence[float], call: Call) -> Found:
    """Recorded, and `.grad` read."""
    leaves = [Value(x) for x in point]
    output = f(*leaves)
    if not isinstance(output, Value):
        return None
    output.backward()
    return output.data, _by([leaf.grad for leaf in leaves])


def recorded(f: Function, point: Sequence[float], call: Call) -> Found:
    """Gradients that have gradients."""
    leaves = [Value(x) for x in point]
    output = f(*leaves)
    if not isinstance(output, Value):
        return None
    return output.data, _by([slope.data for slope in gradients(output, leaves, create_graph=True)])


def value_and_grad(f: Function, point: Sequence[float], call: Call) -> Found:
    """The function that has both."""
    value, slopes = autograd.value_and_grad(f, tuple(range(len(point))))(*point)
    return value, _by(slopes)


def vjp(f: Function, point: Sequence[float], call: Call) -> Found:
    """A reverse pass from another number than 1."""
    value, pull_back = autograd.vjp(f, *point)
    return value, _by([-slope for slope in pull_back(-1.0)])


def jacobian(f: Function, point: Sequence[float], call: Call) -> Found:
    """The rows of several results."""
    places = tuple(range(len(point)))
    both = autograd.jacobian(lambda *x: [x[0] - x[-1], f(*x)], places)(*point)
    return f(*map(Value, point)).data, _by(both[1])


def jvp(f: Function, point: Sequence[float], call: Call) -> Found:
    """Forward: along two inputs, and along a direction in which about two thirds of them move."""
    rng = random.Random(call.seed)
    units = rng.sample(range(len(point)), min(2, len(point)))
    directions: dict[Key, tuple[float, ...]] = {i: _unit(i, len(point)) for i in units}
    along = tuple(rng.choice([0.0, 1.0, -0.5]) for _ in point)
    directions[along] = along
    moved = {key: autograd.jvp(f, tuple(point), directions[key]) for key in directions}
    return moved[along][0], {key: slope for key, (_, slope) in moved.items()}


def recorded_jvp(f: Function, point: Sequence[float], call: Call) -> Found:
    """Forward, in Values."""
    i = random.Random(call.seed).randrange(len(point))
    value, slope = autograd.jvp(f, tuple(map(Value, point)), _unit(i, len(point)))
    return _number(value), {i: _number(slope)}


def program(f: Function, given: Sequence[Any], call: Call) -> Found:
    """A compiled program: on numbers, or on arrays."""
    return _of_program(compiled(f, len(given), call.wrt), given, call)


def numba(f: Function, point: Sequence[float], call: Call) -> Found:
    """The source of a program compiled by Numba, where it calls nothing of the engine."""
    made = compiled(f, len(point), call.wrt)
    if "from autograd" in made.source:
        return None
    return _of_program(_module("numba").njit(error_model="numpy")(made.function), point, call)


# --- On arrays ------------------------------------------------------------------------------------


def numpy(f: Function, given: Sequence[Any], call: Call) -> Found:
    """The back end of NumPy: blocks of lanes, never machine code."""
    made = compiled(f, len(given), call.wrt)
    return _of_program(made.using("numpy"), given, call)


def native(f: Function, given: Sequence[Any], call: Call) -> Found:
    """Machine code."""
    made = compiled(f, len(given), call.wrt)
    return _of_program(made.using("native"), given, call)


def on_numpy(f: Function, given: Sequence[Any], call: Call) -> Found:
    """NumPy's functions, as those of any other library."""
    return _on("numpy", f, given, call)


def on_jax(f: Function, given: Sequence[Any], call: Call) -> Found:
    """JAX's functions."""
    _module("jax").config.update("jax_enable_x64", True)
    return _on("jax.numpy", f, given, call)


def on_torch(f: Function, given: Sequence[Any], call: Call) -> Found:
    """PyTorch's functions."""
    return _on("torch", f, given, call)


# --- All of them ----------------------------------------------------------------------------------

ON_NUMBERS = (backward, recorded, value_and_grad, vjp, jacobian, jvp, recorded_jvp, program, numba)
ON_ARRAYS = (program, numpy, native, on_numpy, on_jax, on_torch)
# In how many graphs each is tried once; it is named here if that is not in each, or needs a module.
OFTEN = {
    "numpy": 4,
    "on_numpy": 8,
    "native": 40,
    "on_jax": 80,
    "on_torch": 80,
    "numba": 400,
    "exactly": 8,
}
FORWARD = {"jvp", "recorded_jvp"}
NEEDS = {"native": "llvmlite", "on_jax": "jax", "on_torch": "torch", "numba": "numba"}
NAMES = tuple(dict.fromkeys([*(way.__name__ for way in (*ON_NUMBERS, *ON_ARRAYS)), "exactly"]))


def drawn(rng: random.Random) -> tuple[str, ...]:
    """The names of the ways by which a graph is computed: the same ones for the same seed."""
    numbers = {name: rng.random() for name in NAMES}
    return tuple(n for n in NAMES if numbers[n] * OFTEN.get(n, 1) < 1.0 and is_installed(n))


@cache
def is_installed(name: str) -> bool:
    """Whether what a way needs is there."""
    return name not in NEEDS or find_spec(NEEDS[name]) is not None


@lru_cache(maxsize=1)
def compiled(f: Function, count: int, wrt: tuple[int, ...]) -> autograd.Program:
    """The program, made once for all ways to run it."""
    return autograd.compile(f, count, wrt)


def _by(slopes: Sequence[Any]) -> dict[Key, Any]:
    return dict(enumerate(slopes))


def _unit(i: int, count: int) -> tuple[float, ...]:
    return tuple(float(i == j) for j in range(count))


def _number(x: Any) -> float:
    return x.data if isinstance(x, Value) else x


def _of_program(run: Function, given: Sequence[Any], call: Call) -> Found:
    value, slopes = run(*given)
    return value, dict(zip(call.wrt, slopes, strict=True))


def _on(module: str, f: Function, given: Sequence[Any], call: Call) -> Found:
    made = compiled(f, len(given), call.wrt)
    try:
        run = made.on(_module(module))
    except TypeError as error:
        if "has no function" in str(error):
            return None
        raise
    return _of_program(run, given, call)


def _module(name: str) -> Any:
    return importlib.import_module(name)
