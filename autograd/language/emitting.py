"""Generated functions: the names in their text, and the one place that compiles it.

Rows, labels and groups of operands have names that users choose. None of these may mean anything
else in a generated text. So every name in one is asked for here: a parameter keeps the name that it
was given, and whatever else the text speaks of gets a name that is still free.
"""

from __future__ import annotations

import itertools
import linecache
import math
import unicodedata
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import CodeType, FunctionType
from typing import Any

MARK = "<autograd "  # how the file names of generated sources begin
_numbers = itertools.count(1)
_freed: list[str] = []  # the file names of texts whose code is freed


class Names:
    """Names for the variables of a generated text, each given once.

    Args:
        taken: Names that mean something already.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {unicodedata.normalize("NFKC", name) for name in taken}  # as Python reads them

    def new(self, stem: str) -> str:
        """The stem, with underscores after it until it is free."""
        while stem in self.taken:
            stem += "_"
        self.taken.add(stem)
        return stem


class FunctionText:
    """The text of one function, while it is written.

    Args:
        name: What the function is called.
        parameters: Its parameters, which keep their names.
        defaults: Their defaults as text; None where a parameter has none.
        taken: More names that mean something in it.

    Attributes:
        name: What the function is called.
        lines: The body, without its indentation.

    Example:
        >>> import math
        >>> text = FunctionText("area", ["math"])
        >>> text.lines.append(f"return {text.use(math)}.pi * math * math")
        >>> print(text)
        def area(math):
            return math_.pi * math * math
        <BLANKLINE>
        >>> text.compiled()(2.0) == math.pi * 4
        True
    """

    def __init__(
        self,
        name: str,
        parameters: Sequence[str] = (),
        defaults: Sequence[str | None] = (),
        taken: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.lines: list[str] = []
        self._parameters = list(parameters)
        self._defaults = [*defaults, *[None] * (len(self._parameters) - len(defaults))]
        self._names = Names([name, *parameters, *taken])
        self._namespace: dict[str, Any] = {}
        self._used: dict[int, str] = {}
        self._temporaries = 0

    def parameter(self, stem: str) -> str:
        """One more parameter, with a name like this that is still free."""
        name = self._names.new(stem)
        self._parameters.append(name)
        self._defaults.append(None)
        return name

    def variable(self, stem: str) -> str:
        """A variable of the function, with a name like this that is still free."""
        return self._names.new(stem)

    def temporary(self) -> str:
        """A variable for a step on the way."""
        self._temporaries += 1
        return self._names.new(f"t{self._temporaries}")

    @property
    def used(self) -> dict[str, Any]:
        """The objects that the text speaks of, by their names in it."""
        return self._namespace

    def use(self, thing: Any, stem: str = "") -> str:
        """The name by which the text speaks of an object from outside, one of Python's included.

        Args:
            thing: The object.
            stem: What to call it; its own name if it has one.
        """
        if id(thing) not in self._used:
            name = self._names.new(stem or thing.__name__)
            self._used[id(thing)], self._namespace[name] = name, thing
        return self._used[id(thing)]

    def __str__(self) -> str:
        pairs = zip(self._parameters, self._defaults, strict=True)
        given = ", ".join(
            name if default is None else f"{name}={default}" for name, default in pairs
        )
        body = "".join(f"    {line}\n" if line else "\n" for line in self.lines)
        return f"def {self.name}({given}):\n{body}"

    def compiled(self) -> Any:
        """The function."""
        return compiled(str(self), self.name, self._namespace)


def literal(number: float) -> str:
    """A number as Python text that speaks of no names, not even of inf and nan."""
    if math.isfinite(number):
        return repr(number)
    return "(1e999 - 1e999)" if math.isnan(number) else f"{math.copysign(1.0, number):.0f}e999"


def compiled(text: str, name: str, namespace: dict[str, Any]) -> Callable[..., Any]:
    """Runs a generated source and returns the function that it defines under a name.

    Tracebacks, debuggers and `inspect.getsource` find the text as long as the function's code is
    there. Each source has a file name of its own.
    """
    file = f"{MARK}{name} {next(_numbers)}>"
    namespace = dict(namespace)
    exec(compile(text, file, "exec"), namespace)
    function: FunctionType = namespace[name]
    _forget_freed()
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    _forget_with(function.__code__, file)
    return function


def _forget_with(code: CodeType, file: str) -> None:
    """Has a text taken out of Python's cache of lines, with the next text after its code is freed.

    Not at once: a garbage collection frees code in the middle of `linecache`'s own loops.
    """
    weakref.finalize(code, _freed.append, file).atexit = False


def _forget_freed() -> None:
    while _freed:
        try:
            file = _freed.pop()
        except IndexError:  # another thread took the last
            return
        linecache.cache.pop(file, None)
