"""docs/conventions.md, written from what was measured."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from tests.conventions import data

PAGE = data.HERE.parents[1] / "docs" / "conventions.md"
PAIR = ("torch", "jax")
CONVENTIONS = (
    "There is no derivative, or the name means different things, and each has its convention"
)
WRONG = "There is an answer, and one of them (**bold**) has another"
RECORDS = "What is recorded, and what may be changed"
RULES = {
    "least": "the subgradient of least norm",
    "limit": "the one-sided limit",
    "outside": "nan outside of the domain",
    "none": "nan, as nothing is sensible",
    "tie": "ties share alike",
    "arm": "what is not taken gets nothing",
    "recorded": "operations, not functions, are differentiated",
    "zero": "0 of a derivative that is a convention",
    "pole": "inf at a pole",
    "step": "the slope beside a jump",
    "value": "IEEE 754, or as NumPy has it",
    "graph": "as the graph was recorded",
    "number": "every number is one, and what is not used has 0",
}

HEAD = """\
# Where libraries differ

The derivative of \\|x\\| at 0 is 0 in PyTorch and 1 in JAX. No one is wrong: there is none. But who
ports a model, or compares two gradients, meets such points, and from memory even experts are often
wrong about them. So they were measured: every cell of this page was run, and none is quoted.
`python -m tests.conventions` runs each library in an environment of its own, as pinned, and writes
the page from what it finds; `python -m tests.conventions --check torch jax sympy` runs these again
and fails where they answer otherwise. What was found is in `tests/conventions/measured.json`.

