"""Pictures are checked through parsers that are not ours: Graphviz's for DOT, expat's for SVG."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pygraphviz
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.drawing import Drawing, draw
from autograd.drawing.staleness import outdated
from autograd.graph.node import Leaf, Node
from autograd.graph.order import topological_order
from autograd.table import TABLE, Operation
from tests.drawn import chain, network, tutorial
from tests.programs import ENGINE, Program, programs

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[3]
which = shutil.which


def without_executable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)


@pytest.fixture(params=["dot", "pygraphviz"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the two ways to render; the other one is out of reach."""
    if request.param == "pygraphviz":
        without_executable(monkeypatch)
    elif which("dot") is None:
        pytest.skip("there is no executable `dot` on this machine")
    else:
        monkeypatch.setitem(sys.modules, "pygraphviz", None)
    return str(request.param)


class Parsed:
    """What Graphviz's own parser finds in the DOT text."""

    def __init__(self, drawing: Drawing) -> None:
        self.graph = pygraphviz.AGraph(string=drawing.source)
        self.caption = self._lines(self.graph.graph_attr["label"])
        self.nodes = {str(n): self._lines(n.attr["label"]) for n in self.graph.nodes()}
        self.edges = [
            (str(e[0]), str(e[1]), "".join(self._lines(e.attr["label"])), e)
            for e in self.graph.edges()
        ]

    @staticmethod
    def _lines(label: str | None) -> list[str]:
        return (label or "").replace("\\l", "\\n").split("\\n")[:-1]

    def find(self, first_line: str) -> str:
        (name,) = (name for name, lines in self.nodes.items() if lines[:1] == [first_line])
        return name

    def edge(self, tail: str, head: str) -> str:
        ends = (self.find(tail), self.find(head))
        (text,) = (text for a, b, text, _ in self.edges if (a, b) == ends)
        return text

    def clusters(self) -> dict[str, set[str]]:
        return {
            c.graph_attr["label"]: {self.nodes[str(n)][0] for n in c.nodes()}
            for c in self.graph.subgraphs()
        }

    def look(self, first_line: str) -> dict[str, str]:
        attributes = self.graph.get_node(self.find(first_line)).attr
        keys = ("shape", "style", "peripheries", "fillcolor")
        return {key: attributes[key] or "" for key in keys}


def texts(svg: str) -> list[str]:
    """The lines of text in an SVG; Graphviz writes two blanks as one and a no-break space."""
    root = ElementTree.fromstring(svg)
    return ["".join(e.itertext()).replace("\xa0", " ") for e in root.iter(f"{SVG}text")]


# --- Numbers --------------------------------------------------------------------------------------


def test_the_tutorials_numbers() -> None:
    loss = tutorial()
    loss.backward()
    parsed = Parsed(draw(loss))
    # The published figures: 0.593269992, 0.298371109, 0.082167041, 0.74136507 · 0.186815602.
    assert parsed.nodes[parsed.find("out_h1")][1:3] == ["sigmoid", "data 0.59327"]
    assert parsed.nodes[parsed.find("E")] == ["E", "half_sse", "data 0.298371", "grad +1"]
    assert parsed.nodes[parsed.find("w5")] == ["w5", "data 0.4", "grad +0.082167"]
    assert parsed.edge("net_o1", "out_o1") == "0.741365 × 0.186816 = +0.138499"
    assert parsed.edge("w5", "net_o1") == "0.138499 × 0.59327 = +0.082167"
    assert parsed.edge("out_o2", "E") == "1 × -0.217072 = -0.217072"
    assert len(parsed.nodes) == 10 + 4 + 8 + 1
    assert len(parsed.edges) == 4 * 5 + 4 + 4


def test_before_backward_there_are_no_gradients() -> None:
    parsed = Parsed(draw(tutorial()))
    assert all("grad —" in lines for lines in parsed.nodes.values())
    assert parsed.edge("w5", "net_o1") == "0.59327"
    assert parsed.caption[0] == "on an edge: local derivative; gradients appear after backward()"


