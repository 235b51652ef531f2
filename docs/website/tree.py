"""The tree of the packages in docs/architecture.md, each file with its own first line.

`python -m docs.website.tree` prints it and, with `--write`, writes it into the page; a test holds
the page to it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- tree -->\n\n```text\n", "```\n\n<!-- end of tree -->\n"
COLUMN = 24  # where what a file says begins


def tree() -> str:
    """The folders and files of the packages; a folder says what its `__init__.py` does."""
    return "".join(f"{line}\n" for name in ("autograd", "nn") for line in _folder(ROOT / name, 0))


def _folder(folder: Path, depth: int) -> Iterator[str]:
    yield _line(f"{folder.name}/", folder / "__init__.py", depth)
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield _line(path.name, path, depth + 1)
    for path in sorted(folder.iterdir()):
        if (path / "__init__.py").exists():
            yield from _folder(path, depth + 1)


def _line(name: str, path: Path, depth: int) -> str:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return f"{'  ' * depth + name:{COLUMN}}{said.partition(chr(10))[0]}"


def rewritten(text: str) -> str:
    """The page with the tree as it is."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}{tree()}{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(tree(), end="")
