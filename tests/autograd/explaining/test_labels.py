"""Labels in Markdown: a parser finds exactly the label again, and nothing else in it."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograd import Value, explain

WITH_MATHEMATICS = MarkdownIt().enable("table").use(dollarmath_plugin)
WITHOUT = MarkdownIt().enable("table")
HOSTILE = [
    "<script>", "<!-- a -->", "|", "a|b", "*a*", "**a**", "_a_", "`", "`a`", "$", "$x$", "$$x$$",
    "[l](u)", "![l](u)", "[l]: u", "<u:v>", "line\nbreak", "a  \nb", "\\", "\\(x\\)", "\\_", "&lt;",
    "&", "#", "# a", "- a", "1. a", "> a", "~~a~~", "---", "{x}", "}{", "%", "^2^", "w'", "日本",
]  # fmt: skip
PLAIN = {"paragraph", "inline", "text", "softbreak", "math_inline", "math_block"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
# What LaTeX sets for a command; every other character but for braces is set as it is.
SET = {
    "backslash": "\\", "wedge": "^", "sim": "~", "vert": "|", "langle": "<", "rangle": ">",
    "ast": "*", "lbrack": "[", "rbrack": "]", "grave": "`",
}  # fmt: skip


def tokens(parser: MarkdownIt, text: str) -> list[Token]:
    return [t for token in parser.parse(text) for t in (token, *(token.children or []))]


def kinds(found: list[Token]) -> set[str]:
    return {re.sub("_(open|close)$", "", token.type) for token in found}


def as_set(latex: str) -> str:
    """What a reader sees of a name's LaTeX."""

    def one(match: re.Match[str]) -> str:
        word, character = match.groups()
        return SET[word] if word else character

    inner = latex.removeprefix(r"\mathrm{").removesuffix("}").replace(r"\grave{\ }", r"\grave ")
    return re.sub(r"\\(?:([a-z]+) |(.))", one, inner)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_comes_back_from_markdown_as_exactly_that(label: str) -> None:
    x = Value(0.5, label=label)
    y = x.exp()
    y.label = "y"
    text = explain(y, x).markdown()
    found = tokens(WITH_MATHEMATICS, text)
    assert kinds(found) <= PLAIN
    assert kinds(tokens(WITHOUT, text)) <= PLAIN
    of, by = [token.content for token in found if token.type == "math_inline"]
    assert of == "y"
    assert as_set(by).removeprefix("“").removesuffix("”") == label.replace("\n", "\\n")


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_in_a_table_stays_in_its_cell(label: str) -> None:
    y = x = Value(0.5, label=label)
    for _ in range(5):
        y = y * y
    text = explain(y, x).markdown()
    for parser in (WITH_MATHEMATICS, WITHOUT):
        found = tokens(parser, text)
        assert kinds(found) <= PLAIN | TABLE
        cells = sum(token.type == "td_open" for token in found)
        assert cells == 4 * (sum(token.type == "tr_open" for token in found) - 1)
    last = [token.content for token in tokens(WITH_MATHEMATICS, text) if token.type == "inline"][-4]
    name = re.fullmatch(r"\$\\frac{\\partial .*}{\\partial (\\mathrm{.*}|\w+)}\$", last)
    assert name is not None
    assert as_set(name[1]).removeprefix("“").removesuffix("”") == label.replace("\n", "\\n")


def latex_of(*labels: str) -> list[str]:
    xs = [Value(float(i), label=label) for i, label in enumerate(labels, 1)]
    y = xs[0] * 2.0
    for x in xs[1:]:
        y = y * x
    y.label = "y"
    found = [explain(y, x).latex().split(r"\partial ")[2] for x in xs]
    return [latex[: latex.index("} = ")] for latex in found]


def test_an_index_is_lowered_unless_two_labels_would_look_alike() -> None:
    assert latex_of("w5", "w6") == ["w_{5}", "w_{6}"]
    assert latex_of("w_5", "w_6") == ["w_{5}", "w_{6}"]
    assert latex_of("w5", "w_5", "w_6") == ["w_{5}", r"\mathrm{w\_5}", "w_{6}"]
    assert latex_of("net1", "net_1") == [r"\mathrm{net}_{1}", r"\mathrm{net\_1}"]
    assert latex_of("θ_1", r"\theta_1", "θ1") == [
        r"\mathrm{\theta \_1}", r"\mathrm{\backslash theta\_1}", r"\theta_{1}",
    ]  # fmt: skip
    assert latex_of("w_{12}", "w12") == [r"\mathrm{w\_\{12\}}", "w_{12}"]
    assert latex_of("neto1", "net_o1") == [r"\mathrm{neto}_{1}", r"\mathrm{net}_{o1}"]
