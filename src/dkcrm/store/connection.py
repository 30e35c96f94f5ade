"""Opening the database: pragmas, file modes, schema version, and what an error of SQLite means for a user.

Readers open it read-only. Writers get WAL with ``synchronous=FULL``: what was acknowledged survives a power cut
(measured: NORMAL lost the last commit in 28 of 400).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from dkcrm import stopping
from dkcrm.errors import Busy, DkcrmError, InvalidInput, StorageError
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store import engine, trust

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
    trust.check(path)
    if not os.path.lexists(path):
        from dkcrm.store.creating import check_directory, empty

        check_directory(path, session)
        return empty()
    _finish_erasure(session)
    # Where nobody can write there is no log to read beside the file, nor room for one.
    connection, version = _open(session, "ro&immutable=1" if _frozen(path) else "ro")
    if version < SCHEMA_VERSION:
        connection.close()
        open_writing(session).close()
        connection, version = _open(session, "ro")
    connection.execute("PRAGMA query_only=ON")
    connection.execute("BEGIN")
    return connection


def open_writing(session: Session, *, cipher: bool = False) -> sqlite3.Connection:
    """Return a connection that may write, creating or migrating the database first where needed.

    With ``cipher`` it can attach an encrypted file, be the database one or not.
    """
    path = session.db
    trust.check(path)
    if not os.path.lexists(path):
        from dkcrm.store.creating import check_directory, create, empty

        if session.dry_run:
            check_directory(path, session)
            return empty(writable=True)
        create(path, session)
    _finish_erasure(session)
    connection, version = _open(session, "rw", cipher=cipher)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        # A command that was killed while it put a new file in the place of this one had the log put away.
        with contextlib.suppress(*engine.Error):
            connection.execute("PRAGMA journal_mode=WAL")
    if version < SCHEMA_VERSION:
        from dkcrm.store.migrations import migrate

        migrate(connection, session)
    return connection


def _finish_erasure(session: Session) -> None:
    """Clean what an erasure had to leave, where somebody was reading: a file beside the database says so."""
    if os.path.exists(f"{session.db}.erasing"):
        from dkcrm.store.cleaning import finish

        finish(session)


def _frozen(path: str) -> bool:
    """Tell whether a database stands where nothing can be written, as on a read-only file system."""
    return not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK) and not os.path.exists(path + "-wal")


def _open(
    session: Session, mode: str, *, cipher: bool = False, wait: float | None = None
) -> tuple[sqlite3.Connection, int]:
    """Return a connection to the database, and the version of its schema; others are waited for as long as is allowed.

    Nobody waits on an open file: it is opened anew by its name for each try, since encrypting, decrypting and large
    imports put another file there, and what is written to the one before would be lost. Whether it is encrypted shows
    when SQLite can make nothing of it, so that one in plain is opened as if there were no such thing.
    """
    path = session.db
    wait = session.wait if wait is None else wait
    until = time.monotonic() + wait
    pause, put_back = 0.001, False
    while True:
        there = _file(path)
        connection = _connect(session, mode, cipher)
        try:
            version = _check_version(connection, path)
            if _file(path) != there:
                connection.close()
                continue
            connection.execute(f"PRAGMA busy_timeout={int(wait * 1000)}")
            return connection, version
        except engine.DatabaseError as error:
            connection.close()
            if _file(path) not in (there, None):
                continue
            if engine.is_busy(error) and time.monotonic() < until:
                time.sleep(pause)
                pause = min(2 * pause, 0.05)
            elif mode == "ro" and not put_back and os.path.exists(f"{os.path.realpath(path)}-journal"):
                # A command was killed while it put the log away: the page that it was at is put back by who may write.
                put_back = True
                _open(session, "rw", cipher=cipher, wait=wait)[0].close()
            elif not engine.is_no_database(error):
                raise explain(error, path) from error
            elif not _is_other_kind(session):
                raise _foreign(path, _("it is not an SQLite file")) from error
        except BaseException:
            connection.close()
            raise


def _file(path: str) -> tuple[int, int] | None:
    """Return what tells the file that has a name from another one that had it before."""
    try:
        there = os.stat(path)
    except OSError:
        return None
    return there.st_dev, there.st_ino


def open_again(session: Session, wait: float) -> sqlite3.Connection:
    """Return a connection that may write, to a database that is taken as it is; others are waited for so long."""
    return _open(session, "rw", wait=wait)[0]


def begin(connection: sqlite3.Connection, session: Session) -> None:
    """Begin a transaction that may write; others are waited for as long as is allowed. Raises Busy, StorageError."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except engine.Error as error:
        raise explain(error, session.db) from error


