"""Puts together what Sphinx reads: the pages, what their code draws, the reference, the notebooks.

The pages in `docs/` are plain Markdown, readable where they are. Here they get what only a site
can have:

* what a block of code saves (.svg, .png, .gif, .html) is shown below it;
* each operation has a plot;
* `index.md`, a list of links, becomes the table of contents;
* an example that a page links to becomes a page, with its source.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docs.website import modules, operations, plots
from docs.website.blocks import ROOT, Result, blocks_of, check

FILES = "files"  # the folder of what the code of the pages saves
PICTURES, PAGE = (".svg", ".png", ".gif"), ".html"
LINK = re.compile(r"^- \[.*?\]\((?P<target>[\w/.-]+)\)", re.MULTILINE)
REFERENCE = "Reference"  # the section that gets the pages of the modules
NOTEBOOK = re.compile(r"\]\(\.\./(?P<path>[\w/]+\.ipynb)\)")
EXAMPLE = re.compile(r"\]\(\.\./(?P<path>[\w/]+\.py)\)")


def stage(docs: Path, into: Path) -> None:
    """Writes the sources of the site.

    Args:
        docs: The folder of the pages.
        into: A folder, which is replaced.

    Raises:
        PageError: If a block of a page does not do what the page shows.
    """
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    pages = sorted(docs.glob("*.md"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = list(pool.map(lambda page: _with_files(page, into), pages))
    for page, text in zip(pages, texts, strict=True):
        (into / page.name).write_text(_with_examples(text, into), encoding="utf-8")
    page = into / operations.PAGE.name
    if page.exists():
        folder = f"{FILES}/{page.stem}"
        text = plots.with_plots(page.read_text(encoding="utf-8"), into / folder, folder)
        page.write_text(text, encoding="utf-8")
    for picture in docs.glob("*.svg"):
        shutil.copy(picture, into)
    index = into / "index.md"
    contents = _with_contents(index.read_text(encoding="utf-8"), into)
    index.write_text(contents, encoding="utf-8")


def _with_files(page: Path, into: Path) -> str:
    """The page, and below each block the pictures and pages that it saved."""
    with tempfile.TemporaryDirectory() as folder:
        results = check(page, Path(folder))
        shown = [name for r in results for name in r.files if name.endswith((*PICTURES, PAGE))]
        for name in shown:
            target = into / FILES / page.stem / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(folder) / name, target)
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    for block, result in reversed(list(zip(blocks_of(text), results, strict=True))):
        lines[block.end : block.end] = _shown(result, f"{FILES}/{page.stem}")
    return "\n".join(lines) + "\n"


def _shown(result: Result, folder: str) -> Iterator[str]:
    """The lines of HTML that show the files of a block."""
    for name in result.files:
        path, title = f"{folder}/{name}", f"{name}, saved by the code above"
        if name.endswith(PICTURES):
            yield from (
                "",
                f'<a class="picture" href="{path}"><img src="{path}" alt="{title}"></a>',
            )
        elif name.endswith(PAGE):
            yield from ("", f'<iframe src="{path}" title="{title}"></iframe>')
            yield f'<p class="caption"><a href="{path}">{name}</a> in a window of its own</p>'


def _with_examples(text: str, into: Path) -> str:
    """The page with links to pages of the examples, which are written."""

    def linked(match: re.Match[str]) -> str:
        source = Path(match["path"])
        page = into / source.with_suffix(".md")
        page.parent.mkdir(parents=True, exist_ok=True)
        code = (ROOT / source).read_text(encoding="utf-8")
        page.write_text(
            f"---\norphan: true\n---\n\n# {source}\n\n````python\n{code}````\n", encoding="utf-8"
        )
        return f"]({source.with_suffix('.md')})"

    return EXAMPLE.sub(linked, text)


def _with_contents(text: str, into: Path) -> str:
    """The page of links, and with each section a table of contents of the pages it links to."""
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    parts = [head]
    for section in sections:
        title = section.partition("\n")[0]
        if title == REFERENCE:
            section = section.rstrip() + "\n" + _reference(into)
        section = NOTEBOOK.sub(lambda match: f"]({_notebook(match['path'], into)})", section)
        targets = [match["target"] for match in LINK.finditer(section)]
        names = "\n".join(str(Path(target).with_suffix("")) for target in targets)
        contents = f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n{names}\n```"
        parts.append(f"## {section.rstrip()}\n\n{contents}\n\n")
    return "".join(parts)


def _reference(into: Path) -> str:
    """Writes the page of each module, and returns the links to them."""
    (into / "reference").mkdir()
    for name in modules.MODULES:
        (into / "reference" / f"{name}.rst").write_text(modules.page(name), encoding="utf-8")
    return "".join(f"- [`{name}`](reference/{name}.rst)\n" for name in modules.MODULES)


def _notebook(path: str, into: Path) -> Path:
    """Copies a notebook, and returns where it is within the sources."""
    target = Path("notebooks") / Path(path).name
    (into / "notebooks").mkdir(exist_ok=True)
    shutil.copy(ROOT / path, into / target)
    return target
