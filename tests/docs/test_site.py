"""The site: what is wrong in a page fails the build. The gate builds all of it."""

import pytest

from docs.website import picture
from docs.website.__main__ import build
from docs.website.blocks import PageError

INDEX = "# Index\n\n## Pages\n\n- [Page](page.md)\n"


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "index.md").write_text(INDEX)
    return folder


def test_a_site_is_built_and_shows_what_its_code_saves(docs, tmp_path) -> None:
    (docs / "page.md").write_text(
        "# Page\n\n## Part\n\nSee [there](#part) and [the audit](../examples/audit.py).\n\n"
        "```python\nfrom pathlib import Path\n\nPath('a.svg').write_text('<svg></svg>')\n"
        "Path('b.html').write_text('<p>page</p>')\nprint(1)\n```\n\n```text\n1\n```\n"
    )
    assert build(docs, tmp_path / "out") == 0
    site = tmp_path / "out" / "site"
    page = (site / "page.html").read_text()
    assert 'src="files/page/a.svg"' in page
    assert 'src="files/page/b.html"' in page
    assert (site / "files" / "page" / "b.html").read_text() == "<p>page</p>"
    assert "examples/audit.html" in page
    assert "gradient_report" in (site / "examples" / "audit.html").read_text()


def test_dead_links_and_pages_in_no_list_fail_the_build(docs, tmp_path, capfd) -> None:
    (docs / "page.md").write_text(
        "# Page\n\n[a](none.md) [b](#no-part) [c](index.md#no-heading) ![d](none.svg)\n"
    )
    (docs / "lost.md").write_text("# Lost\n")
    assert build(docs, tmp_path / "out") != 0
    said = capfd.readouterr().err
    for what in ("none.md", "no-part", "no-heading", "none.svg", "lost.md"):
        assert what in said


def test_a_wrong_output_fails_the_build(docs, tmp_path) -> None:
    (docs / "page.md").write_text("# Page\n\n```python\nprint(1)\n```\n\n```text\n2\n```\n")
    with pytest.raises(PageError, match=r"page\.md: the block at line 4 prints something else"):
        build(docs, tmp_path / "out")


def test_the_readmes_picture_is_what_its_code_draws() -> None:
    committed = picture.written_in(picture.PICTURE.read_text(encoding="utf-8"))
    assert len(committed) > 60
    remedy = "run `python -m docs.website.picture`"
    assert committed == picture.written_in(picture.drawn()), remedy
