"""NumPy's random generators, and their states as plain numbers that files can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

KINDS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def own_generator(rng: np.random.Generator | int | None) -> np.random.Generator:
    """A new generator: that of a seed, or a child of the generator that is given.

    Making a child draws nothing from its parent, whose numbers stay as they would have been.

    Raises:
        TypeError: If a seed or a generator was expected and something else is given.
        ValueError: If the seed is negative.
    """
    generator = generator_from(rng)
    return generator.spawn(1)[0] if generator is rng else generator


def generator_from(rng: np.random.Generator | int | None) -> np.random.Generator:
    """The generator of a seed; a generator that is given is returned as it is.

    Without NumPy, as in a browser, it is one of the same uniform numbers.

    Raises:
        TypeError: If a seed or a generator was expected and something else is given.
        ValueError: If the seed is negative.
    """
    try:
        from numpy import random
    except ImportError:
        from nn import pcg64 as random  # type: ignore[no-redef]
    try:
        generator: np.random.Generator = random.default_rng(rng)
        return generator
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"rng: expected a seed, which is an integer from 0, or a NumPy generator, got {rng!r}"
        ) from None


def state_of(generator: np.random.Generator) -> dict[str, Any]:
    """The state of a generator as dictionaries, lists and integers."""
    plain: dict[str, Any] = _plain(generator.bit_generator.state)
    return plain


def restored(state: Any, name: str) -> np.random.Generator:
    """A generator in a given state.

    Args:
        state: What `state_of` returned.
        name: What the generator belongs to, for messages.

    Raises:
        ValueError: If it is not the state of a generator.
    """
    import numpy as np

    kind = state.get("bit_generator") if isinstance(state, dict) else None
    if kind not in KINDS:
        raise ValueError(f"{name}: expected the state of a random generator, got {state!r:.60}")
    generator = np.random.Generator(getattr(np.random, kind)())
    try:
        generator.bit_generator.state = _arrays(state)
        fits = state_of(generator) == state  # NumPy cuts what is no integer
    except (KeyError, TypeError, ValueError, OverflowError, IndexError):
        fits = False
    if not fits:
        raise ValueError(f"{name}: the state of its {kind} generator is damaged")
    return generator


def _plain(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {key: _plain(value) for key, value in entry.items()}
    return entry.tolist() if hasattr(entry, "tolist") else entry


def _arrays(entry: Any) -> Any:
    """A state with NumPy's arrays in the place of its lists, as NumPy expects it."""
    import numpy as np

    if isinstance(entry, dict):
        return {key: _arrays(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return np.array(entry, np.uint32 if len(entry) == 624 else np.uint64)
    return entry
