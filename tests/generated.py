"""Every text that the engine generates, beside another revision's: `python -m tests.generated REV`.

The texts of both are the same but for names, or the differences are printed. What is generated is
seen where Python compiles it, so that it does not matter which file of the engine writes it.
"""

from __future__ import annotations

import builtins
import difflib
import io
import itertools
import json
import keyword
import operator
import os
import subprocess
import sys
import tempfile
import tokenize
from pathlib import Path

ROOT = Path(__file__).parent.parent
POINTS = (0.5, 0.0, -0.0, 1.5, -1.0, 1e300, -1e300, 1e-320, float("inf"), float("nan"))
LARGE = 61_000  # operations, of which no source is written any more


def without_names(text: str) -> str:
    """The text with its names numbered as they are set, without comments and trailing commas."""
    numbers: dict[str, int] = {}
    fresh = itertools.count()
    words: list[str] = []
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for (_, before, *_), (kind, word, *_), (_, after, *_) in zip(
        [tokens[0], *tokens], tokens, [*tokens[1:], tokens[-1]], strict=False
    ):
        if kind == tokenize.COMMENT or kind == tokenize.NL:
            continue
        if kind == tokenize.NAME and not keyword.iskeyword(word) and before != ".":
            if after == "=" and not before.strip():  # what the line sets may have had a meaning
                numbers[word] = next(fresh)
            word = f"n{numbers[word] if word in numbers else numbers.setdefault(word, next(fresh))}"
        words.append(word)
    return " ".join(words).replace(", )", ")")


def exercise() -> None:
    """Makes the engine generate: all operations eagerly, in gradients and in programs."""
    import numpy as np

    import autograd
    import nn
    from autograd import Value, gradients
    from autograd.table import TABLE

    for operation in TABLE.values():
        function = applied(operation, autograd)
        sizes = [1 if g in operation.single else 3 for g in operation.groups]
        count = sum(sizes) if operation.groups else len(operation.arguments)
        for x in POINTS:
            for kinds in itertools.product((True, False), repeat=min(count, 2)):
                rest = [True] * (count - len(kinds))
                numbers = [x, *[0.5] * (count - 1)]
                given = [
                    Value(n) if k else n for n, k in zip(numbers, [*kinds, *rest], strict=True)
                ]
                result = function(*given)
                if isinstance(result, Value):
                    differentiated(result, [v for v in given if isinstance(v, Value)])
        run(autograd.compile(function, count), np)
    x = y = Value(0.25)
    for _ in range(LARGE // 10):
        y = autograd.tanh(y * 0.5 + x) - autograd.sin(y) / 3.0
        y = autograd.log1p(autograd.sum([x, y, y]) ** 2) + autograd.clip(y, -1.0, 1.0)
    autograd.compile(y, [x])(0.25)
    model = nn.MLP(3, [5, 4, 2], activation="tanh", rng=1)
    inputs = [Value(0.1 * i) for i in range(3)]
    loss = autograd.logsumexp(model(inputs))
    run(autograd.compile(loss, [*inputs, *model.parameters()]), np)
    gradients(loss, inputs, create_graph=True)


def applied(operation, autograd):
    """The operation as a function of its operands, one after the other."""
    special = {"neg": operator.neg, "abs": abs}
    defaults = {"low": -1.0, "high": 2.0, "target": 1}
    settings = [defaults.get(name, default) for name, default in operation.settings]
    if operation.groups:
        function = getattr(autograd, operation.name)
        return lambda *flat: function(
            *(
                g[0] if n in operation.single else g
                for n, g in zip(operation.groups, operation.grouped(flat), strict=True)
            ),
            *settings,
        )
    if not operation.is_function or operation.name in special:
        return special.get(operation.name) or getattr(operator, operation.name)
    function = getattr(autograd, operation.name)
    return lambda *flat: function(*flat, *settings)


def differentiated(result, inputs) -> None:
    """Its backward pass and two derivatives."""
    from autograd import gradients

    result.backward()
    try:
        for slope in gradients(result, inputs, create_graph=True):
            gradients(slope, inputs, create_graph=True)
    except ValueError:  # as data was changed by a nan
        pass


def run(program, np) -> None:
    """On numbers, on arrays of both widths with one or all inputs varying, on a library."""
    with np.errstate(all="ignore"):
        _run(program, np)


def _run(program, np) -> None:
    count = len(program.inputs)
    numbers = [0.1 + 0.3 * i for i in range(count)]
    program(*numbers)
    program(*[0.0] * count)
    for kind in (np.float64, np.float32):
        lanes = np.linspace(0.1, 0.9, 7).astype(kind)
        program(*[lanes] * count)
        program(lanes, *numbers[1:])
        program(*[lanes * 1e38] * count)
    try:
        on_numpy = program.on(np)
    except TypeError:  # as NumPy has no erfc
        return
    on_numpy(*numbers)


def texts(root: Path) -> list[str]:
    """What is generated by the packages in that folder, each text once."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, str(Path(__file__).resolve()), "--print"]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def print_texts() -> None:
    """Prints what is generated here."""
    seen: dict[str, None] = {}
    ordinary = builtins.compile

    def watching(source, filename, *more, **options):
        if isinstance(source, str) and str(filename).startswith("<autograd"):
            seen[without_names(source)] = None
        return ordinary(source, filename, *more, **options)

    builtins.compile = watching
    exercise()
    json.dump(list(seen), sys.stdout)


def main(revision: str) -> None:
    """Prints how many texts are the same, and those that are not."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", revision, "autograd", "nn"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        subprocess.run(["tar", "-xf", "-", "-C", folder], input=archive.stdout, check=True)
        before = texts(Path(folder))
    now = texts(ROOT)
    gone, new = [t for t in before if t not in now], [t for t in now if t not in before]
    print(f"{len(before) - len(gone)} of {len(before)} texts of {revision} are the same but for")
    print(f"names; {len(new)} are new")
    for text in gone:
        print("\n- " + text)
        for twin in difflib.get_close_matches(text, new, 1):
            print("+ " + twin)
    sys.exit(bool(gone))


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        print_texts()
    else:
        main(*sys.argv[1:])
