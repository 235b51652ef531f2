"""Builds the folder of the playground: any web server can serve it, and it loads nothing else.

Pyodide, Viz.js and CodeMirror come by npm as `package-lock.json` pins them, each checked by its
hash; they are in no commit.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import autograd
import nn

HERE = Path(__file__).parent
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip",
           "pyodide-lock.json")  # fmt: skip
VIZ = "dist/viz.js"
EDITOR = ("@codemirror/", "@lezer/", "@marijn/", "crelt", "style-mod", "w3c-keyname")
TITLE = re.compile(r"# (.+)\n")  # the first line of an example


class PackagesError(RuntimeError):
    """The packages of the playground cannot be fetched."""


def build(into: Path, cache: Path) -> None:
    """Builds the playground.

    Args:
        into: A folder, which is replaced.
        cache: A folder in which npm puts the packages; kept for the next time.

    Raises:
        PackagesError: If there is no npm, or if it fails.
    """
    modules = packages(cache)
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(HERE / "page", into)
    for name in PYODIDE:
        _copy(modules / "pyodide" / name, into / "pyodide" / name)
    _copy(modules / "@viz-js" / "viz" / VIZ, into / "viz.js")
    imports = dict(_editor(modules, into))
    _library(into / "library.zip")
    (into / "examples.json").write_text(json.dumps(examples(), ensure_ascii=False), "utf-8")
    _page(into, imports)


def packages(cache: Path) -> Path:
    """The folder of the packages, fetched unless it is what the lock file says already.

    Args:
        cache: A folder, which is made if it is not there.

    Raises:
        PackagesError: If there is no npm, or if it fails.
    """
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = cache / "fetched"
    if stamp.exists() and stamp.read_bytes() == lock:
        return cache / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        raise PackagesError(
            "there is no npm here to fetch Pyodide, Viz.js and CodeMirror by; install Node.js"
        )
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        _copy(HERE / name, cache / name)
    # `ci` takes nothing but what the lock file says, and compares its hashes.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    fetched = subprocess.run(command, cwd=cache, capture_output=True, encoding="utf-8")
    if fetched.returncode:
        raise PackagesError(f"npm could not fetch the packages:\n{fetched.stderr.strip()}")
    stamp.write_bytes(lock)
    return cache / "node_modules"


def examples() -> dict[str, dict[str, str]]:
    """The programs by name: title, its first line, and text."""
    found = {}
    for path in sorted((HERE / "programs").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        title = TITLE.match(text)
        assert title, f"{path.name} does not begin with its title, as a comment"
        # The number in front is for the order.
        found[path.stem.partition("_")[2]] = {"title": title[1], "text": text}
    return found


def _editor(modules: Path, into: Path) -> Iterator[tuple[str, str]]:
    """Copies the modules of the editor; the name and the address of each, for an import map."""
    for manifest in sorted([*modules.glob("*/package.json"), *modules.glob("@*/*/package.json")]):
        package = json.loads(manifest.read_text(encoding="utf-8"))
        name = package["name"]
        if name.startswith(EDITOR):
            target = f"editor/{name.replace('/', '-').lstrip('@')}.js"
            exports = package["exports"]
            exports = exports.get(".", exports)
            _copy(manifest.parent / exports["import"], into / target)
            yield name, f"./{target}"


def _library(path: Path) -> None:
    """This library, and the package graphviz, which writes DOT, as an archive."""
    import graphviz

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in (autograd, nn, graphviz):
            folder = Path(str(resources.files(package)))
            for file in sorted(folder.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    archive.write(file, file.relative_to(folder.parent))


def _page(into: Path, imports: dict[str, str]) -> None:
    """Fills in the page: what it loads, how large that is, and its Content-Security-Policy."""
    loaded = [*(f"pyodide/{name}" for name in PYODIDE), "viz.js", "library.zip"]
    sizes = {name: (into / name).stat().st_size for name in loaded}
    import_map = json.dumps({"imports": imports}, indent=1)
    policy = (
        f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {_digest(import_map)}; "
        "style-src 'self' 'unsafe-inline'; connect-src 'self'; worker-src 'self' blob:; "
        "frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = {"policy": policy, "imports": import_map, "sizes": json.dumps(sizes)}
    page = into / "index.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], text), encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
