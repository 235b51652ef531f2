"""Formulas as the source of kernels, for libraries that compile functions from their text."""

import ast
import importlib.util
import tempfile
from pathlib import Path


class _Names(ast.NodeTransformer):
    """Functions get the prefix of the library, and numbers its type."""

    def __init__(self, prefix, names, typed):
        self._prefix, self._names, self._typed = prefix, names, typed

    def visit_Call(self, node):
        self.generic_visit(node)
        name = self._names.get(node.func.id, f"{self._prefix}.{node.func.id}")
        node.func = ast.parse(name, mode="eval").body
        return node

    def visit_Constant(self, node):
        return ast.parse(self._typed.format(node.value), mode="eval").body


def written(formula, prefix, names, typed="{}"):
    """The formula with the library's names."""
    tree = _Names(prefix, names, typed).visit(ast.parse(formula, mode="eval"))
    return ast.unparse(ast.fix_missing_locations(tree))


def called(formula):
    """The names of the functions in a formula."""
    nodes = ast.walk(ast.parse(formula))
    return {node.func.id for node in nodes if isinstance(node, ast.Call)}


def module(source):
    """The source as a module in a file, as these libraries read it."""
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as file:
        file.write(source)
    specification = importlib.util.spec_from_file_location(Path(file.name).stem, file.name)
    made = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(made)
    return made
