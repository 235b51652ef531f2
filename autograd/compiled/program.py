"""`Program`: what `autograd.compile` makes of a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import Any

from autograd.compiled import file_format
from autograd.compiled.back_ends import BackEnd, found
from autograd.compiled.python.sample import Sample
from autograd.compiled.tape import Tape
from autograd.compiled.taping import tape_of_function, tape_of_graph
from autograd.errors import shown
from autograd.files import write_whole
from autograd.table import TABLE, Operation

FLOAT = {float}


class Program:
    """A function and its gradient, made of a graph once and run on any numbers.

    Made by `autograd.compile` and `autograd.load_program`. Called with one argument for each input,
    it returns the output and a tuple of gradients; of a program with several outputs, a tuple of
    outputs and for each output a tuple of gradients.

    * On numbers the results are floats, and those of the recorded graph bit for bit.
    * If any argument is an array, the output has an entry for each lane, and the gradient is that
      of the sum over the lanes, each in the shape of its own argument.

    Example:
        >>> import autograd
        >>> from autograd import Value
        >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
        >>> program = autograd.compile(autograd.tanh(w * x), [w, x])
        >>> program(0.0, 1.0)
        (0.0, (1.0, 0.0))
        >>> import numpy as np
        >>> program(0.0, np.array([1.0, 2.0]))
        (array([0., 0.]), (3.0, array([0., 0.])))
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._sample = Sample(tape)
        self._at = self._sample.at
        self._count = len(tape.inputs)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The labels of the inputs, in order."""
        return self._tape.inputs

    @property
    def wrt(self) -> tuple[int, ...]:
        """The indices of the inputs that get a gradient."""
        return self._tape.wrt

    @property
    def source(self) -> str:
        """The forward and the reverse pass on one sample, as straight-line Python.

        Raises:
            ValueError: If the program is too large to be written out.
        """
        return self._sample.source

    @property
    def function(self) -> Callable[..., Any]:
        """`source` as a plain function of floats.

        It raises where Python does, as in 1 / 0, and may return -0.0 for a gradient of zero; the
        program itself does neither. `numba.njit` compiles it as it stands, unless `source` begins
        with an import from `autograd`, as with `floor`, `ceil`, `trunc`, `round`, `sinc` and
        `stop_gradient`; with `error_model="numpy"` a division by zero follows IEEE 754 there.
        """
        return self._sample.function

    @cached_property
    def _on_arrays(self) -> Any:
        """What runs on arrays; NumPy is not imported before."""
        from autograd.compiled.numpy import OnArrays

        return OnArrays(self._sample, native=None)

    def __call__(self, *arguments: Any, executor: Any = None) -> Any:
        """Computes the outputs and their gradients at some inputs.

        Args:
            *arguments: A number or an array for each input, in the order of `inputs`. Arrays
                broadcast against each other as in NumPy, to the shape of the batch; each entry of
                that shape is a lane, one set of inputs. Integers and other kinds of numbers are
                computed with as float64.
            executor: A `concurrent.futures.Executor` on which the blocks of a batch are computed;
                None to compute them in this thread. The results are the same.

        Returns:
            A pair: the output, and a tuple with a gradient for each input of `wrt`. Of a program
            with several outputs, a tuple of outputs, and a tuple with such a tuple for each of
            them.

            If all arguments are numbers, outputs and gradients are floats. Otherwise an output is
            an array of the shape of the batch. The gradient of an input is that of the sum of the
            output over all lanes: an array of the shape of its argument, or a float where the
            argument is a number. A gradient is in units of the output per unit of the input.

        Raises:
            TypeError: If there are too few or too many arguments, or one is neither a number nor an
                array of numbers.
            ValueError: If the shapes of the arrays do not broadcast.
            RuntimeError: If the executor does not accept work, as after its shutdown.

        Example:
            >>> import autograd
            >>> import numpy as np
            >>> program = autograd.compile(lambda w, x: w * x)
            >>> program(2.0, 5.0)
            (10.0, (5.0, 2.0))
            >>> program(2.0, np.array([5.0, 7.0, 9.0]))
            (array([10., 14., 18.]), (21.0, array([2., 2., 2.])))
        """
        # A batch is most often seen by its last argument, as samples come after parameters.
        if (
            len(arguments) == self._count  # which is not 0
            and type(arguments[-1]) is float
            and set(map(type, arguments)) == FLOAT
        ):
            return self._at(arguments)
        return self._on_arrays.at(arguments, executor)

    def using(self, back_end: str | BackEnd) -> Callable[..., Any]:
        """The program as one back end runs it.

        Args:
            back_end: "python" for numbers, "numpy" for numbers and arrays, "native" for both as
                machine code, which needs llvmlite; or a function that makes a tape a callable, as
                `autograd.compiled.back_ends` describes it.

        Returns:
            A function of one argument for each input, which returns what the program does.

        Raises:
            TypeError: If `back_end` is neither a name nor a function, or makes no function.
            ValueError: If there is no back end of that name.

        Example:
            >>> import autograd
            >>> program = autograd.compile(lambda x: x * x)
            >>> program.using("python")(3.0)
            (9.0, (6.0,))
            >>> program.using(lambda tape: lambda *numbers: len(tape.entries))(3.0)
            1
        """
        function = found(back_end)(self._tape)
        if not callable(function):
            raise TypeError(
                f"program: the back end {shown(back_end)} made {shown(function)} of the tape; "
                "a back end has to return a function"
            )
        return function

    def on(self, module: ModuleType) -> Callable[..., Any]:
        """The program as a function of another library's arrays.

        Args:
            module: A library with NumPy's functions, such as `jax.numpy` or `torch`.

        Returns:
            A function of its arrays that returns what the program does, as its arrays. What the
            library does with functions (jit, vmap, sharding, other devices) it does with this one.

        Raises:
            TypeError: If the library has not a function that the program needs.
            ValueError: If the program is too large to be written out.

        Example:
            >>> import autograd
            >>> import numpy
            >>> program = autograd.compile(lambda w, x: autograd.exp(w * x))
            >>> value, (dw, dx) = program.on(numpy)(2.0, numpy.zeros(3))
            >>> value.tolist(), dw.tolist(), dx.tolist()
            ([1.0, 1.0, 1.0], 0.0, [2.0, 2.0, 2.0])
        """
        from autograd.compiled.libraries import library

        return self.using(library(module))

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the program to a file, for `autograd.load_program`.

        The file is JSON: names of operations, numbers and labels. It holds no code. It is there as
        a whole or, if writing fails, as it was before.

        Args:
            path: Where to write it.

        Raises:
            TypeError: If that is no path.
            ValueError: If something else than a file is there.
            OSError: If it cannot be written.
        """
        write_whole(path, file_format.written(self._tape).encode())

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (file_format.written(self._tape),)

    def __repr__(self) -> str:
        labels = ", ".join(label or f"x{i}" for i, label in enumerate(self.inputs, 1))
        if len(labels) > 60:
            labels = f"{self._count} inputs"
        return f"<Program of {labels}: {len(self._tape.entries):,} operations>"


