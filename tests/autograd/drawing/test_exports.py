"""What is handed out: PDF, TikZ, PNG of a given size, themes, the steps of the backward pass."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Value, draw
from autograd.drawing import render as rendering
from autograd.drawing import set_renderer
from autograd.drawing.looks import THEMES, layout_of
from autograd.drawing.rasters import sized
from autograd.explaining.characters import in_text
from autograd.page.frames import count_of
from docs.website.playground.build import examples
from tests.drawn import network, tutorial

PDFLATEX, FFMPEG = shutil.which("pdflatex"), shutil.which("ffmpeg")
HAS_TIKZ = (
    PDFLATEX
    and not subprocess.run(["kpsewhich", "tikz.sty"], check=False, capture_output=True).returncode
)
LABELS = [
    "θ", "w_{12}", "50%", "a & b", "#1", "$x$", "\\frac{", "权重", "~^", "<b>", '"', "מחיר × 2",
    "👩\u200d👧", "e\u0301", "a\nb", "\ud800", "W" * 60, "",
]  # fmt: skip


def backpropagated() -> Value:
    loss = tutorial()
    loss.backward()
    return loss


def dots(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


# --- Pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 640, 1201])
def test_a_png_is_as_wide_as_asked(width: int, tmp_path: Path) -> None:
    path = tmp_path / "graph.png"
    draw(backpropagated()).save(path, width=width)
    assert dots(path.read_bytes())[0] == width
    assert dots(draw(backpropagated()).png(width=width))[0] == width


@pytest.mark.parametrize("width", [500, 900])
def test_a_small_picture_is_as_a_large_one_made_smaller(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = pytest.importorskip("PIL.Image")
    drawing = draw(backpropagated())

    def numbers(png: bytes) -> Any:
        return np.asarray(image.open(io.BytesIO(png)).convert("L"), dtype=float)

    def distance() -> float:
        small = numbers(drawing.png(width))
        large = image.open(io.BytesIO(drawing.png(6 * width))).convert("L")
        expected = np.asarray(large.resize(small.shape[::-1], image.Resampling.BOX), dtype=float)
        return float(np.abs(small - expected).mean())

    with_pillow = distance()
    monkeypatch.setattr("autograd.drawing.rasters.find_spec", lambda name: None)
    assert with_pillow < 0.7 * distance()
    assert dots(drawing.png(width))[0] == width


def test_a_pdf_is_one_page(tmp_path: Path) -> None:
    path = tmp_path / "graph.pdf"
    draw(backpropagated()).save(path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) == 1


def test_a_pdf_has_no_paper_around_the_picture() -> None:
    drawing = draw(backpropagated(), theme="dark")
    _, _, width, height = map(float, layout_of(drawing.source)["bb"].split(","))
    box = re.search(rb"/MediaBox \[ ([\d. ]+) \]", drawing.pdf())
    assert box is not None
    assert [float(x) for x in box[1].split()] == pytest.approx([0, 0, width + 8, height + 8], abs=1)


def test_numbers_have_as_many_digits_as_asked() -> None:
    loss = backpropagated()
    leaf = loss.parents[0]
    assert "grad +0.0822" in draw(loss, digits=3).source
    assert "0.138 × 0.593 = +0.0822" in draw(loss, digits=3).source
    assert f"grad {leaf.grad:+.10g}" in draw(loss, digits=10).source
    assert draw(loss, digits=6).source == draw(loss).source


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("right", 0, 1), ("left", 0, -1), ("down", 1, -1), ("up", 1, 1)]
)
def test_a_direction_is_that_of_what_is_computed(direction: str, axis: int, sign: int) -> None:
    layout = layout_of(draw(Value(2.0, label="x").exp(), direction=direction).source)
    places = {o["name"]: [float(x) for x in o["pos"].split(",")] for o in layout["objects"]}
    assert sign * (places["n1"][axis] - places["n0"][axis]) > 0


def test_a_theme_has_a_colour_for_each_of_the_light_one() -> None:
    loss = network([2, 3, 1])
    loss.backward()
    light = set(re.findall(r'color="(#\w+)"', draw(loss).source))
    assert len(light) > 6
    for theme in ("dark", "print"):
        assert light <= THEMES[theme].keys()
        colors = set(re.findall(r'color="(#\w+)"', draw(loss, theme=theme).source))
        assert colors == {THEMES[theme][color] for color in light} | {THEMES[theme]["paper"]}
    assert "blue" not in draw(loss, theme="print").source


def test_a_theme_leaves_labels_as_they_are() -> None:
    label = ' color="#222222" fillcolor="#FFFFFF"'
    source = draw(Value(1.0, label=label).exp(), theme="dark").source
    assert label.replace('"', '\\"') in source


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"theme": "blue"}, ValueError, "draw: theme: there is no 'blue'; choose one of light, "),
        ({"direction": "LR"}, ValueError, "draw: direction: there is no 'LR'; choose one of right"),
        ({"digits": 0}, ValueError, "draw: digits: expected a number from 1 to 17, got 0"),
        ({"digits": 2.5}, TypeError, "draw: digits: expected an integer, got 2.5"),
    ],
)
def test_a_wrong_look_is_named(options: dict[str, Any], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=re.escape(said)):
        draw(Value(1.0), **options)


def test_a_width_is_of_a_png_only(tmp_path: Path) -> None:
    drawing = draw(backpropagated())
    with pytest.raises(ValueError, match=r"'a\.svg' has no width in dots; save it as \.png"):
        drawing.save(tmp_path / "a.svg", width=100)
    with pytest.raises(ValueError, match="png: width: expected a number from 1 to 20,000, got 0"):
        drawing.save(tmp_path / "a.png", width=0)
    assert not list(tmp_path.iterdir())


# --- TikZ -----------------------------------------------------------------------------------------


def set_by_latex(path: Path) -> str:
    """The log of pdflatex."""
    if not HAS_TIKZ:
        pytest.skip("there is no pdflatex with TikZ on this machine")
    assert PDFLATEX is not None
    command = [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", path.name]
    run = subprocess.run(command, cwd=path.parent, capture_output=True, check=False)
    log = path.with_suffix(".log").read_text(encoding="latin-1")
    assert run.returncode == 0, log[-2000:]
    return log


@pytest.mark.parametrize("name", ["mazur", "two_two_two", "two_two_one", "three_two_one"])
def test_the_pictures_of_the_tutorials_compile_to_one_page(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace: dict[str, Any] = {}
    exec(examples()[name]["text"], namespace)
    path = tmp_path / "graph.tex"
    draw(namespace["E"]).save(path)
    log = set_by_latex(path)
    assert "(1 page" in log
    assert "Overfull" not in log


def chain_of(labels: list[str]) -> Value:
    y = Value(1.0, label="x")
    for label in labels:
        y = y.tanh()
        y.label = label
    y.backward()
    return y


@pytest.mark.parametrize("label", LABELS)
def test_every_label_has_room_in_the_picture_that_latex_sets(label: str, tmp_path: Path) -> None:
    draw(chain_of([label]), theme="dark").save(tmp_path / "graph.tex")
    log = set_by_latex(tmp_path / "graph.tex")
    assert "(1 page" in log
    assert "Overfull" not in log


def test_labels_reach_latex_as_they_are() -> None:
    for label in (r"\frac{a}", r"\\server\share\x", r"a\n", "\\" * 9):
        text = draw(Value(1.0, label=label)).tikz()
        expected = in_text(label)
        assert f" {{{expected}}};" in text


def test_any_label_compiles(tmp_path: Path) -> None:
    draw(chain_of(LABELS)).save(tmp_path / "graph.tikz")
    text = (tmp_path / "graph.tikz").read_text(encoding="ascii")
    assert text.startswith("\\begin{tikzpicture}")
    (tmp_path / "a.tex").write_text(
        "\\documentclass{article}\\usepackage{amsmath,tikz}\\begin{document}"
        "\\resizebox{\\linewidth}{!}{\\input{graph.tikz}}\\end{document}"
    )
    set_by_latex(tmp_path / "a.tex")


def test_every_text_of_the_picture_is_in_the_tikz() -> None:
    text = draw(backpropagated()).tikz()
    for said in ("w5", "data 0.4", "grad +0.082167", r"0.138499 $\times $ 0.59327 = +0.082167"):
        assert said in text.replace("$+$", "+").replace("$-$", "-").replace("$=$", "=")
    assert text.count("ellipse [") == 4
    assert text.count("\\path") > 60


def test_lines_and_blanks_are_as_wide_as_in_other_pictures() -> None:
    text = draw(backpropagated()).tikz()
    assert "line width=1bp" in text.splitlines()[0]  # TikZ draws thinner ones
    # LaTeX makes the blank after a colon wider.
    assert text.count(r"\node") == text.count(r"\frenchspacing") > 60


# --- The backward pass ----------------------------------------------------------------------------


def lines_of(source: str) -> dict[str, str]:
    """The labels in a picture, without blanks, by the name of the shape or the arrow."""
    found = re.findall(r"^\t+(n\w+(?: -> n\w+)?) \[.*?label=\"(.*?)(?<!\\)\"", source, re.M)
    return {name: label.replace("\u00a0", "").strip() for name, label in found}


def test_each_step_has_the_gradients_that_are_known_then() -> None:
    x, w = Value(3.0, label="x"), Value.parameter(2.0, label="w")
    y = w * x + w
    y.backward()
    steps = draw(y)._steps()
    assert len(steps) == 1 + 1 + 4 + 1 == count_of(draw(y)._graph.picture)  # type: ignore[union-attr]
    seen = []
    for step in steps:
        shapes = [label for name, label in lines_of(step).items() if "->" not in name]
        seen.append({label.split("\\n")[0]: label.split("\\n")[-2].strip() for label in shapes})
    gradients = {"x": "grad +2", "w": "grad +4", "*": "grad +1", "+": "grad +1"}
    known = ["", "+", "+*", "+*", "+*w", "+*wx", "+*wx"]
    assert seen == [
        {name: gradient if name in names else "grad —" for name, gradient in gradients.items()}
        for names in known
    ]
    assert steps[-1] == draw(y).source
    for step in steps[2:-1]:
        assert step.count("penwidth=3.5") == 1


def test_all_steps_are_laid_out_alike() -> None:
    steps = draw(backpropagated())._steps()
    places = [[o["pos"] for o in layout_of(step)["objects"] if "pos" in o] for step in steps[::6]]
    assert all(place == places[0] for place in places)


def test_frames_are_files_of_one_size(tmp_path: Path) -> None:
    paths = draw(backpropagated()).frames(tmp_path / "step_{:02}.png", size=(321, 200))
    assert [path.name for path in paths[:2]] == ["step_00.png", "step_01.png"]
    assert {dots(path.read_bytes()) for path in paths} == {(321, 200)}
    assert len(paths) == 1 + 1 + 28 + 1  # 28 edges


def test_a_gif_has_every_step(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    y = Value(2.0, label="x").exp()
    y.backward()
    draw(y).film(tmp_path / "film.gif", size=(300, 120), seconds=0.5)
    film = image.open(io.BytesIO((tmp_path / "film.gif").read_bytes()))
    assert film.size == (300, 120)
    assert film.n_frames == len(draw(y)._steps()) == 4
    assert film.info["duration"] == 500


def test_a_gif_keeps_the_colours_of_the_picture(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    drawing = draw(backpropagated())
    drawing.film(tmp_path / "film.gif", size=(640, 250))
    film = image.open(io.BytesIO((tmp_path / "film.gif").read_bytes()))
    steps = drawing._steps()
    for step in (3, len(steps) - 1):
        film.seek(step)
        png = next(sized([steps[step]], 640, 250))
        picture = np.asarray(image.open(io.BytesIO(png)).convert("RGB"), dtype=float)
        difference = np.abs(np.asarray(film.convert("RGB"), dtype=float) - picture).max(axis=2)
        assert difference.mean() < 2
        ink = picture.min(axis=2) < 100  # letters and arrows
        assert difference[ink].mean() < 4


@pytest.mark.skipif(FFMPEG is None, reason="there is no ffmpeg")
def test_an_mp4_is_a_film(tmp_path: Path) -> None:
    y = Value(2.0, label="x").exp()
    y.backward()
    draw(y).film(tmp_path / "film.mp4", size=(301, 121), seconds=0.2)
    assert b"ftyp" in (tmp_path / "film.mp4").read_bytes()[:12]


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    y = Value(2.0).exp()
    drawing = draw(y)
    with pytest.raises(ValueError, match=r"there are no gradients yet; call backward\(\)"):
        drawing.frames(tmp_path / "{}.png")
    y.backward()
    drawing = draw(y)
    for pattern in ("step.png", "{}.svg", "{a}.png", "{.png"):
        with pytest.raises(ValueError, match=r"a place for the number that ends in \.png"):
            drawing.frames(tmp_path / pattern)
    with pytest.raises(ValueError, match=r"film: the end of the name: there is no '\.avi'"):
        drawing.film(tmp_path / "a.avi")
    with pytest.raises(ValueError, match=r"expected from 0\.01 to 60 seconds for a step, got 0"):
        drawing.film(tmp_path / "a.gif", seconds=0)
    with pytest.raises(TypeError, match="size: expected a width and a height"):
        drawing.film(tmp_path / "a.gif", size=640)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(RuntimeError, match='a GIF needs Pillow; run  pip install "pillow>=10"'):
        drawing.film(tmp_path / "a.gif", size=(60, 40))
    which = shutil.which
    monkeypatch.setattr("shutil.which", lambda name: None if name == "ffmpeg" else which(name))
    with pytest.raises(RuntimeError, match="an MP4 needs the program ffmpeg on the PATH"):
        drawing.film(tmp_path / "a.mp4", size=(60, 40))
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_if_a_later_picture_cannot_be_made(tmp_path: Path) -> None:
    y = Value(2.0).exp()
    y.backward()
    drawing = draw(y)
    asked = []

    def failing(source: str, form: str) -> bytes:
        asked.append(form)
        if len(asked) == 4:
            raise RuntimeError("no more")
        return drawn_by_the_installed(source, form)

    drawn_by_the_installed = rendering._found
    set_renderer(failing)
    try:
        with pytest.raises(RuntimeError, match="no more"):
            drawing.frames(tmp_path / "{}.png", size=(60, 40))
    finally:
        set_renderer(None)
    assert not list(tmp_path.iterdir())
    assert asked == ["json", "png", "png", "png"]  # one layout is that of all steps


@pytest.mark.parametrize(
    ("write", "given", "error", "said"),
    [
        ("save", None, TypeError, "save: expected a path, such as 'graph.svg', got None"),
        ("film", 3, TypeError, "film: expected a path, such as 'backward.gif', got 3"),
        ("frames", None, TypeError, "frames: expected a name such as 'step_{:02}.png', got None"),
        ("frames", b"{}.png", TypeError, "frames: expected a name such as 'step_{:02}.png', got"),
        ("save", "a\0.svg", ValueError, "save: no path holds the character \\0, got 'a\\x00.svg'"),
        ("frames", "{:c}.png", ValueError, "frames: no path holds the character \\0"),
        ("save", "no/a.svg", FileNotFoundError, "make its folder first: 'no/a.svg'"),
        ("film", "no/a.mp4", FileNotFoundError, "make its folder first: 'no/a.mp4'"),
        ("frames", "no/{}.png", FileNotFoundError, "make its folder first: 'no/0.png'"),
    ],
)
def test_a_wrong_name_is_refused_before_anything_is_drawn(
    write: str, given: Any, error: type[Exception], said: str
) -> None:
    y = Value(2.0).exp()
    y.backward()
    drawing = draw(y)

    def unasked(source: str, form: str) -> bytes:
        raise AssertionError("it was drawn first")

    set_renderer(unasked)
    try:
        with pytest.raises(error, match=re.escape(said)):
            getattr(drawing, write)(given)
    finally:
        set_renderer(None)


def test_too_many_steps_are_refused_at_once(tmp_path: Path) -> None:
    loss = network([5, 20, 20, 1])
    loss.backward()
    said = (
        "frames: the backward pass has 524 steps here, and at most 500 are written; draw a smaller"
    )
    with pytest.raises(ValueError, match=said):
        draw(loss).frames(tmp_path / "{}.png")
    with pytest.raises(ValueError, match=said):
        draw(loss).film(tmp_path / "a.gif")
