"""The page of a recording in a real browser, offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from tests import browsing

browsing.required()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from browsing.started()


@pytest.fixture(scope="module")
def recorded() -> nn.Recording:
    points = np.random.default_rng(0).normal(size=(40, 2))
    classes = np.where(points[:, 0] > points[:, 1], 1, -1)
    model = nn.MLP(2, [3, 1], activation="tanh", rng=0)
    recording = nn.Recording(model, data=(points, classes))
    optimiser = nn.SGD(model.parameters(), lr=0.5)
    data = (points, classes)
    nn.fit(model, data, nn.hinge, optimiser, epochs=20, callback=recording, progress=False)
    return recording


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desk", "phone"])
def page(browser: Any, recorded: nn.Recording, tmp_path: Path, request: Any) -> Iterator[Any]:
    recorded.save(tmp_path / "training.html")
    width, height = request.param
    context = browser.new_context(offline=True, viewport={"width": width, "height": height})
    context.set_default_timeout(5000)
    opened, messages = context.new_page(), []
    opened.on("console", lambda message: messages.append(message.text))
    opened.on("pageerror", lambda error: messages.append(str(error)))
    opened.goto((tmp_path / "training.html").as_uri())
    yield opened
    assert messages == []
    context.close()


def pixels(page: Any, selector: str) -> str:
    return page.locator(selector).first.evaluate("canvas => canvas.toDataURL()")


def test_keys_alone_go_through_the_training(page, recorded) -> None:
    assert page.text_content("#position") == "step 0, epoch 0"
    first = pixels(page, "#plane"), pixels(page, ".tile canvas")
    page.keyboard.press("ArrowRight")
    assert page.text_content("#position") == "step 1, epoch 1"
    assert page.text_content("#loss") == f"{recorded.frames[1].loss:.4g}"
    page.keyboard.press("End")
    assert page.text_content("#position") == "after 20 steps"
    last = pixels(page, "#plane"), pixels(page, ".tile canvas")
    assert all(before != after for before, after in zip(first, last, strict=True))
    page.keyboard.press("Home")
    assert (pixels(page, "#plane"), pixels(page, ".tile canvas")) == first


def test_playing_goes_to_the_end_and_stops(page) -> None:
    page.click("#play")
    page.wait_for_selector("#position:text-is('after 20 steps')")
    assert page.text_content("#play") == "Play"


def test_a_cell_says_its_name_its_number_and_its_gradient(page, recorded) -> None:
    page.locator(".tile canvas").first.hover(position={"x": 2, "y": 2})
    name = recorded.model.named_parameters()[0][0]
    frame = recorded.frames[0]
    expected = f"{name} = {frame.parameters[0]:.4g}, gradient {frame.gradient[0]:.4g}"
    assert page.text_content("#cell") == expected


def test_keys_choose_a_cell_and_what_is_told_of_it_follows_the_training(page, recorded) -> None:
    names = [name for name, _ in recorded.model.named_parameters()]

    def told(place: int, step: int) -> str:
        frame = recorded.frames[step]
        number, slope = (f"{x[place]:.4g}" for x in (frame.parameters, frame.gradient))
        return f"{names[place]} = {number}, gradient {slope}"

    page.locator(".tile canvas").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.text_content("#cell") == told(0, 0)  # the first key chooses the first cell
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.text_content("#cell") == told(1, 0)
    assert page.text_content("#position") == "step 0, epoch 0"
    page.click("#on")
    assert page.text_content("#cell") == told(1, 1)


def test_the_plane_says_its_bounds_and_what_its_colours_mean(page, recorded) -> None:
    points, _ = recorded.points
    bounds = page.text_content("#bounds").replace("−", "-")
    left, right, bottom, top = map(float, re.findall(r"-?[\d.]+(?!\d| from)", bounds))
    assert left < min(x for x, _ in points) < max(x for x, _ in points) < right
    assert bottom < min(y for _, y in points) < max(y for _, y in points) < top
    assert page.inner_text("#legend").split("\n") == ["output above 0", "below"]


def test_three_layers_are_seen_at_once(browser: Any, tmp_path: Path) -> None:
    model = nn.MLP(2, [16, 16, 1], rng=0)
    data = [[0.0, 1.0], [1.0, 0.0]], [1.0, -1.0]
    recording = nn.Recording(model, data=data)
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    nn.fit(model, data, nn.mse, optimiser, epochs=2, callback=recording, progress=False)
    recording.save(tmp_path / "a.html")
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto((tmp_path / "a.html").as_uri())
    main = page.locator("main")
    assert main.evaluate("main => main.scrollHeight - main.clientHeight") <= 0
    context.close()


def test_nothing_is_cut_off_at_the_side(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
