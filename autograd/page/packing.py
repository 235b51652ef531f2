"""Large pages are packed: data and all pictures but the first, compressed, in the data island."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

LARGE = 200_000  # characters; what is smaller can be read in the page's source


def packed(data: dict[str, Any], pictures: Sequence[tuple[int, str, str]]) -> dict[str, Any] | None:
    """What the data island of a large page holds; None for a small page.

    Args:
        data: What the scripts read.
        pictures: All pictures but the first: view, layout and SVG.
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    if len(text) + sum(len(svg) for _, _, svg in pictures) <= LARGE:
        return None
    whole = json.dumps({"text": text, "pictures": pictures}, separators=(",", ":"))
    small = gzip.compress(whole.encode(), mtime=0)  # the same page whenever it is made
    return {"packed": base64.b64encode(small).decode("ascii")}


def unpacked(island: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """The data and the pictures of an island; of a small page no pictures."""
    if "packed" not in island:
        return island, []
    whole = json.loads(gzip.decompress(base64.b64decode(island["packed"])))
    return json.loads(whole["text"]), [tuple(picture) for picture in whole["pictures"]]
