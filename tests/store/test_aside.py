"""A large import is written beside the database, and takes its place with what others have written meanwhile."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dkcrm.store import aside

ROWS = 60


@pytest.fixture
def people(tmp_path: Path, crm: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is large enough by what the program thinks now, and a database with two people and a firm."""
    monkeypatch.setattr(aside, "SMALLEST", 1)
    crm.add("person", "Anna Rossi", "--email", "anna@x.it", "--tag", "old")
    crm.add("person", "Bruno Blu", "--email", "bruno@x.it")
    crm.add("organization", "Acme Spa")
    path = tmp_path / "people.csv"
    rows = "".join(f"Person {n},p{n}@y.it,c{n}\n" for n in range(ROWS))
    path.write_text(f"name,email,color\n{rows}Anna Rossi,anna@x.it,red\n")
    return path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lets something happen when all is written, and the database is about to be replaced."""
    seen: list[str] = []

    def at(moment: Callable[[], object]) -> list[str]:
        theirs = aside.alone

        def alone(*words: Any, **more: Any) -> Any:
            seen.append("aside")
            if len(seen) == 1:
                moment()
            return theirs(*words, **more)

        monkeypatch.setattr(aside, "alone", alone)
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
    left = {path.name for path in directory.glob("test.db*")} - {"test.db", "test.db-wal", "test.db-shm"}
    assert left <= {"test.db.import-lock", "test.db.erased"}, left


def test_it_says_what_every_import_says(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(tmp_path / "before.db")
    before.write_bytes((tmp_path / "test.db").read_bytes())
    inode = os.stat(tmp_path / "test.db").st_ino
    seen = meanwhile(lambda: None)
    done = crm.ok("import", people, "--type", "person")
    assert seen == ["aside"] and os.stat(tmp_path / "test.db").st_ino != inode
    assert stat.S_IMODE(os.stat(tmp_path / "test.db").st_mode) == 0o600
    said, found = there(crm), [one["id"] for one in crm.ok("find", "p7@y.it")]
    assert found == [11]
    sound(crm, tmp_path)
    monkeypatch.setattr(aside, "SMALLEST", 1 << 30)
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
    inode = os.stat(tmp_path / "test.db").st_ino
    seen = meanwhile(lambda: None)
    again = crm.ok("import", people, "--type", "person")
    assert (again["operation"], again["unchanged"], seen) == (None, ROWS + 1, [])
    assert os.stat(tmp_path / "test.db").st_ino == inode
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
        database.execute("INSERT INTO told VALUES (x'00', '2026-01-01', '2026-01-02')")
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
    crm.ok("field", "add", "color", "--kind", "text")


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


@pytest.mark.parametrize("read", [False, True], ids=["alone", "beside a reader"])
def test_from_standard_input(crm: Any, tmp_path: Path, program: Any, read: bool) -> None:
    """It can be read a second time, where it has to be written in place after all."""
    crm.add("person", "Anna Rossi", "--email", "anna@x.it")
    inode = os.stat(tmp_path / "test.db").st_ino
    note = "word " * (aside.SMALLEST // ROWS // 5 + 1)
    text = "name,email,notes\n" + "".join(f"Person {n},p{n}@y.it,{note}\n" for n in range(ROWS))
    reader = sqlite3.connect(tmp_path / "test.db")
    if read:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entity").fetchall()
    done = program("import", "-", "--type", "person", "--json", input=text, DKCRM_WAIT="0.3")
    reader.close()
    assert (done.code, done.json["created"], done.json["read"]) == (0, ROWS, ROWS), done
    assert (os.stat(tmp_path / "test.db").st_ino == inode) == read
    sound(crm, tmp_path)


def test_who_is_erased_meanwhile_is_in_no_file(crm: Any, people: Path, meanwhile: Any, tmp_path: Path) -> None:
    meanwhile(lambda: crm("privacy", "erase", "2", "--yes"))
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"bruno@x.it" not in path.read_bytes(), path
    sound(crm, tmp_path)


def test_beside_somebody_who_reads_all_the_time_it_is_written_where_it_belongs(
    crm: Any, people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DKCRM_WAIT", "0.3")
    reader = sqlite3.connect(tmp_path / "test.db")
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM entity").fetchone() == (3,)
    inode = os.stat(tmp_path / "test.db").st_ino
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert reader.execute("SELECT count(*) FROM entity").fetchone() == (3,)
    reader.close()
    assert os.stat(tmp_path / "test.db").st_ino == inode
    assert crm.add("lead", "Next") == 4 + ROWS, "no number is lost"
    sound(crm, tmp_path)


def test_who_waits_for_the_lock_of_the_old_file_cannot_write_to_it(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program may have opened the file by its name, and not looked at it yet."""
    late = sqlite3.connect(tmp_path / "test.db", timeout=10)
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        late.execute("INSERT INTO told VALUES (x'00', '2026-01-01', '2026-01-02')")
    assert late.execute("SELECT count(*) FROM entity").fetchone() == (3,), "it reads what was there"
    late.close()


@pytest.mark.parametrize("way", ["a second name", "a failing copy", "a full disk"])
def test_where_it_cannot_go_aside_it_is_written_where_it_belongs(
    crm: Any, people: Path, meanwhile: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def fail(*_words: Any) -> None:
        raise OSError(28, "No space left on device")

    if way == "a second name":
        os.link(tmp_path / "test.db", tmp_path / "other.db")
    elif way == "a failing copy":
        monkeypatch.setattr(aside, "copy_file", fail)
    else:
        monkeypatch.setattr(aside, "_GROWS", 1 << 60)
    seen = meanwhile(lambda: None)
    assert crm.ok("import", people, "--type", "person")["created"] == ROWS
    assert seen == []
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
