"""The code blocks of a Markdown page, and what they print.

A ```python block is run; a ```text block right after it is what it prints. Every block of a page
runs, top to bottom, in one namespace and in an empty folder. A ```python torch block runs where
that package is installed.

    python -m docs.website.blocks docs/tutorial.md            runs a page and compares
    python -m docs.website.blocks docs/tutorial.md --write    writes what is printed into the page
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
OTHER = ("sh", "text")  # languages of blocks that are shown and not run
TIMEOUT = 120  # seconds that a page may take


class PageError(AssertionError):
    """A page shows code that does not run, or does not print what the page says."""


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        code: What is run.
        line: The line of its first statement in the page, from 0.
        end: The line after the block and its output.
        output: The lines of its output block, from and to; None if the page shows none.
        package: What has to be installed to run it; "" if nothing but the project.
    """

    code: str
    line: int
    end: int
    output: tuple[int, int] | None
    package: str = ""

    @property
    def runs(self) -> bool:
        """Whether the package that it needs is installed."""
        return not self.package or importlib.util.find_spec(self.package) is not None


@dataclass(frozen=True)
class Result:
    """What a block did: what it printed, and the names of the files that it wrote.

    What is printed is None where the block did not run, as its package is not installed.
    """

    printed: str | None
    files: list[str]


def blocks_of(text: str, page: str = "page") -> list[Block]:
    """The blocks of a page that are run.

    Args:
        text: The page in Markdown.
        page: Its name, for messages.

    Returns:
        The ```python blocks, from top to bottom.

    Raises:
        PageError: If the page has code in any form that would not be run.
    """
    tokens = MarkdownIt().parse(text)
    blocks = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        start, end = token.map
        where = f"{page}, line {start + 1}"
        if token.type == "code_block":
            raise PageError(f"{where}: an indented block is not run; use ```python or ```text")
        if token.info in OTHER:
            continue
        language, _, package = token.info.partition(" ")
        if language != "python" or " " in package or token.level or token.markup != "```":
            raise PageError(
                f"{where}: a block of {token.info or 'no language'!r} is not run; use ```python, "
                f"not indented, for code and ```{' or ```'.join(OTHER)} for the rest"
            )
        output = None
        if following and following.type == "fence" and following.info == "text" and following.map:
            output = (following.map[0] + 1, following.map[1] - 1)
            end = following.map[1]
        blocks.append(Block(token.content, start + 1, end, output, package))
    return blocks


def run(page: Path, folder: Path) -> list[Result]:
    """Runs the blocks of a page in an interpreter of its own.

    Args:
        page: The Markdown file.
        folder: Where they run, and leave the files that they write.

    Returns:
        What each block did.

    Raises:
        PageError: If a block raises or warns; the message ends with its traceback.
    """
    blocks = blocks_of(page.read_text(encoding="utf-8"), page.name)
    if not blocks:
        return []
    runs = [[block.line, block.code] for block in blocks if block.runs]
    request = {"page": str(page.resolve()), "blocks": runs}
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-m", "docs.website.running"],
        input=json.dumps(request),
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        timeout=TIMEOUT,
        # With CI set Hypothesis draws the same examples every time.
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", "CI": "true"},
    )
    if answer.returncode:
        raise PageError(f"{page.name}: {answer.stderr.strip()}")
    results = iter(json.loads(answer.stdout))
    return [Result(**next(results)) if block.runs else Result(None, []) for block in blocks]


def check(page: Path, folder: Path) -> list[Result]:
    """Runs the blocks of a page and compares what they print with what the page shows.

    Args:
        page: The Markdown file.
        folder: Where they run.

    Returns:
        What each block did.

    Raises:
        PageError: If a block raises or prints anything else; the message has the difference.
    """
    text = page.read_text(encoding="utf-8")
    results = run(page, folder)
    lines = text.splitlines()
    for block, result in zip(blocks_of(text), results, strict=True):
        if result.printed is None:
            continue
        start, end = block.output or (0, 0)
        shown, printed = lines[start:end], result.printed.splitlines()
        if shown != printed:
            difference = difflib.unified_diff(shown, printed, "shown", "printed", lineterm="")
            raise PageError(
                f"{page.name}: the block at line {block.line + 1} prints something else; "
                f"`python -m docs.website.blocks {page.name} --write` writes it into the page\n"
                + "\n".join(difference)
            )
    return results


def rewritten(text: str, results: list[Result]) -> str:
    """The page with what its blocks printed."""
    lines = text.splitlines()
    pairs = list(zip(blocks_of(text), results, strict=True))
    for block, result in reversed(pairs):
        if result.printed is None:
            continue
        printed = result.printed.splitlines()
        if block.output:
            lines[slice(*block.output)] = printed
        elif printed:
            lines[block.end : block.end] = ["", "```text", *printed, "```"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Checks or rewrites pages; returns 1 if a page is wrong."""
    parser = argparse.ArgumentParser(description="Runs the code blocks of Markdown pages.")
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help="write what is printed into the page")
    options = parser.parse_args()
    wrong = 0
    for page in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            try:
                results = (run if options.write else check)(page, Path(folder))
            except PageError as error:
                print(error, file=sys.stderr)
                wrong = 1
                continue
        if options.write:
            text = page.read_text(encoding="utf-8")
            page.write_text(rewritten(text, results), encoding="utf-8")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
