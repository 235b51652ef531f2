"""The examples that train networks reach the accuracy that they ask for, where scikit-learn is."""

import importlib
import re
from xml.etree import ElementTree

import pytest

from examples import report

pytest.importorskip("sklearn")

LEAST = {"moons": 0.98, "iris": 0.93, "digits": 0.93}


def run(name, folder, monkeypatch, capsys):
    monkeypatch.setattr(report, "OUT", folder)
    module = importlib.import_module(f"examples.{name}")
    result = module.main()
    return result, capsys.readouterr().out


@pytest.mark.parametrize("name", LEAST)
def test_held_out_accuracy(name, tmp_path, monkeypatch, capsys) -> None:
    result, printed = run(name, tmp_path, monkeypatch, capsys)
    assert result == 0
    right, of, accuracy = re.search(r"held out: (\d+) of (\d+) right, (0\.\d+)", printed).groups()
    assert int(right) / int(of) == pytest.approx(float(accuracy), abs=1e-4)
    assert float(accuracy) >= LEAST[name]
    assert ElementTree.parse(tmp_path / f"{name}.svg").getroot().tag.endswith("svg")


def test_a_network_that_is_not_good_enough_is_a_failure(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(importlib.import_module("examples.iris"), "ASKED", 1.01)
    result, printed = run("iris", tmp_path, monkeypatch, capsys)
    assert result == 1
    assert "asked 1.01  missed" in printed
