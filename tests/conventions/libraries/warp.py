"""Warp on the CPU: a kernel of float64 for each formula on a `wp.Tape`; no second derivatives."""

from pathlib import Path

import warp as wp
from measure import Missing, loaded

kernels = loaded(Path(__file__).parent / "kernels.py")

wp.config.quiet = True
wp.init()

NAMES = {
    "maximum": "wp.max",
    "minimum": "wp.min",
    "clip": "wp.clamp",
    "where": "wp.where",
}


def version():
    return wp.__version__


def answer(formula, at, order):
    if order == 2:
        raise Missing("second derivatives")
    if any(isinstance(x, list) for x in at.values()):
        raise Missing("functions of arrays")
    for name in kernels.called(formula):
        if not hasattr(wp, NAMES.get(name, f"wp.{name}").removeprefix("wp.")):
            raise Missing(name)
    arguments = "".join(f"{name}: wp.array(dtype=wp.float64), " for name in at)
    loads = "".join(f"    {name}_0 = {name}[0]\n" for name in at)
    body = kernels.written(formula, "wp", NAMES, "wp.float64({})")
    for name in at:
        body = _renamed(body, name)
    source = (
        "import warp as wp\n\n\n@wp.kernel(module='unique')\n"
        f"def kernel({arguments}out: wp.array(dtype=wp.float64)):\n{loads}    out[0] = {body}\n"
    )
    kernel = kernels.module(source).kernel
    inputs = [
        wp.array([x], dtype=wp.float64, requires_grad=True, device="cpu") for x in at.values()
    ]
    out = wp.zeros(1, dtype=wp.float64, requires_grad=True, device="cpu")
    with wp.Tape() as tape:
        wp.launch(kernel, dim=1, inputs=inputs, outputs=[out], device="cpu")
    if order == 0:
        return out.numpy()
    tape.backward(loss=out)
    return [x.grad.numpy() for x in inputs]


def _renamed(body, name):
    import re

    return re.sub(rf"(?<![\w.]){name}(?![\w(])", f"{name}_0", body)


BEHAVIOURS = {}
