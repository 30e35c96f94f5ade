"""Migrations from every schema that ever landed: killed at every statement, and eight programs at once.

Each database has rows of everything that its schema knows. A short form runs with the other tests, all of it with
DKCRM_TORTURE=all pytest tests/torture/test_migrations_killed.py
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Crm
from oldschemas import of_old_schema

from dkcrm.session import Session
from dkcrm.store import addressbook, backup, connection, migrations
from dkcrm.store.checks import full_text_differs, integrity, orphans, strange_objects, wrong_keys
from dkcrm.store.replay import breaches

ALL = os.environ.get("DKCRM_TORTURE") == "all"
#: So many places of each are tried, spread over all of them.
POINTS = 10_000 if ALL else 3
OLDER = [version for version in addressbook.SCHEMAS if version < connection.SCHEMA_VERSION]
#: The status of a process that died where it was told to.
DIED = 99


#: The commands that fill a database, and the first schema that knows what they write.
COMMANDS: list[tuple[int, list[Any]]] = [
    (1, ["field", "add", "age", "--kind", "int"]),
    (1, ["add", "person", "Anna Bianchi", "--email", "anna@bianchi.it", "--tag", "vip", "--address", "Via Po 2",
         "--field", "age=7"]),
    (1, ["add", "organization", "Caffè Roma S.r.l.s.", "--vat", "01234567890"]),
    (1, ["link", 1, 2]), (1, ["log", 1, "email", "hello", "--in"]), (1, ["purchase", 1, "Plan"]),
    (1, ["add", "lead", "Leo Neri", "--org", "Neri S.n.c.", "--source", "web"]),
    (1, ["assess", 3, "--yes", "budget,market-fit,authority,market-interest"]), (1, ["qualify", 3]),
    (1, ["add", "person", "Bea"]), (1, ["add", "person", "Bea B."]), (1, ["merge", 5, 6]), (1, ["rm", 5]),
    (1, ["undo"]),
    (1, ["config", "types", "full"]), (1, ["criteria", "add", "extra"]),
    (2, ["import", "people.csv", "--type", "person"]), (2, ["import", "card.vcf", "--type", "person"]),
    (3, ["distinct", 8, 9]), (3, ["segment", "save", "warm", "tag:vip"]),
    (4, ["task", "add", 1, "Call", "--due", "2027-01-01", "--remind", "1h"]), (4, ["keep", 1, "90d"]),
    (5, ["product", "add", "Plan"]), (5, ["campaign", "add", "Spring", 1]),
    (5, ["privacy", "consent", 1, "give", "marketing"]), (5, ["ticket", "open", 1, "Broken"]),
    (5, ["ticket", "note", 1, "x"]),
]  # fmt: skip


class Olds:
    """Databases of older schemas, each made when it is asked for, with rows in all that its schema knows."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        people = "name,email,tags,note\n" + "".join(f"Person {n},p{n}@x.it,a;b,note {n}\n" for n in range(40))
        (directory / "people.csv").write_text(people)
        card = "BEGIN:VCARD\nVERSION:3.0\nFN:Carla\nX-ODD:kept\nUID:c-1\nEND:VCARD\n"
        (directory / "card.vcf").write_text(card)

    def __getitem__(self, version: int) -> Path:
        path, whole = (self.directory / f"{name}{version}.db" for name in ("v", "whole"))
        if not path.exists():
            crm = Crm()
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(self.directory)
                patch.setenv("DKCRM_DB", str(whole))
                for first, words in COMMANDS:
                    if first <= version:
                        crm.ok(*words)
            of_old_schema(whole, path, version)
        return path


@pytest.fixture(scope="module")
def olds(tmp_path_factory: pytest.TempPathFactory) -> Olds:
    """Give databases of older schemas by their version."""
    return Olds(tmp_path_factory.mktemp("olds"))


def contents(path: Path) -> dict[str, list[Any]]:
    """Return every row of a database by its table, full text apart; what later schemas add to a row is left out."""
    database = sqlite3.connect(path)
    try:
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'search*'"
            " AND name NOT GLOB 'sqlite*'"
        ).fetchall()
        return {table: database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for (table,) in tables}
    finally:
        database.close()


