"""find without words: picking with fzf, on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

#: An fzf that writes down what goes in and picks the lines that hold a word.
FZF = """#!/bin/sh
printf '%s\\n' "$@" > "$FZF_ARGS"
tee "$FZF_SAW" | grep -- "$FZF_PICKS"
status=$?
exit ${FZF_STATUS:-$status}
"""


@pytest.fixture
def fzf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an fzf on the path, and return where it writes what it saw."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "fzf").write_text(FZF)
    (folder / "fzf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("FZF_SAW", str(tmp_path / "saw"))
    monkeypatch.setenv("FZF_ARGS", str(tmp_path / "args"))
    monkeypatch.setenv("FZF_PICKS", "Bianchi")
    return tmp_path / "saw"


def on_terminal(*words: str) -> tuple[int, str]:
    """Run the program with a terminal for its input and its errors; return its exit code and what it printed."""
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "dkcrm", *words],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=slave,
            env={**os.environ, "PYTHONUTF8": "1"},
            timeout=60,
            check=False,
        )
        os.set_blocking(master, False)
        try:
            said = os.read(master, 10_000).decode()
        except BlockingIOError:
            said = ""
    finally:
        os.close(slave)
        os.close(master)
    return done.returncode, done.stdout.decode() + (said if done.returncode else "")


@pytest.fixture
def two(crm: Any) -> None:
    crm.add("lead", "Anna Bianchi", "--email", "anna@bianchi.example")
    crm.add("person", "Luca\u200fRossi \U0001f600", "--tag", "vip")


def test_the_one_that_was_picked_is_shown(two: None, fzf: Path) -> None:
    code, out = on_terminal("find", "--json")
    assert code == 0 and '"name":"Anna Bianchi"' in out and out.startswith("{")
    assert fzf.read_text("utf-8").splitlines() == [
        "2\tperson\tLucaRossi \U0001f600\t\t\t\tvip",
        "1\tlead\tAnna Bianchi\t\tanna@bianchi.example\t\t",
    ]


def test_only_those_of_a_filter_can_be_picked(two: None, fzf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FZF_PICKS", "Rossi")
    code, out = on_terminal("find", "--filter", "tag:vip", "--json")
    assert code == 0 and '"id":2' in out
    assert len(fzf.read_text("utf-8").splitlines()) == 1


def test_nothing_picked_is_nothing_shown(two: None, fzf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FZF_PICKS", "nobody")
    assert on_terminal("find", "--json") == (0, "[]\n")
    monkeypatch.setenv("FZF_STATUS", "130")
    assert on_terminal("find", "--json")[0] == 130
    monkeypatch.setenv("FZF_STATUS", "2")
    assert on_terminal("find", "--json")[0] == 1


def test_without_fzf_or_somebody_to_ask_it_is_wrong_usage(
    two: None, crm: Any, fzf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "find" in crm.refused(2, "find")["message"]
    assert on_terminal("find", "--no-input", "--json")[0] == 2
    monkeypatch.setenv("PATH", str(fzf.parent / "nothing"))
    code, out = on_terminal("find", "--json")
    assert code == 2 and "fzf" in out
