"""Every block of code of every page runs and prints what the page shows."""

import math
import operator
import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import autograd
from autograd import Value
from autograd.language import floats
from autograd.table import TABLE
from docs.website import operations
from docs.website.blocks import ROOT, PageError, blocks_of, check, rewritten, run

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def errors(tmp_path_factory) -> dict[Path, PageError | None]:
    """What is wrong with each page; they run side by side, each in an interpreter of its own."""

    def error_of(page: Path, folder: Path) -> PageError | None:
        try:
            check(page, folder)
        except PageError as error:
            return error
        return None

    # Made before the threads start: pytest's factory of folders is not safe among threads, a
    # second first call empties what the first has made.
    folders = [tmp_path_factory.mktemp("page") for _ in PAGES]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(PAGES, pool.map(error_of, PAGES, folders), strict=True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_the_page_runs_and_prints_what_it_shows(page, errors) -> None:
    if errors[page]:
        raise errors[page]


def test_no_markdown_of_the_repository_is_left_out() -> None:
    # Not the whole folder: an environment may stand in it, under any name.
    folders = ("autograd", "nn", "examples", "tests", "docs", "findings")
    found = [
        *ROOT.glob("*.md"),
        *(path for each in folders for path in (ROOT / each).rglob("*.md")),
    ]
    left = {path for path in found if "```" in path.read_text(encoding="utf-8")} - set(PAGES)
    assert not left


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("```py\nx = 1\n```", "a block of 'py' is not run"),
        ("```python a b\nx = 1\n```", "a block of 'python a b' is not run"),
        ("```\nx = 1\n```", "a block of 'no language' is not run"),
        ("~~~python\nx = 1\n~~~", "a block of 'python' is not run"),
        ("- item\n\n  ```python\n  x = 1\n  ```", "a block of 'python' is not run"),
        ("```{code-block} python\nx = 1\n```", "is not run"),
        ("text\n\n    x = 1", "line 5: an indented block is not run"),
    ],
)
def test_code_that_would_not_be_run_is_refused(block, said) -> None:
    with pytest.raises(PageError, match=said):
        blocks_of(f"# Page\n\n{block}\n")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", "-2\n\\+1"),
        ("```python\nprint(1)\n```\n", "\\+1"),
        ("```python\nx = 1\n```\n\n```text\n1\n```\n", "-1"),
        ("```python\nprint(1)\n```\n\nWords.\n\n```text\n1\n```\n", "\\+1"),
        ("text\n\n```python\nx = 1\nx.y\n```\n", 'page.md", line 5'),
        ("```python\nimport warnings\nwarnings.warn('old')\n```\n", "UserWarning: old"),
    ],
)
def test_a_wrong_page_fails(page, said, tmp_path) -> None:
    file = tmp_path / "page.md"
    file.write_text(page)
    with pytest.raises(PageError, match=said):
        check(file, tmp_path)


def test_blocks_share_a_namespace_and_their_files_are_known(tmp_path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        "```python\nx = 1\n```\n\n```python\nopen('a.svg', 'w').close()\nprint(x)\n```\n"
    )
    results = run(file, tmp_path)
    assert [(r.printed, r.files) for r in results] == [("", []), ("1\n", ["a.svg"])]
    text = rewritten(file.read_text(), results)
    assert text.endswith("print(x)\n```\n\n```text\n1\n```\n")
    assert rewritten(text, results) == text


def test_a_block_that_needs_a_package_runs_where_that_is_installed(tmp_path) -> None:
    file = tmp_path / "page.md"
    there = "```python json\nprint(2)\n```\n\n```text\n2\n```\n"
    missing = "```python no_such_package\nprint(1)\n```\n\n```text\n3\n```\n"
    file.write_text(there + "\n" + missing)
    assert [r.printed for r in check(file, tmp_path)] == ["2\n", None]
    assert rewritten(file.read_text(), run(file, tmp_path)) == file.read_text()
    file.write_text(there.replace("\n2\n", "\n4\n"))
    with pytest.raises(PageError, match="-4"):
        check(file, tmp_path)


def test_the_page_of_operations_is_that_of_the_table() -> None:
    shown = operations.PAGE.read_text(encoding="utf-8")
    remedy = "run `python -m docs.website.operations --write`"
    assert shown == operations.page(), remedy


@pytest.mark.parametrize("row", TABLE.values(), ids=list(TABLE))
def test_the_code_of_an_operation_is_what_the_engine_computes(row) -> None:
    defined = {"math": math, "floats": floats}
    exec(operations.code(row), defined)
    numbers = [0.75, 0.5, 0.25, 0.875, 0.125]
    leaves = [Value(x + max(0.0, row.domain[0].low)) for x in numbers]
    if row.groups:
        sizes = operations.sizes(row)
        leaves, rest = leaves[: sum(sizes)], iter(leaves)
        groups = [[next(rest) for _ in range(size)] for size in sizes]
        named = zip(row.groups, groups, strict=True)
        given = [group[0] if name in row.single else group for name, group in named]
        node = getattr(autograd.functions, row.name)(*given, *(0 for _ in row.settings))
        settings = []
    else:
        leaves = leaves[: len(row.arguments)]
        settings = [0.25 * (i + 1) for i, _ in enumerate(row.settings)]
        function = getattr(autograd.functions if row.is_function else operator, row.name)
        node = function(*leaves, *settings)
    node.backward()
    shown = defined[row.name](*(leaf.data for leaf in leaves), *settings)
    assert shown == (node.data, tuple(leaf.grad for leaf in leaves))


# --- Links ----------------------------------------------------------------------------------------


@cache
def headings(page: Path) -> set[str]:
    """The anchors that a code host gives to the headings of a page."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    titles = [
        "".join(child.content for child in inline.children or [])
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open"
    ]
    return {
        "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")
        for title in titles
    }


def links(page: Path) -> list[str]:
    """What the links and pictures of a page lead to."""
    tokens = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    children = [child for token in tokens for child in token.children or []]
    found = [child.attrs.get("href", child.attrs.get("src")) for child in children]
    return [str(target) for target in found if target]


def dead(page: Path) -> list[str]:
    """The links of a page that lead nowhere in the repository."""
    wrong = []
    for target in links(page):
        path, _, heading = target.partition("#")
        if "://" in path:
            continue
        file = page.parent / path if path else page
        if not file.exists() or (heading and heading not in headings(file)):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page) -> None:
    assert dead(page) == []


def missing(page: Path) -> list[str]:
    """The files and folders that a page names by their path, as `nn/mlp.py`, and that are not."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:autograd|docs|examples|nn|tests)/[\w./-]*)`", text)
    return [path for path in named if not (ROOT / path).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_that_a_page_names_are_there(page) -> None:
    assert missing(page) == []


def test_a_file_that_is_not_there_is_found(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`nn/mlp.py` `nn/training/` `nn/none.py` `autograd/none/`\n")
    assert missing(page) == ["nn/none.py", "autograd/none/"]


def test_a_dead_link_is_found(tmp_path) -> None:
    (tmp_path / "other.md").write_text("# Other\n\n## A `code` heading, here\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n[a](other.md#a-code-heading-here) [b](other.md#none) [c](none.md) [d](#page) "
        "[e](#none) ![f](none.svg) <https://example.org>\n"
    )
    assert dead(page) == ["other.md#none", "none.md", "#none", "none.svg"]
