"""The back ends of other libraries: a program as a function of their arrays."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from functools import reduce
from types import ModuleType
from typing import Any

import numpy as np

from autograd.compiled import file_format
from autograd.compiled.back_ends import BackEnd, require_count
from autograd.compiled.lowering import Lowered
from autograd.compiled.styles import calling
from autograd.compiled.tape import Tape
from autograd.language.elementary import ELEMENTARY
from autograd.language.emitting import FunctionText
from autograd.language.symbols import steps_of
from autograd.language.writing import Writer, tuple_of

LARGE = 65_504.0  # the largest number of the smallest kind, float16
CALLED = frozenset({"where", "both", "either"})


def library(module: ModuleType) -> BackEnd:
    """The back end that runs programs on the arrays of a library with NumPy's functions."""
    return lambda tape: OnLibrary(tape, module)


class OnLibrary:
    """A program as a function of the arrays of a library.

    Args:
        tape: The program.
        module: The library.

    Raises:
        TypeError: If the library has not what the program needs.
        TooLargeError: If the program is too large to be written out.
    """

    def __init__(self, tape: Tape, module: ModuleType) -> None:
        self._tape, self._module = tape, module
        lowered = Lowered(tape, two_words=False)
        heads = {step.head for step in steps_of(lowered.results)}
        called = [head for head in heads if head in CALLED or not ELEMENTARY[head].construct]
        called.sort(key=_name)
        self._functions = [_found(module, head) for head in called]
        self._run = _run(lowered, called)

    def __call__(self, *arguments: Any) -> Any:
        """The outputs and their gradients, as arrays of the library."""
        tape, module = self._tape, self._module
        require_count(tape, len(arguments))
        given = [self._as_array(argument) for argument in arguments]
        like = _scalar(module, [array for array in given if array is not None])
        arrays = [
            _array(module, float(argument), like) if array is None else array
            for argument, array in zip(arguments, given, strict=True)
        ]
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
        results = iter(self._run(*(_lifted(module, f, like) for f in self._functions), *arrays))

        def lanes() -> Any:
            return module.broadcast_to(_array(module, next(results), like), shape)

        values = tuple(lanes() for _ in tape.outputs)
        gradients = tuple(
            tuple(_summed(module, lanes(), arrays[i].shape) for i in tape.wrt) for _ in tape.outputs
        )
        return (values[0], gradients[0]) if tape.single else (values, gradients)

    def _as_array(self, given: Any) -> Any:
        """An argument as an array of the library; None for one of Python's numbers.

        A number takes the kind and the place of the arrays beside it. One of the library's own
        arrays is not converted, since torch warns of that where the array has a gradient.
        """
        if isinstance(given, np.ma.MaskedArray):
            raise TypeError(
                "program: got an array with a mask, which the result would not have; give "
                "x.compressed(), or numbers in the place of what is masked, as in x.filled(0)"
            )
        if isinstance(given, int | float) and not hasattr(given, "dtype"):
            return None
        own = getattr(self._module, "Tensor", None)
        is_own = own is not None and isinstance(given, own)
        return given if is_own else self._module.asarray(given)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (file_format.written(self._tape), self._module.__name__)


def _restored(written: str, module: str) -> OnLibrary:
    return OnLibrary(file_format.read(written, "the pickle"), importlib.import_module(module))


def _scalar(module: ModuleType, arrays: Sequence[Any]) -> Any:
    """A 0 of the kind of all these arrays, on the device of the first."""
    if not arrays:
        return module.asarray(0.0)
    promoted = getattr(module, "promote_types", None) or module.result_type
    kind = reduce(promoted, [array.dtype for array in arrays])
    # JAX says of an array that is spread over devices only how, which is nothing for a scalar.
    device = getattr(arrays[0], "device", None) if hasattr(module, "Tensor") else None
    zero = module.zeros((), dtype=kind, **({} if device is None else {"device": device}))
    return zero * 1.0  # of integers a float


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
    """A number as an array of that kind, in which it is rounded; other things as they are."""
    if not isinstance(given, float):
        return given
    if abs(given) > LARGE:
        limits = getattr(module, "finfo", np.finfo)(like.dtype)
        if abs(given) > float(limits.max):  # of which libraries warn, or raise
            given = math.copysign(math.inf, given)
    return module.full_like(like, given)


def _summed(module: ModuleType, lanes: Any, shape: tuple[int, ...]) -> Any:
    """The sum over the lanes that share an entry of an argument of this shape."""
    missing = len(lanes.shape) - len(shape)
    padded = (1,) * missing + tuple(shape)
    axes = tuple(i for i, n in enumerate(padded) if n == 1 and lanes.shape[i] != 1)
    axes = tuple(dict.fromkeys([*range(missing), *axes]))
    summed = module.sum(lanes, axis=axes) if axes else lanes
    return summed if tuple(summed.shape) == tuple(shape) else module.reshape(summed, shape)
