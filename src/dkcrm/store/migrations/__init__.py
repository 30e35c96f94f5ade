"""Schema changes: one a file, in order, frozen once landed, each atomic with its version number.

A file ``m0002_what.py`` has one function, ``apply(db)``, which gets a ``sqlite_utils.Database`` inside a transaction.
``executescript`` commits, so statements go one by one through ``db.execute``.
"""

from __future__ import annotations

import sqlite3
from importlib import import_module

from dkcrm.session import Session
from dkcrm.store.backup import keep_copy
from dkcrm.store.connection import APPLICATION_ID, SCHEMA_VERSION
from dkcrm.store.files import free_name

MIGRATIONS = ("m0001_initial", "m0002_imports", "m0003_finding", "m0004_tasks", "m0005_around", "m0006_privacy")


def build(connection: sqlite3.Connection) -> None:
    """Bring an empty database to the present schema, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    for number, name in enumerate(MIGRATIONS, start=1):
        _apply(connection, number, name)
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, session: Session) -> None:
    """Apply what is pending to a database that exists; a copy is laid beside it before the first change.

    Each migration is a transaction of its own, begun under the write lock, so that of several processes that start at
    once one migrates and the others find the work done.
    """
    path, now = session.db, session.clock()
    backed_up = False
    while True:
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version >= SCHEMA_VERSION:
                connection.execute("ROLLBACK")
                return
            if not backed_up:
                stamp = now.replace(":", "").replace("-", "")
                keep_copy(session, free_name(f"{path}.before-v{SCHEMA_VERSION}-{stamp}"), connection)
                backed_up = True
            _apply(connection, version + 1, MIGRATIONS[version])
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def upgrade(connection: sqlite3.Connection) -> None:
    """Apply what is pending to a copy that nobody else uses."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number in range(version + 1, SCHEMA_VERSION + 1):
        connection.execute("BEGIN IMMEDIATE")
        _apply(connection, number, MIGRATIONS[number - 1])
        connection.execute("COMMIT")


def _apply(connection: sqlite3.Connection, number: int, name: str) -> None:
    import sqlite_utils

    module = import_module(f"dkcrm.store.migrations.{name}")
    module.apply(sqlite_utils.Database(connection))
    connection.execute(f"PRAGMA user_version={number}")
