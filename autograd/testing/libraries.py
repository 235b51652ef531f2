"""The arrays that a point may have: NumPy's, torch's and JAX's, as vectors of floats and back.

No library is imported unless an array of it was given: then it is in `sys.modules` already.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd import Value
from autograd.arguments import as_number


class Unusable(Exception):  # noqa: N818 - never seen by a user
    """The function, or what was claimed of it, cannot be checked; the message says why."""


class Library(ABC):
    """A library of arrays.

    Attributes:
        name: What messages call it.
        has_gradients: Whether it differentiates functions of its arrays.
        has_context: Whether these have to be called in the context `running`.
    """

    name: str
    has_gradients = False
    has_context = False

    @abstractmethod
    def owns(self, kind: type) -> bool:
        """Whether what is of this type is an array of this library."""

    @abstractmethod
    def refusal(self, given: Any) -> str:
        """Why a derivative by this array makes no sense, with the remedy; "" if it does."""

    @abstractmethod
    def unit(self, given: Any) -> float:
        """The unit roundoff of its entries, half of the machine epsilon."""

    @abstractmethod
    def number(self, given: Any) -> float | None:
        """Its only entry, if it has one and that is a real number; else None."""

    @abstractmethod
    def vector(self, given: Any) -> Any:
        """Its entries as a new vector of float64, from whatever device."""

    @abstractmethod
    def built(self, vector: Any, given: Any, wide: bool) -> Any:
        """An array like `given`, on its device, with these entries; in float64 if it is wide."""

    def running(self, wide: bool) -> contextlib.AbstractContextManager[None]:
        """The context in which arrays are built and functions of them are called."""
        return contextlib.nullcontext()

    def gradient(
        self, function: Callable[[list[Any]], list[Any]], leaves: Sequence[Any], weights: Any
    ) -> list[Any]:
        """The gradient that the library finds of the weighted sum of the results.

        Args:
            function: From the arrays to all arrays of its result.
            leaves: The arrays.
            weights: A vector for each array of the result.
        """
        raise NotImplementedError(f"{self.name} has no gradients")


class NumPy(Library):
    """NumPy's arrays, and its scalars of other types than float64, which is Python's float."""

    name = "NumPy"

    def owns(self, kind: type) -> bool:
        numpy = sys.modules.get("numpy")
        if numpy is None:
            return False
        is_scalar = issubclass(kind, numpy.inexact) and not issubclass(kind, float)
        return is_scalar or issubclass(kind, numpy.ndarray)

    def refusal(self, given: Any) -> str:
        return _by_kind(given.dtype.kind, given.dtype)

    def unit(self, given: Any) -> float:
        numpy = sys.modules["numpy"]
        is_exact = given.dtype.kind not in "fc"
        return 2.0**-53 if is_exact else float(numpy.finfo(given.dtype).eps) / 2

    def number(self, given: Any) -> float | None:
        is_one = given.size == 1 and given.dtype.kind == "f"
        return float(given.item()) if is_one else None

    def vector(self, given: Any) -> Any:
        numpy = sys.modules["numpy"]
        if given.dtype.kind != "O":
            return numpy.array(given, dtype=float).reshape(-1)
        entries = [e.data if isinstance(e, Value) else as_number(e) for e in given.reshape(-1)]
        if None in entries:
            raise Unusable("has entries that are no numbers")
        return numpy.array(entries, dtype=float)

    def built(self, vector: Any, given: Any, wide: bool) -> Any:
        narrow = given.dtype.kind != "O" and not (wide and given.dtype.itemsize < 8)
        entries = vector.astype(given.dtype) if narrow else vector
        is_scalar = not isinstance(given, sys.modules["numpy"].ndarray)
        return entries[0] if is_scalar else entries.reshape(given.shape)


class Torch(Library):
    """PyTorch's tensors."""

    name = "torch"
    has_gradients = True

    def owns(self, kind: type) -> bool:
        torch = sys.modules.get("torch")
        return torch is not None and issubclass(kind, torch.Tensor)

    def refusal(self, given: Any) -> str:
        if given.device.type == "meta":
            return "is on the device meta, which has shapes and no numbers; give a tensor with some"
        if given.layout != sys.modules["torch"].strided:
            return f"has the layout {given.layout}; give a dense tensor, as .to_dense() makes it"
        kind = "c" if given.is_complex() else "f" if given.is_floating_point() else "i"
        return _by_kind(kind, given.dtype)

    def unit(self, given: Any) -> float:
        is_exact = not (given.is_floating_point() or given.is_complex())
        return 2.0**-53 if is_exact else float(sys.modules["torch"].finfo(given.dtype).eps) / 2

    def number(self, given: Any) -> float | None:
        is_one = given.numel() == 1 and given.is_floating_point()
        return float(given.item()) if is_one else None

    def vector(self, given: Any) -> Any:
        import numpy as np

        torch = sys.modules["torch"]
        return np.array(given.detach().to("cpu", torch.float64).numpy()).reshape(-1)

    def built(self, vector: Any, given: Any, wide: bool) -> Any:
        torch = sys.modules["torch"]
        built = torch.from_numpy(vector)
        if not (wide or given.dtype == torch.float64) or given.device.type != "cpu":
            built = built.to(given.device, torch.float64 if wide else given.dtype)
        return built if given.ndim == 1 else built.reshape(given.shape)

    def gradient(
        self, function: Callable[[list[Any]], list[Any]], leaves: Sequence[Any], weights: Any
    ) -> list[Any]:
        torch = sys.modules["torch"]
        leaves = [leaf.clone().requires_grad_() for leaf in leaves]
        total = sum(
            (result.double() * torch.from_numpy(weight).reshape(result.shape).to(result.device))
            .sum()
            .cpu()
            for result, weight in zip(function(leaves), weights, strict=True)
            if self.owns(type(result))
        )
        if not getattr(total, "requires_grad", False):
            raise Unusable(
                "its result does not depend on its tensors for torch, as after .detach(), .item() "
                "or .numpy(); claim a gradient with claimed="
            )
        found = torch.autograd.grad(total, leaves, allow_unused=True)
        return [torch.zeros_like(x) if d is None else d for x, d in zip(leaves, found, strict=True)]


