"""How long a learner waits in the playground: `python -m tests.benchmarks.playground`.

Seconds on the clock, in Chromium, from a server on this machine; the best and the median of
several. What else the machine does counts, so compare the best.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd.drawing import draw
from docs.website.blocks import ROOT
from docs.website.playground import build
from docs.website.playground.serving import server_of
from tests.benchmarks.measure import table
from tests.browsing import ARGUMENTS, CHROMIUM
from tests.drawn import network

COLD, WARM, PAGES = 3, 15, 5  # how often each is measured
TIMEOUT = 120_000
PLACE = "0.1"  # a number in the first line of T1's weights that is edited, digit by digit
# Tells, to the millisecond, when a key went down and when the new picture was there.
WATCH = """() => {
  window.times = {};
  addEventListener("keydown", () => { times.key ??= performance.now(); }, { capture: true });
  const right = document.getElementById("right");
  const options = { subtree: true, attributes: true, attributeFilter: ["class"] };
  new MutationObserver((changes) => {
    const isShown = ({ target }) => target.matches("iframe:not(.coming)");
    if (changes.some(isShown)) times.drawn = performance.now();
  }).observe(right, options);
}"""


def main() -> int:
    """Prints the times; returns 1 if there is no browser."""
    if CHROMIUM is None:
        print("there is no executable chromium")
        return 1
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        build.build(site / "playground", ROOT / "out" / "playground-packages")
        server = server_of(site, 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = "http://{}:{}/playground/".format(*server.server_address[:2])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        cold = [opened(browser, address)[0] for _ in range(COLD)]
        _, page = opened(browser, address)
        edits = redrawn(page)
        again = [restarted(page, turn) for turn in range(COLD)]
        server.shutdown()
        made, size = zip(*(page_of_network(site / "page.html") for _ in range(PAGES)), strict=True)
        files = [path for path in (site / "playground").rglob("*") if path.is_file()]
        plain = sum(path.stat().st_size for path in files)
        small = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    rows = [
        row("from opening to the first picture, nothing cached", cold),
        row("from a key to the new picture, T1", edits),
        row("from Stop to ready again", again),
        row("a page of MLP(2, [16, 16, 1]), made by CPython", list(made)),
        ["size of that page", f"{max(size) / 1000:.0f} kB", ""],
        ["download, not compressed", f"{plain / 1e6:.1f} MB", ""],
        ["download, as gzip compresses it", f"{small / 1e6:.1f} MB", ""],
    ]
    table("The playground", ["", "best", "median"], rows)
    return 0


def row(name: str, seconds: list[float]) -> list[str]:
    """A row of the table."""
    return [name, f"{min(seconds):.2f} s", f"{statistics.median(seconds):.2f} s"]


def opened(browser: Any, address: str) -> tuple[float, Any]:
    """Opens the playground in a context of its own: the time to the first picture, and the page."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(TIMEOUT)
    start = time.perf_counter()
    page.goto(address)
    page.locator("#right iframe:not(.coming)").wait_for()
    return time.perf_counter() - start, page


def redrawn(page: Any) -> list[float]:
    """Types a digit into a weight of T1, again and again."""
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    page.locator(".cm-line").nth(5).click()
    page.keyboard.press("Home")
    line = page.locator(".cm-line").nth(5).inner_text()
    for _ in range(line.index(PLACE) + len(PLACE)):
        page.keyboard.press("ArrowRight")
    found = []
    for turn in range(WARM):
        page.wait_for_timeout(700)
        page.evaluate("() => { times = {}; }")
        page.keyboard.press("Backspace" if turn % 2 else "7")
        wait_until(lambda: page.evaluate("times.drawn !== undefined"))
        found.append(page.evaluate("times.drawn - times.key") / 1000)
    return found


def restarted(page: Any, turn: int) -> float:
    """Stops an endless loop: the time until the playground is ready again."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f"while True:\n    pass  # {turn}")
    page.locator("#stop:enabled").wait_for()
    page.wait_for_timeout(300)
    start = time.perf_counter()
    page.click("#stop")
    page.locator("#progress").wait_for(state="hidden")
    return time.perf_counter() - start


def page_of_network(path: Path) -> tuple[float, int]:
    """The time that a network's page takes, and its size in bytes."""
    loss = network([2, 16, 16, 1])
    loss.backward()
    start = time.perf_counter()
    draw(loss).save(path)
    return time.perf_counter() - start, path.stat().st_size


def wait_until(holds: Callable[[], bool]) -> None:
    """Waits outside of the page, whose policy forbids what Playwright would evaluate in it."""
    while not holds():
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
