"""Backups checked, and put back in the place of what is there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.errors import BUSY, FAILED, DkcrmError, InvalidInput, NotFound
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.backup import Key
from dkcrm.services.erasure import not_clean
from dkcrm.services.shelf import SUM, sum_beside
from dkcrm.session import Session
from dkcrm.store.backup import Facts, damaged, digest, verify
from dkcrm.store.cipher import key_for, looks_encrypted
from dkcrm.store.cleaning import Cleaned, finish
from dkcrm.store.connection import open_reading
from dkcrm.store.copies import rewrite, tidy
from dkcrm.store.files import free_name
from dkcrm.store.ledger import known
from dkcrm.store.trust import new_file

#: So many numbers are named in a sentence.
_SHOWN = 10


def check(session: Session, paths: Sequence[str], key: Key = Key()) -> Result:  # noqa: B008
    """Check backups: the sum beside each, and the database in it.

    Of several, those that are not sound have ``ok`` false, and what is wrong is a warning; the exit status is that of
    the first. Raises StorageError, NotFound for a single one.
    """
    rows: list[dict[str, Any]] = []
    wrong: list[DkcrmError] = []
    for path in paths:
        facts, checked = None, None
        try:
            with opened(session, path, key) as (plain, checked):
                facts = verify(plain, key_for(plain, session))
        except DkcrmError as error:
            if len(paths) == 1:
                raise
            wrong.append(error)
        rows.append({
            "backup": path, "ok": facts is not None, "checksum": checked if facts else None,
            "schema": facts.schema if facts else None, "entities": facts.entities if facts else None,
            "last_operation_at": facts.last_at if facts else None,
        })  # fmt: skip
    columns = [
        Column("backup", _("Backup")),
        Column("checksum", _("Checksum")),
        Column("entities", _("Entities"), "number"),
        Column("last_operation_at", _("Last operation"), "time"),
        Column("ok", _("Sound")),
    ]
    told = [{**row, "ok": _("yes") if row["ok"] else _("no")} for row in rows]
    warnings = [error.message for error in wrong]
    warnings += [_no_sum(row["backup"]) for row in rows if row["checksum"] == "missing"]
    return Result(rows, columns, told, warnings=warnings, exit_status=wrong[0].exit_status if wrong else 0)


def _no_sum(path: str) -> str:
    return _("{path} has no {ending} beside it: a changed bit in a text would not be seen").format(
        path=path, ending=SUM
    )


@contextlib.contextmanager
def opened(session: Session, path: str, key: Key) -> Iterator[tuple[str, str]]:
    """Give a backup as a plain file, and ``ok`` or ``missing`` for its sum. Raises NotFound, StorageError."""
    from dkcrm.formats.age import decrypt_file, is_encrypted

    if not os.path.isfile(path):
        raise NotFound(_("no such file: {path}").format(path=path), hint=_("see: dkcrm backup list"))
    said = sum_beside(path)
    try:
        if said is not None and digest(path) != said:
            raise damaged(path, _("its SHA-256 is not the one beside it"))
        checked = "ok" if said is not None else "missing"
        if not is_encrypted(path):
            yield path, checked
            return
        if not key.given:
            raise InvalidInput(
                _("{path} is encrypted").format(path=path),
                hint=_("name the key with --identity FILE, or give the passphrase on --passphrase-fd 0"),
            )
        identities = None
        if key.identity is not None:
            with open(key.identity, encoding="utf-8", errors="replace") as file:
                identities = file.read(1 << 16)
        tidy(session.db)
        plain = os.path.join(os.path.dirname(os.path.abspath(session.db)), f".dkcrm-{os.getpid()}-plain")
        try:
            new_file(plain)
            with open(plain, "wb") as out:
                decrypt_file(path, out, identities=identities, passphrase=key.passphrase)
            yield plain, checked
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(plain)
    except OSError as error:
        raise DkcrmError(
            _("cannot read {path}: {why}").format(path=error.filename or path, why=error.strerror or error), code="io"
        ) from error


def restore(session: Session, path: str, key: Key = Key()) -> Result:  # noqa: B008
    """Put the rows of a backup in the place of the present ones, which are kept in a file beside the database.

    Raises StorageError for what is no sound backup of a known schema: then nothing is changed.
    """
    from dkcrm.store.recovery import readable, replace_rows

    with opened(session, path, key) as (plain, checked):
        if os.path.exists(session.db) and os.path.samefile(plain, session.db):
            raise InvalidInput(_("{path} is the database itself").format(path=path), hint=_("see: dkcrm backup list"))
        facts = verify(plain, key_for(plain, session))
        stamp = session.clock().replace("-", "").replace(":", "")
        keep = free_name(f"{session.db}.before-restore-{stamp}")
        erased: list[int] = []
        kept_beside = False
        cleaned = Cleaned(True)
        in_plain: list[str] = []
        if not session.dry_run:
            if session.ask is not None and not _sure(session, facts, keep):
                raise InvalidInput(_("nothing was restored"), hint=_("--yes restores without a question"))
            with readable(plain, session) as source:
                kept_beside, erased = replace_rows(session, source, keep)
        if looks_encrypted(plain) and not session.encrypted:
            in_plain = [_("the backup is encrypted, and the database is not: dkcrm encrypt")]
    if not session.dry_run:  # now that there are no copies of this command's own
        cleaned = finish(session, session.wait)
        _without_erased(session, keep if kept_beside else None)
    data: dict[str, Any] = {
        "restored": path,
        "entities": facts.entities,
        "last_operation_at": facts.last_at,
        "kept": keep if kept_beside else None,
        "erased": erased,
        "pending": not cleaned.clean,
        "warnings": [*([_no_sum(path)] if checked != "ok" else []), *in_plain],
    }
    if erased:
        shown = ", ".join(map(str, erased[:_SHOWN])) + (" …" if len(erased) > _SHOWN else "")
        data["warnings"].append(_("erased since this backup, and not brought back: {shown}").format(shown=shown))
    if not cleaned.clean:
        data["warnings"].append(not_clean(cleaned))
    if session.dry_run:
        said = _("dry run, nothing restored: {path} has {count} entities, as of {at}")
    else:
        said = _("restored {path}: {count} entities, as of {at}")
    message = said.format(path=path, count=facts.entities, at=facts.last_at or _("its beginning"))
    if kept_beside:
        message += "\n" + _("what was there is kept in {path}").format(path=keep)
    status = FAILED if cleaned.failed else 0 if cleaned.clean else BUSY
    return Result(data, message=message, warnings=data["warnings"], exit_status=status)


def _without_erased(session: Session, keep: str | None) -> None:
    """Rewrite the copy of what was there without those who were erased by the backup's word alone."""
    if keep is None:
        return
    connection = open_reading(session)
    try:
        ledger = known(connection, session.db)
    finally:
        connection.close()
    rewrite(session, os.path.abspath(keep), ledger)


def _sure(session: Session, facts: Facts, keep: str) -> bool:
    assert session.ask is not None
    answer = session.ask(
        _("replace all that is in {db} by {count} entities as of {at}? It is kept in {keep} [y/N]").format(
            db=session.db, count=facts.entities, at=facts.last_at or "-", keep=keep
        )
    )
    return (answer or "").strip().lower() in ("y", "yes", "s", "sì", "si")
