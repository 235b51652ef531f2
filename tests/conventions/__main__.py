"""Measures what libraries answer at the points of docs/conventions.md.

    python -m tests.conventions                      all libraries, into measured.json and the page
    python -m tests.conventions torch jax            these
    python -m tests.conventions --check torch jax    fails if they answer otherwise than before
    python -m tests.conventions --between torch jax  where the two differ, as it is written down
    python -m tests.conventions --page               writes the page again

Each library is installed, pinned, into an environment of its own, in the folder that
--environments or CONVENTIONS_ENVIRONMENTS names, else in the cache of the user.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conventions import data, measuring, page


def main(arguments: list[str] | None = None) -> int:
    """Runs what the command line asks for; 1 if something differs or fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.conventions", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="LIBRARY", choices=[*data.libraries(), []])
    parser.add_argument("--check", action="store_true", help="compare with what is written down")
    parser.add_argument("--between", nargs=2, metavar="LIBRARY", choices=list(data.libraries()))
    parser.add_argument("--page", action="store_true", help="only write the page")
    parser.add_argument("--environments", type=Path, default=measuring.default_folder())
    options = parser.parse_args(arguments)
    if options.between:
        print(page.between(*options.between))
        return 0
    if not options.page:
        names = options.names or list(data.libraries())
        failures = [_run(name, options.environments, options.check) for name in names]
        if options.check or any(failures):
            return int(any(failures))
    page.PAGE.write_text(page.text(), encoding="utf-8")
    return 0


def _run(name: str, folder: Path, check: bool) -> bool:
    """Measures a library; whether it failed, or differs from what is written down."""
    found = data.measured()
    try:
        column = measuring.column(name, folder)
    except measuring.Failed as failed:
        print(failed, file=sys.stderr)
        return True
    cells = column["cells"].values()
    print(f"{name} {column['version']}: {sum('is' in cell for cell in cells)} answers", flush=True)
    if check:
        known = found.get(name, {"version": "", "cells": {}})
        lines = measuring.differences(name, column, known)
        print("\n".join(lines) if lines else f"{name}: as written down", flush=True)
        return bool(lines)
    found[name] = column
    data.write(found)
    return False


if __name__ == "__main__":
    sys.exit(main())
