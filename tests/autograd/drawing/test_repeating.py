"""Nodes that are used far away are drawn again, and a drawing that takes long can be ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pygraphviz
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.drawing import Drawing, draw, render
from autograd.drawing.repeating import LONG
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from tests.drawn import FAMILIES, network, tutorial
from tests.programs import ENGINE, Program, programs

ROOT = Path(__file__).parents[3]


def crossed(source: str) -> int:
    """How many columns the arrows of a drawing cross in all, each shape beside its first use."""
    graph = pygraphviz.AGraph(string=source)
    heads: dict[str, list[str]] = {str(n): [] for n in graph.nodes()}
    waiting = Counter(str(head) for _, head in graph.edges())
    for tail, head in graph.edges():
        heads[str(tail)].append(str(head))
    depth = dict.fromkeys(heads, 0)
    free = [name for name in heads if not waiting[name]]
    order = []
    while free:
        order.append(name := free.pop())
        for head in heads[name]:
            depth[head] = max(depth[head], depth[name] + 1)
            waiting[head] -= 1
            if not waiting[head]:
                free.append(head)
    column = dict(depth)
    for name in reversed(order):
        if heads[name]:
            column[name] = min(column[head] for head in heads[name]) - 1
    return sum(column[head] - column[tail] - 1 for tail in heads for head in heads[tail])


def labels(source: str) -> Counter[str]:
    """How often each first line of a shape's text is drawn."""
    graph = pygraphviz.AGraph(string=source)
    return Counter((n.attr["label"] or "").split("\\n")[0] for n in graph.nodes())


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("nodes", [25, 50, 75, 100, 150])
def test_no_family_has_long_arrows(name: str, nodes: int) -> None:
    output = FAMILIES[name](nodes)
    order = topological_order([output])
    assert nodes - 5 <= len(order) <= nodes
    output.backward()
    source = draw(output).source
    assert "folded:" not in source
    assert crossed(source) <= LONG


@given(programs(max_steps=60))
@settings(max_examples=60, deadline=None)
def test_no_graph_has_long_arrows_and_every_edge_is_there(program: Program) -> None:
    output = program.run(ENGINE, [Value(x) for x in program.inputs])[-1]
    output.backward()
    source = draw(output, fold=False).source
    assert crossed(source) <= LONG
    graph = pygraphviz.AGraph(string=source)
    order = topological_order([output])
    assert len(graph.edges()) == sum(len(node.operands) for node in order)
    # Each edge carries the numbers of its own node, wherever its tail is drawn.
    texts = Counter(re.sub(r"\\n|\u00a0", "", e.attr["label"] or "") for e in graph.edges())
    expected: Counter[str] = Counter()
    for node in order:
        for partial in node.partials:
            share = node.grad * partial
            written = f"{share:.6g}" if share == 0 else f"{share:+.6g}"
            expected[f"{node.grad:.6g} × {partial:.6g} = {written}"] += 1
        expected[""] += sum(not isinstance(x, Node) for x in node.operands)
    assert texts == +expected


def test_what_is_drawn_again_is_the_same_in_dotted_lines_and_the_caption_says_so() -> None:
    output = FAMILIES["Horner"](50)
    output.backward()
    source = draw(output).source
    graph = pygraphviz.AGraph(string=source)
    shapes = [n for n in graph.nodes() if (n.attr["label"] or "").startswith("x\\n")]
    assert len(shapes) == 16
    assert len({n.attr["label"] for n in shapes}) == 1
    assert sorted("dotted" in (n.attr["style"] or "") for n in shapes) == [False] + [True] * 15
    line = "dotted: the same node, drawn again beside a use: x (16 times)"
    assert line in graph.graph_attr["label"].split("\\l")


def test_inner_nodes_without_a_label_are_told_apart() -> None:
    x = Value(0.5, label="x")
    a, b = x.exp(), x.exp().tanh().exp()
    y = a
    for _ in range(20):
        y = (y * a + b).tanh()
    found = labels(draw(y).source)
    assert found["exp #1"] == 20
    assert found["exp #2"] == 20
    assert found["exp"] == 1


def test_small_graphs_and_graphs_without_long_arrows_are_as_they_were() -> None:
    for output in (tutorial(), network([3, 4, 4, 1]), FAMILIES["Horner"](10)):
        assert "dotted" not in draw(output).source


def test_deep_graphs_run_downwards() -> None:
    chain = Value(1.0)
    for _ in range(10):
        chain = chain.tanh()
    assert "rankdir=LR" in draw(chain).source
    assert "rankdir=TB" in draw(chain.tanh()).source


def test_many_arrows_are_said_to_be_untangled_less() -> None:
    loss = network([2, 40, 40, 1])
    said = "1,722 arrows are untangled in fewer rounds, so more of them may cross"
    source = draw(loss).source
    assert said in source
    assert "mclimit" in source
    assert "mclimit" not in draw(network([2, 16, 16, 1])).source


# --- What takes long can be ended -----------------------------------------------------------------


def tangle(nodes: int) -> str:
    """One leaf that is used at each step, as DOT text: minutes of work for Graphviz."""
    lines = [f"n{i} -> n{i + 1} [label=along]\nx -> n{i + 1} [label=from]" for i in range(nodes)]
    return "digraph {\n" + "\n".join(lines) + "\n}"


def test_what_takes_too_long_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LONGEST", 0.5)
    with pytest.raises(RuntimeError) as caught:
        Drawing(tangle(150)).svg()
    assert str(caught.value) == (
        "Graphviz did not finish the picture, of 300 edges, within 0.5 seconds; leave fold=False "
        "out, draw a part of the graph, or save it as .dot and run Graphviz on that"
    )


@pytest.mark.skipif(os.name != "posix", reason="sends a signal as a terminal does")
def test_ctrl_c_ends_a_drawing() -> None:
    script = (
        "import signal, sys; from autograd.drawing import Drawing\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's & has it ignored
        "print('begun', flush=True)\n"
        "try:\n    Drawing(sys.stdin.read()).svg()\n"
        "except KeyboardInterrupt:\n    print('ended', flush=True)\n"
    )
    command = [sys.executable, "-c", script]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.stdin.write(tangle(150))
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.0)  # it is at work
    process.send_signal(signal.SIGINT)  # to this process alone, as in a notebook
    assert process.wait(60.0) == 0  # of the minutes that it would take
    assert process.stdout.read() == "ended\n"
    process.stdout.close()


@given(st.integers(1, 60))
@settings(max_examples=8, deadline=None)
def test_in_this_process_or_in_another_the_picture_is_the_same(length: int) -> None:
    node = Value(0.5, label="x")
    for _ in range(length):
        node = autograd.tanh(node)
    source = draw(node, fold=False).source
    there = [sys.executable, "-c", render.CHILD, render.json.dumps(sys.path), "svg"]
    if render.shutil.which("dot") is None:
        assert render._here(source, "svg") == render._by_process(there, source)


def test_threads_draw_as_one_after_the_other() -> None:
    outputs = [tutorial(), FAMILIES["Horner"](12), FAMILIES["descent"](9), network([2, 2, 1])]
    sources = [draw(output).source for output in outputs] * 5
    alone = [render.rendered(source, "svg") for source in sources]
    assert render.all_rendered(sources, "svg") == alone


def test_what_the_other_process_says_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(RuntimeError, match=r"^Graphviz could not draw the picture: \S"):
        Drawing(tangle(50).removesuffix("}")).svg()
