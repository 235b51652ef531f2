"""States as files: exact, whole or not at all, and nothing in them is executed."""

import errno
import json
import math
import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn


def trained(seed=0):
    model = nn.MLP(2, [3, 1], rng=seed, dropout=0.5)
    optimiser = nn.Adam(model.parameters(), 0.1)
    batches = nn.Batches(([[1.0, 2.0], [2.0, 1.0], [0.0, 1.0]], [1, -1, 1]), 2, rng=seed)
    history = nn.fit(model, batches, nn.hinge, optimiser, epochs=2, compiled=False)
    return {"model": model, "optimiser": optimiser, "batches": batches, "history": history}


def states(parts):
    return json.dumps({name: part.state_dict() for name, part in parts.items()})


def test_what_is_loaded_is_what_was_saved(tmp_path) -> None:
    parts, others = trained(0), trained(1)
    assert states(parts) != states(others)
    nn.save(tmp_path / "run.json", **parts)
    nn.load(tmp_path / "run.json", **others)
    assert states(parts) == states(others)


def test_a_part_may_be_loaded_alone(tmp_path) -> None:
    parts = trained()
    nn.save(str(tmp_path / "run.json"), **parts)
    model = nn.MLP(2, [3, 1], dropout=0.5)
    nn.load(str(tmp_path / "run.json"), model=model)
    assert model.weights() == parts["model"].weights()


@given(st.lists(st.floats(), min_size=2, max_size=2))
def test_floats_are_exact(tmp_path_factory, numbers) -> None:
    path = tmp_path_factory.mktemp("floats") / "model.json"
    model, twin = (nn.MLP.from_weights([[[1.0, 1.0]]]) for _ in range(2))
    for parameter, number in zip(model.parameters(), numbers, strict=True):
        parameter.data = number
    nn.save(path, model=model)
    nn.load(path, model=twin)
    for parameter, number in zip(twin.parameters(), numbers, strict=True):
        assert parameter.data == number or (math.isnan(parameter.data) and math.isnan(number))
        assert math.copysign(1, parameter.data) == math.copysign(1, number) or math.isnan(number)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "run.json"
    nn.save(path, **trained(0))
    return path


def changed(document, *keys, value):
    """The text of a file with one entry changed, and the checksum put right."""
    target = document
    for key in keys[:-1]:
        target = target[key]
    target[keys[-1]] = value
    document["sha256"] = nn.saving._digest(nn.saving._text(document["parts"]))
    return json.dumps(document)


