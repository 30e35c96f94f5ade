"""Opening the database: pragmas, file modes, schema version, and what an error of SQLite means for a user.

A new database is built whole under a temporary name and then linked into place, so that nobody ever sees half of one,
however many processes create it at once. Readers open it read-only. Writers get WAL with ``synchronous=FULL``: what was
acknowledged survives a power cut (measured: NORMAL lost the last commit in 28 of 400).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Any

from dkcrm import stopping
from dkcrm.durable import make_directory, sync_name
from dkcrm.errors import Busy, DkcrmError, InvalidInput, StorageError
from dkcrm.i18n import _
from dkcrm.session import Session

#: The schema that this program reads and writes; store/migrations/ has a file for each number up to it.
SCHEMA_VERSION = 6
#: "dkcr": marks the file as ours in SQLite's header.
APPLICATION_ID = 0x646B6372
#: With less room than this (bytes) a ``-shm`` cannot be made.
_ROOM = 1 << 15


def open_reading(session: Session) -> sqlite3.Connection:
    """Return a connection that cannot write; a database that does not exist yet reads as an empty one.

    All that is read on it is one state of the database, whatever others write meanwhile.
    """
    path = session.db
    if not os.path.lexists(path):
        _check_directory(path, session)
        return _empty()
    _finish_erasure(session)
    connection = _connect(path, session, "ro")
    if _frozen(path):
        # Nobody can write here, so there is no log to read beside the file, nor room for one.
        connection.close()
        connection = _connect(path, session, "ro&immutable=1")
    if _check_version(connection, path) < SCHEMA_VERSION:
        connection.close()
        open_writing(session).close()
        connection = _connect(path, session, "ro")
    connection.execute("PRAGMA query_only=ON")
    connection.execute("BEGIN")
    return connection


def open_writing(session: Session) -> sqlite3.Connection:
    """Return a connection that may write, creating or migrating the database first where needed."""
    path = session.db
    if not os.path.lexists(path):
        if session.dry_run:
            _check_directory(path, session)
            return _empty(writable=True)
        _create(path, session)
    _finish_erasure(session)
    connection = _connect(path, session, "rw")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    if _check_version(connection, path) < SCHEMA_VERSION:
        from dkcrm.store.migrations import migrate

        migrate(connection, path, session.clock())
    return connection


def _finish_erasure(session: Session) -> None:
    """Clean what an erasure had to leave, where somebody was reading: a file beside the database says so."""
    if os.path.exists(f"{session.db}.erasing"):
        from dkcrm.store.cleaning import finish

        finish(session)


def _frozen(path: str) -> bool:
    """Tell whether a database stands where nothing can be written, as on a read-only file system."""
    return not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK) and not os.path.exists(path + "-wal")


def _connect(path: str, session: Session, mode: str) -> sqlite3.Connection:
    try:
        if os.path.isdir(path):
            raise StorageError(
                _("the database path is a directory: {path}").format(path=path),
                code="unreachable_database",
                hint=_("name a file: --db {path}").format(path=os.path.join(path, "dkcrm.db")),
            )
        if os.path.getsize(path) == 0:
            raise _foreign(path, _("it is empty"))
        connection = sqlite3.connect(
            f"{file_uri(path)}?mode={mode}", uri=True, timeout=session.wait, isolation_level=None, cached_statements=256
        )
    except OSError as error:
        raise _unreachable(path, error) from error
    except sqlite3.Error as error:
        raise explain(error, path) from error
    return connection


def file_uri(path: str) -> str:
    """Return a path as the URI that SQLite needs to be told a mode; nothing in the path means anything in it."""
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return "file:" + quoted


def _check_version(connection: sqlite3.Connection, path: str) -> int:
    """Return the schema version of a database, or refuse one that is foreign, newer or corrupt."""
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        connection.close()
        raise explain(error, path) from error
    if application != APPLICATION_ID:
        connection.close()
        raise _foreign(path, _("it was made by another program"))
    if version > SCHEMA_VERSION:
        connection.close()
        raise StorageError(
            _("the database {path} is newer than this dkcrm (schema {theirs}, known {ours})").format(
                path=path, theirs=version, ours=SCHEMA_VERSION
            ),
            code="newer_database",
            hint=_("upgrade dkcrm: pip install --upgrade dkcrm"),
        )
    return version


def _foreign(path: str, why: str) -> StorageError:
    return StorageError(
        _("{path} is not a dkcrm database: {why}").format(path=path, why=why),
        code="foreign_database",
        hint=_("name another file with --db or DKCRM_DB; this one was left as it is"),
    )


def _unreachable(path: str, error: OSError) -> StorageError:
    return StorageError(
        _("cannot open the database {path}: {why}").format(path=path, why=error.strerror or error),
        code="unreachable_database",
        hint=_("check the path and its permissions, or name another file with --db or DKCRM_DB"),
    )


def _check_directory(path: str, session: Session, *, create: bool = False) -> None:
    """Check that the database's directory is there; the user data dir itself is made (0700) when asked for."""
    from dkcrm import config

    directory = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(directory):
        return
    if os.path.abspath(path) == os.path.abspath(config.default_db()):
        if create:
            try:
                make_directory(directory, 0o700)
            except OSError as error:
                raise _unreachable(path, error) from error
        return
    raise StorageError(
        _("the directory of the database does not exist: {path}").format(path=directory),
        code="unreachable_database",
        hint=_("make it first: mkdir -p {path}").format(path=directory),
    )


