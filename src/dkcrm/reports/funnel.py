"""The funnel: how many entered each type, how many are there, who moved on, and how fast."""

from __future__ import annotations

from typing import Any

from dkcrm.domain.entity import CUSTOMER_TYPES, TYPES
from dkcrm.i18n import _
from dkcrm.reports.figures import median, rounded, share
from dkcrm.reports.groups import FIELD, in_order, period
from dkcrm.reports.scope import ALIVE, Scope
from dkcrm.reports.stays import Place, stays
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("month", "source", "tag", FIELD)
HELP = """Count how many entered each type, how many are there now, how many moved on, and in how many days (median).

    Days are from entering a type to leaving it. --since and --until bound the day on which they entered it. By tag, who
    has two is counted in both rows.

    \b
    Examples:
      dkcrm report funnel
      dkcrm report funnel --by month --since last-year
      dkcrm report funnel tag:fair-2026 --by source --format csv
"""

_THERE = """
SELECT e.type, {group} AS grp, count(*) FROM entity e NOT INDEXED {join}
WHERE {alive} AND {where} AND {entered} GROUP BY e.type, grp
"""
#: When an entity entered the type that it has now.
_ENTERED = (
    "coalesce((SELECT max(t.at) FROM transition t WHERE t.entity_id = e.id AND t.into_id IS NULL"
    " AND t.voided_at IS NULL), e.created_at)"
)


def report(scope: Scope) -> Result:
    """Return the funnel as a whole, or by the month in which entities entered, their source, tag or custom field.

    A row has: ``type``, ``entered`` (in the period, or ever), ``there`` (of these, now), ``moved_on`` and
    ``conversion`` (its share of those who entered, 0 to 1), ``median_days`` between entering and moving on. Customers
    do not move on: theirs are null. What a stay is: reports/stays.py.
    """
    found, there = stays(scope), _there(scope)
    by = scope.by.name if scope.by else None
    groups = in_order(group for _type, group in found.entered) if by else [None]
    rows = []
    for group in groups:
        for type in TYPES:
            place = (type, group)
            if type in scope.in_use and (by is None or found.entered[place]):
                row: dict[str, Any] = {by: group} if by else {}
                rows.append(row | _row(type, found.entered[place], there.get(place, 0), found.took.get(place, [])))
    rows = scope.limited(rows)
    columns = [
        *([scope.by.column] if scope.by else []),
        Column("type", _("Type"), "type"),
        Column("entered", _("Entered"), "number"),
        Column("there", _("There now"), "number"),
        Column("moved_on", _("Moved on"), "number"),
        Column("conversion", _("Conversion"), "share"),
        Column("median_days", _("Median days"), "number"),
    ]
    return Result(rows, columns, rows, charts=_charts(scope, rows), title=scope.title(_("Funnel")))


def _row(type: str, entered: int, there: int, took: list[int]) -> dict[str, Any]:
    last = type in CUSTOMER_TYPES
    return {
        "type": type,
        "entered": entered,
        "there": there,
        "moved_on": None if last else len(took),
        "conversion": None if last else share(len(took), entered),
        "median_days": None if last else rounded(median(took), 86400),
    }


def _there(scope: Scope) -> dict[Place, int]:
    """Return how many are of each type now, of those who entered it in the period."""
    by, group, join = scope.by, "NULL", ""
    if by is not None:
        group, join = (period(by.name, _ENTERED), "") if by.of == "time" else (by.sql, by.join)
    rows = scope.rows(_THERE, group=group, join=join, alive=ALIVE, where=scope.where, entered=scope.between(_ENTERED))
    return {(type, key): count for type, key, count in rows}


def _charts(scope: Scope, rows: list[dict[str, Any]]) -> list[Chart]:
    """Return a picture of those who entered: the types side by side, or one for each type by group."""
    if scope.by is None:
        series = [Series("entered", _("Entered")), Series("there", _("There now"))]
        return [Chart(_("Entities by type"), rows, "type", series, _("entities"))] if rows else []
    charts = []
    for type in scope.in_use:
        own = [row for row in rows if row["type"] == type]
        if own:
            title = _("Entered as {type}").format(type=type)
            series = [Series("entered", _("Entered"))]
            charts.append(Chart(title, own, scope.by.name, series, _("entities"), scope.by.of == "time"))
    return charts
