"""A user's own operation: one row of the derivative table, registered in one call."""

from __future__ import annotations

import keyword
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import eager, functions
from autograd.arguments import integer, number
from autograd.language.symbols import Symbol, is_condition
from autograd.operators import Operators
from autograd.table import REAL, TABLE, Interval, Operation
from autograd.table.symbolic import SymbolicRow
from autograd.value import Value

_added: dict[str, list[str]] = {}  # the methods of the operations that users have registered


def operation(
    name: str,
    value: Callable[..., Any],
    partials: Callable[..., Any],
    meaning: str = "",
    *,
    domain: Sequence[Interval | tuple[float, float]] | None = None,
    **more: Any,
) -> Callable[..., Any]:
    """Adds an operation: a row of the derivative table like the built-in ones.

    It is then a function and a method of `Value`, is drawn, pickled, compiled and differentiated
    like any other. `autograd.testing.check_operation` tells whether its row is right.

    Args:
        name: What it is called.
        value: `value(m, x)` or `value(m, x, y)`: the result, written with operators and the
            functions of the vocabulary `m`, such as `m.exp` and `m.where`; no `if`, and no `sum`,
            which since Python 3.12 adds floats in another way than `+`.
        partials: `partials(m, x, value)` or `partials(m, x, y, value)`: the local derivative, for
            two arguments a tuple of two.
        meaning: What it computes, in one line.
        domain: For each argument the interval on which it is differentiable; by default all reals.
        more: The other fields of a row, as `autograd.table.Operation` has them.

    Returns:
        The function: of numbers a number, else a recorded `Value`.

    Raises:
        TypeError: If a rule is no function, or a field is unknown.
        ValueError: If the name is taken or no name, if a field is not as a row has it, or the
            rules do not fit together. Nothing is registered then.

    Example:
        >>> from autograd import Value, extension, operation
        >>> square = operation("square", lambda m, x: x * x, lambda m, x, y: 2 * x, "x · x")
        >>> square(3.0), square(Value(3.0)).partials, Value(3.0).square().data
        (9.0, (6.0,), 9.0)
        >>> extension.remove("square")
    """
    row = _row(name, value, partials, meaning, domain, more)
    _require_names(row)
    _require_free(row)
    _require_readable(row)
    function = eager.function_of(row, Value)
    name = row.name
    TABLE[name] = row
    _added[name] = [*row.methods]
    for method in _added[name]:
        setattr(Operators, method, function)
    for module in (functions, sys.modules["autograd"]):
        setattr(module, name, function)
    return function


def remove(name: str) -> None:
    """Takes an operation that `operation` added out of the table again.

    Args:
        name: What it is called.

    Raises:
        LookupError: If no operation of that name was added.
    """
    name = _as_python_reads(name)
    if name not in _added:
        raise LookupError(f"no operation named {name!r} was added, so none can be removed")
    for method in _added.pop(name):
        delattr(Operators, method)
    del TABLE[name]
    for module in (functions, sys.modules["autograd"]):
        delattr(module, name)


def _row(
    name: Any, value: Any, partials: Any, meaning: Any, domain: Any, more: dict[str, Any]
) -> Operation:
    """The row, with its fields in the forms that the table has."""
    if not _is_name(name):
        raise ValueError(f"operation: {name!r} is no name for a function; give an identifier")
    name = _as_python_reads(name)
    for what, rule in (("value", value), ("partials", partials)):
        if not callable(rule):
            raise TypeError(f"operation {name!r}: {what} is {rule!r}; give a function of (m, x, …)")
    unknown = sorted(set(more) - set(Operation.__dataclass_fields__))
    if unknown or more.get("symbol"):
        raise TypeError(f"operation {name!r}: a row has no field {', '.join(unknown) or 'symbol'}")
    for field in ("groups", "single", "aliases"):
        more[field] = tuple(map(_as_python_reads, _listed(name, field, more.get(field, ()))))
    convert = integer if more["groups"] else number
    more["settings"] = _settings(name, more.get("settings", ()), convert)
    try:
        row = Operation(name, value, partials, meaning, **more)
        count = len(row.arguments)
    except (TypeError, ValueError) as error:
        raise ValueError(f"operation {name!r}: {error}") from error
    intervals = (REAL,) * count if domain is None else _intervals(name, domain)
    return Operation(name, value, partials, meaning, domain=intervals, **more)


