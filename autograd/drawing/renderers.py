"""Who renders DOT: a `dot` that is installed, else pygraphviz; or a function that was chosen."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

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
        RuntimeError: If there is no Graphviz, or if it fails.
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


def _found(source: str, form: str) -> bytes:
    """By what is there."""
    if shutil.which("dot"):
        return _by_executable(source, form)
    return _by_pygraphviz(source, form)


def _by_executable(source: str, form: str) -> bytes:
    import graphviz

    try:
        drawn: bytes = graphviz.pipe("dot", form, source.encode(), quiet=True)
    except graphviz.ExecutableNotFound:
        raise RuntimeError(_missing()) from None
    except OSError as error:
        raise RuntimeError(FAILED.format(error)) from error
    except graphviz.CalledProcessError as error:
        message = error.stderr.decode(errors="replace").strip() or "no message"
        raise RuntimeError(FAILED.format(message)) from error
    return drawn


def _by_pygraphviz(source: str, form: str) -> bytes:
    try:
        import pygraphviz
    except ImportError:
        raise RuntimeError(_missing()) from None
    try:
        # A graph of its own for each drawing: a second one after a failure has crashed Python.
        drawn: bytes = pygraphviz.AGraph(string=source).draw(format=form, prog="dot")
    except ValueError as error:
        raise RuntimeError(FAILED.format(error)) from error
    return drawn


def _missing() -> str:
    return NO_GRAPHVIZ + (IN_A_BROWSER if sys.platform == "emscripten" else INSTALL)


_NAMED: dict[str, Renderer] = {"dot": _by_executable, "pygraphviz": _by_pygraphviz}
_chosen: Renderer = _found
