"""A database put in the place of the same one in plain, or encrypted: written beside it, compared, and then renamed.

Killed at whatever moment there is the old file or the new one under the name, whole. While it is done nobody else can
have the database open: who has makes it ``Busy``, and who comes waits, and opens what is there then by its name.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator

from dkcrm.errors import Busy, StorageError
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.backup import damaged, verify
from dkcrm.store.cipher import key_for, key_literal
from dkcrm.store.copies import is_whole, replace, tidy
from dkcrm.store.explaining import explain
from dkcrm.store.files import remove, sync
from dkcrm.store.trust import new_file

_CHUNK = 1 << 20
#: Seconds for which others are kept out once the name is that of the new file: who has just opened the old one, and
#: not yet tried to read it, finds it locked then, and opens the new one.
_LINGER = 0.2
#: The databases in whose place this process has put another file, for what is said when it is interrupted after that.
swapped: list[str] = []


def swap(
    session: Session,
    key: str | None,
    new: str | None,
    *,
    keep: str | None = None,
    ready: Callable[[], None] | None = None,
) -> int:
    """Put the database, read with ``key``, in its own place as one with the key ``new``; None is one in plain.

    ``ready`` is called when the new file is whole and the old one still there; what it raises leaves the old one. The
    old one is overwritten, if it is in plain, or kept under the name ``keep``. Returns the bytes of the new one. Raises
    Busy, StorageError.
    """
    path = os.path.realpath(session.db)
    tidy(path)
    fresh = f"{path}.new-{os.getpid()}-{session.entropy(4).hex()}"
    try:
        # The file that is opened here is closed after the connection: before, it would take its lock away.
        with open(path, "r+b") as old, _alone(session, path, key) as source:
            if not os.path.samestat(os.fstat(old.fileno()), os.stat(path)):
                raise _busy(session)
            try:
                new_file(fresh, like=path)
                _write(source, fresh, new)
                verify(fresh, new)
                sync(fresh)
                if ready is not None:
                    ready()
                if keep is not None:
                    os.link(path, keep)
                size = os.path.getsize(fresh)
                swapped.append(session.db)
                os.rename(fresh, path)
            except BaseException:
                if os.path.lexists(fresh):
                    swapped.clear()
                    remove(fresh)
                    source.execute("PRAGMA main.journal_mode=WAL")
                    if keep is not None:
                        remove(keep)
                raise
            sync(path)
            if key is None:
                wipe(old)
            time.sleep(_LINGER)
    except engine.Error as error:
        raise explain(error, session.db) from error
    except OSError as error:
        raise StorageError(
            _("cannot write beside {path}: {why}").format(path=session.db, why=error.strerror or error),
            code="io",
            hint=_("the database is as it was; check the directory, its rights and its room"),
        ) from error
    return size


@contextlib.contextmanager
def _alone(session: Session, path: str, key: str | None) -> Iterator[sqlite3.Connection]:
    """Give a connection to the database while nobody else has one; its log is emptied, and put away.

    A log goes by its name: it must not be there any more to be taken away when this connection ends, since by then the
    name is that of the new database's.
    """
    until = time.monotonic() + session.wait
    while True:
        connection = engine.connect(path, "rw", key, cipher=True, timeout=0)
        try:
            connection.execute("PRAGMA main.locking_mode=EXCLUSIVE")
            connection.execute("SELECT count(*) FROM main.sqlite_master").fetchone()
            connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
            if connection.execute("PRAGMA main.journal_mode=DELETE").fetchone()[0] == "delete":
                break
        except engine.Error as error:
            if not engine.is_busy(error):
                connection.close()
                raise
        connection.close()
        if time.monotonic() >= until:
            raise _busy(session)
        time.sleep(0.02)
    try:
        yield connection
    finally:
        connection.close()


def _busy(session: Session) -> Busy:
    return Busy(
        _("somebody has the database open: {path}").format(path=session.db),
        hint=_("nothing was changed; try again when no other command is at work on it"),
    )


def _write(source: sqlite3.Connection, fresh: str, key: str | None) -> None:
    """Write what is in a database to an empty file, and compare it row by row. Raises StorageError where it differs."""
    _export(source, fresh, key)
    connection = engine.connect(fresh, key=key, cipher=True)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _export(source: sqlite3.Connection, fresh: str, key: str | None) -> None:
    source.execute(f"ATTACH ? AS fresh KEY {key_literal(key)}", (f"{engine.file_uri(fresh)}?mode=rw",))
    source.execute("PRAGMA fresh.synchronous=OFF")
    # Without any journal a full disk would leave pages of which SQLite says that the database is damaged.
    source.execute("PRAGMA fresh.journal_mode=MEMORY")
    source.execute("SELECT sqlcipher_export('fresh')")
    for name in ("application_id", "user_version"):
        source.execute(f"PRAGMA fresh.{name}={int(source.execute(f'PRAGMA main.{name}').fetchone()[0])}")
    different = _first_difference(source)
    source.execute("DETACH fresh")
    if different is not None:
        raise StorageError(
            _("the new file is not what the old one is ({where})").format(where=different),
            hint=_("nothing was changed; look for damage: dkcrm doctor"),
        )


_SCHEMA = "SELECT type, name, tbl_name, sql FROM {of}.sqlite_master WHERE name NOT GLOB 'sqlite_autoindex*'"


def _first_difference(connection: sqlite3.Connection) -> str | None:
    """Return the table in which the databases ``main`` and ``fresh`` differ, or None."""
    for one, other in (("main", "fresh"), ("fresh", "main")):
        sql = f"{_SCHEMA.format(of=one)} EXCEPT {_SCHEMA.format(of=other)} LIMIT 1"
        row = connection.execute(sql).fetchone()
        if row:
            return str(row[1])
    tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND rootpage > 0"
    without_rowid = {row[0] for row in connection.execute("SELECT name FROM pragma_table_list WHERE wr = 1")}
    for (table,) in connection.execute(tables).fetchall():
        name = _quoted(table)
        said = connection.execute(f"PRAGMA main.table_info({name})").fetchall()
        keys = ["name"] if table == "sqlite_sequence" else [_quoted(row[1]) for row in said if row[5]]
        by_key = table in without_rowid or table == "sqlite_sequence"
        same = " AND ".join(f"a.{_quoted(row[1])} IS b.{_quoted(row[1])} COLLATE BINARY" for row in said)
        on = " AND ".join(f"a.{key} = b.{key}" for key in keys) if by_key else "a.rowid = b.rowid"
        row = connection.execute(
            f"SELECT (SELECT count(*) FROM main.{name}) = (SELECT count(*) FROM fresh.{name}),"
            f" EXISTS (SELECT 1 FROM main.{name} a LEFT JOIN fresh.{name} b ON {on} WHERE NOT ({same}))"
        ).fetchone()
        if row != (1, 0):
            return str(table)
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def wipe(file: object) -> None:
    """Overwrite a file that has lost its name, once. What the disk keeps elsewhere is out of reach. Raises OSError."""
    handle: int = file.fileno()  # type: ignore[attr-defined]
    status = os.fstat(handle)
    if status.st_nlink:
        return  # it has another name, and is somebody's
    nothing = bytes(_CHUNK)
    for place in range(0, status.st_size, _CHUNK):
        os.pwrite(handle, nothing[: status.st_size - place], place)
    os.fsync(handle)


def rewrite_copy(session: Session, path: str, new: str | None) -> None:
    """Put a backup in its own place as one with another key, with its sum. Raises StorageError, OSError."""
    fresh = os.path.join(os.path.dirname(os.path.abspath(path)), f".dkcrm-{os.getpid()}-{session.entropy(4).hex()}")
    key = key_for(path, session)
    if not is_whole(path):
        raise damaged(path, _("its SHA-256 is not the one beside it"))
    connection = engine.connect(path, "ro&immutable=1", key, cipher=True)
    try:
        new_file(fresh, like=path)
        _export(connection, fresh, new)
        verify(fresh, new)
        sync(fresh)
        with open(path, "r+b") as old:
            replace(session, fresh, path)
            if key is None:
                wipe(old)
    except engine.Error as error:
        raise explain(error, path) from error
    finally:
        connection.close()
        remove(fresh)
