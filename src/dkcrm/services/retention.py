"""Rules of retention: kept in the database, reported, and carried out on request."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from dkcrm.domain.retention import Rule, parse_rule
from dkcrm.errors import Conflict, NotFound, Refused
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.services.erasure import Asked, conclude, erase_in
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.retention import SETTING, over, rules


def list_rules(session: Session) -> Result:
    """List the rules."""
    connection = open_reading(session)
    try:
        found = rules(connection)
    finally:
        connection.close()
    return _listed(found, None if found else _('no rules yet: dkcrm privacy retention add "lead inactive 24m"'))


def _row(rule: Rule) -> dict[str, Any]:
    return {"rule": str(rule), "type": rule.type, "inactive": f"{rule.many}{rule.unit}"}


def _listed(found: list[Rule], message: str | None) -> Result:
    rows = [_row(rule) for rule in found]
    return Result(rows, _columns(), rows, message=message)


def _columns() -> list[Column]:
    return [Column("rule", _("Rule"))]


def add(session: Session, text: str) -> Result:
    """Add a rule; one for a type takes no other's place. Raises InvalidInput, Conflict."""
    rule = parse_rule(text)
    with unit_of_work(session, "privacy retention add") as uow:
        found = rules(uow.connection)
        if rule in found:
            raise Conflict(_("there is a rule {rule} already").format(rule=rule), code="already")
        _keep(uow, [*found, rule])
        uow.commit()
        return _changed(session, uow, rule, [*found, rule], _("added the rule {rule}").format(rule=rule))


def remove(session: Session, text: str) -> Result:
    """Take a rule away. Raises InvalidInput, NotFound."""
    rule = parse_rule(text)
    with unit_of_work(session, "privacy retention rm") as uow:
        found = rules(uow.connection)
        if rule not in found:
            raise NotFound(_("no rule {rule}").format(rule=rule), hint=_("see: dkcrm privacy retention list"))
        left = [other for other in found if other != rule]
        _keep(uow, left)
        uow.commit()
        return _changed(session, uow, rule, left, _("took the rule {rule} away").format(rule=rule))


def _keep(uow: UnitOfWork, found: list[Rule]) -> None:
    value = json.dumps([str(rule) for rule in found])
    there = uow.rows("setting", name=SETTING)
    if there and not found:
        uow.delete("setting", there[0]["id"])
    elif there:
        uow.update("setting", there[0]["id"], {"value": value})
    else:
        uow.insert("setting", {"name": SETTING, "value": value})


def _changed(session: Session, uow: UnitOfWork, rule: Rule, found: list[Rule], what: str) -> Result:
    rows = [_row(other) for other in found]
    data = {"operation": uow.operation_id, "rule": _row(rule), "rules": rows, "warnings": []}
    return Result(data, _columns(), rows, message=done(session, uow.operation_id, what))


def report(session: Session) -> Result:
    """Report who is over, by which rule, and since when nothing has happened, the longest first."""
    connection = open_reading(session)
    try:
        some = bool(rules(connection))
        found = _over(connection, session.clock())
    finally:
        connection.close()
    columns = [
        Column("id", "#", "number"),
        Column("type", _("Type"), "type"),
        Column("name", _("Name")),
        Column("last", _("Last event"), "time"),
        Column("rule", _("Rule")),
    ]
    text = ngettext("{count} is over", "{count} are over", len(found)).format(count=len(found))
    if found:
        text += _(" (erase them with: dkcrm privacy retention --erase)")
    if not some:
        text = _('no rules yet: dkcrm privacy retention add "lead inactive 24m"')
    return Result(found, columns, found, message=text)


def _over(connection: sqlite3.Connection, now: str) -> list[dict[str, Any]]:
    """Return who is over, each once, by the first rule that says so."""
    found: dict[int, dict[str, Any]] = {}
    for rule in rules(connection):
        for row in over(connection, rule, now):
            found.setdefault(row["id"], {**row, "rule": str(rule)})
    return sorted(found.values(), key=lambda row: (row["last"], row["id"]))


def erase_over(session: Session, *, sure: bool) -> Result:
    """Erase who is over, after a question at a terminal; elsewhere only when ``sure``. It cannot be undone."""
    with unit_of_work(session, "privacy retention") as uow:
        found = _over(uow.connection, uow.now)
        if not found:
            data: dict[str, Any] = {
                "operation": None, "erased": [], "rows": {}, "values": 0, "backups": [], "mentions": [],
                "pending": False, "warnings": [],
            }  # fmt: skip
            return Result(data, message=_("nobody is over"))
        if session.ask is None and not sure and not session.dry_run:
            raise Refused(
                ngettext("{count} would be erased for good", "{count} would be erased for good", len(found)).format(
                    count=len(found)
                ),
                code="not_sure",
                hint=_("say so with --yes; see them with: dkcrm privacy retention"),
            )
        reason = _("retention: {rules}").format(rules=", ".join(dict.fromkeys(row["rule"] for row in found)))
        asked = Asked([row["id"] for row in found], reason, "privacy retention", "dkcrm privacy retention --erase")
        told, ledger = erase_in(uow, asked)
    return conclude(session, told, ledger)
