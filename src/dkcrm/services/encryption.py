"""Encrypting the database as a whole, and back: a new file, compared with the old one, in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from dkcrm import config
from dkcrm.errors import Busy, DkcrmError, InvalidInput, Refused, StorageError
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store import keysource
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.cleaning import go_on
from dkcrm.store.connection import open_writing
from dkcrm.store.copies import below, copies, in_plain, is_plain, sum_again
from dkcrm.store.files import free_name
from dkcrm.store.origin import EARLIER, OTHER, origins
from dkcrm.store.swapping import rewrite_copy, swap
from dkcrm.store.trust import check

_SHOWN = 5


def encrypt(
    session: Session, *, key: str | None = None, keyring: bool = False, keep: bool = False, backups: bool = False
) -> Result:
    """Encrypt the database; with ``backups`` those in plain beside it too.

    The key is ``key`` where one was given, that of the keyring (made and put there where it has none) with
    ``keyring``, and else that of the settings. Data: ``database``, ``encrypted``, ``bytes``, ``kept``, ``backups``
    (what was rewritten), ``in_plain`` (what is left in plain beside it), ``warnings``. Raises Refused, InvalidInput,
    StorageError, Busy: then nothing has changed.
    """
    check(session.db)
    if backups and os.path.lexists(session.db) and looks_encrypted(session.db):
        return _backups_alone(session)
    _there(session, encrypted=False)
    ready: Callable[[], None] | None = None
    if keyring:
        if key is not None:
            raise InvalidInput(_("a key is given, or kept in the keyring; not both"))
        found = keysource.in_keyring()
        key = keysource.parse(found) if found is not None else keysource.new_key(session)
        ready = _keeps(key, new=found is None)
    elif key is not None:
        key = keysource.parse(key)
    elif keysource.named():
        key = keysource.key_of(session, session.db)
    else:
        raise InvalidInput(
            _("no key is named"),
            hint=_(
                "name the command that prints it: DKCRM_KEY_COMMAND='pass show dkcrm' (a new key: openssl rand -hex 32)"
                ", or let the keyring keep it: dkcrm encrypt --keyring"
            ),
        )
    kept, size = _swapped(session, None, key, keep=keep, ready=ready)
    done, left, warnings = _copies(session, key, backups=backups)
    if not keyring and not keysource.named():
        warnings.append(
            _("no command can open it until one is named that prints the key: dkcrm config set key_command COMMAND")
        )
    if not session.dry_run:
        warnings.append(_("what was in plain may still be on the disk, in blocks that were freed: see SECURITY.md"))
    data: dict[str, Any] = {
        "database": session.db, "encrypted": True, "bytes": size, "kept": kept, "backups": done, "in_plain": left,
        "warnings": warnings,
    }  # fmt: skip
    message = _("encrypted: {path}").format(path=session.db)
    if session.dry_run:
        message = _("dry run, nothing encrypted: {path}").format(path=session.db)
    elif keyring:
        message += "\n" + _(
            "the key is in the keyring; keep a copy elsewhere, for without it all is lost: {how}"
        ).format(how=f"keyring get {keysource.SERVICE} {keysource.ENTRY}")
    return _told(data, message)


def _backups_alone(session: Session) -> Result:
    """Encrypt what is in plain beside a database that is encrypted already, with its key."""
    open_writing(session).close()  # that this is its key
    done, left, warnings = _copies(session, keysource.key_of(session, session.db), backups=True)
    data: dict[str, Any] = {
        "database": session.db, "encrypted": True, "bytes": os.path.getsize(session.db), "kept": None, "backups": done,
        "in_plain": left, "warnings": warnings,
    }  # fmt: skip
    message = ngettext("{count} backup encrypted", "{count} backups encrypted", len(done)).format(count=len(done))
    if session.dry_run:
        message = ngettext(
            "dry run, nothing encrypted: {count} backup", "dry run, nothing encrypted: {count} backups", len(done)
        ).format(count=len(done))
    return _told(data, message)


def _said_of(left: list[str]) -> list[str]:
    if not left:
        return []
    return [
        ngettext(
            "{count} copy beside it is still in plain (delete it, or: dkcrm encrypt --backups): {paths}",
            "{count} copies beside it are still in plain (delete them, or: dkcrm encrypt --backups): {paths}",
            len(left),
        ).format(count=len(left), paths=_some(left))
    ]


def decrypt(session: Session, *, key: str | None = None, keep: bool = False) -> Result:
    """Put the database in plain again. Data as of ``encrypt``, ``in_plain`` without what it does not concern.

    Raises Refused, StorageError, Busy: then nothing has changed.
    """
    check(session.db)
    _there(session, encrypted=True)
    session.key = keysource.parse(key) if key is not None else keysource.key_of(session, session.db)
    kept, size = _swapped(session, session.key, None, keep=keep)
    warnings = []
    still = [path for path in copies(session.db) if path != kept and looks_encrypted(path)]
    if still:
        warnings.append(
            ngettext(
                "{count} copy beside it is still encrypted, so keep the key: {paths}",
                "{count} copies beside it are still encrypted, so keep the key: {paths}",
                len(still),
            ).format(count=len(still), paths=_some(still))
        )
    if keysource.named():
        warnings.append(_("a key is still named: a new database will be encrypted; see dkcrm config show"))
    data: dict[str, Any] = {
        "database": session.db, "encrypted": False, "bytes": size, "kept": kept, "backups": [], "in_plain": [],
        "warnings": warnings,
    }  # fmt: skip
    message = _("dry run, still encrypted: {path}") if session.dry_run else _("in plain: {path}")
    return _told(data, message.format(path=session.db))


def _there(session: Session, *, encrypted: bool) -> None:
    """See that there is a database, in plain or encrypted as is expected. Raises StorageError, Refused."""
    path = session.db
    if not os.path.lexists(path):
        raise StorageError(
            _("there is no database yet: {path}").format(path=path),
            code="unreachable_database",
            hint=_("name it with --db; where a key is named, dkcrm add makes an encrypted one"),
        )
    if looks_encrypted(path) != encrypted:
        if encrypted:
            raise Refused(_("{path} is not encrypted").format(path=path), hint=_("see: dkcrm encrypt --help"))
        raise Refused(_("{path} is encrypted already").format(path=path), hint=_("in plain again: dkcrm decrypt"))


def _swapped(
    session: Session, key: str | None, new: str | None, *, keep: bool, ready: Callable[[], None] | None = None
) -> tuple[str | None, int | None]:
    """Put the database in its own place with another key; return where the old one is kept, and its new size."""
    if not session.dry_run and not go_on(session, session.wait).clean:
        raise Busy(
            _("an erasure is not finished: somebody is reading the state before"),
            hint=_("nothing was changed; try again once nobody reads the database"),
        )
    # It is brought to the present schema first, and refused here where it is none of ours.
    open_writing(session).close()
    kept = None
    if keep:
        stamp = session.clock().replace("-", "").replace(":", "")
        kept = free_name(f"{session.db}.before-{'decrypt' if key else 'encrypt'}-{stamp}")
    if session.dry_run:
        return kept, None
    size = swap(session, key, new, keep=kept, ready=ready)
    session.key, session.encrypted = new, new is not None
    return kept, size


def _keeps(key: str, *, new: bool) -> Callable[[], None]:
    """Return what puts a key into the keyring, and says in the settings that it is there."""

    def ready() -> None:
        if new:
            keysource.keep_in_keyring(key)
        config.write_file("keyring", "yes")

    return ready


def _copies(session: Session, key: str, *, backups: bool) -> tuple[list[str], list[str], list[str]]:
    """Encrypt the copies of the database where that was asked for.

    Returns those done, those that are left in plain, and what is to be said. Another database's are left alone.
    """
    done: list[str] = []
    warnings: list[str] = []
    origin = origins(session, below(session.db))
    for path in copies(session.db) if backups else []:
        if ".before-encrypt-" in os.path.basename(path) or origin.get(path) == OTHER:
            continue
        try:
            if not session.dry_run:
                sum_again(session, path)  # where one before this was killed
            if not _readable(path):
                continue
            if origin.get(path, EARLIER) != EARLIER:
                warnings.append(
                    _("{path} was left as it is: it is not an earlier state of this database").format(path=path)
                )
                continue
            if not session.dry_run:
                rewrite_copy(session, path, key)
            done.append(path)
        except (DkcrmError, OSError) as error:
            warnings.append(_("{path} was left as it is: {why}").format(path=path, why=error))
    left = [path for path in in_plain(session.db) if origin.get(path) != OTHER]
    return done, left, warnings + _said_of(left)


def _readable(path: str) -> bool:
    try:
        return is_plain(path)
    except OSError:
        return False


def _some(paths: list[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")


def _told(data: dict[str, Any], message: str) -> Result:
    columns = [
        Column("database", _("Database")),
        Column("bytes", _("Bytes"), "number"),
        Column("kept", _("Kept")),
    ]
    return Result(data, columns, [data], message=message, warnings=data["warnings"])