- [PyTorch and JAX](#why-do-my-gradients-differ-between-pytorch-and-jax): where these two differ.
- `python -m tests.conventions --between torch mygrad` prints the same for any other two.
- `autograd.testing.compare` finds where a function of yours meets one of these points.

"""

READ = """\
## How to read the tables

Each line is a formula at a point: its first derivatives by all arguments, in order; or its value,
or its second derivatives, row by row, where the line says so.

- **exact** is what mathematics says. Where it has no answer, the next column says by which
  [rule](edges.md) this engine has one.
- The others are grouped by their answers. A **bold** answer is not the exact one. "error" is an
  exception; which one is in the data.
- A library that is not on a line has no such function, or no second derivatives at all.
- ¹ and so on: what the library's documentation or source says, below the table. ⚠ marks a cell that
  is not what the documentation of that library says.

"""


def text() -> str:
    """The page in Markdown."""
    found = data.measured()
    parts = [HEAD, *_pair_section(*PAIR), READ]
    for group in data.groups():
        parts.append("\n".join(_group(group, found)) + "\n\n")
    parts.append("\n".join(_checkers(found)) + "\n\n")
    parts.append("\n".join(_libraries(found)) + "\n")
    return "".join(parts)


def between(one: str, other: str) -> str:
    """The lines on which two libraries differ: where one is wrong, and where none is."""
    found, kinds = data.measured(), dict[str, list[str]]()
    for point in data.points():
        cells = [found[name]["cells"].get(point["id"], {"missing": ""}) for name in (one, other)]
        if any("missing" in cell for cell in cells) or _same(*cells):
            continue
        exact = data.exact(point)
        shown = f"| {_link(point)} | {_marked(cells[0], exact)} | {_marked(cells[1], exact)} |"
        if exact:
            kinds.setdefault(WRONG, []).append(
                f"{shown} {_shown(exact)} | {_escaped(point.get('why', ''))} |"
            )
        else:
            kind = RECORDS if point["group"] == "behaviour" else CONVENTIONS
            own = found[data.ENGINE]["cells"][point["id"]]
            kinds.setdefault(kind, []).append(
                f"{shown} {_shown(own)} | {_escaped(point.get('why', ''))} |"
            )
    tables = []
    for kind in (CONVENTIONS, WRONG, RECORDS):
        if kind in kinds:
            third = "exact" if kind == WRONG else "this engine"
            head = f"| | {_titles()[one]} | {_titles()[other]} | {third} | why |"
            tables += [f"{kind}:", "", head, "| --- | --- | --- | --- | --- |", *kinds[kind], ""]
    return "\n".join(tables)


def _pair_section(one: str, other: str) -> Iterator[str]:
    yield (
        "## Why do my gradients differ between PyTorch and JAX?\n\n"
        "If it is more than rounding, because of one of these lines: on all other points of this "
        "page the two agree.\n\n"
    )
    yield between(one, other) + "\n"


# --- The tables -----------------------------------------------------------------------------------


def _group(group: dict[str, str], found: dict[str, Any]) -> Iterator[str]:
    yield f"## {group['title']}"
    yield ""
    yield group["text"]
    yield ""
    yield "| | exact, or by rule | this engine's answer | others |"
    yield "| --- | --- | --- | --- |"
    noted: list[str] = []
    reasons: dict[str, list[str]] = {}
    names = [name for name, library in data.libraries().items() if library.get("kind") != "checker"]
    for point in (p for p in data.points() if p["group"] == group["id"]):
        yield _line(point, names, found, noted)
        if point.get("why"):
            reasons.setdefault(point["why"], []).append(_link(point))
    if reasons:
        yield ""
        yield "Why:"
        yield ""
        yield from (f"- {'; '.join(who)}: {_escaped(why)}" for why, who in reasons.items())
    if noted:
        yield ""
        for number, note in enumerate(noted, 1):
            yield f"{number}. {note}"


def _line(point: dict[str, Any], names: list[str], found: dict[str, Any], noted: list[str]) -> str:
    titles, exact = _titles(), data.exact(point)
    cells = {
        name: found[name]["cells"][point["id"]]
        for name in names
        if name in found and "missing" not in found[name]["cells"].get(point["id"], {"missing": ""})
    }
    own = cells.pop(data.ENGINE, None)
    same, others = [], list[tuple[Any, list[str]]]()
    for name, cell in cells.items():
        title = titles[name] + _references(point["id"], name, noted)
        if own is not None and data.alike(cell, own):
            same.append(title)
            continue
        for answer, who in others:
            if _same(answer, cell):
                who.append(title)
                break
        else:
            others.append((cell, [title]))
    others.sort(key=lambda entry: ("is" not in entry[0], -len(entry[1])))
    groups = " · ".join(f"{_marked(cell, exact)}: {', '.join(who)}" for cell, who in others)
    mine = "—" if own is None else f"{_marked(own, exact)}: {', '.join(['this engine', *same])}"
    by = f"{_shown(exact)}" if exact else f"*{RULES[point['rule']]}*" if "rule" in point else ""
    return f'| <a id="{point["id"]}"></a>{_formula(point)} | {by} | {mine} | {groups} |'


def _references(point: str, name: str, noted: list[str]) -> str:
    marks = ""
    for note in data.notes().get("note", []):
        if note["library"] != name or point not in note["points"]:
            continue
        text = f"{_titles()[name]}: {note['text']} ({note['source']})"
        if text not in noted:
            noted.append(text)
        marks += f"{'⚠' if note.get('contradicts') else ''}<sup>{noted.index(text) + 1}</sup>"
    return marks


def _checkers(found: dict[str, Any]) -> Iterator[str]:
    names = [n for n, library in data.libraries().items() if library.get("kind") == "checker"]
    names = [name for name in names if name in found]
    titles = _titles()
    yield "## What checkers say there"
    yield ""
    yield (
        "Finite differences of NumPy's functions at the same points; `gradcheck` and `check_grads` "
        "judge the gradient of their own library: ✓ accepted, ✗ refused. At a kink an estimate is "
        "the mean of two slopes or one of them, so it is no witness."
    )
    yield ""
    yield "| formula | exact | " + " | ".join(titles[name] for name in names) + " |"
    yield "| --- | --- |" + " --- |" * len(names)
    for point in data.points():
        cells = [found[name]["cells"].get(point["id"], {"missing": ""}) for name in names]
        if all("missing" in cell for cell in cells) or point["group"] == "behaviour":
            continue
        exact = data.exact(point)
        shown = " | ".join(_marked(cell, exact) for cell in cells)
        yield (f"| {_link(point)} | {_shown(exact) if exact else ''} | {shown} |")


def _libraries(found: dict[str, Any]) -> Iterator[str]:
    yield "## The libraries"
    yield ""
    yield "| library | version | measured | answers | |"
    yield "| --- | --- | --- | --- | --- |"
    for name, library in data.libraries().items():
        column = found[name]
        answers = sum("missing" not in cell for cell in column["cells"].values())
        yield (
            f"| {library['title']} | {column['version']} | {column['date']} | {answers} | "
            f"{library.get('note', '')} |"
        )


# --- How things are written -----------------------------------------------------------------------


def _titles() -> dict[str, str]:
    return {name: library["title"] for name, library in data.libraries().items()}


def _same(one: data.Cell, other: data.Cell) -> bool:
    """Whether they answer alike, where one error is as good as another."""
    return data.alike(one, other) or ("error" in one and "error" in other)


def _link(point: dict[str, Any]) -> str:
    return f'<a href="#{point["id"]}">{_formula(point)}</a>'


def _formula(point: dict[str, Any]) -> str:
    if "behaviour" in point:
        return _escaped(point["behaviour"])
    at = ", ".join(f"{name} = {_value(x)}" for name, x in point["at"].items())
    order = {0: "value of ", 1: "", 2: "second derivatives of "}[point.get("order", 1)]
    # As HTML, since the site makes links of code in Markdown, which would be links within links.
    code = re.sub(r"([*_\[\]|])", r"\\\1", html.escape(point["formula"]))
    return f"{order}<code>{code}</code> at {at}"


def _value(given: Any) -> str:
    if isinstance(given, list):
        return f"[{', '.join(map(_value, given))}]"
    return f"{given:g}" if len(f"{given:g}") < 8 else f"{given:.3g}"


def _marked(cell: data.Cell, exact: data.Cell | None) -> str:
    shown = _shown(cell)
    return f"**{shown}**" if exact and "is" in cell and not data.alike(cell, exact) else shown


def _shown(cell: data.Cell) -> str:
    if "missing" in cell:
        return "—"
    if "error" in cell:
        return "error"
    entries = cell["is"]
    largest = max((abs(x) for x in entries if not isinstance(x, str)), default=0.0)
    words = [
        x if isinstance(x, str) else "0" if abs(x) < 1e-9 * largest else f"{x:.5g}" for x in entries
    ]
    if len(words) > 2 and len(set(words)) == 1:
        return f"{words[0]} (all {len(words)})"
    return ", ".join(words)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
