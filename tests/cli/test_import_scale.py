"""Imports as one operation: undone and redone whole, all or nothing when killed, two at once, and in flat memory."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from crashes import hear

ROWS = 1_500


def write_csv(path: Path, rows: int, prefix: str = "Q") -> Path:
    """Write a file of people with an email, two tags, an address and a note each."""
    with path.open("w", encoding="utf-8") as file:
        file.write("first name,last name,email,phone,tags,city,notes\n")
        for n in range(rows):
            file.write(f"{prefix}{n},Rossi,{prefix}{n}@x.it,02 {n:07},a;b,Roma,note {n}\n")
    return path


def rows(db: Path) -> dict[str, list[Any]]:
    """Return every row of every table but the history."""
    connection = sqlite3.connect(db)
    try:
        tables = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%'"
            " AND name NOT IN ('operation', 'change')")]  # fmt: skip
        connection.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables}
    finally:
        connection.rollback()
        connection.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "in.csv", ROWS)


def test_an_import_is_undone_redone_and_undone(crm: Any, file: Path, tmp_path: Path) -> None:
    crm.add("person", "Anna", "--tag", "a")
    db = tmp_path / "test.db"
    before = rows(db)
    assert crm.ok("import", file, "--type", "lead")["created"] == ROWS
    after = rows(db)
    assert len(crm.ok("find", "Rossi", "--limit", 0)) == ROWS
    for _turn in range(2):
        assert crm.ok("undo")["reversed"] == 2
        assert rows(db) == before
        assert crm.ok("find", "Rossi") == []
        crm.ok("redo")
        assert rows(db) == after
        assert len(crm.ok("find", "Q7", "--limit", 0)) == len([n for n in range(ROWS) if str(n).startswith("7")])
    crm.ok("undo")
    crm.ok("undo")
    assert rows(db) == {**before, **{table: [] for table in ("entity", "tag")}}
    for _turn in range(2):
        crm.ok("redo")
    assert rows(db) == after


def test_later_work_on_an_import_stands_in_the_way_until_it_is_undone(crm: Any, file: Path, tmp_path: Path) -> None:
    crm.ok("import", file, "--type", "lead")
    later = [("tag", 7, "x"), ("rm", ROWS), ("qualify", 9, "--override", "x"), ("add", "person", "Apart")]
    for words in later:
        crm.ok(*words)
    was = rows(tmp_path / "test.db")
    error = crm.refused(4, "undo", 1)
    assert [candidate["operation"] for candidate in error["candidates"]] == [4, 3, 2]
    assert rows(tmp_path / "test.db") == was
    for candidate in error["candidates"]:
        crm.ok("undo", candidate["operation"])
    crm.ok("undo", 1)
    assert [entity["name"] for entity in crm.ok("list")] == ["Apart"]


def test_work_on_an_import_that_was_redone_stands_in_the_way_too(crm: Any, file: Path) -> None:
    crm.ok("import", file, "--type", "lead")
    crm.ok("undo")
    crm.ok("redo")
    crm.ok("set", 7, "--title", "CEO")
    assert [candidate["operation"] for candidate in crm.refused(4, "undo", 1)["candidates"]] == [4]
    crm.ok("undo")
    crm.ok("undo")
    assert crm.ok("list") == []


def test_the_history_of_an_import_is_at_most_a_row_a_table(crm: Any, file: Path, tmp_path: Path) -> None:
    crm.ok("import", file, "--type", "lead")
    with sqlite3.connect(tmp_path / "test.db") as connection:
        counted = connection.execute(
            "SELECT tbl, count(*), max(before), max(after) FROM change GROUP BY tbl"
        ).fetchall()
    assert {table for table, *_rest in counted} == {"entity", "contact_point", "address", "tag", "imported_row"}
    assert all(rest == [1, None, None] for _table, *rest in counted)


def start(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dkcrm", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "DKCRM_WAIT": "120"}, preexec_fn=hear,  # noqa: PLW1509
    )  # fmt: skip


def test_two_imports_at_once_both_land(crm: Any, tmp_path: Path) -> None:
    children = [start("import", write_csv(tmp_path / f"{p}.csv", 3_000, p), "--type", "lead") for p in "QZ"]
    printed = [child.communicate() for child in children]
    assert [child.returncode for child in children] == [0, 0], printed
    there = rows(tmp_path / "test.db")
    assert [len(there[table]) for table in ("entity", "tag", "address")] == [6_000, 12_000, 6_000]
    operations = crm.ok("history")
    assert [operation["record"]["created"] for operation in operations] == [3_000, 3_000]
    crm.ok("undo", 1)
    assert {entity["name"][0] for entity in crm.ok("list")} == {Path(operations[0]["file"]).name[0]}


@pytest.mark.parametrize("delay", [0.15, 0.4, 0.7, 1.0])
def test_an_import_that_is_killed_leaves_nothing_of_it(crm: Any, tmp_path: Path, delay: float) -> None:
    crm.add("person", "Anna")
    before = rows(tmp_path / "test.db")
    child = start("import", write_csv(tmp_path / "in.csv", 20_000), "--type", "lead")
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    if child.returncode == 0:
        pytest.skip("it was done before it could be killed")
    after = rows(tmp_path / "test.db")
    assert after == before or len(after["entity"]) == 20_001
    assert len(crm.ok("history")) == (1 if after == before else 2)
    assert crm.add("person", "Luca")


def test_an_import_that_is_killed_while_it_reads_leaves_nothing_of_it(crm: Any, tmp_path: Path) -> None:
    child = start("import", "-", "--type", "lead")
    assert child.stdin is not None
    child.stdin.write(b"name,email\n" + b"".join(b"Q%d,q%d@x.it\n" % (n, n) for n in range(5_000)))
    child.stdin.flush()
    time.sleep(0.5)
    child.kill()
    child.communicate()
    assert crm.ok("list") == []
    assert crm.ok("history") == []


def test_an_interrupted_import_leaves_nothing_and_says_130(crm: Any, tmp_path: Path) -> None:
    child = start("import", "-", "--type", "lead")
    assert child.stdin is not None
    child.stdin.write(b"name,email\n" + b"".join(b"Q%d,q%d@x.it\n" % (n, n) for n in range(5_000)))
    child.stdin.flush()
    time.sleep(1)
    child.send_signal(signal.SIGINT)
    child.wait(timeout=30)
    assert child.returncode == 130
    assert crm.ok("list") == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (5_000, 50_000):
        child = start("import", write_csv(tmp_path / f"{count}.csv", count), "--type", "lead", "--db",
                      tmp_path / f"{count}.db")  # fmt: skip
        _pid, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0
        peaks.append(usage.ru_maxrss / 1024)
    assert peaks[1] - peaks[0] < 25, peaks


BROKEN = {
    "csv": ("name,email\nAnna,\n", "Bad {n},b@x.example,more,{x}\n"),
    "jsonl": ('{{"name": "Anna"}}\n', '{{"name": "Bad {n}", "email" {x}\n'),
    "vcf": ("BEGIN:VCARD\nFN:Anna\nEND:VCARD\n", "BEGIN:VCARD\nEND:VCARD\nBad {n} {x}\n"),
    "ldif": ("dn: cn=Anna\ncn: Anna\nobjectClass: person\n\n", "dn: cn=Bad {n}\nno attribute {x}\n\n"),
}


@pytest.mark.parametrize("format", BROKEN)
def test_a_file_of_broken_rows_is_not_held_in_memory(crm: Any, tmp_path: Path, format: str) -> None:
    begin, broken = BROKEN[format]
    file, count = tmp_path / f"in.{format}", 12_000
    with file.open("w", encoding="utf-8") as out:
        out.write(begin.format())
        for n in range(count):
            out.write(broken.format(n=n, x="x" * 2_000))
    tracemalloc.start()
    done = crm("import", file, "--type", "person", "--json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.code == 5
    assert done.json["created"] == 1
    assert done.json["rejected"] == done.json["read"] - 1 >= count
    assert peak < 20 << 20 < file.stat().st_size
    written = Path(done.json["rejects_file"]).read_text(encoding="utf-8")
    places = [written.find(f"Bad {n}{mark}") for n in range(0, count, 997) for mark in (" ", ",", '"', "\\", "\n")]
    found = [place for place in places if place >= 0]
    assert found == sorted(found)
    assert len(found) >= count // 997
