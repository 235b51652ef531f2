"""A program as a function of another library's arrays: `program.on(jax.numpy)`."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from functools import reduce
from types import ModuleType
from typing import Any

from autograd.compiled.lowering import Lowered
from autograd.compiled.text import Assignments, Names, tuple_of
from autograd.source import Style, compile_text, steps_of

# What libraries call a function of the vocabulary, where it is not the same.
OTHERWISE = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2",
    "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh", "pow": "power",
    "largest": "maximum",
}  # fmt: skip
CALLS = {
    "where": "where",
    "both": "logical_and",
    "either": "logical_or",
    "largest": "largest",
}
STYLE = Style(lambda name: name, CALLS, constants="")


def function_on(lowered: Lowered, module: ModuleType) -> Callable[..., Any]:
    """The program as a function of the arrays of a library with NumPy's functions.

    Raises:
        TypeError: If the library has not what the program needs.
    """
    used = {CALLS.get(step.head, step.head) for step in steps_of(lowered.results)}
    words = sorted(name for name in used - {"negative", "equal"} if name.isidentifier())
    functions = {name: _found(module, name) for name in words}
    run = _run(lowered, list(functions))
    tape = lowered.tape

    def program(*arguments: Any) -> Any:
        if len(arguments) != len(tape.inputs):
            raise TypeError(
                f"program: expected {len(tape.inputs)} arguments, one for each input, "
                f"got {len(arguments)}"
            )
        arrays = [module.asarray(argument) for argument in arguments]
        like = sum(array.reshape(-1)[:1] * 1.0 for array in arrays)  # of the kind of them all
        shape = module.broadcast_shapes(*(array.shape for array in arrays))
        results = iter(run(*(_lifted(module, f, like) for f in functions.values()), *arrays))

        def lanes() -> Any:
            return module.broadcast_to(_array(module, next(results), like), shape)

        values = tuple(lanes() for _ in tape.outputs)
        gradients = tuple(
            tuple(_summed(module, lanes(), arrays[i].shape) for i in tape.wrt) for _ in tape.outputs
        )
        return (values[0], gradients[0]) if tape.single else (values, gradients)

    return program


def _run(lowered: Lowered, functions: Sequence[str]) -> Callable[..., Any]:
    """The steps as Python: a function of the library's functions and of arrays."""
    names = Names([])
    known = {symbol: names.new(f"x{i + 1}") for i, symbol in enumerate(lowered.inputs)}
    body = Assignments(lowered.results, STYLE, known, names)
    returned = tuple_of([body.expression(symbol) for symbol in lowered.results])
    parameters = ", ".join([*functions, *list(known.values())[: len(lowered.inputs)]])
    lines = [*body.lines, f"return {returned}"]
    text = f"def program({parameters}):\n" + "".join(f"    {line}\n" for line in lines)
    run: Callable[..., Any] = compile_text(text, "program", {"inf": math.inf, "nan": math.nan})
    return run


def _found(module: ModuleType, name: str) -> Callable[..., Any]:
    """The library's function of that name."""
    places: list[Any] = [module, getattr(module, "special", None)]
    if module.__name__.endswith(".numpy"):
        places.append(_imported(f"{module.__name__.removesuffix('.numpy')}.scipy.special"))
    for place in places:
        for candidate in (OTHERWISE.get(name, name), name):
            if hasattr(place, candidate):
                function: Callable[..., Any] = getattr(place, candidate)
                return function
    if name == "cbrt":
        return lambda x: module.copysign(module.pow(module.abs(x), 1 / 3), x)
    raise TypeError(f"on: {module.__name__} has no function {name!r}, which the program needs")


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _lifted(module: ModuleType, function: Callable[..., Any], like: Any) -> Callable[..., Any]:
    """The function with numbers among its arguments made arrays, as not every library takes them.

    One that takes two arguments takes any number of them.
    """

    def lifted(*arguments: Any) -> Any:
        first, *rest = (_array(module, argument, like) for argument in arguments)
        if len(rest) > 1 and function is not module.where:
            return reduce(function, rest, first)
        return function(first, *rest)

    return lifted


def _array(module: ModuleType, given: Any, like: Any) -> Any:
    return module.full_like(like, given)[0] if isinstance(given, float) else given


def _summed(module: ModuleType, lanes: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the lanes that share an entry of an argument of this shape."""
    missing = len(lanes.shape) - len(shape)
    padded = (1,) * missing + tuple(shape)
    axes = tuple(i for i, n in enumerate(padded) if n == 1 and lanes.shape[i] != 1)
    axes = tuple(dict.fromkeys([*range(missing), *axes]))
    return module.sum(lanes, axes).reshape(shape) if axes else lanes
