"""Mini-batches: parts of the samples, in a new order at every epoch."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nn import checks, generators

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXPECTED = "a pair (inputs, targets), with a row of numbers and a target for each sample"


class Batches:
    """Samples in batches; each iteration over them is one epoch.

    Args:
        data: A pair (inputs, targets). The inputs are a row of numbers for each sample. The targets
            are for each sample a number, a row of numbers, or an integer, the index of its class.
        size: The number of samples in a batch; the last batch of an epoch may have fewer. None for
            all samples in one batch.
        rng: What draws the order: a seed, or a NumPy generator, of which a child is used; None for
            another order at every run.
        shuffle: Whether the order changes from epoch to epoch. A batch of all samples keeps the
            order of the data.

    Attributes:
        inputs: The inputs, an array of shape (samples, width).
        targets: The targets, an array of shape (samples,) or (samples, outputs).
        epoch: The number of epochs that were begun.

    Raises:
        TypeError: If `data` is not a pair, its entries are not numbers, or another argument is of
            a wrong kind.
        ValueError: If there is no sample, there are not as many targets as inputs, rows have
            different widths, a number is nan, infinite or masked, or a batch would be larger than
            the data.

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
                f"data: expected {EXPECTED}, got {_kind_and_length(data)}; a list of pairs becomes "
                "one by tuple(zip(*pairs))"
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
        self._twin = copy.deepcopy(self._generator)  # draws orders that do not count yet
        self._seen = 0  # the samples of the epoch under way that `fit` has made steps of

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return -(-len(self.inputs) // self.size)

    def __iter__(self) -> Iterator[tuple[list[list[float]], list[Any]]]:
        """The batches of the next epoch, as lists.

        Yields:
            A pair: a list with a row of inputs for each sample, and a list of their targets.
        """
        for index in self.indices():
            yield self.inputs[index].tolist(), self.targets[index].tolist()

    def indices(self) -> Iterator[NDArray[np.intp]]:
        """The batches of the next epoch, as indices into `inputs` and `targets`.

        Yields:
            The indices of a batch, an array of integers of shape (batch,).
        """
        if self._seen:  # the epoch that `fit` has begun is given up, its order with it
            self._order(self._generator)
            self._seen = 0
        order = self._order(self._generator)
        self.epoch += 1
        for low in range(0, len(order), self.size):
            yield order[low : low + self.size]

    def _order(self, generator: np.random.Generator) -> NDArray[np.intp]:
        import numpy as np

        count = len(self.inputs)
        return generator.permutation(count) if self.shuffle else np.arange(count)

    # --- What `fit` does with them: it counts what it has made steps of ---------------------------

    @property
    def under_way(self) -> bool:
        """Whether `fit` has made a step of an epoch that it has not ended."""
        return self._seen > 0

    @property
    def current(self) -> int:
        """The number of the epoch under way, or else of the next, from 0 on."""
        return self.epoch - self.under_way

    def rest(self) -> Iterator[tuple[NDArray[np.intp], tuple[int, int]]]:
        """The batches that are left of the epoch under way, or else those of the next epoch.

        Yields:
            The indices of a batch, and what to call `take` with when its step is made.
        """
        if self.shuffle:
            self._twin.bit_generator.state = self._generator.bit_generator.state
        order = self._order(self._twin)
        epoch, count = self.current + 1, len(order)
        for low in range(self._seen, count, self.size):
            high = min(low + self.size, count)
            yield order[low:high], (epoch, high)

    def take(self, epoch: int, seen: int) -> None:
        """Counts a step of a batch that `rest` gave; to count it again changes nothing more."""
        self.epoch, self._seen = epoch, seen

    def end_epoch(self) -> None:
        """Ends the epoch under way; to end it again changes nothing more."""
        if self.shuffle:
            self._generator.bit_generator.state = self._twin.bit_generator.state
        self._seen = 0

    def skip(self, epochs: int, batches: int) -> None:
        """Goes on, from the beginning, as after so many epochs and batches of the next one."""
        if self.shuffle:
            for _ in range(epochs):
                self._order(self._generator)
        self.take(epochs + (batches > 0), min(batches * self.size, len(self.inputs)))

    def state_dict(self) -> dict[str, Any]:
        """The number of epochs that were begun, and the state of the generator of their orders.

        In the middle of an epoch of `fit` the generator is as before that epoch, and "seen" is the
        number of its samples that steps were made of.

        Returns:
            A new dictionary, for `load_state_dict`; `nn.save` writes it to a file.
        """
        generator = generators.state_of(self._generator)
        return {"epoch": self.epoch, "generator": generator, "seen": self._seen}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on where a state was taken.

        Args:
            state: What `state_dict` returned.

        Raises:
            ValueError: If it is not a state of batches; nothing is changed then.
        """
        state = checks.state(state, "Batches", {"epoch", "generator", "seen"})
        epoch = checks.state_count(state["epoch"], "Batches", "epochs")
        seen = checks.state_count(state["seen"], "Batches", "samples")
        if seen > len(self.inputs) or (seen and not epoch):
            raise ValueError(
                f"Batches: the state is after {seen} samples of epoch {epoch}, of which there are "
                f"{len(self.inputs)} here; give the data of which it was taken"
            )
        self._generator = generators.restored(state["generator"], "Batches")
        self._twin = copy.deepcopy(self._generator)
        self.epoch, self._seen = epoch, seen

    def __repr__(self) -> str:
        return f"Batches({len(self.inputs)} samples, {len(self)} batches of {self.size})"


def _numbers(name: str, given: Any, dimensions: tuple[int, ...]) -> NDArray[Any]:
    """The given numbers as an array of floats, or of integers where all targets are integers.

    Args:
        name: "inputs" or "targets".
        given: The numbers.
        dimensions: How many dimensions the array may have.

    Raises:
        TypeError: If these are not numbers.
        ValueError: If there are none, they have another shape, or one is not finite.
    """
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
        with np.errstate(over="ignore"):  # a number of a longer type may become infinite
            array = array.astype(float)
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise ValueError(
            f"{name}: sample {place[0]} has {array[place]} in it; leave the sample out, or put a "
            "number there"
        )
    return array if array.dtype.kind == "f" else array.astype(np.int64)


def _kind_and_length(given: Any) -> str:
    kind = type(given).__name__
    return f"a {kind} of length {len(given)}" if hasattr(given, "__len__") else f"a {kind}"
