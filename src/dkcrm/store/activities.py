"""What happened around an entity: interactions, transitions and purchases, in order."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from dkcrm.domain.money import format_amount


class Purchase(NamedTuple):
    """One purchase: buyers, product, amount in minor units."""

    id: int
    entity_id: int
    also_id: int | None
    product: str
    is_service: int
    amount_minor: int | None
    currency: str | None
    bought_on: str
    voided_at: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the purchase as scripts see it; the amount is a decimal in text."""
        amount = None
        if self.amount_minor is not None and self.currency:
            amount = format_amount(self.amount_minor, self.currency)
        return {
            "id": self.id,
            "buyer": self.entity_id,
            "also": self.also_id,
            "product": self.product,
            "service": bool(self.is_service),
            "amount": amount,
            "currency": self.currency,
            "on": self.bought_on,
            "voided_at": self.voided_at,
        }

    def title(self) -> str:
        """Return the purchase in a few words."""
        shown = self.as_json()
        return f"{self.product} ({shown['amount']} {self.currency})" if shown["amount"] else self.product


_PURCHASE = "id, entity_id, also_id, product, is_service, amount_minor, currency, bought_on, voided_at"


def purchases(connection: sqlite3.Connection, number: int, *, voided: bool = False) -> list[Purchase]:
    """Return what an entity bought, oldest first; voided purchases only when asked for."""
    rows = connection.execute(
        f"SELECT {_PURCHASE} FROM purchase WHERE (entity_id = ?1 OR also_id = ?1)"
        f"{'' if voided else ' AND voided_at IS NULL'} ORDER BY bought_on, id",
        (number,),
    )
    return [Purchase(*row) for row in rows]


def inbound(connection: sqlite3.Connection, number: int) -> int:
    """Return how often an entity has contacted us."""
    return int(
        connection.execute(
            "SELECT count(*) FROM interaction WHERE entity_id=? AND direction='in'", (number,)
        ).fetchone()[0]
    )


def timeline(connection: sqlite3.Connection, number: int, limit: int) -> list[dict[str, Any]]:
    """Return the newest events around an entity, newest first: ``at``, ``kind``, ``text`` and, of a member's, ``who``.

    A target's or organization's timeline shows its members' interactions too.
    """
    rows = connection.execute(
        "WITH who(id) AS (SELECT ?1 UNION SELECT member_id FROM membership WHERE organization_id = ?1)"
        " SELECT i.at, i.direction, i.channel || coalesce(' (' || c.name || ')', '')"
        " || coalesce(': ' || i.subject, ''), i.text, i.entity_id, e.name"
        " FROM interaction i JOIN who ON who.id = i.entity_id JOIN entity e ON e.id = i.entity_id"
        " LEFT JOIN campaign c ON c.id = i.campaign_id"
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
