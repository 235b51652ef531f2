"""The state of NumPy's random generators as plain numbers, so that files can hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

KINDS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def own_generator(rng: np.random.Generator | int | None) -> np.random.Generator:
    """A generator of its own: from a seed, or a child of the generator that is given.

    A child draws nothing from its parent, so that the parent's numbers stay as they are.

    Raises:
        TypeError: As `generator_from`.
        ValueError: As `generator_from`.
    """
    generator = generator_from(rng)
    return generator.spawn(1)[0] if generator is rng else generator


def generator_from(rng: np.random.Generator | int | None) -> np.random.Generator:
    """The generator of a seed; a generator is one already.

    Raises:
        TypeError: If it is neither.
        ValueError: If it is a negative seed.
    """
    import numpy as np

    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"rng: expected a seed, which is an integer from 0, or a NumPy generator, got {rng!r}"
        ) from None


def state_of(generator: np.random.Generator) -> dict[str, Any]:
    """The state as dictionaries, lists and integers."""
    plain: dict[str, Any] = _plain(generator.bit_generator.state)
    return plain


def restored(state: Any, name: str) -> np.random.Generator:
    """A generator with that state.

    Raises:
        ValueError: If it is no state of a generator.
    """
    import numpy as np

    kind = state.get("bit_generator") if isinstance(state, dict) else None
    if kind not in KINDS:
        raise ValueError(f"{name}: expected the state of a random generator, got {state!r:.60}")
    bits = getattr(np.random, kind)()
    try:
        bits.state = _arrays(state)
    except (KeyError, TypeError, ValueError, OverflowError, IndexError):
        raise ValueError(f"{name}: the state of its {kind} generator is damaged") from None
    return np.random.Generator(bits)


def _plain(entry: Any) -> Any:
    if isinstance(entry, dict):
        return {key: _plain(value) for key, value in entry.items()}
    return entry.tolist() if hasattr(entry, "tolist") else entry


def _arrays(entry: Any) -> Any:
    """The lists of a state as the arrays that NumPy wants."""
    import numpy as np

    if isinstance(entry, dict):
        return {key: _arrays(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return np.array(entry, np.uint32 if len(entry) == 624 else np.uint64)
    return entry
