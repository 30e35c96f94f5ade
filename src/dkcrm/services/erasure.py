"""Erasing people for good: in the database, in what SQLite leaves in its files, and in the program's own backups.

What remains is a tombstone (number, date, reason, who did it), the skeleton of the history without values, and a keyed
hash by which they are known when a backup or an export would bring them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dkcrm.domain.lifecycle import label
from dkcrm.domain.text import check_line
from dkcrm.errors import BUSY, FAILED, DkcrmError, InvalidInput, NotFound
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.cleaning import Cleaned, announce, finish
from dkcrm.store.copies import AT_WORK, Copy, note, rewrite_all
from dkcrm.store.entities import load_many, parse_number, resolve
from dkcrm.store.erasing import Erasing
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.ledger import Ledger, Mark, known, mark_of, own_key
from dkcrm.store.mentions import LOOKED_FOR, mentions

_KEY = 32
#: The operation by which somebody is erased who was named.
ERASE = "privacy erase"
_SHOWN = 10


class Asked(NamedTuple):
    """What was asked for: whom, why, and the words of the command as history keeps them."""

    numbers: list[int]
    reason: str | None
    name: str
    command: str


def erase(session: Session, references: Sequence[str], *, reason: str | None = None) -> Result:
    """Erase entities, with all that were merged into them. It cannot be undone.

    Data: ``operation``, ``erased`` (number and date of each), ``rows`` (how many went, by table), ``values`` (changes
    of the history that lost theirs), ``backups``, ``mentions`` (where a name of theirs still stands), ``pending`` and
    ``warnings``. Raises NotFound, InvalidInput. The exit status is 75 where somebody reads the state before: the rows
    are gone, and the files are cleaned by the next command that can.
    """
    why = check_line(reason, _("reason")) if reason is not None else None
    with unit_of_work(session, ERASE) as uow:
        numbers = list(dict.fromkeys(_number(uow, reference) for reference in references))
        told = f"dkcrm privacy erase {' '.join(map(str, numbers))}" + (f" --reason {_quoted(why)}" if why else "")
        data, ledger = erase_in(uow, Asked(numbers, why, ERASE, told))
    return conclude(session, data, ledger)


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)


def _number(uow: UnitOfWork, reference: str) -> int:
    """Return the number of a reference: of somebody who was removed too, or whom only the history knows."""
    try:
        return resolve(uow.connection, reference, removed=None)
    except NotFound as error:
        number = parse_number(reference.strip())
        if error.code != "erased" and number is not None and Erasing(uow.connection, [number]).uids():
            return number
        raise


def erase_in(uow: UnitOfWork, asked: Asked) -> tuple[dict[str, Any], Ledger]:
    """Erase entities in a unit of work that has done nothing else; ``conclude`` must follow once it has ended."""
    session = uow.session
    erasing = Erasing(uow.connection, asked.numbers)
    uids, names = erasing.uids(), erasing.names()
    if asked.reason and asked.name == ERASE and any(name.casefold() in asked.reason.casefold() for name in names):
        raise InvalidInput(
            _("the reason names who is to be erased, and would stay"),
            hint=_("give a reason without their name or email"),
        )
    data: dict[str, Any] = {
        "operation": None,
        "erased": [{"id": number, "at": uow.now, "reason": asked.reason} for number, _uid in uids],
        "rows": erasing.counts(),
        "values": erasing.values(),
        "backups": [],
        "mentions": [],
        "pending": False,
        "warnings": [],
    }
    key = own_key(uow.connection, session.entropy(_KEY))
    marks = [Mark(number, uow.now, asked.reason, key, mark_of(key, uid)) for number, uid in uids]
    if session.dry_run:
        return data, Ledger(marks)
    if session.ask is not None and not _sure(session, _who(uow, asked.numbers), data):
        raise InvalidInput(_("nothing was erased"), hint=_("--yes erases without a question"))
    session.command = asked.command
    uow.name = asked.name
    operation = uow.open()
    erasing.erase(operation, uow.now, names)
    for one in marks:
        note(uow.connection, one.number, one.at, session.actor, one.reason, operation, (one.key, one.mark))
    ledger = known(uow.connection, session.db)
    telling = _telling(names)
    data["mentions"] = [one.as_json() for one in mentions(uow.connection, telling, [operation])]
    if len(telling) > LOOKED_FOR:
        data["warnings"].append(
            _("where names still stand was looked for {count} names and emails only, of {all}").format(
                count=LOOKED_FOR, all=len(telling)
            )
        )
    try:
        announce(session.db)
    except OSError as error:
        raise DkcrmError(
            _("cannot write beside the database: {why}").format(why=error.strerror or error),
            code="io",
            hint=_("nothing was erased; check the directory and its rights"),
        ) from error
    data["operation"] = uow.commit()
    return data, ledger


def conclude(session: Session, data: dict[str, Any], ledger: Ledger) -> Result:
    """Clean the files and the backups after an erasure, and say what was done."""
    cleaned = Cleaned(True) if session.dry_run else finish(session, session.wait)
    data["pending"] = not cleaned.clean
    copies = rewrite_all(session, ledger) if cleaned.copies is None else cleaned.copies
    return _told(data, copies, cleaned, dry=session.dry_run)


def _telling(names: Sequence[str]) -> list[str]:
    """Return the names that tell of somebody wherever they stand: emails, phones, codes, and names of two words."""
    return [name for name in names if " " in name or "@" in name or any(map(str.isdigit, name))]


def _who(uow: UnitOfWork, numbers: Sequence[int]) -> str:
    there = {entity.id: label(entity) for entity in load_many(uow.connection, numbers[:_SHOWN])}
    shown = ", ".join(there.get(number, str(number)) for number in numbers[:_SHOWN])
    return shown + (" …" if len(numbers) > _SHOWN else "")


def _sure(session: Session, who: str, data: dict[str, Any]) -> bool:
    assert session.ask is not None
    count = sum(data["rows"].values())
    rows = ngettext("{count} row", "{count} rows", count).format(count=count)
    answer = session.ask(
        _("erase {who} for good ({rows}, and their history)? It cannot be undone [y/N]").format(who=who, rows=rows)
    )
    return (answer or "").strip().lower() in ("y", "yes", "s", "sì", "si")


def _told(data: dict[str, Any], backups: Sequence[Copy], cleaned: Cleaned, *, dry: bool) -> Result:
    """Say what went, what is left to do, and where a name still stands."""
    data["backups"] = [one.as_json() for one in backups if one.state != "without"]
    count = len(data["erased"])
    shown = ", ".join(str(one["id"]) for one in data["erased"][:_SHOWN]) + (" …" if count > _SHOWN else "")
    rows = sum(data["rows"].values())
    said = [
        (_("dry run, nothing erased: {shown}") if dry else _("erased {shown}")).format(shown=shown),
        ngettext("{count} row", "{count} rows", rows).format(count=rows),
        ngettext("the values of {count} change", "the values of {count} changes", data["values"]).format(
            count=data["values"]
        ),
    ]
    rewritten = [one for one in backups if one.state == "rewritten"]
    if rewritten:
        text = ngettext("{count} backup", "{count} backups", len(rewritten))
        said.append(text.format(count=len(rewritten)))
    warnings = [
        _("{path} may still hold them ({why}): delete it, or restore it, erase again and take another backup").format(
            path=one.path, why=one.why
        )
        for one in backups
        if one.state == "unread" and one.why != AT_WORK
    ]
    warnings += [
        _("a name or email of theirs still stands in {where} {numbers}").format(where=one["where"], numbers=_some(one))
        for one in data["mentions"]
    ]
    warnings += data["warnings"]
    if data["pending"]:
        warnings.insert(0, not_clean(cleaned))
    data["warnings"] = warnings
    table = [{"table": name, "rows": number} for name, number in data["rows"].items()]
    return Result(
        data,
        [Column("table", _("Of")), Column("rows", _("Rows"), "number")],
        table,
        message=": ".join((said[0], ", ".join(said[1:]))),
        warnings=warnings,
        exit_status=FAILED if cleaned.failed else BUSY if data["pending"] else 0,
    )


def _some(mention: dict[str, Any]) -> str:
    shown = ", ".join(map(str, mention["numbers"]))
    if not mention["more"]:
        return shown
    return ngettext("{shown} and {count} more", "{shown} and {count} more", mention["more"]).format(
        shown=shown, count=mention["more"]
    )


def not_clean(cleaned: Cleaned) -> str:
    """Return why the files are not clean yet."""
    if cleaned.failed:
        return _("the files could not be cleaned ({why}): the next command tries again").format(why=cleaned.failed)
    if cleaned.working:
        return _("another command is making a copy: the next command cleans it, once that is done")
    return _("somebody is reading the state before: the files are cleaned by the next command, once they are done")
