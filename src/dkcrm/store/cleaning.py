"""What an erasure leaves in files once the rows are gone: in full text, free pages, statistics, copies and the log.

A file beside the database (``<db>.erasing``) says that this is still to be done; it is there before the erasure is
committed, and goes when all is clean. Whoever opens the database and finds it goes on where another stopped. While
somebody reads an older state, the log cannot be emptied, and it stays.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from dkcrm.durable import sync_name
from dkcrm.errors import Busy, DkcrmError
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.connection import open_again
from dkcrm.store.files import sync
from dkcrm.store.ledger import in_database, known, write_file
from dkcrm.store.trust import open_private

if TYPE_CHECKING:
    from dkcrm.store.copies import Copy

_ALL, _COPIES, _LOG = "all", "copies", "log"
#: The databases of which this process has begun an erasure, for what is said when it is interrupted after that.
announced: list[str] = []


def pending(path: str) -> bool:
    """Tell whether something is still to be cleaned."""
    return os.path.lexists(marker(path))


def marker(path: str) -> str:
    """Return the path of the file that says so."""
    return f"{path}.erasing"


def announce(path: str) -> None:
    """Say that everything is to be cleaned; to be called before the erasure is committed. Raises OSError."""
    announced.append(path)
    _mark(path, _ALL)
    sync_name(marker(path))


def _mark(path: str, stage: str) -> None:
    handle = open_private(marker(path), os.O_WRONLY | os.O_TRUNC, like=path)
    try:
        os.write(handle, f"{stage}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_name(marker(path))


class Cleaned(NamedTuple):
    """Whether all is clean, what came of the copies, where it was this run that saw to them, and what failed.

    ``working`` is whether another command is making a copy, of which nobody knows yet what will be in it.
    """

    clean: bool
    copies: list[Copy] | None = None
    failed: str | None = None
    working: bool = False


def go_on(session: Session, wait: float = 0) -> Cleaned:
    """Clean what another command had to leave, and tell which copies cannot be read: it may not have come to that."""
    cleaned = finish(session, wait)
    if cleaned.clean and cleaned.copies and session.tell is not None:
        from dkcrm.store.copies import AT_WORK

        for one in cleaned.copies:
            if one.state == "unread" and one.why != AT_WORK:
                said = _("{path} may still hold who was erased ({why}): delete it, or restore it")
                session.tell(_("warning: {text}").format(text=said.format(path=one.path, why=one.why)))
    return cleaned


def finish(session: Session, wait: float = 0) -> Cleaned:
    """Clean what is left: the database, then its copies, then the log. Others are waited for so many seconds.

    Nothing is raised: where it cannot be done yet, the next command goes on from there. What came of the copies is told
    by whoever comes to the end, be they looked at once more for that.
    """
    path = session.db
    try:
        with open(marker(path), encoding="ascii", errors="replace") as file:
            stage = file.read(10).strip()
    except FileNotFoundError:
        return Cleaned(True)
    except OSError as error:
        return Cleaned(False, failed=error.strerror)
    from dkcrm.store.copies import AT_WORK, rewrite_all

    copies, working = None, False
    try:
        connection = open_again(session, wait)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            if stage not in (_COPIES, _LOG):
                write_file(path, in_database(connection))
                squeeze(connection)
                _mark(path, _COPIES)
            if stage != _LOG:
                copies = rewrite_all(session, known(connection, path))
                working = any(copy.why == AT_WORK for copy in copies)
                if not working:
                    _mark(path, _LOG)
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if copies is None and not busy:
                copies = rewrite_all(session, known(connection, path))
        finally:
            connection.close()
        if not busy and not working:
            # A power cut must not bring the log back once nothing says that it is to be emptied.
            with contextlib.suppress(FileNotFoundError):
                sync(f"{path}-wal")
            sync_name(path)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(marker(path))
        return Cleaned(not busy and not working, copies, working=working)
    except DkcrmError as error:
        return Cleaned(False, copies, None if isinstance(error, Busy) else error.message)
    except OSError as error:
        return Cleaned(False, copies, error.strerror)
    except engine.Error as error:
        return Cleaned(False, copies, None if engine.is_busy(error) else str(error))


def squeeze(connection: sqlite3.Connection) -> None:
    """Take out of a database what is in none of its rows any more: words of full text, samples, free pages.

    Statistics come before VACUUM, which leaves no page as it was.
    """
    connection.execute("INSERT INTO search(search) VALUES ('optimize')")
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat4')").fetchone():
        connection.execute("ANALYZE")
    connection.execute("VACUUM")
