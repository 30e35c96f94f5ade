"""import: rows that cannot be taken are named by line, the others come in; an unreadable file writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    """Return a function that imports a text and returns the run."""

    def imported(text: str, *words: object, type: str = "lead") -> Any:
        (tmp_path / "in.csv").write_bytes(text.encode())
        return crm("import", tmp_path / "in.csv", "--type", type, *words, "--json")

    return imported


BAD = {
    "no name": ("name,email\nAnna,a@x.it\n,b@x.it\nLuca,c@x.it\n", 3),
    "a blank name": ("name,email\nAnna,\n   ,b@x.it\nLuca,\n", 3),
    "a bad email": ("name,email\nAnna,\nBad,not an email\nLuca,\n", 3),
    "a name of 10,000 characters": (f"name,email\nAnna,\n{'x' * 10_000},\nLuca,\n", 3),
    "an escape in the name": ("name,email\nAnna,\nBad\x1b[31m,\nLuca,\n", 3),
    "a NUL in the name": ("name,email\nAnna,\nBa\x00d,\nLuca,\n", 3),
    "a line end in the name": ('name,email\nAnna,\n"Ba\nd",\nLuca,\n', 3),
    "an override of direction": ("name,email\nAnna,\nBa\u202ed,\nLuca,\n", 3),
    "too many cells": ("name,email\nAnna,\nBad,b@x.it,more\nLuca,\n", 3),
    "a bad uid": ("name,uid\nAnna,\nBad,17\nLuca,\n", 3),
    "a bad date": ("name,created_at\nAnna,\nBad,2026-02-31\nLuca,\n", 3),
    "after a cell of several lines": ('name,note\nAnna,"one\ntwo"\n,bad\nLuca,\n', 4),
    "a preamble": ("Export of today\n\nname,email\nAnna,\nBad,nope\nLuca,\n", 5),
    "a uid twice": ("name,uid\nAnna,01993c00-0000-7000-8000-000000000001\n"
                    "Bad,01993c00-0000-7000-8000-000000000001\nLuca,\n", 3),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_row_is_named_by_its_line_and_the_others_come_in(crm: Any, load: Any, what: str) -> None:
    text, line = BAD[what]
    done = load(text)
    assert done.code == 5, done
    assert (done.json["read"], done.json["created"], done.json["rejected"]) == (3, 2, 1)
    (reject,) = done.json["rejects"]
    assert reject["line"] == line
    assert reject["reason"]
    assert sorted(entity["name"] for entity in crm.ok("list")) == ["Anna", "Luca"]
    assert crm.ok("history")[0]["record"] == {"types": {"lead": 2}, "read": 3, "created": 2, "rejected": 1}


def test_rejected_rows_are_printed_on_standard_output_and_counted_on_standard_error(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name,email\nAnna,\nBad,nope\nWorse,\x1b[2J\n")
    done = crm("import", tmp_path / "in.csv", "--type", "lead")
    assert done.code == 5
    assert [line.split("\t")[0] for line in done.out.splitlines()] == ["3", "4"]
    assert "2 rows rejected" in done.err
    assert "\x1b" not in done.out + done.err


def test_all_rows_rejected_is_no_operation(crm: Any, load: Any) -> None:
    done = load("name,email\n,a@x.it\nBad,nope\n")
    assert done.code == 5
    assert (done.json["operation"], done.json["created"], len(done.json["rejects"])) == (None, 0, 2)
    assert (crm.ok("history"), crm.ok("list")) == ([], [])


def test_the_shape_of_the_answer(crm: Any, load: Any, tmp_path: Path) -> None:
    done = load("name,Shoe\nAnna,38\n")
    assert done.json == {
        "operation": 1, "file": str(tmp_path / "in.csv"), "format": "csv", "layout": None, "encoding": "utf-8",
        "type": "lead", "read": 1, "created": 1, "filled": 0, "changed": 0, "unchanged": 0, "rejected": 0,
        "types": {"lead": 1}, "parties": {"person": 1}, "rejects": [], "rejects_file": None, "alike": [],
        "fields": ["shoe"], "unmapped": ["Shoe"], "mapping": [
            {"column": "name", "field": "name", "label": None, "how": "header"},
            {"column": "Shoe", "field": "field:shoe", "label": None, "how": None},
        ],
        "warnings": ["columns that no field takes became custom fields: shoe (--map, or --unmapped note|drop)"],
    }  # fmt: skip


def test_people_without_the_side_of_a_field_are_rejected(crm: Any, load: Any) -> None:
    crm.ok("field", "add", "shoe", "--kind", "int", "--side", "person")
    done = load("name,company,shoe\nAnna,,38\n,Acme,38\nLuca,,big\n")
    assert [(r["line"], done.code) for r in done.json["rejects"]] == [(3, 5), (4, 5)]


@pytest.mark.parametrize("type", ["prospect", "person", "target", "organization"])
def test_rows_that_have_not_the_name_of_the_type(crm: Any, load: Any, type: str) -> None:
    person = type in ("prospect", "person")
    done = load("first name,company\nAnna,Acme\n,Zenith\nLuca,\n", type=type)
    assert done.code == 5
    assert [r["line"] for r in done.json["rejects"]] == ([3] if person else [2, 4])


def test_a_type_that_is_off_or_is_none_is_refused(crm: Any, load: Any) -> None:
    crm.ok("config", "types", "simple")
    assert load("name\nAnna\n", type="suspect").code == 4
    assert load("name\nAnna\n", type="friend").code == 2
    assert crm.ok("list") == []


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "\x00\x01\x02\x03" * 100])
def test_a_file_without_rows_that_we_know_is_refused(crm: Any, load: Any, text: str) -> None:
    done = load(text)
    assert (done.code, done.out) == (2, "")
    assert crm.ok("history") == []


def test_a_header_alone_imports_nothing(crm: Any, load: Any) -> None:
    done = load("name,email\n")
    assert (done.code, done.json["created"], done.json["operation"]) == (0, 0, None)
    assert crm.ok("history") == []


def test_a_missing_file_a_directory_and_an_unreadable_one(crm: Any, tmp_path: Path) -> None:
    assert "nothing.csv" in crm.refused(1, "import", tmp_path / "nothing.csv", "--type", "lead")["message"]
    crm.refused(2, "import", tmp_path, "--type", "lead")
    assert not (tmp_path / "test.db").exists()


def test_a_dry_run_tells_and_writes_nothing_not_even_the_database(crm: Any, load: Any, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    done = load("name,email\nAnna,a@x.it\nBad,nope\n", "--dry-run")
    assert done.code == 5
    assert (done.json["operation"], done.json["created"], done.json["rejects"][0]["line"]) == (None, 1, 3)
    assert set(tmp_path.iterdir()) - before == {tmp_path / "in.csv"}
    crm.add("person", "Anna")
    bytes_before = (tmp_path / "test.db").read_bytes()
    load("name\nLuca\n", "--dry-run")
    assert (tmp_path / "test.db").read_bytes() == bytes_before
    assert [entity["name"] for entity in crm.ok("list")] == ["Anna"]


def test_one_row_is_told_as_one(crm: Any, tmp_path: Path) -> None:
    crm.add("lead", "Zoe", "--email", "z@x.it", "--title", "CEO")
    (tmp_path / "in.csv").write_text("name,email,title\nAnna,,\nBad,nope,\nZoe,z@x.it,CTO\n")
    done = crm("import", tmp_path / "in.csv", "--type", "lead")
    assert "imported 1 lead from" in done.err
    assert ", 1 unchanged, 1 row rejected" in done.err
    assert "1 row says something else than what is there" in done.err
    assert "the rejected row is in" in done.err
    assert "1 rows" not in done.err


def test_all_that_is_wrong_with_a_row_is_told_at_once(crm: Any, load: Any) -> None:
    crm.ok("field", "add", "budget", "--kind", "money")
    crm.ok("field", "add", "since", "--kind", "date")
    done = load(
        "name,email,email 2,phone,tags,budget,since,created_at,uid\n"
        ",nope,never,call me,a,much,2026-13-01,yesterweek,17\nAn\x1bna,a@x.it,,,,,,,\nB\x1b,c\x1b@x.it,,,,,,,\n",
        "--date-order", "dmy",
    )  # fmt: skip
    reasons = [reject["reason"].split("; ") for reject in done.json["rejects"]]
    assert [len(faults) for faults in reasons] == [8, 1, 2]
    for word, fault in zip(("name", "nope", "never", "call me", "much", "2026-13-01", "17", "yesterweek"), reasons[0],
                           strict=True):  # fmt: skip
        assert word in fault
    assert all("email" in fault or "name" in fault for fault in reasons[2])