def _listed(name: str, field: str, given: Any) -> tuple[Any, ...]:
    """A field that is a list, as a tuple."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(
            f"operation {name!r}: {field} is {given!r}; give a list, as in [{given!r}]"
        )
    return tuple(given)


def _settings(name: str, given: Any, convert: Callable[..., Any]) -> tuple[tuple[Any, Any], ...]:
    """The settings as pairs of a name and a default, which is one that the function would take."""
    settings = []
    for pair in _listed(name, "settings", given):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ValueError(
                f"operation {name!r}: settings has {pair!r}; give pairs of a name and a default, "
                'as in [("slope", 0.01)], with None as the default of what has to be given'
            )
        setting, default = pair
        try:
            default = None if default is None else convert(default, f"the default of {setting}")
        except (TypeError, OverflowError) as error:
            raise ValueError(f"operation {name!r}: {error}") from None
        settings.append((_as_python_reads(setting), default))
    return tuple(settings)


def _intervals(name: str, domain: Any) -> tuple[Interval, ...]:
    """The domain as intervals."""
    try:
        return tuple(i if isinstance(i, Interval) else Interval(*map(float, i)) for i in domain)
    except (TypeError, ValueError):
        raise ValueError(
            f"operation {name!r}: domain is {domain!r}; give an interval for each argument, "
            "as in [(0, inf)]"
        ) from None


def _is_name(given: Any) -> bool:
    """Whether a function, an argument or a method may be called that."""
    if not isinstance(given, str) or not given.isidentifier():
        return False
    return not keyword.iskeyword(given) and given != "__debug__"  # which nothing may be called


def _as_python_reads(name: Any) -> Any:
    """A name as it is once Python has read it in source: `ﬁt` with a ligature is `fit`."""
    return unicodedata.normalize("NFKC", name) if isinstance(name, str) else name


def _require_free(row: Operation) -> None:
    """Raises if a name of the operation is taken."""
    if row.name in TABLE or hasattr(sys.modules["autograd"], row.name):
        raise ValueError(f"operation: autograd has a {row.name!r} already; choose another name")
    for method in row.methods:
        if hasattr(Value, method):
            raise ValueError(
                f"operation {row.name!r}: Value has a {method!r} already; choose another name, "
                "or give method=False"
            )


def _require_names(row: Operation) -> None:
    """Raises unless each argument, group and setting, and each method, has a name of its own."""
    for method in (row.name, *row.aliases):
        if not _is_name(method):
            raise ValueError(
                f"operation {row.name!r}: {method!r} in aliases is no name for a method; "
                "give an identifier"
            )
        if method.startswith("__") and method.endswith("__"):
            raise ValueError(
                f"operation {row.name!r}: Python itself calls methods that are named like "
                f"{method!r}; choose another name"
            )
    if len({row.name, *row.aliases}) <= len(row.aliases):
        raise ValueError(
            f"operation {row.name!r}: aliases is {row.aliases!r}; give each other name once"
        )
    kinds = dict.fromkeys(row.arguments, "an argument")
    kinds = dict.fromkeys(row.groups, "a group") or kinds
    names = [*(row.groups or row.arguments), *(name for name, _ in row.settings)]
    seen: set[str] = set()
    for name in names:
        what = f"operation {row.name!r}: {kinds.get(name, 'a setting')} is named {name!r}"
        if not _is_name(name):
            raise ValueError(f"{what}, which is no name in Python; give an identifier")
        if name in seen:
            raise ValueError(f"{what}, and so is another; give each a name of its own")
        seen.add(name)


def _gives_condition(symbol: Symbol) -> bool:
    """Whether a result is true or false, in one of its arms at least."""
    if symbol.head == "where":
        return any(map(_gives_condition, symbol.arguments[1:]))
    return is_condition(symbol)


def _require_readable(row: Operation) -> None:
    """Raises unless both rules can be read as formulas, with a derivative for each argument."""
    name, count = row.name, len(row.arguments)
    if row.groups:
        if len(row.groups) != count:
            raise ValueError(
                f"operation {name!r}: {len(row.groups)} groups, but value takes {count}"
            )
        many = len(row.groups) - len(row.single)
        if row.single and (row.groups[-1:] != row.single or many < 2):
            raise ValueError(
                f"operation {name!r}: at most one group is single, the last of three or more"
            )
    elif not 1 <= count <= 2:
        raise ValueError(
            f"operation {name!r}: value takes {count} arguments after m, but one or two are "
            "possible; for more give groups="
        )
    if not row.groups and len(row.domain) != count:
        raise ValueError(
            f"operation {name!r}: {len(row.domain)} intervals in domain for {count} arguments"
        )
    sizes = [1 if group in row.single else max(2, row.at_least) for group in row.groups]
    settings = [0 if default is None else default for _, default in row.settings]
    try:
        formula = SymbolicRow(row, sizes, settings)
    except Exception as error:
        raise ValueError(f"operation {name!r}: its rules cannot be read: {error}") from error
    for what, symbols in (("value", [formula.value]), ("partials", formula.partials)):
        if any(map(_gives_condition, symbols)):
            raise ValueError(
                f"operation {name!r}: {what} gives a condition and no number; "
                "write m.where(condition, 1.0, 0.0)"
            )
    wanted = len(formula.arguments)
    if len(formula.partials) != wanted:
        raise ValueError(
            f"operation {name!r}: partials gives {len(formula.partials)} derivatives for {wanted} "
            "arguments; give one for each"
        )
