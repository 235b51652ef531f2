"""The derivative table: what an operation is, and all that there are.

`row.py` says what a row is, `rules.py` has the rows; `formulas.py`, `powers.py` and `factors.py`
have what rows share, `textbook.py` what they show. Nothing else in the project knows what an
operation is.
"""

import autograd.table.rules  # noqa: F401 - fills the table
from autograd.table.row import BOUND, REAL, TABLE, Interval, Operation, find, row

__all__ = ["BOUND", "REAL", "TABLE", "Interval", "Operation", "find", "row"]
