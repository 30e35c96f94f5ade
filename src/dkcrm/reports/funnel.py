"""The funnel: how many entered each type, how many are there, who moved on, and how fast."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from dkcrm.domain.entity import TYPES
from dkcrm.domain.query import read
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.filters import compile_filter
from dkcrm.store.settings import types_in_use

GROUPS = ("month", "source")

# A stay: one entity in one type, from when it entered until when it left for the next one (or not yet). Entities enter
# their first type when they are created; a lead that was folded into someone who was there already leaves, but does
# not enter again. Who was merged with another was nobody else: the stays are those of who survived. Voided purchases
# never happened. A filter asks who survived.
_STAYS = """
WITH moves AS (
  SELECT id, entity_id, from_type, to_type, into_id, at,
    row_number() OVER (PARTITION BY entity_id ORDER BY id) AS nth
  FROM transition WHERE voided_at IS NULL
),
counted AS (
  SELECT c.id, c.type, c.source, c.created_at FROM entity c JOIN entity e ON e.id = coalesce(c.merged_into, c.id)
  WHERE c.removed_at IS NULL AND (c.merged_into IS NULL OR c.id IN (SELECT entity_id FROM moves WHERE into_id NOT NULL))
    AND {where}
),
stays AS (
  SELECT e.id AS entity_id, coalesce(m.from_type, e.type) AS type, e.created_at AS entered, m.at AS left_at, e.source
  FROM counted e LEFT JOIN moves m ON m.entity_id = e.id AND m.nth = 1
  UNION ALL
  SELECT m.entity_id, m.to_type, m.at, n.at, e.source
  FROM moves m JOIN counted e ON e.id = m.entity_id
  LEFT JOIN moves n ON n.entity_id = m.entity_id AND n.nth = m.nth + 1
  WHERE m.into_id IS NULL
),
measured AS (
  SELECT type, {group} AS grp, left_at,
    julianday(left_at) - julianday(entered) AS days
  FROM stays
),
ranked AS (
  SELECT type, grp, days, row_number() OVER w AS nth, count(days) OVER (PARTITION BY type, grp) AS many
  FROM measured WHERE left_at IS NOT NULL WINDOW w AS (PARTITION BY type, grp ORDER BY days)
),
medians AS (
  SELECT type, grp, avg(days) AS median FROM ranked WHERE nth IN ((many + 1) / 2, (many + 2) / 2) GROUP BY type, grp
)
SELECT t.type, t.grp, count(*), count(t.left_at), m.median
FROM measured t LEFT JOIN medians m ON m.type = t.type AND m.grp IS t.grp
GROUP BY t.type, t.grp
"""


def funnel(session: Session, by: str | None = None, terms: Sequence[str] = ()) -> Result:
    """Return the funnel as a whole, or by the month in which entities entered, or by their source.

    ``terms`` are a filter: only those whom it lets through are counted.

    A row has: ``type``, ``entered`` (ever), ``there`` (now), ``moved_on`` and ``conversion`` (its share of those who
    entered, 0 to 1), ``median_days`` between entering and moving on. Customers do not move on: theirs are null.
    """
    if by is not None and by not in GROUPS:
        raise InvalidInput(_("the funnel is grouped by {groups}: {by}").format(groups=_(" or ").join(GROUPS), by=by))
    connection = open_reading(session)
    try:
        in_use = types_in_use(connection)
        filter = read(terms).unsorted(_("a report has an order of its own"))
        where = compile_filter(session, connection, filter).where()
        counted = _count(connection, by, *where)
        there = _there(connection, by, *where)
    finally:
        connection.close()
    groups: Sequence[Any] = [None]
    if by is not None:
        groups = sorted({group for _type, group in counted}, key=lambda group: (group is None, group or ""))
    rows = [_row(type, group, by, counted, there) for group in groups for type in TYPES if type in in_use]
    if by is not None:
        rows = [row for row in rows if row["entered"]]
    return Result(rows, _columns(by), rows)


def _columns(by: str | None) -> list[Column]:
    columns = [Column(by, _("Month") if by == "month" else _("Source"))] if by else []
    return [
        *columns,
        Column("type", _("Type"), "type"),
        Column("entered", _("Entered"), "number"),
        Column("there", _("There now"), "number"),
        Column("moved_on", _("Moved on"), "number"),
        Column("conversion", _("Conversion"), "share"),
        Column("median_days", _("Median days"), "number"),
    ]


def _count(
    connection: sqlite3.Connection, by: str | None, where: str, values: Sequence[Any]
) -> dict[tuple[str, Any], tuple[int, int, float | None]]:
    group = {"month": "substr(entered, 1, 7)", "source": "source", None: "NULL"}[by]
    rows = connection.execute(_STAYS.replace("{group}", group).replace("{where}", where), values)
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}


def _there(
    connection: sqlite3.Connection, by: str | None, where: str, values: Sequence[Any]
) -> dict[tuple[str, Any], int]:
    """Return how many entities are of each type now, by the month in which they entered it or by source."""
    group = {
        "month": "substr(coalesce((SELECT max(t.at) FROM transition t WHERE t.entity_id = e.id AND t.into_id IS NULL"
        " AND t.voided_at IS NULL), e.created_at), 1, 7)",
        "source": "e.source",
        None: "NULL",
    }[by]
    rows = connection.execute(
        f"SELECT e.type, {group} AS grp, count(*) FROM entity e WHERE e.removed_at IS NULL AND e.merged_into IS NULL"
        f" AND {where} GROUP BY e.type, grp",
        values,
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _row(
    type: str,
    group: Any,
    by: str | None,
    counted: dict[tuple[str, Any], tuple[int, int, float | None]],
    there: dict[tuple[str, Any], int],
) -> dict[str, Any]:
    entered, moved, median = counted.get((type, group), (0, 0, None))
    last = type in ("person", "organization")
    row: dict[str, Any] = {by: group} if by else {}
    row |= {
        "type": type,
        "entered": entered,
        "there": there.get((type, group), 0),
        "moved_on": None if last else moved,
        "conversion": None if last or not entered else round(moved / entered, 4),
        "median_days": None if last or median is None else round(median, 2),
    }
    return row
