"""Pictures of so many dots."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from autograd.drawing.looks import POINTS, layout_of, with_root
from autograd.drawing.render import rendered

PAD = 2 * 4.0  # points on both sides, as Graphviz has them
# Graphviz puts each letter at a whole dot, so that small ones run into each other. Where Pillow is
# there, a picture with fewer dots than these for each point is drawn twice as large, and halved.
LEGIBLE = 1.5
MOST_DOUBLED = 8_000  # dots of a side


def sized(sources: Sequence[str], width: int, height: int | None = None) -> Iterator[bytes]:
    """Pictures as PNG images, each of exactly so many dots.

    Args:
        sources: DOT texts that are laid out alike, as the steps of one graph are.
        width: In dots.
        height: In dots; None for what the picture has at that width. Else what is left beside the
            picture, or below it, is empty.

    Raises:
        RuntimeError: If there is no Graphviz, or if it fails.
    """
    box = [float(x) for x in layout_of(sources[0])["bb"].split(",")]
    wide, high = box[2] - box[0] + PAD, box[3] - box[1] + PAD
    scale = width / wide
    if height is None:
        height = max(1, round(high * scale))
    scale = min(scale, height / high)
    is_small = scale < LEGIBLE and max(width, height) <= MOST_DOUBLED
    times = 2 if is_small and find_spec("PIL") is not None else 1
    view = f"{width * times},{height * times},{scale * times * (1 - 1e-6):.9g}"
    for source in sources:
        picture = rendered(with_root(source, viewport=view, dpi=POINTS), "png")
        yield _halved(picture) if times > 1 else picture


def _halved(picture: bytes) -> bytes:
    """A PNG image of half as many dots in each direction."""
    from PIL import Image

    written = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").reduce(2).save(written, "PNG")
    return written.getvalue()
