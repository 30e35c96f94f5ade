"""A large import is written beside the database, and takes its place with what others have written meanwhile."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dkcrm.cli.app import run
from dkcrm.services import bringing
from dkcrm.store import aside
from dkcrm.store.journal import UnitOfWork

ROWS = 60


@pytest.fixture
def people(tmp_path: Path, crm: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is large enough by what the program thinks now, and a database with two people and a firm."""
    monkeypatch.setattr(bringing, "SMALLEST", 1)
    crm.add("person", "Anna Rossi", "--email", "anna@x.it", "--tag", "old")
    crm.add("person", "Bruno Blu", "--email", "bruno@x.it")
    crm.add("organization", "Acme Spa")
    path = tmp_path / "people.csv"
    rows = "".join(f"Person {n},p{n}@y.it,c{n}\n" for n in range(ROWS))
    path.write_text(f"name,email,color\n{rows}Anna Rossi,anna@x.it,red\n")
    return path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lets something happen when all is written, and about to come into the database."""
    seen: list[str] = []

    def at(moment: Callable[[], object]) -> list[str]:
        theirs = aside.open_again

        def open_again(*words: Any) -> Any:
            seen.append("aside")
            if len(seen) == 1:
                moment()
            return theirs(*words)

        monkeypatch.setattr(aside, "open_again", open_again)
        return seen

    return at


def there(crm: Any) -> Any:
    """Return what the database says, without what is another at every run."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items() if not name.endswith(("uid", "at"))}
        return [plain(one) for one in value] if isinstance(value, list) else value

    done = crm("export", "--all", "--format", "json")
    assert done.code == 0, done
    return plain(json.loads(done.out))


def sound(crm: Any, directory: Path) -> None:
    """Check the database, and that nothing is left beside it."""
    done = crm("doctor", "--json")
    assert (done.code, [one for one in done.json if one["level"] == "wrong"]) == (0, [])
    left = {path.name for path in directory.glob("test.db*") if ".before-restore-" not in path.name}
    assert left <= {f"test.db{end}" for end in ("", "-wal", "-shm", ".import-lock", ".erased")}, left


