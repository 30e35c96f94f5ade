"""Purchases, and how often somebody has contacted us."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dkcrm.domain.money import format_amount
from dkcrm.store.pieces import EVERYBODY, Piece


class Purchase(NamedTuple):
    """One purchase: buyers, product, amount in minor units; without a quantity it is of one."""

    id: int
    entity_id: int
    also_id: int | None
    product: str
    is_service: int
    amount_minor: int | None
    currency: str | None
    bought_on: str
    voided_at: str | None
    quantity: str | None = None

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
            "quantity": self.quantity or "1",
            "amount": amount,
            "currency": self.currency,
            "on": self.bought_on,
            "voided_at": self.voided_at,
        }

    def title(self) -> str:
        """Return the purchase in a few words."""
        shown = self.as_json()
        what = f"{self.quantity} × {self.product}" if self.quantity else self.product
        return f"{what} ({shown['amount']} {self.currency})" if shown["amount"] else what


_PURCHASE = "id, entity_id, also_id, product, is_service, amount_minor, currency, bought_on, voided_at, quantity"
OF_BUYERS = ", ".join(f"p.{name}" for name in _PURCHASE.split(", "))


def purchases(connection: sqlite3.Connection, number: int, *, voided: bool = False) -> list[Purchase]:
    """Return what an entity bought, oldest first; voided purchases only when asked for."""
    rows = connection.execute(
        f"SELECT {_PURCHASE} FROM purchase WHERE (entity_id = ?1 OR also_id = ?1)"
        f"{'' if voided else ' AND voided_at IS NULL'} ORDER BY bought_on, id",
        (number,),
    )
    return [Purchase(*row) for row in rows]


def listed_purchases(
    connection: sqlite3.Connection,
    numbers: Sequence[int] = (),
    only: Piece = EVERYBODY,
    *,
    since: str | None = None,
    until: str | None = None,
    everything: bool = False,
) -> Iterator[tuple[Purchase, str]]:
    """Yield purchases with their buyer's name, the oldest first.

    ``numbers`` are those that bought, or bought along; of none it is everybody but who was removed. ``only`` is what
    must hold of the buyer, ``since`` and ``until`` are days. Voided purchases, and those of the removed, only with
    ``everything``.
    """
    where, values = only.where()
    parts = [f"({where})"]
    if not everything:
        parts.append("p.voided_at IS NULL")
        if not numbers:
            parts.append("e.removed_at IS NULL")
    if numbers:
        marks = ", ".join("?" * len(numbers))
        parts.append(
            f"p.id IN (SELECT id FROM purchase WHERE entity_id IN ({marks})"
            f" UNION SELECT id FROM purchase WHERE also_id IN ({marks}))"
        )
        values += [*numbers, *numbers]
    for sql, day in (("p.bought_on >= ?", since), ("p.bought_on <= ?", until)):
        if day is not None:
            parts.append(sql)
            values.append(day)
    rows = connection.execute(
        f"SELECT {OF_BUYERS}, coalesce(e.name, '') FROM purchase p JOIN entity e ON e.id = p.entity_id"
        f" WHERE {' AND '.join(parts)} ORDER BY p.bought_on, p.id",
        values,
    )
    for row in rows:
        yield Purchase(*row[:-1]), row[-1]


def inbound(connection: sqlite3.Connection, number: int) -> int:
    """Return how often an entity has contacted us."""
    return int(
        connection.execute(
            "SELECT count(*) FROM interaction WHERE entity_id=? AND direction='in'", (number,)
        ).fetchone()[0]
    )
