"""What nn imports: public names of autograd, and of its own rooms in one direction only."""

import ast
from pathlib import Path

import autograd
import nn

ROOT = Path(nn.__file__).parent
# Who may import a room, besides the room itself and `nn/__init__.py`.
USERS = {"nn.recording": set(), "nn.training": {"recording"}, "nn.optim": {"training"}}


def imported(file: Path) -> list[tuple[str, str]]:
    """The modules and names that a file imports anywhere, with `from` or without."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found += [(str(node.module), alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
    return found


FILES = {path.relative_to(ROOT): imported(path) for path in sorted(ROOT.rglob("*.py"))}


def test_of_autograd_only_public_names_are_imported() -> None:
    pairs = {pair for found in FILES.values() for pair in found if pair[0].startswith("autograd")}
    assert {module for module, _ in pairs} == {"autograd", "autograd.document", "autograd.files"}
    names = {name for module, name in pairs if module == "autograd" and name}
    assert {"Value", "dot"} <= names <= set(autograd.__all__)


def test_rooms_are_imported_in_one_direction() -> None:
    for room, users in USERS.items():
        folder = room.removeprefix("nn.")
        for path, found in FILES.items():
            inside = path.parts[0] in {folder, *users} or path.name == "__init__.py"
            taken = [module for module, _ in found if module == room or f"{room}." in module]
            assert inside or not taken, (path, taken)
    assert len(FILES) > 20
