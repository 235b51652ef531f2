"""The page on training: its code runs and prints what it shows."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to-train-a-network.md"


def test_the_pages_code_runs_and_prints_what_it_shows(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```(python|text)\n(.*?)```", text, flags=re.S)
    assert len(blocks) == 6
    printed: list[str] = []
    namespace: dict[str, object] = {"print": lambda *given: printed.append(str(*given))}
    for kind, block in blocks:
        if kind == "python":
            exec(compile(block, str(PAGE), "exec"), namespace)
        else:
            assert printed == block.splitlines()
            printed.clear()
    assert (tmp_path / "run.json").exists()
