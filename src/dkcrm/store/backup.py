"""Copies of the database: taken while others write, verified, and told from any other file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from glob import escape, glob
from typing import NamedTuple

from dkcrm.durable import sync_name
from dkcrm.errors import StorageError
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.cipher import key_for, wrong_key
from dkcrm.store.connection import APPLICATION_ID, SCHEMA_VERSION
from dkcrm.store.files import put_in_place, sync
from dkcrm.store.trust import new_file

_CHUNK = 1 << 20


class Facts(NamedTuple):
    """What a copy holds: the version of its schema, how many entities and operations, and when the last one was."""

    schema: int
    entities: int
    operations: int
    last_at: str | None


@contextlib.contextmanager
def as_it_is(session: Session) -> Iterator[sqlite3.Connection]:
    """Give a connection that reads the database, of whatever schema; this process must have no other one to it."""
    connection = engine.connect(session.db, "ro", key_for(session.db, session))
    try:
        _readable(connection, session.db)
        yield connection
    finally:
        connection.close()


def copy_database(session: Session, copy: str, beside: sqlite3.Connection | None = None) -> None:
    """Copy the database as it stands, consistent while others write, mode 0600; an existing file is never replaced.

    The copy is one file, without a log beside it, and on the disk when this returns; of an encrypted database it is
    encrypted with the same key. ``beside`` is the connection that this process has to it already, where it has one.
    """
    path = session.db
    source = engine.again(beside, path, "ro") if beside else engine.connect(path, "ro", key_for(path, session))
    try:
        _readable(source, path)
        new_file(copy, like=path)
        target = engine.again(source, copy)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        finally:
            target.close()
    finally:
        source.close()
    sync(copy)


def keep_copy(session: Session, copy: str, beside: sqlite3.Connection) -> None:
    """Lay a copy of the database beside it, which has its name only once it is whole. The caller holds the write lock.

    ``beside`` is the connection that has it. What a killed command left half copied goes.
    """
    directory, name = os.path.split(os.path.abspath(copy))
    stem = os.path.basename(session.db)
    for left in glob(os.path.join(escape(directory), f".dkcrm-*-{escape(stem)}.before-*")):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(left)
    fresh = os.path.join(directory, f".dkcrm-{os.getpid()}-{name}")
    try:
        copy_database(session, fresh, beside)
        put_in_place(fresh, copy)
        sync_name(copy)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)


def _readable(connection: sqlite3.Connection, path: str) -> None:
    """See that a connection can read its file. Raises StorageError where its key is another one."""
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except engine.DatabaseError as error:
        if engine.key_of(connection) is not None and engine.is_no_database(error):
            raise wrong_key(path) from error
        raise


def digest(path: str) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while data := file.read(_CHUNK):
            found.update(data)
    return found.hexdigest()


def sum_line(path: str, found: str) -> bytes:
    """Return what stands in the file of a backup's sum: one line as ``sha256sum`` writes and reads it.

    A name with a line break or a backslash is written with escapes, and the line begins with a backslash.
    """
    name = os.path.basename(path)
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n")
    return os.fsencode(("\\" if escaped != name else "") + f"{found}  {escaped}\n")


def said_sum(path: str) -> str | None:
    """Return the sum that a file says, in hexadecimal; None where it says none. Raises OSError."""
    with open(path, encoding="utf-8", errors="replace") as file:
        word = file.read(200).removeprefix("\\").split(" ", 1)[0].strip().lower()
    return word if re.fullmatch(r"[0-9a-f]{64}", word, re.ASCII) else None


def verify(path: str, key: str | None) -> Facts:
    """Check a copy through and through, without changing a byte of it or of what lies beside it.

    Raises StorageError: ``foreign_database`` for what is none of ours, ``newer_database``, ``damaged_backup``, and
    ``wrong_key`` where one is encrypted with another key than this.
    """
    try:
        connection = engine.connect(path, "ro&immutable=1", key)
    except engine.Error as error:
        raise damaged(path, str(error)) from error
    read = False
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
        read = True
        if mark != APPLICATION_ID:
            raise _foreign(path)
        if schema > SCHEMA_VERSION:
            raise StorageError(
                _("{path} is newer than this dkcrm (schema {theirs}, known {ours})").format(
                    path=path, theirs=schema, ours=SCHEMA_VERSION
                ),
                code="newer_database",
                hint=_("upgrade dkcrm: pip install --upgrade dkcrm"),
            )
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise damaged(path, str(found[0]))
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise damaged(path, _("rows refer to rows that are missing"))
        entities = connection.execute("SELECT count(*) FROM entity WHERE merged_into IS NULL").fetchone()[0]
        operations, last = connection.execute("SELECT count(*), max(at) FROM operation").fetchone()
    except engine.DatabaseError as error:
        if engine.is_no_database(error) and not read:
            raise (_foreign(path) if key is None else wrong_key(path)) from error
        raise damaged(path, str(error)) from error
    finally:
        connection.close()
    return Facts(schema, entities, operations, last)


def damaged(path: str, why: str) -> StorageError:
    """Return the error for a copy that is not what it was."""
    return StorageError(
        _("{path} is damaged: {why}").format(path=path, why=why),
        code="damaged_backup",
        hint=_("nothing was changed; take another backup: dkcrm backup list"),
    )


def _foreign(path: str) -> StorageError:
    return StorageError(
        _("{path} is not a backup of dkcrm").format(path=path),
        code="foreign_database",
        hint=_("a backup is what dkcrm backup wrote; other files are for: dkcrm import"),
    )
