#!/usr/bin/env bash
# PyTensor: the gradient of the largest of n equal numbers adds up to n, while that of the largest of
# two by maximum(x, y) adds up to 1.
#
# Expected: that max over an axis shares like maximum, which gives all to its first operand.
# Found: max([2, 2, 2]) has the gradient [1, 1, 1]: a step along it changes the maximum by a third of
#   what the gradient's length says, and max of a vector of equal entries grows three times too fast.
# Why: the gradient of the reduction is "equal to the maximum", 1 or 0, without a count; its source says
#   that such points are a null set.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytensor==3.0.7 numpy==2.4.6 2>log || { cat log; exit 1; }

PYTENSOR_FLAGS=cxx= venv/bin/python -W ignore - <<'PYTHON'
import pytensor
import pytensor.tensor as pt

print("pytensor", pytensor.__version__)
mode = pytensor.compile.mode.Mode(linker="py", optimizer="fast_compile")
v, x, y, t = pt.dvector(), pt.dscalar(), pt.dscalar(), pt.dscalar()
reduction = pytensor.function([v], pytensor.grad(pt.max(v), v), mode=mode)([2.0, 2.0, 2.0])
pair = pytensor.function([x, y], pytensor.grad(pt.maximum(x, y), [x, y]), mode=mode)(2.0, 2.0)
raised = pytensor.grad(pt.max(t * pt.ones(3)), t)
print("max of three equal numbers:", reduction.tolist(), "maximum of two:", list(map(float, pair)))
growth = float(pytensor.function([t], raised, mode=mode)(2.0))
print("d max([t, t, t]) / dt =", growth)
assert reduction.tolist() == [1.0, 1.0, 1.0]
assert list(map(float, pair)) == [1.0, 0.0]
assert growth == 3.0
PYTHON
