"""Links from names in code to the reference: `draw(loss)` in a page leads to `autograd.draw`."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import ObjectEntry
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from autograd.table import TABLE
from docs.website.modules import MODULES

OPERATIONS = "operations"  # the page that has a section for each
NAME = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?P<call>\(.*\))?", re.DOTALL)


class CodeLinks(SphinxPostTransform):
    """Makes links of inline code that is the name of something in the reference."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        for literal in list(self.document.findall(nodes.literal)):
            match = NAME.fullmatch(literal.astext())
            if match and not _is_within(literal, (nodes.reference, nodes.title, pending_xref)):
                link = self._link(match["name"], bool(match["call"]), literal)
                if link is not None:
                    literal.replace_self(link)

    def _link(self, name: str, is_call: bool, literal: nodes.literal) -> nodes.reference | None:
        here, builder = self.env.current_document.docname, self.app.builder
        objects = self.env.domains.python_domain.objects
        for full in (name, *(f"{module}.{name}" for module in MODULES)):
            entry = objects.get(full)
            if entry and entry.objtype != "module" and (is_call or _is_clear(name, entry, here)):
                return make_refnode(builder, here, entry.docname, entry.node_id, literal.deepcopy())
        # A bare `dot` may be a program as well.
        operation = name.removeprefix("autograd.")
        if operation in TABLE and (is_call or operation != name) and here != OPERATIONS:
            return make_refnode(builder, here, OPERATIONS, operation, literal.deepcopy())
        return None


def _is_clear(name: str, entry: ObjectEntry, here: str) -> bool:
    """Whether the bare name means it: in docstrings `grad` may be an attribute or an argument."""
    return "." in name or entry.objtype in ("class", "exception") or "reference" not in here


def _is_within(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, kinds):
            return True
    return False


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.add_post_transform(CodeLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
