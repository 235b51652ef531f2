"""Practice in the page: right answers are accepted, wrong ones named, and nothing is given away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import autograd
from autograd import Value
from autograd.drawing import draw
from autograd.graph.order import topological_order
from tests import browsing
from tests.drawn import FAMILIES, tutorial

browsing.required()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from browsing.started()


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    loss = tutorial()
    loss.backward()
    (tmp_path / "page.html").write_text(draw(loss).html(), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5000)
    opened, messages = context.new_page(), []
    opened.on("console", lambda message: messages.append(message.text))
    opened.on("pageerror", lambda error: messages.append(str(error)))
    opened.goto((tmp_path / "page.html").as_uri())
    yield opened
    assert messages == []
    context.close()


class Answers:
    """What is right, from the engine."""

    def __init__(self) -> None:
        self.loss = tutorial()
        self.loss.backward()
        order = topological_order([self.loss])
        self.nodes = {node.label: node for node in order}

    def local(self, head: str, tail: str) -> float:
        node = self.nodes[head]
        return node.partials[node.parents.index(self.nodes[tail])]

    def to(self, question: str, hint: str) -> float:
        """The answer to a question."""
        if match := re.fullmatch(r"What comes through this edge to ∂E/∂(\w+)\?", question):
            head, tail = re.findall(r"∂(\w+)/∂(\w+) = \S+$", hint)[0]
            assert tail == match[1]
            return self.nodes[head].grad * self.local(head, tail)
        if match := re.fullmatch(r"∂(\w+)/∂(\w+) = \?", question):
            if "contribution" in hint:
                return self.nodes[match[2]].grad
            return self.local(*match.groups())
        (name,) = re.findall(r"^(\w+) = \?$", question)
        return self.nodes[name].data


def asked(page: Any) -> tuple[str, str]:
    return page.text_content("#practice h2"), page.text_content("#practice .hint")


def answer(page: Any, number: Any) -> str:
    page.fill("#answer", str(number))
    page.keyboard.press("Enter")
    return page.text_content("#practice [role=status]")


def go_to(page: Any, wanted: str, answers: Answers) -> tuple[str, str]:
    """Answers until a question is asked."""
    for _ in range(100):
        question, hint = asked(page)
        if wanted in question:
            return question, hint
        answer(page, answers.to(question, hint))
    raise AssertionError(wanted)


def test_right_answers_lead_through_and_no_number_is_shown_before(page: Any) -> None:
    answers = Answers()
    page.click("#practise")
    known = {f"{node.data:.4g}" for node in answers.nodes.values() if node.is_leaf} | {"1"}
    count = 0
    while (question := asked(page)[0]) != "Finished":
        right = answers.to(*asked(page))
        text = page.evaluate(
            "document.body.innerText + [...document.querySelectorAll('[title], [aria-label]')]"
            ".map(e => e.title + e.getAttribute('aria-label')).join()"
            " + [...document.querySelectorAll('#canvas text')].map(e => e.textContent).join()"
        )
        shown = {f"{float(x):.4g}" for x in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)}
        if f"{right:.4g}" not in known and f"{-right:.4g}" not in known:
            assert f"{right:.4g}" not in shown, question
        known |= {f"{right:.4g}"}
        assert answer(page, f"{right:.4g}").startswith("Right: ")
        count += 1
    assert page.text_content("#practice .rest") == f"{count} of {count} right at the first try."
    assert count > 50
    assert page.is_enabled("#practise")


@pytest.mark.parametrize(
    ("wanted", "wrong", "said"),
    [
        ("net_h1 = ?", lambda a: -a.nodes["net_h1"].data, "The sign is wrong."),
        (
            "out_h1 = ?",
            lambda a: a.nodes["net_h1"].data,
            "That is net_h1: sigmoid is still to be applied to it.",
        ),
        (
            "edge to ∂E/∂net_o1",
            lambda a: a.local("out_o1", "net_o1"),
            "You forgot upstream: multiply by the gradient that arrives.",
        ),
        (
            "edge to ∂E/∂w5",
            lambda a: a.nodes["out_o1"].grad * a.local("net_o1", "w5"),
            "You forgot the derivative of out_o1: its sigmoid lies between.",
        ),
        (
            "∂E/∂out_h1 = ?",
            lambda a: a.nodes["net_o1"].grad * a.local("net_o1", "out_h1"),
            "You forgot the other path: that is one contribution alone.",
        ),
        ("net_h1 = ?", lambda a: a.nodes["net_h1"].data * 1.01, "Nearly: give four digits."),
        ("net_h1 = ?", lambda a: 77.0, "Not yet."),
    ],
)
def test_a_wrong_answer_is_named(page: Any, wanted: str, wrong: Any, said: str) -> None:
    answers = Answers()
    page.click("#practise")
    question, hint = go_to(page, wanted, answers)
    assert answer(page, wrong(answers)) == said
    assert asked(page) == (question, hint)
    assert answer(page, answers.to(question, hint)).startswith("Right: ")
    right, asked_ = map(int, re.findall(r"\d+", page.text_content("#practice .rest")))
    assert right == asked_ - 1


def test_what_is_no_number_does_not_count(page: Any) -> None:
    page.click("#practise")
    assert answer(page, "a half") == "“a half” is no number; write it as 0.25 or 2.5e-3."
    assert answer(page, Answers().nodes["net_h1"].data).startswith("Right: ")
    assert page.text_content("#practice .rest") == "1 of 1 right at the first try."


def test_an_address_opens_the_same_exercise(page: Any) -> None:
    page.goto(page.url + "#practice=7")
    page.reload()
    leaves = page.locator(".node:is([data-kind=input], [data-kind=parameter])")
    first = leaves.all_text_contents()
    assert page.is_visible("#practice")
    page.reload()
    assert leaves.all_text_contents() == first
    assert page.get_attribute("#practice a", "href") == "#practice=7"
    page.click("text=Other numbers")
    assert leaves.all_text_contents() != first
    page.click("#practise")
    assert page.is_hidden("#practice")
    page.wait_for_url("**#step=*")


def test_nothing_can_be_selected_or_skipped_meanwhile(page: Any) -> None:
    page.click("#practise")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    assert page.text_content("#position") == "start"
    assert page.is_disabled("#on")  # nothing that may be seen lies further on
    assert page.is_disabled("#to-end")
    page.locator(".node[data-kind=output]").click()
    assert "Select a node" in page.text_content("#node")
    assert not page.is_enabled("#view")


@pytest.mark.parametrize(
    ("graph", "first"),
    [
        (lambda x: autograd.stop_gradient(x) * x, 2.0),
        (lambda x: autograd.where(x > 0, x * x, x), 4.0),
    ],
    ids=["stop_gradient", "where"],  # other numbers could be another choice
)
def test_a_graph_that_stays_still_is_practised_with_its_own_numbers(
    page, tmp_path, graph, first
) -> None:
    x = Value(2.0, label="x")
    y = graph(x)
    y.backward()
    (tmp_path / "still.html").write_text(draw(y).html(), encoding="utf-8")
    page.goto((tmp_path / "still.html").as_uri())
    page.click("#practise")
    assert page.get_by_role("button", name="Other numbers").count() == 0
    assert answer(page, first).startswith("Right: ")
    assert answer(page, 4.0).startswith("Right: ")


def test_on_a_phone_the_verdict_is_seen(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("#practise")
    for given in ("much", "123"):
        answer(page, given)
        verdict = page.locator("#practice [role=status]").bounding_box()
        assert verdict["y"] + verdict["height"] <= page.locator("footer").bounding_box()["y"]


def test_other_layouts_give_nothing_away_either(page: Any) -> None:
    page.check("#numbers")
    page.click("#practise")
    go_to(page, "∂E/∂out_o1 = ?", Answers())
    assert not page.locator("#canvas .edge text").all_text_contents() or all(
        text == "" for text in page.locator("#canvas .edge text").all_text_contents()
    )
    page.uncheck("#numbers")
    page.check("#numbers")
    assert set(page.locator("#canvas .edge text").all_text_contents()) <= {""}


def test_a_node_that_is_drawn_again_is_asked_as_one(page: Any, tmp_path: Path) -> None:
    total = FAMILIES["s = s + x"](20)
    total.label = "s"
    total.backward()
    (tmp_path / "sum.html").write_text(draw(total).html(), encoding="utf-8")
    page.goto((tmp_path / "sum.html").as_uri())
    page.click("#practise")
    questions = []
    while (question := asked(page)[0]) != "Finished":
        questions.append(question)
        page.click("#practice >> text=Show it")
    assert questions.count("∂s/∂x = ?") == 2  # at the last sum a local derivative, and all of it
    assert "It is 20." in page.text_content("#practice [role=status]")


def test_numbers_outside_a_domain_are_not_asked(page: Any, tmp_path: Path) -> None:
    x = Value(0.99, label="x")
    y = x.atanh()
    y.label = "y"
    y.backward()
    (tmp_path / "domain.html").write_text(draw(y).html(), encoding="utf-8")
    for seed in range(1, 6):
        page.goto((tmp_path / "domain.html").as_uri() + f"#practice={seed}")
        page.reload()
        number = float(page.locator(".node[data-kind=input] text").nth(1).text_content().split()[1])
        assert 0 < number < 1
