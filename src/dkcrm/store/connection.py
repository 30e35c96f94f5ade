"""Opening the database: pragmas, schema version, and waiting for others.

Readers open it read-only. Writers get WAL with ``synchronous=FULL``: what was acknowledged survives a power cut
(measured: NORMAL lost the last commit in 28 of 400).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time

from dkcrm.errors import StorageError
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store import engine, trust
from dkcrm.store.explaining import explain, foreign, frozen, unreachable

#: The schema that this program reads and writes; store/migrations/ has a file for each number up to it.
SCHEMA_VERSION = 6
#: "dkcr": marks the file as ours in SQLite's header.
APPLICATION_ID = 0x646B6372


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
    connection, version = _open(session, "ro&immutable=1" if frozen(path) else "ro")
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
        from dkcrm.store.cleaning import go_on

        go_on(session)


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
                raise foreign(path, _("it is not an SQLite file")) from error
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
            raise foreign(path, _("it is empty"))
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
        raise foreign(path, _("it was made by another program"))
    if version > SCHEMA_VERSION:
        raise StorageError(
            _("the database {path} is newer than this dkcrm (schema {theirs}, known {ours})").format(
                path=path, theirs=version, ours=SCHEMA_VERSION
            ),
            code="newer_database",
            hint=_("upgrade dkcrm: pip install --upgrade dkcrm"),
        )
    return version
