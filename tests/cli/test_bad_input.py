"""Bad input: a clear message, the right exit code, and not a row of the database changed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def rows(path: Path) -> dict[str, list[Any]]:
    """Return every row of every table of a database."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
    found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
    connection.close()
    return found


@pytest.fixture
def base(crm: Any, tmp_path: Path) -> Any:
    """Return the program with a person 1 and a target 2."""
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("target", "Bianchi S.r.l.")
    return crm


BAD_TEXT = {
    "ten thousand characters": "x" * 10_000,
    "blanks": "   ",
    "nothing": "",
    "no-break blanks": "\u00a0\u2003",
    "NUL": "a\0b",
    "newline": "a\nb",
    "carriage return": "a\rb",
    "tab": "a\tb",
    "escape sequence": "a\x1b[31mb",
    "C1 control": "a\x9b31mb",
    "DEL": "a\x7fb",
    "right-to-left override": "a\u202eb",
    "isolate": "a\u2066b",
    "bytes that are no text": "a\udcffb",
}
ROADS = {
    "add person": ["add", "person", "{}"],
    "add target": ["add", "target", "{}"],
    "add first": ["add", "person", "--last", "B", "--first", "{}"],
    "add org": ["add", "lead", "Anna", "--org", "{}"],
    "set name": ["set", "1", "--name", "{}"],
    "tag": ["tag", "1", "{}"],
    "email": ["add", "person", "A", "--email", "{}"],
    "phone": ["add", "person", "A", "--phone", "{}"],
    "address": ["add", "person", "A", "--address", "{}"],
    "link": ["add", "person", "A", "--link", "{}"],
    "label": ["add", "person", "A", "--email", "{}:a@x.it"],
}


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("text", BAD_TEXT)
def test_bad_text_is_refused_and_nothing_is_written(base: Any, tmp_path: Path, road: str, text: str) -> None:
    if (text, road) == ("nothing", "add first"):
        return  # nothing said of a single value takes it away
    before = rows(tmp_path / "test.db")
    words = [word.format(BAD_TEXT[text]) for word in ROADS[road]]
    error = base.refused(2, *words)
    assert error["message"] and len(error["message"]) < 300
    assert rows(tmp_path / "test.db") == before


def test_the_message_says_what_is_wrong_with_a_text(base: Any) -> None:
    assert "10000" in base.refused(2, "add", "person", "x" * 10_000)["message"].replace(",", "").replace(".", "")
    assert "blank" in base.refused(2, "add", "person", "  ")["message"]
    assert "NUL" in base.refused(2, "add", "person", "a\0b")["message"]
    assert "line break" in base.refused(2, "add", "person", "a\nb")["message"]
    assert "ESC" in base.refused(2, "add", "person", "a\x1bb")["message"]
    assert "202E" in base.refused(2, "add", "person", "a\u202eb")["message"]


@pytest.mark.parametrize("text", ["[/red]", "[bold]x[/bold]", ":smiley:", "{0}", "%s", "$HOME", "`id`", "<b>",
    "\\n", "=1+1",
                                  "👩‍👩‍👧", "Ünïcödé", "שלום", "مرحبا", "日本", "'; DROP TABLE entity; --", "None",
                                  "null"])  # fmt: skip
def test_legitimate_text_is_stored_and_shown_as_it_is(base: Any, text: str) -> None:
    number = base.add("person", text)
    assert base.ok("show", number)["name"] == text
    for format in ("table", "tsv"):
        assert text in base("show", number, "--format", format).out.replace("\\\\", "\\")
        assert text in base("list", "--format", format).out.replace("\\\\", "\\")


def test_an_organization_added_as_a_prospect_is_told_what_would_be_right(base: Any, tmp_path: Path) -> None:
    before = rows(tmp_path / "test.db")
    done = base("add", "prospect", "--org", "Verdi S.n.c.", "--json")
    assert done.code in (2, 4)
    assert "target" in done.error["hint"]
    assert rows(tmp_path / "test.db") == before


@pytest.mark.parametrize(
    "email",
    ["anna", "anna@", "@x.it", "a b@x.it", "a@b@c.it", "a@x..it", "a@.it", ".a@x.it", "a..b@x.it", "a@x.it,b@x.it",
     "<a@x.it>", "a@-x.it", "a@" + "x" * 300 + ".it", "work:", "work:anna"],
)  # fmt: skip
def test_an_email_that_is_none(base: Any, tmp_path: Path, email: str) -> None:
    before = rows(tmp_path / "test.db")
    base.refused(2, "add", "person", "Luca", "--email", email)
    base.refused(2, "set", 1, "--email", email)
    assert rows(tmp_path / "test.db") == before


