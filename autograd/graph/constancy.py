"""What makes a result rightly constant: a derivative that was taken, a comparison that chose.

`grad` and its kin ask before they warn that a result does not depend on the input.
"""

from __future__ import annotations

import threading

_state = threading.local()


def note() -> None:
    """Notes that what this thread computes may be constant, and rightly."""
    _state.count = count() + 1


def count() -> int:
    """How often that was noted in this thread."""
    noted: int = getattr(_state, "count", 0)
    return noted
