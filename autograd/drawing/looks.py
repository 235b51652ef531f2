"""How DOT text looks when it is rendered: its theme, its direction, the dots of an inch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from autograd.drawing.render import rendered

DIRECTIONS = {"right": "LR", "down": "TB", "left": "RL", "up": "BT"}
COLORED = "blue, solid edge: positive contribution · red, dashed edge: negative"
DOTS_PER_INCH = 144  # of a PNG; Graphviz's 96 are blurred on today's screens
POINTS = 72  # in an inch, in which Graphviz lays out
# A colour of an attribute, and no text: quotation marks within a label are escaped.
COLORS = re.compile(r'(?<!\\)\b((?:fill|font|)color)="(#[0-9A-F]{6})"')

# What takes the place of each colour of the light theme; "paper" is what all is drawn on.
THEMES: dict[str, Mapping[str, str]] = {
    "light": {},
    "dark": {
        "paper": "#16181C", "#222222": "#E8E8E6", "#666666": "#A9ADB4", "#444444": "#B4B9C0",
        "#FFFFFF": "#24282E", "#BBBBBB": "#3A3F47", "#FAFAFA": "#1E2126", "#EEEEEE": "#2C2F35",
        "#D5EAF7": "#17384D", "#0072B2": "#63B8EC", "#FBE3B5": "#4A3A12", "#8F6200": "#DCB25A",
        "#CDEBDF": "#12402F", "#00664B": "#58CBA6", "#F3E0EB": "#41283A", "#8A3F68": "#D894BA",
        "#A84300": "#F29B62",
    },
    "print": {  # black on white: forms and dashes say what colours say elsewhere
        "paper": "#FFFFFF", "#222222": "#000000", "#666666": "#000000", "#444444": "#000000",
        "#FFFFFF": "#FFFFFF",
        "#BBBBBB": "#000000", "#FAFAFA": "#FFFFFF", "#EEEEEE": "#FFFFFF", "#D5EAF7": "#FFFFFF",
        "#0072B2": "#000000", "#FBE3B5": "#FFFFFF", "#8F6200": "#000000", "#CDEBDF": "#FFFFFF",
        "#00664B": "#000000", "#F3E0EB": "#FFFFFF", "#8A3F68": "#000000", "#A84300": "#000000",
    },
}  # fmt: skip


def with_root(source: str, **attributes: object) -> str:
    """The DOT text with attributes of the whole picture, which take the place of others."""
    listed = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    before, brace, after = source.rpartition("}")
    return f"{before}\tgraph [{listed}]\n{brace}{after}"


def looking(source: str, theme: str, direction: str | None) -> str:
    """The DOT text in a theme and a direction, which are names of `THEMES` and `DIRECTIONS`."""
    colors = THEMES[theme]
    if colors:
        source = COLORS.sub(lambda m: f'{m[1]}="{colors.get(m[2], m[2])}"', source)
        source = with_root(source, bgcolor=colors["paper"])
    if theme == "print":
        source = source.replace(COLORED, "solid edge: positive contribution · dashed: negative", 1)
    return with_root(source, rankdir=DIRECTIONS[direction]) if direction else source


def layout_of(source: str) -> dict[str, Any]:
    """Where Graphviz puts all parts, and how they are drawn.

    Raises:
        RuntimeError: If there is no Graphviz, or if it fails.
    """
    layout: dict[str, Any] = json.loads(rendered(source, "json"))
    return layout