def test_a_gradient_of_zero_is_not_a_missing_one() -> None:
    x = Value(-1.0, label="x")
    y = autograd.relu(x)
    y.backward()
    parsed = Parsed(draw(y))
    assert parsed.nodes[parsed.find("x")] == ["x", "data -1", "grad 0"]
    assert parsed.edge("x", "relu") == "1 × 0 = 0"
    z = autograd.relu(x * 2.0)
    z.backward()
    assert Parsed(draw(z)).edge("x", "*") == "0 × 2 = 0"
    x.zero_grad()
    assert "grad —" in Parsed(draw(y)).nodes["n0"]


OPERATIONS: list[Callable[..., Any]] = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - 2.0,
    lambda a, b: 3.0 / (a * a + 1.0),
    lambda a, b: a.tanh(),
    lambda a, b: autograd.dot([a, b], [b, 0.5]),
    lambda a, b: autograd.leaky_relu(a, 0.1),
]


@st.composite
def graphs(draw_from: st.DrawFn) -> Value:
    nodes = [Value(0.5, label="a"), Value.parameter(-1.5, label="b")]
    steps = st.tuples(st.sampled_from(OPERATIONS), st.integers(0), st.integers(0))
    for operation, i, j in draw_from(st.lists(steps, min_size=1, max_size=20)):
        nodes.append(operation(nodes[i % len(nodes)], nodes[j % len(nodes)]))
    return nodes[-1]


@given(graphs(), st.booleans())
@settings(deadline=None)
def test_every_node_and_every_edge_is_drawn_and_contributions_add_up(
    output: Value, backward: bool
) -> None:
    if backward:
        output.backward()
    order = topological_order([output])
    parsed = Parsed(draw(output, fold=False))
    plain = sum(not isinstance(x, Node) for node in order for x in node.operands)
    assert len(parsed.nodes) == len(order) + plain
    assert len(parsed.edges) == sum(len(node.operands) for node in order)
    for i, node in enumerate(order):
        leaving = [text for tail, _, text, _ in parsed.edges if tail == f"n{i}"]
        assert f"data {node.data:.6g}" in parsed.nodes[f"n{i}"]
        if backward and node is not output:
            shares = [float(text.split(" = ")[1]) for text in leaving]
            size = sum(map(abs, shares))
            assert math.fsum(shares) == pytest.approx(node.grad, abs=1e-5 * size)
        for text in leaving if backward else ():
            upstream, local = map(float, text.split(" = ")[0].split(" × "))
            assert upstream * local == pytest.approx(float(text.split(" = ")[1]), rel=1e-4)


def test_one_parent_twice_is_two_edges() -> None:
    x = Value(3.0, label="x")
    assert [text for *_, text, _ in Parsed(draw(x * x)).edges] == ["3", "3"]


def test_plain_numbers_are_constants_without_a_derivative() -> None:
    y = 2.0 ** Value(3.0, label="x")
    parsed = Parsed(draw(y))
    assert parsed.nodes["n1c0"] == ["2"]
    assert parsed.look("2")["fillcolor"] == "#EEEEEE"
    assert ("n1c0", "n1", "") in [edge[:3] for edge in parsed.edges]


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf, -0.0, 1e-300, 5e-324, 1.7e308])
def test_any_number_is_drawn(x: float, engine: str) -> None:
    a = Value(x, label="a")
    y = a * Value(x)
    y.backward()
    assert f"data {x:.6g}" in texts(draw(y).svg())


# --- Signs for the eye ----------------------------------------------------------------------------


