"""Saved and pickled programs: the same program again, and nothing from a file that is not one."""

import contextlib
import json
import os
import pickle
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.compiled import file_format
from tests.compiling import bits, every_operation, used
from tests.programs import ENGINE, Program, programs


@given(programs())
def test_what_is_read_is_what_was_written(program: Program) -> None:
    places = used(program)
    assume(places)

    def function(*inputs: Value) -> list[Value]:
        return [program.run(ENGINE, inputs)[-1], inputs[places[0]]]

    tape = autograd.compile(function, len(program.inputs), wrt=places[1:])._tape
    assert file_format.read(file_format.written(tape), "text") == tape


def test_files_and_pickles_give_the_same_results(tmp_path) -> None:
    inputs, output = every_operation()
    program = autograd.compile(output, inputs)
    program.save(tmp_path / "program.json")
    numbers = [x.data for x in inputs]
    for twin in (
        autograd.load_program(tmp_path / "program.json"),
        autograd.load_program(str(tmp_path / "program.json")),
        pickle.loads(pickle.dumps(program)),
    ):
        assert bits(twin(*numbers)[1]) == bits(program(*numbers)[1])
        assert twin.source == program.source
        assert (twin.inputs, twin.wrt) == (program.inputs, program.wrt)


def test_functions_with_comparisons_are_saved(tmp_path) -> None:
    program = autograd.compile(lambda x, y: autograd.where(x > y, x * x, y))
    program.save(tmp_path / "program.json")
    twin = autograd.load_program(tmp_path / "program.json")
    assert twin(3.0, 2.0) == (9.0, (6.0, 0.0))
    assert twin(1.0, 2.0) == (2.0, (0.0, 1.0))


def document() -> dict:
    w, x = Value(2.0, label="w"), Value(3.0, label="x")
    out = autograd.cross_entropy([w * x, w, x], 1) + autograd.leaky_relu(x, 0.2)
    return json.loads(file_format.written(autograd.compile(out, [w, x])._tape))


def changed(**fields) -> str:
    return json.dumps(document() | fields)


def entry(index: int, *row) -> str:
    entries = document()["entries"]
    entries[index] = list(row)
    return changed(entries=entries)


DAMAGED = [
    ("", "it is not the JSON that Program.save writes"),
    ("not json", "it is not the JSON that Program.save writes"),
    ("[" * 100_000, "it is not the JSON that Program.save writes"),
    (b"\x80\x04\x95", "it is not the JSON that Program.save writes"),
    ("null", "it does not say that it is one"),
    ("{}", "it does not say that it is one"),
    (changed(version=2), "it has version 2, and this chainrule reads 1"),
    (changed(version=True), "it has version True, and this chainrule reads 1"),
    (changed(version=1.0), "it has version 1.0, and this chainrule reads 1"),
    (changed(more=1), "its fields are not entries, format, inputs, outputs, single, version, wrt"),
    (changed()[:-1] + ', "single": true}', "the key 'single' occurs twice"),
    ('{"format": "chainrule program", "format": "chainrule program"}', "the key 'format' occurs"),
    (changed(outputs=[{"a": 1, "b": 1}]).replace('"b"', '"a"'), "the key 'a' occurs twice"),
    (changed(inputs="wx"), "its inputs are not a list"),
    (changed(inputs=[1, 2]), "an input's label is not text"),
    (changed(outputs=[99]), "its outputs are not places on the tape"),
    (changed(outputs=[True]), "its outputs are not places on the tape"),
    (changed(outputs=[]), "it has no output"),
    (changed(outputs=[2, 2]), "single is not right"),
    (changed(wrt=[2]), "its wrt are not places on the tape"),
    (changed(wrt=[1, 1]), "wrt has an entry twice"),
    (changed(single=1), "single is not right"),
    (entry(0, "mul", [0, 1], []), "entry 2 has not four fields"),
    (entry(0, "system", [0, 1], [], ""), "no operation named 'system' is registered; import the"),
    (entry(0, "__import__", [0, 1], [], ""), "no operation named '__import__' is registered"),
    (entry(0, "x" * 10**6, [0, 1], [], ""), "no operation named 'xxxx"),
    (entry(0, "mul", [0, 1], [], 5), "a name is not text"),
    (entry(0, "mul", [0], [], ""), "mul cannot have 1 operands"),
    (entry(0, "mul", [0, 2], [], ""), "an operand is not an earlier place"),
    (entry(0, "mul", [0, -1], [], ""), "an operand is not an earlier place"),
    (entry(0, "mul", [0, 1.5], [], ""), "a number is neither an integer nor hexadecimal"),
    (entry(0, "mul", [0, True], [], ""), "a number is neither an integer nor hexadecimal"),
    (entry(0, "mul", [0, "exit()"], [], ""), "'exit()' is not a number"),
    (entry(0, "mul", [0, "0x1p9999"], [], ""), "'0x1p9999' is not a number"),
    (entry(0, "mul", [0, 1], [1], ""), "settings of mul are missing"),
    (entry(0, "cross_entropy", [0, 1], [7], ""), "target index 7 is out of range for 2 logits"),
    (entry(0, "dot", [0], [], ""), "dot cannot have 1 operands"),
    (entry(3, "mul", ["0x1p0", "0x1p0"], [], ""), "an output depends on no input"),
]


@pytest.mark.parametrize(("text", "message"), DAMAGED, ids=[m[:30] for _, m in DAMAGED])
def test_damaged_files_are_refused(tmp_path, text, message) -> None:
    path = tmp_path / "program.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        autograd.load_program(path)
    assert str(caught.value).startswith(f"{path} is not a saved program: ")
    assert len(str(caught.value)) < 1000


@settings(max_examples=300)
@given(st.data())
def test_a_file_with_one_change_is_refused_or_a_program(data) -> None:
    text = bytearray(json.dumps(document()).encode())
    text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ValueError):
        tape = file_format.read(bytes(text), "text")
        assert file_format.read(file_format.written(tape), "text") == tape


@settings(max_examples=300)
@given(st.data())
def test_a_file_with_flipped_bits_or_cut_or_repeated_is_refused_or_a_program(data) -> None:
    text = bytearray(json.dumps(document()).encode())
    places = st.integers(0, len(text) - 1)
    for place in data.draw(st.lists(places, max_size=3)):
        text[place] ^= 1 << data.draw(st.integers(0, 7))
    start, stop = sorted(data.draw(st.tuples(places, places)))
    damage = data.draw(st.sampled_from(["none", "cut out", "cut off", "repeated"]))
    if damage == "cut out":
        del text[start:stop]
    elif damage == "cut off":
        del text[start:]
    elif damage == "repeated":
        text[start:start] = text[start:stop]
    try:
        tape = file_format.read(bytes(text), "text")
    except ValueError:
        return
    assert file_format.read(file_format.written(tape), "text") == tape
    autograd.compiled.Program(tape)(*[0.5] * len(tape.inputs))


@given(st.sampled_from(sorted(file_format.FIELDS)), st.booleans())
def test_a_key_that_occurs_twice_is_refused(key, same) -> None:
    fields = document()
    again = json.dumps({key: fields[key] if same else None})[1:]
    with pytest.raises(ValueError, match=f"program: the key '{key}' occurs twice"):
        file_format.read(f"{json.dumps(fields)[:-1]}, {again}", "text")


def test_a_missing_file_is_the_system_s_error(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        autograd.load_program(tmp_path / os.devnull.strip("/"))
