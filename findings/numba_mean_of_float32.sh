#!/usr/bin/env bash
# Numba: the mean of ten million equal numbers, each 0.1 in float32, is 0.1088, and their standard
# deviation, over one million, 0.00096.
#
# Expected: NumPy's, which is 0.1 to float32 and about 1e-8.
# Found: the sum is 8.8 % too large. The result of the mean is a float64, which suggests digits that are
#   not there.
# Why: the compiled loop adds one number after the other in float32; NumPy's adds pairwise. Above
#   524288 each 0.1 is added as 0.125, the nearest multiple of the spacing of the sum.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check numba==0.68.1 numpy==2.4.6 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import numba
import numpy as np

print("numba", numba.__version__, "numpy", np.__version__)
mean, spread = numba.njit(lambda v: v.mean()), numba.njit(lambda v: v.std())
many = np.full(10_000_000, 0.1, np.float32)
print("mean:", many.mean(), "by NumPy,", mean(many), "compiled")
print("standard deviation of a million:", many[:1_000_000].std(), "and", spread(many[:1_000_000]))
assert abs(many.mean() - 0.1) < 1e-6
assert 0.108 < mean(many) < 0.11
assert spread(many[:1_000_000]) > 5e-4 > 1e-6 > many[:1_000_000].std()
PYTHON
