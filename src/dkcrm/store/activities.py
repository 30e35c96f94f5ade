"""Purchases, and how often somebody has contacted us."""

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
