"""Who renders DOT can be chosen, and what is wrong with a choice is said."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from autograd import draw
from autograd.drawing import set_renderer
from tests.drawn import tutorial


@pytest.fixture(autouse=True)
def _as_at_the_start() -> Iterator[None]:
    yield
    set_renderer(None)


def test_a_function_renders_pictures_and_pages() -> None:
    asked = []

    def renderer(source: str, form: str) -> str:
        asked.append((source, form))
        return "<svg><title>mine</title></svg>"

    set_renderer(renderer)
    drawing = draw(tutorial())
    assert drawing.svg() == "<svg><title>mine</title></svg>"
    assert asked == [(drawing.source, "svg")]
    assert "<title>mine</title>" in drawing.page().html
    set_renderer(lambda source, form: form.encode())
    assert drawing.png() == b"png"


def test_the_names_are_those_of_what_can_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/dot")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    set_renderer("pygraphviz")  # though there is a dot
    with pytest.raises(RuntimeError, match="there is no Graphviz here"):
        draw(tutorial()).svg()


def test_a_chosen_dot_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    set_renderer("dot")  # though there may be a pygraphviz
    with pytest.raises(RuntimeError, match="there is no Graphviz here: install it"):
        draw(tutorial()).svg()


def test_in_a_browser_the_remedy_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(RuntimeError) as caught:
        draw(tutorial()).svg()
    assert str(caught.value) == (
        "cannot draw the picture, as there is no Graphviz here: load Viz.js in the page and give "
        "it to autograd.drawing.set_renderer, as in  set_renderer(lambda source, form: "
        "viz.renderString(source, format=form))"
    )


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ("graphviz", ValueError, "there is no renderer 'graphviz'; give 'dot' or 'pygraphviz', or"),
        (3, TypeError, "expected a name or a function, got int 3; give 'dot' or 'pygraphviz', or"),
    ],
)
def test_another_choice_is_refused_and_changes_nothing(
    given: Any, kind: type[Exception], said: str
) -> None:
    set_renderer(lambda source, form: "mine")
    with pytest.raises(kind, match=re.escape(f"set_renderer: {said}")):
        set_renderer(given)
    assert draw(tutorial()).svg() == "mine"


def test_a_function_that_gives_no_picture_is_named() -> None:
    set_renderer(lambda source, form: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(TypeError, match="given to set_renderer returned None for the form 'svg'"):
        draw(tutorial()).svg()
