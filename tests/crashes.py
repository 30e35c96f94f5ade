"""A database with something for every command, commands run on copies of it, and what must hold after any disturbance.

Used by tests/torture: what is short there with every run of the tests is long with ``DKCRM_TORTURE=all``.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from oldschemas import of_old_schema

from dkcrm.cli.app import run as run_here

ALL = os.environ.get("DKCRM_TORTURE") == "all"
PEOPLE = "name,email,tags,note\n" + "".join(f"Person {n},p{n}@x.it,a;b,note {n}\n" for n in range(400))
#: So many bytes, if not rows, that they are written beside the database.
MANY = PEOPLE.replace("note ", "word " * 600)
COMMANDS: dict[str, list[str]] = {
    "add": ["add", "lead", "Nora Neri", "--email", "nora@neri.it", "--tag", "new"],
    "import": ["import", "people.csv", "--type", "person"],
    "import beside": ["import", "many.csv", "--type", "person"],
    "merge": ["merge", "1", "2"],
    "qualify": ["qualify", "3"],
    "undo": ["undo"],
    "undo of an import": ["undo", "5"],
    "restore": ["restore", "other.db"],
    "backup": ["backup", "copy.db"],
    "erase": ["privacy", "erase", "1", "--yes"],
    "migration": ["list"],
    "create": ["add", "lead", "First"],
}
SETTINGS = {"DKCRM_ACTOR": "tester", "PYTHONUTF8": "1"}


def environment(directory: Path) -> dict[str, str]:
    """Return the environment of a command on the database of a directory."""
    return {**os.environ, **SETTINGS, "DKCRM_DB": str(directory / "test.db")}


def command(words: list[str]) -> list[str]:
    """Return what starts the program with some words."""
    return [sys.executable, "-m", "dkcrm", *words]


def hear() -> None:
    """Hear the signals that whoever runs the tests may have told it to ignore, as nohup does."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def run(directory: Path, words: list[str], *before: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the program on the database of a directory, behind another one's words if any."""
    return subprocess.run(
        [*before, *command(words)], cwd=directory, capture_output=True, text=True, check=False,
        env=environment(directory), **{"preexec_fn": hear, **more},
    )  # fmt: skip


def ask(directory: Path, *words: str) -> tuple[int, Any]:
    """Run a command that reads, in this process; return its exit status and what it printed as JSON."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run_here(["--db", str(directory / "test.db"), *words, "--json"])
    return status, json.loads(out.getvalue() or err.getvalue().splitlines()[-1])


def make_base(directory: Path) -> Path:
    """Make a directory with a database that has something for every command."""
    directory.mkdir(exist_ok=True)
    (directory / "people.csv").write_text(PEOPLE)
    (directory / "many.csv").write_text(MANY)
    (directory / "before.csv").write_text(PEOPLE.replace("Person", "Earlier").replace("@x.it", "@y.it"))
    with contextlib.chdir(directory):
        for words in _OF_THE_BASE:
            assert ask(directory, *words)[0] == 0, words
    return directory


_OF_THE_BASE = (
    ["add", "person", "Anna Bianchi", "--email", "anna@bianchi.it", "--tag", "vip"],
    ["add", "person", "Anna B.", "--phone", "02 1234567"],
    ["add", "lead", "Carla Verdi", "--org", "Verdi S.r.l.", "--source", "web"],
    ["assess", "3", "--yes", "budget,market-fit,authority,market-interest"],
    ["backup", "other.db"],
    ["import", "before.csv", "--type", "person"],
    ["tag", "3", "vip"],
    ["backup"],
)


def prepare(base: Path, directory: Path, name: str) -> list[str]:
    """Copy the base, as a command wants to find it; return the command."""
    shutil.copytree(base, directory, dirs_exist_ok=True)
    if name in ("create", "migration"):
        for file in directory.glob("test.db*"):
            file.unlink()
    if name == "migration":
        of_old_schema(base / "test.db", directory / "test.db")
    return list(COMMANDS[name])


def rows(path: Path) -> int:
    """Return the number of the last operation of a database, 0 where there is none."""
    if not path.exists():
        return 0
    database = sqlite3.connect(path)
    try:
        return int(database.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])
    finally:
        database.close()


def plain(value: Any) -> Any:
    """Return what an export says, but for what is another at every run."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if not name.endswith(("uid", "at", "also", "into"))}
    return [plain(one) for one in value] if isinstance(value, list) else value


def contents(directory: Path) -> Any:
    """Return what the export says, but for what is another at every run; an absent database is an empty one."""
    status, found = ask(directory, "export", "--all", "--format", "json")
    assert status == 0, found
    return plain(found)


def sound(directory: Path) -> None:
    """Check a database through and through, and that every file of it is private."""
    status, found = ask(directory, "doctor")
    assert status == 0, found
    for name in directory.iterdir():
        if name.name.startswith("test.db") and name.is_file():
            assert name.stat().st_mode & 0o077 == 0, name
    if not (directory / "test.db").exists():
        return
    database = sqlite3.connect(directory / "test.db")
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        database.close()


def told_well(error: str) -> None:
    """Check what a command that failed has said: one message with its hint, and no traceback."""
    lines = error.splitlines()
    assert "Traceback" not in error and "Exception ignored" not in error, error
    assert [line for line in lines if not line.startswith("  hint: ")] == lines[:1], error
    assert len(lines) <= 2 and all(line.startswith("dkcrm: ") for line in lines[:1]), error


class Disturbed:
    """One command on copies of the base, disturbed again and again; ``judge`` says whether it took that well."""

    def __init__(self, base: Path, directory: Path, name: str) -> None:
        self.base, self.name, self.directory = base, name, directory / "disturbed"
        self.words = prepare(base, self.directory, name)
        self.old, self.before = contents_of(self), rows(self.directory / "test.db")
        self.clear()
        self.prepare()
        done = run(self.directory, self.words)
        assert done.returncode == 0, done
        self.new = contents_of(self)
        self.clear()

    def prepare(self) -> None:
        """Put everything as the command wants to find it."""
        prepare(self.base, self.directory, self.name)

    def clear(self) -> None:
        """Take it all away."""
        shutil.rmtree(self.directory)

    def judge(self, why: Any) -> bool:
        """Check that there is the old state or the new one, and that another run leads to the new one.

        Returns whether it was the new one already.
        """
        directory = self.directory
        left = contents_of(self)
        sound(directory)
        assert left in (self.old, self.new), why
        new = left == self.new
        if self.name != "restore":
            assert rows(directory / "test.db") - self.before == (new and self.new != self.old), why
        if self.name == "backup":
            copy = directory / "copy.db"
            new = copy.exists()
            if new:
                assert ask(directory, "backup", "check", str(copy))[1][0]["checksum"] == "ok", why
        if not new or self.name in ("migration", "restore"):
            again = run(directory, self.words)
            assert again.returncode == 0, (why, again)
        assert contents_of(self) == self.new, why
        sound(directory)
        if self.name == "backup":
            assert ask(directory, "backup", "check", str(directory / "copy.db"))[1][0]["ok"], why
        return new


def contents_of(disturbed: Disturbed) -> Any:
    """Return what a command has to do with: an older database is read as it is, for reading it would migrate it."""
    if disturbed.name != "migration" or not (disturbed.directory / "test.db").exists():
        return contents(disturbed.directory)
    database = sqlite3.connect(disturbed.directory / "test.db")
    try:
        return [database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in ("entity", "operation")]
    finally:
        database.close()
