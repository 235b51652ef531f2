"""The page as a document: its data, its policy, its limits. No browser is needed."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import sys
import time
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, explain
from autograd.document import island
from autograd.drawing import Drawing, draw
from autograd.drawing.reading import reading_of
from autograd.graph.neurons import structure_of
from autograd.graph.order import topological_order
from autograd.page import SCRIPTS
from autograd.page.comparison import differs
from autograd.page.nodes import reverse_accumulation
from autograd.page.packing import unpacked
from autograd.page.steps import order_of
from autograd.page.views import views_of
from tests.drawn import chain, network, tutorial
from tests.programs import ENGINE, Program, programs

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--",
    "<!-- <script>",
    "]]>",
    "{{data}}",
    "{{script}}",
    '"><img src=x onerror=alert(1)>',
    "\u2028\u2029",
    "\ud800",
    "\x00",
    "&lt;b&gt;",
]


class Parsed(HTMLParser):
    """What an HTML parser that is not ours finds in the document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.texts:
            self._inside = tag
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside][-1] += data


def data_of(html: str) -> Any:
    data, _ = Parsed(html).texts["script"]
    return unpacked(json.loads(data))[0]


def real(x: float | str) -> float:
    return float(x)


def backpropagated() -> Value:
    loss = tutorial()
    loss.backward()
    return loss


# --- Numbers --------------------------------------------------------------------------------------


def replayed(data: Any, view: Any) -> dict[int, float]:
    """Gradients by place: the arrows' shares, added in the order in which the page shows them."""
    shapes, arrows = view["shapes"], view["arrows"]
    sums = {shape["node"]: 0.0 for shape in shapes if "node" in shape}
    sums |= dict.fromkeys(data["outputs"], 1.0)
    for head in reversed(view["order"]):
        incoming = [a for a in arrows if a["head"] == head and "edges" in a]
        for arrow in sorted(incoming, key=lambda a: a["position"]):
            (edge,) = arrow["edges"]
            assert sums[edge["node"]] == real(edge["upstream"])  # it is complete by then
            place = shapes[arrow["tail"]]["node"]
            sums[place] += real(edge["upstream"]) * real(edge["local"])
    return sums


@given(programs(max_steps=25))
@settings(max_examples=25)
def test_the_steps_add_up_to_the_engines_gradients_bit_for_bit(program: Program) -> None:
    inputs = [Value(x) for x in program.inputs]
    output = program.run(ENGINE, inputs)[-1]
    output.backward()
    order = topological_order([output])
    data = data_of(draw(output, fold=False).html())
    sums = replayed(data, data["views"][0])
    expected = {place: node.grad for place, node in enumerate(order)}
    assert sums == expected
    assert {int(p): real(n["grad"]) for p, n in data["nodes"].items()} == expected
    assert not any("recorded" in node for node in data["nodes"].values())


def test_the_order_of_the_steps_is_that_of_the_engines_reverse_pass() -> None:
    loss = backpropagated()
    (view, *_) = data_of(draw(loss).html())["views"]
    places = [view["shapes"][shape]["node"] for shape in view["order"]]
    assert places == list(range(len(topological_order([loss]))))


def test_every_view_ends_with_the_engines_gradients() -> None:
    loss = backpropagated()
    order = topological_order([loss])
    data = data_of(draw(loss).html())
    names = [view["name"] for view in data["views"]]
    assert names == ["every node", "neurons", "layers", "layer 1 unfolded", "layer 2 unfolded"]
    for view in data["views"]:
        for shape in view["shapes"]:
            if "node" in shape:
                assert shape["grad"] == order[shape["node"]].grad


def test_shapes_come_after_what_they_depend_on_in_every_view() -> None:
    loss = network([2, 3, 3, 1], samples=3)
    structure = structure_of(topological_order([loss]), [loss])
    for view in views_of(structure, True, reading_of(structure.order)).views:
        index = {shape.name: i for i, shape in enumerate(view.picture.shapes)}
        order = order_of(view.picture)
        assert sorted(order) == list(range(len(index)))
        at = {place: i for i, place in enumerate(order)}
        assert all(at[index[a.tail]] < at[index[a.head]] for a in view.picture.arrows)


