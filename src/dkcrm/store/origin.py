"""Whose a copy is: two databases may have one name, or one directory of backups, and one may be a copy of the other.

It is told by the operations, each of which has a uid and stays for good: a copy whose last operation is one of ours is
an earlier state of ours, and one that begins with another operation than we do is another database's. In between is
what was before a restore, what has gone another way since it was copied, and what cannot be read.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable

from dkcrm.errors import DkcrmError
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.backup import as_it_is
from dkcrm.store.cipher import key_for
from dkcrm.store.connection import APPLICATION_ID
from dkcrm.store.copies import is_age

EARLIER, OTHER, UNKNOWN = "earlier", "other", "unknown"

#: The line after the sum of a file that nobody can look into: the last operation of the database in it.
_MARK = re.compile(r"^# dkcrm: ([0-9a-f]{32})$", re.ASCII | re.MULTILINE)


def mark(path: str, key: str | None) -> str:
    """Return what is to be said beside a backup that nobody can look into; "" where there was no operation yet."""
    connection = engine.connect(path, "ro&immutable=1", key)
    try:
        last = _last(connection)
    finally:
        connection.close()
    return f"# dkcrm: {last.hex()}\n" if last else ""


def origins(session: Session, paths: Iterable[str]) -> dict[str, str]:
    """Return for each copy whether it is an ``earlier`` state of the database, an ``other`` one's, or ``unknown``."""
    found = dict.fromkeys(paths, UNKNOWN)
    with contextlib.suppress(DkcrmError, *engine.Error), as_it_is(session) as connection:
        for path in found:
            found[path] = _origin(session, path, connection)
    return found


def _origin(session: Session, path: str, connection: sqlite3.Connection) -> str:
    try:
        first, last = _ends(session, path)
        if last is not None and connection.execute("SELECT 1 FROM operation WHERE uid = ?", (last,)).fetchone():
            return EARLIER
        ours = _first(connection)
    except (DkcrmError, OSError):
        return UNKNOWN
    except engine.Error:
        return UNKNOWN
    if first is None or ours is None:
        return UNKNOWN
    return UNKNOWN if first == ours else OTHER


def _ends(session: Session, path: str) -> tuple[bytes | None, bytes | None]:
    """Return the first and the last operation of a copy, as far as they can be known."""
    if is_age(path):
        with contextlib.suppress(FileNotFoundError), open(f"{path}.sha256", encoding="utf-8", errors="replace") as file:
            found = _MARK.search(file.read(1 << 16))
            return None, bytes.fromhex(found[1]) if found else None
        return None, None
    connection = engine.connect(path, "ro&immutable=1", key_for(path, session))
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            return b"", None
        return _first(connection), _last(connection)
    finally:
        connection.close()


def _first(connection: sqlite3.Connection) -> bytes | None:
    row = connection.execute("SELECT uid FROM operation ORDER BY id LIMIT 1").fetchone()
    return bytes(row[0]) if row else None


def _last(connection: sqlite3.Connection) -> bytes | None:
    """Return the last operation but for erasures: where a copy was rewritten, it has one of its own."""
    row = connection.execute(
        "SELECT uid FROM operation WHERE name <> 'privacy erase' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return bytes(row[0]) if row else None
