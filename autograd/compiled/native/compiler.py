"""LLVM: its text in, functions of machine code out."""

from __future__ import annotations

import ctypes
import importlib
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

from autograd.compiled.native import cache as kept

OLDEST = (0, 44)  # with pointers that are not of a type
INSTALL = 'pip install "llvmlite>=0.44"'
RECENT = 64  # functions that are found again at once, as where a program is made anew
_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class UnavailableError(RuntimeError):
    """There is no LLVM, or none that works.

    Args:
        message: What is wrong, and the remedy.
        missing: Whether it is just not installed.
    """

    def __init__(self, message: str, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


class Machine:
    """LLVM for the processor of this machine.

    Attributes:
        vector: The bits of the processor's vectors, as far as they make a difference here.
    """

    def __init__(self) -> None:
        try:
            llvmlite = importlib.import_module("llvmlite")
            version = tuple(int(part) for part in llvmlite.__version__.split(".")[:2])
            if version < OLDEST:
                raise UnavailableError(f"llvmlite is too old, {llvmlite.__version__}; {INSTALL}")
            self._binding = binding = importlib.import_module("llvmlite.binding")
            binding.initialize_native_target()
            binding.initialize_native_asmprinter()
            self._cpu = binding.get_host_cpu_name()
            self._features = binding.get_host_cpu_features().flatten()
            self.vector = 512 if "+avx512f" in self._features.split(",") else 128
            self._triple = binding.get_process_triple()
        except UnavailableError:
            raise
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name == "llvmlite":
                raise UnavailableError(f"llvmlite is not installed; {INSTALL}", True) from None
            raise UnavailableError(
                f"llvmlite is broken: {type(error).__name__}: {error}; {INSTALL}"
            ) from error
        self._recent: dict[str, Code] = {}
        self._version = f"{llvmlite.__version__} {binding.llvm_version_info}"

    def compiled(self, text: str, names: tuple[str, ...]) -> Code:
        """The functions of these names, which take a pointer and return nothing."""
        code = self._recent.get(text)
        if code is None:
            code = self._made(text, names)
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[text] = code
        return code

    def _made(self, text: str, names: tuple[str, ...]) -> Code:
        """The functions, from what is kept on disk if they are there."""
        binding = self._binding
        name = kept.key(text, self._version, self._triple, self._cpu, self._features)
        code = kept.read(name)
        target = binding.Target.from_triple(self._triple)
        machine = target.create_target_machine(
            cpu=self._cpu, features=self._features, opt=2, jit=True
        )
        made: list[bytes] = []
        if code is None:
            module = binding.parse_assembly(text)
            module.verify()
            engine = binding.create_mcjit_compiler(module, machine)
            engine.set_object_cache(lambda _, written: made.append(bytes(written)))
        else:
            engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
            engine.add_object_file(binding.ObjectFileRef.from_data(code))
        engine.finalize_object()
        for written in made:
            kept.write(name, written)
        return Code(engine, names)


class Code:
    """Functions of machine code; they are there as long as this object is.

    Attributes:
        functions: The functions, by their names.
    """

    def __init__(self, engine: Any, names: tuple[str, ...]) -> None:
        self._engine = engine
        self.functions: dict[str, Callable[[int], None]] = {
            name: _FUNCTION(engine.get_function_address(name)) for name in names
        }


@cache
def machine() -> Machine:
    """LLVM for this machine.

    Raises:
        UnavailableError: If it is missing, too old or broken.
    """
    return Machine()


_told: set[str] = set()


def is_available(asked: bool) -> bool:
    """Whether there is an LLVM that works; where it is too old or broken, a warning says it, once.

    Args:
        asked: Whether it was asked for by name. Then a warning says it, too, where it is missing.
    """
    try:
        machine()
    except UnavailableError as error:
        if str(error) not in _told and (asked or not error.missing):
            _told.add(str(error))
            warnings.warn(
                f"program: no machine code can be made, and NumPy is used in its place: {error}",
                RuntimeWarning,
                stacklevel=2,
            )
        return False
    return True


def address(array: Any) -> int:
    """Where the numbers of an array begin, for functions of machine code."""
    place: int = array.__array_interface__["data"][0]
    return place
