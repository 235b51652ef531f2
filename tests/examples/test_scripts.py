"""Every example runs to its end and leaves its pictures."""

import importlib
from xml.etree import ElementTree

import pytest

from examples import report

PICTURES = {
    "mazur": ["mazur.svg", "mazur_loss.svg", "mazur_variants.svg"],
    "two_two_two": ["two_two_two.svg", "two_two_two_loss.svg"],
    "two_two_one": ["two_two_one_a.svg", "two_two_one_b.svg", "two_two_one_loss.svg"],
    "three_two_one": ["three_two_one.svg", "three_two_one_loss.svg"],
    "activations": ["activations.svg"],
}


@pytest.mark.parametrize("name", PICTURES)
def test_runs(name, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(report, "OUT", tmp_path / "out")
    assert importlib.import_module(f"examples.{name}").main() == 0
    printed = capsys.readouterr()
    assert "differs" not in printed.out
    assert printed.err == ""
    for picture in PICTURES[name]:
        assert ElementTree.parse(tmp_path / "out" / picture).getroot().tag.endswith("svg")