def kept(rows: dict[str, list[Any]], of: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return what ``rows`` says of the tables and columns that ``of`` has, but for keys that are computed anew."""
    found = {}
    for table, old in of.items():
        width = len(old[0]) if old else 0
        found[table] = [row[:18] if table == "entity" else row[:width] for row in rows[table]]
    return found


def check_sound(path: Path) -> None:
    """Check all that doctor checks of a database of the present schema."""
    database = sqlite3.connect(path)
    try:
        assert database.execute("PRAGMA user_version").fetchone() == (connection.SCHEMA_VERSION,)
        assert integrity(database) == [] and orphans(database) == [] and strange_objects(database) == {}
        assert list(breaches(database)) == []
        assert wrong_keys(database).many == 0
        assert full_text_differs(database) == 0
    finally:
        database.close()


def copies(path: Path) -> list[Path]:
    """Return the copies that were laid beside a database before its migration."""
    return [found for found in path.parent.glob(f"{path.name}.before-v*") if not found.name.endswith(("-wal", "-shm"))]


def migrate(path: Path, die_at: int | None = None, *, copying: bool = False) -> int:
    """Open a database in another process, and return how many statements there were.

    It dies before the nth of them, or (``copying``) when the copy is made and does not have its name yet.
    """
    count = 0

    def before_a_statement(_sql: str) -> None:
        nonlocal count
        count += 1
        if count == die_at:
            os._exit(DIED)

    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read)
            connect = connection._connect

            def traced(*arguments: Any) -> sqlite3.Connection:
                opened = connect(*arguments)
                opened.set_trace_callback(before_a_statement)
                return opened

            connection._connect = traced
            if copying:
                backup.put_in_place = lambda *_names: os._exit(DIED)
            connection.open_writing(Session(db=str(path))).close()
            os.write(write, str(count).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as told:
        said = told.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended == (DIED if die_at or copying else 0), ended
    return int(said or 0)


def places(count: int) -> Iterator[int]:
    yield from sorted({round(1 + n * (count - 1) / max(1, POINTS - 1)) for n in range(POINTS)} & {*range(1, count + 1)})


def as_it_was(old: Path, directory: Path) -> Path:
    """Copy an old database to a directory of its own."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    path = directory / "test.db"
    shutil.copy(old, path)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("version", OLDER)
def test_a_migration_killed_at_a_statement_goes_on_the_next_time(olds: Olds, tmp_path: Path, version: int) -> None:
    before = contents(olds[version])
    assert before["change"] and before["entity"] and before["contact_point"]
    count = migrate(as_it_was(olds[version], tmp_path / "whole"))
    expected = contents(tmp_path / "whole/test.db")
    assert kept(expected, before) == kept(before, before)
    check_sound(tmp_path / "whole/test.db")
    tried = 0
    for place in places(count):
        path = as_it_was(olds[version], tmp_path / "killed")
        migrate(path, die_at=place)
        database = sqlite3.connect(path)
        reached = database.execute("PRAGMA user_version").fetchone()[0]
        database.close()
        # Whole migrations are there, or are not: never a half of one.
        assert version <= reached <= connection.SCHEMA_VERSION
        assert kept(contents(path), before) == kept(before, before), place
        for copy in copies(path):
            assert contents(copy) == before, place
        # Whichever was the last to be done, a copy of what was there before the first was there.
        assert reached == version or len(copies(path)) == 1
        migrate(path)
        assert contents(path) == expected, place
        check_sound(path)
        assert all(contents(copy)["operation"] == before["operation"] for copy in copies(path))
        assert {name.stat().st_mode & 0o077 for name in path.parent.iterdir()} == {0}
        assert not [name.name for name in path.parent.iterdir() if name.name.startswith(".")], place
        tried += 1
    print(f"from schema {version}: killed at {tried} of {count} statements")
    assert tried >= min(POINTS, count) and count > 10


def test_a_copy_has_its_name_once_it_is_whole(olds: Olds, tmp_path: Path) -> None:
    path = as_it_was(olds[OLDER[-1]], tmp_path / "killed")
    migrate(path, copying=True)
    assert copies(path) == [] and len([*path.parent.glob(".dkcrm-*")]) == 1
    migrate(path)
    assert len(copies(path)) == 1 and not [*path.parent.glob(".dkcrm-*")]
    check_sound(path)


@pytest.mark.parametrize("version", OLDER if ALL else [OLDER[0]])
def test_eight_at_once_migrate_a_database_of_an_older_schema(olds: Olds, tmp_path: Path, version: int) -> None:
    path = as_it_was(olds[version], tmp_path / "eight")
    before = contents(path)
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "dkcrm", *(["list"] if n % 2 else ["tag", "1", f"t{n}"]), "--quiet"],
            env={**os.environ, "DKCRM_DB": str(path), "DKCRM_WAIT": "120"}, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )
        for n in range(8)
    ]  # fmt: skip
    told = [child.communicate()[1] for child in children]
    assert [(child.returncode, err) for child, err in zip(children, told, strict=True)] == [(0, "")] * 8
    check_sound(path)
    after = contents(path)
    assert len(after["operation"]) == len(before["operation"]) + 4
    (copy,) = copies(path)
    assert contents(copy) == before


def test_the_versions_are_all_those_that_landed() -> None:
    assert tuple(addressbook.SCHEMAS) == tuple(range(1, len(migrations.MIGRATIONS) + 1))
