"""Purchases as they are read: lists, with a total for each currency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dkcrm.domain import periods
from dkcrm.domain.entity import type_named
from dkcrm.domain.money import format_amount
from dkcrm.domain.query import And, Node, Words, parse, read
from dkcrm.domain.when import day_of
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.activities import Purchase, listed_purchases
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import resolve
from dkcrm.store.filters import compile_filter

_JOINS = ("and", "or", "not")


def _columns() -> list[Column]:
    return [
        Column("id", "#", "number"),
        Column("on", _("Day")),
        Column("buyer", _("Buyer"), "number", wide=True),
        Column("name", _("Who")),
        Column("product", _("Product")),
        Column("quantity", _("Quantity"), "number"),
        Column("amount", _("Amount"), "number"),
        Column("currency", _("Currency")),
        Column("state", _("State"), "state"),
    ]


def _row(purchase: Purchase, name: str) -> dict[str, Any]:
    return {**purchase.as_json(), "name": name, "state": "voided" if purchase.voided_at else None}


def list_purchases(
    session: Session,
    words: Sequence[str] = (),
    *,
    since: str | None = None,
    until: str | None = None,
    everything: bool = False,
    limit: int = 0,
) -> Result:
    """List purchases, the newest first; amounts of different currencies are never added together.

    Bare ``words`` are references to who bought; terms (``tag:vip``) are a filter on them. Totals are of all that is
    listed and stands, whatever the ``limit``.
    """
    today = day_of(session.clock())
    first = periods.days(since, today)[0].isoformat() if since is not None else None
    last = periods.days(until, today)[1].isoformat() if until is not None else None
    references, terms = _apart(words)
    filter = read(terms).unsorted(_("purchases have an order of their own: the newest first"))
    connection = open_reading(session)
    try:
        numbers = list(dict.fromkeys(resolve(connection, reference) for reference in references))
        only = compile_filter(session, connection, filter)
        found = list(listed_purchases(connection, numbers, only, since=first, until=last, everything=everything))
    finally:
        connection.close()
    found.reverse()
    shown = found[:limit] if limit else found
    data = [{**purchase.as_json(), "name": name} for purchase, name in shown]
    return Result(data, _columns(), [_row(*pair) for pair in shown], message=_said(found, len(shown)))


def _apart(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell references, which are bare words, from the terms of a filter.

    The name of a type is a term, wherever it stands; and, or and not belong to the filter, and so does what comes
    after them.
    """
    references: list[str] = []
    terms: list[str] = []
    for place, word in enumerate(words):
        joined = place > 0 and words[place - 1].lower() in _JOINS
        if type := type_named(word):
            alone = terms or [next.lower() for next in words[place + 1 : place + 2]] == ["or"]
            terms.append(f"type:{type}" if alone else word)
        elif word.lower() not in _JOINS and not joined and _bare(word):
            references.append(word)
        else:
            terms.append(word)
    return references, terms


def _bare(word: str) -> bool:
    try:
        node: Node | None = parse([word])
    except InvalidInput:
        # A name such as D'Angelo (Bari is no filter; a filter that is damaged says so when it is read.
        return not any(sign in word for sign in ":=<>")
    if isinstance(node, And):
        return all(isinstance(part, Words) for part in node.nodes)
    return isinstance(node, Words)


def _said(found: Sequence[tuple[Purchase, str]], shown: int) -> str:
    """Return how many purchases there are, and what those that stand come to in each currency."""
    if not found:
        return _("nothing found")
    totals: dict[str, int] = {}
    for purchase, _name in found:
        if purchase.currency and purchase.amount_minor is not None and not purchase.voided_at:
            totals[purchase.currency] = totals.get(purchase.currency, 0) + purchase.amount_minor
    count = len(found)
    said = ngettext("{count} purchase", "{count} purchases", count).format(count=count)
    if shown < count:
        said += _(", the first {shown} are shown").format(shown=shown)
    told = ", ".join(f"{format_amount(minor, currency)} {currency}" for currency, minor in sorted(totals.items()))
    return f"{said}: {told}" if told else said
