"""Data on standard output, everything else on standard error; formats, terminals, readers that go away."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FORMATS = ["table", "tsv", "csv", "json", "jsonl"]


@pytest.fixture
def some(crm: Any) -> Any:
    """Return the program with three entities, one of them with text that looks like markup."""
    crm.add("lead", "Anna Bianchi", "--org", "Bianchi S.r.l.", "--email", "anna@bianchi.it", "--tag", "vip")
    crm.add("person", "[/red] Rossi [it] :smiley:")
    crm.add("target", 'Łukasz, "the" Company ' + "x" * 200)
    return crm


def on_terminal(*words: object, stderr: bool = False, **environment: str) -> tuple[int, str]:
    """Run the program with standard output (or standard error) on a terminal; return its status and what it showed."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "dkcrm", *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if stderr else theirs,
        stderr=theirs if stderr else subprocess.DEVNULL,
        env={**os.environ, "PYTHONUTF8": "1", "TERM": "xterm-256color", "COLUMNS": "200", **environment},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return child.wait(), shown.decode("utf-8", "replace")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "words", [["list"], ["find", "anna"], ["show", 1], ["history"], ["blame", 1], ["config", "show"]]
)
def test_every_format_is_taken_by_every_command_that_prints_data(some: Any, words: list[str], format: str) -> None:
    done = some(*words, "--format", format)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n")
    assert "\x1b" not in done.out


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_is_a_value_and_jsonl_one_a_line(some: Any, format: str) -> None:
    out = some("list", "--format", format).out
    found = json.loads(out) if format == "json" else [json.loads(line) for line in out.splitlines()]
    assert sorted(entity["id"] for entity in found) == [1, 2, 3]


def test_csv_is_read_back_whole(some: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(some("list", "--format", "csv").out)))
    assert {row["name"] for row in rows} == {entity["name"] for entity in some.ok("list")}


def test_tab_separated_rows_in_a_pipe_are_whole(some: Any) -> None:
    lines = some("list").out.splitlines()
    assert len(lines) == 3
    assert len({line.count("\t") for line in lines}) == 1
    assert {line.split("\t")[0] for line in lines} == {"1", "2", "3"}
    assert "x" * 200 in "".join(lines)


@pytest.mark.parametrize("format", ["table", "tsv", "csv", "json", "jsonl", None])
def test_markup_in_a_record_is_text(some: Any, format: str | None) -> None:
    out = some("list", *(["--format", format] if format else [])).out
    assert "[/red] Rossi [it] :smiley:" in out


@pytest.mark.parametrize(
    "words", [["list"], ["find", "nobody"], ["list", "tag:none", "name:zz"], ["field", "list"], ["history"]]
)
def test_an_empty_list_is_done(crm: Any, words: list[str]) -> None:
    done = crm(*words, "--json")
    assert (done.code, done.out.strip(), done.err) == (0, "[]", "")
    for format in ("tsv", "csv", "jsonl", "table"):
        assert crm(*words, "--format", format).code == 0
    assert crm(*words, "--format", "jsonl").out == ""
    assert crm(*words).out == ""


def test_an_error_is_one_object_on_standard_error(some: Any) -> None:
    done = some("show", "99", "--json")
    assert (done.code, done.out) == (3, "")
    assert list(json.loads(done.err)) == ["error", "message", "hint", "candidates"]


def test_an_error_for_people_is_no_json(some: Any) -> None:
    done = some("show", "99")
    assert (done.code, done.out) == (3, "")
    assert "99" in done.err and "{" not in done.err


USAGE = [
    ["nosuch"], ["list", "--nosuch"], ["add"], ["show"], ["tag", "1"], ["add", "lead", "a", "b"], ["list",
    "--limit", "x"],
    ["list", "--limit", "-1"], ["config", "nosuch"], ["--nosuch"], ["add", "--email"],
    ["find"], ["undo", "x"], ["show", "1", "--as-of", "2026-02-30"],
]  # fmt: skip


@pytest.mark.parametrize("words", USAGE)
@pytest.mark.parametrize("before", [True, False])
def test_wrong_usage_is_exit_2_and_with_json_one_object(some: Any, words: list[str], before: bool) -> None:
    done = some(*(["--json", *words] if before else [*words, "--json"]))
    assert (done.code, done.out) == (2, "")
    assert list(json.loads(done.err)) == ["error", "message", "hint", "candidates"]


@pytest.mark.parametrize(
    "words", [["list", "--format", "xml"], ["--format", "xml", "list"], ["add", "person", "A", "--format", "x"]]
)
def test_a_format_that_there_is_not_is_wrong_usage_and_nothing_is_written(some: Any, words: list[str]) -> None:
    before = some.ok("list")
    done = some(*words)
    assert (done.code, done.out) == (2, "")
    assert "jsonl" in done.err
    assert some.ok("list") == before


