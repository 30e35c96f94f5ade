"""A backup is made; ``shelf`` has those that are there, ``recovery`` checks them and puts them back.

A backup is one file beside which its SHA-256 stands (``sha256sum -c`` reads it): a database cannot tell by itself
whether a bit of a text has changed. It is verified before it gets its name.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import NamedTuple

from dkcrm.domain.rotation import parse_rule
from dkcrm.durable import sync_name
from dkcrm.errors import Busy, DkcrmError, InvalidInput, StorageError
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.services.shelf import AGE, SUM, stem, sum_beside, thin_out, time_in
from dkcrm.session import Session
from dkcrm.store.backup import Facts, as_it_is, copy_database, digest, sum_line, verify
from dkcrm.store.cipher import key_for, looks_encrypted
from dkcrm.store.cleaning import go_on, pending
from dkcrm.store.copies import directory_of, tidy
from dkcrm.store.files import free_name, naming_in, put_in_place, remove, sync
from dkcrm.store.ledger import latest
from dkcrm.store.origin import mark
from dkcrm.store.trust import check, check_directory, give, new_file


class Key(NamedTuple):
    """By what a backup is encrypted or read: public keys, the path of a file of secret keys, or a passphrase."""

    recipients: Sequence[str] = ()
    identity: str | None = None
    passphrase: str | None = None

    @property
    def given(self) -> bool:
        """Whether there is anything."""
        return bool(self.recipients or self.identity or self.passphrase is not None)


class Target(NamedTuple):
    """Where a backup goes: to a file, or under the first free name of a beginning and an ``ending``."""

    path: str
    ending: str | None = None

    def free(self) -> str:
        """Return the name at which there is nothing yet. Raises InvalidInput where the file is there."""
        if self.ending is not None:
            return free_name(self.path, self.ending)
        if os.path.lexists(self.path):
            raise InvalidInput(
                _("{path} is there already").format(path=self.path),
                hint=_("a backup replaces no file: name a new one"),
            )
        return self.path


def backup(session: Session, target: str | None = None, *, keep: str | None = None, key: Key = Key()) -> Result:  # noqa: B008
    """Copy the database to a file, which must be new, or into a directory under a name with the time.

    With ``keep``, a rule such as ``7d,4w,12m``, the older backups of the directory that it does not keep are removed;
    ``left`` are those that have the same name and may be another database's: they stay.
    Raises InvalidInput, StorageError; then there is no backup, and no older one was removed.
    """
    rule = parse_rule(keep) if keep is not None else None
    check(session.db)
    if not os.path.lexists(session.db):
        raise StorageError(
            _("there is no database yet: {path}").format(path=session.db),
            code="unreachable_database",
            hint=_("name it with --db, or begin with: dkcrm add"),
        )
    if not session.dry_run:
        _erased(session)
    goes = _target(session, target, encrypted=key.given)
    path = goes.free()
    directory = os.path.dirname(path)
    check_directory(directory, own=target is None)
    if rule is not None and time_in(os.path.basename(path), stem(session)) is None:
        raise InvalidInput(
            _("--keep thins out backups that have the time in their names"), hint=_("name a directory, or nothing")
        )
    if session.dry_run:
        facts, size, sum_ = None, None, None
    else:
        path, facts = _write(session, goes, key)
        size, sum_ = os.path.getsize(path), sum_beside(path)
    removed, left = thin_out(session, directory, path, rule) if rule else ([], [])
    data = {
        "backup": path,
        "bytes": size,
        "sha256": sum_,
        "encrypted": key.given or looks_encrypted(session.db),
        "entities": facts.entities if facts else None,
        "last_operation_at": facts.last_at if facts else None,
        "removed": removed,
        "left": left,
    }
    message = (_("dry run, nothing written: {path}") if session.dry_run else _("backup: {path}")).format(path=path)
    if removed and session.dry_run:
        message += ngettext(
            " ({count} older one would be removed)", " ({count} older ones would be removed)", len(removed)
        ).format(count=len(removed))
    elif removed:
        message += ngettext(" ({count} older one removed)", " ({count} older ones removed)", len(removed)).format(
            count=len(removed)
        )
    if left:
        message += ngettext(
            " ({count} stays that is not an earlier state of this database)",
            " ({count} stay that are not earlier states of this database)",
            len(left),
        ).format(count=len(left))
    return Result(data, _columns(), [data], message=message)


def _erased(session: Session) -> tuple[int, ...] | None:
    """Return what is another after every erasure, once the one before has come to its end. Raises Busy."""
    while True:
        if not go_on(session, session.wait).clean:
            raise Busy(
                _("an erasure is not finished: a backup would still hold who was erased"),
                hint=_("nothing was written; try again once nobody reads the database"),
            )
        found = _latest(session)
        if not pending(session.db):
            return found


def _latest(session: Session) -> tuple[int, ...] | None:
    with as_it_is(session) as connection:
        return latest(connection)


def _columns() -> list[Column]:
    return [
        Column("backup", _("Backup")),
        Column("bytes", _("Bytes"), "number"),
        Column("entities", _("Entities"), "number"),
        Column("sha256", _("SHA-256"), wide=True),
    ]


def _target(session: Session, target: str | None, *, encrypted: bool) -> Target:
    """Return where a new backup goes; makes the default directory (0700)."""
    directory = target or directory_of(session.db)
    if target is not None and not os.path.isdir(target):
        path = os.path.abspath(target)
        if target.endswith(os.sep) or not os.path.isdir(os.path.dirname(path)):
            raise InvalidInput(
                _("the directory does not exist: {path}").format(
                    path=path if target.endswith(os.sep) else os.path.dirname(path)
                ),
                hint=_("make it first, or name nothing for {path}").format(path=directory_of(session.db)),
            )
        return Target(path)
    if target is None and not session.dry_run:
        with contextlib.suppress(FileExistsError):
            os.mkdir(directory, 0o700)
            give(directory, session.db)
        sync_name(directory)
    stamp = session.clock().replace("-", "").replace(":", "")
    return Target(os.path.join(os.path.abspath(directory), f"{stem(session)}-{stamp}"), ".db" + AGE * encrypted)


def _write(session: Session, target: Target, key: Key) -> tuple[str, Facts]:
    """Write a backup and its sum, verified; return its path, and what it holds.

    What is to be encrypted is never in plain where the backup goes: until then it lies beside the database.
    """
    tidy(session.db)
    name = f".dkcrm-{os.getpid()}-{session.entropy(4).hex()}"
    directory = os.path.dirname(target.path)
    fresh = os.path.join(os.path.dirname(os.path.abspath(session.db)) if key.given else directory, name)
    whole = os.path.join(directory, name + AGE) if key.given else fresh
    try:
        while True:
            erased = _erased(session)
            facts, said = _copy(session, fresh, whole, key)
            if _latest(session) == erased and not pending(session.db):
                break
            # Somebody was erased meanwhile, who may be in it.
            remove(fresh)
            remove(whole)
        found = digest(whole)
        with naming_in(directory):
            path = target.free()
            try:
                _write_sum(path, found, session.db, said)
                put_in_place(whole, path)
            finally:
                if not os.path.lexists(path):
                    remove(path + SUM)
        sync(path)
    except OSError as error:
        where = os.path.dirname(fresh) if error.filename == fresh else target.path + (target.ending or "")
        raise DkcrmError(
            _("cannot write {path}: {why}").format(path=where, why=error.strerror or error),
            code="io",
            hint=_("check the directory, its rights and its room"),
        ) from error
    finally:
        remove(fresh)
        remove(whole)
    return path, facts


def _copy(session: Session, fresh: str, whole: str, key: Key) -> tuple[Facts, str]:
    """Copy the database, and encrypt the copy where that is asked for; return what it holds, and what to say of it."""
    copy_database(session, fresh)
    facts = verify(fresh, key_for(fresh, session))
    if not key.given:
        return facts, ""
    from dkcrm.formats.age import encrypt_file

    new_file(whole, like=session.db)
    with open(whole, "wb") as out:
        encrypt_file(fresh, out, recipients=key.recipients, passphrase=key.passphrase)
    sync(whole)
    return facts, mark(fresh, key_for(fresh, session))


def _write_sum(path: str, found: str, db: str, said: str) -> None:
    """Write the sum beside a backup, and what else is said of it.

    What stands there, a link too, goes, for there was no backup of that name.
    """
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + SUM)
    new_file(path + SUM, like=db)
    with open(path + SUM, "wb") as file:
        file.write(sum_line(path, found) + said.encode())
        file.flush()
        os.fsync(file.fileno())
