"""Mini-batches: the samples in parts, in a new order at every epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nn import checks, generators

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPECTED = "a pair (inputs, targets), with a row of numbers and a target for each sample"


class Batches:
    """Samples in batches; each iteration is one epoch.

    Args:
        data: A pair (inputs, targets): a row of numbers for each sample; and for each a number, an
            integer that is its class, or a row of numbers.
        size: How many samples are in a batch; the last of an epoch may have fewer. None for all.
        rng: Where the order comes from: a seed, or a NumPy generator, of which a child is taken;
            None for other orders at every run.
        shuffle: Whether the order changes. A batch of all samples keeps theirs.

    Attributes:
        inputs: The inputs, an array of shape (samples, width).
        targets: The targets, an array of shape (samples,) or (samples, outputs).
        epoch: How many epochs were begun.

    Raises:
        TypeError: If `data` is no such pair, it is not of numbers, or another argument is of a
            wrong kind.
        ValueError: If there is no sample, their numbers differ, rows have different widths, a
            number is nan, infinite or masked, or a batch is larger than the data.

    Example:
        >>> from nn import Batches
        >>> batches = Batches(([[0.0], [1.0], [2.0]], [0, 1, 0]), size=2, shuffle=False)
        >>> for inputs, targets in batches:
        ...     print(inputs, targets)
        [[0.0], [1.0]] [0, 1]
        [[2.0]] [0]
    """

    def __init__(
        self,
        data: tuple[Sequence[Any], Sequence[Any]],
        size: int | None = None,
        rng: np.random.Generator | int | None = None,
        shuffle: bool = True,
    ) -> None:
        pair = hasattr(data, "__len__") and hasattr(data, "__getitem__") and len(data) == 2
        if not pair or isinstance(data, str | dict):
            raise TypeError(
                f"data: expected {EXPECTED}, got {_described(data)}; a list of pairs becomes one "
                "by tuple(zip(*pairs))"
            )
        self.inputs = _numbers("inputs", data[0], (2,))
        self.targets = _numbers("targets", data[1], (1, 2))
        count = len(self.inputs)
        if len(self.targets) != count:
            raise ValueError(
                f"data: {count} rows of inputs but {len(self.targets)} targets; give one target "
                "for each row"
            )
        self.size = count if size is None else checks.count(size, "batch size")
        if self.size > count:
            raise ValueError(f"batch size: {size} is more than the {count} samples that there are")
        self.shuffle = checks.flag(shuffle, "shuffle") and self.size < count
        self.epoch = 0
        self._generator = generators.own_generator(rng)

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self.inputs) // self.size)

    def __iter__(self) -> Iterator[tuple[list[list[float]], list[Any]]]:
        """The inputs and the targets of each batch of the next epoch, as lists."""
        for index in self.indices():
            yield self.inputs[index].tolist(), self.targets[index].tolist()

    def indices(self) -> Iterator[NDArray[np.intp]]:
        """The indices of the samples of each batch of the next epoch."""
        import numpy as np

        count = len(self.inputs)
        order = self._generator.permutation(count) if self.shuffle else np.arange(count)
        self.epoch += 1
        for low in range(0, count, self.size):
            yield order[low : low + self.size]

    def state_dict(self) -> dict[str, Any]:
        """How many epochs were begun, and the generator of their orders."""
        return {"epoch": self.epoch, "generator": generators.state_of(self._generator)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on with the epoch after those of the state.

        Raises:
            ValueError: If it is no state of batches.
        """
        state = checks.state(state, "Batches", {"epoch", "generator"})
        epoch = checks.state_count(state["epoch"], "Batches", "epochs")
        self._generator = generators.restored(state["generator"], "Batches")
        self.epoch = epoch

    def __repr__(self) -> str:
        return f"Batches({len(self.inputs)} samples, {len(self)} batches of {self.size})"


def _numbers(name: str, given: Any, dimensions: tuple[int, ...]) -> NDArray[Any]:
    """An array of finite numbers: of floats, or of integers if all are."""
    import numpy as np

    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError(f"{name}: the rows have different widths") from None
    if array.size == 0:
        raise ValueError(f"{name}: there is no sample; expected {EXPECTED}")
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name}: expected numbers, got an array of {array.dtype}")
    if array.ndim not in dimensions:
        remedy = (
            "; write [[x] for x in inputs] for samples of one number" if array.ndim == 1 else ""
        )
        raise ValueError(
            f"{name}: expected an array of {' or '.join(map(str, dimensions))} dimensions, one "
            f"row for each sample, got shape {array.shape}{remedy}"
        )
    if np.ma.is_masked(given):
        raise ValueError(
            f"{name}: an entry is masked; leave its sample out, or put a number there by filled()"
        )
    if array.dtype.kind == "f" or name == "inputs":
        with np.errstate(over="ignore"):  # of a longer type, to an infinity
            array = array.astype(float)
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise ValueError(
            f"{name}: sample {place[0]} has {array[place]} in it; leave the sample out, or put a "
            "number there"
        )
    return array if array.dtype.kind == "f" else array.astype(np.int64)


def _described(given: Any) -> str:
    kind = type(given).__name__
    return f"a {kind} of length {len(given)}" if hasattr(given, "__len__") else f"a {kind}"
