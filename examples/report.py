"""What the examples share: tables of figures, pictures in `out/`, training, held-out accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import autograd
from autograd import Value
from nn import MLP, SGD

OUT = Path("out")

Data = tuple[Any, Any]  # inputs and targets

# A figure's name, what was printed for it (None: nothing was published), and what we compute.
Figure = tuple[str, str | None, float]


def agrees(published: str, computed: float) -> bool:
    """Whether the number, rounded to the published digits, is the published figure."""
    mantissa, _, exponent = published.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return abs(computed - float(published)) <= 0.5 * 10.0**-decimals * (1 + 1e-9)


def compare(title: str, figures: Iterable[Figure]) -> bool:
    """Prints each published figure, the engine's, and their difference.

    Returns:
        Whether all of them agree to every published digit.
    """
    print(f"\n{title}\n")
    print(f"  {'figure':<28} {'published':>21} {'engine':>24} {'difference':>11}")
    right = True
    for name, published, computed in figures:
        if published is None:
            print(f"  {name:<28} {'—':>21} {computed:>24.17g} {'—':>11}")
            continue
        ok = agrees(published, computed)
        right &= ok
        difference = computed - float(published)
        mark = "" if ok else "  differs"
        print(f"  {name:<28} {published:>21} {computed:>24.17g} {difference:>11.1e}{mark}")
    return right


def named(prefix: str, published: Sequence[str | None], computed: Sequence[float]) -> list[Figure]:
    """Figures named by the prefix and their number, from 1."""
    pairs = zip(published, computed, strict=True)
    return [(f"{prefix}{i}", text, number) for i, (text, number) in enumerate(pairs, 1)]


def outputs(model: MLP, x: Sequence[float]) -> list[Value]:
    """The network's outputs as a list, also if it is one."""
    result = model(x)
    return result if isinstance(result, list) else [result]


def loss_of(model: MLP, x: Sequence[float], y: Sequence[float]) -> Value:
    """½ Σ (ŷ - y)², the tutorials' error."""
    loss = autograd.half_sse(outputs(model, x), y)
    loss.label = "E"
    return loss


def train(
    parameters: Sequence[Value], loss: Callable[[], Value], lr: float, steps: int
) -> list[float]:
    """Gradient descent with a progress bar (none where the output is not a terminal).

    Returns:
        The loss before each step, and after the last.
    """
    optimiser = SGD(parameters, lr)
    losses = []
    for _ in progress(range(steps)):
        optimiser.zero_grad()
        error = loss()
        error.backward()
        losses.append(error.data)
        optimiser.step()
    return [*losses, loss().data]


def split(x: Any, y: Any, share: float, seed: int) -> tuple[Data, Data]:
    """The samples in two pairs of inputs and targets, each with all classes in proportion.

    Args:
        x: The inputs, a row for each sample.
        y: The classes.
        share: How much of the samples the second pair has.
        seed: Which split.
    """
    from sklearn.model_selection import train_test_split

    parts = train_test_split(x, y, test_size=share, random_state=seed, stratify=y)
    return (parts[0], parts[2]), (parts[1], parts[3])


def classes(model: MLP, x: Iterable[Iterable[float]]) -> list[int]:
    """The class of the largest output for each row of inputs."""
    found = []
    for row in x:
        logits = [output.data for output in model(row)]
        found.append(logits.index(max(logits)))
    return found


def judge(name: str, predicted: Sequence[int], expected: Sequence[int], least: float) -> bool:
    """Prints the share of classes that are right, and says whether it is as large as asked."""
    right = sum(p == e for p, e in zip(predicted, expected, strict=True))
    accuracy = right / len(expected)
    verdict = "" if accuracy >= least else "  missed"
    print(f"{name}: {right} of {len(expected)} right, {accuracy:.4f}; asked {least}{verdict}")
    return accuracy >= least


def progress(steps: range) -> Iterable[int]:
    """The steps, shown as a bar if tqdm is installed and the output is a terminal."""
    try:
        from tqdm import tqdm
    except ImportError:
        return steps
    bar: Iterable[int] = tqdm(steps, disable=None, unit="step", leave=False)
    return bar


def save_graph(output: Value, name: str) -> None:
    """Writes the gradient graph to `out/`."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.svg"
    autograd.draw(output).save(path)
    print(f"\ngradient graph: {path}")


def save_plot(name: str, plot: Callable[..., None], columns: int = 1) -> None:
    """Writes a plot to `out/`; says what to install where matplotlib is missing.

    Args:
        name: The name of the file, without its suffix.
        plot: Draws on the axes that it is given, one for each column.
        columns: How many axes it draws on, side by side.
    """
    try:
        import matplotlib
    except ImportError:
        print(f"{name}: not plotted; pip install matplotlib for that")
        return
    matplotlib.use("agg")
    from matplotlib import pyplot

    OUT.mkdir(exist_ok=True)
    figure, axes = pyplot.subplots(
        1, columns, figsize=(5 * columns + 1, 4), layout="constrained", squeeze=False
    )
    plot(*axes[0])
    path = OUT / f"{name}.svg"
    figure.savefig(path)
    pyplot.close(figure)
    print(f"plot: {path}")


def save_losses(name: str, curves: Mapping[str, Sequence[float]]) -> None:
    """Plots losses over the steps, on a logarithmic scale."""

    def plot(axes: Any) -> None:
        for label, losses in curves.items():
            axes.semilogy(losses, label=label)
        axes.set(xlabel="step", ylabel="loss E")
        axes.legend()

    save_plot(f"{name}_loss", plot)
