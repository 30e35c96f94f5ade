"""The list of products in the store: rows to domain, and from a reference to a product."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from dkcrm.domain.product import Product
from dkcrm.domain.text import fold, nearest
from dkcrm.errors import NotFound
from dkcrm.i18n import _
from dkcrm.store.entities import parse_uid, uid_text

_PRODUCT = "id, uid, name, is_service, amount_minor, currency, notes, removed_at"


def all_products(connection: sqlite3.Connection, *, removed: bool = False) -> list[Product]:
    """Return the products of the list by name, the removed ones only when asked for."""
    where = "" if removed else " WHERE removed_at IS NULL"
    rows = connection.execute(f"SELECT {_PRODUCT} FROM product{where} ORDER BY name COLLATE NOCASE, id")
    return [_product(row) for row in rows]


def load_products(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[Product]:
    """Return products by their numbers, in that order."""
    found = []
    for number in numbers:
        row = connection.execute(f"SELECT {_PRODUCT} FROM product WHERE id = ?", (number,)).fetchone()
        if row is not None:
            found.append(_product(row))
    return found


def _product(row: tuple[object, ...]) -> Product:
    uid = row[1]
    assert isinstance(uid, bytes)
    return Product._make((row[0], uid_text(uid), *row[2:]))


def product_named(connection: sqlite3.Connection, name: str) -> Product | None:
    """Return the product of the list that goes by a name; case, accents and dots do not count."""
    key = fold(name)
    return next((product for product in all_products(connection) if fold(product.name) == key), None)


def resolve_product(connection: sqlite3.Connection, reference: str) -> Product:
    """Return the product of the list that a name, number or uid stands for. Raises NotFound."""
    text = reference.strip()
    found = product_named(connection, text) if text else None
    if found is not None:
        return found
    there = all_products(connection)
    uid = parse_uid(text)
    for product in there:
        if text == str(product.id) or (uid and parse_uid(product.uid) == uid):
            return product
    from dkcrm.domain.values import shorten

    close = nearest(text[:100], [product.name for product in there])
    raise NotFound(
        _("no product {reference}").format(reference=shorten(reference)),
        hint=_("did you mean {names}?").format(names=", ".join(close)) if close else _("see: dkcrm product list"),
    )
