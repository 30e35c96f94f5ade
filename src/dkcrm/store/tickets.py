"""Tickets in the store: rows to domain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.task import Party
from dkcrm.domain.ticket import LIVE, Ticket
from dkcrm.errors import NotFound
from dkcrm.i18n import _
from dkcrm.store.entities import numbered, uid_text
from dkcrm.store.pieces import EVERYBODY, Piece

# The message that opened a ticket is the first that came. Where it was theirs, all of ours are answers.
_TICKET = (
    "t.id, t.uid, t.entity_id, e.type, coalesce(e.name, ''), t.subject, t.state, t.priority, t.due, t.opened_at,"
    " t.closed_at"
)
_ANSWERED = (
    "(SELECT CASE f.direction WHEN 'in' THEN (SELECT min(a.at) FROM interaction a"
    " WHERE a.ticket_id = t.id AND a.direction = 'out') END"
    " FROM interaction f WHERE f.ticket_id = t.id ORDER BY f.id LIMIT 1)"
)
_CHUNK = 500


def load_tickets(connection: sqlite3.Connection, numbers: Iterable[int], *, answers: bool = True) -> list[Ticket]:
    """Return tickets in the order of their numbers given; those that do not exist are left out.

    Without ``answers`` nobody looks when they were answered, which takes longer than all the rest.
    """
    answered = _ANSWERED if answers else "NULL"
    wanted = list(numbers)
    found: dict[int, Ticket] = {}
    for start in range(0, len(wanted), _CHUNK):
        block = wanted[start : start + _CHUNK]
        marks = ", ".join("?" * len(block))
        for number, uid, whose, type, name, *rest in connection.execute(
            f"SELECT {_TICKET}, {answered} FROM ticket t JOIN entity e ON e.id = t.entity_id WHERE t.id IN ({marks})",
            block,
        ):
            found[number] = Ticket(number, uid_text(uid), Party(whose, type, name), *rest)
    return [found[number] for number in wanted if number in found]


def resolve_ticket(connection: sqlite3.Connection, reference: str) -> int:
    """Return the number of a ticket by its number or uid. Raises NotFound."""
    number = numbered(connection, "ticket", reference)
    if number is None:
        from dkcrm.domain.values import shorten

        raise NotFound(
            _("no ticket {reference}").format(reference=shorten(reference)), hint=_("see: dkcrm ticket list")
        )
    return number


def due_numbers(connection: sqlite3.Connection, until: str) -> list[int]:
    """Return the numbers of the tickets that are not closed and due before a text that dates are compared with.

    Those of removed entities are left out.
    """
    # The index is of those that are not closed, by state and date.
    rows = connection.execute(
        f"SELECT t.id FROM ticket t JOIN entity e ON e.id = t.entity_id WHERE t.state <> 'closed' AND t.state IN {LIVE}"
        " AND t.due < ? AND e.removed_at IS NULL ORDER BY t.due, t.id",
        (until,),
    )
    return [row[0] for row in rows]


def listed_numbers(
    connection: sqlite3.Connection,
    states: Sequence[str],
    entities: Sequence[int] = (),
    priority: str | None = None,
    only: Piece = EVERYBODY,
    *,
    removed: bool = False,
) -> list[int]:
    """Return the numbers of the tickets in some states, of one of some entities, of a priority; ``only`` is a condition
    on their entity. Those of removed entities only with ``removed``, or where these are named.
    """
    where, values = only.where()
    parts = [f"({where})", f"t.state IN ({', '.join('?' * len(states))})"]
    values += states
    if "closed" not in states:
        parts.append("t.state <> 'closed'")
    if entities:
        parts.append(f"t.entity_id IN ({', '.join('?' * len(entities))})")
        values += entities
    elif not removed:
        parts.append("e.removed_at IS NULL")
    if priority is not None:
        parts.append("t.priority = ?")
        values.append(priority)
    rows = connection.execute(
        f"SELECT t.id FROM ticket t JOIN entity e ON e.id = t.entity_id WHERE {' AND '.join(parts)} ORDER BY t.id",
        values,
    )
    return [row[0] for row in rows]


def live_of(connection: sqlite3.Connection, number: int) -> list[Ticket]:
    """Return the tickets of an entity that are not closed, by due date."""
    rows = connection.execute(
        "SELECT id FROM ticket WHERE entity_id = ? AND state <> 'closed' ORDER BY due IS NULL, due, id", (number,)
    )
    return load_tickets(connection, [row[0] for row in rows])


def last_channel(connection: sqlite3.Connection, number: int) -> str | None:
    """Return the channel of the latest message of a ticket."""
    row = connection.execute(
        "SELECT channel FROM interaction WHERE ticket_id = ? ORDER BY at DESC, id DESC LIMIT 1", (number,)
    ).fetchone()
    return row[0] if row else None


def entries(connection: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    """Return everything about a ticket in order: its messages, and the notes and states that are none."""
    # Of the same second, what was written first comes first.
    rows = connection.execute(
        "SELECT x.at, x.kind, x.direction, x.channel, x.subject, x.text FROM ("
        " SELECT at, 'message' AS kind, direction, channel, subject, text, 'interaction' AS tbl, id FROM interaction"
        " WHERE ticket_id = ?1 UNION ALL"
        " SELECT at, kind, NULL, NULL, NULL, text, 'ticket_event', id FROM ticket_event WHERE ticket_id = ?1) x"
        " ORDER BY x.at, (SELECT min(c.id) FROM change c WHERE c.tbl = x.tbl AND c.row_id = x.id), x.id",
        (number,),
    )
    return [
        {"at": at, "kind": kind, "direction": direction, "channel": channel, "subject": subject, "text": text}
        for at, kind, direction, channel, subject, text in rows
    ]
