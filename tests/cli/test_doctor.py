"""doctor: what is sound is said to be, every kind of damage is found and named, and what is derived is made anew."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dkcrm.store import replay
from dkcrm.store.migrations import m0001_initial


@pytest.fixture
def book(crm: Any, tmp_path: Path) -> Any:
    """Give a database with a bulk import, the whole life cycle, a fold, an undo and a redo in it."""
    file = tmp_path / "people.csv"
    file.write_text("name,email,phone\n" + "".join(f"Person {n},p{n}@x.it,02 12345{n:02}\n" for n in range(30)))
    crm.ok("import", file, "--type", "lead", "--source", "fair")
    crm.ok("set", 3, "--email", "other@x.it", "--tag", "vip")
    crm.add("lead", "Anna Bianchi", "--org", "Bianchi S.r.l.", "--email", "anna@bianchi.it", "--source", "web")
    crm.ok("log", 31, "email", "hello", "--in")
    crm.ok("assess", 31, "--yes", "budget,market-fit,authority,market-interest")
    crm.ok("qualify", 31)
    crm.ok("purchase", 31, "Plan", "--amount", "10", "--currency", "EUR", "--also", 32)
    crm.ok("rm", 5)
    crm.ok("undo")
    crm.ok("redo")
    crm.ok("merge", 7, 8)
    return crm


def change(tmp_path: Path, *statements: str) -> None:
    """Change a database behind the program's back."""
    database = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    for statement in statements:
        database.execute(statement)
    database.close()


def wrong(run: Any) -> dict[str, Any]:
    """Return what is wrong by its check."""
    assert run.code == 1, run
    return {found["check"]: found for found in run.json if found["level"] == "wrong"}


def test_a_sound_database_is_said_to_be(book: Any, crm: Any, tmp_path: Path) -> None:
    run = book("doctor", "--json")
    assert run.code == 0 and [found for found in run.json if found["level"] == "wrong"] == []
    assert "nothing is wrong" in book("doctor").err
    assert crm.ok("doctor", "--db", tmp_path / "none.db") == [] and not (tmp_path / "none.db").exists()


def test_the_criteria_of_a_new_database_are_known(book: Any) -> None:
    assert len(m0001_initial.CRITERIA) == replay._CRITERIA
    book.ok("criteria", "rm", "authority")
    book.ok("criteria", "edit", "market-fit", "--question", "Is it?")
    assert book("doctor").code == 0


@pytest.mark.parametrize(
    ("statement", "check", "entities"),
    [
        ("UPDATE contact_point SET value = 'else@x.it' WHERE value = 'other@x.it'", "history", []),
        ("UPDATE entity SET job_title = 'Boss' WHERE id = 31", "history", [31]),
        ("DELETE FROM contact_point WHERE entity_id = 12", "history", []),
        ("DELETE FROM change WHERE id = (SELECT max(id) FROM change WHERE tbl = 'tag')", "history", []),
        ("UPDATE change SET after = replace(after, 'vip', 'vap') WHERE tbl = 'tag'", "history", []),
        ("UPDATE entity SET full_name = 'Zorro' WHERE id = 9", "keys", [9]),
        ("UPDATE entity SET name_key = 'zorro' WHERE id = 9", "keys", [9]),
        ("UPDATE entity SET notes = 'hush' WHERE id = 9", "full_text", []),
        ("UPDATE transition SET to_type = 'target' WHERE entity_id = 31 AND cause = 'qualify'", "history", []),
        ("UPDATE entity SET type = 'prospect' WHERE id = 31", "type_not_of_last_step", [31]),
        ("UPDATE purchase SET voided_at = '2026-01-01T00:00:00Z'", "advanced_without_purchase", [31, 32]),
        ("UPDATE entity SET merged_into = 8 WHERE id = 8", "lost_alias", [8]),
        ("UPDATE membership SET organization_id = 12", "wrong_membership", [31]),
        ("UPDATE contact_point SET is_primary = 1 WHERE entity_id = 3 AND kind = 'email'", "two_primary", [3]),
        ("INSERT INTO tag (entity_id, tag) VALUES (999, 'ghost')", "references", []),
    ],
)
def test_damage_is_found(book: Any, tmp_path: Path, statement: str, check: str, entities: list[int]) -> None:
    change(tmp_path, statement)
    found = wrong(book("doctor", "--json"))
    assert check in found, found
    assert found[check]["entities"] == entities
    assert found[check]["message"] and not found[check]["fixed"]


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        ("""UPDATE change SET after = replace(after, '"full_name"', '#full_name"')""", {"values", "history"}),
        ("UPDATE change SET after = '[1]' WHERE tbl = 'tag'", {"values", "history"}),
        ("UPDATE change SET before = '{\"uid\": 5}' WHERE before NOT NULL", {"history"}),
        ("UPDATE change SET row_id = 'abc'", {"values", "history"}),
        ("UPDATE change SET last_id = x'ff00' WHERE last_id NOT NULL", {"values", "history"}),
        ("UPDATE entity SET full_name = x'416e6e' WHERE id = 9", {"values", "history", "keys"}),
        ("UPDATE entity SET full_name = CAST(x'41ff' AS TEXT) WHERE id = 9", {"unread"}),
        ("UPDATE entity SET uid = 'x' WHERE id = 9", {"values", "history"}),
        ("UPDATE entity SET created_at = 'abc' WHERE id = 9", {"values"}),
        ("UPDATE contact_point SET is_primary = 99 WHERE entity_id = 9", {"values"}),
        ("UPDATE operation SET record = '{' WHERE id = 1", {"values"}),
        ("UPDATE operation SET at = x'416e6e'", {"values"}),
        ("INSERT INTO setting (name, value) VALUES ('types', x'41')", {"values", "unread"}),
        ("INSERT INTO setting (name, value) VALUES ('types', 'some')", {"unread"}),
        ("DROP TABLE address", {"schema"}),
    ],
)
def test_damage_that_nothing_can_read_is_a_finding_among_others(
    book: Any, tmp_path: Path, statement: str, checks: set[str]
) -> None:
    change(tmp_path, "UPDATE purchase SET voided_at = '2026-01-01T00:00:00Z'", statement)
    for words in (["doctor"], ["doctor", "--fix"]):
        found = wrong(book(*words, "--json"))
        assert checks <= found.keys(), found
        # The other checks are made all the same.
        assert "schema" in checks or "advanced_without_purchase" in found or "unread" in found, found
    assert "Ann" not in str(found)


