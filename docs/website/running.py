"""Runs the blocks of one page in this interpreter; `blocks.run` starts it and reads the answer.

The request, a page and its blocks with their lines, comes as JSON on the standard input; what each
block printed and wrote goes as JSON to the standard output.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import types
from pathlib import Path


def main() -> None:
    """Reads the request, runs, answers."""
    request = json.load(sys.stdin)
    # A module of its own, so that classes of the page can be pickled.
    module = types.ModuleType("page")
    sys.modules["page"] = module
    answer = []
    for line, code in request["blocks"]:
        before = _files()
        # Blank lines in front, so that a traceback names the line of the page.
        compiled = compile("\n" * line + code, request["page"], "exec")
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compiled, module.__dict__)
        after = _files()
        files = sorted(name for name in after if after[name] != before.get(name))
        answer.append({"printed": printed.getvalue(), "files": files})
    json.dump(answer, sys.stdout)


def _files() -> dict[str, int]:
    """The files of this folder and when they were written."""
    return {path.name: path.stat().st_mtime_ns for path in Path().iterdir() if path.is_file()}


if __name__ == "__main__":
    main()