def test_outputs_that_depend_on_each_other_through_others_are_ordered_too() -> None:
    x = Value(1.0)
    outputs = []
    for _ in range(20):
        outputs.append(x.exp().log())
        x = outputs[-1] * 1.0
    graph = [*outputs, x.tanh()]
    structure = structure_of(topological_order(graph), graph)
    for view in views_of(structure, True, reading_of(structure.order)).views:
        assert sorted(order_of(view.picture)) == list(range(len(view.picture.shapes)))


def test_numbers_that_json_does_not_have() -> None:
    x = Value(math.inf, label="x")
    y = x * Value(-0.0) + Value(math.nan) + Value(-math.inf)
    y.backward()
    nodes = data_of(draw(y).html())["nodes"]
    order = topological_order([y])
    assert [repr(real(nodes[str(i)]["data"])) for i in range(len(order))] == [
        repr(node.data) for node in order
    ]


def test_the_gradients_are_of_one_pass_from_what_is_drawn() -> None:
    w, x = Value.parameter(2.0, label="w"), Value(3.0, label="x")
    hidden = w * x
    loss = hidden * hidden
    loss.backward()
    loss.backward()  # w.grad is 2 · 36; hidden.grad is 12
    once = data_of(draw(loss).html())["nodes"]
    assert (once["0"]["grad"], once["0"]["recorded"]) == (36.0, 72.0)
    assert "recorded" not in once["2"]
    of_hidden = data_of(draw(hidden).html())["nodes"]
    assert [of_hidden[i]["grad"] for i in "012"] == [3.0, 2.0, 1.0]
    assert of_hidden["2"]["recorded"] == 12.0
    w.zero_grad()
    assert data_of(draw(loss).html())["nodes"]["0"]["recorded"] is None


def test_several_outputs_start_with_one_each() -> None:
    x = Value(2.0)
    y = x * x
    z = y * 3.0
    for output in (y, z):
        output.backward()
    gradients = reverse_accumulation(topological_order([y, z]), [y, z])
    assert gradients == {x: 16.0, y: 4.0, z: 1.0}


def test_before_backward_there_are_no_gradients() -> None:
    data = data_of(draw(tutorial()).html())
    assert data["hasGradients"] is False
    assert not any("grad" in node for node in data["nodes"].values())


def test_the_page_is_of_the_graph_as_it_was_drawn() -> None:
    loss = backpropagated()
    weight = next(node for node in topological_order([loss]) if node.label == "w1")
    drawing = draw(loss)
    before = drawing.page().html
    weight.data, weight.grad, weight.label = 9.0, 9.0, "changed"
    after = drawing.html()
    # Derivations are of the numbers that the graph has now, so there are none any more.
    expected = data_of(before)
    for record in expected["nodes"].values():
        del record["text"]
    assert data_of(after) == expected
    assert "changed" not in drawing.source


def test_local_derivatives_in_the_names_of_the_operands() -> None:
    a, b = Value(2.0, label="a"), Value(3.0, label="my b")
    data = data_of(draw(a * b).html())
    product = data["nodes"]["2"]
    assert product["formulas"] == ["a · “my b”", "2 · 3"]
    assert [x["formulas"] for x in product["operands"]] == [["“my b”", "3"], ["a", "2"]]
    y = a.exp()
    y.label = "y"
    record = data_of(draw(y).html())["nodes"]["1"]
    assert record["formulas"] == ["exp(a)", "exp(2)"]
    assert record["operands"][0]["formulas"] == ["y", "7.3890561"]
    clipped = data_of(draw(autograd.clip(a, -0.25, 1)).html())["nodes"]["1"]["operands"]
    assert clipped[0]["formulas"] == ["0"]
    assert clipped[1:] == [{"value": -0.25}, {"value": 1.0}]


def test_a_derivation_as_text_goes_with_its_node() -> None:
    loss = backpropagated()
    texts = {node["name"]: node["text"] for node in data_of(draw(loss).html())["nodes"].values()}
    assert texts["w1"].endswith("∂E/∂w1 = 0.000668396 - 0.000229828\n         = 0.000438568")
    assert "= 0.74136507 · 0.186815602 · 0.593269992\n         = 0.082167041" in texts["w5"]
    weight = next(n for n in topological_order([loss]) if n.label == "w5")
    assert texts["w5"].split() == explain(loss, weight).text().split()


# --- Names ----------------------------------------------------------------------------------------


def names_of(output: Value) -> list[str]:
    return [record["name"] for record in data_of(draw(output).html())["nodes"].values()]


