"""How large pages are, and how fast they open and step: `python -m tests.benchmarks.page`.

Times are of Chromium without a graphics card. A step is measured from the click to the next frame
but one, so 33 ms are the least.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import Value
from autograd.drawing import draw
from tests.benchmarks.measure import table
from tests.drawn import chain, network, tutorial

GRAPHS: list[tuple[str, Callable[[], Value], bool]] = [
    ("T1", tutorial, True),
    ("network of 407 nodes", lambda: network([2, 16, 16, 1]), True),
    ("network of 1,967 nodes", lambda: network([2, 40, 40, 1]), True),
    ("the same, unfolded", lambda: network([2, 40, 40, 1]), False),
    ("chain of 2,001 nodes, unfolded", lambda: chain(2_000), False),
    ("chain of 1,000,001 nodes", lambda: chain(1_000_000), True),
]
STEP = """async () => {
  const start = performance.now();
  document.getElementById("on").click();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
}"""


def main() -> int:
    """Prints a row for each graph; returns 1 if there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("playwright is not installed: pip install playwright")
        return 1
    path = shutil.which("chromium")
    if path is None:
        print("there is no executable chromium")
        return 1
    rows = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        for name, graph, fold in GRAPHS:
            rows.append(row(browser, Path(folder) / "page.html", name, graph(), fold))
    table("Pages", ["graph", "save s", "size kB", "open s", "step ms", "slowest"], rows)
    return 0


def row(browser: Any, path: Path, name: str, output: Value, fold: bool) -> list[str]:
    """Saves, opens and steps through one graph's page."""
    output.backward()
    start = time.perf_counter()
    draw(output, fold=fold).save(path)
    saved = time.perf_counter() - start
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate("() => new Promise((d) => requestAnimationFrame(() => requestAnimationFrame(d)))")
    opened = time.perf_counter() - start
    page.click("#to-backward")
    steps = [page.evaluate(STEP) for _ in range(30)]
    page.close()
    size = path.stat().st_size / 1000
    return [
        name, f"{saved:.2f}", f"{size:,.0f}", f"{opened:.2f}",
        f"{statistics.median(steps):.0f}", f"{max(steps):.0f}",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
