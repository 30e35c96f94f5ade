"""The backups that are there: found by their names, listed, and thinned out."""

from __future__ import annotations

import contextlib
import os
import re
from datetime import UTC, datetime
from typing import NamedTuple

from dkcrm.domain.rotation import Rule, kept
from dkcrm.errors import NotFound
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.backup import said_sum
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.copies import directory_of
from dkcrm.store.origin import EARLIER, origins

#: What is added to a backup's name.
SUM, AGE = ".sha256", ".age"


class Found(NamedTuple):
    """A backup in a directory."""

    path: str
    at: datetime
    bytes: int


def stem(session: Session) -> str:
    """Return what the names of a database's backups begin with."""
    return os.path.splitext(os.path.basename(session.db))[0]


def time_in(name: str, stem: str) -> datetime | None:
    """Return the time in the name of a backup of ours, or None."""
    found = re.fullmatch(re.escape(stem) + r"-(\d{8}T\d{6})Z(?:-\d+)?\.db(?:\.age)?", name, re.ASCII)
    if found is None:
        return None
    with contextlib.suppress(ValueError):
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return None


def listed(session: Session, directory: str) -> list[Found]:
    """Return the backups of this database in a directory, the newest first."""
    found = []
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                at = time_in(entry.name, stem(session))
                if at is not None and entry.is_file(follow_symlinks=False):
                    found.append(Found(entry.path, at, entry.stat(follow_symlinks=False).st_size))
    except OSError as error:
        raise NotFound(
            _("no directory of backups: {path}").format(path=directory),
            hint=_("the first one is made by: dkcrm backup"),
        ) from error
    return sorted(found, key=lambda one: (one.at, one.path), reverse=True)


def thin_out(session: Session, directory: str, new: str, rule: Rule) -> tuple[list[str], list[str]]:
    """Remove the backups that a rule does not keep, never the new one, nor one that may be another database's.

    Returns the paths of those removed, and of those that are not known as an earlier state of this database.
    """
    there = listed(session, directory) if os.path.isdir(directory) else []
    known = origins(session, [one.path for one in there])
    left = [path for path, origin in known.items() if origin != EARLIER and path != new]
    there = [one for one in there if one.path not in left]
    if session.dry_run:
        now = datetime.fromisoformat(session.clock())
        there.append(Found(new, now, 0))
    keep = kept([one.at for one in there], rule)
    removed = [one.path for one in there if one.at not in keep and one.path != new]
    for path in removed if not session.dry_run else []:
        for name in (path, path + SUM):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
    return removed, left


def listing(session: Session, directory: str | None = None) -> Result:
    """List the backups of a directory, the newest first."""
    where = directory or directory_of(session.db)
    found = listed(session, where) if directory or os.path.isdir(where) else []
    rows = [
        {
            "backup": one.path,
            "at": one.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "bytes": one.bytes,
            "encrypted": one.path.endswith(AGE) or looks_encrypted(one.path),
            "sha256": sum_beside(one.path),
        }
        for one in found
    ]
    columns = [
        Column("at", _("When"), "time"),
        Column("backup", _("Backup")),
        Column("bytes", _("Bytes"), "number"),
        Column("sha256", _("SHA-256"), wide=True),
    ]
    return Result(rows, columns, rows, message=None if rows else _("no backups in {path}").format(path=where))


def sum_beside(path: str) -> str | None:
    """Return the SHA-256 that stands beside a backup, or None."""
    try:
        return said_sum(path + SUM)
    except OSError:
        return None
