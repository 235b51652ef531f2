"""The passes of the NumPy back end, in order: from the steps of a program to code for a block.

1. `Variation` finds which steps differ between lanes.
2. `Rewriting` puts steps in their place that arrays compute faster.
3. `Lanes` takes what is summed over the lanes, and what they share, out of the steps.
4. `Matrices` finds weighted sums of the same rows: products of matrices.
5. `Packing` takes steps that are alike together, as rows of one array.
6. `Schedule` puts the work in order and says when an array is read for the last time.
7. `BlockWriter` gives arrays their buffers and writes the calls.

Each takes the program as the passes before left it, and none calls another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.compiled.lowering import Lowered
from autograd.compiled.numpy.blocks import BlockWriter
from autograd.compiled.numpy.lanes import Lanes
from autograd.compiled.numpy.matrices import Matrices
from autograd.compiled.numpy.packs import Packing
from autograd.compiled.numpy.rewriting import Rewriting
from autograd.compiled.numpy.schedule import Schedule
from autograd.compiled.numpy.variation import Variation

MOST_ROWS = 16384  # of the buffers of packs; without packs fewer rows are alive at a time


def over_lanes(lowered: Lowered, varying: Sequence[bool], assume: bool) -> Lanes:
    """The passes that do not depend on the kind of number.

    Args:
        lowered: The program.
        varying: For each input whether it differs between lanes.
        assume: Whether comparisons may be assumed to turn out as for ordinary numbers.
    """
    variation = Variation(lowered.inputs, varying)
    variation.mark(lowered.results)
    better = Rewriting(lowered.steps, lowered.results, variation, assume)
    return Lanes(lowered, varying, variation, better)


def written(lanes: Lanes, dtype: np.dtype[Any]) -> BlockWriter:
    """The other passes, for one kind of number."""
    matrices = Matrices(lanes, sum_products=dtype == np.float64)
    packing = Packing(lanes, matrices)
    writer = BlockWriter(packing, Schedule(packing))
    if writer.rows > MOST_ROWS:
        packing = Packing(lanes, matrices, together=False)
        writer = BlockWriter(packing, Schedule(packing))
    return writer
