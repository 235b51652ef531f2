"""The page opens right: whole, legible, at the step that its address names, on paper too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from autograd.drawing import draw
from autograd.graph.order import topological_order
from tests.autograd.page.test_page_browser import (
    Open,
    backpropagated,
    browser,
    node,
    open_page,
    position,
    step_on,
    t1,
    wait_until,
)
from tests.drawn import network

__all__ = ["browser", "open_page", "t1"]

SIZES = [(1280, 800), (1920, 1080), (390, 844)]
MEASURED = """() => {
  const stage = document.getElementById("canvas").getBoundingClientRect();
  const shapes = [...document.querySelectorAll("#canvas .node")];
  const inside = shapes.every((shape) => {
    const { left, right, top, bottom } = shape.getBoundingClientRect();
    return left >= stage.left && right <= stage.right && top >= stage.top && bottom <= stage.bottom;
  });
  const { a } = document.querySelector("#canvas .node text").getScreenCTM();
  const sizes = shapes.flatMap((shape) => [...shape.querySelectorAll("text")]).map((text) =>
    a * Number.parseFloat(getComputedStyle(text).fontSize));
  return { inside, smallest: Math.min(...sizes), on: stage.bottom <= innerHeight };
}"""


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tutorial_s_network_opens_whole_and_legible(
    open_page: Open, t1: str, width: int, height: int, scheme: str
) -> None:
    viewport = {"width": width, "height": height}
    page = open_page(t1, fit=False, viewport=viewport, color_scheme=scheme)
    seen = page.evaluate(MEASURED)
    assert seen["inside"]
    assert seen["on"]
    assert seen["smallest"] >= 8.8


def test_every_layout_shows_the_same_numbers_at_every_step(open_page: Open, t1: str) -> None:
    look = """() => [...document.querySelectorAll("#canvas .node")].map((shape) =>
      [...shape.querySelectorAll("text")].map((text) => text.textContent))"""
    loss = backpropagated()
    grads = {n.label: n.grad for n in topological_order([loss])}
    page = open_page(t1, fit=False, viewport={"width": 390, "height": 844})
    narrow = {title: rest for title, *rest in page.evaluate(look)}
    assert narrow["w1"] == ["0.15", f"{grads['w1']:+.4g}"]
    for press in ("Home", "PageDown", "PageDown", "End"):
        page.keyboard.press(press)
        narrow = {title: rest for title, *rest in page.evaluate(look)}
        page.check("#numbers")
        full = {title: rest for title, *rest in page.evaluate(look)}
        page.uncheck("#numbers")
        for title, (*_, data, grad) in full.items():
            assert narrow[title][-2] in ("—", f"{float_of(data):.4g}")
            assert (narrow[title][-1] == "—") == (grad == "grad —")
            assert (narrow[title][-2] == "—") == (data == "data —")


def float_of(text: str) -> float:
    word = text.removeprefix("data ")
    return float("nan") if word == "—" else float(word)


def test_without_numbers_on_arrows_the_step_has_those_of_its_arrow(
    open_page: Open, t1: str
) -> None:
    page = open_page(t1, fit=False)
    assert page.locator("#canvas .edge text").count() == 0
    page.click("#to-backward")
    page.click("#on")
    assert page.locator("#canvas .edge text").all_text_contents() == ["1 × 0.741365 = +0.741365"]
    page.click("#on")
    assert page.locator("#canvas .edge text").all_text_contents() == ["1 × -0.217072 = -0.217072"]
    page.check("#numbers")
    assert page.locator("#canvas .edge text").count() == 28


HIDDEN = """(() => {
  const text = document.querySelector("#canvas .floating")?.getBoundingClientRect();
  if (!text) return 0;
  const hidden = [...document.querySelectorAll("#canvas .node")].map((shape) => {
    const box = shape.getBoundingClientRect();
    const width = Math.min(box.right, text.right) - Math.max(box.left, text.left);
    const height = Math.min(box.bottom, text.bottom) - Math.max(box.top, text.top);
    return Math.max(width, 0) * Math.max(height, 0);
  });
  return hidden.reduce((x, y) => x + y) / (text.width * text.height);
})()"""


@pytest.mark.parametrize(("width", "height"), [*SIZES, (812, 720)])
def test_the_numbers_of_a_step_hide_no_shape(
    open_page: Open, t1: str, width: int, height: int
) -> None:
    page = open_page(t1, fit=False, viewport={"width": width, "height": height})
    page.keyboard.press("Home")
    seen = step_on(page, HIDDEN)
    assert len(seen) > 30
    assert max(seen) < 0.1


def test_another_size_of_the_window_has_the_layout_that_fits(open_page: Open, t1: str) -> None:
    page = open_page(t1, fit=False, viewport={"width": 1920, "height": 1080})
    page.click("#to-backward")
    before = position(page)
    for width, height in [*SIZES, (1920, 1080)]:
        page.set_viewport_size({"width": width, "height": height})
        wait_until(lambda: page.evaluate(MEASURED)["inside"])
        wait_until(lambda: page.evaluate(MEASURED)["smallest"] >= 8.8)
        assert position(page) == before
    page.check("#numbers")  # what the reader has chosen stays
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(200)
    assert page.is_checked("#numbers")


def test_clicking_a_leaf_lights_the_paths_to_it(open_page: Open, t1: str) -> None:
    page = open_page(t1, fit=False)
    lit = page.locator("#canvas .edge[data-path]")
    assert lit.count() == 0
    # From w1 over h1 to both outputs, and to E: 2 + 2 · 3 arrows; from y1 one; from E none.
    for label, arrows in (("w1", 8), ("w5", 3), ("y1", 1), ("E", 0), ("x1", 12)):
        node(page, label).click()
        assert lit.count() == arrows
    page.keyboard.press("Escape")
    assert lit.count() == 0


def test_in_the_backward_pass_the_arrow_points_against_its_direction(
    open_page: Open, t1: str
) -> None:
    page = open_page(t1, fit=False)
    page.click("#to-backward")
    page.click("#on")
    heads = """() => {
      const edge = document.querySelector("#canvas .edge[data-back]");
      const path = edge.querySelector("path:not(.target)");
      const shown = [...edge.querySelectorAll("polygon")]
        .filter((head) => getComputedStyle(head).visibility === "visible");
      const [tip] = shown[0].points;
      const start = path.getPointAtLength(0);
      return [shown.length, Math.hypot(tip.x - start.x, tip.y - start.y)];
    }"""
    count, distance = page.evaluate(heads)
    assert count == 1
    assert distance < 0.1
    page.click("#to-end")
    assert page.locator("#canvas .edge[data-back]").count() == 0


def test_page_up_and_down_step_as_a_presenter_s_remote_does(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    page.keyboard.press("Home")
    for key, expected in [
        ("PageDown", "forward 1 of 9"),
        ("PageDown", "forward 2 of 9"),
        ("PageUp", "forward 1 of 9"),
    ]:
        page.keyboard.press(key)
        assert position(page) == expected


def hash_of(page: Any) -> str:
    return str(page.evaluate("location.hash"))


def test_the_address_names_the_step(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    assert hash_of(page) == ""
    page.click("#to-backward")
    wait_until(lambda: hash_of(page) == "#step=10")
    for step, expected in [
        ("3", "forward 3 of 9"),
        ("0", "start"),
        ("38", "backward 29 of 29"),
        ("99999", "finished"),
    ]:
        page.evaluate(f"location.hash = 'step={step}'")
        wait_until(lambda expected=expected: position(page) == expected)
    for damaged in ("step=", "step=x", "step=-1", "step=1e3", "nothing", "%E0%A4%A", "view=none"):
        page.evaluate(f"location.hash = '{damaged}'")
        page.click("#step")
        assert position(page) == "finished"
    page.evaluate("location.hash = 'view=layers&step=1'")
    wait_until(lambda: page.input_value("#view") == "2")
    assert position(page) == "forward 1 of 3"


def test_a_link_opens_the_view_that_it_names(open_page: Open, t1: str) -> None:
    page = open_page("", ("request file",), fit=False)
    file = page.evaluate("location.href").replace("0.html", "linked.html")
    Path(file.removeprefix("file://")).write_text(t1, encoding="utf-8")
    page.goto(f"{file}#view=layers&step=1")
    assert (position(page), page.input_value("#view")) == ("forward 1 of 3", "2")


def test_a_reload_opens_where_the_reader_was(open_page: Open, t1: str) -> None:
    page = open_page(t1, ("request file",), fit=False)
    box = "document.querySelector('#canvas svg').style.transform"
    node(page, "w5").click()
    page.click("#size")
    page.click("#theme")
    page.select_option("#speed", "5")
    page.select_option("#view", "layers")
    page.click("#to-backward")
    page.click("#on")
    page.click("#zoom-in")
    before = position(page), page.evaluate(box)
    wait_until(lambda: page.evaluate("history.state?.box") is not None)
    page.reload()
    wait_until(lambda: (position(page), page.evaluate(box)) == before)
    assert page.input_value("#view") == "2"
    assert page.input_value("#speed") == "5"
    assert page.inner_text("#node h2") == "w5"
    assert page.inner_text("#theme") == "Theme: light"
    assert page.get_attribute("#size", "aria-pressed") == "true"
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # takes no one's focus
    for other in ("null", "7", "{what: 7}", "{step: 3}"):
        page.evaluate(f"history.replaceState({other}, '', '#')")
        page.reload()
        assert position(page) == "finished"


def test_large_letters_for_a_presentation(open_page: Open, t1: str) -> None:
    page = open_page(t1, fit=False)
    size = "() => Number.parseFloat(getComputedStyle(document.querySelector('#step p')).fontSize)"
    before, scale = page.evaluate(size), page.evaluate(MEASURED)["smallest"]
    page.click("#size")
    assert page.get_attribute("#size", "aria-pressed") == "true"
    assert page.evaluate(size) >= 1.3 * before
    assert page.evaluate(MEASURED)["smallest"] > scale
    page.click("#size")
    assert page.evaluate(size) == before


def test_the_wheel_scrolls_the_document_around_until_the_page_is_focused(
    open_page: Open, t1: str
) -> None:
    frame = draw(backpropagated()).page()._repr_html_()
    filling = '<p style="height: 3000px">notebook</p>'
    page = open_page(f"<!doctype html><body>{frame}{filling}", fit=False)
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 200)
    wait_until(lambda: page.evaluate("scrollY") == 200)
    page.evaluate("scrollTo(0, 0)")
    page.frame_locator("iframe").locator("h1").click()
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0


def test_printing_gives_the_picture_and_the_derivations(open_page: Open, t1: str) -> None:
    page = open_page(t1)
    printed = "() => { dispatchEvent(new Event('beforeprint')); return printedText(); }"
    printed = printed.replace("printedText()", "document.getElementById('printed').textContent")
    page.emulate_media(media="print")
    text = page.evaluate(printed)
    assert "= 0.74136507 · 0.186815602 · 0.593269992" in text
    shown = "(id) => getComputedStyle(document.querySelector(id)).display !== 'none'"
    assert [page.evaluate(shown, part) for part in ("#canvas", "#printed", "header", "aside")] == [
        True, True, False, False,
    ]  # fmt: skip
    # What is longer than a line goes on further in, and what is longer than a page on the next.
    assert page.locator("#printed .hanging").count() > 100
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 8
    page.emulate_media(media="screen")
    page.keyboard.press("Home")
    assert page.evaluate(printed) == ""  # a step gives nothing away on paper either
    page.keyboard.press("End")
    node(page, "w5").click()
    assert re.match("w5", page.evaluate(printed))


def test_in_a_notebook_the_picture_is_no_wider_than_the_cell(open_page: Open) -> None:
    svg = draw(backpropagated(network, [3, 4, 4, 1]))._repr_svg_()
    page = open_page(f'<!doctype html><body><div style="width: 600px">{svg}</div>', fit=False)
    box = page.locator("svg").bounding_box()
    assert box["width"] == 600
    ratio = re.search(r'viewBox="0.00 0.00 ([\d.]+) ([\d.]+)"', svg)
    assert ratio is not None
    assert box["height"] == pytest.approx(600 * float(ratio[2]) / float(ratio[1]), rel=0.01)
