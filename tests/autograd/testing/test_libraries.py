"""Tensors of torch and arrays of JAX, where these are installed: points, claims, own gradients.

The gate runs this file in an environment that has both.
"""

import re
import subprocess
import sys

import numpy as np
import pytest

from autograd.testing import check_gradient, check_vjp, gradient_report, vjp_report


def test_neither_library_is_imported_unless_its_arrays_are_given() -> None:
    code = (
        "import sys, numpy as np; from autograd.testing import check_gradient;"
        "check_gradient(lambda x: (x * x).sum(), np.ones(3), claimed=[2.0, 2.0, 2.0]);"
        "assert not {'torch', 'jax'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- torch ----------------------------------------------------------------------------------------


@pytest.fixture(name="torch", scope="module")
def _torch():
    return pytest.importorskip("torch")


def cube(torch, factor=3.0):
    """x³ as a `torch.autograd.Function`, whose derivative is factor·x²."""

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, upstream):
            (x,) = ctx.saved_tensors
            return upstream * factor * x**2

    return Cube.apply


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_torch_function_is_checked_against_its_own_gradient(torch, dtype, shape) -> None:
    torch.manual_seed(0)
    x = torch.randn(shape, dtype=getattr(torch, dtype))
    report = check_gradient(cube(torch), x)
    what = "gradient" if shape == () else "vector-Jacobian product"
    assert str(report).startswith(f"torch's {what} of Cube.apply at ")
    assert len(report.partials) == x.numel()
    wrong = gradient_report(cube(torch, 2.0), x)
    assert wrong.verdict == "wrong"
    assert wrong.notes == ("what is wrong is 0.666667 times what it should be",)
    assert x.grad is None
    assert not x.requires_grad


def test_claims_and_containers_of_tensors(torch) -> None:
    point = {"w": torch.ones(2, 2) / 3, "b": torch.tensor(0.5, requires_grad=True)}
    function = lambda p: (p["w"] ** 2).sum() * p["b"]  # noqa: E731
    claim = lambda p: {"b": (p["w"] ** 2).sum(), "w": 2 * p["w"] * p["b"]}  # noqa: E731
    assert check_gradient(function, point).is_right
    assert check_gradient(function, point, claimed=claim).is_right
    assert check_gradient(function, point, claimed=claim(point)).is_right
    wrong = {"w": point["w"].T, "b": torch.zeros(())}
    assert gradient_report(function, point, claimed=wrong).verdict == "wrong"


def test_a_module_in_float32_by_its_parameters(torch) -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    x = torch.randn(5, 3)

    def loss(parameters):
        return torch.func.functional_call(model, parameters, x.to(parameters["0.bias"])).sum()

    parameters = {name: p.detach() for name, p in model.named_parameters()}
    report = check_gradient(loss, parameters)
    assert [a.shape for a in report.arrays] == [(4, 3), (4,), (1, 4), (1,)]


def test_a_torch_layer_with_a_backward_of_its_own(torch) -> None:
    x = torch.randn(4, 3, dtype=torch.float64)
    w = torch.randn(3, 2, dtype=torch.float64)
    forward = lambda x, w: torch.tanh(x @ w)  # noqa: E731

    def backward(upstream):
        assert upstream.shape == (4, 2)
        delta = upstream * (1 - torch.tanh(x @ w) ** 2)
        return delta @ w.T, x.T @ delta

    assert check_vjp(forward, x, w, backward=backward).is_right
    report = vjp_report(forward, x, w, backward=lambda g: (backward(g)[0], -backward(g)[1]))
    assert report.notes == ("what is wrong has the wrong sign",)


