"""The README's picture, drawn by the README's code: `python -m docs.website.picture` writes it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from docs.website.blocks import ROOT, run

README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "mazur.svg"


def drawn() -> str:
    """The picture as the library draws it now."""
    with tempfile.TemporaryDirectory() as folder:
        run(README, Path(folder))
        return (Path(folder) / PICTURE.name).read_text(encoding="utf-8")


def written_in(svg: str) -> list[str]:
    """All that is written in a picture, sorted: what does not depend on Graphviz's version."""
    return sorted(re.findall(r"<text[^>]*>(.*?)</text>", svg))


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
