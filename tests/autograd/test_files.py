"""Files are written whole or not at all, whoever writes them."""

import errno
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, draw
from autograd.files import RepeatedKeyError, read_json, write_whole

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).parent.parent.parent
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX's permissions")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.json"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("kind", [str, Path])
def test_what_is_written_is_there_and_nothing_else(kind, old: Path) -> None:
    write_whole(kind(old), b"new\n\x00")
    write_whole(kind(old.parent / "other"), b"")
    assert contents(old.parent) == {"old.json": b"new\n\x00", "other": b""}


def test_a_relative_path_and_a_name_as_long_as_can_be(old: Path, monkeypatch) -> None:
    monkeypatch.chdir(old.parent)
    write_whole("old.json", b"new")
    write_whole("n" * 255, b"long")
    assert contents(old.parent) == {"old.json": b"new", "n" * 255: b"long"}


@POSIX
@pytest.mark.parametrize("permissions", [0o600, 0o664, 0o755])
def test_permissions_are_kept(permissions: int, old: Path) -> None:
    old.chmod(permissions)
    write_whole(old, b"new")
    assert mode(old) == permissions


@POSIX
def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "new", b"")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == 0o640


@POSIX
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link_to_what_is_written(there: bool, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target = tmp_path / "far" / "target"
    if there:
        target.write_bytes(b"old")
    link, again = tmp_path / "link", tmp_path / "again"
    link.symlink_to("far/target")
    again.symlink_to("link")
    write_whole(again, b"new")
    assert link.is_symlink()
    assert again.is_symlink()
    assert contents(tmp_path / "far") == {"target": b"new"}
    assert not target.is_symlink()


# --- What is left of writers that were killed -----------------------------------------------------

LOCKS = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX's locks")
KILLED = """
import os, sys
from autograd import files
os.fsync = lambda handle: os.kill(os.getpid(), 9)
files.write_whole(sys.argv[1], b"never")
"""
WAITING = """
import os, sys
from autograd import files
def wait(handle):
    print("writing", flush=True)
    sys.stdin.readline()
os.fsync = wait
files.write_whole(sys.argv[1], b"slow")
"""


def killed(path: Path) -> None:
    """A writer that is killed before its file is whole."""
    result = subprocess.run([sys.executable, "-B", "-c", KILLED, str(path)], cwd=ROOT)
    assert result.returncode == -9


@LOCKS
@pytest.mark.parametrize("length", [8, 255])
def test_the_next_writer_of_a_file_clears_what_killed_ones_left(length: int, tmp_path) -> None:
    path, other = tmp_path / ("n" * length), tmp_path / "other"
    path.write_bytes(b"old")
    killed(path)
    killed(path)
    assert len(contents(tmp_path)) == 2  # the second cleared what the first left
    write_whole(other, b"other")
    assert len(contents(tmp_path)) == 3  # those of one file are nothing to the writer of another
    write_whole(path, b"new")
    assert contents(tmp_path) == {path.name: b"new", "other": b"other"}


@LOCKS
def test_a_link_s_are_cleared_beside_its_target(tmp_path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "link"
    link.symlink_to("far/target")
    killed(link)
    assert len(contents(tmp_path / "far")) == 1
    write_whole(link, b"new")
    assert contents(tmp_path / "far") == {"target": b"new"}


@LOCKS
def test_what_another_process_is_writing_stays(old: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-B", "-c", WAITING, str(old)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    killed(old)
    write_whole(old, b"quick")
    assert sorted(contents(old.parent).values()) in ([b"", b"quick"], [b"quick", b"slow"])
    process.communicate("\n")
    assert process.returncode == 0
    assert contents(old.parent) == {"old.json": b"slow"}


def test_many_threads_write_one_file(old: Path) -> None:
    """None takes what another is writing for left: each write goes well."""
    written = [bytes([i]) * 1000 for i in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: write_whole(old, content), written))
    assert len(contents(old.parent)) == 1
    assert old.read_bytes() in written


@LOCKS
def test_what_others_named_alike_is_left_alone(old: Path) -> None:
    killed(old)
    (left,) = set(contents(old.parent)) - {"old.json"}
    beginning, _, _ = left.rpartition(".")
    kept = {f"{left}.bak", f"{beginning[:-1]}.tmp", f"x{left}", f"{beginning[:-1]}g.tmp"}
    for name in kept:
        (old.parent / name).touch()
    folder, pipe, link = (
        old.parent / f"{beginning[:-1]}{digit}.tmp"
        for digit in sorted(set("0123") - {beginning[-1]})[:3]
    )
    folder.mkdir()
    os.mkfifo(pipe)  # to open one waits for who writes
    link.symlink_to("old.json")
    write_whole(old, b"new")
    assert set(contents(old.parent)) == kept | {"old.json", link.name}
    assert folder.is_dir()
    assert pipe.is_fifo()


@LOCKS
def test_where_there_are_no_locks_it_is_written_and_nothing_cleared(old: Path, monkeypatch) -> None:
    def unsupported(*ignored):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    killed(old)
    monkeypatch.setattr("fcntl.flock", unsupported)
    write_whole(old, b"new")
    assert len(contents(old.parent)) == 2
    assert old.read_bytes() == b"new"


@LOCKS
def test_a_file_that_is_taken_for_left_before_it_is_locked_is_written_again(
    old: Path, monkeypatch
) -> None:
    lock, taken = fcntl.flock, []

    def late(handle: int, how: int) -> None:
        if not taken:
            (left,) = set(contents(old.parent)) - {"old.json"}
            (old.parent / left).unlink()
            taken.append(left)
        lock(handle, how)

    monkeypatch.setattr("fcntl.flock", late)
    write_whole(old, b"new")
    assert taken
    assert contents(old.parent) == {"old.json": b"new"}


@given(st.lists(st.tuples(st.text(max_size=2), st.integers()), max_size=6))
def test_json_is_read_as_it_is_or_its_repeated_key_named(pairs: list[tuple[str, int]]) -> None:
    text = "{" + ", ".join(f"{json.dumps(key)}: {value}" for key, value in pairs) + "}"
    keys = [key for key, _ in pairs]
    if len(set(keys)) == len(keys):
        assert read_json(f"[{text}]") == [dict(pairs)]
        return
    first = next(key for i, key in enumerate(keys) if key in keys[:i])
    with pytest.raises(RepeatedKeyError, match=re.escape(f"the key {first!r} occurs twice")):
        read_json(f"[{text}]")


# --- What goes wrong ------------------------------------------------------------------------------

MODEL = nn.MLP.from_weights([[[1.0, 2.0]]])
VALUE = Value(2.0, label="w") * Value(3.0, label="x")
PROGRAM = autograd.compile(VALUE, list(VALUE.parents))
WRITERS = {
    "bytes": lambda path: write_whole(path, b"new"),
    "program.json": PROGRAM.save,
    "graph.svg": draw(VALUE).save,
    "graph.png": draw(VALUE).save,
    "graph.html": draw(VALUE).save,
    "graph.dot": draw(VALUE).save,
    "model.json": lambda path: nn.save(path, model=MODEL),
}
each_writer = pytest.mark.parametrize("name", WRITERS)


@each_writer
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_other(
    name: str, where: str, error: BaseException, tmp_path: Path, monkeypatch
) -> None:
    def fail(*ignored):
        raise error

    path = tmp_path / name
    path.write_bytes(b"old")
    monkeypatch.setattr(*((os, "fsync") if where == "fsync" else (Path, "replace")), fail)
    with pytest.raises(type(error)) as caught:
        WRITERS[name](path)
    if isinstance(error, OSError):
        assert str(caught.value) == f"[Errno {errno.ENOSPC}] No space left: {str(path)!r}"
    assert contents(tmp_path) == {name: b"old"}


@each_writer
def test_a_missing_folder(name: str, tmp_path: Path) -> None:
    path = tmp_path / "missing" / name
    with pytest.raises(FileNotFoundError) as caught:
        WRITERS[name](path)
    reason = "No such file or directory; make its folder first"
    assert str(caught.value) == f"[Errno {errno.ENOENT}] {reason}: {str(path)!r}"
    assert not list(tmp_path.iterdir())


@each_writer
def test_a_folder_in_place_of_a_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match="is not a file; give the path of one") as caught:
        WRITERS[name](tmp_path / name)
    assert str(caught.value).startswith(f"save: {str(tmp_path / name)!r} ")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_in_place_of_a_folder(old: Path) -> None:
    with pytest.raises(OSError, match=re.escape(str(old / "new"))):  # which one depends on the OS
        write_whole(old / "new", b"new")
    assert contents(old.parent) == {"old.json": b"old"}


@POSIX
def test_a_link_to_itself(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("link")
    with pytest.raises(OSError, match=re.escape(f"{str(link)!r}")) as caught:
        write_whole(link, b"new")
    assert caught.value.errno == errno.ELOOP
    assert link.is_symlink()


@each_writer
@pytest.mark.parametrize("given", [3, None, b"graph.svg"])
def test_no_path(name: str, given: object) -> None:
    with pytest.raises(TypeError, match="save: expected a path"):
        WRITERS[name](given)


def as_nobody(call: str, folder: Path) -> str:
    """What a process without rights prints; it imports before it gives them up."""
    program = (
        "import os, sys\n"
        "from autograd.files import write_whole\n"
        "if os.geteuid() == 0:\n"
        "    os.setgid(65534), os.setuid(65534)\n"
        "try:\n"
        f"    {call}\n"
        "except OSError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-B", "-c", program, str(folder)], capture_output=True, text=True, cwd=ROOT
    )
    assert not result.stderr
    return result.stdout.rstrip()


@POSIX
def test_no_permission() -> None:
    """Neither a file that is read-only is written, nor one in a folder that is."""
    denied = (
        f"PermissionError [Errno {errno.EACCES}] Permission denied; the file, if there is one, and "
        "its folder must be writable: "
    )
    with tempfile.TemporaryDirectory() as name:  # of pytest's only its user may enter
        folder, path = Path(name), Path(name) / "old.json"
        path.write_bytes(b"old")
        path.chmod(0o444)
        folder.chmod(0o777)
        assert as_nobody("write_whole(sys.argv[1] + '/old.json', b'new')", folder) == (
            f"{denied}{str(path)!r}"
        )
        path.chmod(0o666)
        folder.chmod(0o555)
        for file in ("old.json", "new.json"):
            call = f"write_whole(sys.argv[1] + '/{file}', b'new')"
            assert as_nobody(call, folder) == f"{denied}{str(folder / file)!r}"
        folder.chmod(0o777)
        assert contents(folder) == {"old.json": b"old"}


@POSIX
def test_a_disk_that_is_full(old: Path) -> None:
    """A process that may write no more than 300 bytes to a file."""
    call = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)); "
        "write_whole(sys.argv[1] + '/old.json', bytes(301))"
    )
    old.parent.chmod(0o777)
    before = contents(old.parent)
    program = f"import sys\nfrom autograd.files import write_whole\n{call}"
    result = subprocess.run(
        [sys.executable, "-B", "-c", program, str(old.parent)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert result.stderr.splitlines()[-1] == (
        f"OSError: [Errno {errno.EFBIG}] {os.strerror(errno.EFBIG)}: {str(old)!r}"
    )
    assert contents(old.parent) == before
