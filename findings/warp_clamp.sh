#!/usr/bin/env bash
# Warp: the gradient of clamp is 1 at its lower bound and 0 at its upper one, and |x| has 1 at 0.
#
# Expected: the same at both bounds, 1 or 0, and 0 for |x|.
# Found: x = -1 lets the gradient of clamp(x, -1, 1) through, and x = 1 does not.
# Why: the gradient is that of min(max(low, x), high). max and min give a tie to their second operand:
#   to x at the lower bound, to the bound itself at the upper one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check warp-lang==1.19.0 numpy==2.4.6 2>log || { cat log; exit 1; }

cat >kernels.py <<'PYTHON'
import contextlib
import io

import warp as wp

wp.config.kernel_cache_dir = "cache"


@wp.kernel
def clamped(x: wp.array(dtype=float), out: wp.array(dtype=float)):
    i = wp.tid()
    out[i] = wp.clamp(x[i], -1.0, 1.0)


@wp.kernel
def absolute(x: wp.array(dtype=float), out: wp.array(dtype=float)):
    i = wp.tid()
    out[i] = wp.abs(x[i])


def slopes(kernel, points):
    x = wp.array(points, dtype=float, requires_grad=True, device="cpu")
    out = wp.zeros_like(x, requires_grad=True)
    with wp.Tape() as tape:
        wp.launch(kernel, dim=len(points), inputs=[x], outputs=[out], device="cpu")
    ones = wp.array([1.0] * len(points), dtype=float, device="cpu")
    tape.backward(grads={out: ones})
    return x.grad.numpy().tolist()


print("warp", wp.__version__)
with contextlib.redirect_stdout(io.StringIO()):  # it says what it compiles, and where
    bounds = slopes(clamped, [-2.0, -1.0, 0.0, 1.0, 2.0])
    kink = slopes(absolute, [-1.0, 0.0, 1.0])
print("clamp(x, -1, 1) at -2, -1, 0, 1, 2:", bounds)
print("abs(x) at -1, 0, 1:", kink)
assert bounds == [0.0, 1.0, 1.0, 0.0, 0.0]
assert kink == [-1.0, 1.0, 1.0]
PYTHON
venv/bin/python kernels.py 2>/dev/null
