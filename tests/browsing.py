"""A real browser for tests of pages, offline: Debian's Chromium, driven by Playwright.

Where one of the two is missing the tests are skipped; with REQUIRE_BROWSER=1 they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

try:
    from playwright import sync_api
except ImportError:
    sync_api = None  # type: ignore[assignment]


def required() -> None:
    """Skips the module that calls it, or fails it with REQUIRE_BROWSER=1, without a browser."""
    missing = {"package playwright": sync_api is None, "executable chromium": CHROMIUM is None}
    if any(missing.values()):
        reason = "there is no " + " and no ".join(what for what, gone in missing.items() if gone)
        if os.environ.get("REQUIRE_BROWSER") == "1":
            raise RuntimeError(f"REQUIRE_BROWSER=1, but {reason}")
        pytest.skip(reason, allow_module_level=True)


def started() -> Iterator[Any]:
    """A browser, for a fixture to yield from."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
