"""SQLite: the one place where files are opened, and what is caught when it reports an error.

It is Python's own ``sqlite3``; for an encrypted file it is ``sqlcipher3``, whose exceptions are classes of their own.
The names below are looked up when something is caught, and ``cipher`` adds those classes once it is loaded: so import
this module, not what is in it, and write ``except engine.Error``.
"""

from __future__ import annotations

import os
import sqlite3

Error: tuple[type[Exception], ...] = (sqlite3.Error,)
DatabaseError: tuple[type[Exception], ...] = (sqlite3.DatabaseError,)
IntegrityError: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)


def connect(
    path: str, mode: str = "rw", key: str | None = None, *, cipher: bool = False, timeout: float = 5.0
) -> sqlite3.Connection:
    """Open a database file that is there: ``rw``, ``ro``, or ``ro&immutable=1``. Raises what ``Error`` names.

    With a key it is an encrypted one. ``cipher`` opens one without a key by the same engine, which can attach both
    kinds: two engines must never have one file open in one process, for each would take the other's locks away.
    """
    uri = f"{file_uri(path)}?mode={mode}"
    if key is not None or cipher:
        from dkcrm.store.cipher import open_uri

        return open_uri(uri, key, timeout)
    return sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, cached_statements=256)


def memory() -> sqlite3.Connection:
    """Return an empty database that is in no file."""
    return sqlite3.connect(":memory:", isolation_level=None)


def again(connection: sqlite3.Connection, path: str, mode: str = "rw") -> sqlite3.Connection:
    """Open a file as another connection of this process is open: by the same engine, with the same key."""
    return connect(path, mode, key_of(connection), cipher=not isinstance(connection, sqlite3.Connection))


def key_of(connection: sqlite3.Connection) -> str | None:
    """Return the key of a connection to an encrypted file, else None."""
    key: str | None = getattr(connection, "key", None)
    return key


def file_uri(path: str) -> str:
    """Return a path as the URI that SQLite needs to be told a mode; nothing in the path means anything in it.

    A path may hold bytes that are no text, which only an argument that is ASCII gets through ATTACH.
    """
    return "file:" + "".join(
        chr(byte) if 32 < byte < 127 and byte not in b"%?#" else f"%{byte:02x}"
        for byte in os.fsencode(os.path.abspath(path))
    )


def is_no_database(error: BaseException) -> bool:
    """Tell whether SQLite could make nothing of a file: it is none of its files, or encrypted with another key."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith("SQLITE_NOTADB") or "not a database" in str(error)


def is_busy(error: BaseException) -> bool:
    """Tell whether another process was in the way."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "locked" in str(error)
