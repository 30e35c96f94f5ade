"""No text is ever more than text: every bad value through every command, on a terminal and in a pipe, in every form.

A sample runs with the other tests. All of it, which takes half an hour: DKCRM_TORTURE=all pytest tests/torture
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import BAD, COCKTAIL, SAMPLE, UNSAFE, WORDS, names, options, planted, slots, try_out

ALL = os.environ.get("DKCRM_TORTURE") == "all"
FORMS = ((False, False), (True, False), (False, True))
#: What no text of a record can be, whatever the door lets through: there is less in the book then.
NOT_STORED = ("no text", "lone surrogate", "very long")
PLANTED = [*BAD, "cocktail"] if ALL else ["cocktail"]


def put_back(here: Path) -> None:
    """Go on with the book as it was first made, in a directory of its own: this process may hold the other one open."""
    before = Path(os.environ["DKCRM_DB"]).parent
    place = here / "runs" / str(int(before.name) + 1 if before.parent.name == "runs" else 1)
    if before != here:
        shutil.rmtree(before)
    place.mkdir(parents=True)
    shutil.copy(here / "first.db", place / "test.db")
    os.environ["DKCRM_DB"] = str(place / "test.db")


def keep_first(here: Path) -> None:
    """Keep the book as it is."""
    connection = sqlite3.connect(here / "test.db")
    copy = sqlite3.connect(here / "first.db")
    connection.backup(copy)
    copy.close()
    connection.close()
    (here / "first.db").chmod(0o600)
    put_back(here)


def test_every_command_has_its_words() -> None:
    assert sorted(WORDS) == sorted(names())


@pytest.mark.parametrize("kind", PLANTED)
def test_what_stands_in_records_is_only_ever_text(here: Path, kind: str) -> None:
    planted(COCKTAIL if kind == "cocktail" else BAD[kind])
    keep_first(here)
    done: dict[str, list[int]] = {}
    failed: list[str] = []
    for name in names():
        base = [*name.split(), *WORDS[name]]
        for extra in ["", *options(name, flags=True)] if ALL and kind == "cocktail" else [""]:
            for terminal, as_json in FORMS if ALL or len(name) % 3 == 0 else FORMS[1:2]:
                put_back(here)
                words = [*base, extra] if extra else base
                done.setdefault(name, []).append(attempt(words, terminal, as_json, failed))
    assert not failed, "\n".join(failed)
    # Most of it must have worked: a refusal shows little.
    idle = [name for name, codes in done.items() if 0 not in codes]
    assert len(idle) < (0.25 if kind in NOT_STORED else 0.1) * len(done), idle


@pytest.mark.parametrize("name", names() if ALL else ["ALL"])
def test_what_is_typed_is_only_ever_text(here: Path, name: str) -> None:
    planted("plain")
    keep_first(here)
    failed: list[str] = []
    for nth, one in enumerate(names() if name == "ALL" else [name]):
        for turn, kind in enumerate(BAD if ALL else [SAMPLE[nth % len(SAMPLE)]], start=nth):
            tried = list(slots(one, BAD[kind]))
            for place, words in enumerate(tried if ALL else tried[nth % 3 :: 3], start=turn):
                # Each form has its turn with each place and each text.
                if attempt(words, *FORMS[place % len(FORMS)], failed) == 0:
                    put_back(here)
    assert not failed, "\n".join(failed)


def attempt(words: list[str], terminal: bool, as_json: bool, failed: list[str]) -> int:
    """Run a command; keep what was wrong with what it said. Return its status."""
    if words[0] == "find" and terminal:
        words = [*words, "--no-input"]  # there is nobody to pick
    try:
        return try_out(words, terminal=terminal, as_json=as_json, input="n\n\n1\n").code
    except AssertionError as error:
        failed.append(str(error)[:600])
    except Exception as error:
        failed.append(f"{[word[:200] for word in words]}: {error!r}"[:600])
    return 0


@pytest.mark.parametrize("columns", ["80", "200"])
def test_a_real_terminal_is_shown_text_in_colours_of_ours_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    planted(COCKTAIL)
    monkeypatch.delenv("NO_COLOR")
    for words in (["show", "1"], ["list", "--all"], ["timeline", "1"]) if ALL else (["show", "1", "2"],):
        code, shown = on_terminal(words, COLUMNS=columns, TERM="xterm-256color", PYTHONUTF8="1")
        assert code == 0 and ("purchase" if words[0] == "timeline" else "Anna") in shown
        assert "\x1b[35;46;7m" not in shown
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.replace("\r\n", "\n"))
        assert UNSAFE.search(plain) is None, plain
        assert "[/b][red]:smiley:" in plain.replace("\n", "").replace(" ", "")


def on_terminal(words: list[str], **environment: str) -> tuple[int, str]:
    """Run the program with all that it says on a terminal; return its status and what was shown."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "dkcrm", *words], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
        env={**os.environ, **environment},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    return child.wait(), shown.decode("utf-8", "replace")