def _restored(written: str) -> Program:
    """The program of a pickle; the same one each time, as workers get it with every task."""
    return _read(written, tuple(TABLE.values()))


@lru_cache(maxsize=16)
def _read(written: str, rows: tuple[Operation, ...]) -> Program:
    """The program of a text, which names operations: with other rows it is another program."""
    return Program(file_format.read(written, "the pickle"))


def compile(output: Any, inputs: Any = None, wrt: Iterable[Any] | None = None) -> Program:
    """Makes a program of a recorded graph, or of a function.

    `compile(output, inputs)` takes a graph as it was recorded; a `where` and an `if` in it are as
    they were decided then. `compile(f)` and `compile(f, n_inputs)` call the function `f` once, with
    Values that stand for every input: there `where` keeps both arms, and `if` on a Value raises. It
    may be used as a decorator.

    Args:
        output: A `Value`, a list of Values, or a function that returns one of these.
        inputs: The leaves that become arguments of the program. All other leaves keep the `data`
            that they have now. For a function how many inputs it has, or None to see it from its
            parameters.
        wrt: The inputs that get a gradient; None for all of them. For a function their indices.

    Returns:
        The program.

    Raises:
        TypeError: If an output or an input is no `Value`, or a function branches on one.
        ValueError: If an input is computed, given twice or not in the graph, or an output depends
            on no input.

    Example:
        >>> import autograd
        >>> @autograd.compile
        ... def program(x):
        ...     return autograd.where(x > 0, x * x, -x)
        >>> program(3.0), program(-3.0)
        ((9.0, (6.0,)), (3.0, (-1.0,)))
        >>> program.source.splitlines()[1]
        '    v1 = 1.0 if x > 0.0 else 0.0  # greater(x, 0.0)'

    Source: reverse accumulation over a list of operations, Griewank & Walther, "Evaluating
    Derivatives", 2008, ch. 6.
    """
    if callable(output):
        return Program(tape_of_function(output, inputs, wrt))
    return Program(tape_of_graph(output, inputs, wrt))


def load_program(path: str | PathLike[str]) -> Program:
    """Reads a program that `Program.save` wrote.

    Args:
        path: The file.

    Returns:
        The program. Nothing in the file is executed.

    Raises:
        ValueError: If the file is damaged or not a saved program.
        OSError: If there is no such file.
    """
    return Program(file_format.read(Path(path).read_bytes(), str(path)))
