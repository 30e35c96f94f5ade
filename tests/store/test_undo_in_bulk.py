"""Undo and redo of operations over many rows: nothing beside them is touched, and no digit is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

COUNT = 600


def leads(tmp_path: Path, header: str, line: str) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(header + "\n" + "".join(line.format(n=n) + "\n" for n in range(1, COUNT + 1)), "utf-8")
    return path


def state(tmp_path: Path) -> list[Any]:
    """Return every row of the tables that hold what was entered."""
    with sqlite3.connect(tmp_path / "test.db") as database:
        return [
            database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
            for table in ("entity", "contact_point", "address", "tag", "field", "field_value")
        ]


def check_text(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")


def test_taking_one_tag_off_many_and_back_leaves_the_other_tags(crm: Any, tmp_path: Path) -> None:
    crm.ok("import", leads(tmp_path, "name,tags", "Anna {n},x;keep{n}"), "--type", "lead")
    before = state(tmp_path)
    everyone = "\n".join(str(n) for n in range(1, COUNT + 1))
    crm.ok("untag", "-", "x", input=everyone)
    without = state(tmp_path)
    for _round in range(2):
        crm.ok("undo")
        assert state(tmp_path) == before
        assert len(crm.ok("list", "x")) == COUNT
        check_text(tmp_path)
        crm.ok("redo")
        assert state(tmp_path) == without
        check_text(tmp_path)


def test_a_restored_tag_was_not_there_in_between(crm: Any, tmp_path: Path) -> None:
    crm.ok("import", leads(tmp_path, "name,tags", "Anna {n},x;keep{n}"), "--type", "lead")
    crm.ok("untag", "-", "x", input="\n".join(str(n) for n in range(1, COUNT + 1)))
    crm.ok("undo")
    history = crm.ok("history", 5)
    assert [entry["kind"] for entry in history] == ["undo", "do", "do"]


def test_removing_a_field_and_back_leaves_the_other_fields(crm: Any, tmp_path: Path) -> None:
    for name in ("k", "z"):
        crm.ok("field", "add", name)
    crm.ok("import", leads(tmp_path, "name,k,z", "Anna {n},k{n},z{n}"), "--type", "lead")
    before = state(tmp_path)
    crm.ok("field", "rm", "k", "--yes")
    without = state(tmp_path)
    crm.ok("undo")
    assert state(tmp_path) == before
    crm.ok("redo")
    assert state(tmp_path) == without


def test_long_numbers_come_back_whole(crm: Any, tmp_path: Path) -> None:
    crm.ok("field", "add", "code", "--kind", "int")
    crm.ok("import", leads(tmp_path, "name,code", "Anna {n},1234567890123{n:03}"), "--type", "lead")
    before = state(tmp_path)
    crm.ok("undo")
    crm.ok("redo")
    assert state(tmp_path) == before
    assert [entity["name"] for entity in crm.ok("list", "code=1234567890123456")] == ["Anna 456"]


def test_a_field_that_an_import_filled_is_not_undone_from_under_it(crm: Any, tmp_path: Path) -> None:
    crm.ok("field", "add", "industry")
    done = crm.ok("import", leads(tmp_path, "name,industry", "Anna {n},steel"), "--type", "lead")
    error = crm.refused(4, "undo", 1)
    assert [candidate["operation"] for candidate in error["candidates"]] == [done["operation"]]


def test_who_is_there_is_found_behind_many_who_look_the_same(crm: Any, tmp_path: Path) -> None:
    crm.ok("import", leads(tmp_path, "name,organization,vat", "Anna {n},Acme Srl,01234567890"), "--type", "lead")
    numbers = []
    for lead in (1, 2, 3):
        done = crm.ok("qualify", lead, "--override", "known", "--no-input")
        numbers += [entity["id"] for entity in done["entities"] if entity["type"] == "target"]
    assert len(set(numbers)) == 1


def test_a_second_import_by_uid_changes_nothing(crm: Any, tmp_path: Path) -> None:
    uid = "0199aaaa-0000-7000-8000-{n:012}"
    path = leads(tmp_path, "uid,name", uid + ",Anna {n}")
    crm.ok("import", path, "--type", "lead")
    again = crm.ok("import", path, "--type", "lead", "--json")
    assert (again["created"], again["unchanged"], again["operation"]) == (0, COUNT, None)


@pytest.mark.parametrize("words", [("show", "0" * 17 + "42"), ("show", "9" * 30)])
def test_a_number_that_nobody_has(crm: Any, words: tuple[str, ...]) -> None:
    for n in range(4):
        crm.add("person", f"Anna {n}")
    crm.refused(3, *words)