def test_kinds_differ_in_colour_and_in_form() -> None:
    x, w = Value(2.0, label="input"), Value.parameter(3.0, label="parameter")
    c = Value(1.0, label="constant")
    c._op = Leaf("constant")
    operation = x * w
    operation.label = "operation"
    output = operation + c
    output.label = "output"
    parsed = Parsed(draw(output))
    looks = [parsed.look(k) for k in ("input", "parameter", "constant", "operation", "output")]
    colours = {look.pop("fillcolor") for look in looks}
    assert len(colours) == 5
    assert len({json.dumps(look) for look in looks}) == 5
    legend = "oval: input · folded corner: parameter · dashed box: constant · box: operation"
    assert parsed.caption[-1] == f"{legend} · double border: output"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """As WCAG 2.2 defines it."""
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def test_text_has_the_contrast_that_wcag_asks_for() -> None:
    from autograd.drawing import dot

    assert all(contrast(dot.INK, style.fill) >= 7 for style in dot.STYLES.values())
    for ink in (dot.GREY, dot.POSITIVE, dot.NEGATIVE):
        assert contrast(ink, "#FAFAFA") >= 4.5


def test_the_sign_of_a_contribution_shows_in_colour_line_and_text() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    y = a * b
    y.backward()
    parsed = Parsed(draw(y))
    edges = {text: e.attr for *_, text, e in parsed.edges}
    negative, positive = edges["1 × -3 = -3"], edges["1 × 2 = +2"]
    assert negative["style"] == "dashed"
    assert positive["style"] != "dashed"
    assert negative["color"] != positive["color"]


def test_left_to_right() -> None:
    parsed = Parsed(draw(tutorial()))
    assert parsed.graph.graph_attr["rankdir"] == "LR"


# --- Text fits its shape --------------------------------------------------------------------------

WIDEST = 0.602  # of the size: DejaVu Sans Mono, the widest of the fonts that a picture asks for


LATIN = st.characters(min_codepoint=32, max_codepoint=0x24F, categories=["L", "N", "P", "S"])


@given(st.text(LATIN, max_size=60))
@settings(deadline=None, max_examples=40)
def test_every_text_is_within_its_shape_in_any_fixed_font(label: str) -> None:
    """Viz.js measures Courier, and only fonts of its kind, as the Graphviz of these tests does."""
    x = Value.parameter(-1.23456e-200, label=label)
    y = x * Value(1.5, label=label)
    y.backward()
    root = ElementTree.fromstring(draw(y).svg())
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "node":
            continue
        outline = group.find(f"{SVG}polygon")
        if outline is None:
            ellipse = group.find(f"{SVG}ellipse")
            assert ellipse is not None
            width = 2 * float(ellipse.get("rx", ""))
        else:
            xs = [float(point.split(",")[0]) for point in outline.get("points", "").split()]
            width = max(xs) - min(xs)
        for text in group.iter(f"{SVG}text"):
            assert text.get("font-family", "").endswith("monospace")
            size = float(text.get("font-size", ""))
            assert len("".join(text.itertext())) * WIDEST * size <= width


# --- Numbers that were changed --------------------------------------------------------------------


def test_a_step_of_training_is_seen_in_the_picture() -> None:
    loss = tutorial()
    loss.backward()
    fresh = draw(loss)
    for node in topological_order([loss]):
        if node.op == "parameter":
            node.data -= 0.5 * node.grad
    parsed = Parsed(draw(loss))
    assert parsed.caption[:2] == [
        "changed after the forward pass: operands of net_h1, net_h2, net_o1, net_o2",
        "values, derivatives and gradients are from before the change; compute the output again",
    ]
    marked = {lines[0] for lines in parsed.nodes.values() if "operands changed" in lines}
    assert marked == {"net_h1", "net_h2", "net_o1", "net_o2"}
    assert "changed" not in fresh.source  # it is of the moment at which it was asked for


def test_many_changes_are_counted_and_folded_shapes_marked() -> None:
    loss = network([2, 16, 16, 1])
    for node in topological_order([loss]):
        if node.op == "parameter":
            node.data = 0.3
    parsed = Parsed(draw(loss))
    assert parsed.caption[0].endswith(
        "operands of net_h1[0], net_h1[1], net_h1[2], net_h1[3] and 29 nodes more"
    )
    marked = [lines for lines in parsed.nodes.values() if "operands changed" in lines]
    assert len(marked) == 33


