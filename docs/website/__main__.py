"""Builds the site: `python -m docs.website`, then open `out/site/index.html`.

A warning is an error: a link that leads nowhere, a page that is in no list, a docstring that cannot
be read. So is a block of code that does not print what the page shows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from docs.website.blocks import ROOT, PageError
from docs.website.staging import FILES, stage

OUT = ROOT / "out"


def build(docs: Path, out: Path) -> int:
    """Builds the site of the pages of a folder.

    Args:
        docs: The folder of the pages.
        out: Gets `site`, which is what to publish, and `site-source`.

    Returns:
        0, or else what Sphinx returned.

    Raises:
        PageError: If a block of a page does not do what the page shows.
    """
    source = out / "site-source"
    stage(docs, source)
    options = ["--fresh-env", "--write-all", "--fail-on-warning", "--quiet"]
    folders = ["--conf-dir", str(Path(__file__).parent), "--doctree-dir", str(out / "site-trees")]
    command = [sys.executable, "-m", "sphinx", *options, *folders, str(source), str(out / "site")]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": paths}
    failed = subprocess.run(command, env=environment, cwd=ROOT).returncode
    if (source / FILES).exists():
        shutil.copytree(source / FILES, out / "site" / FILES, dirs_exist_ok=True)
    return failed


def main() -> int:
    """Builds the site of `docs/` into `out/site`."""
    try:
        failed = build(ROOT / "docs", OUT)
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    if not failed:
        print(f"built {OUT / 'site' / 'index.html'}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