def test_nodes_of_a_network_have_names_that_a_person_would_choose() -> None:
    one = {"w[0][0]", "w[0][1]", "b[0]", "x1", "x2", "net_o1", "o1", "v1"}
    assert set(names_of(network([2, 1]))) == one
    two = names_of(network([2, 3, 1]))
    assert [name for name in two if name.startswith("h")] == ["h1", "h2", "h3"]
    assert [n for n in two if n.startswith("w2")] == ["w2[0][0]", "w2[0][1]", "w2[0][2]"]
    assert {"w1[2][1]", "b1[2]", "net_h3", "b2[0]", "o1", "x2"} <= set(two)
    three = names_of(network([1, 2, 2, 1], samples=2))
    assert {"h1[0]#1", "h2[1]#2", "net_h2[0]#1", "w2[1][0]", "o1#2", "x1#2"} <= set(three)


def test_labels_come_before_chosen_names_and_none_is_given_twice() -> None:
    assert set(names_of(backpropagated())) >= {"w1", "b1", "net_h1", "out_o2", "E"}
    w = [Value.parameter(0.1, label="h1"), Value.parameter(0.2)]
    hidden = [autograd.dot([weight], [Value(1.0)]).tanh() for weight in w]
    names = names_of(autograd.dot([Value.parameter(0.3), Value.parameter(0.4)], hidden).tanh())
    assert names.count("h1") == 1
    assert {"h2", "net_h1", "w1[1][0]"} <= set(names)
    assert "w1[0][0]" not in names  # its label is h1


def test_a_path_in_a_model_gives_way_and_stays_beside_the_name() -> None:
    output = nn.MLP(2, [3, 1], activation="tanh", rng=0)([0.5, -0.5])
    records = data_of(draw(output).html())["nodes"].values()
    labels = {record["name"]: record.get("label") for record in records}
    assert labels["w1[2][1]"] == "layers.0.neurons.2.weights.1"
    assert labels["b2[0]"] == "layers.1.neurons.0.bias"
    assert labels["h3"] is None
    assert not any(name.startswith("layers") for name in labels)


@pytest.mark.parametrize(
    "graph",
    [
        tutorial,
        lambda: network([2, 1]),
        lambda: network([2, 3, 1]),
        lambda: network([1, 2, 2, 1], samples=2),
        lambda: autograd.half_sse([nn.MLP(2, [3, 1], activation="tanh", rng=0)([0.5, -0.5])], [1]),
        lambda: chain(5),
    ],
)
def test_page_picture_and_derivation_call_a_node_the_same(graph: Any) -> None:
    output = graph()
    order = topological_order([output])
    records = data_of(draw(output, fold=False).html())["nodes"]
    names = {node: records[str(place)]["name"] for place, node in enumerate(order)}
    picture = "\n".join(draw(output, fold=False).source.splitlines())
    for node, name in names.items():
        first = explain(output, node).text().splitlines()[0]
        assert first.startswith(f"∂{names[output]}/∂{name} = ")
        # In the picture a node that nobody would name has its operation alone.
        assert re.fullmatch(r"v\d+", name) or f'"{name}\\n' in picture
    assert "layers." not in picture


def test_a_derivation_says_where_its_parameter_is_in_the_model() -> None:
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    output = model([0.5, -0.5])
    explanation = explain(output, model.parameters()[0])
    assert repr(explanation) == "<Explanation of ∂o1/∂w1[0][0] = 0.0934593196; print it>"
    first, second, *_ = explanation.text().split("\n\n")
    assert first.startswith("∂o1/∂w1[0][0] = ")
    assert second == "w1[0][0] is the parameter layers.0.neurons.0.weights.0."
    latex = explain(output, model.parameters()[0]).latex()
    assert r"w_{1}\lbrack 0\rbrack \lbrack 0\rbrack " in latex
    in_pieces = r"is the parameter $\mathrm{layers.0.neurons.0.weights.0}$."
    assert in_pieces in latex.replace(r"}\allowbreak \mathrm{", "")
    loss = tutorial()
    (w5,) = (node for node in topological_order([loss]) if node.label == "w5")
    assert "parameter" not in explain(loss, w5).text()  # its label is its name


@given(programs(max_steps=20))
@settings(max_examples=20, deadline=None)
def test_every_name_is_of_one_node(program: Program) -> None:
    inputs = [Value.parameter(x) for x in program.inputs]
    names = names_of(program.run(ENGINE, inputs)[-1])
    assert len(set(names)) == len(names)


