"""What a comparison with other libraries says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

PAGE = "docs/conventions.md"


@dataclass(frozen=True)
class Disagreement:
    """One number that a library has otherwise.

    Attributes:
        library: The library.
        what: "value", "gradient" or "second derivative".
        by: The inputs that it is by.
        ours: This engine's number.
        theirs: The library's.
        node: The first node at which the two differ, as it is written; "" if none is found.
        operation: Its operation.
        row: The row of docs/conventions.md that is about it, its anchor there; "" if none is.
        because: What the two have at that node.
    """

    library: str
    what: str
    by: tuple[str, ...]
    ours: float
    theirs: float
    node: str = ""
    operation: str = ""
    row: str = ""
    because: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """The lines that say where the two begin to differ."""
        lines = [f"first at {self.node}: {self.because}"] if self.node else []
        return (*lines, *([f"see {PAGE}#{self.row}"] if self.row else []))

    def __str__(self) -> str:
        by = f" by {', '.join(self.by)}" if self.by else ""
        return f"the {self.what}{by} is {self.ours!r} here, {self.theirs!r} there"


@dataclass(frozen=True, repr=False)
class Comparison:
    """What `compare` found.

    Attributes:
        name: The function.
        compared: The libraries that were compared, with their versions.
        left_out: For each library that was not compared the reason.
        disagreements: What differs by more than rounding.
    """

    name: str
    compared: dict[str, str]
    left_out: dict[str, str]
    disagreements: tuple[Disagreement, ...]

    @property
    def agrees(self) -> bool:
        """Whether something was compared, and nothing differs."""
        return bool(self.compared) and not self.disagreements

    def __str__(self) -> str:
        lines = []
        for library, version in self.compared.items():
            found = [d for d in self.disagreements if d.library == library]
            says = "differs" if found else "value, gradient and second derivatives agree"
            lines.append(f"{self.name} and {library} {version}: {says}")
            for place, group in groupby(found, key=lambda d: d.place):
                lines += [f"  {d}" for d in group]
                lines += [f"    {line}" for line in place]
        lines += [f"{library} {reason}" for library, reason in self.left_out.items()]
        return "\n".join(lines)

    __repr__ = __str__
