"""Copies of the database: taken while others write, verified, and told from any other file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from glob import escape, glob
from typing import NamedTuple

from dkcrm.durable import sync_name
from dkcrm.errors import StorageError
from dkcrm.i18n import _
from dkcrm.store.connection import APPLICATION_ID, SCHEMA_VERSION, file_uri
from dkcrm.store.files import put_in_place, sync
from dkcrm.store.trust import new_file

_CHUNK = 1 << 20


class Facts(NamedTuple):
    """What a copy holds: the version of its schema, how many entities and operations, and when the last one was."""

    schema: int
    entities: int
    operations: int
    last_at: str | None


def copy_database(path: str, copy: str) -> None:
    """Copy a database as it stands, consistent while others write, mode 0600; an existing file is never replaced.

    The copy is one file, without a log beside it, and on the disk when this returns.
    """
    new_file(copy, like=path)
    source = sqlite3.connect(f"{file_uri(path)}?mode=ro", uri=True)
    try:
        target = sqlite3.connect(os.path.abspath(copy), isolation_level=None)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        finally:
            target.close()
    finally:
        source.close()
    sync(copy)


def keep_copy(path: str, copy: str) -> None:
    """Lay a copy of a database beside it, which has its name only once it is whole. The caller holds the write lock.

    What a killed command left half copied goes.
    """
    directory, name = os.path.split(os.path.abspath(copy))
    stem = os.path.basename(path)
    for left in glob(os.path.join(escape(directory), f".dkcrm-*-{escape(stem)}.before-*")):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(left)
    fresh = os.path.join(directory, f".dkcrm-{os.getpid()}-{name}")
    try:
        copy_database(path, fresh)
        put_in_place(fresh, copy)
        sync_name(copy)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)


def digest(path: str) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while data := file.read(_CHUNK):
            found.update(data)
    return found.hexdigest()


def verify(path: str) -> Facts:
    """Check a copy through and through, without changing a byte of it or of what lies beside it.

    Raises StorageError: ``foreign_database`` for what is none of ours, ``newer_database``, and ``damaged_backup``.
    """
    try:
        connection = sqlite3.connect(f"{file_uri(path)}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise damaged(path, str(error)) from error
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
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
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise _foreign(path) from error
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