class Jax(Library):
    """JAX's arrays."""

    name = "JAX"
    has_gradients = True
    has_context = True

    def owns(self, kind: type) -> bool:
        jax = sys.modules.get("jax")
        return jax is not None and issubclass(kind, jax.Array | jax.core.Tracer)

    def refusal(self, given: Any) -> str:
        jax = sys.modules["jax"]
        if isinstance(given, jax.core.Tracer):
            return "is being traced and has no numbers yet; call the check outside of jit and grad"
        if jax.numpy.issubdtype(given.dtype, jax.numpy.floating):
            return ""
        is_complex = jax.numpy.issubdtype(given.dtype, jax.numpy.complexfloating)
        return _by_kind("c" if is_complex else "i", given.dtype)

    def unit(self, given: Any) -> float:
        numpy = sys.modules["jax"].numpy
        is_exact = not numpy.issubdtype(given.dtype, numpy.inexact)
        return 2.0**-53 if is_exact else float(numpy.finfo(given.dtype).eps) / 2

    def number(self, given: Any) -> float | None:
        is_one = given.size == 1 and not self.refusal(given)
        return float(given.item()) if is_one else None

    def vector(self, given: Any) -> Any:
        import numpy as np

        return np.array(given).astype(float).reshape(-1)

    def built(self, vector: Any, given: Any, wide: bool) -> Any:
        numpy = sys.modules["jax"].numpy
        dtype = numpy.float64 if wide else given.dtype
        return numpy.asarray(vector.reshape(given.shape), dtype=dtype)

    @contextlib.contextmanager
    def running(self, wide: bool) -> Iterator[None]:
        jax = sys.modules["jax"]
        if not wide:
            yield
            return
        owner = jax if hasattr(jax, "enable_x64") else jax.experimental
        with owner.enable_x64(True):  # JAX has float64 only where it is enabled
            yield

    def gradient(
        self, function: Callable[[list[Any]], list[Any]], leaves: Sequence[Any], weights: Any
    ) -> list[Any]:
        jax = sys.modules["jax"]

        def total(*arrays: Any) -> Any:
            results = function(list(arrays))
            terms = [
                (result * weight.reshape(result.shape).astype(result.dtype)).sum()
                for result, weight in zip(results, weights, strict=True)
            ]
            return sum(terms)

        return list(jax.grad(total, argnums=tuple(range(len(leaves))))(*leaves))


NUMPY = NumPy()
LIBRARIES: tuple[Library, ...] = (NUMPY, Torch(), Jax())


def library_of(given: Any) -> Any:
    """The library whose array this is; None if it is none."""
    kind: Any = type(given)
    return _library_of(kind)


@functools.lru_cache(maxsize=64)
def _library_of(kind: type[Any]) -> Library | None:
    """The same by its type, whose library was imported before there was anything of it."""
    return next((library for library in LIBRARIES if library.owns(kind)), None)


def _by_kind(kind: str, dtype: Any) -> str:
    """Why there is no derivative by entries of this kind; "" if there is."""
    if kind == "c":
        return f"is complex, of type {dtype}; give its real and its imaginary part as two arguments"
    if kind not in "fO":
        return (
            f"is of type {dtype}, by which there is no derivative; convert it to floats, or close "
            "over it if it is no input, as in lambda x: f(x, labels)"
        )
    return ""