def test_what_is_wrong_with_tensors_is_named(torch) -> None:
    def reason(function, *point, **options):
        report = gradient_report(function, *point, **options)
        assert report.verdict == "inconclusive"
        return report.reason

    x = torch.ones(2)
    assert reason(lambda x: x.sum(), torch.ones(2, device="meta")) == (
        "the point's entry x is on the device meta, which has shapes and no numbers; give a tensor "
        "with some"
    )
    assert "entry x is of type torch.int64, by which there" in reason(lambda x: x, torch.arange(2))
    assert "entry x is complex, of type torch.complex64" in reason(lambda x: x, x * 1j)
    assert "has the layout torch.sparse_coo; give a dense" in reason(lambda x: x, x.to_sparse())
    for detached in (
        lambda x: x.detach().sum(), lambda x: (x * x).sum().item(), lambda x: torch.tensor(1.0),
    ):  # fmt: skip
        assert "<lambda>: its result does not depend on its tensors for torch, as after .det" in (
            reason(detached, x)
        )
    assert "torch has no gradient by y, which is no array of its; close over it" in reason(
        lambda x, y: x.sum() * y, x, 2.0
    )
    assert "changes its inputs" in reason(lambda x: x.mul_(2).sum(), x, claimed=x)
    assert "the claim for x has shape (3,), 3 numbers; expected shape (2,)" in reason(
        lambda x: x.sum(), x, claimed=torch.ones(3)
    )


def test_a_backward_of_another_shape_is_named(torch) -> None:
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.sum()

        @staticmethod
        def backward(ctx, upstream):
            return upstream.expand(3)

    report = gradient_report(Wrong.apply, torch.ones(2))
    assert re.search(r"raised RuntimeError: Function WrongBackward returned an inv", report.reason)


def test_numpy_arrays_and_tensors_together_take_a_claim(torch) -> None:
    function = lambda x, y: float((x * torch.from_numpy(y)).sum())  # noqa: E731
    x, y = torch.ones(2, dtype=torch.float64), np.array([2.0, 3.0])
    assert check_gradient(function, x, y, claimed=(y, x)).is_right
    assert "torch has no gradient by y" in gradient_report(function, x, y).reason


# --- JAX ------------------------------------------------------------------------------------------


@pytest.fixture(name="jax", scope="module")
def _jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_platforms", "cpu")
    return jax


def wave(jax, factor=1.0):
    """x·sin x as a `jax.custom_vjp`, one term of whose derivative has a factor."""
    numpy = jax.numpy

    @jax.custom_vjp
    def wave(x):
        return x * numpy.sin(x)

    wave.defvjp(
        lambda x: (x * numpy.sin(x), x),
        lambda x, upstream: (upstream * (numpy.sin(x) + factor * x * numpy.cos(x)),),
    )
    return wave


@pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
def test_a_custom_vjp_is_checked_against_its_own_gradient(jax, shape) -> None:
    x = jax.random.normal(jax.random.key(0), shape)
    assert x.dtype == "float32"
    report = check_gradient(wave(jax), x)
    what = "gradient" if shape == () else "vector-Jacobian product"
    assert str(report).startswith(f"JAX's {what} of wave at ")
    assert gradient_report(wave(jax, -1.0), x).verdict == "wrong"
    assert not jax.config.jax_enable_x64  # which the check needs, and leaves as it was


def test_claims_and_containers_of_jax_arrays(jax) -> None:
    numpy = jax.numpy
    point = {"w": numpy.ones((2, 2)) / 3, "b": numpy.float32(0.5)}
    function = lambda p: (numpy.asarray(p["w"]) ** 2).sum() * p["b"]  # noqa: E731
    claim = lambda p: {"b": (p["w"] ** 2).sum(), "w": 2 * p["w"] * p["b"]}  # noqa: E731
    assert check_gradient(function, point).is_right
    assert check_gradient(function, point, claimed=claim).is_right
    assert gradient_report(function, point, claimed=jax.grad(function)(point)).verdict != "wrong"
    wrong = lambda p: {"b": p["b"], "w": 2 * p["w"]}  # noqa: E731
    assert gradient_report(function, point, claimed=wrong).verdict == "wrong"


def test_what_is_wrong_with_jax_arrays_is_named(jax) -> None:
    report = gradient_report(lambda x: x.sum(), jax.numpy.arange(3))
    assert "entry x is of type int32, by which there is no derivative" in report.reason
    found = []

    def traced(x):
        found.append(gradient_report(lambda y: y * y, x).reason)
        return x

    jax.jit(traced)(1.0)
    assert "is being traced and has no numbers yet; call the check outside of jit" in found[0]