def recorded_again(node: Value) -> Value:
    """The operation of a node on the same operands, as they are now."""
    operation = node._op
    assert isinstance(operation, Operation)
    operands, settings = node.applied_to
    groups: list[Any] = [*operands]
    if operation.groups:
        groups = operation.grouped(operands)
        for i, name in enumerate(operation.groups):
            if name in operation.single:
                groups[i] = groups[i][0] if groups[i] else None
    again: Value = ENGINE[operation.name](*groups, *settings)
    return again


@given(programs(max_steps=20), st.integers(0), st.floats(-3, 3))
@settings(max_examples=60, deadline=None)
def test_outdated_is_what_a_new_forward_pass_would_give_otherwise(
    program: Program, place: int, number: float
) -> None:
    inputs = [Value(x) for x in program.inputs]
    results = program.run(ENGINE, inputs)
    order = topological_order([results[-1]])
    assert outdated(order, lambda node: node.data) == []
    changed = inputs[place % len(inputs)]
    changed.data = number
    expected = []
    for node in order:
        if changed in node.parents:
            again = recorded_again(node)
            if repr(again.data) != repr(node.data) or repr(again.partials) != repr(node.partials):
                expected.append(node)
    assert outdated(order, lambda node: node.data) == expected


@given(st.sampled_from(sorted(TABLE)), st.lists(st.floats(), min_size=3, max_size=3))
@settings(max_examples=400, deadline=None)
def test_nothing_is_outdated_at_any_floats(name: str, numbers: list[float]) -> None:
    operation = TABLE[name]
    xs = [Value(x) for x in numbers]
    groups: list[Any] = xs[: len(operation.arguments)]
    if operation.groups:
        groups = [xs[0] if group in operation.single else xs for group in operation.groups]
    given = {"target": 1, "slope": 0.1, "low": -1.0, "high": 1.0}
    node = ENGINE[name](*groups, *(given[setting] for setting, _ in operation.settings))
    assert outdated([*xs, node], lambda node: node.data) == []


# --- Layers ---------------------------------------------------------------------------------------


def test_neurons_sit_in_their_layer() -> None:
    assert Parsed(draw(tutorial())).clusters() == {
        "layer 1": {"net_h1", "out_h1", "net_h2", "out_h2"},
        "layer 2": {"net_o1", "out_o1", "net_o2", "out_o2"},
    }


def test_a_function_of_more_than_one_argument_is_no_activation() -> None:
    w, x = Value.parameter(2.0), Value(3.0)
    net = autograd.dot([w], [x])
    net.label = "net"
    for after in (net - 1.0, autograd.mse([net], [1.0]), net * net):
        assert Parsed(draw(after)).clusters() == {"layer 1": {"net"}}


def test_an_activation_that_takes_a_setting() -> None:
    net = autograd.dot([Value.parameter(2.0)], [Value(3.0)])
    out = autograd.leaky_relu(net, 0.1)
    assert Parsed(draw(out + 1.0)).clusters() == {"layer 1": {"net_o1", "o1"}}


def test_a_net_that_two_nodes_use_has_no_activation() -> None:
    net = autograd.dot([Value.parameter(2.0)], [Value(3.0)])
    assert Parsed(draw(net.tanh() + net.exp())).clusters() == {"layer 1": {"o1"}}


# --- Folding --------------------------------------------------------------------------------------


def test_150_nodes_are_drawn_and_151_are_folded() -> None:
    assert len(Parsed(draw(chain(149))).nodes) == 150
    output = chain(150)
    parsed = Parsed(draw(output))
    assert sorted(parsed.nodes.values()) == [
        ["149 operations", "149 of tanh"],
        ["tanh", f"data {output.data:.6g}", "grad —"],
        ["x", "data 1", "grad —"],
    ]
    assert parsed.caption[0] == "folded: 151 nodes to 1 group; draw(..., fold=False) draws all"


def test_fold_false_draws_all() -> None:
    parsed = Parsed(draw(chain(400), fold=False))
    assert len(parsed.nodes) == 401
    assert "folded" not in parsed.caption[0]


