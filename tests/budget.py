"""Lines of code of each room: `python -m tests.budget`, beside another revision with its name.

A line of code is one that has more on it than a comment or a part of a docstring.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def code_lines(text: str) -> int:
    """How many lines of a Python file are code."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                docstrings |= set(range(value.lineno, (value.end_lineno or 0) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SILENT and token.type != tokenize.ENDMARKER:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings)


def rooms(root: Path) -> Counter[str]:
    """The lines of code of each folder of the packages; a package's own files are its lobby."""
    counts: Counter[str] = Counter()
    for package in ("autograd", "nn"):
        for path in sorted((root / package).rglob("*.py")):
            room = "/".join(path.parent.relative_to(root).parts) + "/"
            counts[room] += code_lines(path.read_text(encoding="utf-8"))
    return counts


def main(revision: str = "") -> None:
    """Prints the table."""
    now, before = rooms(ROOT), Counter[str]()
    if revision:
        with tempfile.TemporaryDirectory() as folder:
            command = ["git", "archive", revision, "autograd", "nn"]
            archive = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            subprocess.run(["tar", "-xf", "-", "-C", folder], input=archive.stdout, check=True)
            before = rooms(Path(folder))
    print(f"{'lines of code':28}{'now':>7}{revision[:8]:>10}")
    for room in sorted(now | before):
        print(f"{room:28}{now[room]:7,}" + (f"{before[room]:10,}" if revision else ""))
    print(f"{'all':28}{now.total():7,}" + (f"{before.total():10,}" if revision else ""))


if __name__ == "__main__":
    main(*sys.argv[1:])
