"""The page in a real browser, offline."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from autograd import Value
from autograd.drawing import draw
from autograd.graph.order import topological_order
from autograd.lettering import decimal
from tests import browsing
from tests.drawn import FAMILIES, chain, network, tutorial

browsing.required()

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from browsing.started()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML from a file in a context of its own; no message and no request may come of it."""
    contexts: list[Any] = []
    messages: list[str] = []
    allowed: list[str] = []

    def opened(html: str, expected: tuple[str, ...] = (), fit: bool = True, **options: Any) -> Any:
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        options = {"viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(offline=True, **options)
        context.set_default_timeout(5000)
        contexts.append(context)
        allowed.extend(expected)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("dialog", lambda dialog: messages.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: messages.append(f"request {request.url}"))
        page.goto(path.as_uri())
        messages.remove(f"request {path.as_uri()}")
        if fit and page.locator(".live #zoom-fit").count():
            if page.is_visible("#numbers"):
                page.check("#numbers")
            page.click("#zoom-fit")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [m for m in messages if not any(a in m for a in allowed)] == []


def backpropagated(graph: Callable[..., Value] = tutorial, *arguments: Any) -> Value:
    loss = graph(*arguments)
    loss.backward()
    return loss


@pytest.fixture(scope="module")
def t1() -> str:
    return draw(backpropagated()).html()


@pytest.fixture(scope="module")
def large() -> str:
    """A network of some 2,000 nodes."""
    return draw(backpropagated(network, [2, 40, 40, 1])).html()


def position(page: Any) -> str:
    return str(page.inner_text("#position"))


def step_title(page: Any) -> str:
    return str(page.inner_text("#step h2"))


def wait_until(holds: Callable[[], bool]) -> None:
    """Waits outside of the page: its policy forbids what Playwright would evaluate in it."""
    end = time.perf_counter() + 5
    while not holds():
        assert time.perf_counter() < end
        time.sleep(0.01)


def step_on(page: Any, look: str) -> list[Any]:
    """Steps on to the end, and what the JavaScript expression `look` gives at each step."""
    seen: list[Any] = page.evaluate(
        f"""() => {{
          const [on, seen] = [document.getElementById("on"), []];
          while (!on.disabled) {{
            on.click();
            seen.push({look});
          }}
          return seen;
        }}"""
    )
    return seen


TITLE = "document.querySelector('#step h2').textContent"


def with_sign(x: float) -> str:
    return f"+{decimal(x)}" if x > 0 else decimal(x)


def node(page: Any, title: str) -> Any:
    return page.locator("#canvas .node").filter(has=page.get_by_text(title, exact=True))


def texts(page: Any) -> dict[str, list[str]]:
    """The lines in the shapes of the picture, by the first one."""
    lines = page.eval_on_selector_all(
        "#canvas .node",
        "shapes => shapes.map(s => [...s.querySelectorAll('text')].map(t => t.textContent))",
    )
    return {title: rest for title, *rest in lines}


# --- Steps ----------------------------------------------------------------------------------------


def one_by_one() -> Value:
    """The loss of three samples, added up in a loop."""
    model = nn.MLP(2, [2, 1], activation="tanh", rng=0)
    total = Value(0.0)
    for number in (1.0, 2.0, 3.0):
        total = total + autograd.half_sse([model([number, -number])], [number])
    return total


@pytest.mark.parametrize("batch", [lambda: network([2, 2, 1], samples=3), one_by_one])
@pytest.mark.parametrize("view", ["every node", "neurons"])
def test_a_batch_is_stepped_sample_by_sample(open_page: Open, batch: Any, view: str) -> None:
    page = open_page(draw(backpropagated(batch), fold=False).html())
    page.select_option("#view", view)
    page.click("#to-start")
    titles = step_on(page, TITLE)
    computed = [title for title in titles if title.startswith("Forward: ")]
    carried = [title.partition(" → ") for title in titles if " → " in title]
    forward = [match[1] for title in computed if (match := re.search(r"#(\d)", title))]
    # What is carried back from a sample's own nodes, and not from the loss to all samples.
    backward = [match[1] for start, _, _ in carried if (match := re.search(r"#(\d)$", start))]
    assert set(forward) == {"1", "2", "3"}
    assert forward == sorted(forward)
    # Two neurons of two inputs and one of two, each with its bias, and their activations.
    edges = 3 * (5 + 5 + 5 + (2 if batch is one_by_one else 3))
    assert len(backward) == edges or view == "neurons"
    assert backward == sorted(backward, reverse=True)


def test_it_opens_finished_with_the_numbers_of_the_engine(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    assert position(page) == "finished"
    shown = texts(page)
    for value in topological_order([backpropagated()]):
        assert shown[value.label][-2:] == [f"data {value.data:.6g}", f"grad {value.grad:+.6g}"]


def test_stepping_through_both_passes_ends_with_the_gradients_of_the_engine(
    open_page: Open, t1: str
) -> None:
    page = open_page(t1)
    finished = texts(page)
    page.click("#to-start")
    leaves = {"w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "b1", "b2", "x1", "x2", "y1", "y2"}
    known = {title for title, lines in texts(page).items() if lines[-2] != "data —"}
    assert known == leaves
    titles = step_on(page, TITLE)
    assert texts(page) == finished
    order = topological_order([backpropagated()])
    computed = [value for value in order if not value.is_leaf]
    forward = [f"Forward: {value.label} is computed" for value in computed]
    backward = [
        f"Backward: {value.label} → {parent.label}"
        for value in reversed(computed)
        for parent in value.parents
    ]
    seed = "Backward: the pass starts at the output"
    assert titles == [*forward, seed, *backward, "Every value and gradient is known"]
    assert position(page) == "finished"


SEEN = """(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const text = (part) => part.textContent;
  return [
    all("#step .product .number").map(text),
    document.querySelector("#step .result")?.textContent,
    all('#canvas .edge[data-state="lit"] text').map(text),
    Object.fromEntries(all("#canvas .node").map((shape) => {
      const lines = [...shape.querySelectorAll("text")].map(text);
      return [lines[0], lines.at(-1)];
    })),
  ];
})()"""


def test_each_backward_step_shows_upstream_times_local_and_the_running_sum(
    open_page: Open, t1: str
) -> None:
    page = open_page(t1)
    page.click("#to-backward")
    order = topological_order([backpropagated()])
    uses = {v: sum(p is v for user in order for p in user.parents) for v in order}
    sums = dict.fromkeys(order, 0.0)
    terms = dict.fromkeys(order, 0)
    seen = iter(step_on(page, SEEN))
    for value in reversed([v for v in order if not v.is_leaf]):
        for parent, local in zip(value.parents, value.partials, strict=True):
            numbers, result, lit, shapes = next(seen)
            contribution = value.grad * local
            sums[parent] += contribution
            terms[parent] += 1
            factor = f"({decimal(local)})" if local < 0 else decimal(local)
            assert numbers == [decimal(value.grad), factor, with_sign(contribution)]
            assert f"{with_sign(sums[parent])} (" in result
            assert lit == [f"{value.grad:.6g} × {local:.6g} = {contribution:+.6g}"]
            left = uses[parent] - terms[parent]
            if left:
                assert f"({left} contribution" in result
                assert shapes[parent.label] == f"Σ {sums[parent]:+.6g} …"
            else:
                assert "(complete)" in result
                assert shapes[parent.label] == f"grad {parent.grad:+.6g}"


def test_a_forward_step_shows_names_then_numbers_then_the_value(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.click("#to-start")
    lines = "[...document.querySelectorAll('#step .equation > div')].map((x) => x.textContent)"
    seen = step_on(page, lines)
    assert seen[0] == [
        "net_h1 = dot(w1, w2, x1, x2, b1)",
        "= w1 · x1 + w2 · x2 + b1",
        "= 0.15 · 0.05 + 0.2 · 0.1 + 0.35",
        "= 0.3775",
    ]
    assert seen[1] == [
        "out_h1 = sigmoid(net_h1)", "= 1 / (1 + exp(-net_h1))", "= 1 / (1 + exp(-0.3775))",
        "= 0.593269992",
    ]  # fmt: skip
    x = Value(-2.0, label="x")
    page = open_page(draw(x.relu()).html())
    page.click("#to-start")
    page.click("#on")
    assert step_on(page, lines) == [[]]  # the end
    page.click("#back")
    assert "relu: max(x, 0)" in page.inner_text("#step .meaning")
    assert page.inner_text("#step table").splitlines()[1].split("\t") == ["x", "-2"]
    assert page.inner_text("#step .equation").splitlines() == ["v1 = relu(x)", "= 0"]


def test_a_backward_step_shows_where_the_local_derivative_comes_from(
    open_page: Open, t1: str
) -> None:
    page = open_page(t1)
    page.locator("#canvas .edge text", has_text="0.741365 × 0.186816").click()
    assert page.locator("#step .local th div").all_inner_texts() == [
        "= out_o1 · (1 - out_o1)",
        "= 0.75136507 · (1 - 0.75136507)",
    ]
    assert page.inner_text("#step .local .number") == "0.186815602"


def test_numbers_are_written_as_python_writes_them(open_page: Open) -> None:
    numbers = [0.0, -0.0, 1.0, -1.5, 0.1, 1e-5, 1.5e-4, 123456.7, 999999.5, 1234567.0, 1e22]
    numbers += [5e-324, 1.7e308, -2.5e-9, 1 / 3, 100.0, math.inf, -math.inf, math.nan]
    numbers += [0.9999999999, 0.0001, 0.00009999999999, 1234567890.5]
    ties = [2.0**-10, 3 * 2.0**-10, 100000.5, 100001.5, -100002.5, 12345678.25, 12345678.75]
    xs = [Value(x, label=f"x{i}") for i, x in enumerate(numbers + ties)]
    one = Value(1.0, label="one")
    page = open_page(draw(autograd.sum([x * one for x in xs])).html())
    page.uncheck("#follow")
    written = page.locator("#canvas .edge text").all_text_contents()  # by Python
    assert {f"{x.data:.6g}" for x in xs} <= set(written)
    page.click("#back")
    assert sorted(page.locator("#canvas .edge text").all_text_contents()) == sorted(written)
    for x in xs:
        page.fill("#search", x.label)
        page.keyboard.press("Enter")
        shown = page.locator("#node .equation .figure")
        assert shown.inner_text() == decimal(x.data)
        told = shown.get_attribute("title")
        assert math.isnan(x.data) or float(told) == x.data  # to the last bit


def test_every_button_and_key_for_steps(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.click("#to-start")
    assert position(page) == "start"
    assert page.is_disabled("#back")
    page.click("#on")
    assert position(page) == "forward 1 of 9"
    page.click("#back")
    assert position(page) == "start"
    page.click("#to-backward")
    assert position(page) == "backward 1 of 29"
    page.click("#to-end")
    assert position(page) == "finished"
    assert page.is_disabled("#on")
    page.click("h1")
    for key, expected in [
        ("Home", "start"),
        ("ArrowRight", "forward 1 of 9"),
        ("ArrowLeft", "start"),
        ("ArrowLeft", "start"),
        ("End", "finished"),
    ]:
        page.keyboard.press(key)
        assert position(page) == expected
    page.focus("#slider")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert position(page) == "forward 1 of 9"
    assert page.get_attribute("#slider", "aria-valuetext") == "forward 1 of 9"
    page.fill("#slider", "12")
    assert position(page) == "backward 3 of 29"


def test_playing_from_the_start_to_the_end_at_any_speed(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.select_option("#speed", "20")
    start = time.perf_counter()
    page.click("#play")
    assert page.inner_text("#play") == "Pause"
    wait_until(lambda: position(page) == "finished")
    assert 39 / 20 * 0.9 < time.perf_counter() - start < 39 / 20 + 3
    assert page.inner_text("#play") == "Play"
    page.click("h1")
    page.keyboard.press("Space")
    wait_until(lambda: position(page) == "forward 2 of 9")
    page.keyboard.press("Space")
    assert page.inner_text("#play") == "Play"
    stopped = position(page)
    page.wait_for_timeout(150)
    assert position(page) == stopped


def test_before_backward_only_the_forward_pass(open_page: Open) -> None:
    page = open_page(draw(tutorial()).html())
    assert "backward() has not been called" in page.inner_text("#step .warning")
    assert page.is_disabled("#to-backward")
    assert all(lines[-1] == "grad —" for lines in texts(page).values())
    page.click("#to-start")
    for _ in range(9):
        page.click("#on")
    assert position(page) == "forward 9 of 9"
    page.click("#on")
    assert position(page) == "finished"
    node(page, "w1").click()
    assert "call backward()" in page.inner_text("#node")


# --- Derivations ----------------------------------------------------------------------------------


def test_every_node_has_its_derivation(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.uncheck("#follow")
    for value in topological_order([backpropagated()]):
        node(page, value.label).click()
        assert page.inner_text("#node h2") == value.label
        *_, gradient = page.locator("#node > .result").all()
        told = gradient.locator(".figure").get_attribute("title")
        assert float(told) == value.grad  # to the last bit
        if decimal(value.grad) != repr(value.grad).removesuffix(".0"):
            assert f"exactly {value.grad!r}" in page.inner_text("#node")
        tables = page.locator("#node table")
        if not value.is_leaf:
            rows = [row.split("\t") for row in tables.first.inner_text().splitlines()[1:]]
            assert [row[0] for row in rows] == [parent.label for parent in value.parents]
            assert [float(row[1]) for row in rows] == pytest.approx(
                [parent.data for parent in value.parents], rel=1e-5
            )
            assert [float(row[2].split(" = ")[-1]) for row in rows] == pytest.approx(
                value.partials, rel=1e-5
            )
        rows = [row.split("\t") for row in tables.last.inner_text().splitlines()[1:]]
        shares = [float(row[2]) for row in rows]
        assert math.fsum(shares) == pytest.approx(value.grad, rel=1e-4)


def test_the_whole_chain_of_a_weight(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    node(page, "w1").click()
    lines = page.locator("#node .chain li").all_inner_texts()
    assert [re.match(r"∂E/∂(\w+) =", line)[1] for line in lines] == [  # type: ignore[index]
        "E", "out_o2", "net_o2", "out_o1", "net_o1", "out_h1", "net_h1", "w1",
    ]  # fmt: skip
    assert lines[5] == (
        "∂E/∂out_h1 = ∂E/∂net_o2 · ∂net_o2/∂out_h1 + ∂E/∂net_o1 · ∂net_o1/∂out_h1 = "
        "-0.038098237 × 0.5 + 0.138498562 × 0.4 = +0.036350306"
    )
    assert lines[-1] == "∂E/∂w1 = ∂E/∂net_h1 · ∂net_h1/∂w1 = 0.008771355 × 0.05 = +0.000438568"


def test_a_chain_has_no_factor_that_only_says_output_by_output(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    node(page, "w5").click()
    lines = page.locator("#node .chain li").all_inner_texts()
    assert lines[:3] == [
        "∂E/∂E = +1",
        "∂E/∂out_o1 = +0.74136507",
        "∂E/∂net_o1 = ∂E/∂out_o1 · ∂out_o1/∂net_o1 = 0.74136507 × 0.186815602 = +0.138498562",
    ]
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    y = a * b + a
    y.label = "y"
    page = open_page(draw(backpropagated(lambda: y)).html())
    node(page, "a").click()
    lines = page.locator("#node .chain li").all_inner_texts()
    assert lines == [
        "∂y/∂y = +1",
        "∂y/∂v1 = +1",
        "∂y/∂a = ∂y/∂a + ∂y/∂v1 · ∂v1/∂a = 1 + 1 × (-3) = -2",
    ]


def test_names_lead_from_node_to_node_and_an_edge_to_its_step(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    node(page, "w1").click()
    page.click("#node table .link >> text=net_h1")
    assert page.inner_text("#node h2") == "net_h1"
    assert node(page, "net_h1").get_attribute("aria-pressed") == "true"
    assert node(page, "w1").get_attribute("aria-pressed") == "false"
    page.locator("#canvas .edge text", has_text="0.138499 × 0.59327").click()
    assert step_title(page) == "Backward: net_o1 → w5"
    page.keyboard.press("Escape")
    assert "Select a node" in page.inner_text("#node")


def test_only_the_steps_that_lead_to_one_gradient(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    node(page, "w1").click()
    page.check("#only")
    page.click("#to-backward")
    titles = [title.removeprefix("Backward: ") for title in step_on(page, TITLE)]
    assert titles[:-1] == [
        "E → out_o1", "E → out_o2", "out_o2 → net_o2", "net_o2 → out_h1", "out_o1 → net_o1",
        "net_o1 → out_h1", "out_h1 → net_h1", "net_h1 → w1",
    ]  # fmt: skip
    assert node(page, "w8").get_attribute("data-dim") is not None
    assert node(page, "net_h1").get_attribute("data-dim") is None


def test_another_grad_is_told(open_page: Open) -> None:
    loss = tutorial()
    loss.backward()
    loss.backward()
    page = open_page(draw(loss).html())
    assert "Some nodes hold another .grad" in page.inner_text("#notes")
    node(page, "w5").click()
    weight = next(value for value in topological_order([loss]) if value.label == "w5")
    assert f"Its .grad is {weight.grad!r}" in page.inner_text("#node")
    assert "+0.082167" in page.inner_text("#node")


# --- Comparing ------------------------------------------------------------------------------------


def test_gradients_that_differ_are_marked_and_not_by_colour_alone(open_page: Open) -> None:
    compare = {"w1": 0.00043856773447434685, "w2": 0.0009, "net_h1": 0.5}
    page = open_page(draw(backpropagated()).html(compare))
    rows = page.locator("#comparison tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["w1", "+0.000438568", "+0.000438568", "0", "= agrees"],
        ["w2", "+0.000877135", "+0.0009", "2.3e-05", "≠ differs"],
        ["net_h1", "+0.008771355", "+0.5", "0.49", "≠ differs"],
    ]
    assert node(page, "w2").locator(".mark").text_content() == "≠"
    assert node(page, "w1").locator(".mark").text_content() == "="
    assert node(page, "w3").locator(".mark").count() == 0
    assert "differs from the compared" in str(node(page, "w2").get_attribute("aria-label"))
    page.click("#comparison .link >> text=w2")
    assert "≠ differs: compared gradient 0.0009" in page.inner_text("#node")
    page.select_option("#view", label="layers")
    assert page.locator('#canvas [data-mark="differs"]').count() == 1


RIGHT = {"w5": 0.08216704056423078, "w1": 0.00043856773447434685}


@pytest.mark.parametrize(
    ("compare", "said"),
    [
        ({}, "No gradient was given to be compared."),
        ({"w2": 1}, "The one gradient given differs from the engine's."),
        (RIGHT | {"w2": 1}, "1 of 3 gradients given differs from the engine's."),
        (RIGHT | {"w2": 1, "w3": 1}, "2 of 4 gradients given differ from the engine's."),
        ({"w2": 1, "w3": 1}, "Both gradients given differ from the engine's."),
        (RIGHT, "Both gradients given agree with the engine's."),
        ({"w5": 0.082167041}, "The one gradient given agrees with the engine's."),
    ],
)
def test_a_comparison_in_words(open_page: Open, compare: dict[str, float], said: str) -> None:
    page = open_page(draw(backpropagated()).html(compare))
    assert page.inner_text("#comparison p >> nth=0") == said
    if compare:
        assert page.inner_text("#comparison .rest") == (
            "A gradient differs if it is off by more than 1e-06 of its size, or of the size of "
            "its contributions where these cancel. What roundings leave beside 0 is none."
        )


# --- Finding, zooming, folding --------------------------------------------------------------------


def test_search_by_label(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.keyboard.press("/")
    page.keyboard.type("OUT_")
    assert page.inner_text("#found") == "4 nodes found"
    assert page.locator('#canvas [data-mark="found"]').count() == 4
    page.keyboard.press("Enter")
    assert page.inner_text("#node h2") == "out_h1"
    page.keyboard.press("Enter")
    assert page.inner_text("#node h2") == "out_h2"
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""
    assert page.locator('#canvas [data-mark="found"]').count() == 0
    page.fill("#search", "nothing")
    assert page.inner_text("#found") == "0 nodes found"


def unlabelled() -> Value:
    """A net of two neurons: a label that two nodes have, nodes without one, and one v3."""
    xs = [Value(0.5), Value(-1.0, label="my x")]
    w = Value.parameter(0.25, label="w")
    neurons = [
        autograd.dot([Value.parameter(0.75, label="w"), w], xs, Value.parameter(0.1)).tanh(),
        autograd.dot([w, Value.parameter(2.0, label="v3")], xs, 1.0).relu(),
    ]
    return autograd.dot([Value.parameter(1.0), w], neurons, 0.0) * 2.0


@pytest.mark.parametrize("view", ["every node", "neurons", "layers"])
def test_the_picture_and_the_panel_call_a_node_the_same(open_page: Open, view: str) -> None:
    page = open_page(draw(backpropagated(unlabelled)).html())
    page.uncheck("#follow")
    page.select_option("#view", label=view)
    shown = page.locator("#canvas .node").all()
    titles = [shape.locator("text").first.text_content() for shape in shown]
    assert len(set(titles)) == len(titles)
    for title in titles:
        page.click("#zoom-fit")  # a search has moved the camera
        node(page, title).first.click()
        assert page.inner_text("#node h2") in (title, f"“{title}”")
        if re.fullmatch(r"v\d+", title):
            page.keyboard.press("Escape")
            page.fill("#search", title)
            page.keyboard.press("Enter")
            assert page.inner_text("#node h2") == title
            assert node(page, title).get_attribute("data-mark") == "found"
            assert node(page, title).get_attribute("aria-pressed") == "true"
            page.keyboard.press("Escape")


def test_every_node_of_the_picture_has_a_name(open_page: Open) -> None:
    page = open_page(draw(backpropagated(unlabelled)).html())
    titles = set(texts(page))
    assert titles >= {"x1", "net_h1", "h1", "o1", "v1", "w#1", "w#2", "my x"}
    assert not any(title.startswith("data") for title in titles)


def box(page: Any) -> tuple[float, float, float]:
    found = page.locator("#canvas svg").bounding_box()
    return found["x"], found["y"], found["width"]


def within(part: Any, whole: Any) -> bool:
    a, b = part.bounding_box(), whole.bounding_box()
    return all(
        b[start] - 1 <= a[start] and a[start] + a[size] <= b[start] + b[size] + 1
        for start, size in (("x", "width"), ("y", "height"))
    )


WINDOWS = [(1280, 800), (390, 844)]


@pytest.mark.parametrize("size", WINDOWS, ids=["desk", "phone"])
@pytest.mark.parametrize("sizes", [[], [2, 4, 1], [2, 4, 4, 1]], ids=["t1", "2-4-1", "2-4-4-1"])
def test_it_opens_so_that_it_can_be_read_and_all_is_a_key_away(
    open_page: Open, sizes: list[int], size: tuple[int, int]
) -> None:
    loss = backpropagated(network, sizes) if sizes else backpropagated()
    loss.label = "E"
    viewport = {"width": size[0], "height": size[1]}
    page = open_page(draw(loss).html(), ("request file",), fit=False, viewport=viewport)
    stage, svg, output = page.locator("#stage"), page.locator("#canvas svg"), node(page, "E")
    height = output.locator("text").first.bounding_box()["height"]
    assert height >= 10  # pixels
    assert within(output, stage)
    if len(sizes) > 3:  # smaller ones open whole, in a layout without numbers on arrows
        assert not within(svg, stage)
    page.keyboard.press("0")
    assert within(svg, stage)
    page.reload()
    page.set_viewport_size({"width": size[0] - 50, "height": size[1] - 50})
    wait_until(lambda: within(output, stage))


def test_a_small_picture_opens_whole(open_page: Open) -> None:
    x = Value(0.5, label="x")
    page = open_page(draw(x.tanh()).html(), fit=False)
    assert within(page.locator("#canvas svg"), page.locator("#stage"))


def test_zoom_and_pan(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    fitted = box(page)
    page.click("#zoom-in")
    assert box(page)[2] == pytest.approx(fitted[2] * 1.25)
    page.click("#zoom-out")
    assert box(page) == pytest.approx(fitted)
    page.click("h1")
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("-")
    assert box(page)[2] == pytest.approx(fitted[2] * 1.25)
    page.keyboard.press("0")
    assert box(page) == pytest.approx(fitted)
    page.mouse.move(450, 650)
    page.mouse.down()
    page.mouse.move(400, 600)
    page.mouse.move(350, 580)
    page.mouse.up()
    assert box(page)[:2] == pytest.approx((fitted[0] - 100, fitted[1] - 70))
    page.mouse.wheel(0, 40)
    wait_until(lambda: box(page)[1] < fitted[1] - 100)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    wait_until(lambda: box(page)[2] > fitted[2] * 1.1)
    page.click("#zoom-fit")
    assert box(page) == pytest.approx(fitted)


def test_the_picture_follows_the_steps_unless_it_shall_not(open_page: Open, t1: str) -> None:
    page = open_page(t1, reduced_motion="reduce")
    page.click("#zoom-in")
    page.click("#zoom-in")
    page.click("#zoom-in")
    page.click("#to-start")
    page.click("#on")
    stage = page.locator("#stage").bounding_box()
    lit = node(page, "net_h1").bounding_box()
    assert stage["x"] <= lit["x"]
    assert lit["x"] + lit["width"] <= stage["x"] + stage["width"]
    page.uncheck("#follow")
    before = box(page)
    page.click("#to-backward")
    page.click("#on")
    assert box(page) == before


def test_folding_and_unfolding(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    options = page.locator("#view option").all_inner_texts()
    assert options == ["every node", "neurons", "layers", "layer 1 unfolded", "layer 2 unfolded"]
    page.select_option("#view", label="layers")
    assert position(page) == "finished"
    assert "Folded: this picture stands for 23 nodes." in page.inner_text("#notes")
    node(page, "layer 1").click()
    members = page.locator("#node .members li").all_inner_texts()
    assert set(members) == {
        "w1", "w2", "w3", "w4", "b1", "net_h1", "net_h2", "out_h1", "out_h2",
    }  # fmt: skip
    page.click("#node .members .link >> text=w1")
    assert page.inner_text("#node h2") == "w1"
    assert node(page, "layer 1").get_attribute("aria-pressed") == "true"
    page.click("#node button >> text=Show layer 1 unfolded")
    assert node(page, "w1").get_attribute("aria-pressed") == "true"
    assert page.locator("#canvas .node").filter(has_text="layer 2").count() == 1
    page.click("#to-start")
    step_on(page, TITLE)
    shown = texts(page)
    for value in topological_order([backpropagated()]):
        if value.label in shown:
            assert shown[value.label][-1] == f"grad {value.grad:+.6g}"


def test_a_view_is_opened_at_the_same_step(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.click("#to-backward")
    page.click("#on")
    page.select_option("#view", label="neurons")
    assert step_title(page) == "Backward: E → out_o1"
    page.select_option("#view", label="every node")
    assert step_title(page) == "Backward: E → out_o1"
    page.click("#to-start")
    page.select_option("#view", label="layers")
    assert position(page) == "start"


# --- Large graphs ---------------------------------------------------------------------------------


def test_2000_nodes_open_and_step(open_page: Open, large: str) -> None:
    page = open_page(large)
    assert position(page) == "finished"
    page.click("#to-backward")
    for _ in range(20):
        page.click("#on")
    assert position(page).startswith("backward 21 of")
    assert "Too large to be in this page: every node" in page.inner_text("#notes")
    page.fill("#search", "input")
    assert page.inner_text("#found") == "2 nodes found"


def test_a_folded_page_that_does_not_know_every_node(open_page: Open) -> None:
    page = open_page(draw(backpropagated(chain, 12_000)).html())
    page.click("#to-start")
    step_on(page, TITLE)
    assert "Folded: this picture stands for 12,001 nodes." in page.inner_text("#notes")
    x = topological_order([backpropagated(chain, 12_000)])[0]
    assert texts(page)["x"][-1] == f"grad {x.grad:+.6g}"
    node(page, "x").click()
    assert page.inner_text("#node h2") == "x"


# --- For every reader -----------------------------------------------------------------------------


def test_with_the_keyboard_alone(open_page: Open, t1: str) -> None:
    page = open_page(t1, fit=False)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.node')"):
            break
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "E half_sse, operation, data 0.298371, gradient +1"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused).startswith("y2")
    outline = "getComputedStyle(document.activeElement.querySelector('ellipse')).strokeWidth"
    assert page.evaluate(outline) == "4px"
    page.keyboard.press("Enter")
    assert page.inner_text("#node h2") == "y2"
    assert page.inner_text("#announcement").startswith("Selected y2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.inner_text("#node h2") == "E"
    page.keyboard.press("ArrowLeft")
    assert step_title(page).startswith("Backward: ")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id"))
    controls = {"view", "search", "theme", "help", "zoom-in", "zoom-out", "zoom-fit", "follow"}
    controls |= {"to-start", "back", "play", "on", "to-end", "to-backward", "slider", "speed"}
    assert controls <= seen


FOCUSED = """() => {
  const { activeElement: e } = document;
  const style = getComputedStyle(e.matches(".node") ? e.querySelector("polygon, ellipse") : e);
  const name = e.id || e.className.baseVal || e.className || e.tagName;
  return [name, style.outlineStyle !== "none" || style.strokeWidth === "4px"];
}"""


def test_focus_is_seen_wherever_the_tab_key_leads(open_page: Open, t1: str) -> None:
    page = open_page(t1, fit=False)
    page.keyboard.press("/")
    page.keyboard.type("w1")
    page.keyboard.press("Enter")
    seen = {}
    for _ in range(60):
        page.keyboard.press("Tab")
        name, is_visible = page.evaluate(FOCUSED)
        seen[name] = is_visible
    del seen["BODY"]  # between the end of the page and its start
    assert {"view", "search", "node", "link", "close", "only", "play", "slider", "SUMMARY"} <= (
        seen.keys()
    )
    assert [name for name, is_visible in seen.items() if not is_visible] == []


def test_a_selection_is_closed_by_its_button_and_the_focus_stays(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    node(page, "w1").click()
    assert page.is_hidden("#step")  # the list of all gradients makes room
    page.focus("#node .close")
    page.keyboard.press("Enter")
    assert "Select a node" in page.inner_text("#node")
    assert page.is_visible("#step")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("w1, ")
    node(page, "w1").click()
    page.click("#back")
    assert page.is_visible("#step")
    assert page.inner_text("#node h2") == "w1"


SENTENCE = re.compile(r".*[^ .]\.( The gradient of \S+ is \S+, (complete|so far; .+)\.)?")


def test_what_is_announced_is_a_sentence_at_every_step(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.click("#to-start")
    said = step_on(page, "document.getElementById('announcement').textContent")
    assert len(said) == len(set(said)) == 39
    for sentence in said:
        assert SENTENCE.fullmatch(sentence)
        assert "∂" not in sentence
    assert said[9] == "The backward pass starts at E with the gradient 1."
    assert any("still to come." in sentence for sentence in said)
    assert said[-1] == "Every value and gradient is known."


def test_each_step_is_announced(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    assert page.get_attribute("#announcement", "aria-live") == "polite"
    page.click("#to-start")
    page.click("#on")
    assert page.inner_text("#announcement") == (
        "net_h1 is w1 · x1 + w2 · x2 + b1, which is 0.3775."
    )
    page.click("#to-backward")
    page.click("#on")
    assert page.inner_text("#announcement") == (
        "From E back to out_o1: the upstream gradient 1 times the local derivative 0.74136507 "
        "gives the contribution 0.74136507. The gradient of out_o1 is 0.74136507, complete."
    )


def test_every_control_has_a_name(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.click("#help")
    assert page.is_visible("#keys")
    assert page.get_attribute("#help", "aria-expanded") == "true"
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, [role=button]")].filter(
          (e) => !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length))
          .map((e) => e.id)"""
    )
    assert unnamed == []
    page.click("#help")
    assert page.is_hidden("#keys")


def luminance(colour: str) -> float:
    parts = [int(x) / 255 for x in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


COLOURS = """() => {
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  return {
    paper: style("body").backgroundColor,
    ink: style("body").color,
    panel: style("aside").backgroundColor,
    soft: style(".hint").color,
    link: style(".link").color,
    ...Object.fromEntries(["input", "parameter", "operation", "output"].map((kind) =>
      [kind, style(`.node[data-kind=${kind}] > :is(polygon, ellipse)`).fill])),
    text: style(".node > text").fill,
    positive: style(".edge[data-sign=positive] > text").fill,
    negative: style(".edge[data-sign=negative] > text").fill,
  };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_can_be_read(open_page: Open, t1: str, scheme: Any) -> None:
    page = open_page(t1, color_scheme=scheme)
    colours = {name: luminance(colour) for name, colour in page.evaluate(COLOURS).items()}
    assert (colours["paper"] < 0.1) == (scheme == "dark")

    def contrast(a: str, b: str) -> float:
        low, high = sorted([colours[a], colours[b]])
        return (high + 0.05) / (low + 0.05)

    for front, back in [
        ("ink", "paper"), ("ink", "panel"), ("soft", "panel"), ("link", "panel"),
        ("text", "input"), ("text", "parameter"), ("text", "operation"), ("text", "output"),
        ("positive", "paper"), ("negative", "paper"),
    ]:  # fmt: skip
        assert contrast(front, back) >= 4.5, (front, back)


def test_the_theme_can_be_chosen(open_page: Open, t1: str) -> None:
    page = open_page(t1, color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.click("#theme")
    assert page.inner_text("#theme") == "Theme: light"
    assert luminance(page.evaluate(paper)) > 0.9
    page.click("#theme")
    assert page.evaluate(paper) == dark
    page.click("#theme")
    assert page.inner_text("#theme") == "Theme: system"


def test_no_motion_for_who_prefers_none(open_page: Open, t1: str) -> None:
    moved = """() => {
      const svg = document.querySelector("#canvas svg");
      document.getElementById("on").click();
      const before = svg.style.transform;
      return new Promise((done) => setTimeout(() => done(svg.style.transform !== before), 60));
    }"""
    for motion in ("reduce", "no-preference"):
        page = open_page(t1, reduced_motion=motion)
        page.click("#zoom-in")
        page.click("#zoom-in")
        page.click("#zoom-in")
        page.click("#to-backward")
        assert any(page.evaluate(moved) for _ in range(4)) == (motion == "no-preference")


def test_a_phone(open_page: Open, t1: str) -> None:
    page = open_page(t1, viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.locator("footer").bounding_box()["height"] < 100  # two rows
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.tap("#to-backward")
    page.tap("#on")
    assert step_title(page) == "Backward: E → out_o1"
    assert page.locator("#step h2").bounding_box()["y"] < 844
    for control in ("#play", "#slider", "#speed"):
        found = page.locator(control).bounding_box()
        assert 0 <= found["x"] <= found["x"] + found["width"] <= 390


def test_without_javascript_the_picture_remains(open_page: Open, t1: str) -> None:
    page = open_page(t1, java_script_enabled=False)
    assert page.locator("#canvas svg").is_visible()
    assert "finished picture" in page.locator("noscript").inner_text()
    assert page.get_by_text("0.138499 × 0.59327 = +0.082167").is_visible()
    strokes = """() => ["positive", "negative"].map((sign) =>
      getComputedStyle(document.querySelector(`.edge[data-sign=${sign}] > path`)).stroke)"""
    assert page.evaluate(strokes) == ["rgb(0, 114, 178)", "rgb(168, 67, 0)"]
    for hidden in ("header", "aside", "footer", ".zoom"):
        assert page.locator(hidden).is_hidden()


# --- Safety ---------------------------------------------------------------------------------------


LABELS = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "</svg></template><b>bold</b>",
    "__proto__",
    "∂E/∂w é 日本",
]


def test_labels_are_shown_as_they_are(open_page: Open) -> None:
    weights = [Value.parameter(2.0, label=label) for label in LABELS]
    net = autograd.dot(weights, [1.0] * len(weights))
    net.label = "net </script>"
    y = net.tanh()
    y.label = "y <!--"
    y.backward()
    page = open_page(draw(y).html(compare=dict.fromkeys(LABELS, 1.0)))
    page.uncheck("#follow")
    assert set(LABELS) <= texts(page).keys()
    # What could be read as a formula is quoted where formulas are.
    names = {label: label if label.isidentifier() else f"“{label}”" for label in LABELS}
    assert set(page.locator("#comparison .link").all_inner_texts()) == set(names.values())
    for label, name in names.items():
        node(page, label).click()
        assert page.inner_text("#node h2") == name
    page.fill("#search", LABELS[0])
    assert page.inner_text("#found") == "1 node found"
    page.click("#to-start")
    step_on(page, TITLE)
    page.select_option("#view", label="neurons")
    assert page.locator("b, img").count() == 0


def test_the_policy_lets_nothing_else_run_or_load(open_page: Open, t1: str) -> None:
    page = open_page(t1, expected=("Content Security Policy", "example.org"))
    blocked = page.evaluate(
        """async () => {
          const blocked = new Set();
          document.addEventListener("securitypolicyviolation",
            (event) => blocked.add(event.effectiveDirective));
          const add = (tag, attributes) =>
            document.body.append(Object.assign(document.createElement(tag), attributes));
          add("script", {textContent: "window.ran = true"});
          add("style", {textContent: "body {display: none}"});
          add("img", {src: "https://example.org/x.png"});
          add("iframe", {src: "https://example.org/"});
          document.body.insertAdjacentHTML("beforeend", "<p onclick='window.ran = true'>x</p>");
          document.body.lastElementChild.click();
          await fetch("https://example.org/").catch(() => {});
          await new Promise((done) => setTimeout(done, 100));
          return [...blocked, String(window.ran)].sort();
        }"""
    )
    assert blocked == sorted(
        ["connect-src", "frame-src", "img-src", "script-src-attr", "script-src-elem",
         "style-src-elem", "undefined"]
    )  # fmt: skip


def test_the_page_works_in_the_sandboxed_frame_of_a_notebook(open_page: Open) -> None:
    frame = draw(backpropagated()).page()._repr_html_()
    outer = open_page(f"<!doctype html><title>notebook</title><body>{frame}</body>")
    inner = outer.frame_locator("iframe")
    inner.locator("#to-backward").click()
    inner.locator("#on").click()
    assert inner.locator("#step h2").inner_text() == "Backward: E → out_o1"
    inner.locator("#theme").click()
    assert inner.locator("#theme").inner_text() == "Theme: light"


# --- Nothing is given away before its step --------------------------------------------------------

EVERYTHING = """(() => {
  const seen = [document.body.innerText];
  for (const part of document.querySelectorAll("body *")) {
    if (part.closest("script, template")) continue;
    seen.push(part.tagName === "text" ? part.textContent : "");
    for (const { name, value } of part.attributes) {
      if (["title", "aria-label", "aria-valuetext", "value"].includes(name)) seen.push(value);
    }
  }
  return seen.join("\\n");
})()"""


@pytest.mark.parametrize("compare", [False, True])
def test_no_gradient_is_on_the_page_before_the_step_that_completes_it(
    open_page: Open, compare: bool
) -> None:
    loss = backpropagated()
    order = topological_order([loss])
    weights = [node for node in order if node.op == "parameter"]
    claims = {node: node.grad for node in weights} if compare else None
    page = open_page(draw(loss).html(claims))
    finished = str(page.evaluate(EVERYTHING))
    users = [node for node in reversed(order) if not node.is_leaf]
    edges = [(node, parent) for node in users for parent in node.parents]
    first = int(page.get_attribute("#slider", "max")) - len(edges)
    for selected in [None, *weights]:
        if selected is not None:
            node(page, selected.label).dispatch_event("click")
        page.click("#to-start")
        seen = [page.evaluate(EVERYTHING), *step_on(page, EVERYTHING)]
        for weight in weights:
            assert f"{weight.grad:.6g}" in finished
            last = max(i for i, (_, parent) in enumerate(edges) if parent is weight)
            for step in range(first + last):
                assert f"{weight.grad:.6g}" not in seen[step]
                assert decimal(weight.grad) not in seen[step]
                assert repr(weight.grad) not in seen[step]
            assert f"{weight.grad:.6g}" in seen[first + last]


def test_a_selected_node_waits_for_its_step_and_leads_there(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.click("#to-start")
    node(page, "out_h1").dispatch_event("click")
    assert "Its value is not computed yet." in page.inner_text("#node")
    for _ in range(4):
        page.click("#on")
    assert "0.593269992" in page.inner_text("#node")
    assert page.inner_text("#node .result") == "∂E/∂out_h1 = —"
    page.click("#node >> text=Go to that step")
    assert step_title(page) == "Backward: net_o1 → out_h1"
    assert "+0.036350306" in page.inner_text("#node")
    page.click("#back")
    assert page.inner_text("#node .result") == "∂E/∂out_h1 = —"


# --- Names in folded pictures, and numbers of another moment --------------------------------------


def test_derivatives_in_folded_pictures_are_by_nodes(open_page: Open, large: str) -> None:
    page = open_page(large)
    for view in page.locator("#view option").all_inner_texts():
        page.select_option("#view", label=view)
        page.click("#to-backward")
        look = "document.getElementById('step').textContent"
        for text in step_on(page, look)[:200]:
            assert not re.search(r"∂[^/ ]*/∂(?:layers? \d|\d+ |a node)", text)


def test_changes_after_the_forward_pass_are_noted(open_page: Open) -> None:
    loss = backpropagated()
    weight = next(n for n in topological_order([loss]) if n.label == "w5")
    assert "Changed" not in open_page(draw(loss).html()).inner_text("#notes")
    weight.data -= 0.5 * weight.grad
    page = open_page(draw(loss).html())
    assert page.locator("#notes p").all_inner_texts()[:2] == [
        "Changed after the forward pass: operands of net_o1.",
        "Values, derivatives and gradients are from before the change; compute the output again.",
    ]
    node(page, "net_o1").click()
    assert "the data of an operand has been changed since" in page.inner_text("#node .warning")
    node(page, "net_o2").click()
    assert page.locator("#node .warning").count() == 0


# --- Nodes that are drawn again beside their uses -------------------------------------------------


def test_a_node_that_is_drawn_again_is_one_node(open_page: Open) -> None:
    total = backpropagated(FAMILIES["s = s + x"], 40)
    page = open_page(draw(total).html())
    copies = node(page, "x")
    assert copies.count() == 39
    assert copies.locator("text", has_text="grad").all_text_contents() == ["grad +40"] * 39
    page.click("#to-backward")
    shown = "[...document.querySelectorAll('#canvas .node')].filter("
    shown += "(s) => s.querySelector('text').textContent === 'x').map("
    shown += "(s) => [...s.querySelectorAll('text')].at(-1).textContent)"
    seen = step_on(page, shown)
    assert all(len(set(gradients)) == 1 for gradients in seen)
    sums = [gradients[0] for gradients in seen]
    # From the last use to the first, where x is both operands.
    expected = [f"Σ {n:+g} …" for n in range(1, 40)] + ["grad +40"]
    assert list(dict.fromkeys(sums)) == ["grad —", *expected]
    page.click("#to-start")
    titles = step_on(page, TITLE)
    assert sum(title.startswith("Forward") for title in titles) == 39
    copies.nth(20).dispatch_event("click")
    assert page.locator('#canvas .node[aria-pressed="true"]').count() == 39
    assert page.inner_text("#node h2") == "x"
    page.check("#only")
    assert page.locator("#canvas .node[data-dim]").count() == 0


@pytest.mark.parametrize("name", FAMILIES)
def test_families_are_stepped_to_the_gradients_of_the_engine(open_page: Open, name: str) -> None:
    output = backpropagated(FAMILIES[name], 60)
    page = open_page(draw(output).html())
    finished = texts(page)
    page.click("#to-start")
    step_on(page, TITLE)
    assert texts(page) == finished
    for value in topological_order([output]):
        if value.label:
            assert finished[value.label][-1] == f"grad {value.grad:+.6g}"
