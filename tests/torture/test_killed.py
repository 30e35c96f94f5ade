"""Killed, or out of room, at every write: the old state or the new one, sound, and the command run again ends the same.

A short form runs with the other tests. All of it, which takes an hour: DKCRM_TORTURE=all pytest tests/torture
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from oldschemas import of_old_schema

ALL = os.environ.get("DKCRM_TORTURE") == "all"
STRACE = shutil.which("strace")
#: What a command may die at: writing to a file, bringing it to the disk, and names that come and go.
CALLS = ("pwrite64", "fdatasync", "unlink", "link", "rename", "ftruncate")
#: So many of each are tried, spread over all of them.
POINTS = 10_000 if ALL else 2
PEOPLE = "name,email,tags,note\n" + "".join(f"Person {n},p{n}@x.it,a;b,note {n}\n" for n in range(400))
COMMANDS: dict[str, list[str]] = {
    "add": ["add", "lead", "Nora Neri", "--email", "nora@neri.it", "--tag", "new"],
    "import": ["import", "people.csv", "--type", "person"],
    "merge": ["merge", "1", "2"],
    "qualify": ["qualify", "3"],
    "undo": ["undo"],
    "undo of an import": ["undo", "IMPORT"],
    "restore": ["restore", "other.db"],
    "backup": ["backup", "copy.db"],
    "migration": ["list"],
    "create": ["add", "lead", "First"],
}

pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


def run(directory: Path, words: list[str], *inject: str) -> subprocess.CompletedProcess[str]:
    """Run the program on the database of a directory, under strace where something is to be injected."""
    before = [str(STRACE), "-f", "-qq", "-o", "trace", *(f"-e{word}" for word in inject)] if inject else []
    return subprocess.run(
        [*before, sys.executable, "-m", "dkcrm", *words], cwd=directory, capture_output=True, text=True, check=False,
        env={**os.environ, "DKCRM_DB": str(directory / "test.db")},
    )  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory with a database that has something for every command."""
    directory = tmp_path_factory.mktemp("base")
    (directory / "people.csv").write_text(PEOPLE)
    (directory / "before.csv").write_text(PEOPLE.replace("Person", "Earlier").replace("@x.it", "@y.it"))
    for words in (
        ["add", "person", "Anna Bianchi", "--email", "anna@bianchi.it", "--tag", "vip"],
        ["add", "person", "Anna B.", "--phone", "02 1234567"],
        ["add", "lead", "Carla Verdi", "--org", "Verdi S.r.l.", "--source", "web"],
        ["assess", "3", "--yes", "budget,market-fit,authority,market-interest"],
        ["backup", "other.db"],
        ["import", "before.csv", "--type", "person"],
        ["tag", "3", "vip"],
    ):
        assert run(directory, words).returncode == 0
    return directory


def rows(path: Path) -> int:
    """Return the number of the last operation of a database."""
    database = sqlite3.connect(path)
    try:
        return int(database.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])
    finally:
        database.close()


def contents(directory: Path) -> Any:
    """Return what the export says, but for what is another at every run."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items() if not name.endswith(("uid", "at", "also", "into"))}
        return [plain(one) for one in value] if isinstance(value, list) else value

    done = run(directory, ["export", "--all", "--format", "json"])
    assert done.returncode == 0, done
    return plain(json.loads(done.stdout))


def sound(directory: Path) -> None:
    """Check that a database is sound, and every file of it private."""
    done = run(directory, ["doctor", "--json"])
    assert done.returncode == 0, done
    for name in directory.iterdir():
        if name.name.startswith("test.db") and name.is_file():
            assert name.stat().st_mode & 0o077 == 0, name


def prepare(base: Path, directory: Path, name: str) -> list[str]:
    """Copy the base, as a command wants to find it; return the command."""
    shutil.copytree(base, directory)
    words = list(COMMANDS[name])
    if "IMPORT" in words:
        words[words.index("IMPORT")] = "5"
    if name == "create":
        for file in directory.glob("test.db*"):
            file.unlink()
    if name == "migration":
        for file in directory.glob("test.db*"):
            file.unlink()
        of_old_schema(base / "test.db", directory / "test.db")
    return words


def points(base: Path, tmp_path: Path, name: str, call: str) -> Iterator[int]:
    """Yield the places among the calls of a command at which it is to die."""
    directory = tmp_path / "counted"
    words = prepare(base, directory, name)
    done = run(directory, words, f"trace={call}")
    assert done.returncode == 0, done
    count = sum(f" {call}(" in line for line in (directory / "trace").read_text().splitlines())
    shutil.rmtree(directory)
    yield from sorted({round(1 + n * (count - 1) / max(1, POINTS - 1)) for n in range(POINTS)}) if count else ()


def check(base: Path, tmp_path: Path, name: str, inject: Callable[[int], str], call: str, status: set[int]) -> None:
    whole = tmp_path / "whole"
    words = prepare(base, whole, name)
    assert run(whole, words).returncode == 0
    expected = contents(whole)
    for place in points(base, tmp_path, name, call):
        directory = tmp_path / "broken"
        prepare(base, directory, name)
        before = rows(directory / "test.db") if name != "create" else 0
        done = run(directory, words, inject(place))
        assert done.returncode in status, (place, done)
        assert "Traceback" not in done.stderr, (place, done)
        if name == "create" and not (directory / "test.db").exists():
            written = 0
        else:
            sound(directory)
            written = rows(directory / "test.db") - before
        assert written in (0, 1) or name == "restore", (place, done)
        stands = contents(directory) == expected
        if name == "backup":
            (directory / "copy.db").unlink(missing_ok=True)
        if not stands or name == "backup":
            again = run(directory, words)
            assert again.returncode == 0, (place, again)
        assert contents(directory) == expected, place
        sound(directory)
        shutil.rmtree(directory)


@pytest.mark.parametrize(
    ("name", "call"),
    product(COMMANDS, CALLS)
    if ALL
    else [("add", "pwrite64"), ("import", "fdatasync"), ("restore", "pwrite64"), ("migration", "pwrite64")],
)
def test_killed_at_a_write(base: Path, tmp_path: Path, name: str, call: str) -> None:
    check(base, tmp_path, name, lambda place: f"inject={call}:signal=KILL:when={place}", call, {-9, 137, 0})


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"] if ALL else ["EIO"])
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"] if ALL else ["pwrite64"])
@pytest.mark.parametrize("name", COMMANDS if ALL else ["import"])
def test_a_disk_that_fails_from_one_write_on(base: Path, tmp_path: Path, name: str, call: str, error: str) -> None:
    check(base, tmp_path, name, lambda place: f"inject={call}:error={error}:when={place}+", call, {0, 1})
