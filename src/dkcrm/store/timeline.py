"""What happened around an entity, in order."""

from __future__ import annotations

import sqlite3
from typing import Any

from dkcrm.store.activities import purchases


def timeline(connection: sqlite3.Connection, number: int, limit: int) -> list[dict[str, Any]]:
    """Return the newest events around an entity, newest first: ``at``, ``kind``, ``text`` and, of a member's, ``who``.

    A target's or organization's timeline shows its members' interactions too.
    """
    rows = connection.execute(
        "WITH who(id) AS (SELECT ?1 UNION SELECT member_id FROM membership WHERE organization_id = ?1)"
        " SELECT i.at, i.direction, i.channel || coalesce(': ' || i.subject, ''), i.text, i.entity_id, e.name"
        " FROM interaction i JOIN who ON who.id = i.entity_id JOIN entity e ON e.id = i.entity_id"
        " ORDER BY i.at DESC, i.id DESC LIMIT ?2",
        (number, limit),
    ).fetchall()
    events = [
        {
            "at": at,
            "kind": direction,
            "text": f"{head}: {text}" if text else head,
            "who": name if whose != number else None,
        }
        for at, direction, head, text, whose, name in rows
    ]
    for at, before, after, cause, into, voided in connection.execute(
        "SELECT at, from_type, to_type, cause, into_id, voided_at FROM transition"
        " WHERE entity_id = ?1 OR into_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2",
        (number, limit),
    ):
        text = f"{before} → {after} ({cause}{', voided' if voided else ''})" + (
            f" → {into}" if into and into != number else ""
        )
        events.append({"at": at, "kind": "transition", "text": text, "who": None})
    for purchase in purchases(connection, number, voided=True)[-limit:]:
        text = f"{purchase.title()}{' (voided)' if purchase.voided_at else ''}"
        events.append({"at": purchase.bought_on, "kind": "purchase", "text": text, "who": None})
    for at, name, answer, note in connection.execute(
        "SELECT a.at, c.name, a.answer, a.note FROM assessment a JOIN criterion c ON c.id = a.criterion_id"
        " WHERE a.entity_id = ?1 ORDER BY a.id DESC LIMIT ?2",
        (number, limit),
    ):
        events.append(
            {"at": at, "kind": "answer", "text": f"{name}: {answer}" + (f" ({note})" if note else ""), "who": None}
        )
    for at, name, reason in connection.execute(
        "SELECT o.at, o.name, coalesce(json_extract(o.record, '$.reason'), json_extract(o.record, '$.override'))"
        " FROM operation o WHERE o.kind = 'do' AND o.undone_by IS NULL AND o.record IS NOT NULL AND o.id IN"
        " (SELECT operation_id FROM change WHERE entity_id = ?1)"
        " AND coalesce(json_extract(o.record, '$.reason'), json_extract(o.record, '$.override')) IS NOT NULL"
        " ORDER BY o.id DESC LIMIT ?2",
        (number, limit),
    ):
        events.append({"at": at, "kind": "reason", "text": f"{name}: {reason}", "who": None})
    # A bare day sorts as its end: a purchase stands above what led to it.
    events.sort(key=lambda event: str(event["at"]).ljust(20, "~"), reverse=True)
    return events[:limit]
