"""Sources: what became of those whom each source brought, and what they bought."""

from __future__ import annotations

from typing import Any

from dkcrm.i18n import _
from dkcrm.reports.figures import flat, money, share
from dkcrm.reports.groups import FIELD, in_order, period, shown
from dkcrm.reports.scope import ALIVE, Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("month", "source", "tag", FIELD)
HELP = """Tell by source how many it brought, how many of them became leads, were qualified and are customers, and
    their revenue.

    --since and --until bound the day on which they were added; what became of them since, and all that they bought, is
    counted. Leads and qualified are those who are or were one. Conversion is the share who bought their way to being a
    customer; who was entered as a customer has not been converted, and is left out of it. --by gives a row for each
    source in each month, tag or value of a custom field; by tag, who has two is counted in both.

    \b
    Examples:
      dkcrm report sources
      dkcrm report sources --since 2026-01 --by month
      dkcrm report sources not tag:test --html sources.html
"""

# What somebody has been, their steps tell: a type only moves forward.
_BEEN = (
    "EXISTS (SELECT 1 FROM transition t WHERE t.entity_id = e.id AND t.voided_at IS NULL AND t.into_id IS NULL"
    " AND t.from_type IN ({types}))"
)
_CUSTOMER = "e.type IN ('person', 'organization')"
_WON = (
    f"{_CUSTOMER} AND EXISTS (SELECT 1 FROM transition t WHERE t.entity_id = e.id AND t.voided_at IS NULL"
    " AND t.into_id IS NULL AND t.cause = 'purchase')"
)
_COUNTS = f"""
SELECT e.source, {{group}} AS grp, count(*),
  sum(e.type = 'lead' OR (e.type <> 'suspect' AND {_BEEN.format(types="'lead'")})),
  sum(e.type IN ('prospect', 'target') OR ({_CUSTOMER} AND {_BEEN.format(types="'prospect', 'target'")})),
  sum({_CUSTOMER}), sum({_WON})
FROM entity e NOT INDEXED {{join}} WHERE {ALIVE} AND {{where}} AND {{created}} GROUP BY e.source, grp
"""
_REVENUE = f"""
SELECT e.source, {{group}} AS grp, b.currency, sum(b.amount_minor)
FROM purchase b CROSS JOIN entity e ON e.id = b.entity_id {{join}}
WHERE b.voided_at IS NULL AND b.amount_minor IS NOT NULL AND {ALIVE} AND {{where}} AND {{created}}
GROUP BY e.source, grp, b.currency
"""


def report(scope: Scope) -> Result:
    """Return a row for each source: those added in the period, and what became of them.

    ``entities``, ``leads`` (are or were one), ``qualified`` (are or were a prospect or target), ``customers`` (are
    one), ``conversion`` (0 to 1: of those not entered as customers, who are one), ``revenue`` (purchases that stand
    of which they are the buyer, whenever: a list of currency and amount).
    """
    if scope.by is not None and scope.by.of == "source":
        scope.by = None  # that it is anyway
    by = scope.by
    group, join = "NULL", ""
    if by is not None:
        group, join = (period(by.name, "e.created_at"), "") if by.of == "time" else (by.sql, by.join)
    created = scope.between("e.created_at")
    revenue: dict[tuple[Any, Any], dict[str, int]] = {}
    for source, key, currency, sum in scope.rows(_REVENUE, group=group, join=join, where=scope.where, created=created):
        revenue.setdefault((source, key), {})[currency] = sum
    counts = {
        (row[0], row[1]): row[2:]
        for row in scope.rows(_COUNTS, group=group, join=join, where=scope.where, created=created)
    }
    rows = []
    for source, key in _order(scope, counts):
        entities, leads, qualified, customers, won = counts[source, key]
        rows.append(
            ({by.name: shown(by.name, key) if by.of == "time" else key} if by else {})
            | {
                "source": source,
                "entities": entities,
                "leads": leads,
                "qualified": qualified,
                "customers": customers,
                "conversion": share(won, entities - customers + won),
                "revenue": money(revenue.get((source, key), {})),
            }
        )
    rows = scope.limited(rows)
    return Result(
        rows, _columns(scope), [flat(row, "revenue") for row in rows], charts=_charts(scope, rows),
        title=scope.title(_("Sources")),
    )  # fmt: skip


def _order(scope: Scope, counts: dict[tuple[Any, Any], Any]) -> list[tuple[Any, Any]]:
    """Return the rows' keys: within each group the source first that brought most."""
    groups = in_order(key for _source, key in counts)
    place = {key: nth for nth, key in enumerate(groups)}
    return sorted(counts, key=lambda pair: (place[pair[1]], -counts[pair][0], pair[0] is None, pair[0] or ""))


def _columns(scope: Scope) -> list[Column]:
    off = {"leads": ("lead",), "qualified": ("prospect", "target")}
    columns = [
        Column("source", _("Source")),
        Column("entities", _("Entities"), "number"),
        Column("leads", _("Leads"), "number"),
        Column("qualified", _("Qualified"), "number"),
        Column("customers", _("Customers"), "number"),
        Column("conversion", _("Conversion"), "share"),
        Column("revenue", _("Revenue")),
    ]
    there = [column for column in columns if not off.get(column.key) or set(off[column.key]) & set(scope.in_use)]
    return [scope.by.column, *there] if scope.by else there


def _charts(scope: Scope, rows: list[dict[str, Any]]) -> list[Chart]:
    series = [Series("entities", _("Entities")), Series("customers", _("Customers"))]
    if scope.by is None:
        return [Chart(_("Entities and customers by source"), rows, "source", series, _("entities"))] if rows else []
    return []