def test_neurons_are_folded_first() -> None:
    loss = network([2, 16, 16, 1])
    loss.backward()
    parsed = Parsed(draw(loss))
    inside = {name for c in parsed.graph.subgraphs() for name in map(str, c.nodes())}
    assert len(inside) == 33
    assert parsed.nodes["n2"][:3] == ["h1[0]", "dot → tanh", "3 parameters"]
    first = next(n for n in topological_order([loss]) if n.op == "tanh")
    assert parsed.nodes["n2"][3:] == [f"data {first.data:.6g}", f"grad {first.grad:+.6g}"]
    assert len(parsed.edges) == 2 * 16 + 16 * 16 + 16 + 1 + 1
    # 2 inputs, 337 parameters, 33 neurons of two nodes, the loss and its plain number
    assert parsed.caption[0] == "folded: 407 nodes to 33 neurons; draw(..., fold=False) draws all"


def test_then_layers_and_neurons_used_again_count_once() -> None:
    parsed = Parsed(draw(network([2, 16, 16, 1], samples=100)))
    used = "each used 100 times"
    assert sorted(lines for lines in parsed.nodes.values() if "layer" in lines[0]) == [
        ["layer 1", "16 neurons, 48 parameters", used],
        ["layer 2", "16 neurons, 272 parameters", used],
        ["layer 3", "1 neuron, 17 parameters", used],
    ]
    assert parsed.edge("layer 1", "layer 2") == "25,600 edges"
    assert parsed.edge("200 inputs", "layer 1") == "3,200 edges"
    assert parsed.caption[0].endswith("to 3 layers and 1 group; draw(..., fold=False) draws all")


def test_a_network_too_deep_to_draw_is_folded_to_stretches_of_layers() -> None:
    parsed = Parsed(draw(network([1] * 1001)))
    assert len(parsed.nodes) <= 150
    assert parsed.nodes[parsed.find("layers 1 to 50")][1] == "50 neurons, 100 parameters"


def test_parameters_used_outside_neurons_stay() -> None:
    w = Value.parameter(2.0, label="w")
    out = autograd.dot([w], [Value(3.0)]).tanh() + w * w
    for _ in range(150):
        out = out.exp()
    parsed = Parsed(draw(out))
    assert parsed.find("w")
    assert len(parsed.nodes) <= 150


def test_a_dense_graph_of_few_nodes_is_folded() -> None:
    inputs = [Value(1.0) for _ in range(70)]
    total = autograd.sum([autograd.mean(inputs) for _ in range(70)])
    assert len(Parsed(draw(total)).nodes) == 3


def test_a_million_nodes() -> None:
    node = x = Value(1.0, label="x")
    for _ in range(333_333):
        node = (node * 0.5 + x).tanh()
    parsed = Parsed(draw(node))
    assert parsed.nodes["n1"][0] == "999,998 operations"
    assert parsed.nodes["n1"][1:] == ["333,333 of *", "333,333 of +", "333,332 of tanh"]


@given(st.integers(1, 6), st.integers(1, 40), st.integers(1, 30))
@settings(deadline=None, max_examples=30)
def test_whatever_is_folded_is_readable_and_flows_one_way(
    layers: int, width: int, samples: int
) -> None:
    parsed = Parsed(draw(network([width] * (layers + 1), samples)))
    assert len(parsed.nodes) <= 150
    names = list(parsed.nodes)
    before: dict[str, set[str]] = {name: set() for name in names}
    for tail, head, _, _ in parsed.edges:
        before[head].add(tail)
    while before:  # peel off what depends on nothing; a cycle would remain
        free = [name for name, tails in before.items() if not tails & before.keys()]
        assert free
        for name in free:
            del before[name]


# --- Hostile labels -------------------------------------------------------------------------------

