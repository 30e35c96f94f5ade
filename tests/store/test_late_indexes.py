"""A large import makes small tables' indexes at the end: the same database, and nothing where the import fails."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dkcrm.store import late, staging

PEOPLE = "name,email,phone,tags,city\n" + "".join(f"Person {n},p{n}@x.it,02 12345{n:02},vip,Roma\n" for n in range(30))


def schema(db: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(db)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()
    finally:
        connection.close()


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let every import be large; return of each write whether there was an index less in the midst of it."""
    seen: list[bool] = []
    write = staging._write_rows

    def noted(uow: Any, *rest: Any) -> Any:
        seen.append(not uow.query("SELECT 1 FROM sqlite_schema WHERE name = 'contact_point_key'"))
        return write(uow, *rest)

    monkeypatch.setattr(late, "WORTH", 10)
    monkeypatch.setattr(staging, "_write_rows", noted)
    return seen


def test_the_first_import_leaves_all_indexes(crm: Any, tmp_path: Path, dropped: list[bool]) -> None:
    file, first, later = tmp_path / "people.csv", tmp_path / "first.db", tmp_path / "later.db"
    file.write_text(PEOPLE)
    crm.ok("add", "person", "Anna", "--email", "anna@x.it", "--db", later)
    for db in (first, later):
        crm.ok("import", file, "--type", "person", "--db", db)
    assert dropped == [True, True]
    assert schema(first) == schema(later)
    assert [found["id"] for found in crm.ok("list", "email:anna@x.it", "--db", later)] == [1]
    assert [found["id"] for found in crm.ok("list", "email:p7@x.it", "--db", later)] == [9]
    assert [found["id"] for found in crm.ok("list", "email:p7@x.it", "--db", first)] == [8]
    crm.ok("undo", "--db", first)
    assert crm.ok("list", "--db", first) == []


def test_small_imports_and_those_into_more_leave_the_indexes_alone(
    crm: Any, tmp_path: Path, dropped: list[bool]
) -> None:
    file, few, more = tmp_path / "people.csv", tmp_path / "few.csv", tmp_path / "more.csv"
    file.write_text(PEOPLE)
    few.write_text("name,email\n" + "".join(f"Few {n},few{n}@x.it\n" for n in range(9)))
    more.write_text("name,email\n" + "".join(f"More {n},more{n}@x.it\n" for n in range(20)))
    for one in (few, file, more):
        crm.ok("import", one, "--type", "person")
    # 9 are few; 30 into 9; 20 into 39. What came in before counts for nothing: of 30 known rows 20 are new at last.
    file.write_text(PEOPLE + "".join(f"New {n},new{n}@x.it\n" for n in range(20)))
    crm.ok("import", file, "--type", "person")
    assert dropped == [False, True, False, False]
    crm.ok("doctor")


def test_a_first_import_that_fails_leaves_the_indexes_that_were_there(
    crm: Any, tmp_path: Path, dropped: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, db = tmp_path / "people.csv", tmp_path / "first.db"
    file.write_text(PEOPLE)
    crm.ok("segment", "save", "all", "type:person", "--db", db)
    before = schema(db)

    def fail(*_all: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staging, "_index", fail)
    assert crm("import", file, "--type", "person", "--db", db).code != 0
    assert dropped == [True]
    assert schema(db) == before
