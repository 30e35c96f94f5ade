"""Sales: what was bought, by month, customer, product, source, tag or a custom field."""

from __future__ import annotations

from typing import Any

from dkcrm.domain.money import format_amount
from dkcrm.i18n import _
from dkcrm.reports.figures import average, decimals
from dkcrm.reports.groups import FIELD, every, in_order
from dkcrm.reports.scope import Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("month", "customer", "product", "source", "tag", FIELD)
HELP = """Add up what was bought: revenue, purchases, quantity and average, a row for each currency; by month unless
    --by says else.

    Currencies are never added together. Purchases that were voided do not count; one without an amount counts, and has
    no revenue. --since and --until bound the day of the purchase. FILTER, source, tag and fields are the buyer's; by
    tag, what somebody with two buys is counted in both rows.

    \b
    Examples:
      dkcrm report sales
      dkcrm report sales --by customer --since 2026 --limit 20
      dkcrm report sales --by owner --since last-month --until last-month --format csv
"""

# Whole quantities are added by SQLite, the others exactly here.
_SALES = """
SELECT {group} AS grp, b.currency, count(*), sum(b.amount_minor),
  sum(CASE WHEN b.quantity IS NULL THEN 1 WHEN b.quantity NOT GLOB '*[^0-9]*' THEN CAST(b.quantity AS INTEGER)
    ELSE 0 END),
  group_concat(CASE WHEN b.quantity GLOB '*[^0-9]*' THEN b.quantity END)
FROM purchase b {join} WHERE b.voided_at IS NULL AND {counted} AND {days} GROUP BY grp, b.currency
"""
_ENTITY = "CROSS JOIN entity e ON e.id = b.entity_id "
_NAMES = "SELECT id, name FROM entity WHERE id IN (SELECT value FROM json_each(?))"


def report(scope: Scope) -> Result:
    """Return a row for each group and currency: of purchases that stand, in the period, whose buyer is counted.

    ``currency`` (null for purchases without an amount), ``revenue`` and ``average`` (decimals as text, in the
    currency), ``count``, ``quantity`` (a decimal as text; a purchase that names none is one). By customer also the
    buyer's ``id``.
    """
    name, join, group = "month", "", "substr(b.bought_on, 1, 7)"
    if scope.by is not None:
        name = scope.by.name
        if name == "customer":
            group = "b.entity_id"
        elif name == "product":
            group = "b.product"
        elif name != "month":
            group, join = scope.by.sql, _ENTITY + scope.by.join
    found: dict[Any, dict[str | None, tuple[Any, ...]]] = {}
    for key, currency, *sums in scope.rows(
        _SALES, group=group, join=join, counted=scope.counted("b.entity_id"), days=scope.on_days("b.bought_on")
    ):
        found.setdefault(key, {})[currency] = tuple(sums)
    rows = [_row(key, currency, sums, name) for key, currency, sums in _ordered(name, found)]
    rows = scope.limited(rows)
    if name == "customer":
        rows = _named(scope, rows)
    title = _("Sales by {group}").format(group=scope.by.title.lower() if scope.by else _("month"))
    return Result(rows, _columns(scope, name), rows, charts=_charts(name, rows), title=title)


def _ordered(name: str, found: dict[Any, dict[str | None, tuple[Any, ...]]]) -> list[tuple[Any, str | None, Any]]:
    """Return keys, currencies and sums: months one after another, none left out; else the greatest revenue first."""
    currencies = in_order(currency for sums in found.values() for currency in sums)
    nothing = (0, 0, 0, None)
    if name == "month":
        return [
            (month, currency, found.get(month, {}).get(currency, nothing))
            for month in every("month", found)
            for currency in currencies
            if currency is not None or currency in found.get(month, {})
        ]
    place = {currency: nth for nth, currency in enumerate(currencies)}
    pairs = [(key, currency, sums) for key, by_currency in found.items() for currency, sums in by_currency.items()]
    return sorted(pairs, key=lambda one: (place[one[1]], -(one[2][1] or 0), -one[2][0], one[0] is None, str(one[0])))


def _row(key: Any, currency: str | None, sums: tuple[int, int | None, int, str | None], name: str) -> dict[str, Any]:
    count, minor, whole, parts = sums
    priced = currency is not None and minor is not None
    return {
        name: key,
        "currency": currency,
        "revenue": format_amount(minor or 0, currency or "") if priced else None,
        "count": count,
        "quantity": decimals(whole, parts),
        "average": average(minor or 0, count, currency or "") if priced and count else None,
    }


def _named(scope: Scope, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the names of customers beside their numbers."""
    numbers = sorted({row["customer"] for row in rows})
    names = dict(scope.connection.execute(_NAMES, (str(numbers),)))
    return [{"id": row["customer"], **row, "customer": names[row["customer"]] or ""} for row in rows]


def _columns(scope: Scope, name: str) -> list[Column]:
    first = scope.by.column if scope.by else Column("month", _("Month"))
    return [
        *([Column("id", "#", "number")] if name == "customer" else []),
        first,
        Column("currency", _("Currency")),
        Column("revenue", _("Revenue"), "number"),
        Column("count", _("Purchases"), "number"),
        Column("quantity", _("Quantity"), "number"),
        Column("average", _("Average"), "number"),
    ]


def _charts(name: str, rows: list[dict[str, Any]]) -> list[Chart]:
    """Return a picture of the revenue for each currency."""
    charts = []
    for currency in in_order(row["currency"] for row in rows):
        if currency is not None:
            own = [row for row in rows if row["currency"] == currency]
            title = _("Revenue in {currency}").format(currency=currency)
            charts.append(Chart(title, own, name, [Series("revenue", _("Revenue"))], currency, name == "month"))
    return charts
