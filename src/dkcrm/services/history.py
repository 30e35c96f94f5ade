"""History, blame, undo and redo."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from dkcrm.domain.entity import TYPES
from dkcrm.domain.lifecycle import check_profile
from dkcrm.errors import NotFound, Refused
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.services.shape import operation_result
from dkcrm.session import Session
from dkcrm.store import history as store
from dkcrm.store import undo as reversal
from dkcrm.store.blame import blame as blame_of
from dkcrm.store.blockers import type_work
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import resolve
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.ledger import tombstone
from dkcrm.store.replay import gaps
from dkcrm.store.settings import count_types, types_in_use


def _columns() -> list[Column]:
    return [
        Column("operation", "#", "number"),
        Column("at", _("When"), "time"),
        Column("actor", _("Who"), wide=True),
        Column("name", _("Operation")),
        Column("what", _("What")),
        Column("state", _("Undone")),
    ]


def _change_columns() -> list[Column]:
    return [
        Column("entity", "#", "number"),
        Column("table", _("Of")),
        Column("field", _("Field")),
        Column("before", _("Before")),
        Column("after", _("After")),
    ]


def history(session: Session, reference: str | None, *, operation: int | None = None, limit: int = 50) -> Result:
    """Return operations, newest first: all, those of one entity, or one with everything that it changed."""
    connection = open_reading(session)
    try:
        if operation is not None:
            one = store.operation(connection, operation)
            if one is None:
                raise NotFound(_("no operation {number}").format(number=operation), hint=_("see: dkcrm history"))
            found, number = [one], None
        elif reference is None:
            found, number = store.operations(connection, limit), None
        else:
            number = _number(connection, reference)
            found = store.operations_of(connection, number, limit)
        detailed = reference is not None or operation is not None
        rows, data = [], []
        for one in found:
            changes = _changes(connection, one.id, number) if detailed else []
            shown = one.as_json()
            if detailed:
                shown["changes"] = changes
            data.append(shown)
            rows.append({**shown, "what": _what(one, changes), "state": one.undone_by and f"by {one.undone_by}"})
        if operation is not None:
            return Result(data[0], _change_columns(), data[0]["changes"], message=rows[0]["what"])
        return Result(data, _columns(), rows)
    finally:
        connection.close()


def _number(connection: sqlite3.Connection, reference: str) -> int:
    """Return the number of a reference, of somebody who was erased too: of them there is the skeleton."""
    try:
        return resolve(connection, reference)
    except NotFound as error:
        gone = tombstone(connection, reference) if error.code == "erased" else None
        if gone is None:
            raise
        return gone.number


_HIDDEN = {"id", "uid", "entity_id", "updated_at", "norm", "is_primary", "num"}


def _changes(connection: sqlite3.Connection, operation_id: int, number: int | None) -> list[dict[str, Any]]:
    """Return each value that an operation changed, before and after (at most a thousand rows of it)."""
    values: list[dict[str, Any]] = []
    for change in store.changes(connection, operation_id, number):
        if len(values) > 1000:
            break
        if change.last_id is not None:
            values.append(
                {
                    "entity": None,
                    "table": change.table,
                    "field": "rows",
                    "before": None,
                    "after": change.last_id
                    - change.row_id
                    + 1
                    - (gaps(connection, operation_id) if change.table == "entity" else 0),
                }
            )
            continue
        if change.before is None and change.after is None:
            values.append(
                {"entity": change.entity_id, "table": change.table, "field": "erased", "before": None, "after": None}
            )
            continue
        before: dict[str, Any] = json.loads(change.before) if change.before else {}
        after: dict[str, Any] = json.loads(change.after) if change.after else {}
        for name in dict.fromkeys((*before, *after)):
            if name in _HIDDEN or before.get(name) == after.get(name):
                continue
            values.append(
                {
                    "entity": change.entity_id,
                    "table": change.table,
                    "field": store.SHOWN_AS.get(name, name) if change.table == "entity" else name,
                    "before": store.shown(before.get(name)),
                    "after": store.shown(after.get(name)),
                }
            )
    return values


def _what(operation: store.Operation, changes: list[dict[str, Any]]) -> str:
    """Return an operation in one line: the command, or what it reversed, and the values that it changed."""
    head = operation.command or operation.name
    if operation.reverses:
        head = f"{head} ({operation.reverses})"
    record = json.loads(operation.record) if operation.record else {}
    told = [f"{name}: {value}" for name, value in record.items() if isinstance(value, str | int)]
    shown = [
        f"{c['field']}: {_brief(c['before'])} → {_brief(c['after'])}"
        if c["before"] is not None
        else f"{c['field']}: {_brief(c['after'])}"
        for c in changes
        if c["field"] != "erased"
        and (c["table"] == "entity" or c["before"] is not None or c["field"] in ("value", "tag", "type"))
    ]
    erased = sum(c["field"] == "erased" for c in changes)
    if erased:
        shown.append(ngettext("{count} value erased", "{count} values erased", erased).format(count=erased))
    more = f" … +{len(shown) - 6}" if len(shown) > 6 else ""
    return " | ".join(part for part in (head, ", ".join(told), ", ".join(shown[:6]) + more) if part)


def _brief(value: Any) -> str:
    text = "-" if value is None or value == "" else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def blame(session: Session, reference: str) -> Result:
    """Say of each value of an entity which operation set it, when, by whom and from which file."""
    connection = open_reading(session)
    try:
        number = resolve(connection, reference)
        rows = []
        for origin in blame_of(connection, number):
            by = store.operation(connection, origin.operation_id)
            rows.append(
                {
                    "field": origin.field,
                    "value": origin.value,
                    "operation": origin.operation_id,
                    "name": by.name if by else None,
                    "at": by.at if by else None,
                    "actor": by.actor if by else None,
                    "file": by.file if by else None,
                }
            )
        columns = [
            Column("field", _("Field")),
            Column("value", _("Value")),
            Column("operation", "#", "number"),
            Column("name", _("Operation")),
            Column("at", _("When"), "time"),
            Column("file", _("File")),
            Column("actor", _("Who"), wide=True),
        ]
        return Result(rows, columns, rows)
    finally:
        connection.close()


def undo(session: Session, number: int | None) -> Result:
    """Reverse the latest operation that stands, or a named one."""
    with unit_of_work(session, "undo", "undo") as uow:
        chosen = number if number is not None else reversal.latest_to_undo(uow.connection)
        return _reverse(session, uow, chosen)


def redo(session: Session) -> Result:
    """Put back what was undone last."""
    with unit_of_work(session, "redo", "redo") as uow:
        return _reverse(session, uow, reversal.latest_to_redo(uow.connection))


_SHOWN = 100


def _check_types(uow: UnitOfWork, target: store.Operation) -> None:
    """Refuse a reversal that would leave entities of a type that is switched off."""
    in_use = types_in_use(uow.connection)
    if in_use == TYPES:
        return
    counts = count_types(uow.connection)
    try:
        check_profile(in_use, counts)
    except Refused as refused:
        off = [type for type in counts if type not in in_use]
        conflict = reversal.in_the_way(target, type_work(uow.connection, target, off))
        conflict.message += f" ({refused.message})"
        raise conflict from refused


def _reverse(session: Session, uow: UnitOfWork, number: int) -> Result:
    target = reversal.check_reversible(uow.connection, number)
    restored = target
    if target.kind == "undo":
        # To reverse an undo is to redo what it undid, whatever the command was called.
        uow.kind = "redo"
        restored = store.operation(uow.connection, target.reverses or 0) or target
    reversal.reverse(uow, target)
    _check_types(uow, target)
    numbers = uow.touched()
    reversal.commit(uow, target, numbers[:_SHOWN])
    verb = _("redid") if uow.kind == "redo" else _("undid")
    text = f"{verb} {restored.id}: {restored.command or restored.name}"
    if session.dry_run:
        text = _("dry run, nothing written: {what}").format(what=text)
    more = [_("{count} entities in all, the first {shown} are shown").format(count=len(numbers), shown=_SHOWN)]
    return operation_result(
        uow.operation_id,
        [entity for entity in uow.entities if not entity.merged_into],
        message=text,
        warnings=more if len(numbers) > _SHOWN else [],
        reversed=restored.id,
    )