def _is_other_kind(session: Session) -> bool:
    """Find out, where SQLite made nothing of the database, whether it is encrypted; tell if that is news.

    Raises StorageError where it is, and the key is not that of the file.
    """
    from dkcrm.store.cipher import looks_encrypted, wrong_key

    known, session.encrypted = session.encrypted, looks_encrypted(session.db)
    if known and session.encrypted:
        raise wrong_key(session.db)
    return known != session.encrypted


def _connect(session: Session, mode: str, cipher: bool) -> sqlite3.Connection:
    path = session.db
    try:
        if os.path.isdir(path):
            raise StorageError(
                _("the database path is a directory: {path}").format(path=path),
                code="unreachable_database",
                hint=_("name a file: --db {path}").format(path=os.path.join(path, "dkcrm.db")),
            )
        if os.path.getsize(path) == 0:
            raise _foreign(path, _("it is empty"))
        if not session.encrypted:
            return engine.connect(path, mode, cipher=cipher, timeout=0)
        from dkcrm.store.keysource import key_of

        return engine.connect(path, mode, key_of(session, path), timeout=0)
    except OSError as error:
        raise unreachable(path, error) from error
    except engine.Error as error:
        raise explain(error, path) from error


def _check_version(connection: sqlite3.Connection, path: str) -> int:
    """Return the schema version of a database, or refuse one that is foreign or newer. Raises what SQLite raises."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID:
        raise _foreign(path, _("it was made by another program"))
    if version > SCHEMA_VERSION:
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


def unreachable(path: str, error: OSError) -> StorageError:
    """Return the error for a file or directory that cannot be used."""
    return StorageError(
        _("cannot open the database {path}: {why}").format(path=path, why=error.strerror or error),
        code="unreachable_database",
        hint=_("check the path and its permissions, or name another file with --db or DKCRM_DB"),
    )


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


def explain(error: Exception, path: str) -> DkcrmError:
    """Return what an error of SQLite means for the user, with the exit status that goes with it."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error)
    if engine.is_busy(error):
        return Busy(
            _("the database is locked by another command: {path}").format(path=path),
            hint=_("nothing was written; try again, or wait longer with DKCRM_WAIT=30"),
        )
    if engine.is_no_database(error) and isinstance(error, sqlite3.Error):
        return _foreign(path, _("it is not an SQLite file"))
    # Of an encrypted file that its key has opened it says so for a page whose sum is not that of the page.
    if name.startswith("SQLITE_CORRUPT") or "malformed" in text or engine.is_no_database(error):
        return StorageError(
            _("the database is damaged: {path} ({why})").format(path=path, why=text),
            code="corrupt_database",
            hint=_("restore it from a backup; copies made before an upgrade lie beside it"),
        )
    if "decode to UTF-8" in text:  # what SQLite's module says has the text in it
        return StorageError(
            _("the database is damaged: {path} ({why})").format(path=path, why=_("bytes that are not valid text")),
            code="corrupt_database",
            hint=_("dkcrm doctor says where; or restore it from a backup"),
        )
    failing = name.startswith("SQLITE_IOERR") or "disk I/O error" in text
    if name.startswith("SQLITE_FULL") or "disk is full" in text or (failing and _no_room(path)):
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
