"""`Module`: the base of everything that has parameters."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Self

from autograd import Value

EXTRA = "_extra_state"


class Module:
    """The base of neurons, layers and networks.

    The parameters of a module are the parameter leaves among its attributes, and in the modules,
    lists, tuples, dictionaries and NumPy object arrays among them, in the order in which they were
    set.

    Its biases are the parameters in an attribute `bias` or `biases`, also where that is a list, and
    those under such a key of a dictionary. A module inside decides about its own parameters. A
    subclass whose biases have other names lists these in `bias_names`.

    Attributes:
        training: Whether the module is in training mode, which `train` and `eval` set.
        bias_names: The names of the attributes that hold biases, a tuple. `l1_penalty` and
            `l2_penalty` leave biases out.

    Example:
        >>> from autograd import Value
        >>> from nn import Module
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.offset = Value.parameter(2.0), Value.parameter(1.0)
        ...     def __call__(self, x):
        ...         return self.slope * x + self.offset
        >>> [name for name, parameter in Line().named_parameters()]
        ['slope', 'offset']
        >>> Line().state_dict()
        {'slope': 2.0, 'offset': 1.0}
    """

    training = True
    bias_names: tuple[str, ...] = ("bias", "biases")
    _stand_ins: frozenset[int] = frozenset()  # ids of what stands for parameters in a recording

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        names: Any = cls.bias_names
        if not isinstance(names, tuple) or not all(isinstance(name, str) for name in names):
            raise TypeError(
                f"{cls.__name__}: bias_names must be a tuple of names of attributes, got "
                f'{names!r}; write ("bias",)'
            )

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their names, such as "layers.1.neurons.0.weights.2".

        Returns:
            A pair for each parameter; a shared one once, under its first name.
        """
        return [(name, found) for name, found in self._found("") if isinstance(found, Value)]

    def parameters(self) -> list[Value]:
        """The parameters, each once.

        Returns:
            The leaves that training changes, a new list; optimisers take it.
        """
        return [found for _, found in self._found(None) if isinstance(found, Value)]

    def named_modules(self) -> list[tuple[str, Module]]:
        """The modules: this one under the name "", and those inside it, each once.

        Returns:
            A pair of name and module for each, such as "layers.0" and a `Layer`.
        """
        return [(name, found) for name, found in self._found("") if isinstance(found, Module)]

    def _found(self, name: str | None, biases: bool = True) -> Iterable[tuple[Any, Value | Module]]:
        """All parameters and modules in this module.

        Args:
            name: What their names begin with; None for no names, which take time to make.
            biases: Whether biases are among them.
        """
        search = _Search(self._stand_ins, biases)
        search.visit(self, name)
        return search.found.values()

    def zero_grad(self) -> None:
        """Sets the gradient of every parameter to zero."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> Self:
        """Puts this module and those inside it into training mode, the mode of a new one.

        Args:
            mode: False for evaluation mode.

        Returns:
            This module.
        """
        for _, found in self._found(None):
            if isinstance(found, Module):
                found.training = mode
        return self

    def eval(self) -> Self:
        """Puts this module and those inside it into evaluation mode: `Dropout` changes nothing."""
        return self.train(False)

    # --- State ------------------------------------------------------------------------------------

    def get_extra_state(self) -> Any:
        """The state of a module beside its parameters, for subclasses to override as in PyTorch.

        `fit` takes it before a step, and gives it back if the step is not made: what a step draws
        at random counts when it is done. So a later change of the module must not change it.

        Returns:
            Numbers, text, lists or dictionaries with text as keys, which `nn.save` can write; None
            if there is nothing to keep.
        """
        return None

    def set_extra_state(self, state: Any) -> None:
        """Takes a state that `get_extra_state` returned; subclasses override both together.

        Args:
            state: The state.

        Raises:
            ValueError: If it is not such a state; nothing is changed then.
        """

    def state_dict(self) -> dict[str, Any]:
        """The numbers of the parameters by name, and the extra states of modules.

        Returns:
            A new dictionary; `nn.save` writes it to a file.

        Raises:
            ValueError: If two parameters have the same name, as keys of dictionaries with dots in
                them can cause.
        """
        parameters = self.named_parameters()
        state: dict[str, Any] = {name: found.data for name, found in parameters}
        if len(state) < len(parameters):
            raise ValueError(
                f"{type(self).__name__}: two parameters have the same name in the state; see "
                "named_parameters(), and give keys of dictionaries without dots"
            )
        for name, module in self.named_modules():
            extra = module.get_extra_state()
            if extra is not None:
                state[f"{name}.{EXTRA}" if name else EXTRA] = extra
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Sets the parameters to the numbers of a state.

        Either all of them are set or, if something does not fit, none.

        Args:
            state: The dictionary that `state_dict` of a module with the same architecture returned.

        Raises:
            TypeError: If the state is not a dictionary.
            ValueError: If it has other names than this module, or something else than numbers.
        """
        name = type(self).__name__
        if not isinstance(state, dict):
            raise TypeError(f"{name}: expected a state as state_dict() gives it, got {state!r:.60}")
        before = self.state_dict()
        _check_names(name, before.keys(), state.keys())
        parameters = self.named_parameters()
        numbers = [state[key] for key, _ in parameters]
        for (key, _), number in zip(parameters, numbers, strict=True):
            if not isinstance(number, int | float) or isinstance(number, bool):
                raise ValueError(f"{name}: {key} is no number in the state, but {number!r:.60}")
            if not -sys.float_info.max <= number <= sys.float_info.max and isinstance(number, int):
                raise ValueError(f"{name}: {key} in the state is beyond the largest float, 1.8e308")
        try:
            self._set_extra_states(state)
        except BaseException:
            self._set_extra_states(before)
            raise
        for (_, parameter), number in zip(parameters, numbers, strict=True):
            parameter.data = number

    def _set_extra_states(self, state: dict[str, Any]) -> None:
        for name, module in self.named_modules():
            key = f"{name}.{EXTRA}" if name else EXTRA
            if key in state:
                module.set_extra_state(state[key])


