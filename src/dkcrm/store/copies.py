"""The program's own copies of the database: found, and rewritten without those who were erased."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import time
from collections.abc import Iterator
from typing import NamedTuple

from dkcrm.durable import sync_name
from dkcrm.errors import DkcrmError
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.backup import digest, said_sum, sum_line, verify
from dkcrm.store.cipher import PLAIN, key_for, looks_encrypted
from dkcrm.store.cleaning import squeeze
from dkcrm.store.connection import APPLICATION_ID
from dkcrm.store.erasing import Erasing
from dkcrm.store.files import copy_file, remove, runs, sync
from dkcrm.store.ledger import Ledger, among
from dkcrm.store.parting import part_from_others
from dkcrm.store.trust import new_file

#: Why a copy is not read that a command is making: it is looked at again when that has ended.
AT_WORK = "another command is at work on it"


class Copy(NamedTuple):
    """What came of a copy: ``rewritten``, ``removed`` (a killed command's), ``without`` them, or ``unread`` and why."""

    path: str
    state: str
    why: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """Return it as scripts see it."""
        return {"path": self.path, "state": self.state, "why": self.why}


def directory_of(path: str) -> str:
    """Return where the backups of a database go unless somebody says where: ``backups`` beside it."""
    return os.path.join(os.path.dirname(os.path.abspath(path)), "backups")


def copies(path: str) -> list[str]:
    """Return the paths of the copies: what lies in ``backups``, and those made before a migration or a restore."""
    db = os.path.abspath(path)
    starts = (*(os.path.basename(db) + part for part in _BESIDE), _WORKING)
    found = below(path)
    with contextlib.suppress(OSError), os.scandir(os.path.dirname(db)) as entries:
        found += [
            entry.path
            for entry in entries
            if entry.name.startswith(starts)
            and not entry.name.endswith(_NO_COPY)
            and entry.is_file(follow_symlinks=False)
        ]
    return sorted(found)


def below(path: str) -> list[str]:
    """Return the paths of what may be a backup in the directory of backups, this database's or another one's."""
    return sorted(name for name in _files_below(directory_of(path)) if _is_copy(name))


def in_plain(path: str) -> list[str]:
    """Return the copies of a database that anybody can read who has the disk."""
    found = []
    for copy in copies(path):
        with contextlib.suppress(OSError):
            if is_plain(copy):
                found.append(copy)
    return found


def _files_below(directory: str) -> Iterator[str]:
    """Yield the files of a directory and of those in it; links are followed to none."""
    for place, _directories, names in os.walk(directory):
        for name in names:
            path = os.path.join(place, name)
            with contextlib.suppress(OSError):
                if stat.S_ISREG(os.lstat(path).st_mode):
                    yield path


def _is_copy(path: str) -> bool:
    """Tell by what is in a file whether it may be a backup, whatever its name; what cannot be read may be one."""
    try:
        if is_plain(path) or is_age(path):
            return True
    except OSError:
        return True
    name = os.path.basename(path)
    if name.endswith(_NO_COPY):
        return False
    return name.endswith((".db", ".db.age")) or name.startswith(_WORKING) or looks_encrypted(path)


def rewrite_all(session: Session, ledger: Ledger) -> list[Copy]:
    """Rewrite every copy of the database; in a dry run they are only looked at."""
    return [rewrite(session, path, ledger) for path in copies(session.db)]


_BESIDE = (".before-", ".restoring-", ".new-")
_LOGS = ("-wal", "-journal")
#: What a sum is called while its copy is rewritten: the new copy, and not the old one, is to have one.
_OLD_SUM = ".sha256.old"
_NO_COPY = (*_LOGS, "-shm", ".sha256", _OLD_SUM)
#: How a file begins that ``age`` encrypted, as bytes or as text.
_AGE = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
#: What an error says where an encrypted copy cannot be read for want of its key, or of what reads it.
_NO_KEY = ("no_key", "wrong_key", "no_encryption")
#: What a command that is at work names its files: this, its process and more.
_WORKING = ".dkcrm-"
_DAY = 86_400
_OF_PROCESS = re.compile(r"(?:^\.dkcrm-(?=[0-9]+-)|\.restoring-|\.new-)([0-9]{1,9})(?:-|$)", re.ASCII)


def left_behind(path: str) -> list[str]:
    """Return the unfinished files of commands that were killed, beside a database and among its backups."""
    beside = tuple(os.path.basename(path) + part for part in (".new-", ".restoring-"))
    found = []
    for directory, starts in ((os.path.dirname(os.path.abspath(path)), beside), (directory_of(path), ())):
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for entry in entries:
                process = _OF_PROCESS.search(entry.name) if entry.name.startswith((*starts, _WORKING)) else None
                # A process that asks has begun none yet: one with its number, in another container perhaps, has ended.
                if process is not None and (int(process[1]) == os.getpid() or not _works(int(process[1]), entry.path)):
                    found.append(entry.path)
    return sorted(found)


def tidy(path: str) -> None:
    """Take away what killed commands have left beside a database and among its backups."""
    for name in left_behind(path):
        remove(name)


def _works(process: int, path: str) -> bool:
    """Tell whether a process is at work on a file that it named.

    Where nothing was written to it for a day, the process that made it has ended, and another one has got its number.
    """
    with contextlib.suppress(OSError):
        if time.time() - os.stat(path).st_mtime > _DAY:
            return False
    return runs(process)


def _at_work(path: str) -> Copy | None:
    """Take away a file that a command left behind when it was killed; one that is still at work is told."""
    found = _OF_PROCESS.search(os.path.basename(path))
    if found is None:
        return Copy(path, "without") if os.path.basename(path).startswith(_WORKING) else None
    if not _works(int(found[1]), path):
        remove(path)
        return Copy(path, "removed")
    return Copy(path, "unread", AT_WORK)


def rewrite(session: Session, path: str, ledger: Ledger) -> Copy:
    """Rewrite a copy without those of a ledger, whole or not at all, with the sum beside it where there was one.

    In a dry run it is only looked at.
    """
    fresh = os.path.join(os.path.dirname(path), f".dkcrm-{os.getpid()}-{session.entropy(4).hex()}")
    try:
        working = None if session.dry_run else _at_work(path)
        if working is not None:
            return working
        if not session.dry_run:
            sum_again(session, path)
        if not is_plain(path) and not looks_encrypted(path):
            return Copy(path, "unread", "encrypted" if is_age(path) else "no database")
        if any(os.path.exists(path + log) and os.path.getsize(path + log) for log in _LOGS):
            return Copy(path, "unread", "a log is beside it")
        key = key_for(path, session)
        if held_in(path, key, ledger) == 0:
            return Copy(path, "without")
        if session.dry_run:
            return Copy(path, "rewritten")
        if not is_whole(path):
            return Copy(path, "unread", "damaged")
        new_file(fresh, like=path)
        copy_file(path, fresh)
        _erase(session, fresh, key, ledger)
        verify(fresh, key)
        sync(fresh)
        replace(session, fresh, path)
        return Copy(path, "rewritten")
    except DkcrmError as error:
        return Copy(path, "unread", "encrypted" if error.code in _NO_KEY else error.code)
    except OSError as error:
        return Copy(path, "unread", str(error))
    except engine.Error as error:
        if engine.is_no_database(error) and looks_encrypted(path):
            return Copy(path, "unread", "encrypted")
        return Copy(path, "unread", str(error))
    finally:
        remove(fresh)


def replace(session: Session, fresh: str, path: str) -> None:
    """Put a file, which is on the disk, in the place of a copy, with the sum beside it where there was one."""
    summed = os.path.lexists(f"{path}.sha256")
    if summed:
        os.replace(f"{path}.sha256", path + _OLD_SUM)
    sync_name(path)
    os.replace(fresh, path)
    sync_name(path)
    if summed:
        sum_again(session, path)


def sum_again(session: Session, path: str) -> None:
    """Give a copy its sum, where it is to have one and has an older one: then it was rewritten, or was to be."""
    if not os.path.lexists(path + _OLD_SUM):
        return
    if said_sum(path + _OLD_SUM) == digest(path):
        os.replace(path + _OLD_SUM, f"{path}.sha256")
    else:
        verify(path, key_for(path, session))
        fresh = os.path.join(os.path.dirname(path), f"{_WORKING}{os.getpid()}-sum")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)
        new_file(fresh, like=path)
        with open(fresh, "wb") as file:
            file.write(sum_line(path, digest(path)))
        sync(fresh)
        os.replace(fresh, f"{path}.sha256")
        sync_name(path)
        os.unlink(path + _OLD_SUM)
    sync_name(path)


