"""A page that is one file: its style, its script and its data are in it, and it loads nothing.

Its Content-Security-Policy lets nothing run but its own script.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FRAME_HEIGHT = 720  # pixels, in a notebook


@dataclass(frozen=True)
class Page:
    """A page that a notebook shows in a frame without access to the notebook.

    Attributes:
        html: The document.
        title: What the page is, in words.
    """

    html: str
    title: str = "Backpropagation, step by step"

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{html.escape(self.html)}" '
            f'title="{html.escape(self.title)}" width="100%" height="{FRAME_HEIGHT}" '
            'style="border: 0"></iframe>'
        )

    def __repr__(self) -> str:
        return "<Page; .html is the document, a notebook shows it>"


def document(template: str, style: str, script: str, data: Any, parts: Mapping[str, str]) -> str:
    """A document of a template, in which `{{name}}` stands for a part.

    Args:
        template: HTML with `{{policy}}`, `{{style}}`, `{{script}}`, `{{data}}` and the other parts.
        style: CSS.
        script: JavaScript; the only one that the document may run.
        data: What the script reads, as JSON.
        parts: HTML by name.
    """
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    own = {"policy": policy, "style": style, "script": script, "data": island(data)}
    filled = {**parts, **own}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], template)


def island(data: Any) -> str:
    """JSON that HTML does not read anything into: no tag, no comment can begin in it."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _digest(text: str) -> str:
    """As a Content-Security-Policy names an inline script or style that it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
