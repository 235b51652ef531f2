"""Runs a program of the playground, within the interpreter of the browser.

`start` is called once; `run` is given the text of a program and answers what came of it.
"""

from __future__ import annotations

import ast
import builtins
import io
import json
import linecache
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from types import CodeType, TracebackType
from typing import Any

import nn  # noqa: F401 - loaded now, and not with the first program that uses it
from autograd import Value, draw
from autograd.document import Page
from autograd.drawing import Drawing, set_renderer
from autograd.explaining import Explanation

NAME = "program.py"
MOST_PRINTED = 100_000  # characters of a program's output that are shown
AT_ONCE = 200  # texts that are sent as they are printed, as an endless loop may come after them
BLOCK, PAUSE = 4_000, 0.05  # characters, and seconds, after which what is printed then is sent
MOST_FRAMES = 6  # lines of the program that an error lists
MOST_STATEMENTS = 4_000  # lines of DOT that Viz.js lays out
WORKS = (
    "Python's standard library, autograd and nn: Values and all operations, backward, draw, "
    "explain, derivatives of functions, networks, losses, optimisers; not nn.fit, nn.Recording, "
    "nn.Batches and programs on arrays"
)
HINTS = {
    "numpy": f"There is no NumPy in the playground. What works without it: {WORKS}. Write lists "
    "in place of arrays, and in place of nn.fit a loop of zero_grad, backward and step, as the "
    "example of moons has it.",
    "matplotlib": "There is no Matplotlib in the playground; draw(...) shows pictures.",
}

_send: Callable[[str, bool], None]
_last: Drawing | None = None  # what was shown last, for other forms of it


def start(send: Callable[[str, bool], None], render: Callable[[str, str], str]) -> None:
    """Makes ready for programs.

    Args:
        send: Gets what a program prints, and whether it is an error's.
        render: DOT text, and a form such as "svg", to the picture.
    """
    global _send
    _send = send

    def renderer(source: str, form: str) -> str:
        if form != "svg":
            raise RuntimeError(
                f"the playground draws SVG and no {form}; save the picture as .svg, or the page "
                "as .html"
            )
        refuse_what_takes_minutes(source)
        return render(source, form)

    set_renderer(renderer)
    builtins.input = _nobody_is_asked


def run(program: str) -> str:
    """Runs a program in a namespace of its own.

    Args:
        program: Its text. What its last line is, if that is an expression, is shown.

    Returns:
        JSON: `html`, the page to show or null; `error`, its `message`, its `lines` in the program
        and a `hint`, or null.
    """
    global _last
    printed, errors = Printed(False), Printed(True)
    last = 0
    # What shows lines of code, such as tracebacks, looks them up here.
    linecache.cache[NAME] = (len(program), None, program.splitlines(True), NAME)
    result: dict[str, Any] = {"html": None, "error": None, "hasPicture": False}
    with redirect_stdout(printed), redirect_stderr(errors):
        try:
            shown, last = _executed(program)
            drawing, html = _shown(shown)
            result |= {"html": html, "hasPicture": drawing is not None}
            if html is not None:
                _last = drawing
        except SystemExit:
            pass
        except BaseException as error:
            result["error"] = described(error, last)
    printed.close()
    errors.close()
    return json.dumps(result)


def svg() -> str:
    """The picture that was shown last."""
    if _last is None:
        raise RuntimeError("there is no picture yet")
    return _last.svg()


def _executed(program: str) -> tuple[Any, int]:
    """Runs the statements; what the last one is, if it is an expression, and its line."""
    tree = ast.parse(program, NAME)
    last: CodeType | None = None
    line = tree.body[-1].lineno if tree.body else 0
    match tree.body:
        case [*others, ast.Expr(value)]:
            tree.body = others
            last = compile(ast.Expression(value), NAME, "eval")
    namespace: dict[str, Any] = {"__name__": "__main__", "__file__": NAME}
    exec(compile(tree, NAME, "exec"), namespace)
    return None if last is None else eval(last, namespace), line