def test_it_says_what_every_import_says(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(tmp_path / "before.db")
    before.write_bytes((tmp_path / "test.db").read_bytes())
    seen = meanwhile(lambda: None)
    done = crm.ok("import", people, "--type", "person")
    assert seen == ["aside"]
    said, found = there(crm), [one["id"] for one in crm.ok("find", "p7@y.it")]
    assert found == [11]
    sound(crm, tmp_path)
    monkeypatch.setattr(bringing, "SMALLEST", 1 << 30)
    monkeypatch.setenv("DKCRM_DB", str(before))
    in_place = crm.ok("import", people, "--type", "person")
    assert seen == ["aside"], "this one was written where it belongs"
    assert done == in_place and (done["created"], done["filled"]) == (ROWS, 1)
    assert said == there(crm) and found == [one["id"] for one in crm.ok("find", "p7@y.it")]


def test_it_is_undone_and_redone_as_every_import_is(crm: Any, people: Path, tmp_path: Path) -> None:
    before = there(crm)
    crm.ok("import", people, "--type", "person")
    after = there(crm)
    assert crm("undo").code == 0 and there(crm) == before
    assert crm("redo").code == 0 and there(crm) == after
    sound(crm, tmp_path)


def test_the_same_file_again_writes_nothing(crm: Any, people: Path, meanwhile: Any, tmp_path: Path) -> None:
    crm.ok("import", people, "--type", "person")
    seen = meanwhile(lambda: None)
    again = crm.ok("import", people, "--type", "person")
    assert (again["operation"], again["unchanged"], seen) == (None, ROWS + 1, [])
    sound(crm, tmp_path)


def test_what_others_do_meanwhile_is_there_too(crm: Any, people: Path, meanwhile: Any, tmp_path: Path) -> None:
    added: list[int] = []

    def work() -> None:
        added.append(crm.add("person", "Carla Verdi", "--email", "carla@z.it", "--tag", "new"))
        crm.ok("tag", "2", "vip")
        crm.ok("set", "2", "--name", "Bruno Azzurri")
        crm.ok("purchase", "3", "Support", "--amount", "10")
        crm.ok("task", "add", "call", "--for", "2")
        crm.ok("segment", "save", "vips", "tag:vip")
        crm.ok("tag", "3", "gone")
        assert crm("undo").code == 0
        crm.ok("rm", "2")

    assert meanwhile(work) == []
    done = crm.ok("import", people, "--type", "person")
    assert (done["created"], done["filled"], added) == (ROWS, 1, [4 + ROWS])
    assert [one["name"] for one in crm.ok("find", "carla")] == ["Carla Verdi"]
    bruno = crm.ok("show", "2")
    assert (bruno["name"], bruno["tags"], bool(bruno["removed_at"])) == ("Bruno Azzurri", ["vip"], True)
    assert crm.ok("find", "azzurri", "--all")[0]["id"] == 2 and crm.ok("list", "blu", "--all") == []
    assert crm.ok("show", "3")["tags"] == [] and crm.ok("segment", "list")[0]["name"] == "vips"
    assert crm.ok("show", "1")["fields"] == {"color": "red"}
    names = [one["name"] for one in crm.ok("history", "--limit", "4")]
    assert names == ["import", "rm", "undo", "tag"], "the import is the last to have happened"
    assert crm.add("lead", "Next") == 5 + ROWS
    assert crm("undo").code == crm("undo").code == 0
    assert len(crm.ok("list")) == 3 and crm.ok("list", "lead") == []
    sound(crm, tmp_path)


def test_what_another_program_writes_meanwhile_is_there_too(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path
) -> None:
    def work() -> None:
        database = sqlite3.connect(tmp_path / "test.db")
        database.execute("UPDATE setting SET value = 'JPY' WHERE name = 'currency'")
        database.execute("INSERT INTO told VALUES (randomblob(16), '2026-01-01', '2026-01-02')")
        database.commit()
        database.close()

    meanwhile(work)
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    database = sqlite3.connect(tmp_path / "test.db")
    assert database.execute("SELECT told_at FROM told").fetchall() == [("2026-01-02",)]
    database.close()


def _add_the_same(crm: Any) -> None:
    crm.add("lead", "Person 5", "--email", "P5@y.it", "--phone", "02 123456")


def _change_the_same(crm: Any) -> None:
    crm.ok("set", "1", "--title", "Boss")


def _declare_the_same(crm: Any) -> None:
    colors = ",".join(["red", *(f"c{n}" for n in range(ROWS))])
    crm.ok("field", "add", "color", "--kind", "choice", "--choice", colors)


@pytest.mark.parametrize(
    ("work", "created", "filled"),
    [(_add_the_same, ROWS - 1, 2), (_change_the_same, ROWS, 1), (_declare_the_same, ROWS, 1)],
)
def test_what_others_do_to_the_same_comes_first(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, work: Any, created: int, filled: int
) -> None:
    seen = meanwhile(lambda: work(crm))
    done = crm.ok("import", people, "--type", "person")
    assert seen == ["aside"], "the second time it is written where it belongs"
    assert (done["created"], done["filled"], done["rejected"]) == (created, filled, 0)
    emails = [email["value"].lower() for one in crm.ok("list", "--limit", "0") for email in one["emails"]]
    assert len(emails) == len(set(emails))
    assert crm.ok("show", "1")["fields"] == {"color": "red"}
    sound(crm, tmp_path)


def test_from_standard_input_it_can_be_read_a_second_time(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = meanwhile(lambda: _add_the_same(crm))
    with people.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert run(["import", "-", "--type", "person"]) == 0
    assert seen == ["aside"] and len(crm.ok("list", "--limit", "0")) == 3 + ROWS
    sound(crm, tmp_path)


def test_a_backup_that_is_restored_meanwhile_is_what_it_is_imported_into(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, program: Any
) -> None:
    other = {"DKCRM_DB": str(tmp_path / "other.db")}
    for n in range(9):
        assert program("add", "lead", f"Other {n}", "--source", "web", **other).code == 0
    assert program("backup", tmp_path / "backup.db", **other).code == 0
    seen = meanwhile(lambda: crm.ok("restore", tmp_path / "backup.db", "--yes"))
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS + 1
    assert seen == ["aside"] and len(crm.ok("list", "--limit", "0")) == 9 + ROWS + 1
    assert len(crm.ok("list", "lead")) == 9
    sound(crm, tmp_path)


def test_a_field_that_goes_meanwhile_is_declared_again(crm: Any, people: Path, meanwhile: Any, tmp_path: Path) -> None:
    crm.ok("field", "add", "color", "--kind", "text")
    meanwhile(lambda: crm.ok("field", "rm", "color"))
    assert crm.ok("import", people, "--type", "person")["fields"] == ["color"]
    assert crm.ok("show", "1")["fields"] == {"color": "red"}
    sound(crm, tmp_path)


def test_numbers_that_the_history_knows_are_not_given_twice(
    crm: Any, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when it had happened, and before it could say so."""
    with monkeypatch.context() as killed:
        killed.setattr(aside, "give_back", lambda session: None)
        assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert (tmp_path / "test.db.numbers").exists() and crm("undo").code == 0
    other = tmp_path / "other.csv"
    other.write_text("name\nLate\n")
    crm.ok("import", other, "--type", "person")
    assert not (tmp_path / "test.db.numbers").exists()
    assert crm.ok("list", "Late")[0]["id"] == 4 + ROWS


def test_many_that_are_filled_in_do_not_hold_others_up(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the history is written before the lock is taken."""
    crm.ok("import", people, "--type", "person")
    people.write_text(people.read_text().replace("color", "title"))
    settled: list[bool] = []
    theirs = UnitOfWork.settle

    def settle(uow: UnitOfWork, **more: Any) -> None:
        settled.append(bool(seen))
        theirs(uow, **more)

    monkeypatch.setattr(UnitOfWork, "settle", settle)
    seen = meanwhile(lambda: None)
    assert crm.ok("import", people, "--type", "person")["filled"] == ROWS + 1
    assert settled == [False] and seen == ["aside"]
    assert [one["id"] for one in crm.ok("list", "c7")] == [11]
    sound(crm, tmp_path)


def test_a_database_that_is_encrypted_meanwhile_stays_so(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sqlcipher3", reason="no SQLCipher here")
    (tmp_path / "key").write_text("5f" * 32)
    monkeypatch.setenv("DKCRM_KEY_COMMAND", f"cat {tmp_path / 'key'}")
    meanwhile(lambda: crm.ok("encrypt"))
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert len(crm.ok("list", "--limit", "0")) == 3 + ROWS
    for path in tmp_path.glob("test.db*"):
        assert b"bruno@x.it" not in path.read_bytes(), path


def test_into_a_database_that_is_not_there_yet(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "new.db"))
    added: list[int] = []
    seen = meanwhile(lambda: added.append(crm.add("lead", "Meanwhile")))
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS + 1
    assert (seen, added) == (["aside"], [ROWS + 2])
    assert [one["name"] for one in crm.ok("history")] == ["import", "add lead"]
    assert len(crm.ok("list", "--limit", "0")) == ROWS + 2
    sound(crm, tmp_path)


def test_who_is_erased_meanwhile_is_in_no_file(crm: Any, people: Path, meanwhile: Any, tmp_path: Path) -> None:
    meanwhile(lambda: crm("privacy", "erase", "2", "--yes"))
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"bruno@x.it" not in path.read_bytes(), path
    sound(crm, tmp_path)


def test_who_reads_all_the_time_reads_on_and_sees_nothing_of_it(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path
) -> None:
    idle = sqlite3.connect(tmp_path / "test.db")
    reader = sqlite3.connect(tmp_path / "test.db")
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM entity").fetchone() == (3,)
    seen = meanwhile(lambda: None)
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert seen == ["aside"]
    assert reader.execute("SELECT count(*) FROM entity").fetchone() == (3,)
    reader.close()
    # Whoever had it open goes on with the same file.
    assert idle.execute("SELECT count(*) FROM entity").fetchone() == (3 + ROWS,)
    idle.execute("INSERT INTO told VALUES (randomblob(16), '2026-01-01', '2026-01-02')")
    idle.commit()
    idle.close()
    assert crm.add("lead", "Next") == 4 + ROWS
    sound(crm, tmp_path)


def test_who_cannot_get_in_writes_nothing(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DKCRM_WAIT", "0.2")
    holder = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    meanwhile(lambda: holder.execute("BEGIN IMMEDIATE"))
    assert crm.refused(75, "import", people, "--type", "person")["error"] == "busy"
    holder.execute("ROLLBACK")
    holder.close()
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert crm.add("lead", "Next") == 4 + ROWS
    sound(crm, tmp_path)


def test_mode_and_names_of_the_database_stay(crm: Any, people: Path, meanwhile: Any, tmp_path: Path) -> None:
    os.link(tmp_path / "test.db", tmp_path / "other name.db")
    (tmp_path / "test.db").chmod(0o640)
    before = os.stat(tmp_path / "test.db")
    seen = meanwhile(lambda: None)
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    after = os.stat(tmp_path / "test.db")
    assert seen == ["aside"]
    assert (after.st_ino, after.st_mode, after.st_nlink) == (before.st_ino, before.st_mode, before.st_nlink)


@pytest.mark.parametrize("way", ["a trigger", "a failing copy", "a full disk"])
def test_where_it_cannot_go_aside_it_is_written_where_it_belongs(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def fail(*_words: Any) -> None:
        raise OSError(28, "No space left on device")

    if way == "a trigger":
        database = sqlite3.connect(tmp_path / "test.db")
        database.execute("CREATE TRIGGER theirs AFTER INSERT ON told BEGIN SELECT 1; END")
        database.close()
    elif way == "a failing copy":
        monkeypatch.setattr(aside, "copy_file", fail)
    else:
        monkeypatch.setattr(aside, "_GROWS", 1 << 60)
    seen = meanwhile(lambda: None)
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert seen == []
    if way != "a trigger":
        sound(crm, tmp_path)


def test_numbers_that_a_killed_import_kept_are_given_to_the_next(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, program: Any
) -> None:
    def killed() -> None:
        raise SystemExit

    meanwhile(killed)
    left = tmp_path / "test.db.new-999999999-ab"
    theirs, aside.give_back = aside.give_back, lambda session: None
    try:
        with pytest.raises(SystemExit):
            crm("import", people, "--type", "person")
    finally:
        aside.give_back = theirs
    left.write_bytes(b"half")
    assert (tmp_path / "test.db.numbers").exists()
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert crm.add("lead", "Next") == 4 + ROWS
    sound(crm, tmp_path)


def test_a_dry_run_leaves_alone_what_another_import_keeps(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path
) -> None:
    seen = meanwhile(lambda: crm.ok("import", people, "--type", "person", "--dry-run"))
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert seen == ["aside"] and crm.add("lead", "Next") == 4 + ROWS
    sound(crm, tmp_path)


def test_strict_and_rejected_rows_are_as_ever(crm: Any, people: Path, tmp_path: Path) -> None:
    with people.open("a") as file:
        file.write("No Email,not an address,blue\n")
    before = there(crm)
    error = crm.refused(5, "import", people, "--type", "person", "--strict")
    assert error["error"] == "rejected_row" and there(crm) == before
    done = crm("import", people, "--type", "person", "--json")
    assert (done.code, done.json["created"], done.json["rejected"]) == (5, ROWS, 1)
    assert "not an address" in (tmp_path / "people.rejects.csv").read_text()
    sound(crm, tmp_path)
