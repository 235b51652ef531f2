#!/usr/bin/env bash
# MLX on the CPU: exp of a float64 has seven digits, and exp(100) in float64 is infinite.
#
# Expected: float64, as the array says and as its sums and products are: 2.6881171418161212e+43.
# Found: exp(1) is off in the eighth digit, and all beyond ±88 is inf or 0. sin keeps that few digits,
#   too; log has them all.
# Why: the exponential of the CPU back end converts to float32, computes a polynomial there with the
#   limits of float32, and converts back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check mlx==0.32.4 mlx-cpu==0.32.4 2>log || { cat log; exit 1; }

venv/bin/python - <<'PYTHON'
import math
from importlib.metadata import version

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", version("mlx"))


def at(function, x):
    return function(mx.array(x, dtype=mx.float64)).item()


for name in ("exp", "sin", "log", "sqrt"):
    exact = getattr(math, name)(1.7)
    print(f"{name}(1.7): off by {abs(at(getattr(mx, name), 1.7) / exact - 1):.1e} of itself")
print("exp(100) =", at(mx.exp, 100.0), "and exp(-100) =", at(mx.exp, -100.0))
assert 1e-9 < abs(at(mx.exp, 1.7) / math.exp(1.7) - 1) < 1e-6
assert abs(at(mx.log, 1.7) / math.log(1.7) - 1) < 1e-15
assert (at(mx.exp, 100.0), at(mx.exp, -100.0)) == (math.inf, 0.0)
PYTHON
