"""Databases as older programs have left them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from dkcrm.store import migrations
from dkcrm.store.connection import APPLICATION_ID


def of_old_schema(source: Path, target: Path, version: int = 3) -> None:
    """Make a database of an older schema that has the rows of another as far as that goes."""
    target.touch(0o600)
    database = sqlite3.connect(target, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(f"PRAGMA application_id={APPLICATION_ID}")
    for number in range(1, version + 1):
        migrations._apply(database, number, migrations.MIGRATIONS[number - 1])
    database.execute("ATTACH ? AS whole", (str(source),))
    database.execute("BEGIN")
    for (table,) in database.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT GLOB 'search*'"
        " AND name <> 'sqlite_sequence' ORDER BY rowid"
    ).fetchall():
        names = ", ".join(row[1] for row in database.execute(f"PRAGMA main.table_info({table})"))
        database.execute(f"DELETE FROM main.{table}")
        database.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM whole.{table}")
    # The history of an older program speaks of no table that it did not have.
    database.execute("DELETE FROM main.change WHERE tbl NOT IN (SELECT name FROM main.sqlite_master)")
    database.execute("INSERT INTO search(search) VALUES ('rebuild')")
    database.execute("COMMIT")
    database.close()
