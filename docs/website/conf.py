"""The configuration of Sphinx, which `python -m docs.website` starts."""

import re
from typing import Any

from sphinx.application import Sphinx

import autograd

project = "chainrule"
author = "the authors of chainrule"
project_copyright = "the authors of chainrule"
version = release = autograd.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "docs.website.links",
]
source_suffix = {".md": "myst-nb", ".rst": "restructuredtext", ".ipynb": "myst-nb"}
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
python_maximum_signature_line_length = 80
toc_object_entries_show_parents = "hide"

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
# No formulas in LaTeX: to render them a page would load MathJax from elsewhere.
nb_mime_priority_overrides = [("html", "text/latex", None), ("html", "text/html", None)]

html_theme = "furo"
html_title = "chainrule"
html_static_path = ["assets"]
html_css_files = ["style.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "native"


def code_as_markdown(
    app: Sphinx, what: str, name: str, found: Any, options: Any, lines: list[str]
) -> None:
    """Reads `code`s in a docstring as Markdown does; reStructuredText has two backquotes."""
    lines[:] = [re.sub(r"(?<!`)`([^`]+)`(?!`)(\w*)", r"``\1``\\ \2", line) for line in lines]


def setup(app: Sphinx) -> None:
    """Sphinx calls this."""
    app.connect("autodoc-process-docstring", code_as_markdown)
