"""A small plot of each operation, its value and its derivative, for the page of operations.

Nothing here names an operation: the row says its operands, its settings and its domain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from autograd.eager.evaluation import evaluation
from autograd.language.writing import GUARDED
from autograd.table import TABLE, Operation
from autograd.table.symbolic import SymbolicRow
from docs.website.operations import sizes

VALUE, SLOPE = "#1f5fa8", "#c0392b"
WIDEST = 4.0  # a plot goes from -4 to 4 where the row's domain does
OTHERS = (1.5, 0.5, -0.5, 2.5)  # what the other operands are
SETTINGS = (-1.0, 1.0)  # what settings are that the row has no default for
HIGHEST = 8.0  # beyond, a pole would leave nothing of the rest
COUNT = 401


def curves(operation: Operation) -> tuple[str, list[float], list[float], list[float]]:
    """The value, and the local derivative by the first operand, along it.

    Args:
        operation: The row.

    Returns:
        What is plotted, in words; the first operand's numbers; at each the value and the local
        derivative, nan where they are too large to be shown.
    """
    settings = [0] * len(operation.settings) if operation.groups else ()
    row = SymbolicRow(operation, sizes(operation), settings)
    free = () if operation.groups else operation.settings
    evaluate = evaluation(row, GUARDED, operation.name, {name: None for name, _ in free})
    defaults = [default for _, default in free]
    given = [SETTINGS[i % 2] if d is None else d for i, d in enumerate(defaults)]
    first, *rest = row.arguments
    others = [OTHERS[i % len(OTHERS)] for i in range(len(rest))]
    low, high = max(-WIDEST, operation.domain[0].low), min(WIDEST, operation.domain[0].high)
    xs = [low + (high - low) * i / (COUNT - 1) for i in range(COUNT)]
    at = [evaluate(x, *others, *given) for x in xs]
    named = zip([*rest, *(name for name, _ in free)], [*others, *given], strict=True)
    shown = ", ".join(f"{name} = {number:g}" for name, number in named)
    words = f"{operation.name} along {first}" + (f" at {shown}" if shown else "")
    return words, xs, _shown([v for v, _ in at]), _shown([d[0] for _, d in at])


def _shown(curve: Sequence[float]) -> list[float]:
    """The curve without what is beyond `HIGHEST`, or beyond twice what half of it is beyond."""
    sizes = sorted(abs(y) for y in curve if math.isfinite(y))
    highest = max(HIGHEST, 2 * sizes[len(sizes) // 2])
    return [y if abs(y) <= highest else math.nan for y in curve]


def draw(operation: Operation, file: Path) -> str:
    """Draws an operation into an SVG file.

    Args:
        operation: The row.
        file: What is written.

    Returns:
        What the picture shows, in words.
    """
    words, xs, values, slopes = curves(operation)
    figure = Figure(figsize=(4.2, 2.2), layout="constrained")
    axes = figure.subplots()
    axes.axhline(0, color="#999999", linewidth=0.6)
    axes.plot(xs, values, color=VALUE, label="value")
    axes.plot(xs, slopes, color=SLOPE, linestyle="--", label="derivative")
    axes.legend(fontsize=7, framealpha=0.6)
    axes.set_title(words, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})
    return words


def with_plots(text: str, folder: Path, address: str) -> str:
    """The page of operations with a plot below the heading of each.

    Args:
        text: The page in Markdown.
        folder: Where the plots are written.
        address: Where the page finds that folder.

    Returns:
        The page that shows them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for operation in TABLE.values():
        words = draw(operation, folder / f"{operation.name}.svg")
        path = f"{address}/{operation.name}.svg"
        picture = f'<span class="picture"><img src="{path}" alt="Plot of {words}"></span>'
        heading = f"\n## {operation.name}\n"
        text = text.replace(heading, f"{heading}\n{picture}\n", 1)
    return text