def _check_names(name: str, own: Any, given: Any) -> None:
    """Raises unless the names of a state are those of the module."""
    missing = [key for key in own if key not in given]
    unknown = [key for key in given if key not in own]
    if missing or unknown:
        reasons = [
            f"{text} {', '.join(map(str, keys[:3]))}{', …' if len(keys) > 3 else ''}"
            for text, keys in (("it has no", missing), ("the model has no", unknown))
            if keys
        ]
        raise ValueError(
            f"{name}: the state is of another architecture: {'; '.join(reasons)}; build the model "
            "as it was when the state was taken"
        )


@contextlib.contextmanager
def modes_kept(module: Module) -> Iterator[None]:
    """Gives a module and those inside it their modes, training or evaluation, back at the end."""
    modes = [(inner, inner.training) for _, inner in module.named_modules()]
    try:
        yield
    finally:
        for inner, mode in modes:
            inner.training = mode


def weights_of(module: Module) -> list[Value]:
    """The parameters that are not only biases, each once."""
    return [found for _, found in module._found(None, biases=False) if isinstance(found, Value)]


class _Search:
    """A walk through a module that notes parameters and modules.

    Args:
        stand_ins: The ids of the Values that stand for parameters.
        biases: Whether parameters are noted where they are biases.

    Attributes:
        found: What was found, with its first name, by its id.
    """

    def __init__(self, stand_ins: frozenset[int], biases: bool) -> None:
        self.found: dict[int, tuple[Any, Value | Module]] = {}
        self._stand_ins, self._biases = stand_ins, biases
        self._above: set[int] = set()  # the ids of the containers around what is visited

    def visit(
        self,
        container: Any,
        name: str | None,
        bias_names: tuple[str, ...] = (),
        in_bias: bool = False,
    ) -> None:
        """Notes what is in a container, and the container if it is a module.

        Args:
            container: An attribute of a module, or an entry of one; it may hold nothing.
            name: Its name; None if no names are asked for.
            bias_names: The names of biases in the module around it; none if they are noted.
            in_bias: Whether the container is in something of such a name.
        """
        if id(container) in self._above:
            return
        if isinstance(container, Module):
            self.found.setdefault(id(container), (name, container))
            bias_names, in_bias = () if self._biases else container.bias_names, False
        self._above.add(id(container))
        for key, entry in _entries(container):
            inner = name if name is None else f"{name}.{key}" if name else str(key)
            is_bias = in_bias or (bias_names and isinstance(key, str) and key in bias_names)
            if not isinstance(entry, Value):
                self.visit(entry, inner, bias_names, bool(is_bias))
            elif is_bias:
                continue
            elif entry.op == "parameter" or id(entry) in self._stand_ins:
                self.found.setdefault(id(entry), (inner, entry))
        self._above.remove(id(container))


def _entries(found: Any) -> Iterable[tuple[Any, Any]]:
    """The entries of a container by key; there are none in what is not a container."""
    if isinstance(found, (list, tuple)):
        return enumerate(found)
    if isinstance(found, Module):
        return vars(found).items()
    if isinstance(found, dict):
        return found.items()
    if hasattr(found, "dtype") and _is_object_array(found):
        return ((".".join(map(str, index)), found[index]) for index in _indices(found.shape))
    return ()


def _is_object_array(found: Any) -> bool:
    """Whether something is a NumPy array of Python objects, without importing NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(found, numpy.ndarray) and found.dtype == object


def _indices(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return itertools.product(*map(range, shape))
