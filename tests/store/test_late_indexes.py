"""A large first import makes its indexes at the end: the same database, and nothing of it where the import fails."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dkcrm.store import staging

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
    """Let every import be large; return whether each write was worth making the indexes late."""
    seen: list[bool] = []
    late = staging.late_indexes

    def noted(uow: Any, tables: Any, *, worth: bool) -> Any:
        seen.append(worth)
        return late(uow, tables, worth=worth)

    monkeypatch.setattr(staging, "_WORTH", 10)
    monkeypatch.setattr(staging, "late_indexes", noted)
    return seen


def test_the_first_import_leaves_all_indexes(crm: Any, tmp_path: Path, dropped: list[bool]) -> None:
    file, first, later = tmp_path / "people.csv", tmp_path / "first.db", tmp_path / "later.db"
    file.write_text(PEOPLE)
    crm.ok("add", "person", "Anna", "--db", later)
    for db in (first, later):
        crm.ok("import", file, "--type", "person", "--db", db)
    assert dropped == [True, False]
    assert schema(first) == schema(later)
    assert [found["id"] for found in crm.ok("list", "email:p7@x.it", "--db", first)] == [8]
    crm.ok("undo", "--db", first)
    assert crm.ok("list", "--db", first) == []


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
