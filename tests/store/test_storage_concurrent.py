"""Many processes at once, a locked database, a full disk: nothing acknowledged is lost, nothing half written."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from smalldisk import a_small_disk


def start(*words: object, **environment: str) -> subprocess.Popen[str]:
    """Start the program and go on."""
    return subprocess.Popen(
        [sys.executable, "-m", "dkcrm", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1", "DKCRM_WAIT": "120", **environment},
    )


def finish(children: list[subprocess.Popen[str]]) -> list[Any]:
    """Wait for all; return what each printed, all of them successful."""
    printed = [child.communicate() for child in children]
    assert [(child.returncode, err) for child, (_out, err) in zip(children, printed, strict=True)] == [
        (0, "") for _child in children
    ]
    return [json.loads(out) for out, _err in printed]


@pytest.mark.parametrize("round", range(40 if os.environ.get("DKCRM_TORTURE") == "all" else 10))
def test_eight_processes_that_create_the_database_lose_nothing(crm: Any, tmp_path: Path, round: int) -> None:
    added = finish([start("add", "person", f"P{i}", "--json") for i in range(8)])
    assert sorted(entity["id"] for entity in added) == list(range(1, 9))
    assert {e["name"] for e in crm.ok("list")} == {f"P{i}" for i in range(8)}
    assert len(crm.ok("history")) == 8
    assert {path.name for path in tmp_path.glob("test.db*")} <= {"test.db", "test.db-wal", "test.db-shm"}


def test_sixteen_writers_at_once_lose_nothing(crm: Any) -> None:
    crm.add("person", "Anna")
    children = []
    for i in range(16):
        words: list[object] = [["add", "person", f"P{i}"], ["tag", 1, f"t{i}"], ["note", 1, f"n{i}"],
                               ["set", 1, "--email", f"e{i}@x.it"]][i % 4]  # fmt: skip
        children.append(start(*words, "--json"))
    finish(children)
    anna = crm.ok("show", 1)
    assert len(crm.ok("list")) == 5
    assert sorted(anna["tags"]) == sorted(f"t{i}" for i in range(1, 16, 4))
    assert sorted(anna["notes"].split("\n")) == sorted(f"n{i}" for i in range(2, 16, 4))
    assert sorted(e["value"] for e in anna["emails"]) == sorted(f"e{i}@x.it" for i in range(3, 16, 4))
    assert [e["primary"] for e in anna["emails"]].count(True) == 1
    assert len(crm.ok("history")) == 17


def test_readers_beside_writers_see_whole_operations(crm: Any) -> None:
    crm.add("person", "Anna")
    children = [start("add", "person", f"P{i}", "--email", f"p{i}@x.it", "--json") for i in range(6)]
    children += [start("list", "--json") for _ in range(6)]
    for listed in finish(children)[6:]:
        assert all(len(entity["emails"]) == 1 for entity in listed if entity["id"] != 1)


@pytest.fixture
def locked(crm: Any, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of a database with one person in it."""
    crm.add("person", "Anna")
    holder = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield holder
    holder.close()


@pytest.mark.parametrize("wait", ["0", "0.3"])
@pytest.mark.parametrize("words", [["add", "person", "Luca"], ["tag", "1", "x"], ["undo"], ["rm", "1"]])
def test_a_locked_database_is_exit_75(
    locked: Any, crm: Any, monkeypatch: pytest.MonkeyPatch, words: list[str], wait: str
) -> None:
    monkeypatch.setenv("DKCRM_WAIT", wait)
    error = crm.refused(75, *words)
    assert "DKCRM_WAIT" in error["hint"]
    locked.execute("ROLLBACK")
    assert [entity["tags"] for entity in crm.ok("list")] == [[]]
    crm.ok(*words)


def test_a_locked_database_is_read(locked: Any, crm: Any) -> None:
    assert [entity["name"] for entity in crm.ok("list")] == ["Anna"]


def test_a_writer_waits_for_the_lock(locked: Any, crm: Any) -> None:
    child = start("add", "person", "Luca", "--json")
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(timeout=1)
    locked.execute("ROLLBACK")
    assert finish([child])[0]["name"] == "Luca"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of a megabyte."""
    with a_small_disk(tmp_path, "1m") as place:
        yield place


def fill(place: Path) -> Path:
    """Leave no byte free on a disk."""
    path = place / "filler"
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
    return path


def test_a_full_disk_writes_nothing_and_the_database_lives_on(small_disk: Path, program: Any) -> None:
    db = small_disk / "x.db"
    assert program("add", "person", "Anna", "--db", db).code == 0
    before = program("list", "--db", db, "--json").out
    filler = fill(small_disk)
    done = program("add", "person", "Luca", "--note", "x" * 100_000, "--db", db, "--json")
    assert (done.code, done.out) == (1, "")
    assert done.error["hint"]
    assert "full" in done.error["message"] or "space" in done.error["message"]
    filler.unlink()
    assert program("list", "--db", db, "--json").out == before
    assert program("add", "person", "Luca", "--db", db).code == 0


def test_a_disk_too_full_for_a_new_database_is_left_as_it_was(small_disk: Path, program: Any) -> None:
    fill(small_disk)
    done = program("add", "person", "Anna", "--db", small_disk / "x.db", "--json")
    assert done.code == 1
    assert done.error["hint"]
    assert os.listdir(small_disk) == ["filler"]


def test_a_directory_that_cannot_be_written_gets_no_database(small_disk: Path, program: Any) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = program("add", "person", "Anna", "--db", small_disk / "x.db", "--json")
    assert (done.code, done.out) == (1, "")
    assert str(small_disk) in done.error["message"]
    assert done.error["hint"]
    assert program("list", "--db", small_disk / "x.db", "--json").json == []


def test_a_database_that_cannot_be_written_is_read_and_left_alone(small_disk: Path, program: Any) -> None:
    db = small_disk / "x.db"
    assert program("add", "person", "Anna", "--db", db).code == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert [entity["name"] for entity in program("list", "--db", db, "--json").json] == ["Anna"]
    done = program("add", "person", "Luca", "--db", db, "--json")
    assert (done.code, done.out) == (1, "")
    assert done.error["hint"]
