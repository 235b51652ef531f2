"""Who renders DOT: a `dot` that is installed, else pygraphviz; or a function that was chosen.

Graphviz works in a process of its own, which can be ended: by Ctrl-C, or after `LONGEST` seconds.
pygraphviz in this process would see no signal before it has finished.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from threading import Lock

from autograd.errors import shown

# The text and the form, such as "svg", to the picture in that form.
Renderer = Callable[[str, str], bytes | str]

NO_GRAPHVIZ = "cannot draw the picture, as there is no Graphviz here: "
INSTALL = 'install it, so that its `dot` is on the PATH, or run  pip install "pygraphviz>=2.0.4"'
# In a browser nothing can be installed that runs another program.
IN_A_BROWSER = (
    "load Viz.js in the page and give it to autograd.drawing.set_renderer, as in  "
    "set_renderer(lambda source, form: viz.renderString(source, format=form))"
)
FAILED = "Graphviz could not draw the picture: {}"
LONGEST = 60.0  # seconds
TOO_LONG = (
    "Graphviz did not finish the picture, of {:,} edges, within {:g} seconds; leave fold=False "
    "out, draw a part of the graph, or save it as .dot and run Graphviz on that"
)
_alone = Lock()  # two threads within Graphviz exchange the attributes of their graphs
AT_ONCE = 40  # edges that take Graphviz a tenth of a second at most, however they lie
# What runs in the other process; it finds packages where this one does.
CHILD = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import pygraphviz
try:
    source = sys.stdin.buffer.read().decode()
    drawn = pygraphviz.AGraph(string=source).draw(format=sys.argv[2], prog="dot")
except ValueError as error:
    sys.exit(str(error))
sys.stdout.buffer.write(drawn)
"""


def set_renderer(renderer: Renderer | str | None) -> None:
    """Chooses who renders the pictures of graphs, from now on and everywhere.

    Args:
        renderer: "dot" for the installed executable, "pygraphviz" for the package; or a function
            that is called with the DOT text and the form ("svg", "png", "pdf", …) and returns the
            picture, bytes or text, such as Viz.js in a browser. None, as at the start, takes a
            `dot` on the PATH, else pygraphviz.

    Raises:
        ValueError: If it is another text.
        TypeError: If it is neither text nor a function.

    Example:
        >>> from autograd import Value, draw
        >>> from autograd.drawing import set_renderer
        >>> set_renderer(lambda source, form: f"<svg>{source.count('->')} edge</svg>")
        >>> draw(Value(2.0).exp()).svg()
        '<svg>1 edge</svg>'
        >>> set_renderer(None)
    """
    global _chosen
    if isinstance(renderer, str):
        if renderer not in _NAMED:
            raise ValueError(
                f"set_renderer: there is no renderer {renderer!r}; give "
                f"{' or '.join(map(repr, _NAMED))}, or a function of the DOT text and the form"
            )
        _chosen = _NAMED[renderer]
    elif renderer is None:
        _chosen = _found
    elif callable(renderer):
        _chosen = renderer
    else:
        raise TypeError(
            f"set_renderer: expected a name or a function, got {shown(renderer)}; give "
            f"{' or '.join(map(repr, _NAMED))}, or a function of the DOT text and the form"
        )


def rendered(source: str, form: str) -> bytes:
    """The DOT text as "svg", "png" or another form.

    Raises:
        RuntimeError: If there is no Graphviz, if it fails, or if it takes too long.
        TypeError: If a function that was chosen gives no picture.
    """
    drawn = _chosen(source, form)
    if isinstance(drawn, str):
        return drawn.encode()
    if isinstance(drawn, bytes):
        return drawn
    raise TypeError(
        f"the renderer that was given to set_renderer returned {shown(drawn)} for the form "
        f"{form!r}; it has to return bytes or text"
    )


def all_rendered(sources: Sequence[str], form: str) -> list[bytes]:
    """Several DOT texts, as `rendered`; by other processes as many at once as there are cores."""
    if _chosen not in (_found, *_NAMED.values()) or len(sources) < 2:
        return [rendered(source, form) for source in sources]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(lambda source: rendered(source, form), sources))


def _found(source: str, form: str) -> bytes:
    """By what is there."""
    return (_by_dot if shutil.which("dot") else _by_pygraphviz)(source, form)


def _by_dot(source: str, form: str) -> bytes:
    """By the executable."""
    dot = shutil.which("dot")
    if dot is None:
        raise RuntimeError(_missing())
    return _by_process([dot, f"-T{form}"], source)


def _by_pygraphviz(source: str, form: str) -> bytes:
    """By the package, in another process unless that is quick."""
    if sys.modules.get("pygraphviz", True) is None or find_spec("pygraphviz") is None:
        raise RuntimeError(_missing())
    if _edges(source) <= AT_ONCE or not sys.executable or hasattr(sys, "frozen"):
        return _here(source, form)
    return _by_process([sys.executable, "-c", CHILD, json.dumps(sys.path), form], source)


def _edges(source: str) -> int:
    return source.count("->") + source.count("--")


def _here(source: str, form: str) -> bytes:
    """By pygraphviz in this process."""
    with _alone:
        import pygraphviz

        try:
            # A graph of its own for each drawing: a second one after a failure has crashed Python.
            drawn: bytes = pygraphviz.AGraph(string=source).draw(format=form, prog="dot")
        except ValueError as error:
            raise RuntimeError(FAILED.format(error)) from error
        return drawn


def _by_process(command: Sequence[str], source: str) -> bytes:
    """By another process, which is ended with whatever ends the waiting for it."""
    try:
        run = subprocess.run(
            command, input=source.encode(), capture_output=True, check=False, timeout=LONGEST
        )
    except OSError as error:
        raise RuntimeError(FAILED.format(error)) from error
    except subprocess.TimeoutExpired:
        raise RuntimeError(TOO_LONG.format(_edges(source), LONGEST)) from None
    if run.returncode or not run.stdout:
        message = run.stderr.decode(errors="replace").strip() or f"it ended with {run.returncode}"
        raise RuntimeError(FAILED.format(message))
    return run.stdout


def _missing() -> str:
    return NO_GRAPHVIZ + (IN_A_BROWSER if sys.platform == "emscripten" else INSTALL)


_NAMED: dict[str, Renderer] = {"dot": _by_dot, "pygraphviz": _by_pygraphviz}
_chosen: Renderer = _found