DAMAGED = {
    "cut short": (lambda text: text[:-40], "is not a saved state: it is not JSON as nn.save"),
    "empty": (lambda text: "", "is not a saved state: it is not JSON as nn.save writes"),
    "binary": (lambda text: "\x00\x01", "is not a saved state: it is not JSON as nn.save writes"),
    "deep": (lambda text: "[" * 100_000, "is not a saved state: it is not JSON as nn.save writ"),
    "foreign": (lambda text: '{"weights": [1.0]}', "is not a saved state: it does not say that"),
    "a list": (lambda text: "[1, 2]", "is not a saved state: it does not say that it is one"),
    "newer": (
        lambda text: text.replace('"version": 1', '"version": 2'),
        "has version 2, and this chainrule reads 1",
    ),
    "true": (
        lambda text: text.replace('"version": 1', '"version": true'),
        "has version True, and this chainrule reads 1",
    ),
    "a digit": (
        lambda text: re.sub(r'("lr": 0\.)1', r"\g<1>2", text, count=1),
        "is damaged: its content is not what was saved",
    ),
    "a key twice": (
        lambda text: text.replace('"version": 1', '"version": 1, "version": 1'),
        "is damaged: the key 'version' occurs twice",
    ),
    "a parameter twice": (
        lambda text: re.sub(r'("layers.1.neurons.0.bias": )', r"\g<1>0.0, \g<1>", text, count=1),
        "is damaged: the key 'layers.1.neurons.0.bias' occurs twice",
    ),
    "no parts": (
        lambda text: json.dumps(json.loads(text) | {"parts": 3}),
        "is damaged: its content is not what was saved",
    ),
    "text for a number": (
        lambda text: changed(
            json.loads(text), "parts", "model", "layers.1.neurons.0.bias", value="__import__('os')"
        ),
        "does not fit: MLP: layers.1.neurons.0.bias is no number in the state, but",
    ),
    "a bad buffer": (
        lambda text: changed(
            json.loads(text), "parts", "optimiser", "buffers", "mean", value=[1.0]
        ),
        "does not fit: Adam: the state is of 1 parameters, and there are 13",
    ),
    "a bad generator": (
        lambda text: changed(
            json.loads(text), "parts", "batches", "generator", "state", value={"state": -1}
        ),
        "does not fit: Batches: the state of its PCG64 generator is damaged",
    ),
    "a generator whose state is no integer": (
        lambda text: changed(
            json.loads(text), "parts", "batches", "generator", "state", "inc", value=0.5
        ),
        "does not fit: Batches: the state of its PCG64 generator is damaged",
    ),
    "a long text for a number": (
        lambda text: changed(json.loads(text), "parts", "optimiser", "lr", value="9" * 10**6),
        "does not fit: Adam: the learning rate must be a positive number, got '9999",
    ),
    "a long version": (
        lambda text: json.dumps(json.loads(text) | {"version": "9" * 10**6}),
        "has version '9999",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_and_nothing_is_changed(name, saved) -> None:
    damage, message = DAMAGED[name]
    text = damage(saved.read_text(encoding="utf-8"))
    assert text != saved.read_text(encoding="utf-8")
    saved.write_text(text, encoding="utf-8")
    parts = trained(1)
    before = states(parts)
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        nn.load(saved, **parts)
    assert str(caught.value).startswith(str(saved))
    assert len(str(caught.value)) < 1000
    assert states(parts) == before


def test_every_flipped_bit_is_noticed(saved) -> None:
    """A hundred bits over the whole file; the parts are as they were or as they were saved."""
    content = saved.read_bytes()
    parts = trained(1)
    before, right = states(parts), states(trained(0))
    for place in range(0, len(content), max(1, len(content) // 100)):
        flipped = bytearray(content)
        flipped[place] ^= 1
        saved.write_bytes(flipped)
        try:
            nn.load(saved, **parts)
        except ValueError:
            assert states(parts) == before
        else:  # a space, say, between two entries
            assert states(parts) == right
            parts = trained(1)


@pytest.mark.parametrize(
    "other",
    [
        nn.MLP(2, [4, 1], dropout=0.5),
        nn.MLP(2, [3, 1], activation="tanh", dropout=0.5),
        nn.MLP(2, [3, 1]),
        nn.MLP(2, [3, 1], dropout=0.4),
    ],
    ids=str,
)
def test_another_architecture_is_refused_and_nothing_is_changed(other, saved) -> None:
    parts = trained(1) | {"model": other}
    before = states(parts)
    with pytest.raises(ValueError, match="does not fit"):
        nn.load(saved, **parts)
    with pytest.raises(ValueError, match="does not fit"):
        nn.load(saved, **dict(reversed(parts.items())))
    assert states(parts) == before


# --- Writing that fails ---------------------------------------------------------------------------


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_save_that_fails_leaves_the_old_file_and_no_other(saved, monkeypatch) -> None:
    def fail(*ignored):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = files(saved.parent)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=re.escape(f"No space left on device: {str(saved)!r}")):
        nn.save(saved, **trained(1))
    assert files(saved.parent) == before


MODEL = nn.MLP.from_weights([[[1.0]]])


class WithExtraState(nn.Module):
    """Its state is nothing that JSON has."""

    def get_extra_state(self):
        return {1, 2}


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda path: nn.save(path),
            TypeError,
            'save: there is nothing to save; write nn.save("run.json", model=model)',
        ),
        (
            lambda path: nn.load(path),
            TypeError,
            'load: there is nothing to load; write nn.load("run.json", model=model)',
        ),
        (
            lambda path: nn.save(path, MODEL),
            TypeError,
            "save: a part needs a name, MLP(1 → 1 linear, 1 parameters) has none; write nn.save(",
        ),
        (
            lambda path: nn.save(MODEL, path),
            TypeError,
            "save: expected a path first, got MLP(1 → 1 linear, 1 parameters); write nn.save(",
        ),
        (
            lambda path: nn.load(path, MODEL),
            TypeError,
            "load: a part needs a name, MLP(1 → 1 linear, 1 parameters) has none; write nn.load(",
        ),
        (lambda path: nn.load(MODEL, path), TypeError, "load: expected a path first, got MLP(1"),
        (lambda path: nn.load(3, model=MODEL), TypeError, "load: expected a path first, got 3; wr"),
        (
            lambda path: nn.save(path, model=nn.MLP),
            TypeError,
            "save: model has no state_dict, got <class 'nn.mlp.MLP'>",
        ),
        (
            lambda path: nn.save(path, model=WithExtraState()),
            TypeError,
            "save: a state may hold numbers, text, lists and dictionaries by text: Object of type "
            "set is not JSON serializable",
        ),
        (lambda path: nn.save(path, model=3), TypeError, "save: model has no state_dict, got 3"),
        (
            lambda path: nn.load(path, network=trained()["model"]),
            ValueError,
            "has no part 'network'; it has model, optimiser, batches, history",
        ),
        (
            lambda path: nn.save(path.parent, model=trained()["model"]),
            ValueError,
            "is not a file; give the path of one",
        ),
        (
            lambda path: nn.save("/dev/full", model=trained()["model"]),
            ValueError,
            "save: '/dev/full' is not a file; give the path of one",
        ),
        (
            lambda path: nn.save(path.parent / "none" / "x", model=trained()["model"]),
            FileNotFoundError,
            "No such file or directory",
        ),
        (
            lambda path: nn.load(path.parent / "none", model=trained()["model"]),
            FileNotFoundError,
            "No such file or directory",
        ),
    ],
)
def test_bad_input(call, kind, message, saved) -> None:
    before = files(saved.parent)
    with pytest.raises(kind, match=re.escape(message)):
        call(saved)
    assert files(saved.parent) == before
