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
nb_output_stderr = "remove"  # what libraries of this machine have to say
# No formulas in LaTeX: to render them a page would load MathJax from elsewhere.
nb_mime_priority_overrides = [("html", "text/latex", None), ("html", "text/markdown", None)]

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
    """Reads docstrings as they are written: `code` in single quotes, |x| as it stands."""
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)(\w*)", r"``\1``\\ \2", "\n".join(lines))
    parts = re.split(r"(``.+?``)", text, flags=re.DOTALL)
    parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
    lines[:] = "".join(parts).split("\n")


def setup(app: Sphinx) -> None:
    """Sphinx calls this."""
    # Before napoleon, which looks for colons outside of code.
    app.connect("autodoc-process-docstring", code_as_markdown, priority=400)
