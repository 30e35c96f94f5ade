"""Putting the rows of a backup in the place of the present ones, in one transaction.

Only rows are taken, and only of tables that dkcrm has: whatever else somebody put into the file (triggers, views)
stays there. Who has the database open meanwhile sees the old state until the new one stands, and no half of either.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from dkcrm.errors import DkcrmError, StorageError
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.backup import keep_copy
from dkcrm.store.cipher import key_for, key_literal
from dkcrm.store.cleaning import announce
from dkcrm.store.connection import SCHEMA_VERSION, open_writing
from dkcrm.store.copies import erase_known, held_in
from dkcrm.store.explaining import explain
from dkcrm.store.files import copy_file, sync
from dkcrm.store.indexing import make_anew
from dkcrm.store.ledger import Ledger, in_database, in_file
from dkcrm.store.migrations import upgrade
from dkcrm.store.trust import new_file

_BESIDE = ("", "-wal", "-shm")
#: The backups whose rows this process has put back, for what is said when it is interrupted after that.
restored: list[str] = []


@contextlib.contextmanager
def readable(path: str, session: Session) -> Iterator[str]:
    """Give a database of the present schema that has the backup's rows: itself, or a copy brought up to date.

    The copy (mode 0600, next to the database) goes at the end; the backup stays as it is, byte for byte.
    """
    key = key_for(path, session)
    if _is_present(path, key):
        yield path
        return
    copy = f"{session.db}.restoring-{os.getpid()}"
    try:
        new_file(copy)
        copy_file(path, copy)
        connection = engine.connect(copy, key=key)
        try:
            connection.execute("PRAGMA trusted_schema=OFF")
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute('DROP TRIGGER "' + name.replace('"', '""') + '"')
            upgrade(connection)
        except engine.Error as error:
            raise explain(error, path) from error
        finally:
            connection.close()
        yield copy
    finally:
        for suffix in (*_BESIDE, "-journal"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(copy + suffix)


def _is_present(path: str, key: str | None) -> bool:
    connection = engine.connect(path, "ro&immutable=1", key)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0]) == SCHEMA_VERSION
    finally:
        connection.close()


class Replaced(NamedTuple):
    """What became of a replacement: was there anything before, and who was in the backup and stays erased."""

    there: bool
    erased: list[int]


def replace_rows(session: Session, source: str, keep: str) -> Replaced:
    """Let the rows of ``source`` stand in the place of all that is there.

    Whoever was erased, as the database, the backup or the file beside the database knows, is erased from what comes,
    in the same transaction; the files are then the caller's to clean (``cleaning.finish``).

    What was there is first copied to ``keep``; where it is too damaged to be read, the file itself is moved there.
    Numbers that were given are not given again. Raises StorageError, Busy.
    """
    there = os.path.lexists(session.db)
    try:
        erased = _replace(session, source, keep if there else None)
    except StorageError as error:
        erased = _replace_damaged(session, source, keep, error)
    except engine.DatabaseError as error:
        erased = _replace_damaged(session, source, keep, explain(error, session.db))
    return Replaced(there, erased)


def _replace_damaged(session: Session, source: str, keep: str, trouble: DkcrmError) -> list[int]:
    """Put a backup where a database is too damaged to be read. Raises what is in the way, where that is not it."""
    if trouble.code != "corrupt_database" or not os.path.lexists(session.db):
        raise trouble
    _move_aside(session.db, keep)
    return _replace(session, source, None)


def _replace(session: Session, source: str, keep: str | None) -> list[int]:
    key = key_for(source, session)
    connection = open_writing(session, cipher=key is not None)
    try:
        connection.execute("PRAGMA foreign_keys=OFF")
        # An engine that knows of keys would take that of the database where none is named.
        with_key = f" KEY {key_literal(key)}" if key is not None or engine.key_of(connection) is not None else ""
        uri = f"{engine.file_uri(source)}?mode=ro&immutable=1"
        connection.execute(f"ATTACH ? AS backup{with_key}", (uri,))
        connection.execute("BEGIN IMMEDIATE")
        if keep is not None:
            # Nobody else can write any more: the copy is what goes.
            keep_copy(session, keep, connection)
        ledger = Ledger([*in_file(session.db), *in_database(connection, "backup"), *in_database(connection)])
        if held_in(source, key, ledger):
            # From here on the log has their rows, even if this never comes to its end.
            announce(session.db)
        _unite(connection, ledger)
        for table in _tables(connection):
            names = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM backup.{table}")
        connection.execute(
            "UPDATE main.sqlite_sequence AS s SET seq = max(seq, coalesce("
            "(SELECT b.seq FROM backup.sqlite_sequence b WHERE b.name = s.name), 0))"
        )
        make_anew(connection)
        erased = erase_known(session, connection, ledger)
        try:
            restored.append(source)
            connection.execute("COMMIT")
        finally:  # a signal is heard once it has returned: then it is written
            if connection.in_transaction:
                restored.remove(source)
        return erased
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.close()


def _unite(connection: sqlite3.Connection, ledger: Ledger) -> None:
    """Add the tombstones of a backup, and what it says was given out, to those that are there: none is ever lost."""
    connection.execute("UPDATE main.erased SET operation_id = NULL")
    connection.execute(
        "INSERT INTO main.erased (number, at, actor, reason, operation_id, key, mark)"
        " SELECT number, at, actor, reason, operation_id, key, mark FROM backup.erased WHERE 1"
        " ON CONFLICT (key, mark) DO UPDATE SET operation_id = excluded.operation_id"
    )
    connection.executemany(
        "INSERT INTO main.erased (number, at, actor, reason, key, mark) VALUES (?, ?, '', ?, ?, ?)"
        " ON CONFLICT (key, mark) DO NOTHING",
        [tuple(one) for one in ledger.marks.values()],
    )
    connection.execute(
        "INSERT INTO main.disclosed (number, at, actor) SELECT number, at, actor FROM backup.disclosed"
        " EXCEPT SELECT number, at, actor FROM main.disclosed"
    )


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of the present schema that hold rows, those of full text left out."""
    rows = connection.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND name NOT IN ('search', 'erased', 'disclosed') AND name NOT GLOB 'search_*' ORDER BY rowid"
    )
    return [row[0] for row in rows]


def _move_aside(path: str, keep: str) -> None:
    for suffix in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            os.rename(path + suffix, keep + suffix)
    sync(keep)