def is_whole(path: str) -> bool:
    """Tell whether a copy is as the sum beside it says, or has none."""
    return not os.path.lexists(f"{path}.sha256") or digest(path) == said_sum(f"{path}.sha256")


def is_plain(path: str) -> bool:
    """Tell whether a file is a database that anybody can read. Raises OSError."""
    with open(path, "rb") as file:
        return file.read(len(PLAIN)) == PLAIN


def is_age(path: str) -> bool:
    """Tell whether a file was encrypted by ``age``. Raises OSError."""
    with open(path, "rb") as file:
        return file.read(max(map(len, _AGE))).startswith(_AGE)


def held_in(path: str, key: str | None, ledger: Ledger) -> int:
    """Return how many of a ledger a copy holds. Raises what SQLite raises for what is no database of ours."""
    connection = engine.connect(path, "ro&immutable=1", key)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            return 0
        return len(among(connection, ledger))
    finally:
        connection.close()


def _erase(session: Session, path: str, key: str | None, ledger: Ledger) -> None:
    connection = engine.connect(path, key=key)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA journal_mode=MEMORY")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute('DROP TRIGGER "' + name.replace('"', '""') + '"')
        connection.execute("BEGIN IMMEDIATE")
        erase_known(session, connection, ledger)
        connection.execute("COMMIT")
        squeeze(connection)
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def erase_known(session: Session, connection: sqlite3.Connection, ledger: Ledger) -> list[int]:
    """Erase whomever a database holds of a ledger, in an operation of its own; return their numbers.

    The caller has begun a transaction, and makes full text small again after it.
    """
    known = among(connection, ledger)
    if not known:
        return []
    now = session.clock()
    cursor = connection.execute(
        "INSERT INTO operation (uid, kind, name, at, actor) VALUES (?, 'do', 'privacy erase', ?, ?)",
        (session.uid(), now, session.actor),
    )
    operation_id = int(cursor.lastrowid or 0)
    part_from_others(connection, operation_id, [number for number, _one in known])
    erasing = Erasing(connection, [number for number, _one in known])
    uids = erasing.uids()
    erasing.erase(operation_id, now, erasing.names())
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'erased'").fetchone():
        marks = dict(known)
        for number, uid in uids:
            one = marks.get(number) or ledger.find(uid)
            if one is not None:
                note(connection, number, one.at, session.actor, one.reason, operation_id, (one.key, one.mark))
    return [number for number, _uid in uids]


def note(
    connection: sqlite3.Connection,
    number: int,
    at: str,
    actor: str,
    reason: str | None,
    operation_id: int,
    mark: tuple[bytes, bytes],
) -> None:
    """Put up the tombstone of somebody, where it does not stand."""
    connection.execute(
        "INSERT INTO erased (number, at, actor, reason, operation_id, key, mark) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key, mark) DO UPDATE SET operation_id = excluded.operation_id",
        (number, at, actor, reason, operation_id, *mark),
    )
