"""Who was erased: known by keyed hashes alone, in the database and in a file beside it.

The file (``<db>.erased``, mode 0600) has the same marks, so that a database that is lost, and put back from a backup,
still knows them. Neither has anything of a person: a mark can be compared with the mark of a uid, and says no more.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import sqlite3
from collections.abc import Iterable
from glob import escape, glob
from typing import NamedTuple

from dkcrm.durable import sync_name
from dkcrm.errors import NotFound
from dkcrm.i18n import _
from dkcrm.store.entities import parse_number, parse_uid
from dkcrm.store.files import runs
from dkcrm.store.trust import open_private

_HEAD = "# Who was erased from the database beside this file, as keyed hashes. dkcrm writes and reads it: keep it.\n"


class Mark(NamedTuple):
    """One who was erased: the number, when, why, and the keyed hash of the uid."""

    number: int
    at: str
    reason: str | None
    key: bytes
    mark: bytes


class Ledger:
    """The marks of all who were erased, to which uids are compared."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        self.marks = {(one.key, one.mark): one for one in marks}
        self._keys = list({key for key, _mark in self.marks})

    def __bool__(self) -> bool:
        return bool(self.marks)

    def find(self, uid: bytes) -> Mark | None:
        """Return the mark of a uid, or None for somebody who was not erased."""
        for key in self._keys:
            found = self.marks.get((key, mark_of(key, uid)))
            if found is not None:
                return found
        return None


def mark_of(key: bytes, uid: bytes) -> bytes:
    """Return the keyed hash of a uid."""
    return hmac.digest(key, uid, "sha256")


def file_of(path: str) -> str:
    """Return the path of the file that stands beside a database."""
    return f"{path}.erased"


def in_database(connection: sqlite3.Connection, schema: str = "main") -> list[Mark]:
    """Return the marks that a database has; an older one has none."""
    if not connection.execute(f"SELECT 1 FROM {schema}.sqlite_master WHERE name = 'erased'").fetchone():
        return []
    rows = connection.execute(f"SELECT number, at, reason, key, mark FROM {schema}.erased ORDER BY id")
    return [Mark(*row) for row in rows]


def latest(connection: sqlite3.Connection) -> tuple[int, ...] | None:
    """Return what is another after every erasure, and every restore that erased; None in an older database."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'erased'").fetchone():
        return None
    found: tuple[int, ...] = connection.execute("SELECT count(*), max(id), max(operation_id) FROM erased").fetchone()
    return found


def in_file(path: str) -> list[Mark]:
    """Return the marks in the file beside a database; lines that are none are passed over."""
    found = []
    with contextlib.suppress(OSError), open(file_of(path), encoding="utf-8", errors="replace") as file:
        for line in file:
            words = line.split()
            with contextlib.suppress(ValueError, IndexError):
                if len(words) == 4 and len(words[3]) == 64:
                    found.append(Mark(int(words[0]), words[1], None, bytes.fromhex(words[2]), bytes.fromhex(words[3])))
    return found


def known(connection: sqlite3.Connection, path: str) -> Ledger:
    """Return the marks of a database and of the file beside it."""
    return Ledger([*in_file(path), *in_database(connection)])


def write_file(path: str, marks: Iterable[Mark]) -> None:
    """Write the file beside a database: what it had, and these, whole or not at all. Raises OSError."""
    target = file_of(path)
    for left in glob(f"{escape(target)}-*"):  # of one that was killed while it wrote
        process = left.removeprefix(f"{target}-")
        if process.isascii() and process.isdigit() and not runs(int(process)):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(left)
    there = in_file(path)
    wanted = Ledger([*there, *marks]).marks
    if len(wanted) == len(there):
        return
    fresh = f"{target}-{os.getpid()}"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(fresh)
    handle = open_private(fresh, os.O_WRONLY | os.O_EXCL, like=path)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(_HEAD)
            for one in wanted.values():
                file.write(f"{one.number} {one.at} {one.key.hex()} {one.mark.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)
        sync_name(target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


def own_key(connection: sqlite3.Connection, fresh: bytes) -> bytes:
    """Return the key under which this database marks, ``fresh`` for the first one."""
    row = connection.execute("SELECT key FROM erased ORDER BY id LIMIT 1").fetchone()
    return bytes(row[0]) if row else fresh


def tombstone(connection: sqlite3.Connection, reference: str) -> Mark | None:
    """Return who was erased under a number or a uid, or None."""
    text = reference.strip()
    number = parse_number(text)
    if number is not None:
        row = connection.execute(
            "SELECT number, at, reason, key, mark FROM erased WHERE number = ? ORDER BY id DESC LIMIT 1", (number,)
        ).fetchone()
        return Mark(*row) if row else None
    uid = parse_uid(text)
    return Ledger(in_database(connection)).find(uid) if uid else None


def erased_error(one: Mark) -> NotFound:
    """Return the error for a reference to somebody who was erased."""
    return NotFound(said(one), code="erased", hint=_("nothing is left but: dkcrm history {id}").format(id=one.number))


def said(one: Mark) -> str:
    """Return in words that somebody was erased."""
    text = _("{number} was erased on {date}").format(number=one.number, date=one.at[:10])
    return f"{text} ({one.reason})" if one.reason else text


def among(connection: sqlite3.Connection, ledger: Ledger) -> list[tuple[int, Mark]]:
    """Return the numbers by which a database holds somebody of a ledger: as an entity, or in its history alone."""
    if not ledger:
        return []
    found: dict[int, Mark] = {}
    for number, uid in connection.execute("SELECT id, uid FROM entity"):
        one = ledger.find(uid)
        if one is not None:
            found[number] = one
    for number, uid in connection.execute(
        "SELECT row_id, json_extract(coalesce(before, after), '$.uid') FROM change WHERE tbl = 'entity'"
        " AND last_id IS NULL AND (before IS NULL) <> (after IS NULL) AND row_id NOT IN (SELECT id FROM entity)"
    ):
        one = ledger.find(bytes.fromhex(uid)) if uid and number not in found else None
        if one is not None:
            found[number] = one
    return sorted(found.items())