@pytest.mark.parametrize(
    "date", ["2026-02-30", "2026-13-01", "0000-01-01", "tomorrowish", "2026-1-1", "99999-01-01", ""]
)
@pytest.mark.parametrize(
    "words", [["purchase", "1", "Plan", "--on"], ["link", "1", "2", "--mixed", "--since"], ["show", "1", "--as-of"],
              ["log", "1", "call", "x", "--at"]],
    ids=["purchase", "link", "as-of", "log"],
)  # fmt: skip
def test_a_date_that_does_not_exist(base: Any, tmp_path: Path, words: list[str], date: str) -> None:
    before = rows(tmp_path / "test.db")
    base.refused(2, *words, date)
    assert rows(tmp_path / "test.db") == before


def test_a_reference_that_matches_two(base: Any, tmp_path: Path) -> None:
    base.add("lead", "Anna Bianchi")
    before = rows(tmp_path / "test.db")
    for words in (["set", "anna bianchi", "--source", "x"], ["tag", "anna bianchi", "t"], ["rm", "anna bianchi"],
                  ["note", "anna bianchi", "x"], ["purchase", "anna bianchi", "Plan"], ["link", "anna bianchi",
                  "2"]):  # fmt: skip
        assert len(base.refused(4, *words)["candidates"]) == 2
    assert rows(tmp_path / "test.db") == before


@pytest.mark.parametrize("later", [["tag", "1", "t"], ["set", "1", "--source", "x"], ["note", "1", "n"], ["rm", "1"],
                                   ["log", "1", "call", "x"], ["purchase", "1", "Plan"]])  # fmt: skip
def test_undo_of_an_operation_on_which_a_later_one_builds(base: Any, tmp_path: Path, later: list[str]) -> None:
    base.ok(*later)
    before = rows(tmp_path / "test.db")
    error = base.refused(4, "undo", 1)
    assert "3" in json.dumps([error["message"], error["hint"], error["candidates"]])
    assert rows(tmp_path / "test.db") == before
    base.ok("undo", 3)
    base.ok("undo", 1)
    base.refused(3, "show", 1)


@pytest.mark.parametrize("operation", ["99", "0", "-1", "x", "1.5", "9" * 30])
def test_undo_of_an_operation_that_is_not_there(base: Any, tmp_path: Path, operation: str) -> None:
    before = rows(tmp_path / "test.db")
    assert base("undo", operation).code in (2, 3)
    assert rows(tmp_path / "test.db") == before


def test_nothing_to_undo_or_redo(crm: Any, tmp_path: Path) -> None:
    assert crm("undo").code in (0, 4)
    assert crm("redo").code in (0, 4)
    assert not (tmp_path / "test.db").exists() or crm.ok("history") == []


@pytest.mark.parametrize("words", [["list"], ["add", "person", "A"], ["show", "1"], ["history"], ["undo"]])
@pytest.mark.parametrize("path", ["/nonexistent/dir/x.db", "/proc/x.db", "/dev/null/x.db", "/etc", "/dev/null"])
def test_a_database_path_that_cannot_be_used(program: Any, words: list[str], path: str) -> None:
    done = program(*words, "--db", path, "--json")
    if path == "/proc/x.db" and words[0] in ("list", "history", "show"):
        assert done.code in (0, 1, 3)  # a file that is not there yet reads as an empty database
        return
    assert (done.code, done.out) == (1, ""), done
    assert done.error["hint"]
    assert path.rsplit("/", 1)[0] in done.error["message"]


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere; tests/store has a read-only file system")
def test_a_database_in_a_directory_that_cannot_be_written(program: Any, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    done = program("add", "person", "A", "--db", closed / "x.db", "--json")
    assert (done.code, done.out) == (1, "")
    assert "closed" in done.error["message"]
    assert os.listdir(closed) == []


def test_references_with_a_nul_through_standard_input(base: Any, program: Any, tmp_path: Path) -> None:
    before = rows(tmp_path / "test.db")
    done = program("tag", "-", "new", "--json", input="1\na\0b\n")
    assert done.code in (2, 3)
    assert rows(tmp_path / "test.db") == before


def test_standard_input_that_is_no_text(base: Any, tmp_path: Path) -> None:
    before = rows(tmp_path / "test.db")
    words = [sys.executable, "-m", "dkcrm", "tag", "-", "new", "--json"]
    for mode in ("0", "1"):
        done = subprocess.run(
            words, check=False, input=b"1\n\xff\xfe\x00\n", capture_output=True, env={**os.environ, "PYTHONUTF8": mode}
        )
        assert done.returncode in (2, 3), done
        assert json.loads(done.stderr)["error"] != "internal"
    assert rows(tmp_path / "test.db") == before


def test_no_standard_input_at_all(base: Any) -> None:
    line = f"{sys.executable} -m dkcrm show - --json <&-"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert json.loads(done.stderr)["error"] != "internal"
