"""What is held on somebody beyond an export of contacts: consents, tickets, campaigns, and the whole history."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.connection import open_writing
from dkcrm.store.entities import known_as
from dkcrm.store.explaining import explain
from dkcrm.store.history import SHOWN_AS, Change, operations_of, shown

Row = dict[str, Any]

_CONSENTS = "SELECT purpose, state, at, proof FROM consent WHERE entity_id = ? ORDER BY at, id"
_CAMPAIGNS = (
    "SELECT c.name, c.channel, c.purpose, c.basis, m.added_at FROM campaign_member m JOIN campaign c"
    " ON c.id = m.campaign_id WHERE m.entity_id = ? ORDER BY m.added_at, m.id"
)
_TICKETS = (
    "SELECT id, subject, state, priority, due, opened_at, closed_at FROM ticket WHERE entity_id = ?"
    " ORDER BY opened_at, id"
)
_EVENTS = "SELECT at, kind, text FROM ticket_event WHERE ticket_id = ? ORDER BY at, id"
_MESSAGES = (
    "SELECT at, direction, channel, subject, text FROM interaction WHERE ticket_id = ? AND entity_id = ?"
    " ORDER BY at, id"
)
#: Columns that say nothing of anybody.
_HIDDEN = frozenset(("id", "uid", "entity_id", "norm", "is_primary", "num", "fingerprint", "plan"))


def _rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def consents(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return what was consented to and what was withdrawn, oldest first."""
    return _rows(connection, _CONSENTS, number)


def campaigns(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return the campaigns that somebody is in, with purpose and legal ground."""
    return _rows(connection, _CAMPAIGNS, number)


def tickets(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return somebody's tickets, each with its messages and what else happened to it."""
    found = _rows(connection, _TICKETS, number)
    for ticket in found:
        ticket["messages"] = _rows(connection, _MESSAGES, ticket["id"], number)
        ticket["events"] = _rows(connection, _EVENTS, ticket["id"])
    return found


def past(connection: sqlite3.Connection, number: int) -> Iterator[Row]:
    """Yield the operations that concern somebody, oldest first, each with every value of theirs before and after.

    The command is left out: it may name others. So are the values of an operation that made one of them and somebody
    else, and of what took them apart again: those of the other stand among them, and theirs stand elsewhere too.
    """
    whose = [number, *known_as(connection, number)]
    mine = json.dumps(whose)
    apart = _with_others(connection, whose)
    for one in reversed(operations_of(connection, number, 1 << 40)):
        values = (
            []
            if one.id in apart
            else [
                value
                for row in connection.execute(
                    "SELECT id, operation_id, entity_id, other_id, tbl, row_id, last_id, before, after FROM change c"
                    " WHERE operation_id = ?1 AND (entity_id IN (SELECT value FROM json_each(?2))"
                    " OR other_id IN (SELECT value FROM json_each(?2)) OR (tbl = 'task' AND row_id IN (SELECT task_id"
                    " FROM task_entity WHERE entity_id = ?3)) OR (tbl = 'ticket_event' AND json_extract(coalesce(after,"
                    " before), '$.ticket_id') IN (SELECT id FROM ticket WHERE entity_id = ?3))) ORDER BY id",
                    (one.id, mine, number),
                )
                for value in _values(Change(*row))
            ]
        )
        record = json.loads(one.record) if one.record else {}
        yield {
            "operation": one.id, "name": one.name, "at": one.at, "actor": one.actor, "file": one.file,
            "undone": one.undone_by is not None,
            "why": record.get("reason") or record.get("override"),
            "kept": [
                kept for kept in record.get("kept", ())
                if one.id not in apart and number in (kept.get("from"), kept.get("into"))
            ],
            "values": values,
        }  # fmt: skip


def _with_others(connection: sqlite3.Connection, whose: list[int]) -> set[int]:
    """Return the operations in which some entities became one with others who they are not now, or ceased to be."""
    rows = connection.execute(
        "SELECT operation_id, row_id, json_extract(before, '$.merged_into'), json_extract(after, '$.merged_into')"
        " FROM change WHERE tbl = 'entity' AND last_id IS NULL AND (entity_id IN (SELECT value FROM json_each(?1))"
        " OR other_id IN (SELECT value FROM json_each(?1)))"
        " AND (json_type(before, '$.merged_into') NOT NULL OR json_type(after, '$.merged_into') NOT NULL)",
        (json.dumps(whose),),
    ).fetchall()
    return {one for one, *numbers in rows if any(number is not None and number not in whose for number in numbers)}


def _values(change: Change) -> Iterator[Row]:
    before, after = (json.loads(image) if image else {} for image in (change.before, change.after))
    for name in dict.fromkeys((*before, *after)):
        if name in _HIDDEN or before.get(name) == after.get(name):
            continue
        yield {
            "of": change.table,
            "field": SHOWN_AS.get(name, name) if change.table == "entity" else name,
            "before": shown(before.get(name)),
            "after": shown(after.get(name)),
        }


def note_disclosure(session: Session, number: int) -> None:
    """Remember that all that is held on somebody was given out. It has happened: no undo takes it back."""
    connection = open_writing(session)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO disclosed (number, at, actor) VALUES (?, ?, ?)", (number, session.clock(), session.actor)
        )
        connection.execute("COMMIT")
    except engine.Error as error:
        raise explain(error, session.db) from error
    finally:
        connection.close()


def events(connection: sqlite3.Connection, limit: int) -> list[Row]:
    """Return erasures, disclosures and consents, newest first: ``at``, ``event``, ``id``, ``actor``, ``what``."""
    return _rows(
        connection,
        "SELECT at, event, id, actor, what FROM ("
        "SELECT at, 'erased' AS event, number AS id, nullif(actor, '') AS actor, reason AS what, id AS place"
        " FROM erased"
        " UNION ALL SELECT at, 'exported', number, actor, NULL, id FROM disclosed"
        " UNION ALL SELECT c.at, 'consent ' || c.state, c.entity_id, (SELECT o.actor FROM change h JOIN operation o"
        " ON o.id = h.operation_id WHERE h.tbl = 'consent' AND h.row_id = c.id AND h.last_id IS NULL"
        " ORDER BY h.id DESC LIMIT 1), c.purpose, c.id FROM consent c"
        ") ORDER BY at DESC, place DESC LIMIT ?",
        limit,
    )
