"""Builds the site: `python -m docs.website`, then open `out/site/index.html`.

`python -m docs.website --serve` serves what is built on this machine, which the playground needs;
it is built first if it is not there. Where npm is missing the site has no playground, and the build
says so; with REQUIRE_PLAYGROUND=1 that is an error.

A warning is an error: a link that leads nowhere, a page that is in no list, a docstring that cannot
be read. So is a block of code that does not print what the page shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from docs.website.blocks import ROOT, PageError
from docs.website.playground import build as playground
from docs.website.playground.serving import server_of
from docs.website.staging import FILES, stage

OUT = ROOT / "out"
PORT = 8000


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


def add_playground(out: Path) -> int:
    """Adds the playground to a site.

    Args:
        out: Has `site`, and gets `playground-packages`, which is kept for the next time.

    Returns:
        0; 1 if it cannot be built and REQUIRE_PLAYGROUND=1 is set.
    """
    try:
        playground.build(out / "site" / "playground", out / "playground-packages")
    except playground.PackagesError as error:
        print(f"the site has no playground: {error}", file=sys.stderr)
        return int(os.environ.get("REQUIRE_PLAYGROUND") == "1")
    print(f"built {out / 'site' / 'playground' / 'index.html'}")
    return 0


def serve(folder: Path, port: int) -> int:
    """Serves a folder on this machine until Ctrl-C; returns 1 if the port is taken."""
    try:
        server = server_of(folder, port)
    except OSError as error:
        print(f"cannot serve at port {port}: {error}; give another by --port", file=sys.stderr)
        return 1
    with server:
        address = "http://{}:{}/".format(*server.server_address[:2])
        print(f"serving {address}, the playground at {address}playground/; Ctrl-C ends it")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def main() -> int:
    """Builds the site of `docs/` into `out/site`, or serves it."""
    parser = argparse.ArgumentParser(description="Builds the site.")
    parser.add_argument("--serve", action="store_true", help="serve the site on this machine")
    parser.add_argument("--port", type=int, default=PORT, help=f"where; {PORT} unless told")
    options = parser.parse_args()
    if not options.serve or not (OUT / "site" / "index.html").exists():
        try:
            failed = build(ROOT / "docs", OUT)
        except PageError as error:
            print(error, file=sys.stderr)
            return 1
        if failed:
            return failed
        print(f"built {OUT / 'site' / 'index.html'}")
        if add_playground(OUT):
            return 1
    if options.serve:
        return serve(OUT / "site", options.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
