"""The reference pages of the public modules, in reStructuredText for Sphinx's autodoc."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType

import autograd.functions
from autograd.table import TABLE

MODULES = ("autograd", "autograd.testing", "nn")


def page(name: str) -> str:
    """The page of a module.

    Args:
        name: The module.

    Returns:
        Its title and docstring, its classes with their members, its functions.
    """
    module = importlib.import_module(name)
    public = {public: getattr(module, public) for public in _public(module)}
    classes = [n for n, found in public.items() if inspect.isclass(found)]
    lines = [f"``{name}``", "=" * (len(name) + 4), "", f".. automodule:: {name}", "   :no-members:"]
    for title, names in (
        ("Classes", classes),
        ("Functions", [n for n in public if n not in classes]),
    ):
        lines += ["", title, "-" * len(title), ""]
        for public_name in names:
            found = public[public_name]
            if inspect.isclass(found):
                lines += ["", f".. autoclass:: {name}.{public_name}"]
                lines.append(f"   :members: {', '.join(_members(found))}")
            else:
                lines += ["", f".. autofunction:: {name}.{public_name}"]
    return "\n".join(lines) + "\n"


def _public(module: ModuleType) -> list[str]:
    """The names of a module that have a place in its page; operations have a page of their own.

    `__all__` leaves out what would hide a name of Python's.
    """
    own = module.__name__.partition(".")[0]
    names = [name for name in dir(module) if not name.startswith("_")]
    names = [n for n in names if getattr(getattr(module, n), "__module__", "").startswith(own)]
    names += [name for name in module.__all__ if name not in names]
    operations = {getattr(autograd.functions, name, None) for name in TABLE}
    return sorted(name for name in names if getattr(module, name) not in operations)


def _members(kind: type) -> list[str]:
    """The documented members that a class, or a base of it in these packages, defines.

    The methods that the derivative table gives to `Value` are on the page of operations.
    """
    generated = {name for row in TABLE.values() for name in (row.name, *row.aliases)}
    packages = {name.partition(".")[0] for name in MODULES}
    found: dict[str, None] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.partition(".")[0] in packages:
            members = vars(base).items()
            found |= {n: None for n, m in members if not n.startswith("_") and m.__doc__}
    return [name for name in found if name not in generated]