LABELS = {
    "<b>": "<b>",
    "<b>x</b>": "<b>x</b>",
    "a:b": "a:b",
    r"\N": r"\N",
    r"\n": r"\n",
    r"\l\G": r"\l\G",
    "{x|y}": "{x|y}",
    '"': '"',
    r"\"": r"\"",
    "end\\": "end\\",
    "line\nbreak": r"line\nbreak",
    "nul\x00": r"nul\x00",
    "\x1b[0m\x85": r"\x1b[0m\x85",
    "\ud800": r"\ud800",
    "\uffff": r"\uffff",
    "\u202etxt.exe": r"\u202etxt.exe",
    "L" * 60: "L" * 60,
    "L" * 10_000: "L" * 59 + "…",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "javascript:alert(1)": "javascript:alert(1)",
    "</text><g id='x'>": "</text><g id='x'>",
    "]]>": "]]>",
    "&amp;": "&amp;",
    "&#65;": "&#65;",
    "a & b": "a & b",
    "n0": "n0",
    "-> n1": "-> n1",
    "∂E/∂w₁ é 日本": "∂E/∂w₁ é 日本",
    "two  blanks": "two  blanks",
}


def test_hostile_labels_appear_as_text(engine: str) -> None:
    values = [Value(float(i), label=label) for i, label in enumerate(LABELS)]
    svg = draw(autograd.sum(values)).svg()
    found = texts(svg)
    assert [label for label in LABELS.values() if label not in found] == []
    root = ElementTree.fromstring(svg)
    allowed = {"svg", "g", "title", "text", "polygon", "polyline", "path", "ellipse"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if "href" in name or name.startswith("on")]
    assert "id" not in attributes
    assert sum(e.get("class") == "node" for e in root.iter()) == len(LABELS) + 1


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_label_is_one_line_of_text(label: str) -> None:
    a = Value(1.0, label=label)
    with pytest.MonkeyPatch.context() as monkeypatch:
        without_executable(monkeypatch)
        found = texts(draw(a.exp()).svg())
    assert len(found) == len(texts_of_plain) + bool(label)
    if label.isprintable() and len(label) <= 60 and label:
        assert label.replace("\xa0", " ") in found


texts_of_plain = texts(draw(Value(1.0).exp()).svg())


def test_hostile_names_of_operations(engine: str) -> None:
    from autograd.table import Operation

    node = Value(1.0).exp()
    node._op = Operation('<b>"\\N', lambda m, x: x, lambda m, x, y: 1.0, "")
    assert '<b>"\\N' in texts(draw(node).svg())


# --- Rendering ------------------------------------------------------------------------------------


def test_svg_and_png(engine: str) -> None:
    drawing = draw(tutorial())
    assert ElementTree.fromstring(drawing.svg()).tag == f"{SVG}svg"
    assert drawing.png().startswith(b"\x89PNG\r\n\x1a\n")


def test_two_pictures_on_one_page_share_no_id(engine: str) -> None:
    page = draw(tutorial())._repr_svg_() + draw(chain(3))._repr_svg_()
    root = ElementTree.fromstring(f'<div xmlns:xlink="http://www.w3.org/1999/xlink">{page}</div>')
    assert not [element for element in root.iter() if "id" in element.attrib]


def test_without_graphviz_the_error_names_both_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    without_executable(monkeypatch)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    drawing = draw(tutorial())
    assert drawing.source.startswith("digraph {")
    for render in (drawing.svg, drawing.png, drawing._repr_svg_):
        with pytest.raises(RuntimeError) as caught:
            render()
        assert str(caught.value) == (
            "cannot draw the picture, as there is no Graphviz here: install it, so that its `dot` "
            'is on the PATH, or run  pip install "pygraphviz>=2.0.4"'
        )


def test_what_graphviz_says_is_passed_on(engine: str) -> None:
    with pytest.raises(RuntimeError, match=r"^Graphviz could not draw the picture: \S"):
        Drawing("digraph {\n a -> \n").svg()


