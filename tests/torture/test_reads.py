"""Reading never writes: the calls that commands make on the database and its log; directories that are read-only.

The ``-shm`` beside them is memory that processes share; SQLite opens the log for writing too, and may make it, empty.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crashes import ALL, ask, command, environment

READS = (
    ["list"], ["show", "1"], ["find", "anna"], ["report", "funnel"], ["agenda"], ["timeline", "1"], ["history"],
    ["mailquery", "anna"], ["duplicates"], ["export", "--all"],
    *([["list", "tag:vip"], ["doctor"], ["blame", "1"], ["backup", "list"], ["privacy", "log"]] * ALL),
)  # fmt: skip
#: Calls that change what a file holds, its size, its name or its rights.
CHANGES = (
    "write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,sendfile,copy_file_range,unlink,unlinkat,"
    "rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,chmod,fchmod,fchmodat,fdatasync,fsync"
)


def fill(directory: Path) -> Path:
    """Make a database with somebody in it; return its path."""
    directory.mkdir(exist_ok=True)
    for words in (
        ["add", "person", "Anna Bianchi", "--email", "anna@bianchi.it", "--tag", "vip"],
        ["add", "lead", "Anna Bianchi", "--force"],
        ["task", "add", "1", "call", "--due", "2026-12-01"],
    ):
        assert ask(directory, *words)[0] == 0, words
    return directory / "test.db"


def held(db: Path) -> sqlite3.Connection:
    """Return a connection to a database whose log is full of what is not in the database yet."""
    connection = sqlite3.connect(db)
    connection.execute("SELECT count(*) FROM entity").fetchall()
    assert ask(db.parent, "tag", "1", "late")[0] == 0
    assert db.with_name("test.db-wal").stat().st_size > 0
    return connection


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("log", ["", "a log"])
def test_reading_writes_neither_database_nor_log(tmp_path: Path, log: str) -> None:
    db = fill(tmp_path / "data")
    connection = held(db) if log else None
    kept = {path: path.read_bytes() for path in (db, db.with_name("test.db-wal")) if path.exists()}
    for words in READS if ALL or not log else READS[:2]:
        trace = tmp_path / "trace"
        done = subprocess.run(
            ["strace", "-f", "-y", "-qq", "-e", f"trace={CHANGES}", "-o", str(trace), *command(words)],
            env=environment(db.parent), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done
        if words[0] in ("list", "find", "show", "mailquery"):
            assert "anna@bianchi.it" in done.stdout, done
        calls = trace.read_text().splitlines()
        assert any("write(1<" in call for call in calls) or not done.stdout, "the trace has nothing"
        touched = [call for call in calls if re.search(rf"{re.escape(str(db.parent))}", call) and "-shm>" not in call]
        assert touched == [], words
        assert {path: path.read_bytes() for path in kept} == kept, words
    if connection is not None:
        connection.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system that can be made read-only."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        words = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no right to mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("left", ["nothing", "an empty log", "a log and its index", "a log"])
def test_a_directory_that_cannot_be_written_is_read(small_disk: Path, tmp_path: Path, program: Any, left: str) -> None:
    """Whatever the last command has left beside the database, one that was killed included."""
    db = fill(tmp_path / "data")
    connection = None
    if left == "an empty log":
        assert program("list", "--db", db).code == 0
        assert db.with_name("test.db-wal").stat().st_size == 0
    elif left != "nothing":
        connection = held(db)
    for name in ("test.db", "test.db-wal", *(["test.db-shm"] if left != "a log" else [])):
        if db.with_name(name).exists():
            shutil.copy(db.with_name(name), small_disk)
    if connection is not None:
        connection.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for words in READS if ALL else READS[1:2]:
        done = program(*words, "--db", small_disk / "test.db")
        if left == "a log" and done.code == 1:
            # Without its index a log cannot be read where nothing can be written: that is said, and nothing left out.
            assert done.out == "" and "Traceback" not in done.err and "hint" in done.err, done
            continue
        assert done.code == 0, done
        if words[0] in ("list", "find", "show"):
            assert "anna@bianchi.it" in done.out
    if left == "a log and its index":
        assert program("show", "1", "--json", "--db", small_disk / "test.db").json["tags"] == ["late", "vip"]
    done = program("tag", "1", "more", "--db", small_disk / "test.db", "--json")
    assert done.code == 1 and done.error["hint"], done
    assert "written" in done.error["message"] or left == "a log", done
