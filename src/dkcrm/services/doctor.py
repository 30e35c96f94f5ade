"""doctor: whether the database is sound, and the data what the life cycle says; and mending what can be made anew.

What is ``wrong`` makes the exit status 1; a ``note`` is worth knowing, and may be as the user wants it: customers who
were entered directly have no purchase.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from itertools import islice
from typing import Any

from dkcrm.errors import FAILED
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.checks import (
    EXAMPLES,
    full_text_differs,
    integrity,
    mend,
    orphans,
    rules,
    times,
    wrong_keys,
)
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.cleaning import pending
from dkcrm.store.connection import explain, open_reading
from dkcrm.store.copies import copies, is_plain, left_behind
from dkcrm.store.replay import breaches
from dkcrm.store.settings import types_in_use

Finding = dict[str, Any]

#: So many rows that differ from the history are counted; more are not looked for.
_MOST = 1_000
_LITTLE = 100 << 20
_WRONG, _NOTE = "wrong", "note"
_RESTORE = _("put a backup back: dkcrm restore FILE")


def _finding(
    check: str, level: str, message: str, *, count: int = 1, entities: list[int] | None = None, hint: str | None = None
) -> Finding:
    return {
        "check": check, "level": level, "count": count, "message": message, "entities": entities or [], "hint": hint,
        "fixed": False,
    }  # fmt: skip


def doctor(session: Session, *, fix: bool = False) -> Result:
    """Look for what is wrong, and with ``fix`` make anew what can be: full text, folded names, file modes.

    Data: a list of findings, each with ``check``, ``level`` (wrong or note), ``count``, ``message``, ``entities`` (the
    first few), ``hint`` and ``fixed``. The exit status is 1 where something is wrong and was not mended.
    """
    found = list(_of_file(session))
    if os.path.lexists(session.db):
        connection = open_reading(session)
        try:
            found += _of_database(connection, session)
        except engine.DatabaseError as error:
            trouble = explain(error, session.db)
            if trouble.code != "corrupt_database":
                raise trouble from error
            found.append(_finding("integrity", _WRONG, trouble.message, hint=_RESTORE))
        finally:
            connection.close()
    if fix and not session.dry_run:
        _mend(session, found)
    wrong = [finding for finding in found if finding["level"] == _WRONG and not finding["fixed"]]
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


# The file


def _of_file(session: Session) -> Iterator[Finding]:
    path = session.db
    directory = os.path.dirname(os.path.abspath(path))
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(os.stat(name).st_mode)
            if mode & 0o077:
                yield _finding(
                    "mode", _WRONG, _("{path} can be read by others (mode {mode:o})").format(path=name, mode=mode),
                    hint=_("chmod 600, or: dkcrm doctor --fix"),
                )  # fmt: skip
    if pending(path):
        yield _finding(
            "erasure", _NOTE, _("an erasure is not finished: somebody was reading the database"),
            hint=_("the rows are gone; the next command that nobody is in the way of cleans the files"),
        )  # fmt: skip
    yield from _of_copies(session)
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(os.stat(directory).st_mode)
        if mode & 0o002 and not mode & stat.S_ISVTX:
            yield _finding(
                "directory", _WRONG, _("anybody can replace the files in {path}").format(path=directory),
                hint=_("chmod o-w {path}").format(path=directory),
            )  # fmt: skip
        size = os.path.getsize(path) if os.path.exists(path) else 0
        free = shutil.disk_usage(directory).free
        if free < max(_LITTLE, 2 * size):
            yield _finding(
                "space", _NOTE, _("little room is left beside the database: {free} MB").format(free=free >> 20)
            )


def _of_copies(session: Session) -> Iterator[Finding]:
    """Say what lies beside a database and should not: copies in plain of an encrypted one, and unfinished files."""
    lost: list[str] = []
    in_plain: list[str] = []
    with contextlib.suppress(OSError):
        lost = left_behind(os.path.realpath(session.db))
        if looks_encrypted(session.db):
            in_plain = [path for path in copies(session.db) if path not in lost and is_plain(path)]
    if lost:
        yield _finding(
            "left_behind", _NOTE, _("a command that was killed has left: {paths}").format(paths=", ".join(lost)),
            count=len(lost), hint=_("delete it: rm FILE; it may hold all that the database does"),
        )  # fmt: skip
    if in_plain:
        yield _finding(
            "in_plain", _NOTE,
            _("the database is encrypted, and copies are not: {paths}").format(paths=", ".join(in_plain[:EXAMPLES])),
            count=len(in_plain), hint=_("delete them, or: dkcrm encrypt --backups"),
        )  # fmt: skip


# What is in it


def _of_database(connection: sqlite3.Connection, session: Session) -> Iterator[Finding]:
    broken = integrity(connection)
    if broken:
        yield _finding("integrity", _WRONG, broken[0], count=len(broken), hint=_RESTORE)
        return
    for orphan in orphans(connection):
        yield _finding("references", _WRONG, _("rows refer to rows that are missing ({where})").format(where=orphan))
    yield from _of_derived(connection)
    lost = list(islice(breaches(connection), _MOST))
    if lost:
        first = lost[0]
        yield _finding(
            "history", _WRONG,
            ngettext("{count} row is not what the history says", "{count} rows are not what the history says",
                     len(lost)).format(count=len(lost))
            + f": {first.table} {first.row_id}: {first.why}",
            count=len(lost), entities=[one.row_id for one in lost if one.table == "entity" and one.row_id][:EXAMPLES],
            hint=_("rows were changed by something else than dkcrm, or are damaged"),
        )  # fmt: skip
    in_use = types_in_use(connection)
    for name, there in rules(connection):
        level, text, hint = _said_of(name)
        if name != "suspect_in_contact" or "lead" in in_use:
            yield _finding(name, level, text.format(count=there.many), count=there.many, entities=there.examples,
                           hint=hint)  # fmt: skip
    ahead, backwards = times(connection, session.clock())
    if ahead:
        yield _finding("clock", _NOTE, _("the clock is behind: the last operation was at {at}").format(at=ahead))
    if backwards:
        yield _finding(
            "clock", _NOTE,
            ngettext("{count} operation is dated before the one before it",
                     "{count} operations are dated before the one before", backwards).format(count=backwards),
            count=backwards,
        )  # fmt: skip


def _of_derived(connection: sqlite3.Connection) -> Iterator[Finding]:
    mends = _("make it anew: dkcrm doctor --fix")
    keys = wrong_keys(connection)
    if keys.many:
        yield _finding(
            "keys", _WRONG, _("{count} folded names are not those of the names").format(count=keys.many),
            count=keys.many, entities=keys.examples, hint=mends,
        )  # fmt: skip
    words = full_text_differs(connection)
    if words:
        yield _finding(
            "full_text", _WRONG, _("the full text is not that of the rows ({count} words)").format(count=words),
            count=words, hint=mends,
        )  # fmt: skip


def _said_of(rule: str) -> tuple[str, str, str | None]:
    """Return the level of a rule of the life cycle, what is said where it does not hold, and what to do then."""
    return {
        "suspect_in_contact": (_WRONG, _("suspects that have contacted us: {count}"), "dkcrm promote NUMBER"),
        "lead_without_contact": (_NOTE, _("leads without a contact or a source: {count}"), None),
        "customer_without_purchase": (_NOTE, _("customers without a purchase: {count}"), None),
        "advanced_without_purchase": (
            _WRONG, _("customers by a purchase that is not there: {count}"), _("see: dkcrm history NUMBER"),
        ),
        "type_not_of_last_step": (
            _WRONG, _("types that are not those of the last step: {count}"), _("see: dkcrm history NUMBER"),
        ),
        "mixed_membership": (_NOTE, _("links of a customer with one who is none yet: {count}"), None),
        "wrong_membership": (_WRONG, _("links of types that cannot be linked: {count}"), "dkcrm unlink NUMBER NUMBER"),
        "lost_alias": (_WRONG, _("aliases that lead nowhere: {count}"), _("see: dkcrm history NUMBER")),
        "two_primary": (_WRONG, _("entities with two primary values of a kind: {count}"), "dkcrm edit NUMBER"),
    }[rule]  # fmt: skip


# Mending


def _mend(session: Session, found: list[Finding]) -> None:
    """Mend what can be made anew."""
    for finding in found:
        if finding["check"] == "mode":
            for name in (session.db, f"{session.db}-wal", f"{session.db}-shm"):
                with contextlib.suppress(OSError):
                    os.chmod(name, stat.S_IMODE(os.stat(name).st_mode) & 0o700)
                    finding["fixed"] = True
    derived = [finding for finding in found if finding["check"] in ("keys", "full_text")]
    if not derived:
        return
    mend(session, keys=any(finding["check"] == "keys" for finding in derived))
    for finding in derived:
        finding["fixed"] = True
