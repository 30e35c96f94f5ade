"""What an error of SQLite, or of opening its file, means for a user, with the exit status that goes with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Any

from dkcrm import stopping
from dkcrm.errors import Busy, DkcrmError, InvalidInput, StorageError
from dkcrm.i18n import _
from dkcrm.store import engine

#: With less room than this (bytes) a ``-shm`` cannot be made.
_ROOM = 1 << 15


def foreign(path: str, why: str) -> StorageError:
    """Return the error for a file that is no database of ours."""
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
        return foreign(path, _("it is not an SQLite file"))
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
    cannot_open = name.startswith("SQLITE_CANTOPEN") and os.path.exists(path) and frozen(path)
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


def frozen(path: str) -> bool:
    """Tell whether a database stands where nothing can be written, as on a read-only file system."""
    return not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK) and not os.path.exists(path + "-wal")