@pytest.mark.parametrize(
    "words", [["--format", "json", "nosuch"], ["--format=json", "nosuch"], ["show", "99", "--format=json"]]
)
def test_format_json_is_json_for_errors_too(some: Any, words: list[str]) -> None:
    assert json.loads(some(*words).err)["message"]


def test_a_mistyped_command_is_told_the_nearest(some: Any) -> None:
    assert "list" in some.refused(2, "lsit")["hint"]


@pytest.mark.parametrize("option", [["--json"], ["--format", "csv"], ["--quiet"], ["-q"], ["--no-input"], ["--yes"]])
def test_global_options_stand_before_or_after_the_command(some: Any, option: list[str]) -> None:
    first, last = some(*option, "list"), some("list", *option)
    assert first == last
    assert first.code == 0


def test_the_database_may_be_named_before_or_after(some: Any, tmp_path: Path) -> None:
    some.ok("--db", tmp_path / "other.db", "add", "person", "Zoe")
    assert [e["name"] for e in some.ok("list", "--db", tmp_path / "other.db")] == ["Zoe"]
    assert len(some.ok("list")) == 3


def test_quiet_leaves_data_and_errors(some: Any) -> None:
    done = some("add", "person", "Zoe", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert "Zoe" in done.out
    assert some("show", "99", "--quiet").err


@pytest.mark.parametrize(
    "words", [["--version"], ["--version", "--json"], ["--json", "--version"], ["list", "--version"]]
)
def test_the_version(program: Any, words: list[str]) -> None:
    done = program(*words)
    if words[0] == "--version":
        assert (done.code, done.err) == (0, "")
    if done.code == 0:
        assert re.match(r"dkcrm \d+\.\d+", done.out)


def test_help_examples_that_pipe_into_the_program_work(some: Any, tmp_path: Path) -> None:
    (tmp_path / "dkcrm").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m dkcrm "$@"\n')
    (tmp_path / "dkcrm").chmod(0o755)
    examples = re.findall(
        r"^ *(dkcrm list .*\| dkcrm (?:show|tag|set|rm) -.*)$", some("show", "--help").out, re.MULTILINE
    )
    assert examples
    for example in examples:
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", example], capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
        )
        assert (done.returncode, done.stderr) == (0, ""), example


@pytest.mark.parametrize("words", [["list"], ["show", 2], ["show", 1], ["find", "rossi"]])
def test_a_terminal_gets_a_table_with_every_character(some: Any, words: list[str]) -> None:
    code, shown = on_terminal(*words)
    assert code == 0
    assert ("[/red] Rossi [it] :smiley:" if 1 not in words else "Anna Bianchi") in re.sub(r"\x1b\[[0-9;]*m", "", shown)


@pytest.mark.parametrize("words", [["list"], ["show", 1], ["history"], ["--help"], ["add", "--help"]])
def test_no_color_is_obeyed(some: Any, words: list[str]) -> None:
    assert "\x1b" not in on_terminal(*words, NO_COLOR="1")[1]


@pytest.mark.parametrize("words", [["list"], ["list", "--format", "tsv"], ["list", "--json"], ["show", 1], ["history"]])
def test_control_characters_of_a_record_never_reach_a_terminal(some: Any, tmp_path: Path, words: list[str]) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202etxt\x00\x08"
    connection = sqlite3.connect(tmp_path / "test.db")
    for name in ("fold", "strip_marks", "folded"):
        connection.create_function(name, 1, str)
    connection.execute("UPDATE entity SET source = ?, notes = ?, job_title = ? WHERE id = 1", (evil, evil, evil))
    connection.execute("UPDATE contact_point SET value = ?", (evil,))
    connection.execute("UPDATE tag SET tag = ?", (evil,))
    connection.execute("UPDATE operation SET command = ?", (evil,))
    connection.commit()
    connection.close()
    shown = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(*words)[1])
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_control_characters_of_a_command_line_never_reach_a_terminal(some: Any) -> None:
    code, shown = on_terminal("show", "\x1b]0;owned\x07\u202e", stderr=True, NO_COLOR="1")
    assert code == 3
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", shown)


STREAMS = [
    ["list"],
    ["list", "--json"],
    ["show", "1"],
    ["history", "--json"],
    ["--help"],
    ["list", "--help"],
    ["--version"],
]


@pytest.mark.parametrize("words", STREAMS)
def test_a_reader_that_went_away_is_exit_141_without_a_word(some: Any, words: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run([sys.executable, "-m", "dkcrm", *words], stdout=theirs, stderr=subprocess.PIPE, check=False)
    os.close(theirs)
    assert (done.returncode, done.stderr) in ((141, b""), (-13, b""))


@pytest.mark.parametrize("words", STREAMS)
def test_a_full_disk_under_standard_output_is_exit_1(some: Any, words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dkcrm", *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("words", STREAMS)
def test_no_standard_output_at_all_is_no_traceback(some: Any, words: list[str]) -> None:
    line = " ".join(map(shlex.quote, [sys.executable, "-m", "dkcrm", *words])) + " >&-"
    done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr
