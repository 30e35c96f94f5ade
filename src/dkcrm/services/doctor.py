"""doctor: whether the database is sound, and the data what the life cycle says; and mending what can be made anew.

What is ``wrong`` makes the exit status 1; a ``note`` does not (domain/soundness).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from glob import escape, glob
from itertools import islice
from typing import Any

from dkcrm.domain.soundness import MENDABLE, WRONG, is_little, is_open, trouble
from dkcrm.errors import FAILED, InvalidInput, StorageError
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.beside import Beside
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.checks import (
    EXAMPLES,
    full_text_differs,
    integrity,
    mend,
    orphans,
    rules,
    strange_objects,
    strange_values,
    times,
    wrong_keys,
)
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.cleaning import pending
from dkcrm.store.connection import open_reading
from dkcrm.store.copies import below, directory_of, in_plain, left_behind
from dkcrm.store.explaining import explain
from dkcrm.store.origin import OTHER, origins
from dkcrm.store.replay import breaches
from dkcrm.store.settings import types_in_use
from dkcrm.store.trust import faults, said

Finding = dict[str, Any]

#: So many rows that differ from the history are counted; more are not looked for.
_MOST = 1_000


def _finding(check: str, *, count: int = 1, entities: list[int] | None = None, **said: Any) -> Finding:
    level, text, hint = trouble(check)
    return {
        "check": "clock" if check == "order" else check, "level": level, "count": count,
        "message": text.format(count=count, **said), "entities": entities or [],
        "hint": hint.format(**said) if hint else None, "fixed": False,
    }  # fmt: skip


def doctor(session: Session, *, fix: bool = False) -> Result:
    """Look for what is wrong, and with ``fix`` make anew what can be: full text, folded names, indexes, file modes.

    Data: a list of findings, each with ``check``, ``level`` (wrong or note), ``count``, ``message``, ``entities`` (the
    first few), ``hint`` and ``fixed``. The exit status is 1 where something is wrong and was not mended.
    """
    unsafe = list(_of_place(session))
    # What somebody else may have laid there is not opened.
    found = unsafe or list(_of_files(session))
    if not unsafe and os.path.lexists(session.db):
        connection = open_reading(session)
        try:
            found += _of_database(connection, session)
        except engine.DatabaseError as error:
            problem = explain(error, session.db)
            if problem.code != "corrupt_database":
                raise problem from error
            found.append(_finding("integrity", why=problem.message))
        finally:
            connection.close()
    if fix and not session.dry_run:
        _mend(session, found)
    wrong = [finding for finding in found if finding["level"] == WRONG and not finding["fixed"]]
    columns = [
        Column("level", _("What")),
        Column("check", _("Check")),
        Column("message", _("Found")),
        Column("entities", _("For example")),
        Column("fixed", _("Mended")),
    ]
    rows = [
        {**finding, "entities": " ".join(map(str, finding["entities"])), "fixed": _("yes") if finding["fixed"] else ""}
        for finding in found
    ]
    hints = dict.fromkeys(finding["hint"] for finding in found if finding["hint"] and not finding["fixed"])
    message = "\n".join(hints) or None
    if not wrong:
        message = "\n".join([_("nothing is wrong"), *hints])
    return Result(found, columns, rows, message=message, exit_status=FAILED if wrong else 0)


# The files


def _files(session: Session) -> list[str]:
    """Return the files that hold what the database holds: it, what lies beside it, and its backups."""
    path = session.db
    backups = directory_of(session.db)
    inside = sorted(os.listdir(backups)) if os.path.isdir(backups) and not os.path.islink(backups) else []
    return [
        *(f"{path}{ending}" for ending in ("", "-wal", "-shm", ".erased")),
        *sorted(glob(f"{escape(path)}.before-*")),
        *([backups] if inside else []),
        *(os.path.join(backups, name) for name in inside),
    ]


def _open_files(session: Session) -> Iterator[tuple[str, int]]:
    """Yield the files that are for more than their owner, with their modes."""
    for name in _files(session):
        with contextlib.suppress(OSError):
            mode = os.lstat(name).st_mode
            if not stat.S_ISLNK(mode) and is_open(stat.S_IMODE(mode)):
                yield name, stat.S_IMODE(mode)


def _of_place(session: Session) -> Iterator[Finding]:
    """Yield what is wrong with where the database lies."""
    for fault in faults(session.db):
        message, hint = said(fault)
        found = _finding("directory" if fault.kind == "directory" else "place", why=message)
        yield {**found, "hint": hint}


def _of_files(session: Session) -> Iterator[Finding]:
    path = session.db
    directory = os.path.dirname(os.path.abspath(path))
    for name, mode in _open_files(session):
        yield _finding("mode", path=name, mode=mode)
    if pending(path):
        yield _finding("erasure")
    yield from _of_copies(session)
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(directory).free
        if is_little(free, os.path.getsize(path) if os.path.exists(path) else 0):
            yield _finding("space", free=free >> 20)


def _of_copies(session: Session) -> Iterator[Finding]:
    """Say what lies beside a database and should not: copies in plain of an encrypted one, and unfinished files."""
    lost: list[str] = []
    plain: list[str] = []
    with contextlib.suppress(OSError):
        lost = left_behind(os.path.realpath(session.db))
        if looks_encrypted(session.db):
            origin = origins(session, below(session.db))
            plain = [path for path in in_plain(session.db) if path not in lost and origin.get(path) != OTHER]
    if lost:
        yield _finding("left_behind", count=len(lost), paths=", ".join(lost))
    if plain:
        yield _finding("in_plain", count=len(plain), paths=", ".join(plain[:EXAMPLES]))


# What is in it


def _of_database(connection: sqlite3.Connection, session: Session) -> Iterator[Finding]:
    """Yield what is wrong in the database. SQLite's own check is made beside the others, and then some of these."""
    failed: Exception | None = None
    strange: dict[str, str] = {}
    try:
        strange = strange_objects(connection)
    except engine.DatabaseError as error:
        failed = error
    # Without its tables and views what reads them would fail.
    readable = failed is None and not {"table", "view"}.intersection(strange.values())

    def work(other: sqlite3.Connection) -> tuple[list[str], dict[str, list[Finding]]]:
        broken = integrity(other)
        return broken, _made(_BESIDE, other, session) if readable and not broken else {}

    found: dict[str, list[Finding]] = {}
    with Beside(lambda: open_reading(session), work) as beside:
        if readable:
            try:
                found = _made(_HERE, connection, session)
            except engine.DatabaseError as error:
                failed = error
        broken, more = beside.result()
    if broken:
        yield _finding("integrity", count=len(broken), why=broken[0])
        return
    if failed is not None:
        raise failed
    if strange:
        yield _finding("schema", count=len(strange), names=", ".join(islice(strange, EXAMPLES)))
    found |= more
    for what in _CHECKS:
        yield from found.get(what, ())


def _made(names: Iterable[str], connection: sqlite3.Connection, session: Session) -> dict[str, list[Finding]]:
    """Return what some of the checks find; one that cannot be made, by what another tells, keeps none from it."""
    found: dict[str, list[Finding]] = {}
    for what in names:
        findings = found[what] = []
        try:
            findings.extend(_CHECKS[what](connection, session))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            findings.append(_finding("unread", what=what, why=type(error).__name__))
        except engine.DatabaseError as error:
            if engine.is_busy(error):
                raise
            findings.append(_finding("unread", what=what, why=explain(error, session.db).message))
        except InvalidInput as error:
            findings.append(_finding("unread", what=what, why=error.message))
    return found


def _of_references(connection: sqlite3.Connection, _session: Session) -> Iterator[Finding]:
    for orphan in orphans(connection):
        yield _finding("references", where=orphan)


def _of_values(connection: sqlite3.Connection, _session: Session) -> Iterator[Finding]:
    strange = strange_values(connection)
    if strange:
        where = ", ".join(f"{place}: {count}" for place, count in islice(strange.items(), EXAMPLES))
        yield _finding("values", count=sum(strange.values()), where=where)


def _of_keys(connection: sqlite3.Connection, _session: Session) -> Iterator[Finding]:
    keys = wrong_keys(connection)
    if keys.many:
        yield _finding("keys", count=keys.many, entities=keys.examples)


def _of_full_text(connection: sqlite3.Connection, _session: Session) -> Iterator[Finding]:
    words = full_text_differs(connection)
    if words:
        yield _finding("full_text", count=words)


def _of_history(connection: sqlite3.Connection, _session: Session) -> Iterator[Finding]:
    lost = list(islice(breaches(connection), _MOST))
    if lost:
        first = f"{lost[0].table} {lost[0].row_id}: {lost[0].why}"
        numbers = [one.row_id for one in lost if one.table == "entity" and one.row_id][:EXAMPLES]
        yield _finding("history", count=len(lost), entities=numbers, first=first)


def _of_rules(connection: sqlite3.Connection, _session: Session) -> Iterator[Finding]:
    in_use = types_in_use(connection)
    for name, there in rules(connection):
        if name != "suspect_in_contact" or "lead" in in_use:
            yield _finding(name, count=there.many, entities=there.examples)


def _of_clock(connection: sqlite3.Connection, session: Session) -> Iterator[Finding]:
    ahead, backwards = times(connection, session.clock())
    if ahead:
        yield _finding("clock", at=ahead)
    if backwards:
        yield _finding("order", count=backwards)


#: In the order in which they are told.
_CHECKS: dict[str, Callable[[sqlite3.Connection, Session], Iterator[Finding]]] = {
    "references": _of_references, "values": _of_values, "keys": _of_keys, "full_text": _of_full_text,
    "history": _of_history, "rules": _of_rules, "clock": _of_clock,
}  # fmt: skip
#: Those that are made beside, after SQLite's own, which takes about as long as the full text.
_BESIDE = ("references", "values", "rules")
_HERE = tuple(name for name in _CHECKS if name not in _BESIDE)


# Mending


def _mend(session: Session, found: list[Finding]) -> None:
    """Mend what can be made anew."""
    for name, mode in list(_open_files(session)):
        with contextlib.suppress(OSError):
            os.chmod(name, mode & 0o700)
    left = {_finding("mode", path=name, mode=mode)["message"] for name, mode in _open_files(session)}
    wanted = {finding["check"] for finding in found if finding["check"] in MENDABLE} - {"mode"}
    try:
        if wanted and not mend(session, schema="schema" in wanted, keys="keys" in wanted):
            wanted.remove("schema")
    except StorageError as error:
        wanted.clear()
        found.append(_finding("unmended", why=error.message))
    for finding in found:
        if finding["check"] == "mode":
            finding["fixed"] = finding["message"] not in left
        else:
            finding["fixed"] = finding["check"] in wanted