def test_a_picture_can_be_drawn_after_a_failed_one(engine: str) -> None:
    with pytest.raises(RuntimeError):
        Drawing("digraph {\n a -> \n").svg()
    assert draw(chain(2)).svg()


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".svg", b"<?xml"), (".SVG", b"<?xml"), (".png", b"\x89PNG"), (".dot", b"d"), (".gv", b"d")],
)
def test_the_suffix_chooses_what_is_saved(
    suffix: str, start: bytes, tmp_path: Path, engine: str
) -> None:
    for path in (tmp_path / f"a{suffix}", str(tmp_path / f"b{suffix}")):
        draw(tutorial()).save(path)
        assert Path(path).read_bytes().startswith(start)


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    for name in ("graph.bmp", "graph"):
        with pytest.raises(ValueError, match="save") as caught:
            draw(tutorial()).save(tmp_path / name)
        assert str(caught.value) == (
            f"save: {name!r} ends in none of .svg, .png, .pdf, .html, .tex, .tikz, .dot, .gv; "
            'name the file so, as in "graph.svg"'
        )
    assert not list(tmp_path.iterdir())


def test_a_failed_rendering_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_executable(monkeypatch)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    path = tmp_path / "graph.svg"
    path.write_text("before")
    with pytest.raises(RuntimeError):
        draw(tutorial()).save(path)
    assert path.read_text() == "before"


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        draw(tutorial()).save(tmp_path / "missing" / "graph.dot")


def test_the_same_graph_gives_the_same_picture_in_every_process(engine: str) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_drawing as t\n"
        "print(t.draw(t.tutorial()).svg(), t.draw(t.network([3, 20, 20], 4)).source)"
    )
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", script, str(Path(__file__).parent)]
        run = subprocess.run(command, env=environment, capture_output=True, check=True)
        outputs.add(run.stdout)
    assert len(outputs) == 1


def test_importing_is_light() -> None:
    script = (
        "import sys, autograd.drawing\n"
        "print({'graphviz', 'pygraphviz', 'IPython'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.strip() == b"set()"


# --- What can be drawn ----------------------------------------------------------------------------


def test_several_outputs() -> None:
    x = Value(1.0, label="x")
    a, b = x.exp(), x.tanh()
    for outputs in ([a, b], (a, b), [a, b, a]):
        parsed = Parsed(draw(outputs))
        assert len(parsed.nodes) == 3
        assert parsed.look("exp") == parsed.look("tanh")
        assert parsed.look("exp")["peripheries"] == "2"


def test_a_leaf_alone() -> None:
    assert Parsed(draw(Value(2.5))).nodes == {"n0": ["data 2.5", "grad —"]}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3.0, "float 3.0"),
        (None, "None"),
        ("x", "str 'x'"),
        ([], "an empty list"),
        ([Value(1.0), 2.0], "float 2.0 in a list"),
        ({Value(1.0)}, "set {Value(data=1.0, grad=0.0)}"),
    ],
)
def test_what_cannot_be_drawn(given: Any, said: str) -> None:
    with pytest.raises(TypeError) as caught:
        draw(given)
    assert str(caught.value) == (
        f"draw: expected a Value or a list of Values, got {said}; "
        "give what was computed from Values, as in draw(loss)"
    )


@pytest.mark.parametrize("arguments", [(Value(1.0),), (Value(1.0), Value(2.0)), (True, Value(1.0))])
def test_outputs_beside_each_other_are_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError) as caught:
        draw(Value(0.0), *arguments)
    assert str(caught.value) == (
        f"draw: expected one output, got {1 + len(arguments)} arguments; give several outputs in a "
        "list, as in draw([c, d])"
    )


@given(st.none() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.booleans()))
def test_fold_is_a_boolean(fold: Any) -> None:
    with pytest.raises(TypeError, match=r"fold takes True or False, got .*; write draw"):
        draw(Value(0.0), fold=fold)


def test_what_fold_takes_is_said() -> None:
    with pytest.raises(TypeError) as caught:
        draw(Value(0.0), fold=0)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "draw: fold takes True or False, got int 0; write draw(loss, fold=False) to draw every node"
    )


def test_drawing_changes_nothing() -> None:
    loss = tutorial()
    loss.backward()
    before = [(n.data, n.grad, n.label) for n in topological_order([loss])]
    draw(loss).svg()
    assert before == [(n.data, n.grad, n.label) for n in topological_order([loss])]