@pytest.mark.parametrize(
    ("statement", "words", "where"),
    [
        ("UPDATE change SET after = '{' WHERE tbl = 'tag'", ["history", 3], "change.after"),
        ("UPDATE entity SET created_at = 'abc'", ["report", "pipeline"], "entity.created_at"),
    ],
)
def test_a_row_that_nothing_can_read_is_said_to_be_damaged(
    book: Any, tmp_path: Path, statement: str, words: list[object], where: str
) -> None:
    change(tmp_path, statement)
    told = book(*words)
    assert told.code == 1 and f"is damaged: {tmp_path}/test.db ({where})" in told.err and "dkcrm doctor" in told.err
    assert book.ok("task", "list") == []


def test_evidence_against_the_type_is_found(book: Any, tmp_path: Path) -> None:
    number = book.add("suspect", "Sue", "--source", "fair")
    change(
        tmp_path,
        "INSERT INTO interaction (uid, entity_id, at, direction, channel, text)"
        f" VALUES (randomblob(16), {number}, '2026-01-01T00:00:00Z', 'in', 'email', 'hi')",
    )
    assert wrong(book("doctor", "--json"))["suspect_in_contact"]["entities"] == [number]


def test_what_may_be_meant_is_a_note_and_no_failure(crm: Any) -> None:
    crm.add("lead", "Leo")
    crm.add("person", "Pia")
    crm.add("target", "Tau")
    crm.ok("link", 2, 3, "--mixed")
    run = crm("doctor", "--json")
    assert run.code == 0
    assert {found["check"]: (found["level"], found["entities"]) for found in run.json} == {
        "lead_without_contact": ("note", [1]),
        "customer_without_purchase": ("note", [2]),
        "mixed_membership": ("note", [2]),
    }


def test_what_is_derived_is_made_anew(book: Any, tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    change(
        tmp_path,
        "UPDATE entity SET name_key = 'zorro' WHERE id = 9",
        "INSERT INTO search(search) VALUES ('delete-all')",
    )
    os.chmod(path, 0o644)
    assert book.ok("find", "bianchi") == []
    assert set(wrong(book("doctor", "--fix", "--dry-run", "--json"))) == {"mode", "keys", "full_text"}
    operations = len(book.ok("history", "--limit", 0))
    run = book("doctor", "--fix", "--json")
    assert run.code == 0 and all(found["fixed"] for found in run.json if found["level"] == "wrong")
    assert path.stat().st_mode & 0o777 == 0o600
    assert book("doctor").code == 0
    assert [row["name"] for row in book.ok("find", "bianchi")] and len(book.ok("history", "--limit", 0)) == operations


def test_a_ruined_file_is_told_and_not_touched(book: Any, tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    data = bytearray(path.read_bytes())
    for page in range(20, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(data)
    run = book("doctor", "--fix", "--json")
    assert run.code == 1 and "integrity" in {found["check"] for found in run.json}
    assert path.read_bytes() == bytes(data)


def test_a_clock_that_was_set_back_is_noted(book: Any, rome: Any) -> None:
    rome("2030-01-01T00:00:00Z")
    book.ok("tag", 1, "later")
    rome("2026-11-22T09:00:00Z")
    book.ok("tag", 1, "earlier")
    notes = [found for found in book.ok("doctor") if found["check"] == "clock"]
    assert len(notes) == 2 and "2030-01-01T00:00:00Z" in notes[0]["message"]


def test_doctor_writes_nothing(book: Any, tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    change(tmp_path, "PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    book("doctor")
    assert path.read_bytes() == before
    wal = Path(f"{path}-wal")
    assert not wal.exists() or wal.stat().st_size == 0
