"""NumPy's uniform random numbers in plain Python, for where there is no NumPy: in a browser.

`default_rng(seed)` there and `Generator(seed)` here give the same numbers, so a network begins with
the same weights.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

BITS32, BITS64, BITS128 = 2**32 - 1, 2**64 - 1, 2**128 - 1
POOL = 4  # words of 32 bits
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


def _hashing(constant: int, multiplier: int) -> Callable[[int], int]:
    """A hash of words whose constant moves on with each; M. E. O'Neill's `randutils`."""

    def hashed(word: int) -> int:
        nonlocal constant
        word ^= constant
        constant = constant * multiplier & BITS32
        word = word * constant & BITS32
        return word ^ word >> 16

    return hashed


def _mixed(x: int, y: int) -> int:
    z = (x * 0xCA01F9DD - y * 0x4973F715) & BITS32
    return z ^ z >> 16


def _pool(seed: int) -> list[int]:
    """The words of a seed, spread over a pool, as NumPy's `SeedSequence` does."""
    words = [seed >> 32 * i & BITS32 for i in range(max(POOL, (seed.bit_length() + 31) // 32))]
    hashed = _hashing(0x43B0D7E5, 0x931E8875)
    pool = [hashed(word) for word in words[:POOL]]
    for source in range(POOL):
        for target in range(POOL):
            if source != target:
                pool[target] = _mixed(pool[target], hashed(pool[source]))
    for word in words[POOL:]:
        pool = [_mixed(entry, hashed(word)) for entry in pool]
    return pool


def _numbers(seed: int) -> Iterator[int]:
    """Integers of 64 bits, by the generator PCG-XSL-RR-128/64."""
    pool, hashed = _pool(seed), _hashing(0x8B51F9DD, 0x58F38DED)
    half = [hashed(pool[i % POOL]) for i in range(8)]
    a, b, c, d = (low | high << 32 for low, high in zip(half[::2], half[1::2], strict=True))
    increment = (c << 65 | d << 1 | 1) & BITS128
    state = ((increment + (a << 64 | b)) * MULTIPLIER + increment) & BITS128
    for _ in count():
        state = (state * MULTIPLIER + increment) & BITS128
        word, turn = state >> 64 ^ state & BITS64, state >> 122
        yield (word >> turn | word << (64 - turn)) & BITS64


class Generator:
    """A generator of uniform numbers.

    Args:
        seed: An integer from 0; None for another sequence each time.

    Raises:
        TypeError: If the seed is no integer.
        ValueError: If it is negative.

    Example:
        >>> Generator(0).uniform(-1.0, 1.0, (1, 2))
        [[0.2739233746429086, -0.4604265724722594]]

    Source: M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
    Algorithms for Random Number Generation", 2014; NumPy's default generator.
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is None:
            seed = secrets.randbits(128)
        if not isinstance(seed, int):
            raise TypeError(f"expected an integer, got {seed!r}")
        if seed < 0:
            raise ValueError(f"expected an integer from 0, got {seed!r}")
        self._numbers = _numbers(int(seed))

    def uniform(self, low: float, high: float, size: tuple[int, int]) -> list[list[float]]:
        """A matrix of numbers from `low` to below `high`."""
        rows, columns = size
        return [[low + (high - low) * self._next() for _ in range(columns)] for _ in range(rows)]

    def _next(self) -> float:
        return (next(self._numbers) >> 11) * 2.0**-53

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"rng.{name}: without NumPy only uniform numbers are drawn, as by init="
            '"uniform", "glorot_uniform" and "he_uniform"'
        )


def default_rng(seed: Generator | int | None = None) -> Generator:
    """The generator of a seed, by the name that NumPy has for it; a generator as it is."""
    return seed if isinstance(seed, Generator) else Generator(seed)
