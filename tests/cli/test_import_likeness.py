"""import --on-likeness: new rows that look the same as somebody are told of, rejected, or created without a look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROWS = """name,email,phone,city
Beppe Verdi,,333 1234567,Milano
Carla Neri,carla@x.it,,Roma
Neri Carla,,,Bari
Dario Gialli,dario@x.it,06 7654321,Roma
Gialli Dario,,06 7654321,Roma
"""


@pytest.fixture
def file(crm: Any, tmp_path: Path) -> Path:
    crm.add("person", "Giuseppe Verdi", "--phone", "333 1234567", "--address", "Via Po 1, Milano", "--email", "v@x.it")
    path = tmp_path / "people.csv"
    path.write_text(ROWS)
    return path


def test_they_are_created_without_a_look(crm: Any, file: Path) -> None:
    done = crm.ok("import", file, "--type", "lead")
    assert (done["created"], done["rejected"], done["alike"]) == (5, 0, [])


def test_they_are_told_of(crm: Any, file: Path) -> None:
    done = crm("import", file, "--type", "lead", "--on-likeness", "report", "--json")
    assert (done.code, done.json["created"]) == (0, 5)
    told = {(one["line"], one["id"], one["who"]) for one in done.json["alike"]}
    assert told == {(2, 1, "1 Giuseppe Verdi"), (6, None, "line 5")}
    assert all("same phone" in one["reasons"] and one["score"] >= 0.8 for one in done.json["alike"])
    plain = crm("import", file, "--type", "lead", "--on-likeness", "report", "--dry-run")
    assert "new row" not in plain.err  # now they are known


def test_they_are_rejected_and_can_be_imported_all_the_same(crm: Any, file: Path, tmp_path: Path) -> None:
    done = crm("import", file, "--type", "lead", "--on-likeness", "reject", "--json")
    assert (done.code, done.json["created"], done.json["rejected"], done.json["alike"]) == (5, 3, 2, [])
    assert done.json["rejects"][0]["line"] == 2
    assert done.json["rejects"][0]["reason"].startswith("looks the same as 1 Giuseppe Verdi (")
    rejects = tmp_path / "people.rejects.csv"
    assert "Beppe Verdi" in rejects.read_text() and "Gialli Dario" in rejects.read_text()
    again = crm("import", file, "--type", "lead", "--on-likeness", "reject", "--json")
    assert (again.code, again.json["created"], again.json["unchanged"], again.json["rejected"]) == (5, 0, 3, 2)
    assert crm.ok("import", rejects, "--type", "lead")["created"] == 2


def test_who_is_known_is_no_likeness(crm: Any, file: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.csv"
    same.write_text("name,email,phone\nGiuseppe Verdi,v@x.it,333 1234567\n")
    done = crm.ok("import", same, "--type", "person", "--on-likeness", "reject")
    assert (done["created"], done["unchanged"], done["alike"]) == (0, 1, [])


def test_a_row_that_comes_twice_is_one_new_row(crm: Any, tmp_path: Path) -> None:
    twice = tmp_path / "twice.csv"
    twice.write_text("name,email,phone\nAnna Rossi,a@x.it,02 111111\nAnna Rossi,a@x.it,02 222222\nBea Blu,b@x.it,\n")
    done = crm.ok("import", twice, "--type", "lead", "--on-likeness", "reject")
    assert (done["created"], done["filled"], done["alike"]) == (2, 1, [])


def test_the_first_one_stops_a_strict_import(crm: Any, file: Path) -> None:
    error = crm.refused(5, "import", file, "--type", "lead", "--on-likeness", "reject", "--strict")
    assert error["error"] == "rejected_row" and "line 2" in error["message"]
    assert len(crm.ok("list")) == 1


def test_another_word_is_refused(crm: Any, file: Path) -> None:
    assert "--on-likeness" in crm.refused(2, "import", file, "--type", "lead", "--on-likeness", "merge")["message"]
