"""mailquery: what mutt, neomutt and aerc are answered, in their format, and at which exit code."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dkcrm.store import addressbook, connection


@pytest.fixture
def book(crm: Any) -> Any:
    """Return the program over a database of a few people."""
    crm.add("lead", "Anna Bianchi", "--email", "anna@bianchi.it", "--org", "Bianchi S.r.l.")
    crm.add("person", "Nicolò D'Angelo", "--email", "n.dangelo@x.it", "--email", "home:nico@home.it")
    crm.add("organization", "Bianchi Group", "--email", "info@group.it")
    crm.add("person", "Anna Without")
    return crm


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("anna", ["anna@bianchi.it"]), ("ANNA BIA", ["anna@bianchi.it"]), ("bianchi anna", ["anna@bianchi.it"]),
        ("nicolo", ["n.dangelo@x.it", "nico@home.it"]), ("dangelo", ["n.dangelo@x.it", "nico@home.it"]),
        ("d'ang", ["n.dangelo@x.it", "nico@home.it"]), ("n.d", ["n.dangelo@x.it", "nico@home.it"]),
        ("bianchi", ["anna@bianchi.it", "info@group.it"]), ("info@gr", ["info@group.it"]),
        ("anna@bianchi.it", ["anna@bianchi.it"]),
    ],
)  # fmt: skip
def test_names_and_emails_are_found_by_their_beginnings(book: Any, program: Any, text: str, emails: list[str]) -> None:
    done = program("mailquery", *text.split())
    header, *lines = done.out.splitlines()
    assert done.code == 0
    assert "\t" not in header and header
    assert sorted(line.split("\t")[0] for line in lines) == sorted(emails)


def test_the_line_has_email_name_and_what_it_is(book: Any, program: Any) -> None:
    assert program("mailquery", "--no-header", "anna").out == "anna@bianchi.it\tAnna Bianchi\tlead, Bianchi S.r.l.\n"


@pytest.mark.parametrize("text", ["nobody", '"', "*", "a OR b", "x:y", "%", "-", "..."])
def test_nothing_found_is_exit_1_as_mail_programs_expect(book: Any, program: Any, text: str) -> None:
    done = program("mailquery", "--", text) if text == "-" else program("mailquery", text)
    assert (done.code, len(done.out.splitlines())) == (1, 1)
    done = program("mailquery", "--no-header", "--", text) if text == "-" else program("mailquery", "--no-header", text)
    assert (done.code, done.out) == (1, "")


@pytest.mark.parametrize("words", [("mailquery", "--json", "anna"), ("--json", "mailquery", "anna"),
                                   ("mailquery", "anna", "--no-header", "--format", "json")])  # fmt: skip
def test_as_json_it_is_a_list(book: Any, program: Any, words: tuple[str, ...]) -> None:
    done = program(*words)
    assert (done.code, done.err) == (0, "")
    assert done.json == [
        {"email": "anna@bianchi.it", "name": "Anna Bianchi", "type": "lead", "organization": "Bianchi S.r.l."}
    ]


def test_nobody_is_an_empty_list_and_no_failure(book: Any, program: Any) -> None:
    done = program("mailquery", "nobody", "--json")
    assert (done.code, done.out) == (0, "[]\n")


def test_in_other_formats_it_is_the_same_list(book: Any, program: Any) -> None:
    done = program("mailquery", "info@", "--format", "csv")
    assert done.out == "email,name,type,organization\ninfo@group.it,Bianchi Group,organization,\n"
    assert program("mailquery", "nobody", "--format", "jsonl").out == ""


def test_those_whose_email_begins_so_come_first(book: Any, program: Any) -> None:
    book.add("person", "Zoe Bianchi", "--email", "zoe@x.it")
    book.add("person", "Zenith", "--email", "bianchi@zenith.it")
    lines = program("mailquery", "--no-header", "bianchi").out.splitlines()
    assert lines[0].split("\t")[0] == "bianchi@zenith.it"


def test_the_removed_are_left_out(book: Any, program: Any) -> None:
    book.ok("rm", 1)
    assert program("mailquery", "anna").code == 1


def test_a_database_that_is_not_there_is_empty_and_a_foreign_one_an_error(program: Any, tmp_path: Path) -> None:
    assert program("mailquery", "anna").code == 1
    (tmp_path / "other.db").write_text("no database")
    done = program("mailquery", "--db", str(tmp_path / "other.db"), "anna")
    assert (done.code, done.out) == (1, "")
    assert "other.db" in done.err


def test_the_configured_database_is_asked(book: Any, own_home: Path, tmp_path: Path) -> None:
    config = own_home / ".config" / "dkcrm"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(f'db = "{tmp_path / "test.db"}"\n')
    environment = {key: value for key, value in os.environ.items() if key != "DKCRM_DB"}
    words = [sys.executable, "-m", "dkcrm", "mailquery", "--no-header", "info"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout == "info@group.it\tBianchi Group\torganization\n"


def test_the_short_road_imports_nothing_heavy_and_is_the_one_taken(book: Any) -> None:
    words = [sys.executable, "-X", "importtime", "-m", "dkcrm", "mailquery", "anna"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    modules = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert not {"typer", "re", "typing", "json", "dkcrm.errors"} & modules
    assert "dkcrm.store.addressbook" in modules


@pytest.mark.parametrize(
    "words",
    [
        ["--db", "{db}", "mailquery", "anna"],
        ["--db={db}", "mailquery", "anna"],
        ["mailquery", "--db", "{db}", "anna"],
        ["mailquery", "anna", "--db={db}"],
    ],
)
def test_the_short_road_takes_a_database_wherever_it_is_named(book: Any, tmp_path: Path, words: list[str]) -> None:
    named = [word.format(db=tmp_path / "test.db") for word in words]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dkcrm", *named], capture_output=True, text=True, check=False,
        env={key: value for key, value in os.environ.items() if key != "DKCRM_DB"},
    )  # fmt: skip
    assert "anna@bianchi.it" in done.stdout
    assert "typer" not in done.stderr


def test_the_short_road_knows_the_present_schema(book: Any, tmp_path: Path) -> None:
    assert addressbook.SCHEMAS[-1] == connection.SCHEMA_VERSION
    assert addressbook.MARK == connection.APPLICATION_ID
    newer = sqlite3.connect(tmp_path / "test.db")
    newer.execute(f"PRAGMA user_version={connection.SCHEMA_VERSION + 1}")
    newer.close()
    assert addressbook.open_plain(str(tmp_path / "test.db")) is None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("words", [["anna"], ["-q", "anna"]])  # the short road, and the long one
@pytest.mark.parametrize(("where", "why"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
def test_an_answer_that_cannot_be_written_is_an_error_of_a_line(
    book: Any, words: list[str], where: str, why: str
) -> None:
    command = f"{shlex.join([sys.executable, '-m', 'dkcrm', 'mailquery', *words])} {where}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"dkcrm: {why}: output\n")
