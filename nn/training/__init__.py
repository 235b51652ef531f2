"""Training: `fit` and what it is made of.

`fitting.py` checks the arguments of `fit` and puts the other files together: the samples
(`batches.py`), the function that training makes small (`objective.py`), its value and gradient on a
batch (`stepping.py`; `stand_ins.py` prepares a model for a compiled program), the loop over steps
and epochs (`loop.py`), what these change, as a whole (`changes.py`), what is noted about them
(`history.py`) and what a callback gets (`step.py`).
"""

from nn.training.batches import Batches
from nn.training.fitting import fit
from nn.training.history import History
from nn.training.step import Step

__all__ = ["Batches", "History", "Step", "fit"]