def _empty(*, writable: bool = False) -> sqlite3.Connection:
    from dkcrm.store.migrations import build

    connection = sqlite3.connect(":memory:", isolation_level=None)
    build(connection)
    if not writable:
        connection.execute("PRAGMA query_only=ON")
    return connection


def _create(path: str, session: Session) -> None:
    """Build a new database beside its place, mode 0600, and link it in; whoever comes second uses the first one's."""
    from dkcrm.store.migrations import build

    _check_directory(path, session, create=True)
    fresh = f"{path}.new-{os.getpid()}-{session.entropy(4).hex()}"
    try:
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600))
        try:
            connection = sqlite3.connect(os.path.abspath(fresh), isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                build(connection)
            finally:
                connection.close()
            _put_in_place(fresh, path)
            sync_name(path)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                try:
                    os.unlink(fresh + suffix)
                except FileNotFoundError:
                    pass
    except OSError as error:
        raise _unreachable(path, error) from error
    except sqlite3.Error as error:
        raise explain(error, path) from error


def _put_in_place(fresh: str, path: str) -> None:
    """Give a finished database its name, unless another process was first."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        if not os.path.lexists(path):
            os.rename(fresh, path)


def _no_room(path: str) -> bool:
    """Tell whether a database's disk is full: where the ``-shm`` cannot grow for that, SQLite does not say so."""
    try:
        there = os.statvfs(os.path.dirname(os.path.abspath(path)))
    except (OSError, AttributeError):
        return False
    return there.f_bavail * there.f_frsize < _ROOM


#: What was raised inside a function that SQLite called: it tells no more of it than that there was something.
_raised: list[BaseException] = []


def guarded(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function for SQLite to call, whose exception ``explain`` remembers."""

    def call(value: Any) -> Any:
        try:
            return function(value)
        except BaseException as error:
            _raised.append(error)
            raise

    return call


def explain(error: sqlite3.Error, path: str) -> DkcrmError:
    """Return what an error of SQLite means for the user, with the exit status that goes with it."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "locked" in text:
        return Busy(
            _("the database is locked by another command: {path}").format(path=path),
            hint=_("nothing was written; try again, or wait longer with DKCRM_WAIT=30"),
        )
    if name.startswith("SQLITE_NOTADB") or "not a database" in text:
        return _foreign(path, _("it is not an SQLite file"))
    if name.startswith("SQLITE_CORRUPT") or "malformed" in text:
        return StorageError(
            _("the database is damaged: {path} ({why})").format(path=path, why=text),
            code="corrupt_database",
            hint=_("restore it from a backup; copies made before an upgrade lie beside it"),
        )
    if name.startswith("SQLITE_FULL") or "disk is full" in text or (name.startswith("SQLITE_IOERR") and _no_room(path)):
        return StorageError(
            _("the disk is full: nothing was written to {path}").format(path=path),
            code="disk_full",
            hint=_("make room and run the command again"),
        )
    if "user-defined function raised exception" in text:
        told = stopping.told()
        if told is not None:
            raise told
        if _raised and isinstance(_raised.pop(), TimeoutError):
            return InvalidInput(
                _("the regular expression takes too long"), hint=_("write it without repetitions inside repetitions")
            )
    cannot_open = name.startswith("SQLITE_CANTOPEN") and os.path.exists(path) and _frozen(path)
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")) or "readonly" in text or cannot_open:
        return StorageError(
            _("the database cannot be written: {path}").format(path=path),
            code="unreachable_database",
            hint=_("check the permissions of the file and of its directory"),
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return StorageError(
            _("cannot open the database {path}").format(path=path),
            code="unreachable_database",
            hint=_("check the path and its permissions, or name another file with --db or DKCRM_DB"),
        )
    return StorageError(_("the database reports: {why} ({path})").format(why=text, path=path))
