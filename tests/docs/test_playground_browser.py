"""The playground in a real browser, from a server on this machine and with no other host.

Where npm, Chromium or Playwright is missing the tests are skipped; with REQUIRE_BROWSER=1 they
fail.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from autograd import draw
from docs.website.blocks import ROOT
from docs.website.playground import build
from docs.website.playground.serving import server_of
from tests.browsing import required, started

required()
if shutil.which("npm") is None:
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise RuntimeError("REQUIRE_BROWSER=1, but there is no npm")
    pytest.skip("there is no npm", allow_module_level=True)

LOADED = 120_000  # milliseconds for Python to load, on a machine that does much else
SOON = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from started()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = tmp_path_factory.mktemp("site")
    build.build(site / "playground", ROOT / "out" / "playground-packages")
    server = server_of(site, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "http://{}:{}/playground/".format(*server.server_address[:2])
    server.shutdown()
    thread.join()
    server.server_close()


# In a frame that is too narrow for words, a picture has four digits.
LOSS = re.compile(r"data 0\.298371|^0\.2984$")


class Opened:
    """A page of the playground, and what it must not do: speak to another host, or complain."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.wrong: list[str] = []
        page.context.on("request", self._look)
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _look(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("blob", "data", "about") and not request.url.startswith(
            self.address
        ):
            self.wrong.append(f"request {request.url}")

    def open(self, fragment: str = "") -> None:
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        self.ready()

    def ready(self) -> None:
        self.page.locator("#progress").wait_for(state="hidden", timeout=LOADED)

    def write(self, program: str) -> None:
        """Puts a program in the editor, as if it were typed in one piece."""
        self.page.click(".cm-content")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(program)

    @property
    def frame(self) -> Any:
        """The graph's page: the one that is seen, and not the one that is coming."""
        return self.page.frame_locator("#right iframe:not(.coming)")

    def draws(self, text: str | re.Pattern[str]) -> None:
        self.frame.locator("#canvas").get_by_text(text).first.wait_for(timeout=SOON)

    def prints(self, text: str) -> None:
        self.page.locator("#output").get_by_text(text).wait_for(timeout=SOON)

    def fails(self, text: str) -> str:
        """Waits for an error; all that is said of it."""
        self.page.locator("#error").get_by_text(text).first.wait_for(timeout=SOON)
        return str(self.page.inner_text("#error"))

    def says(self, text: str) -> None:
        self.page.locator("#status").get_by_text(text).wait_for(timeout=SOON)


Open = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Opens the playground in a context of its own."""
    pages: list[Opened] = []

    def opened(fragment: str = "", **options: Any) -> Opened:
        options = {"viewport": {"width": 1280, "height": 800}} | options
        page = browser.new_context(**options).new_page()
        page.set_default_timeout(SOON)
        pages.append(Opened(page, address))
        pages[-1].open(fragment)
        return pages[-1]

    yield opened
    wrong = [text for page in pages for text in page.wrong]
    for page in pages:
        page.page.context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def shared(browser: Any, address: str) -> Iterator[Opened]:
    """One page for the tests that need no fresh one; each gives it a program of its own."""
    page = Opened(browser.new_context(viewport={"width": 1280, "height": 800}).new_page(), address)
    page.page.set_default_timeout(SOON)
    page.open()
    yield page
    page.page.context.close()


@pytest.fixture
def playground(shared: Opened) -> Iterator[Opened]:
    shared.page.keyboard.press("Escape")  # ends what a test before left
    shared.ready()
    shared.wrong.clear()
    yield shared
    assert shared.wrong == []


SMALL = (
    "from autograd import Value, draw\nx = Value({}, label='x')\ny = x * x\ny.backward()\ndraw(y)"
)


# --- What is asked --------------------------------------------------------------------------------


def test_it_opens_with_the_published_gradient_and_an_edit_changes_it(open_page: Open) -> None:
    opened = open_page()
    opened.prints("∂E/∂w5 = 0.082167041")
    opened.draws(LOSS)
    opened.frame.locator("aside").get_by_text("+0.082167041").wait_for()
    edited = build.examples()["mazur"]["text"].replace("0.40, 0.45", "0.41, 0.45")
    opened.write(edited)
    namespace: dict[str, Any] = {}
    exec(edited, namespace)
    w5 = namespace["network"].parameters()[5]
    assert (w5.label, w5.data) == ("w5", 0.41)
    opened.prints(f"∂E/∂w5 = {w5.grad:.9f}")
    opened.frame.locator("aside").get_by_text(f"+{w5.grad:.9f}").wait_for()
    assert opened.page.input_value("#examples") == ""


def position(opened: Opened) -> str:
    return str(opened.frame.locator("#position").inner_text())


def go_to(opened: Opened, step: int) -> None:
    slider = opened.frame.locator("#slider")
    slider.fill(str(step))
    opened.page.wait_for_timeout(400)  # the reader stays


def test_an_edit_keeps_the_step_and_what_is_selected(open_page: Open) -> None:
    program = build.examples()["mazur"]["text"]
    opened = open_page()
    opened.draws(LOSS)
    opened.frame.locator("#canvas .node").filter(has_text="w5").first.click()
    go_to(opened, 12)
    assert position(opened) == "backward 3 of 27"
    title = opened.frame.locator("#step h2").inner_text()
    opened.write(program.replace("0.40, 0.45", "0.48, 0.45"))
    opened.frame.locator("#node").get_by_text("w5 = 0.48").wait_for()
    assert position(opened) == "backward 3 of 27"
    assert opened.frame.locator("#step h2").inner_text() == title
    editor = opened.page.locator(".cm-content")
    assert editor.evaluate("editor => editor === document.activeElement")  # typing goes on
    # The same once more, and an error in between changes nothing.
    opened.write("what")
    opened.fails("NameError")
    opened.write(program.replace("0.40, 0.45", "0.49, 0.45"))
    opened.frame.locator("#node").get_by_text("w5 = 0.49").wait_for()
    assert position(opened) == "backward 3 of 27"


BEFORE = "b = x * x\nb.label = 'b'\ny = b.exp()"
AFTER = "b = x * x\nb.label = 'b'\nc = b + x\nc.label = 'c'\ny = c.exp()"


@pytest.mark.parametrize(
    ("first", "step", "then", "expected"),
    [
        (BEFORE, 0, AFTER, "start"),
        (BEFORE, 2, AFTER, "Forward: y is computed"),  # the same step
        (AFTER, 2, BEFORE, "Forward: y is computed"),  # as far from the start
        (BEFORE, 5, AFTER, "Backward: b → x"),  # the same step, further on
        (BEFORE, 4, AFTER, "Backward: y → c"),  # as far from the output
        (AFTER, 9, BEFORE, "Backward: b → x"),
        (BEFORE, 7, AFTER, "finished"),
    ],
)
def test_an_edit_of_the_graph_opens_at_the_step_that_is_like_it(
    playground: Opened, first: str, step: int, then: str, expected: str
) -> None:
    def program(middle: str) -> str:
        return (
            f"from autograd import Value, draw\nx = Value(0.5, label='x')\n{middle}\n"
            "y.label = 'y'\ny.backward()\ndraw(y)"
        )

    playground.write(program(first))
    playground.frame.locator("h1").get_by_text("Backpropagation of y").wait_for()
    playground.frame.locator(f"#slider[max='{10 if 'c' in first else 7}']").wait_for()
    go_to(playground, step)
    playground.write(program(then))
    playground.frame.locator(f"#slider[max='{7 if 'c' in first else 10}']").wait_for()
    assert expected in (position(playground), playground.frame.locator("#step h2").inner_text())


@pytest.mark.parametrize("name", build.examples())
def test_an_example_is_chosen_by_name(playground: Opened, name: str) -> None:
    playground.page.select_option("#examples", name)
    playground.says("Drawn in")
    assert playground.page.is_hidden("#error")
    assert playground.page.evaluate("location.hash") == f"#example={name}"
    assert playground.frame.locator("#canvas svg .node").count() > 2


def test_an_endless_loop_is_stopped_and_the_next_program_runs(playground: Opened) -> None:
    playground.write("print('begins')\nwhile True:\n    pass")
    playground.prints("begins")
    playground.page.click("#stop")
    playground.prints("Stopped.")
    assert playground.page.is_disabled("#stop")
    playground.write(SMALL.format("7.0"))
    playground.draws("data 49")


def test_to_run_again_ends_what_runs(playground: Opened) -> None:
    playground.write("print('begins')\nwhile True:\n    pass")
    playground.prints("begins")
    playground.write(SMALL.format("6.0"))
    playground.page.keyboard.press("Control+Enter")
    playground.draws("data 36")


def test_an_error_points_to_its_line(playground: Opened) -> None:
    playground.write(
        "from autograd import Value\n\ndef half(x):\n    return Value(x) / 2\n\nhalf('a')"
    )
    said = playground.fails("TypeError")
    assert "line 6" in said
    assert "line 4" in said
    wrong = playground.page.locator(".cm-line.wrong")
    assert wrong.inner_text().strip() == "return Value(x) / 2"
    playground.page.click("#error button >> text=line 6")
    playground.page.keyboard.insert_text("# ")
    playground.page.locator("#error").wait_for(state="hidden")
    assert playground.page.locator(".cm-line.wrong").count() == 0


def test_an_error_of_syntax_points_to_its_line(playground: Opened) -> None:
    playground.write("x = 1\ny = (2\nz = 3")
    assert "line 2" in playground.fails("SyntaxError: '(' was never closed")
    assert playground.page.locator(".cm-line.wrong").inner_text() == "y = (2"


def test_a_link_restores_the_program(open_page: Open) -> None:
    opened = open_page()
    program = SMALL.format("5.0") + "  # ∂ŷ 日本 </script>"
    opened.write(program)
    opened.draws("data 25")
    opened.page.wait_for_function("location.hash.startsWith('#program=')")
    fragment = opened.page.evaluate("location.hash")
    other = open_page(fragment)
    other.draws("data 25")
    assert other.page.evaluate("document.querySelector('.cm-content').innerText") == program


def test_the_keyboard_alone_suffices(open_page: Open) -> None:
    opened = open_page()
    page = opened.page
    opened.draws(LOSS)
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        if "cm-content" in seen[-1]:
            break
    assert {"examples", "run", "live", "link", "save-py", "save-html", "save-svg"} <= set(seen)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(SMALL.format("9.0"))
    page.keyboard.press("Control+Enter")
    opened.draws("data 81")
    for name in ("printed", "divider"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == name
    width = page.locator("#left").bounding_box()["width"]
    page.keyboard.press("ArrowRight")
    assert page.locator("#left").bounding_box()["width"] > width
    page.keyboard.press("Tab")
    for _ in range(50):  # the frame of a page that was just laid out anew takes a moment
        if page.evaluate("document.activeElement.tagName") == "IFRAME":
            break
        page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    for _ in range(40):
        if opened.frame.locator(":focus").get_attribute("id") == "back":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    opened.frame.locator("#step h2", has_text="Backward: ").wait_for()
    page.focus(".cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("print('begins')\nwhile True:\n    pass")
    opened.prints("begins")
    page.keyboard.press("Escape")
    opened.prints("Stopped.")


# --- What is printed, and what ends a program -----------------------------------------------------


def test_ten_megabytes_are_printed_and_so_much_is_shown_as_one_can_read(playground: Opened) -> None:
    playground.write("for i in range(100_000):\n    print('x' * 99)\nprint('end')")
    playground.prints("9,900,004 characters more were printed and are not shown")
    assert len(playground.page.inner_text("#output")) < 110_000


def test_what_an_endless_loop_prints_is_seen_while_it_runs(playground: Opened) -> None:
    playground.write("i = 0\nwhile True:\n    i += 1\n    if i % 1000 == 0: print('at', i)")
    playground.prints("at 3000")
    playground.page.click("#stop")
    playground.prints("Stopped.")
    playground.ready()


def test_a_program_that_draws_nothing_is_told_how(playground: Opened) -> None:
    playground.write("x = 1")
    playground.page.get_by_text("end it with draw(E)").wait_for()
    assert playground.page.locator("#right iframe:not(.coming)").count() == 0
    assert playground.page.is_disabled("#save-html")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import numpy as np", "There is no NumPy in the playground. What works without it"),
        ("import torch", "There is no torch in the playground. What there is"),
        ("import nn.nothing", "No module named 'nn.nothing'"),
        ("input('w? ')", "the playground asks nobody"),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
    ],
)
def test_what_is_not_there_is_said(playground: Opened, program: str, said: str) -> None:
    playground.write(program)
    playground.fails(said)
    playground.write("print('still', 'here')")
    playground.prints("still here")


def test_a_program_may_end_itself(playground: Opened) -> None:
    playground.write("print('before')\nraise SystemExit")
    playground.prints("before")
    assert playground.page.is_hidden("#error")


CHAIN = (
    "from autograd import Value, draw\nx = Value(1.0, label='x')\ny = x\n"
    "for _ in range(50_000):\n    y = y + 1\ny.backward()\nprint(x.grad, y.data)\n"
)


def test_a_graph_may_be_deep(playground: Opened) -> None:
    """What is freed object within object ended the interpreter from some thousands on."""
    playground.write(CHAIN)  # without a drawing, which would hold each node by itself
    playground.prints("1.0 50001.0")
    playground.write("print('the next', 'one')")
    playground.prints("the next one")
    assert playground.page.is_hidden("#error")
    playground.write(f"{CHAIN}draw(y)")
    playground.draws("49,999 of +")


def test_after_a_program_that_ends_the_interpreter_the_next_one_runs(playground: Opened) -> None:
    playground.write("import os\nos.abort()")
    assert "It starts again" in playground.fails("The program ended the interpreter")
    playground.ready()
    playground.write("print('the next', 'one')")
    playground.prints("the next one")
    playground.wrong.clear()  # Pyodide says on the console how it ended


CELL = (
    "from autograd import Value, draw\na, b = Value(1.0, label='a'), Value(2.0, label='b')\ny = a\n"
    "for _ in range({}):\n    y = (y * b + a).tanh()\ny.backward()\ndraw(y, fold=False)"
)


def test_a_picture_that_would_take_minutes_is_refused(playground: Opened) -> None:
    playground.write(CELL.format(40))
    playground.draws("dotted: the same node")
    playground.write(CELL.format(1000))
    said = playground.fails("is too large for a browser")
    assert "Leave fold=False out" in said
    assert "line 7" in said


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another host, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "http://{}:{}/".format(*server.server_address[:2]), asked
    server.shutdown()
    thread.join()
    server.server_close()


FETCH = """
import js
from pyodide.ffi import create_proxy, to_js

def answer(what):
    js.answer = f"{what}"

said = create_proxy(answer)
options = to_js({"mode": "no-cors"}, dict_converter=js.Object.fromEntries)
js.fetch("ADDRESS", options).then(said, said)
None
"""


def test_no_program_reaches_another_host(
    playground: Opened, browser: Any, elsewhere: tuple[str, list[str]]
) -> None:
    address, asked = elsewhere
    playground.write(FETCH.replace("ADDRESS", f"{address}program"))
    playground.says("Done")
    playground.page.wait_for_timeout(300)
    playground.write("import js\nprint('it said:', js.answer)")
    playground.prints("it said: TypeError")
    assert asked == []
    # Nothing but the policy of the page is in the way.
    page = browser.new_page()
    page.goto(f"{address}page")
    page.evaluate(f"fetch('{address}page2')")
    page.close()
    assert {"/page", "/page2"} <= set(asked)


# --- What is kept ---------------------------------------------------------------------------------


def test_the_learners_text_is_kept(open_page: Open) -> None:
    opened = open_page()
    program = SMALL.format("3.0")
    opened.write(program)
    opened.draws("data 9")
    opened.page.goto("about:blank")
    opened.open()
    opened.draws("data 9")
    opened.open("#example=neuron")
    opened.prints("∂o/∂w1 = 1")
    assert "Your program is kept" in opened.page.inner_text("#notice")
    opened.page.click("#before")
    opened.draws("data 9")
    opened.page.focus(".cm-content")
    opened.page.keyboard.press("Control+z")
    opened.prints("∂o/∂w1 = 1")


@pytest.mark.parametrize(
    "fragment", ["#program=eJxLyk", "#program=!!!", "#program=eJxLykwCAAJTASn"]
)
def test_a_damaged_link_is_said_and_nothing_is_lost(open_page: Open, fragment: str) -> None:
    opened = open_page()
    opened.write(SMALL.format("4.0"))
    opened.draws("data 16")
    opened.open(fragment)
    assert "The link is damaged" in opened.page.inner_text("#notice")
    opened.draws("data 16")


def test_downloads_are_the_program_the_page_and_the_picture(
    open_page: Open, tmp_path: Path
) -> None:
    opened = open_page()
    program = SMALL.format("8.0")
    opened.write(program)
    opened.draws("data 64")

    def saved(button: str) -> tuple[str, str]:
        with opened.page.expect_download() as download:
            opened.page.click(button)
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path.name, path.read_text("utf-8")

    assert saved("#save-py") == ("program.py", program)
    name, page = saved("#save-html")
    assert name == "graph.html"
    assert page.startswith("<!doctype html>")
    assert "data 64" in page
    name, picture = saved("#save-svg")
    assert name == "graph.svg"
    namespace: dict[str, Any] = {}
    exec(program, namespace)
    written = re.compile(r"<text[^>]*>(.*?)</text>")
    assert sorted(written.findall(picture)) == sorted(written.findall(draw(namespace["y"]).svg()))


def test_a_phone_shows_one_side_at_a_time(open_page: Open) -> None:
    opened = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    assert opened.page.locator(".cm-content").is_visible()
    opened.page.tap("#see-picture")
    opened.draws(LOSS)
    assert opened.page.locator(".cm-content").is_hidden()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
    # The page was made while it could not be seen; now it has the layout of a phone, all of it.
    opened.frame.locator("#numbers:not(:checked)").wait_for()
    stage = opened.frame.locator("#canvas").bounding_box()
    picture = opened.frame.locator("#canvas svg").bounding_box()
    assert picture["width"] <= stage["width"] + 1
    assert picture["height"] <= stage["height"] + 1
