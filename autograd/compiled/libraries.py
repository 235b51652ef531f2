"""The back ends of other libraries: a program as a function of their arrays."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from functools import reduce
from types import ModuleType
from typing import Any

from autograd.compiled.back_ends import BackEnd, require_count
from autograd.compiled.lowering import Lowered
from autograd.compiled.styles import calling
from autograd.language.elementary import ELEMENTARY
from autograd.language.emitting import FunctionText
from autograd.language.symbols import steps_of
from autograd.language.writing import Writer, tuple_of

CALLED = frozenset({"where", "both", "either"})


def library(module: ModuleType) -> BackEnd:
    """The back end that runs programs on the arrays of a library with NumPy's functions."""
    return lambda tape: function_on(Lowered(tape, two_words=False), module)


def function_on(lowered: Lowered, module: ModuleType) -> Callable[..., Any]:
    """The program as a function of the arrays of a library with NumPy's functions.

    Raises:
        TypeError: If the library has not what the program needs.
    """
    heads = {step.head for step in steps_of(lowered.results)}
    called = [head for head in heads if head in CALLED or not ELEMENTARY[head].construct]
    called.sort(key=_name)
    functions = {head: _found(module, head) for head in called}
    run = _run(lowered, list(functions))
    tape = lowered.tape

    def program(*arguments: Any) -> Any:
        require_count(tape, len(arguments))
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


def _run(lowered: Lowered, heads: Sequence[str]) -> Callable[..., Any]:
    """The steps as Python: a function of the library's functions for these heads, and of arrays."""
    text = FunctionText("program")
    functions = {head: text.parameter(_name(head)) for head in heads}
    known = {symbol: text.parameter(f"x{i + 1}") for i, symbol in enumerate(lowered.inputs)}
    style = calling(functions, CALLED)
    writer = Writer(text, style, lowered.results, known)
    returned = tuple_of([writer.expression(symbol) for symbol in lowered.results])
    text.lines.append(f"return {returned}")
    run: Callable[..., Any] = text.compiled()
    return run


def _name(head: str) -> str:
    """What the function for steps of that head is called in the text."""
    return ELEMENTARY[head].numpy if head in CALLED else head


def _found(module: ModuleType, head: str) -> Callable[..., Any]:
    """The library's function for steps of that head."""
    places: list[Any] = [module, getattr(module, "special", None)]
    if module.__name__.endswith(".numpy"):
        places.append(_imported(f"{module.__name__.removesuffix('.numpy')}.scipy.special"))
    for place in places:
        for candidate in (ELEMENTARY[head].numpy, head):
            if candidate and hasattr(place, candidate):
                function: Callable[..., Any] = getattr(place, candidate)
                return function
    if head == "cbrt":
        return lambda x: module.copysign(module.pow(module.abs(x), 1 / 3), x)
    raise TypeError(f"on: {module.__name__} has no function {head!r}, which the program needs")


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