# --- The document ---------------------------------------------------------------------------------


def test_one_script_one_style_and_nothing_else_can_run_or_load() -> None:
    html = draw(backpropagated()).html()
    parsed = Parsed(html)
    (policy,) = (
        attributes["content"]
        for tag, attributes in parsed.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    (_, script), (style,) = parsed.texts["script"], parsed.texts["style"]

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert directives == {
        "default-src": "'none'",
        "script-src": digest(script),
        "style-src": digest(style),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    kinds = [attributes.get("type") for tag, attributes in parsed.tags if tag == "script"]
    assert kinds == ["application/json", "module"]
    names = {name for _, attributes in parsed.tags for name in attributes}
    assert not [n for n in names if n.startswith("on") or n in ("src", "href", "style", "srcset")]
    assert "http" not in re.sub(r'"http://www.w3.org/2000/svg"|http-equiv', "", html)


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_data(label: str) -> None:
    w = Value(1.0, label=label)
    y = w * 2.0
    y.backward()
    html = draw(y).html(compare={label: 2.0})
    plain = Parsed(draw(Value(1.0, label="w") * 2.0).html())
    parsed = Parsed(html)
    assert [tag for tag, _ in parsed.tags if tag in ("script", "img", "b", "style")] == [
        tag for tag, _ in plain.tags if tag in ("script", "img", "b", "style")
    ]
    assert parsed.texts["script"][1] == plain.texts["script"][1]
    name = data_of(html)["nodes"]["0"]["name"]
    if label.isprintable():
        assert name in (label, f"“{label}”")


def test_nothing_can_begin_in_the_data_island() -> None:
    given = {"<": ["</script>", "<!--", "-->", "&amp;", "]]>"]}
    text = island(given)
    assert not set(text) & set("<>&")
    assert json.loads(text) == given


def test_the_frame_of_a_notebook_is_sandboxed() -> None:
    page = draw(backpropagated()).page()
    ((tag, attributes),) = Parsed(page._repr_html_()).tags
    assert tag == "iframe"
    assert attributes["sandbox"] == "allow-scripts"
    assert attributes["srcdoc"] == page.html
    assert attributes["title"]


def test_a_drawing_still_shows_itself_as_a_picture() -> None:
    drawing = draw(backpropagated())
    assert drawing._repr_svg_().startswith("<svg")
    assert not hasattr(drawing, "_repr_html_")


def test_the_picture_is_the_svg() -> None:
    drawing = draw(backpropagated())
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", drawing.svg())
    page = drawing.html()
    first = page[page.index("<svg") : page.index("</svg>")]
    assert re.findall(r"<text [^>]*>([^<]*)</text>", first) == texts
    assert "<title>" not in first
    shapes = re.findall(r'data-shape="(\d+)"', first)
    assert sorted(map(int, shapes)) == list(range(23))
    assert sorted(map(int, re.findall(r'data-arrow="(\d+)"', first))) == list(range(28))


def test_the_same_graph_gives_the_same_page() -> None:
    assert draw(backpropagated()).html() == draw(backpropagated()).html()


def test_the_assets_are_in_the_package_and_in_the_wheel() -> None:
    import tomllib

    folder = resources.files("autograd.page") / "assets"
    names = {entry.name for entry in folder.iterdir()}
    assert names == {"page.html", "page.css", *(f"{name}.js" for name in SCRIPTS)}
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["setuptools"]["package-data"]["autograd.page.assets"] == ["*"]


# --- Saving ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["graph.html", "GRAPH.HTML"])
def test_save(name: str, tmp_path: Path) -> None:
    drawing = draw(backpropagated())
    drawing.save(tmp_path / name, compare={"w1": 1.0})
    assert (tmp_path / name).read_text("utf-8") == drawing.html(compare={"w1": 1.0})


def test_a_file_is_replaced_only_after_the_page_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "graph.html"
    path.write_text("before")
    with pytest.raises(ValueError, match="no node has the label"):
        draw(backpropagated()).save(path, compare={"w99": 1.0})
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(RuntimeError, match="there is no Graphviz here"):
        draw(backpropagated()).save(path)
    assert path.read_text() == "before"


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        draw(backpropagated()).save(tmp_path / "missing" / "graph.html")


def test_a_drawing_of_dot_text_has_no_page() -> None:
    with pytest.raises(ValueError, match="html") as caught:
        Drawing("digraph {\n a -> b\n}").html()
    assert str(caught.value) == (
        "html: this drawing was made of DOT text; a page needs draw(output)"
    )


# --- Comparing ------------------------------------------------------------------------------------


def claims(compare: Any) -> dict[str, tuple[float, bool]]:
    data = data_of(draw(backpropagated()).html(compare))
    return {
        data["nodes"][str(claim["node"])]["name"]: (claim["difference"], claim["differs"])
        for claim in data["claims"]
    }


def test_published_and_wrong_gradients() -> None:
    # 0.082167041 is printed by Mazur; 0.00043856773447434685 is computed by other software.
    found = claims({"w5": 0.082167041, "w1": 0.00043856773447434685, "w2": 0.0004, "net_h1": -1})
    assert {name: wrong for name, (_, wrong) in found.items()} == {
        "w5": False,
        "w1": False,
        "w2": True,
        "net_h1": True,
    }
    assert found["w2"][0] == pytest.approx(0.0004 - 0.0008771354689486937, rel=1e-9)


def test_nodes_as_keys() -> None:
    loss = backpropagated()
    nodes = topological_order([loss])
    data = data_of(draw(loss).html({node: node.grad for node in nodes}))
    assert len(data["claims"]) == len(nodes)
    assert not any(claim["differs"] for claim in data["claims"])


@pytest.mark.parametrize(
    ("engine", "claimed", "size", "expected"),
    [
        (1.0, 1.0 + 1e-9, 1.0, False),
        (1.0, 1.0 + 1e-5, 1.0, True),
        (0.0, 0.0, 0.0, False),
        (1e-12, -1e-12, 1.0, False),  # what is left when contributions of size 1 cancel
        (math.nan, math.nan, 1.0, False),
        (math.nan, 0.0, 1.0, True),
        (math.inf, math.inf, math.inf, False),
        (math.inf, -math.inf, math.inf, True),
        (1.0, math.inf, 1.0, True),
        (0.0, 1.0, math.inf, True),
        (0.0, 1.0, math.nan, True),
    ],
)
def test_what_differs(engine: float, claimed: float, size: float, expected: bool) -> None:
    assert differs(engine, claimed, size) is expected


def test_what_roundings_leave_beside_0_is_no_difference() -> None:
    x, w, tiny = Value(2.0, label="x"), Value(-3.0, label="w"), Value(1e-17, label="t")
    dead = w.relu() * x  # no gradient comes to w
    loss = (dead + x * 1.0) * 5.0
    loss.label = "loss"
    cancelled = (x + tiny) - x  # exactly 0 in floats, and 1e-17 for who adds in another order
    outputs = loss + cancelled * (loss - loss) + tiny * 0.0
    outputs.backward()

    def marked(compare: Any) -> list[bool]:
        return [claim["differs"] for claim in data_of(draw(outputs).html(compare))["claims"]]

    assert marked({w: 1e-17}) == [False]
    assert marked({w: -1e-17, tiny: 1e-17}) == [False, False]
    assert marked({w: 1e-9}) == [True]
    assert marked({w: 1e-12}) == [True]
    assert marked({x: 5.0}) == [False]


@given(st.floats(0.1, 10), st.floats(-3e-16, 3e-16))
def test_where_contributions_cancelled_before_the_rest_is_no_difference(
    scale: float, rest: float
) -> None:
    x, y = Value(scale, label="x"), Value(0.7, label="y")
    h = y * 1.0
    loss = h * x - h * x  # ∂loss/∂h is 0, and so is ∂loss/∂y
    loss.backward()
    data = data_of(draw(loss).html({y: rest * scale}))
    assert [claim["differs"] for claim in data["claims"]] == [False]


def test_a_gradient_that_vanished_is_marked_beside_another_one() -> None:
    x = Value(0.5, label="x")
    y = x * 1e-18
    y.backward()
    claims = data_of(draw(y).html({x: 2e-18}))["claims"]
    assert [claim["differs"] for claim in claims] == [True]


def same_labels() -> Value:
    y = Value(1.0, label="a") * Value(2.0, label="a")
    y.backward()
    return y


STRANGER = Value(1.0, label="stranger")


@pytest.mark.parametrize(
    ("graph", "compare", "error", "message"),
    [
        (
            backpropagated,
            [1.0],
            TypeError,
            'html: compare takes gradients by node or label, as in compare={"w1": 0.25}, got '
            "list [1.0]",
        ),
        (
            backpropagated,
            {"w9": 1.0},
            ValueError,
            "html: no node has the label 'w9'; did you mean 'w8' or 'w7' or 'w6'?",
        ),
        (
            backpropagated,
            {"": 1.0},
            ValueError,
            "html: no node has the label ''; give a label of a node",
        ),
        (
            same_labels,
            {"a": 1.0},
            ValueError,
            "html: 2 nodes have the label 'a'; give the Value itself as the key of compare",
        ),
        (
            backpropagated,
            {STRANGER: 1.0},
            ValueError,
            f"html: {STRANGER!r}, a key of compare, is not in this graph",
        ),
        (
            backpropagated,
            {3: 1.0},
            TypeError,
            "html: a key of compare is a Value or a label, got int 3",
        ),
        (
            backpropagated,
            {"w1": "x"},
            TypeError,
            "html: compare['w1']: expected a real number, got the text 'x'; convert it first, as "
            "in float(text)",
        ),
        (
            tutorial,
            {"w1": 1.0},
            ValueError,
            "html: there are no gradients to compare with yet; call backward() on the output first",
        ),
    ],
)
def test_what_cannot_be_compared(graph: Any, compare: Any, error: type, message: str) -> None:
    with pytest.raises(error) as caught:
        draw(graph()).html(compare)
    assert str(caught.value) == message


def test_two_gradients_for_one_node() -> None:
    loss = backpropagated()
    weight = next(node for node in topological_order([loss]) if node.label == "w1")
    with pytest.raises(ValueError, match="compare gives two gradients for 'w1'; give one"):
        draw(loss).html({weight: 1.0, "w1": 1.0})


def test_a_comparison_needs_a_page(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="save") as caught:
        draw(backpropagated()).save(tmp_path / "graph.svg", compare={"w1": 1.0})
    assert str(caught.value) == (
        "save: 'graph.svg' cannot show a comparison; save it as .html, as in "
        'save("graph.html", compare=…)'
    )
    assert not list(tmp_path.iterdir())


def test_a_page_of_a_network_is_small_and_packed() -> None:
    loss = network([2, 16, 16, 1])
    loss.backward()
    html = draw(loss).html()
    assert len(html) <= 600_000
    island = json.loads(Parsed(html).texts["script"][0])
    data, pictures = unpacked(island)
    assert list(island) == ["packed"]
    names = [view["name"] for view in data["views"]]
    assert [names[view] for view, layout, _ in pictures if layout == "full"] == names[1:]
    for view, _, svg in pictures:
        assert svg.count('class="node"') == len(data["views"][view]["shapes"])
        assert svg.count('class="edge"') == len(data["views"][view]["arrows"])
    assert draw(loss).html() == html  # whenever it is made


# --- Size -----------------------------------------------------------------------------------------


def test_a_page_of_2000_nodes_is_small_and_quick() -> None:
    loss = network([2, 40, 40, 1])
    loss.backward()
    start = time.perf_counter()
    html = draw(loss).html()
    assert time.perf_counter() - start < 20
    assert len(html) < 4_000_000
    data = data_of(html)
    assert len(data["nodes"]) == len(topological_order([loss]))
    assert [name.split(" (")[0] for name in data["leftOut"]] == ["every node", "layer 2 unfolded"]


def test_a_page_of_a_very_large_graph_is_folded_and_small() -> None:
    output = chain(100_000)
    output.backward()
    html = draw(output).html()
    assert len(html) < 200_000
    data = data_of(html)
    assert len(data["nodes"]) == 2
    assert data["size"] == "100,001 nodes"
    assert data["leftOut"] == ["every node (100,000 edges)"]
    total = autograd.sum([Value(1.0) for _ in range(30_000)])
    total.backward()
    html = draw(total).html()
    assert len(html) < 200_000
    record = data_of(html)["nodes"]["30000"]
    assert len(record["operands"]) + record["rest"] == 30_000


def test_an_unfolded_page_of_a_very_large_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="html") as caught:
        draw(chain(20_000), fold=False).html()
    assert str(caught.value) == (
        "html: a page of 20,001 nodes and 20,000 edges is too large for a browser; at most 5,000 "
        "nodes and 10,000 edges are possible. Leave fold=False out, or draw a part of the graph"
    )