def _shown(what: Any) -> tuple[Drawing | None, str | None]:
    """The drawing, if it is one, and the page of what a program ends with; the rest is printed."""
    values = what if isinstance(what, list | tuple) else [what]
    if values and all(isinstance(value, Value) for value in values):
        what = draw(list(values))
    if isinstance(what, Drawing):
        return what, what.page().html
    if isinstance(what, Page):
        return None, what.html
    if what is not None:
        print(what if isinstance(what, Explanation) else repr(what))
    return None, None


# --- What is printed ------------------------------------------------------------------------------


class Printed(io.TextIOBase):
    """Sends what is written, in blocks, and only so much of it as a reader could look at."""

    def __init__(self, is_error: bool) -> None:
        self._is_error = is_error
        self._texts: list[str] = []
        self._waiting = 0  # characters that are not sent yet
        self._written = self._count = 0
        self._sent_at = time.monotonic()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        left = MOST_PRINTED - self._written
        self._written += len(text)
        if left > 0:
            self._texts.append(text[:left])
            self._waiting += len(text)
            self._count += 1
            if (
                self._count <= AT_ONCE
                or self._waiting > BLOCK
                or time.monotonic() - self._sent_at > PAUSE
            ):
                self.flush()
        return len(text)

    def flush(self) -> None:
        if self._texts:
            _send("".join(self._texts), self._is_error)
        self._texts, self._waiting, self._sent_at = [], 0, time.monotonic()

    def close(self) -> None:
        """Sends the rest, and says how much is left out."""
        if self.closed:
            return
        self.flush()
        super().close()
        if self._written > MOST_PRINTED:
            left = self._written - MOST_PRINTED
            _send(f"\n… {left:,} characters more were printed and are not shown\n", True)


def _nobody_is_asked(prompt: object = "") -> str:
    raise RuntimeError(
        f"input({str(prompt)!r}): the playground asks nobody; write the answer into the program"
    )


# --- Errors ---------------------------------------------------------------------------------------


def described(error: BaseException, last: int) -> dict[str, Any]:
    """What is shown of an error: its message, the lines of the program that led there, a hint.

    Args:
        error: What was raised.
        last: The line of what the program ends with, if that was reached: to show it failed.
    """
    lines = list(_lines(error.__traceback__)) or [last] * bool(last)
    if isinstance(error, SyntaxError) and error.filename == NAME and error.lineno:
        lines.append(error.lineno)
        message = f"{type(error).__name__}: {error.msg}"
    else:
        message = "".join(traceback.format_exception_only(error)).strip()
    return {"message": message[:MOST_PRINTED], "lines": lines[-MOST_FRAMES:], "hint": _hint(error)}


def _lines(trace: TracebackType | None) -> Iterator[int]:
    for frame, line in traceback.walk_tb(trace):
        if frame.f_code.co_filename == NAME:
            yield line


def _hint(error: BaseException) -> str:
    if isinstance(error, ImportError) and error.name:
        name = error.name.partition(".")[0]
        if (
            name in sys.builtin_module_names
            or name in sys.stdlib_module_names
            or name in sys.modules
        ):
            return ""
        return HINTS.get(name) or f"There is no {name} in the playground. What there is: {WORKS}."
    if isinstance(error, MemoryError):
        return "A browser gives the playground two to four gigabytes; make the program smaller."
    return ""


# --- Pictures that would take minutes -------------------------------------------------------------


def refuse_what_takes_minutes(source: str) -> None:
    """Raises if Viz.js would be busy for minutes with a picture.

    Args:
        source: DOT text.
    """
    statements = source.count("\n")
    if statements > MOST_STATEMENTS:
        raise ValueError(
            f"a picture of {statements:,} nodes and edges is too large for a browser; at most "
            f"{MOST_STATEMENTS:,} are possible. Leave fold=False out, or draw a part of the graph"
        )
